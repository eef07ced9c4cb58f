/* Learners for what is not a fixed set of unrelated arms: sequences of choices with one reward
 * (policy-gradient), a number in a range (curve), candidates with features (candidates). Each
 * against a world whose best answer is known, asked and taught as a chooser does it.
 *
 * HUNCH_SOAK=1: as many seeds as the figures promise. */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <hunch/learner.h>

#include "candidates.h"
#include "curve.h"
#include "random.h"
#include "suite.h"

enum { ARMS_MAX = 64, FEATURES_MAX = 64, BATCH = 64, STEPS = 8, ACTIONS = 4, CANDIDATE = 3 };

/* A learner, its state, and the events that it has not learned from yet. */
struct pupil {
    const hunch_learner_ops *ops;
    hunch_learner_shape shape;
    void *state;
    void *snapshot;
    uint64_t random;
    size_t learned;
    size_t waiting;
    hunch_learner_event events[BATCH];
    float dense[BATCH][FEATURES_MAX];
    uint32_t columns[BATCH][2];
    float values[BATCH][2];
    float candidates[BATCH][CANDIDATE];
};

/* A world of episodes: what a choice is worth at a step, alone and after the one before. */
struct chain {
    double alone[STEPS][ACTIONS];
    double after[STEPS][ACTIONS][ACTIONS];
    double noise;
};

static struct pupil *pupil_new(const char *name, hunch_learner_shape shape, uint64_t seed);
static void pupil_free(struct pupil *pupil);
static double uniform(struct pupil *pupil);
static double normal(struct pupil *pupil);
static void publish(struct pupil *pupil);
static void tell(struct pupil *pupil, hunch_learner_event event);
static void learn_now(struct pupil *pupil);
static void check_sums_to_one(const float *p, uint32_t arms, const uint64_t *mask);
static int compare(const void *a, const void *b);
static double median(double *values, size_t n);
static bool soak(void);

static struct pupil *chain_pupil(uint64_t seed);
static void chain_fill(struct chain *chain, struct pupil *pupil, double noise);
static void probabilities(const struct pupil *pupil, int step, int before, float *p);
static double chain_step(const struct chain *chain, int t, int before, int a);
static void chain_play(const struct chain *chain, struct pupil *pupil, bool by_policy);
static double chain_value(const struct chain *chain, const struct pupil *pupil, int how);
static double chain_share(const struct chain *chain, const struct pupil *pupil, int how);
static double learn_chain(uint64_t seed, double noise, int episodes, bool by_policy, int how);

static double bump(double x, double peak, double width);
static double play_value(struct pupil *pupil, const float *x, double *value);
static double learn_peak(uint64_t seed, uint32_t cuts, bool two, double unit, double *share);

static double worth(const float *z, const float *x);
static void show_candidates(struct pupil *pupil, uint32_t n, float *z, float *x);
static void learn_candidates(uint64_t seed, int rounds, double *first, double *ranked);
static const double *find_sums(const struct pupil *pupil, size_t *n);
static void merge_equals_single(const char *name, hunch_learner_shape shape);

/* How a policy is measured: as it is played, its favourite arms, any arm, the best of all. */
enum { PLAYED, GREEDY, BLIND, OPTIMAL };

START_TEST(policy_gradient__nears_the_optimum_of_an_episode)
{
    const size_t seeds = soak() ? 50 : 9;
    static const double noises[] = {0.3, 1.0};
    double played[50];
    for (size_t i = 0; i < seeds; i++) {
        played[i] = learn_chain(i, noises[_i], 20000, true, PLAYED);
    }
    ck_assert_double_ge(median(played, seeds), 0.95);
    double few[50];
    for (size_t i = 0; i < seeds; i++) {
        few[i] = learn_chain(i, noises[_i], 2000, true, PLAYED);
    }
    ck_assert_double_ge(median(few, seeds), _i == 0 ? 0.85 : 0.6);
}
END_TEST

START_TEST(policy_gradient__learns_from_choices_of_another_policy)
{
    double greedy[9];
    for (size_t i = 0; i < 9; i++) {
        greedy[i] = learn_chain(i, 0.3, 20000, false, GREEDY);
    }
    ck_assert_double_ge(median(greedy, 9), 0.8);
}
END_TEST

