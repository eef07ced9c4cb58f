/* hunch_chooser: what several have learned, put together. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "choice_sample.h"
#include "chooser.h"
#include "format_sample.h"
#include "random.h"
#include "ridge.h"
#include "suite.h"

enum { SHARDS = 8, ARMS = 4, FEATURES = 5, ROUNDS = 4000 };

static const char *const learners[] = {"epsilon-greedy", "ucb1", "linear"};

enum { LEARNERS = sizeof learners / sizeof learners[0] };

static hunch_chooser *shard_new(const char *learner);
static void play(hunch_chooser *chooser, uint64_t round);
static void merge(hunch_chooser *chooser, const hunch_chooser *other);
static double difference(const hunch_chooser *a, const hunch_chooser *b);
static bool sums_are_equal(const hunch_chooser *a, const hunch_chooser *b);
static hunch_chooser *reopened(const hunch_chooser *chooser);

/* Eight that saw an eighth each know what one knows that saw all; one of them went by a file. */
START_TEST(merge__of_eight_shards_is_as_one)
{
    hunch_chooser *single = shard_new(learners[_i]);
    hunch_chooser *shards[SHARDS];
    for (size_t s = 0; s < SHARDS; s++) {
        shards[s] = shard_new(learners[_i]);
    }
    for (uint64_t round = 0; round < ROUNDS; round++) {
        play(single, round);
        play(shards[round % SHARDS], round);
    }
    hunch_chooser_learn(single);
    for (size_t s = 0; s < SHARDS; s++) {
        hunch_chooser_learn(shards[s]);
    }
    ck_assert(!sums_are_equal(single, shards[0])); /* or the test could not fail */
    hunch_chooser *by_file = reopened(shards[5]);
    for (size_t s = 1; s < SHARDS; s++) {
        merge(shards[0], s == 5 ? by_file : shards[s]);
    }
    /* An arm is solved again when it learned enough: a little later by one than by the other. */
    ck_assert(sums_are_equal(single, shards[0]));
    ck_assert_msg(difference(single, shards[0]) < 5e-3, "%g", difference(single, shards[0]));
    const hunch_chooser_stats one = choice_stats(single);
    const hunch_chooser_stats all = choice_stats(shards[0]);
    ck_assert_uint_eq(one.choices, all.choices);
    ck_assert_uint_eq(one.rewards, all.rewards);
    ck_assert_uint_eq(one.learned, all.learned);
    ck_assert(fabs(one.mean_reward - all.mean_reward) < 1e-9);
    ck_assert_int_eq(hunch_chooser_validate(shards[0], NULL), HUNCH_OK);
    hunch_chooser_free(by_file);
    for (size_t s = 0; s < SHARDS; s++) {
        hunch_chooser_free(shards[s]);
    }
    hunch_chooser_free(single);
}
END_TEST

START_TEST(merge__order_does_not_matter_and_the_other_stays)
{
    hunch_chooser *a = shard_new(learners[_i]);
    hunch_chooser *b = shard_new(learners[_i]);
    for (uint64_t round = 0; round < 600; round++) {
        play(round % 3 == 0 ? a : b, round);
    }
    hunch_chooser_learn(a);
    hunch_chooser_learn(b);
    hunch_chooser *a_then = reopened(a);
    hunch_chooser *b_then = reopened(b);
    merge(a, b_then);
    merge(b, a_then);
    ck_assert(difference(a, b) < 1e-5);
    hunch_chooser *again = reopened(b_then);
    ck_assert(difference(b_then, again) == 0.0);
    hunch_chooser_free(again);
    hunch_chooser_free(a_then);
    hunch_chooser_free(b_then);
    hunch_chooser_free(a);
    hunch_chooser_free(b);
}
END_TEST

/* What the chooser itself has not learned from yet is not lost. */
START_TEST(merge__learns_first)
{
    hunch_chooser *a = shard_new("ucb1");
    hunch_chooser *b = shard_new("ucb1");
    for (uint64_t round = 0; round < 100; round++) {
        play(round % 2 == 0 ? a : b, round);
    }
    hunch_chooser_learn(b);
    merge(a, b);
    ck_assert_uint_eq(choice_stats(a).learned, 100);
    hunch_chooser_free(a);
    hunch_chooser_free(b);
}
END_TEST

