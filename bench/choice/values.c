/* A number in a range: how near to the peak of a noisy curve is it after 500 rounds? */
#include <math.h>

#include "part.h"
#include "quartiles.h"
#include "seeds.h"

#define ROUNDS 500u
#define JUDGED 101u
#define MARK   0.05
#define LOW    0.001
#define HIGH   1000.0
#define WIDTH  0.15 /* of the peak, as a share of the range */
#define NOISE  0.1

static void list(FILE *out, const struct bench *bench);
static hunch_status run(struct bench *bench, hunch_diag *diag);
static hunch_status play_linear(const struct seeds_case *c, const hunch_learner_ops *learner,
                                uint64_t seed, double *figure);
static hunch_status play_log(const struct seeds_case *c, const hunch_learner_ops *learner,
                             uint64_t seed, double *figure);
static hunch_status play(const struct seeds_case *c, const hunch_learner_ops *learner,
                         uint64_t seed, hunch_scale scale, double *figure);
static double place_of(double value, hunch_scale scale);

const struct choice_part choice_values = {"number", 20, list, run};

static void list(FILE *out, const struct bench *bench)
{
    (void)bench;
    (void)fputs("number/linear\nnumber/log\n", out);
}

static hunch_status run(struct bench *bench, hunch_diag *diag)
{
    static const struct seeds_impl impls[] = {{"hunch", NULL}, {"hunch-uniform", "uniform"}};
    struct seeds_case c = {
        .name = "number/linear",
        .metric = "distance_to_peak",
        .unit = "share of the range",
        .mark_metric = "seeds_within_5_percent",
        .mark = MARK,
        .note = "one peak of width .15, noise .1; the median of the 101 plays after 500 rounds",
        .impls = impls,
        .count = sizeof impls / sizeof *impls,
        .seeds = bench_profile(bench) == BENCH_FULL ? 200 : 40,
        .rounds = ROUNDS,
        .play = play_linear,
    };
    hunch_status status = seeds_measure(bench, &c, diag);
    c.name = "number/log";
    c.play = play_log;
    return status == HUNCH_OK ? seeds_measure(bench, &c, diag) : status;
}

static hunch_status play_linear(const struct seeds_case *c, const hunch_learner_ops *learner,
                                uint64_t seed, double *figure)
{
    return play(c, learner, seed, HUNCH_SCALE_LINEAR, figure);
}

static hunch_status play_log(const struct seeds_case *c, const hunch_learner_ops *learner,
                             uint64_t seed, double *figure)
{
    return play(c, learner, seed, HUNCH_SCALE_LOG, figure);
}

static hunch_status play(const struct seeds_case *c, const hunch_learner_ops *learner,
                         uint64_t seed, hunch_scale scale, double *figure)
{
    const hunch_chooser_options options = {.struct_size = sizeof options,
                                           .value_min = LOW,
                                           .value_max = HIGH,
                                           .value_scale = (uint32_t)scale,
                                           .learner = learner,
                                           .seed = seed};
    uint64_t random = seed;
    double distance[JUDGED];
    const double peak = 0.1 + 0.8 * seeds_uniform(&random);
    hunch_chooser *chooser = NULL;
    const hunch_status status = hunch_chooser_new(&chooser, &options, NULL);
    if (status != HUNCH_OK) {
        return status;
    }
    for (size_t i = 0; i < c->rounds + JUDGED; i++) {
        double value = LOW;
        const hunch_ticket ticket = hunch_choose_value(chooser, NULL, &value);
        const double off = place_of(value, scale) - peak;
        const double reward = exp(-off * off / (2 * WIDTH * WIDTH)) + NOISE * seeds_normal(&random);
        if (i < c->rounds) {
            (void)hunch_reward(chooser, ticket, (float)reward);
        } else {
            distance[i - c->rounds] = fabs(off);
        }
    }
    hunch_chooser_free(chooser);
    *figure = bench__quartiles(distance, JUDGED).median;
    return HUNCH_OK;
}

/* In [0, 1] along the range. */
static double place_of(double value, hunch_scale scale)
{
    return scale == HUNCH_SCALE_LOG ? log(value / LOW) / log(HIGH / LOW)
                                    : (value - LOW) / (HIGH - LOW);
}