/* Other tables half-way: what was certain has to be unlearned. */
START_TEST(policy_gradient__follows_a_world_that_changes)
{
    double played[9];
    for (size_t i = 0; i < 9; i++) {
        struct chain chain;
        struct pupil *pupil = chain_pupil(i);
        for (int half = 0; half < 2; half++) {
            chain_fill(&chain, pupil, 0.3);
            for (int k = 0; k < 10000; k++) {
                chain_play(&chain, pupil, true);
            }
        }
        played[i] = chain_share(&chain, pupil, PLAYED);
        pupil_free(pupil);
    }
    ck_assert_double_ge(median(played, 9), 0.6);
}
END_TEST

START_TEST(policy_gradient__follows_a_column_of_any_scale)
{
    const hunch_learner_shape shape = {
        .struct_size = sizeof shape, .arms = 3, .dense = 2, .features = 2};
    struct pupil *pupil = pupil_new("policy-gradient", shape, 5);
    int wrong = 0;
    for (int i = 0; i < 4000; i++) {
        const float x[2] = {(float)(1e6 + 1e3 * normal(pupil)), 7.0f};
        const hunch_context context = {.dense = x};
        const uint32_t best = x[0] > 1e6f ? 2 : 0;
        float p[3];
        pupil->ops->score(pupil->snapshot, &shape, &context, NULL, NULL, p);
        check_sums_to_one(p, 3, NULL);
        const uint32_t arm = hunch_draw(p, 3, hunch__splitmix64(&pupil->random));
        const double reward = (arm == best ? 2e4 : 1e4) + 1e4 * normal(pupil);
        wrong += i >= 3000 && arm != best;
        tell(pupil, (hunch_learner_event){context, NULL, arm, p[arm], (float)reward, 1.0f});
    }
    ck_assert_int_le(wrong, 200); /* of 1,000; 667 without learning */
    pupil_free(pupil);
}
END_TEST

START_TEST(policy_gradient__plays_what_the_mask_allows)
{
    struct pupil *pupil = chain_pupil(3);
    const uint32_t column = 0;
    const float one = 1.0f;
    const hunch_context context = {.columns = &column, .values = &one, .count = 1};
    for (uint64_t mask = 1; mask < 1u << ACTIONS; mask++) {
        float p[ACTIONS];
        pupil->ops->score(pupil->snapshot, &pupil->shape, &context, NULL, &mask, p);
        check_sums_to_one(p, ACTIONS, &mask);
    }
    pupil_free(pupil);
}
END_TEST

START_TEST(curve__finds_a_noisy_peak)
{
    const size_t seeds = soak() ? 200 : 40;
    static const uint32_t cuts[] = {32, 48, 64};
    double within = 0.0;
    double share = 0.0;
    for (size_t i = 0; i < seeds; i++) {
        double near = 0.0;
        share += learn_peak(i, cuts[_i], false, 1.0, &near) / (double)seeds;
        within += near >= 0.5 ? 1.0 / (double)seeds : 0.0;
    }
    ck_assert_double_ge(share, 0.95);
    ck_assert_double_ge(within, 0.95);
}
END_TEST

START_TEST(curve__is_not_caught_by_the_lower_of_two_peaks)
{
    double share = 0.0;
    for (size_t i = 0; i < 40; i++) {
        double near = 0.0;
        share += learn_peak(i, 48, true, 1.0, &near) / 40.0;
    }
    ck_assert_double_ge(share, 0.94);
}
END_TEST

START_TEST(curve__does_not_care_what_rewards_are_measured_in)
{
    for (size_t i = 0; i < 5; i++) {
        double near[3];
        learn_peak(i, 32, false, 1.0, &near[0]);
        learn_peak(i, 32, false, 0x1p20, &near[1]);
        learn_peak(i, 32, false, 0x1p-20, &near[2]);
        ck_assert_double_eq(near[0], near[1]);
        ck_assert_double_eq(near[0], near[2]);
    }
}
END_TEST

