/* hunch_chooser: options that are refused with a reason, and rewards of several metrics. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "choice_sample.h"
#include "chooser.h"
#include "random.h"
#include "suite.h"

/* -- options ----------------------------------------------------------------------------------- */

static const float falling[] = {2.0f, 1.0f};
static const float odd_cut[] = {1.0f, NAN};
static const hunch_feature bad_kind = {.kind = 3};
static const hunch_feature bad_missing = {.missing = INFINITY};
static const hunch_feature no_levels = {.kind = HUNCH_FEATURE_CATEGORICAL};
static const hunch_feature one_bucket = {.kind = HUNCH_FEATURE_BUCKETED, .levels = 1};
static const hunch_feature many_levels = {.kind = HUNCH_FEATURE_CATEGORICAL, .levels = 65537};
static const hunch_feature falling_cuts = {
    .kind = HUNCH_FEATURE_BUCKETED, .levels = 3, .cuts = falling};
static const hunch_feature odd_cuts = {
    .kind = HUNCH_FEATURE_BUCKETED, .levels = 3, .cuts = odd_cut};
static const hunch_feature number = {.kind = HUNCH_FEATURE_NUMERIC};
static const hunch_metric bad_limit_kind = {.limit_kind = 3};
static const hunch_metric odd_weight = {.weight = (double)NAN};
static const hunch_metric odd_limit = {.limit = (double)INFINITY};

/* One option that is wrong, over those of a chooser of 3 arms and 1 feature. */
struct wrong {
    const char *names; /* what the diag's text must say */
    hunch_chooser_options options;
};

#define WRONG(text, ...)                                                                           \
    {                                                                                              \
        (text),                                                                                    \
        {                                                                                          \
            .struct_size = sizeof(hunch_chooser_options), __VA_ARGS__                              \
        }                                                                                          \
    }

static const struct wrong wrongs[] = {
    WRONG("arms", .arms = 0),
    WRONG("arms", .arms = 1025),
    WRONG("arms", .arms = UINT32_MAX),
    WRONG("features", .arms = 3, .features = 1025),
    WRONG("features", .arms = 3, .features = (1u << 24) + 1, .nonzeros = 1),
    WRONG("nonzeros", .arms = 3, .features = 2000, .nonzeros = 1025),
    WRONG("candidate_features", .arms = 3, .candidate_features = 1025),
    WRONG("range", .arms = 3, .value_min = 1.0, .value_max = 1.0),
    WRONG("range", .arms = 3, .value_min = 2.0, .value_max = 1.0),
    WRONG("range", .arms = 3, .value_min = (double)NAN, .value_max = 1.0),
    WRONG("range", .arms = 3, .value_min = 0.0, .value_max = (double)INFINITY),
    WRONG("value_scale", .arms = 3, .value_min = 1.0, .value_max = 2.0, .value_scale = 2),
    WRONG("value_scale", .arms = 3, .value_max = 2.0, .value_scale = HUNCH_SCALE_LOG),
    WRONG("value_scale", .arms = 3, .value_min = -1, .value_max = 2,
          .value_scale = HUNCH_SCALE_LOG),
    WRONG("exclude", .arms = 3, .candidate_features = 2, .value_max = 1.0),
    WRONG("exclude", .arms = 3, .candidate_features = 2, .episode_steps = 2),
    WRONG("exclude", .arms = 3, .value_max = 2.0, .episode_steps = 2),
    WRONG("pending", .arms = 3, .pending = (1u << 20) + 1),
    WRONG("threads", .arms = 3, .threads = 65),
    WRONG("episode_steps", .arms = 3, .episode_steps = 257),
    WRONG("unrewarded", .arms = 3, .unrewarded = 2),
    WRONG("default_reward", .arms = 3, .default_reward = NAN),
    WRONG("default_reward", .arms = 3, .default_reward = INFINITY),
    WRONG("exploration", .arms = 3, .exploration = -1.0f),
    WRONG("exploration", .arms = 3, .exploration = NAN),
    WRONG("exploration", .arms = 3, .exploration = INFINITY),
    WRONG("half_life", .arms = 3, .half_life = -1.0f),
    WRONG("half_life", .arms = 3, .half_life = NAN),
    WRONG("half_life", .arms = 3, .half_life = INFINITY),
    WRONG("schema", .arms = 3, .features = 1, .schema = &bad_kind),
    WRONG("schema", .arms = 3, .features = 1, .schema = &bad_missing),
    WRONG("schema", .arms = 3, .features = 1, .schema = &no_levels),
    WRONG("schema", .arms = 3, .features = 1, .schema = &one_bucket),
    WRONG("schema", .arms = 3, .features = 1, .schema = &many_levels),
    WRONG("schema", .arms = 3, .features = 1, .schema = &falling_cuts),
    WRONG("schema", .arms = 3, .features = 1, .schema = &odd_cuts),
    WRONG("schema", .arms = 3, .features = 1, .schema = &number, .nonzeros = 1),
    WRONG("metric", .arms = 3, .metrics_count = 65, .metrics = &odd_weight),
    WRONG("metric", .arms = 3, .metrics_count = 1),
    WRONG("metric", .arms = 3, .metrics_count = 1, .metrics = &bad_limit_kind),
    WRONG("metric", .arms = 3, .metrics_count = 1, .metrics = &odd_weight),
    WRONG("metric", .arms = 3, .metrics_count = 1, .metrics = &odd_limit),
};