START_TEST(merge__of_what_differs_is_refused)
{
    static const hunch_feature few = {.kind = HUNCH_FEATURE_CATEGORICAL, .levels = 3};
    static const hunch_feature more = {.kind = HUNCH_FEATURE_CATEGORICAL, .levels = 4};
    static const float cuts[] = {1.0f, 2.0f};
    static const float other_cuts[] = {1.0f, 3.0f};
    static const hunch_feature cut = {.kind = HUNCH_FEATURE_BUCKETED, .levels = 3, .cuts = cuts};
    static const hunch_feature other_cut = {
        .kind = HUNCH_FEATURE_BUCKETED, .levels = 3, .cuts = other_cuts};
    const hunch_chooser_options options[] = {
        {.arms = 3, .features = 1},
        {.arms = 4, .features = 1},
        {.arms = 3, .features = 2},
        {.arms = 3, .features = 1, .schema = &few},
        {.arms = 3, .features = 1, .schema = &more},
        {.arms = 3, .features = 1, .schema = &cut},
        {.arms = 3, .features = 1, .schema = &other_cut},
        {.arms = 3, .features = 1, .value_max = 1.0},
        {.arms = 3, .features = 1, .value_max = 2.0},
        {.arms = 3, .features = 1, .value_min = 1.0, .value_max = 2.0},
        {.arms = 3, .features = 1, .episode_steps = 2},
        {.arms = 3, .features = 1, .half_life = 100.0f},
    };
    enum { N = sizeof options / sizeof options[0] };
    hunch_chooser *choosers[N];
    for (size_t i = 0; i < N; i++) {
        hunch_chooser_options given = options[i];
        given.struct_size = sizeof given;
        given.learner = hunch_learner_find("ucb1");
        given.pending = 4;
        choosers[i] = choice_new(&given);
    }
    for (size_t i = 0; i < N; i++) {
        for (size_t k = 0; k < N; k++) {
            hunch_diag diag = {.text = ""};
            if (i != k) {
                ck_assert_msg(hunch_chooser_merge(choosers[i], choosers[k], &diag) == HUNCH_EINVAL,
                              "%zu and %zu", i, k);
                ck_assert_str_ne(diag.text, "");
            }
        }
    }
    for (size_t i = 0; i < N; i++) {
        hunch_chooser_free(choosers[i]);
    }
}
END_TEST

START_TEST(merge__of_learners_that_cannot_is_refused)
{
    const hunch_chooser_options recorded = choice_recorded(ARMS, FEATURES);
    hunch_diag diag = {.text = ""};
    hunch_chooser *a = choice_new(&recorded);
    hunch_chooser *b = choice_new(&recorded);
    hunch_chooser *ucb = shard_new("ucb1");
    hunch_chooser *greedy = shard_new("epsilon-greedy");
    ck_assert_int_eq(hunch_chooser_merge(a, b, &diag), HUNCH_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(diag.text, "recorder"));
    ck_assert_int_eq(hunch_chooser_merge(ucb, greedy, &diag), HUNCH_EUNSUPPORTED);
    hunch_chooser_learn(a); /* nobody was left learning */
    hunch_chooser_learn(b);
    hunch_chooser_free(a);
    hunch_chooser_free(b);
    hunch_chooser_free(ucb);
    hunch_chooser_free(greedy);
}
END_TEST

/* "auto" leaves episodes to the policy gradient, whose weights do not add up. */
START_TEST(merge__of_episodes_is_refused)
{
    const hunch_chooser_options options = {
        .struct_size = sizeof options, .arms = 3, .features = 1, .episode_steps = 2, .pending = 4};
    hunch_chooser *one = choice_new(&options);
    hunch_chooser *other = choice_new(&options);
    hunch_diag diag = {.text = ""};
    ck_assert_int_eq(hunch_chooser_merge(one, other, &diag), HUNCH_EUNSUPPORTED);
    ck_assert_str_ne(diag.text, "");
    hunch_chooser_free(other);
    hunch_chooser_free(one);
}
END_TEST