START_TEST(curve__moves_the_peak_with_a_column)
{
    const hunch_learner_shape shape = {.struct_size = sizeof shape,
                                       .arms = 32,
                                       .dense = 1,
                                       .features = 1,
                                       .arms_kind = HUNCH_ARMS_ORDERED};
    double got = 0.0;
    for (uint64_t seed = 0; seed < 10; seed++) {
        struct pupil *pupil = pupil_new("curve", shape, seed);
        for (int i = 0; i < 3000; i++) {
            const float x = uniform(pupil) < 0.5 ? 1000.0f : 1001.0f;
            double value = 0.0;
            const double peak = x > 1000.5f ? 0.3 : 0.7;
            const double p = play_value(pupil, &x, &value);
            const double reward = bump(value, peak, 0.1);
            got += i >= 2500 ? reward / 5000.0 : 0.0;
            const hunch_context context = {.dense = &x};
            tell(pupil, (hunch_learner_event){context, NULL, (uint32_t)(value * 32.0), (float)p,
                                              (float)(reward + 0.1 * normal(pupil)), 1.0f});
        }
        pupil_free(pupil);
    }
    ck_assert_double_ge(got, 0.9); /* one peak for both would give .55 */
}
END_TEST

START_TEST(candidates__unseen_ones_and_their_ranks_beat_uniform)
{
    const int seeds = 100;
    int better = 0;
    int ranked_better = 0;
    double gain = 0.0;
    for (int i = 0; i < seeds; i++) {
        double first = 0.0;
        double ranked = 0.0;
        learn_candidates((uint64_t)i, 300, &first, &ranked);
        gain += first / seeds;
        better += first > 0.0;
        ranked_better += ranked > 0.0;
    }
    ck_assert_int_ge(better, 99);
    ck_assert_int_ge(ranked_better, 99);
    ck_assert_double_ge(gain, 270.0); /* the best of each question: 311 */
}
END_TEST

START_TEST(candidates__reads_only_those_that_the_mask_allows)
{
    const hunch_learner_shape shape = {.struct_size = sizeof shape,
                                       .arms = ARMS_MAX,
                                       .candidate_features = CANDIDATE,
                                       .arms_kind = HUNCH_ARMS_CANDIDATES};
    struct pupil *pupil = pupil_new("candidates", shape, 1);
    float *z = malloc(2 * CANDIDATE * sizeof *z); /* where a sanitizer sees the end */
    ck_assert_ptr_nonnull(z);
    memset(z, 0, 2 * CANDIDATE * sizeof *z);
    const uint64_t mask = 3;
    const hunch_context context = {0};
    float p[ARMS_MAX];
    pupil->ops->score(pupil->snapshot, &shape, &context, z, &mask, p);
    check_sums_to_one(p, ARMS_MAX, &mask);
    SUITE_ASSERT(p[0] == 0.5f);
    free(z);
    pupil_free(pupil);
}
END_TEST

START_TEST(sequences__merging_equals_one_learner)
{
    merge_equals_single("curve", (hunch_learner_shape){.struct_size = sizeof(hunch_learner_shape),
                                                       .arms = 20,
                                                       .dense = 2,
                                                       .features = 4,
                                                       .arms_kind = HUNCH_ARMS_ORDERED});
    merge_equals_single("candidates",
                        (hunch_learner_shape){.struct_size = sizeof(hunch_learner_shape),
                                              .arms = 20,
                                              .dense = 2,
                                              .features = 4,
                                              .candidate_features = CANDIDATE,
                                              .arms_kind = HUNCH_ARMS_CANDIDATES});
}
END_TEST