enum { WRONGS = sizeof wrongs / sizeof wrongs[0] };

START_TEST(options__that_are_wrong_are_refused_by_name)
{
    hunch_chooser_options options = wrongs[_i].options;
    hunch_diag diag = {.text = ""};
    hunch_chooser *chooser = (hunch_chooser *)&diag; /* any pointer: it must not stay */
    options.learner = &recorder_ops;
    ck_assert_int_eq(hunch_chooser_new(&chooser, &options, &diag), HUNCH_EINVAL);
    ck_assert_ptr_null(chooser);
    ck_assert_int_eq(diag.status, HUNCH_EINVAL);
    ck_assert_msg(strstr(diag.text, wrongs[_i].names) != NULL, "%s: %s", wrongs[_i].names,
                  diag.text);
    ck_assert_int_eq(hunch_chooser_new(&chooser, &options, NULL), HUNCH_EINVAL);
}
END_TEST

START_TEST(options__at_their_limits_are_accepted)
{
    static const hunch_feature widest = {.kind = HUNCH_FEATURE_CATEGORICAL, .levels = 65536};
    static const hunch_chooser_options accepted[] = {
        {.arms = 1},
        {.arms = 1024, .pending = 4},
        {.arms = 3, .features = 1024, .pending = 4},
        {.arms = 3, .features = 1u << 24, .nonzeros = 1024, .pending = 4},
        {.arms = 3, .candidate_features = 1024, .pending = 4},
        {.arms = 3, .pending = 1},
        {.arms = 3, .pending = 1u << 20, .threads = 1},
        {.arms = 3, .threads = 64, .pending = 4},
        {.arms = 3, .episode_steps = 256},
        {.arms = 3, .exploration = 1e6f},
        {.arms = 3, .half_life = FLT_MAX},
        {.arms = 3, .default_reward = -FLT_MAX},
        {.arms = 3, .features = 1, .schema = &widest},
        {.arms = 3, .learn_every = UINT32_MAX},
        {.arms = 3, .learn_every = UINT32_MAX - 1},
        {.arms = 3, .learn_every = 16384},
        {.arms = 3, .seed = UINT64_MAX},
    };
    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
        static const float x[1024];
        hunch_chooser_options options = accepted[i];
        options.struct_size = sizeof options;
        options.threads = options.threads == 0 ? 2 : options.threads;
        options.learner = &recorder_ops;
        hunch_chooser *chooser = choice_new(&options);
        const hunch_question q = {.struct_size = sizeof q,
                                  .x = options.nonzeros > 0 ? NULL : x,
                                  .candidates = options.candidate_features > 0 ? x : NULL,
                                  .candidates_count = 1};
        const hunch_ticket ticket = hunch_choose_with(chooser, &q, NULL);
        ck_assert_uint_lt(ticket.arm, options.arms);
        ck_assert_int_eq(hunch_reward(chooser, ticket, 1.0f), HUNCH_OK);
        ck_assert_uint_eq(choice_events(chooser)->n, 1);
        hunch_chooser_free(chooser);
    }
}
END_TEST

