/* A choice without any context: which of four coins falls best? */
#include "part.h"
#include "seeds.h"

#include "random.h"

#define CASE   "bernoulli/best-arm"
#define ARMS   4u
#define ROUNDS 400u
#define JUDGED 200u /* the last of them */

static void list(FILE *out, const struct bench *bench);
static hunch_status run(struct bench *bench, hunch_diag *diag);
static hunch_status play(const struct seeds_case *c, const hunch_learner_ops *learner,
                         uint64_t seed, double *figure);
static uint32_t shuffle_coins(double *coins, uint64_t *random);

const struct choice_part choice_context = {"bernoulli", 5, list, run};

static void list(FILE *out, const struct bench *bench)
{
    (void)bench;
    (void)fputs(CASE "\n", out);
}

static hunch_status run(struct bench *bench, hunch_diag *diag)
{
    static const struct seeds_impl impls[] = {
        {"hunch", NULL},
        {"hunch-ucb1", "ucb1"},
        {"hunch-thompson-beta", "thompson-beta"},
        {"hunch-thompson-gauss", "thompson-gauss"},
        {"hunch-epsilon-greedy", "epsilon-greedy"},
        {"hunch-uniform", "uniform"},
    };
    const struct seeds_case c = {
        .name = CASE,
        .metric = "best_arm_share",
        .unit = "share",
        .higher_is_better = true,
        .note = "coins of .2 .3 .4 .7, rounds 200 to 400",
        .impls = impls,
        .count = sizeof impls / sizeof *impls,
        .seeds = bench_profile(bench) == BENCH_FULL ? SEEDS_MAX : SEEDS_MAX / 5,
        .rounds = ROUNDS,
        .play = play,
    };
    return seeds_measure(bench, &c, diag);
}

static hunch_status play(const struct seeds_case *c, const hunch_learner_ops *learner,
                         uint64_t seed, double *figure)
{
    const hunch_chooser_options options = {
        .struct_size = sizeof options, .arms = ARMS, .learner = learner, .seed = seed};
    double coins[ARMS] = {.2, .3, .4, .7};
    uint64_t random = seed;
    unsigned best = 0;
    const uint32_t best_arm = shuffle_coins(coins, &random);
    hunch_chooser *chooser = NULL;
    const hunch_status status = hunch_chooser_new(&chooser, &options, NULL);
    for (size_t round = 0; round < c->rounds && status == HUNCH_OK; round++) {
        const hunch_ticket ticket = hunch_choose(chooser, NULL);
        const bool falls = seeds_uniform(&random) < coins[ticket.arm];
        (void)hunch_reward(chooser, ticket, falls ? 1.0F : 0.0F);
        best += round >= c->rounds - JUDGED && ticket.arm == best_arm;
    }
    *figure = (double)best / JUDGED;
    hunch_chooser_free(chooser);
    return status;
}

/* Where the last coin, the best, lies then. */
static uint32_t shuffle_coins(double *coins, uint64_t *random)
{
    uint32_t best = ARMS - 1;
    for (uint32_t i = ARMS; i-- > 1;) {
        const uint32_t other = (uint32_t)hunch__below(hunch__splitmix64(random), i + 1);
        const double kept = coins[i];
        coins[i] = coins[other];
        coins[other] = kept;
        best = best == i ? other : best == other ? i : best;
    }
    return best;
}