/* Whatever finite numbers come, probabilities stay probabilities. */
START_TEST(sequences__extreme_numbers_do_no_harm)
{
    static const char *const names[] = {"policy-gradient", "curve", "candidates"};
    static const float extremes[] = {0.0f, FLT_MAX, -FLT_MAX, 1e30f, FLT_MIN, 1.0f};
    hunch_learner_shape shape = {.struct_size = sizeof shape,
                                 .arms = 9,
                                 .dense = 3,
                                 .features = 5,
                                 .arms_kind = HUNCH_ARMS_ORDERED};
    if (_i == 2) {
        shape.arms_kind = HUNCH_ARMS_CANDIDATES;
        shape.candidate_features = CANDIDATE;
    }
    struct pupil *pupil = pupil_new(names[_i], shape, 9);
    for (int i = 0; i < 2000; i++) {
        float v[8 + 9 * CANDIDATE];
        for (size_t k = 0; k < sizeof v / sizeof *v; k++) {
            v[k] = extremes[hunch__below(hunch__splitmix64(&pupil->random), 6)];
        }
        const uint32_t columns[2] = {3, 4};
        const hunch_context x = {.dense = v, .columns = columns, .values = v + 3, .count = 2};
        float p[9];
        pupil->ops->score(pupil->snapshot, &shape, &x, v + 8, NULL, p);
        check_sums_to_one(p, 9, NULL);
        tell(pupil, (hunch_learner_event){x, _i == 2 ? v + 8 : NULL, (uint32_t)i % 9, p[i % 9],
                                          v[5], 1.0f});
    }
    ck_assert_int_eq(pupil->ops->validate(pupil->state, &shape, NULL), HUNCH_OK);
    pupil_free(pupil);
}
END_TEST

/* A changed byte is refused, or the state it makes is as safe as any. */
START_TEST(sequences__damaged_states_are_refused_or_harmless)
{
    static const char *const names[] = {"policy-gradient", "curve", "candidates"};
    hunch_learner_shape shape = {.struct_size = sizeof shape,
                                 .arms = 5,
                                 .dense = 2,
                                 .features = 4,
                                 .arms_kind = HUNCH_ARMS_ORDERED};
    if (_i == 2) {
        shape.arms_kind = HUNCH_ARMS_CANDIDATES;
        shape.candidate_features = CANDIDATE;
    }
    struct pupil *pupil = pupil_new(names[_i], shape, 4);
    const size_t bytes = pupil->ops->state_bytes(&shape);
    const uint32_t column = 3;
    const float one = 1.0f;
    int refused = 0;
    for (int i = 0; i < (soak() ? 300000 : 6000); i++) {
        const float v[2 + 5 * CANDIDATE] = {(float)normal(pupil), (float)normal(pupil), 1.0f};
        const hunch_context x = {.dense = v, .columns = &column, .values = &one, .count = 1};
        tell(pupil, (hunch_learner_event){x, _i == 2 ? v + 2 : NULL, (uint32_t)i % 5, 0.2f,
                                          (float)normal(pupil), 1.0f});
        unsigned char *at =
            (unsigned char *)pupil->state + hunch__below(hunch__splitmix64(&pupil->random), bytes);
        const unsigned char kept = *at;
        *at = (unsigned char)hunch__splitmix64(&pupil->random);
        float p[5];
        if (pupil->ops->validate(pupil->state, &shape, NULL) == HUNCH_OK) {
            pupil->ops->publish(pupil->state, &shape, hunch__splitmix64(&pupil->random),
                                pupil->snapshot);
            pupil->ops->score(pupil->snapshot, &shape, &x, v + 2, NULL, p);
            check_sums_to_one(p, 5, NULL);
        } else {
            *at = kept;
            refused++;
        }
    }
    ck_assert_int_gt(refused, 0);
    pupil_free(pupil);
}
END_TEST

static Suite *sequences_suite(void)
{
    Suite *suite = suite_create("learner_sequences");
    TCase *tests = tcase_create("sequences");
    tcase_set_timeout(tests, 600);
    tcase_add_loop_test(tests, policy_gradient__nears_the_optimum_of_an_episode, 0, 2);
    tcase_add_test(tests, policy_gradient__learns_from_choices_of_another_policy);
    tcase_add_test(tests, policy_gradient__follows_a_world_that_changes);
    tcase_add_test(tests, policy_gradient__follows_a_column_of_any_scale);
    tcase_add_test(tests, policy_gradient__plays_what_the_mask_allows);
    tcase_add_loop_test(tests, curve__finds_a_noisy_peak, 0, 3);
    tcase_add_test(tests, curve__is_not_caught_by_the_lower_of_two_peaks);
    tcase_add_test(tests, curve__does_not_care_what_rewards_are_measured_in);
    tcase_add_test(tests, curve__moves_the_peak_with_a_column);
    tcase_add_test(tests, candidates__unseen_ones_and_their_ranks_beat_uniform);
    tcase_add_test(tests, candidates__reads_only_those_that_the_mask_allows);
    tcase_add_test(tests, sequences__merging_equals_one_learner);
    tcase_add_loop_test(tests, sequences__extreme_numbers_do_no_harm, 0, 3);
    tcase_add_loop_test(tests, sequences__damaged_states_are_refused_or_harmless, 0, 3);
    suite_add_tcase(suite, tests);
    return suite;
}

