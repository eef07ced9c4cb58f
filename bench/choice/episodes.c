/* Sequences of choices with one late reward, in which neighbouring choices interact. */
#include <math.h>

#include "part.h"
#include "seeds.h"

#define CASE   "episodes/8-steps-4-arms"
#define STEPS  8u
#define ARMS   4u
#define JUDGED 1000u /* episodes that are played for their value alone */

/* The reward is what each step brings, what each pair of neighbours brings, and noise. */
struct episodes_problem {
    double step[STEPS][ARMS];
    double pair[STEPS - 1][ARMS][ARMS];
};

static void list(FILE *out, const struct bench *bench);
static hunch_status run(struct bench *bench, hunch_diag *diag);
static hunch_status play(const struct seeds_case *c, const hunch_learner_ops *learner,
                         uint64_t seed, double *figure);
static void draw(struct episodes_problem *problem, uint64_t *random);
static double play_episode(hunch_chooser *chooser, const struct episodes_problem *problem,
                           hunch_episode *episode);
static double value_of(const struct episodes_problem *problem, const uint32_t *arms);
static double optimum(const struct episodes_problem *problem);
static double uniform(const struct episodes_problem *problem);

const struct choice_part choice_sequences = {"episodes", 120, list, run};

static void list(FILE *out, const struct bench *bench)
{
    (void)bench;
    (void)fputs(CASE "\n", out);
}

static hunch_status run(struct bench *bench, hunch_diag *diag)
{
    static const struct seeds_impl impls[] = {{"hunch", NULL}, {"hunch-uniform", "uniform"}};
    const bool full = bench_profile(bench) == BENCH_FULL;
    const struct seeds_case c = {
        .name = CASE,
        .metric = "share_of_optimum",
        .unit = "share",
        .higher_is_better = true,
        .note = "0: uniform play, 1: the optimum; as played after learning, exploration included",
        .impls = impls,
        .count = sizeof impls / sizeof *impls,
        .seeds = full ? 50 : 6,
        .rounds = full ? 20000 : 4000,
        .play = play,
    };
    return seeds_measure(bench, &c, diag);
}

static hunch_status play(const struct seeds_case *c, const hunch_learner_ops *learner,
                         uint64_t seed, double *figure)
{
    const hunch_chooser_options options = {.struct_size = sizeof options,
                                           .arms = ARMS,
                                           .episode_steps = STEPS,
                                           .learner = learner,
                                           .seed = seed};
    struct episodes_problem problem;
    uint64_t random = seed;
    draw(&problem, &random);
    hunch_chooser *chooser = NULL;
    const hunch_status status = hunch_chooser_new(&chooser, &options, NULL);
    if (status != HUNCH_OK) {
        return status;
    }
    for (size_t i = 0; i < c->rounds; i++) {
        hunch_episode episode = {.struct_size = sizeof episode};
        const double value = play_episode(chooser, &problem, &episode);
        /* As noisy as the choice of one step. */
        (void)hunch_reward_episode(chooser, &episode, (float)(value + seeds_normal(&random)));
    }
    hunch_chooser_learn(chooser);
    double sum = 0;
    for (size_t i = 0; i < JUDGED; i++) {
        hunch_episode episode = {.struct_size = sizeof episode};
        sum += play_episode(chooser, &problem, &episode);
    }
    hunch_chooser_free(chooser);
    const double floor = uniform(&problem);
    *figure = (sum / JUDGED - floor) / (optimum(&problem) - floor);
    return HUNCH_OK;
}

static void draw(struct episodes_problem *problem, uint64_t *random)
{
    for (unsigned t = 0; t < STEPS; t++) {
        for (unsigned a = 0; a < ARMS; a++) {
            problem->step[t][a] = seeds_normal(random);
            for (unsigned b = 0; b < ARMS && t + 1 < STEPS; b++) {
                problem->pair[t][a][b] = seeds_normal(random);
            }
        }
    }
}

/* The true value of what was played. */
static double play_episode(hunch_chooser *chooser, const struct episodes_problem *problem,
                           hunch_episode *episode)
{
    const hunch_question question = {.struct_size = sizeof question, .episode = episode};
    uint32_t arms[STEPS];
    for (unsigned t = 0; t < STEPS; t++) {
        arms[t] = hunch_choose_with(chooser, &question, NULL).arm;
    }
    return value_of(problem, arms);
}

static double value_of(const struct episodes_problem *problem, const uint32_t *arms)
{
    double value = 0;
    for (unsigned t = 0; t < STEPS; t++) {
        value += problem->step[t][arms[t]];
        value += t + 1 < STEPS ? problem->pair[t][arms[t]][arms[t + 1]] : 0;
    }
    return value;
}

/* By dynamic programming, from the last step. */
static double optimum(const struct episodes_problem *problem)
{
    double rest[ARMS] = {0};
    for (unsigned t = STEPS; t-- > 0;) {
        double best[ARMS];
        for (unsigned a = 0; a < ARMS; a++) {
            double next = t + 1 < STEPS ? -HUGE_VAL : 0;
            for (unsigned b = 0; b < ARMS && t + 1 < STEPS; b++) {
                next = fmax(next, problem->pair[t][a][b] + rest[b]);
            }
            best[a] = problem->step[t][a] + next;
        }
        for (unsigned a = 0; a < ARMS; a++) {
            rest[a] = best[a];
        }
    }
    return fmax(fmax(rest[0], rest[1]), fmax(rest[2], rest[3]));
}

static double uniform(const struct episodes_problem *problem)
{
    double sum = 0;
    for (unsigned t = 0; t < STEPS; t++) {
        for (unsigned a = 0; a < ARMS; a++) {
            sum += problem->step[t][a] / ARMS;
            for (unsigned b = 0; b < ARMS && t + 1 < STEPS; b++) {
                sum += problem->pair[t][a][b] / (ARMS * ARMS);
            }
        }
    }
    return sum;
}