START_TEST(options__of_another_size_are_those_of_another_version)
{
    union {
        hunch_chooser_options options;
        unsigned char bytes[sizeof(hunch_chooser_options) + 16];
    } newer;
    hunch_chooser *chooser = NULL;
    memset(&newer, 0, sizeof newer);
    newer.options = choice_recorded(3, 1);
    newer.options.struct_size = sizeof newer;
    ck_assert_int_eq(hunch_chooser_new(&chooser, &newer.options, NULL), HUNCH_OK);
    hunch_chooser_free(chooser);
    newer.bytes[sizeof newer - 1] = 1;
    ck_assert_int_eq(hunch_chooser_new(&chooser, &newer.options, NULL), HUNCH_EVERSION);
    ck_assert_ptr_null(chooser);
    newer.options.struct_size = offsetof(hunch_chooser_options, io);
    ck_assert_int_eq(hunch_chooser_new(&chooser, &newer.options, NULL), HUNCH_EINVAL);
    ck_assert_int_eq(hunch_chooser_new(&chooser, NULL, NULL), HUNCH_EINVAL);
    ck_assert_ptr_null(chooser);
}
END_TEST

/* What was handed in may be gone afterwards: everything is copied. */
START_TEST(options__are_copied)
{
    float cuts[] = {1.0f, 2.0f};
    char feature_name[] = "a name that is longer than thirty-one bytes";
    char metric_name[] = "cost";
    hunch_feature schema = {
        .name = feature_name, .kind = HUNCH_FEATURE_BUCKETED, .levels = 3, .cuts = cuts};
    hunch_metric metric = {.name = metric_name, .weight = 2.0};
    hunch_chooser_options options = choice_recorded(3, 1);
    options.schema = &schema;
    options.metrics = &metric;
    options.metrics_count = 1;
    hunch_chooser *chooser = choice_new(&options);
    memset(cuts, 0xff, sizeof cuts);
    memset(feature_name, 'x', sizeof feature_name);
    memset(metric_name, 'x', sizeof metric_name);
    memset(&schema, 0xff, sizeof schema);
    memset(&metric, 0xff, sizeof metric);
    memset(&options, 0xff, sizeof options);
    const float x = 1.5f;
    const double given = 3.0;
    const hunch_ticket ticket = hunch_choose(chooser, &x);
    ck_assert_int_eq(hunch_reward_metrics(chooser, ticket, &given), HUNCH_OK);
    const struct recorder *recorder = choice_events(chooser);
    ck_assert_uint_eq(recorder->event[0].columns[0], 1);
    ck_assert(recorder->event[0].reward == 6.0f);
    ck_assert_str_eq(chooser->options.schema[0].name, "a name that is longer than thir");
    ck_assert_str_eq(chooser->options.metrics[0].name, "cost");
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(options__a_learner_that_takes_no_such_shape_is_refused)
{
    hunch_chooser_options options = choice_options(3, 1, "ucb1");
    hunch_chooser *chooser = NULL;
    hunch_diag diag = {.text = ""};
    options.candidate_features = 2; /* sums of arms know nothing of candidates */
    ck_assert_int_eq(hunch_chooser_new(&chooser, &options, &diag), HUNCH_EINVAL);
    ck_assert_ptr_nonnull(strstr(diag.text, "ucb1"));
}
END_TEST

/* -- metrics ----------------------------------------------------------------------------------- */

START_TEST(metrics__are_weighed_and_summed)
{
    const hunch_metric metrics[] = {{.weight = 2.0}, {.weight = -0.5}, {.weight = 0.0}};
    hunch_chooser_options options = choice_recorded(3, 0);
    options.metrics = metrics;
    options.metrics_count = 3;
    hunch_chooser *chooser = choice_new(&options);
    const double given[3] = {1.5, 4.0, 1e9};
    ck_assert_int_eq(hunch_reward_metrics(chooser, hunch_choose(chooser, NULL), given), HUNCH_OK);
    ck_assert(choice_events(chooser)->event[0].reward == 1.0f);
    ck_assert(choice_stats(chooser).mean_reward == 1.0);
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(metrics__that_are_no_numbers_are_refused_and_the_ticket_stays)
{
    const hunch_metric metrics[] = {{.weight = 1.0}, {.weight = 0.0}};
    const double odd[][2] = {{(double)NAN, 0}, {0, (double)INFINITY}, {1e300, 0}, {-1e39, 0}};
    hunch_chooser_options options = choice_recorded(3, 0);
    options.metrics = metrics;
    options.metrics_count = 2;
    hunch_chooser *chooser = choice_new(&options);
    const hunch_ticket ticket = hunch_choose(chooser, NULL);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(hunch_reward_metrics(chooser, ticket, odd[i]), HUNCH_EINVAL);
    }
    ck_assert_uint_eq(choice_stats(chooser).refused, 4);
    const double good[2] = {1.0, 1.0};
    ck_assert_int_eq(hunch_reward_metrics(chooser, ticket, good), HUNCH_OK);
    ck_assert_int_eq(hunch_reward_metrics(chooser, ticket, good), HUNCH_EEXPIRED);
    ck_assert(choice_adds_up(chooser));
    hunch_chooser_free(chooser);
}
END_TEST

/* Arm a earns a and costs a: without a limit the dearest arm is best, with one the mean cost keeps
 * to it, and earns the most that a mixture of arms can within it. */
START_TEST(metrics__a_limit_is_kept_in_the_long_run)
{
    enum { ARMS = 4, ROUNDS = 40000 };
    const bool least = _i == 1;
    const hunch_metric metrics[] = {
        {.weight = least ? -1.0 : 1.0},
        {.limit = 1.5, .limit_kind = least ? HUNCH_LIMIT_AT_LEAST : HUNCH_LIMIT_AT_MOST}};
    hunch_chooser_options options = choice_options(ARMS, 0, "epsilon-greedy");
    options.metrics = metrics;
    options.metrics_count = 2;
    options.half_life = 200;
    hunch_chooser *chooser = choice_new(&options);
    uint64_t random = 3;
    double cost = 0;
    for (size_t i = 0; i < ROUNDS; i++) {
        const hunch_ticket ticket = hunch_choose(chooser, NULL);
        const double noise = (double)(hunch__splitmix64(&random) >> 40) * 0x1p-24 - 0.5;
        const double given[2] = {ticket.arm + noise, ticket.arm};
        SUITE_ASSERT(hunch_reward_metrics(chooser, ticket, given) == HUNCH_OK);
        cost += i >= ROUNDS / 2 ? (double)ticket.arm : 0.0;
    }
    const double mean = cost / (ROUNDS / 2);
    ck_assert_msg(mean > 1.2 && mean < 1.8, "mean %g, the limit is 1.5", mean);
    hunch_chooser_free(chooser);
}
END_TEST

/* A limit that no arm keeps does not drown the rest: prices are bounded, rewards stay numbers. */
START_TEST(metrics__a_limit_that_cannot_be_kept_does_no_harm)
{
    const hunch_metric metrics[] = {{.weight = 1.0},
                                    {.limit = -1e6, .limit_kind = HUNCH_LIMIT_AT_MOST}};
    hunch_chooser_options options = choice_options(2, 0, "epsilon-greedy");
    options.metrics = metrics;
    options.metrics_count = 2;
    hunch_chooser *chooser = choice_new(&options);
    unsigned best = 0;
    for (size_t i = 0; i < 20000; i++) {
        const hunch_ticket ticket = hunch_choose(chooser, NULL);
        const double given[2] = {ticket.arm == 1 ? 1.0 : 0.0, 5.0};
        SUITE_ASSERT(hunch_reward_metrics(chooser, ticket, given) == HUNCH_OK);
        best += i >= 10000 && ticket.arm == 1;
    }
    ck_assert_uint_gt(best, 9000);
    ck_assert(isfinite(choice_stats(chooser).mean_reward));
    hunch_chooser_free(chooser);
}
END_TEST

static Suite *options_suite(void)
{
    Suite *suite = suite_create("choice_options");
    TCase *cases = tcase_create("choice_options");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, options__that_are_wrong_are_refused_by_name, 0, WRONGS);
    tcase_add_test(cases, options__at_their_limits_are_accepted);
    tcase_add_test(cases, options__of_another_size_are_those_of_another_version);
    tcase_add_test(cases, options__are_copied);
    tcase_add_test(cases, options__a_learner_that_takes_no_such_shape_is_refused);
    tcase_add_test(cases, metrics__are_weighed_and_summed);
    tcase_add_test(cases, metrics__that_are_no_numbers_are_refused_and_the_ticket_stays);
    tcase_add_loop_test(cases, metrics__a_limit_is_kept_in_the_long_run, 0, 2);
    tcase_add_test(cases, metrics__a_limit_that_cannot_be_kept_does_no_harm);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return suite_run(options_suite());
}