int main(void)
{
    return suite_run(sequences_suite());
}

static struct pupil *pupil_new(const char *name, hunch_learner_shape shape, uint64_t seed)
{
    struct pupil *pupil = calloc(1, sizeof *pupil);
    ck_assert_ptr_nonnull(pupil);
    pupil->ops = hunch_learner_find(name);
    ck_assert_ptr_nonnull(pupil->ops);
    pupil->shape = shape;
    pupil->random = hunch__mix64(seed + 1);
    const size_t state = pupil->ops->state_bytes(&shape);
    const size_t snapshot = pupil->ops->snapshot_bytes(&shape);
    ck_assert_uint_gt(state, 0);
    ck_assert_uint_gt(snapshot, 0);
    pupil->state = aligned_alloc(64, (state + 63) & ~(size_t)63);
    pupil->snapshot = aligned_alloc(64, (snapshot + 63) & ~(size_t)63);
    ck_assert(pupil->state != NULL && pupil->snapshot != NULL);
    memset(pupil->state, 0, state);
    pupil->ops->init(pupil->state, &shape, seed);
    publish(pupil);
    return pupil;
}

static void pupil_free(struct pupil *pupil)
{
    free(pupil->state);
    free(pupil->snapshot);
    free(pupil);
}

static double uniform(struct pupil *pupil)
{
    return (double)(hunch__splitmix64(&pupil->random) >> 11) * 0x1p-53;
}

/* Nearly: of mean 0 and variance 1. */
static double normal(struct pupil *pupil)
{
    double sum = -6.0;
    for (int i = 0; i < 12; i++) {
        sum += uniform(pupil);
    }
    return sum;
}

static void publish(struct pupil *pupil)
{
    pupil->ops->publish(pupil->state, &pupil->shape, hunch__splitmix64(&pupil->random),
                        pupil->snapshot);
}

/* Learning as a chooser does it: at first after every reward, then after as many as are a
 * sixteenth of those learned from, and at least every BATCH. */
static void tell(struct pupil *pupil, hunch_learner_event event)
{
    const size_t i = pupil->waiting++;
    const size_t share = pupil->learned / 16;
    if (pupil->shape.dense > 0) {
        memcpy(pupil->dense[i], event.x.dense, pupil->shape.dense * sizeof(float));
    }
    for (uint32_t k = 0; k < event.x.count; k++) {
        pupil->columns[i][k] = event.x.columns[k];
        pupil->values[i][k] = event.x.values[k];
    }
    if (event.candidate != NULL) {
        memcpy(pupil->candidates[i], event.candidate, sizeof pupil->candidates[i]);
        event.candidate = pupil->candidates[i];
    }
    event.x.dense = pupil->dense[i];
    event.x.columns = pupil->columns[i];
    event.x.values = pupil->values[i];
    pupil->events[i] = event;
    if (pupil->waiting == BATCH || pupil->waiting > share) {
        learn_now(pupil);
    }
}

static void learn_now(struct pupil *pupil)
{
    pupil->ops->learn(pupil->state, &pupil->shape, pupil->events, pupil->waiting);
    pupil->learned += pupil->waiting;
    pupil->waiting = 0;
    publish(pupil);
}

static void check_sums_to_one(const float *p, uint32_t arms, const uint64_t *mask)
{
    double sum = 0.0;
    for (uint32_t a = 0; a < arms; a++) {
        const bool allowed = mask == NULL || (mask[a / 64] >> (a % 64) & 1) != 0;
        SUITE_ASSERT(allowed ? p[a] > 0.0f && p[a] <= 1.0f + 1e-6f : p[a] == 0.0f);
        sum += (double)p[a];
    }
    SUITE_ASSERT(fabs(sum - 1.0) <= 1e-5);
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
    return values[n / 2];
}

