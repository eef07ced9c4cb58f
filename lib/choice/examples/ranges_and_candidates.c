/* Choosing a number, and choosing among things that were never seen before. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <hunch/choice.h>

/* How large a batch? From 1 to 4096, where doubling matters alike everywhere. */
static double choose_batch_size(hunch_diag *why)
{
    hunch_chooser *chooser;
    double size = 0;
    const hunch_chooser_options options = {.struct_size = sizeof options,
                                           .value_min = 1,
                                           .value_max = 4096,
                                           .value_scale = HUNCH_SCALE_LOG};
    if (hunch_chooser_new(&chooser, &options, why) != HUNCH_OK) {
        return 0;
    }
    for (int i = 0; i < 2000; i++) {
        hunch_ticket ticket = hunch_choose_value(chooser, NULL, &size);
        double us_an_item = 20 / size + 1 + size / 500; /* call, work, cache: best at 100 */
        hunch_reward(chooser, ticket, (float)-us_an_item);
    }
    hunch_chooser_free(chooser);
    return size;
}

/* Which replica? Other ones each time, known by their queue and their distance alone. */
static double choose_replicas(hunch_diag *why)
{
    enum { REPLICAS = 4, KNOWN = 2, ROUNDS = 4000 };
    hunch_chooser *chooser;
    uint64_t state = 1;
    hunch_random random = hunch_random_splitmix64(&state);
    double waited = 0;
    const hunch_chooser_options options = {
        .struct_size = sizeof options, .arms = REPLICAS, .candidate_features = KNOWN, .seed = 1};
    if (hunch_chooser_new(&chooser, &options, why) != HUNCH_OK) {
        return 0;
    }
    for (int i = 0; i < ROUNDS; i++) {
        float replica[REPLICAS][KNOWN]; /* queue length, distance in ms */
        for (int j = 0; j < REPLICAS; j++) {
            replica[j][0] = (float)(random.next(random.ctx) % 20);
            replica[j][1] = (float)(random.next(random.ctx) % 50);
        }
        const hunch_question question = {.struct_size = sizeof question,
                                         .candidates = &replica[0][0],
                                         .candidates_count = REPLICAS};
        hunch_ticket ticket = hunch_choose_with(chooser, &question, NULL);
        float ms = 4 * replica[ticket.arm][0] + replica[ticket.arm][1];
        hunch_reward(chooser, ticket, -ms);
        waited += (double)ms / ROUNDS;
    }
    hunch_chooser_free(chooser);
    return waited;
}

int main(void)
{
    hunch_diag why = {.text = ""};
    double size = choose_batch_size(&why);
    double ms = choose_replicas(&why);
    printf("batches of %.0f; %.1f ms a request, 62.5 by chance %s\n", size, ms, why.text);
    return size > 25 && size < 400 && ms < 45 ? EXIT_SUCCESS : EXIT_FAILURE;
}
