/* An `if` with a guess in it, replaced: which join to run, by the sizes of the two tables. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <hunch/choice.h>

enum { HASH_JOIN, SORT_JOIN, JOINS };

/* What a join takes, in microseconds: here a model, in your program a clock around the call. A hash
 * table that leaves the cache is eight times as slow. */
static double run_join(uint32_t how, double small, double large)
{
    double slow = small > 4096 ? 8 : 1;
    return how == HASH_JOIN ? 1 + slow * 0.01 * small + 0.003 * large
                            : 4 + 0.0004 * (small * log2(small + 1) + large * log2(large + 1));
}

/* How many times slower than the better of both, as a power of two. */
static double regret(uint32_t how, double small, double large)
{
    return log2(run_join(how, small, large)) -
           fmin(log2(run_join(0, small, large)), log2(run_join(1, small, large)));
}

int main(void)
{
    hunch_chooser *chooser;
    hunch_diag why;
    const hunch_chooser_options options = {
        .struct_size = sizeof options, .arms = JOINS, .features = 2, .seed = 1};
    if (hunch_chooser_new(&chooser, &options, &why) != HUNCH_OK) {
        fprintf(stderr, "no chooser: %s\n", why.text);
        return EXIT_FAILURE;
    }

    uint64_t state = 1;
    hunch_random random = hunch_random_splitmix64(&state);
    enum { QUERIES = 20000 };
    double if_lost = 0, hunch_lost = 0;
    for (int i = 0; i < QUERIES; i++) {
        double small = ldexp(1, (int)(random.next(random.ctx) % 20));
        double large = small * ldexp(1, (int)(random.next(random.ctx) % 8));

        uint32_t guess = small * 10 < large ? HASH_JOIN : SORT_JOIN; /* this was the `if` */

        const float x[2] = {(float)log2(small), (float)log2(large)};
        hunch_ticket ticket = hunch_choose(chooser, x);
        double us = run_join(ticket.arm, small, large);
        hunch_reward(chooser, ticket, (float)-log2(us)); /* larger is better, and ratios count */

        hunch_lost += regret(ticket.arm, small, large) / QUERIES;
        if_lost += regret(guess, small, large) / QUERIES;
    }
    printf("slower than need be: the old if %.2f times, hunch %.2f times\n", exp2(if_lost),
           exp2(hunch_lost));
    hunch_chooser_free(chooser);
    return hunch_lost < if_lost ? EXIT_SUCCESS : EXIT_FAILURE;
}