static bool soak(void)
{
    return getenv("HUNCH_SOAK") != NULL;
}

/* Columns are those that a chooser makes of a step and the choice before. */
static struct pupil *chain_pupil(uint64_t seed)
{
    const hunch_learner_shape shape = {.struct_size = sizeof shape,
                                       .arms = ACTIONS,
                                       .features = STEPS * (ACTIONS + 1),
                                       .arms_kind = HUNCH_ARMS_EPISODE};
    return pupil_new("policy-gradient", shape, seed);
}

static void chain_fill(struct chain *chain, struct pupil *pupil, double noise)
{
    chain->noise = noise;
    for (int t = 0; t < STEPS; t++) {
        for (int a = 0; a < ACTIONS; a++) {
            chain->alone[t][a] = uniform(pupil);
            for (int b = 0; b < ACTIONS; b++) {
                chain->after[t][b][a] = uniform(pupil);
            }
        }
    }
}

static void probabilities(const struct pupil *pupil, int step, int before, float *p)
{
    const uint32_t column = (uint32_t)(step * (ACTIONS + 1) + before);
    const float one = 1.0f;
    const hunch_context x = {.columns = &column, .values = &one, .count = 1};
    pupil->ops->score(pupil->snapshot, &pupil->shape, &x, NULL, NULL, p);
}

static double chain_step(const struct chain *chain, int t, int before, int a)
{
    return chain->alone[t][a] + (before > 0 ? chain->after[t][before - 1][a] : 0.0);
}

/* One episode; learned from at the end of every eighth. */
static void chain_play(const struct chain *chain, struct pupil *pupil, bool by_policy)
{
    int before = 0;
    double reward = chain->noise * normal(pupil);
    const size_t first = pupil->waiting;
    for (int t = 0; t < STEPS; t++) {
        const size_t i = pupil->waiting++;
        float p[ACTIONS] = {0.25f, 0.25f, 0.25f, 0.25f};
        if (by_policy) {
            probabilities(pupil, t, before, p);
        }
        const uint32_t a = hunch_draw(p, ACTIONS, hunch__splitmix64(&pupil->random));
        pupil->columns[i][0] = (uint32_t)(t * (ACTIONS + 1) + before);
        pupil->values[i][0] = 1.0f;
        const hunch_context x = {
            .columns = pupil->columns[i], .values = pupil->values[i], .count = 1};
        pupil->events[i] = (hunch_learner_event){x, NULL, a, p[a], 0.0f, 1.0f};
        reward += chain_step(chain, t, before, (int)a);
        before = (int)a + 1;
    }
    for (size_t i = first; i < pupil->waiting; i++) {
        pupil->events[i].reward = (float)reward;
    }
    if (pupil->waiting == BATCH) {
        learn_now(pupil);
    }
}

/* The expected reward of an episode, by dynamic programming from its end. */
static double chain_value(const struct chain *chain, const struct pupil *pupil, int how)
{
    double next[ACTIONS + 1] = {0};
    for (int t = STEPS - 1; t >= 0; t--) {
        double now[ACTIONS + 1] = {0};
        for (int before = 0; before <= ACTIONS; before++) {
            float p[ACTIONS];
            double best = -DBL_MAX;
            double expected = 0.0;
            int favourite = 0;
            probabilities(pupil, t, before, p);
            for (int a = 0; a < ACTIONS; a++) {
                const double value = chain_step(chain, t, before, a) + next[a + 1];
                favourite = p[a] > p[favourite] ? a : favourite;
                best = fmax(best, value);
                expected += value * (how == BLIND ? 1.0 / ACTIONS : (double)p[a]);
            }
            const double greedy = chain_step(chain, t, before, favourite) + next[favourite + 1];
            now[before] = how == OPTIMAL ? best : how == GREEDY ? greedy : expected;
        }
        memcpy(next, now, sizeof next);
    }
    return next[0];
}

