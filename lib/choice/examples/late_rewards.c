/* Outcomes that come late, by id, in another thread; and a chooser that survives the program. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <hunch/choice.h>

enum { SERVERS = 3, REQUESTS = 1000 };

/* What travels through the other system and back: nothing but the id. */
struct answer {
    uint64_t id;
    float ms;
};

static hunch_chooser *chooser;
static struct answer answers[REQUESTS];

/* The thread that hears the answers, out of order; some never come. */
static void *listen(void *nothing)
{
    for (int i = REQUESTS - 1; i >= 0; i--) {
        if (i % 10 != 0) {
            hunch_reward_id(chooser, answers[i].id, -answers[i].ms);
        }
    }
    return nothing;
}

int main(void)
{
    static const float ms[SERVERS] = {9, 3, 6};
    const char *path = "late_rewards.hunch";
    const hunch_chooser_options options = {.struct_size = sizeof options, .arms = SERVERS};
    hunch_diag why;
    hunch_status status = hunch_chooser_new(&chooser, &options, &why);
    for (int day = 0; day < 5 && status == HUNCH_OK; day++) {
        for (int i = 0; i < REQUESTS; i++) {
            hunch_ticket ticket = hunch_choose(chooser, NULL);
            answers[i] = (struct answer){ticket.id, ms[ticket.arm] + (float)(i % 7)};
        }
        pthread_t listener;
        if (pthread_create(&listener, NULL, listen, NULL) == 0) {
            pthread_join(listener, NULL);
        }
        status = hunch_chooser_save(chooser, path, &why); /* and the program ends */
        hunch_chooser_free(chooser);
        if (status == HUNCH_OK) { /* the next day */
            status = hunch_chooser_open(&chooser, path, NULL, &why);
        }
    }
    if (status != HUNCH_OK) {
        fprintf(stderr, "%s\n", why.text);
        return EXIT_FAILURE;
    }

    float p[SERVERS];
    hunch_chooser_probabilities(chooser, NULL, NULL, p);
    printf("the fast server is asked in %.0f %% of the cases\n", 100 * (double)p[1]);
    hunch_chooser_free(chooser);
    remove(path);
    return p[1] > 0.5f ? EXIT_SUCCESS : EXIT_FAILURE;
}
