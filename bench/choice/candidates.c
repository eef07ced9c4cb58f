/* Candidates that were never seen before, each with features of its own; and the best few of them.
 */
#include "part.h"
#include "seeds.h"

#define CANDIDATES 10u
#define OWN        6u /* features of a candidate */
#define FEATURES   4u /* of the context          */
#define RANKS      3u
#define LESSONS    1000u
#define JUDGED     200u

/* The reward is linear in the candidate, and how depends on the context. */
struct candidates_problem {
    double weight[OWN];
    double cross[OWN][FEATURES];
};

/* One question. */
struct candidates_draw {
    float x[FEATURES];
    float own[CANDIDATES][OWN];
};

static void list(FILE *out, const struct bench *bench);
static hunch_status run(struct bench *bench, hunch_diag *diag);
static hunch_status play_first(const struct seeds_case *c, const hunch_learner_ops *learner,
                               uint64_t seed, double *figure);
static hunch_status play_ranks(const struct seeds_case *c, const hunch_learner_ops *learner,
                               uint64_t seed, double *figure);
static hunch_status play(const struct seeds_case *c, const hunch_learner_ops *learner,
                         uint64_t seed, uint32_t ranks, double *figure);
static void draw_problem(struct candidates_problem *problem, uint64_t *random);
static void draw(struct candidates_draw *out, uint64_t *random);
static double value_of(const struct candidates_problem *problem,
                       const struct candidates_draw *drawn, uint32_t arm);
static double gain(const struct candidates_problem *problem, const struct candidates_draw *drawn,
                   const uint32_t *arms, uint32_t ranks);

const struct choice_part choice_candidates = {"candidates", 20, list, run};

static void list(FILE *out, const struct bench *bench)
{
    (void)bench;
    (void)fputs("candidates/unseen\ncandidates/top-3\n", out);
}

static hunch_status run(struct bench *bench, hunch_diag *diag)
{
    static const struct seeds_impl impls[] = {{"hunch", NULL}, {"hunch-uniform", "uniform"}};
    struct seeds_case c = {
        .name = "candidates/unseen",
        .metric = "gain_over_uniform",
        .unit = "reward",
        .higher_is_better = true,
        .mark_metric = "seeds_better_than_uniform",
        .mark = 1e-9,
        .note = "10 new candidates a question, 1,000 rewards; the true reward of 200 more choices",
        .impls = impls,
        .count = sizeof impls / sizeof *impls,
        .seeds = bench_profile(bench) == BENCH_FULL ? 100 : 20,
        .rounds = LESSONS,
        .play = play_first,
    };
    hunch_status status = seeds_measure(bench, &c, diag);
    c.name = "candidates/top-3";
    c.play = play_ranks;
    return status == HUNCH_OK ? seeds_measure(bench, &c, diag) : status;
}

static hunch_status play_first(const struct seeds_case *c, const hunch_learner_ops *learner,
                               uint64_t seed, double *figure)
{
    return play(c, learner, seed, 1, figure);
}

static hunch_status play_ranks(const struct seeds_case *c, const hunch_learner_ops *learner,
                               uint64_t seed, double *figure)
{
    return play(c, learner, seed, RANKS, figure);
}

static hunch_status play(const struct seeds_case *c, const hunch_learner_ops *learner,
                         uint64_t seed, uint32_t ranks, double *figure)
{
    const hunch_chooser_options options = {.struct_size = sizeof options,
                                           .arms = CANDIDATES,
                                           .features = FEATURES,
                                           .candidate_features = OWN,
                                           .learner = learner,
                                           .seed = seed};
    struct candidates_problem problem;
    uint64_t random = seed;
    double sum = 0;
    draw_problem(&problem, &random);
    hunch_chooser *chooser = NULL;
    const hunch_status status = hunch_chooser_new(&chooser, &options, NULL);
    if (status != HUNCH_OK) {
        return status;
    }
    for (size_t i = 0; i < c->rounds + JUDGED; i++) {
        struct candidates_draw drawn;
        uint32_t arms[RANKS] = {0};
        draw(&drawn, &random);
        const hunch_question question = {.struct_size = sizeof question,
                                         .x = drawn.x,
                                         .candidates = &drawn.own[0][0],
                                         .candidates_count = CANDIDATES,
                                         .ranks = ranks};
        const hunch_ticket ticket = hunch_choose_with(chooser, &question, arms);
        if (i < c->rounds) {
            const double reward = value_of(&problem, &drawn, ticket.arm) + seeds_normal(&random);
            (void)hunch_reward(chooser, ticket, (float)reward);
        } else {
            sum += gain(&problem, &drawn, arms, ranks);
        }
    }
    hunch_chooser_free(chooser);
    *figure = sum / JUDGED;
    return HUNCH_OK;
}

static void draw_problem(struct candidates_problem *problem, uint64_t *random)
{
    for (unsigned i = 0; i < OWN; i++) {
        problem->weight[i] = seeds_normal(random);
        for (unsigned k = 0; k < FEATURES; k++) {
            problem->cross[i][k] = seeds_normal(random);
        }
    }
}

static void draw(struct candidates_draw *out, uint64_t *random)
{
    for (unsigned k = 0; k < FEATURES; k++) {
        out->x[k] = (float)(2 * seeds_uniform(random) - 1);
    }
    for (unsigned arm = 0; arm < CANDIDATES; arm++) {
        for (unsigned i = 0; i < OWN; i++) {
            out->own[arm][i] = (float)(2 * seeds_uniform(random) - 1);
        }
    }
}

static double value_of(const struct candidates_problem *problem,
                       const struct candidates_draw *drawn, uint32_t arm)
{
    double value = 0;
    for (unsigned i = 0; i < OWN; i++) {
        double weight = problem->weight[i];
        for (unsigned k = 0; k < FEATURES; k++) {
            weight += problem->cross[i][k] * (double)drawn->x[k];
        }
        value += weight * (double)drawn->own[arm][i];
    }
    return value;
}

/* The mean of those that were chosen, over the mean of all. */
static double gain(const struct candidates_problem *problem, const struct candidates_draw *drawn,
                   const uint32_t *arms, uint32_t ranks)
{
    double chosen = 0;
    double all = 0;
    for (uint32_t i = 0; i < ranks; i++) {
        chosen += value_of(problem, drawn, arms[i]) / ranks;
    }
    for (uint32_t arm = 0; arm < CANDIDATES; arm++) {
        all += value_of(problem, drawn, arm) / CANDIDATES;
    }
    return chosen - all;
}