/* How far the policy has come from uniform, 0, to the optimum, 1. */
static double chain_share(const struct chain *chain, const struct pupil *pupil, int how)
{
    const double blind = chain_value(chain, pupil, BLIND);
    const double optimal = chain_value(chain, pupil, OPTIMAL);
    return (chain_value(chain, pupil, how) - blind) / (optimal - blind);
}

static double learn_chain(uint64_t seed, double noise, int episodes, bool by_policy, int how)
{
    struct chain chain;
    struct pupil *pupil = chain_pupil(seed);
    chain_fill(&chain, pupil, noise);
    for (int i = 0; i < episodes; i++) {
        chain_play(&chain, pupil, by_policy);
    }
    const double share = chain_share(&chain, pupil, how);
    ck_assert_int_eq(pupil->ops->validate(pupil->state, &pupil->shape, NULL), HUNCH_OK);
    pupil_free(pupil);
    return share;
}

static double bump(double x, double peak, double width)
{
    return exp(-(x - peak) * (x - peak) / (2.0 * width * width));
}

/* A number in [0, 1), uniform within its cut, and the probability of the cut. */
static double play_value(struct pupil *pupil, const float *x, double *value)
{
    const hunch_context context = {.dense = x};
    const uint32_t cuts = pupil->shape.arms;
    float p[ARMS_MAX];
    pupil->ops->score(pupil->snapshot, &pupil->shape, &context, NULL, NULL, p);
    check_sums_to_one(p, cuts, NULL);
    const uint32_t arm = hunch_draw(p, cuts, hunch__splitmix64(&pupil->random));
    *value = ((double)arm + uniform(pupil)) / cuts;
    return (double)p[arm];
}

/* After 500 rounds of a peak somewhere: the mean reward of 100 more, relative to the peak's, and
 * the share of them that are within 5 % of the range. */
static double learn_peak(uint64_t seed, uint32_t cuts, bool two, double unit, double *share)
{
    const hunch_learner_shape shape = {
        .struct_size = sizeof shape, .arms = cuts, .arms_kind = HUNCH_ARMS_ORDERED};
    struct pupil *pupil = pupil_new("curve", shape, seed);
    const double peak = 0.1 + (two ? 0.3 : 0.8) * uniform(pupil);
    const double width = two ? 0.06 : 0.05 + 0.1 * uniform(pupil);
    double got = 0.0;
    *share = 0.0;
    for (int i = 0; i < 600; i++) {
        double value = 0.0;
        const double p = play_value(pupil, NULL, &value);
        const double other = two ? 0.7 * bump(value, peak + 0.4, width) : 0.0;
        const double reward = bump(value, peak, width) + other;
        if (i >= 500) {
            got += reward / 100.0;
            *share += fabs(value - peak) <= 0.05 ? 0.01 : 0.0;
        }
        const uint32_t arm = (uint32_t)(value * cuts);
        const float told = (float)(unit * (reward + 0.1 * normal(pupil)));
        tell(pupil, (hunch_learner_event){
                        .arm = arm, .propensity = (float)p, .reward = told, .weight = 1.0f});
    }
    pupil_free(pupil);
    return got;
}

/* The first feature matters as the context says, the second has an optimum, the third is noise. */
static double worth(const float *z, const float *x)
{
    const double from_best = (double)z[1] - 0.5;
    return (double)z[0] * (double)x[0] - from_best * from_best;
}

static void show_candidates(struct pupil *pupil, uint32_t n, float *z, float *x)
{
    x[0] = (float)normal(pupil);
    for (uint32_t i = 0; i < n * CANDIDATE; i++) {
        z[i] = (float)normal(pupil);
    }
}

/* How much better than uniform the first choice is, and the best three together, over the last
 * half of the rounds; each question has new candidates. */