static hunch_chooser *shard_new(const char *learner)
{
    hunch_chooser_options options = choice_options(ARMS, FEATURES, learner);
    options.learn_every = 32;
    options.pending = 4;
    options.threads = 1;
    return choice_new(&options);
}

/* Round number `round`, of which everything follows: context, arm and reward. */
static void play(hunch_chooser *chooser, uint64_t round)
{
    uint64_t random = hunch__mix64(round);
    float x[FEATURES];
    choice_context(&random, FEATURES, x);
    const uint64_t mask = (uint64_t)1 << hunch__splitmix64(&random) % ARMS;
    const hunch_ticket ticket = hunch_choose_masked(chooser, x, &mask);
    const float reward = x[ticket.arm] + 0.1f * (float)ticket.arm;
    SUITE_ASSERT(hunch_reward(chooser, ticket, reward) == HUNCH_OK);
}

static void merge(hunch_chooser *chooser, const hunch_chooser *other)
{
    hunch_diag diag = {.text = ""};
    if (hunch_chooser_merge(chooser, other, &diag) != HUNCH_OK) {
        ck_abort_msg("%s", diag.text);
    }
}

/* The largest of their probabilities in some contexts. */
static double difference(const hunch_chooser *a, const hunch_chooser *b)
{
    uint64_t random = 17;
    double most = 0;
    for (size_t i = 0; i < 200; i++) {
        float x[FEATURES];
        float p[ARMS];
        float q[ARMS];
        choice_context(&random, FEATURES, x);
        hunch_chooser_probabilities(a, x, NULL, p);
        hunch_chooser_probabilities(b, x, NULL, q);
        for (size_t k = 0; k < ARMS; k++) {
            most = fmax(most, fabs((double)p[k] - (double)q[k]));
        }
    }
    return most;
}

/* The sums that the states begin with, within 1e-9: of arms, or of ridge regression. */
static bool sums_are_equal(const hunch_chooser *a, const hunch_chooser *b)
{
    const double *x = a->state;
    const double *y = b->state;
    size_t n = a->state_bytes / sizeof *x;
    if (strcmp(a->ops->name, "linear") == 0) {
        struct hunch__ridge_plan plan;
        ck_assert(hunch__ridge_plan_make(&plan, ARMS, FEATURES, FEATURES));
        n = plan.solved;
    }
    for (size_t i = 0; i < n; i++) {
        if (fabs(x[i] - y[i]) > 1e-9 * fmax(fabs(x[i]), 1.0)) {
            return false;
        }
    }
    return true;
}

static hunch_chooser *reopened(const hunch_chooser *chooser)
{
    hunch_chooser *out = NULL;
    hunch_diag diag = {.text = ""};
    const hunch_chooser_options options = {.struct_size = sizeof options, .pending = 4};
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "chooser");
    hunch_status status = hunch_chooser_save(chooser, path, &diag);
    if (status == HUNCH_OK) {
        status = hunch_chooser_open(&out, path, &options, &diag);
    }
    sample_folder_remove(folder);
    if (status != HUNCH_OK) {
        ck_abort_msg("%s", diag.text);
    }
    return out;
}

static Suite *choice_merge_suite(void)
{
    Suite *suite = suite_create("choice_merge");
    TCase *cases = tcase_create("choice_merge");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, merge__of_eight_shards_is_as_one, 0, LEARNERS);
    tcase_add_loop_test(cases, merge__order_does_not_matter_and_the_other_stays, 0, LEARNERS);
    tcase_add_test(cases, merge__learns_first);
    tcase_add_test(cases, merge__of_what_differs_is_refused);
    tcase_add_test(cases, merge__of_learners_that_cannot_is_refused);
    tcase_add_test(cases, merge__of_episodes_is_refused);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return suite_run(choice_merge_suite());
}