static void learn_candidates(uint64_t seed, int rounds, double *first, double *ranked)
{
    enum { SHOWN = 10, RANKS = 3 };
    const hunch_learner_shape shape = {.struct_size = sizeof shape,
                                       .arms = SHOWN,
                                       .dense = 1,
                                       .features = 1,
                                       .candidate_features = CANDIDATE,
                                       .arms_kind = HUNCH_ARMS_CANDIDATES};
    struct pupil *pupil = pupil_new("candidates", shape, seed);
    for (int i = 0; i < rounds; i++) {
        float z[SHOWN * CANDIDATE];
        float x = 0.0f;
        float p[SHOWN];
        double mean = 0.0;
        show_candidates(pupil, SHOWN, z, &x);
        const hunch_context context = {.dense = &x};
        pupil->ops->score(pupil->snapshot, &shape, &context, z, NULL, p);
        check_sums_to_one(p, SHOWN, NULL);
        const uint32_t arm = hunch_draw(p, SHOWN, hunch__splitmix64(&pupil->random));
        for (uint32_t a = 0; a < SHOWN; a++) {
            mean += worth(z + (size_t)a * CANDIDATE, &x) / SHOWN;
        }
        const double got = worth(z + (size_t)arm * CANDIDATE, &x);
        tell(pupil, (hunch_learner_event){context, z + (size_t)arm * CANDIDATE, arm, p[arm],
                                          (float)(got + normal(pupil)), 1.0f});
        uint32_t next = arm;
        for (int rank = 0; rank < RANKS && i >= rounds / 2; rank++) {
            const double value = worth(z + (size_t)next * CANDIDATE, &x) - mean;
            *first += rank == 0 ? value : 0.0;
            *ranked += value;
            p[next] = 0.0f;
            for (uint32_t a = 0; a < SHOWN; a++) {
                next = p[a] > p[next] ? a : next;
            }
        }
    }
    pupil_free(pupil);
}

/* The sums of a state: where they begin, and how many there are. */
static const double *find_sums(const struct pupil *pupil, size_t *n)
{
    if (pupil->shape.arms_kind == HUNCH_ARMS_ORDERED) {
        const double *from = hunch__curve_moments(pupil->state, &pupil->shape, 0);
        *n = (size_t)(hunch__curve_find_room(pupil->state, &pupil->shape).band - from);
        return from;
    }
    struct hunch__candidates_columns columns;
    struct hunch__ridge_plan plan;
    ck_assert(hunch__candidates_layout(&pupil->shape, &columns));
    ck_assert(hunch__ridge_plan_make(&plan, 1, columns.always, columns.all));
    *n = plan.packed + plan.columns;
    return (const double *)pupil->state + plan.arm;
}

/* Two shards of a stream, merged, and one learner of the whole have the same sums. */
static void merge_equals_single(const char *name, hunch_learner_shape shape)
{
    struct pupil *pupils[3];
    for (size_t i = 0; i < 3; i++) {
        pupils[i] = pupil_new(name, shape, 1);
    }
    for (int i = 0; i < 4096; i++) {
        float v[2 + CANDIDATE];
        for (size_t k = 0; k < sizeof v / sizeof *v; k++) {
            v[k] = (float)normal(pupils[0]);
        }
        const uint32_t column = 2 + (uint32_t)(i / 2) % 2;
        const float one = 1.0f;
        const hunch_context x = {.dense = v, .columns = &column, .values = &one, .count = 1};
        const hunch_learner_event event = {
            x,   shape.candidate_features > 0 ? v + 2 : NULL, (uint32_t)i % 20, 0.1f, v[0] * v[3],
            1.0f};
        tell(pupils[0], event);
        tell(pupils[1 + i % 2], event);
    }
    for (size_t i = 0; i < 3; i++) {
        learn_now(pupils[i]);
    }
    pupils[1]->ops->merge(pupils[1]->state, &shape, pupils[2]->state);
    size_t n = 0;
    const double *single = find_sums(pupils[0], &n);
    const double *merged = find_sums(pupils[1], &n);
    if (shape.arms_kind == HUNCH_ARMS_ORDERED) {
        const struct hunch__curve *head = pupils[0]->state;
        const struct hunch__curve *sum = pupils[1]->state;
        SUITE_ASSERT(fabs(head->squares - sum->squares) <= 1e-9 * head->squares);
    }
    for (size_t i = 0; i < n; i++) {
        SUITE_ASSERT(fabs(single[i] - merged[i]) <= 1e-9 * (1.0 + fabs(single[i])));
    }
    for (size_t i = 0; i < 3; i++) {
        pupil_free(pupils[i]);
    }
}
