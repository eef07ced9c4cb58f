/* hunch_chooser: every way to ask, and what the learner is told of it. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <float.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "choice_sample.h"
#include "chooser.h"
#include "random.h"
#include "range.h"
#include "suite.h"

static hunch_question question(const float *x);
static const struct recorded *told(hunch_chooser *chooser, hunch_ticket ticket);
static const struct recorded *asked(hunch_chooser *chooser, const float *x);

/* -- masks ------------------------------------------------------------------------------------- */

/* With every learner, so that each score() keeps to the mask; bits past the arms mean nothing. */
START_TEST(mask__only_its_arms_are_chosen)
{
    static const uint32_t arms[] = {1, 2, 5, 63, 64, 65, 130, 1024};
    const hunch_learner_ops *ops = hunch_learner_at((size_t)_i);
    uint64_t random = 5;
    for (size_t i = 0; ops != NULL && i < sizeof arms / sizeof arms[0]; i++) {
        const hunch_chooser_options options = choice_options(arms[i], 2, ops->name);
        hunch_chooser *chooser = NULL;
        if (hunch_chooser_new(&chooser, &options, NULL) == HUNCH_EINVAL) {
            return; /* a learner for something else */
        }
        for (size_t k = 0; k < 60; k++) {
            uint64_t mask[16];
            float x[2];
            for (size_t w = 0; w < 16; w++) {
                mask[w] = hunch__splitmix64(&random) & hunch__splitmix64(&random);
            }
            mask[0] |= k % 2;
            choice_context(&random, 2, x);
            const hunch_ticket ticket = hunch_choose_masked(chooser, x, mask);
            bool any = false;
            for (uint32_t a = 0; a < arms[i]; a++) {
                any = any || (mask[a / 64] >> (a % 64) & 1) != 0;
            }
            SUITE_ASSERT(ticket.arm < arms[i]);
            SUITE_ASSERT(ticket.propensity > 0.0f && ticket.propensity <= 1.0f);
            SUITE_ASSERT(!any || (mask[ticket.arm / 64] >> (ticket.arm % 64) & 1) != 0);
            SUITE_ASSERT(hunch_reward(chooser, ticket, x[0]) == HUNCH_OK);
        }
        hunch_chooser_free(chooser);
    }
}
END_TEST

START_TEST(mask__of_one_arm_is_certain)
{
    const hunch_chooser_options options = choice_options(1000, 1, "uniform");
    hunch_chooser *chooser = choice_new(&options);
    const float x = 1.0f;
    for (uint32_t a = 0; a < 1000; a += 37) {
        uint64_t mask[16] = {0};
        mask[a / 64] = (uint64_t)1 << (a % 64);
        const hunch_ticket ticket = hunch_choose_masked(chooser, &x, mask);
        ck_assert_uint_eq(ticket.arm, a);
        ck_assert(ticket.propensity == 1.0f);
    }
    ck_assert_uint_eq(choice_stats(chooser).overridden, 0);
    hunch_chooser_free(chooser);
}
END_TEST

/* An empty one is a doubt: the heuristic, certainly, and counted. */
START_TEST(mask__that_is_empty_gives_arm_0)
{
    const hunch_chooser_options options = choice_options(70, 1, "uniform");
    hunch_chooser *chooser = choice_new(&options);
    const uint64_t mask[2] = {0, ~(uint64_t)0 << 6};
    const float x = 1.0f;
    float p[70];
    const hunch_ticket ticket = hunch_choose_masked(chooser, &x, mask);
    ck_assert_uint_eq(ticket.arm, 0);
    ck_assert(ticket.propensity == 1.0f);
    ck_assert_uint_eq(choice_stats(chooser).overridden, 1);
    ck_assert_int_eq(hunch_reward(chooser, ticket, 1.0f), HUNCH_OK);
    hunch_chooser_probabilities(chooser, &x, mask, p);
    ck_assert(p[0] == 1.0f && p[1] == 0.0f && p[69] == 0.0f);
    hunch_chooser_free(chooser);
}
END_TEST

struct heuristic {
    uint32_t answer;
    unsigned calls;
    const uint64_t *mask;
    float x;
};

static uint32_t ask_heuristic(void *ctx, const float *x, const uint64_t *mask)
{
    struct heuristic *heuristic = ctx;
    heuristic->calls++;
    heuristic->mask = mask;
    heuristic->x = x[0];
    return heuristic->answer;
}

START_TEST(fallback__is_asked_on_a_doubt_and_only_then)
{
    struct heuristic heuristic = {3, 0, NULL, 0.0f};
    hunch_chooser_options options = choice_options(5, 1, "uniform");
    options.fallback = ask_heuristic;
    options.fallback_ctx = &heuristic;
    hunch_chooser *chooser = choice_new(&options);
    const uint64_t none = 0;
    const float x = 7.0f;
    (void)hunch_choose(chooser, &x);
    ck_assert_uint_eq(heuristic.calls, 0);
    hunch_ticket ticket = hunch_choose_masked(chooser, &x, &none);
    ck_assert_uint_eq(heuristic.calls, 1);
    ck_assert_uint_eq(ticket.arm, 3);
    ck_assert(ticket.propensity == 1.0f && heuristic.x == 7.0f && heuristic.mask == &none);
    heuristic.answer = 5; /* there is no such arm */
    ticket = hunch_choose_masked(chooser, &x, &none);
    ck_assert_uint_eq(ticket.arm, 0);
    hunch_chooser_free(chooser);
}
END_TEST

/* -- batches and ranks ------------------------------------------------------------------------- */

START_TEST(batch__is_the_same_choices_one_after_the_other)
{
    enum { N = 100, F = 3 };
    const hunch_chooser_options options = choice_options(4, F, "thompson-gauss");
    hunch_chooser *one = choice_new(&options);
    hunch_chooser *all = choice_new(&options);
    float x[N * F];
    hunch_ticket tickets[N];
    uint64_t random = 8;
    choice_context(&random, N * F, x);
    hunch_choose_batch(all, x, N, tickets);
    for (size_t i = 0; i < N; i++) {
        const hunch_ticket ticket = hunch_choose(one, x + i * F);
        SUITE_ASSERT(memcmp(&ticket, &tickets[i], sizeof ticket) == 0);
    }
    hunch_choose_batch(all, x, 0, tickets);
    ck_assert_uint_eq(choice_stats(all).choices, N);
    hunch_chooser_free(one);
    hunch_chooser_free(all);
}
END_TEST

/* The ticket's arm, then the others by falling probability; the oracle is probabilities(). */
START_TEST(ranks__are_the_best_others_in_order)
{
    enum { ARMS = 9 };
    const hunch_chooser_options options = choice_recorded(ARMS, 0);
    hunch_chooser *chooser = choice_new(&options);
    uint64_t random = 4;
    for (size_t i = 0; i < 2000; i++) {
        const uint64_t mask = hunch__splitmix64(&random) | (i % 10 == 0 ? 0 : 1);
        const uint32_t ranks = 1 + (uint32_t)(i % (ARMS + 2));
        uint32_t arms[ARMS + 3];
        float p[ARMS];
        arms[ranks] = 77;
        hunch_question q = question(NULL);
        q.mask = &mask;
        q.ranks = ranks;
        hunch_chooser_probabilities(chooser, NULL, &mask, p);
        const hunch_ticket ticket = hunch_choose_with(chooser, &q, arms);
        const uint32_t allowed = (uint32_t)__builtin_popcountll(mask & 0x1ff);
        SUITE_ASSERT(arms[0] == ticket.arm && arms[ranks] == 77);
        for (uint32_t r = 1; r < ranks; r++) {
            SUITE_ASSERT((arms[r] == UINT32_MAX) == (r >= allowed));
            SUITE_ASSERT(arms[r] == UINT32_MAX || (mask >> arms[r] & 1) != 0);
            for (uint32_t s = 0; s < r && arms[r] != UINT32_MAX; s++) {
                SUITE_ASSERT(arms[s] != arms[r]);
                SUITE_ASSERT(s == 0 || p[arms[s]] >= p[arms[r]]);
            }
        }
        SUITE_ASSERT(hunch_reward(chooser, ticket, 1.0f) == HUNCH_OK);
        hunch_chooser_learn(chooser);
    }
    hunch_chooser_free(chooser);
}
END_TEST

/* -- numbers in a range ------------------------------------------------------------------------ */

static const struct {
    double min, max;
    uint32_t scale;
} ranges[] = {
    {0.0, 1.0, HUNCH_SCALE_LINEAR},
    {-5.0, 3.0, HUNCH_SCALE_LINEAR},
    {1e-300, 1e300, HUNCH_SCALE_LINEAR},
    {1e-300, 1e300, HUNCH_SCALE_LOG},
    {-DBL_MAX, DBL_MAX, HUNCH_SCALE_LINEAR},
    {5e-324, DBL_MAX, HUNCH_SCALE_LOG},
    {1.0, 1.0000000000000002, HUNCH_SCALE_LOG},
    {4096.0, 1e9, HUNCH_SCALE_LOG},
};

enum { RANGES = sizeof ranges / sizeof ranges[0] };

/* Inside the range, inside the arm's bucket, every bucket met, and the bucket's propensity. */
START_TEST(value__lies_in_the_bucket_that_was_chosen)
{
    enum { BUCKETS = 48, N = 6000 };
    const double min = ranges[_i].min;
    const double max = ranges[_i].max;
    hunch_chooser_options options = choice_options(BUCKETS, 0, "uniform");
    options.value_min = min;
    options.value_max = max;
    options.value_scale = ranges[_i].scale;
    hunch_chooser *chooser = choice_new(&options);
    double sum[BUCKETS] = {0};
    unsigned met[BUCKETS] = {0};
    for (size_t i = 0; i < N; i++) {
        double value = (double)NAN;
        const hunch_ticket ticket = hunch_choose_value(chooser, NULL, &value);
        SUITE_ASSERT(value >= min && value <= max);
        double at = value / 2 / (max / 2 - min / 2) - min / 2 / (max / 2 - min / 2);
        at = fabs(max) > 1e300 ? at : (value - min) / (max - min);
        if (ranges[_i].scale == HUNCH_SCALE_LOG) {
            at = (log(value) - log(min)) / (log(max) - log(min));
        }
        const double place = at * BUCKETS - ticket.arm;
        SUITE_ASSERT(max - min < 1e-10 || (place > -1e-6 && place < 1.0 + 1e-6));
        SUITE_ASSERT(fabsf(ticket.propensity - 1.0f / BUCKETS) < 1e-6f);
        sum[ticket.arm] += place;
        met[ticket.arm]++;
    }
    for (size_t a = 0; a < BUCKETS && max - min > 1e-10; a++) {
        ck_assert_uint_gt(met[a], 50);
        ck_assert(fabs(sum[a] / met[a] - 0.5) < 0.2); /* uniform: .29 / sqrt(met) = .02 */
    }
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(value__buckets_are_some_when_none_are_named)
{
    hunch_chooser_options options = choice_options(0, 0, "uniform");
    options.value_max = 1.0;
    hunch_chooser *chooser = choice_new(&options);
    ck_assert_uint_eq(choice_stats(chooser).arms, HUNCH__RANGE_BUCKETS);
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(value__buckets_may_be_as_many_as_arms_are)
{
    hunch_chooser_options options = choice_options(3, 1, "uniform");
    options.value_max = 3.0;
    hunch_chooser *chooser = choice_new(&options);
    for (size_t i = 0; i < 100; i++) {
        const float x = 2.0f;
        double value = (double)NAN;
        const hunch_ticket ticket = hunch_choose_value(chooser, &x, &value);
        ck_assert_uint_eq(ticket.arm, (uint32_t)value);
    }
    hunch_chooser_free(chooser);
}
END_TEST

/* -- contexts ---------------------------------------------------------------------------------- */

START_TEST(context__that_is_not_finite_counts_as_missing)
{
    static const float odd[] = {NAN, INFINITY, -INFINITY};
    const hunch_feature schema[2] = {{.missing = 9.0f}, {.missing = -1.0f}};
    for (int plain = 0; plain < 2; plain++) {
        hunch_chooser_options options = choice_recorded(3, 2);
        options.schema = plain ? NULL : schema;
        hunch_chooser *chooser = choice_new(&options);
        for (uint64_t i = 0; i < 3; i++) {
            const float x[2] = {odd[i], 5.0f};
            const struct recorded *event = asked(chooser, x);
            ck_assert(event->dense[0] == (plain ? 0.0f : 9.0f) && event->dense[1] == 5.0f);
            ck_assert_uint_eq(choice_stats(chooser).not_finite, i + 1);
        }
        hunch_chooser_free(chooser);
    }
}
END_TEST

START_TEST(context__without_an_array_is_zeros)
{
    const hunch_chooser_options options = choice_recorded(3, 2);
    hunch_chooser *chooser = choice_new(&options);
    const hunch_question q = question(NULL);
    const struct recorded *event = told(chooser, hunch_choose_with(chooser, &q, NULL));
    ck_assert(event->dense[0] == 0.0f && event->dense[1] == 0.0f);
    hunch_chooser_free(chooser);
}
END_TEST

/* A categorical level and a bucket are columns that are 1, numbers come first. */
START_TEST(schema__makes_columns_of_levels_and_buckets)
{
    static const float cuts[] = {10.0f, 20.0f, 20.0f};
    const hunch_feature schema[] = {
        {.kind = HUNCH_FEATURE_CATEGORICAL, .levels = 3},
        {.kind = HUNCH_FEATURE_NUMERIC, .missing = 4.0f},
        {.kind = HUNCH_FEATURE_BUCKETED, .levels = 4, .cuts = cuts},
    };
    static const struct {
        float x[3];
        float numeric;
        uint32_t count;
        uint32_t columns[2];
        bool odd;
    } rows[] = {
        {{0, 1, 9}, 1, 2, {1, 4}, false},
        {{2, 1, 10}, 1, 2, {3, 5}, false}, /* bucket = how many cuts are <= x */
        {{1, 1, 20}, 1, 2, {2, 7}, false},
        {{1, 1, 1e30f}, 1, 2, {2, 7}, false},
        {{1, 1, -1e30f}, 1, 2, {2, 4}, false},
        {{3, 1, 9}, 1, 1, {4, 0}, true}, /* no such level */
        {{-1, 1, 9}, 1, 1, {4, 0}, true},
        {{0.5f, 1, 9}, 1, 1, {4, 0}, true},
        {{1e30f, 1, 9}, 1, 1, {4, 0}, true},
        {{NAN, 1, 9}, 1, 1, {4, 0}, true},
        {{1, INFINITY, 9}, 4, 2, {2, 4}, true},
        {{1, 1, NAN}, 1, 1, {2, 0}, true},
    };
    hunch_chooser_options options = choice_recorded(3, 3);
    options.schema = schema;
    hunch_chooser *chooser = choice_new(&options);
    uint64_t odd = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct recorded *event = asked(chooser, rows[i].x);
        odd += rows[i].odd;
        ck_assert_uint_eq(choice_stats(chooser).not_finite, odd);
        ck_assert(event->dense[0] == rows[i].numeric);
        ck_assert_uint_eq(event->count, rows[i].count);
        for (uint32_t k = 0; k < event->count; k++) {
            ck_assert_msg(event->columns[k] == rows[i].columns[k], "row %zu", i);
            ck_assert(event->values[k] == 1.0f);
        }
    }
    hunch_chooser_free(chooser);
}
END_TEST

/* Cuts that are not given are quantiles of the first 512 contexts learned from, then kept. */
START_TEST(schema__cuts_are_learned_once)
{
    enum { LEVELS = 4, N = 2000 };
    const hunch_feature schema = {.kind = HUNCH_FEATURE_BUCKETED, .levels = LEVELS};
    hunch_chooser_options options = choice_recorded(3, 1);
    options.schema = &schema;
    hunch_chooser *chooser = choice_new(&options);
    unsigned share[LEVELS] = {0};
    uint64_t random = 2;
    for (size_t i = 0; i < N; i++) {
        float x = 0;
        choice_context(&random, 1, &x);
        x = i < 512 ? x : 3.0f * x; /* what comes later moves no cut */
        const struct recorded *event = asked(chooser, &x);
        ck_assert_uint_eq(event->count, i < 511 ? 0 : 1);
        if (i >= 512) {
            const uint32_t bucket = 0u + (x >= -0.5f) + (x >= 0.0f) + (x >= 0.5f);
            const bool near = fabsf(fmodf(x, 0.5f)) < 0.1f || fabsf(fmodf(x, 0.5f)) > 0.4f;
            SUITE_ASSERT(event->columns[0] < LEVELS && (near || event->columns[0] == bucket));
            share[event->columns[0]]++;
        }
    }
    for (size_t i = 0; i < LEVELS; i++) {
        ck_assert_uint_gt(share[i], 60);
    }
    ck_assert_uint_eq(choice_stats(chooser).not_finite, 0);
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(sparse__entries_reach_the_learner)
{
    enum { F = 1000000 };
    hunch_chooser_options options = choice_recorded(3, F);
    options.nonzeros = 4;
    hunch_chooser *chooser = choice_new(&options);
    const uint32_t columns[] = {0, 7, 500000, F - 1};
    const float x[] = {1.0f, -2.0f, 3.0f, 4.0f};
    hunch_question q = question(x);
    q.columns = columns;
    q.x_count = 4;
    const struct recorded *event = told(chooser, hunch_choose_with(chooser, &q, NULL));
    ck_assert_uint_eq(event->count, 4);
    ck_assert_mem_eq(event->columns, columns, sizeof columns);
    ck_assert_mem_eq(event->values, x, sizeof x);
    hunch_chooser_free(chooser);
}
END_TEST

/* What is out of order, out of range or too much is left out; what is no number is missing. */
START_TEST(sparse__what_is_wrong_is_left_out)
{
    hunch_chooser_options options = choice_recorded(3, 100);
    options.nonzeros = 3;
    hunch_chooser *chooser = choice_new(&options);
    const uint32_t columns[] = {5, 5, 3, 0, 100, UINT32_MAX, 8, 9, 10, 11};
    const float x[] = {1, 2, 3, 4, 5, 6, 0, 7, NAN, 8};
    hunch_question q = question(x);
    q.columns = columns;
    q.x_count = 10;
    const struct recorded *event = told(chooser, hunch_choose_with(chooser, &q, NULL));
    ck_assert_uint_le(event->count, 3);
    for (uint32_t i = 0; i < event->count; i++) {
        ck_assert(event->columns[i] < 100 && isfinite(event->values[i]) &&
                  event->values[i] != 0.0f);
        ck_assert(i == 0 || event->columns[i - 1] < event->columns[i]);
    }
    ck_assert(event->columns[0] == 5 && event->values[0] == 1.0f);
    q.x_count = 0;
    event = told(chooser, hunch_choose_with(chooser, &q, NULL));
    ck_assert_uint_eq(event->count, 0);
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(sparse__a_dense_context_is_looked_through)
{
    hunch_chooser_options options = choice_recorded(3, 6);
    options.nonzeros = 2;
    hunch_chooser *chooser = choice_new(&options);
    const float x[] = {0, 0, 5, 0, -1, 2};
    const struct recorded *event = asked(chooser, x);
    ck_assert_uint_eq(event->count, 2);
    ck_assert(event->columns[0] == 2 && event->columns[1] == 4);
    ck_assert(event->values[0] == 5.0f && event->values[1] == -1.0f);
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(sparse__entries_given_to_a_dense_chooser_are_spread)
{
    const hunch_chooser_options options = choice_recorded(3, 4);
    hunch_chooser *chooser = choice_new(&options);
    const uint32_t columns[] = {1, 3, 4, UINT32_MAX};
    const float x[] = {5, 6, 7, 8};
    hunch_question q = question(x);
    q.columns = columns;
    q.x_count = 4;
    const struct recorded *event = told(chooser, hunch_choose_with(chooser, &q, NULL));
    const float expected[] = {0, 5, 0, 6};
    ck_assert_mem_eq(event->dense, expected, sizeof expected);
    hunch_chooser_free(chooser);
}
END_TEST

/* -- candidates -------------------------------------------------------------------------------- */

enum { CANDIDATES = 6, C = 3 };

static hunch_chooser *candidates_new(uint32_t features, struct heuristic *heuristic)
{
    hunch_chooser_options options = choice_recorded(CANDIDATES, features);
    options.candidate_features = C;
    if (heuristic != NULL) {
        options.fallback = ask_heuristic;
        options.fallback_ctx = heuristic;
    }
    return choice_new(&options);
}

/* The chosen one's features are what is learned from, exactly as long as they are. */
START_TEST(candidates__the_chosen_ones_features_are_learned)
{
    for (uint32_t features = 0; features < 6; features++) {
        hunch_chooser *chooser = candidates_new(features, NULL);
        const float x[6] = {1, 2, 3, 4, 5, 6};
        for (uint32_t n = 1; n <= CANDIDATES; n++) {
            for (size_t i = 0; i < 20; i++) {
                float *rows = malloc(n * C * sizeof *rows);
                ck_assert_ptr_nonnull(rows);
                for (uint32_t k = 0; k < n * C; k++) {
                    rows[k] = (float)(1 + k);
                }
                hunch_question q = question(x);
                q.candidates = rows;
                q.candidates_count = n;
                const hunch_ticket ticket = hunch_choose_with(chooser, &q, NULL);
                const struct recorded *event = told(chooser, ticket);
                SUITE_ASSERT(ticket.arm < n && event->arm == ticket.arm);
                SUITE_ASSERT(memcmp(event->candidate, rows + ticket.arm * C, C * sizeof *rows) ==
                             0);
                SUITE_ASSERT(memcmp(event->dense, x, features * sizeof *x) == 0);
                free(rows);
            }
        }
        ck_assert_uint_eq(choice_stats(chooser).overridden, 0);
        hunch_chooser_free(chooser);
    }
}
END_TEST

/* None, one that is no number among those allowed: the heuristic, and nothing odd is learned. */
START_TEST(candidates__a_doubt_is_the_heuristics_and_harmless)
{
    for (int callback = 0; callback < 2; callback++) {
        struct heuristic heuristic = {CANDIDATES - 1, 0, NULL, 0.0f};
        hunch_chooser *chooser = candidates_new(1, callback ? &heuristic : NULL);
        const float x = 1.0f;
        for (size_t i = 0; i < 4; i++) {
            float *rows = malloc((i + 1) * C * sizeof *rows);
            ck_assert_ptr_nonnull(rows);
            for (size_t k = 0; k < (i + 1) * C; k++) {
                rows[k] = 2.0f;
            }
            rows[i * C] = i % 2 == 0 ? NAN : INFINITY;
            hunch_question q = question(&x);
            q.candidates = i == 0 ? rows + C : rows; /* of no candidates, nothing may be read */
            q.candidates_count = (uint32_t)i;
            const hunch_ticket empty = hunch_choose_with(chooser, &q, NULL);
            q.candidates = rows;
            q.candidates_count = (uint32_t)i + 1;
            const hunch_ticket odd = hunch_choose_with(chooser, &q, NULL);
            free(rows);
            ck_assert(i > 0 || empty.propensity == 1.0f);
            ck_assert(odd.propensity == 1.0f);
            ck_assert_uint_eq(odd.arm, callback ? CANDIDATES - 1 : 0);
            const struct recorded *event = told(chooser, odd);
            for (size_t k = 0; k < C; k++) {
                ck_assert(isfinite(event->candidate[k]));
            }
        }
        ck_assert_uint_eq(choice_stats(chooser).overridden, 5);
        hunch_chooser_free(chooser);
    }
}
END_TEST

START_TEST(candidates__a_mask_takes_some_away)
{
    hunch_chooser *chooser = candidates_new(0, NULL);
    float rows[CANDIDATES * C] = {0};
    rows[2 * C] = NAN; /* not allowed, so that nobody asks what it is */
    const uint64_t mask = 0xf << 3 | 2;
    hunch_question q = question(NULL);
    q.candidates = rows;
    q.candidates_count = 5;
    q.mask = &mask;
    for (size_t i = 0; i < 200; i++) {
        const hunch_ticket ticket = hunch_choose_with(chooser, &q, NULL);
        SUITE_ASSERT(ticket.arm == 1 || ticket.arm == 3 || ticket.arm == 4);
    }
    q.candidates_count = CANDIDATES + 100; /* more than were declared: the first are looked at */
    SUITE_ASSERT(hunch_choose_with(chooser, &q, NULL).arm < CANDIDATES);
    ck_assert_uint_eq(choice_stats(chooser).overridden, 0);
    hunch_chooser_free(chooser);
}
END_TEST

/* -- episodes ---------------------------------------------------------------------------------- */

static hunch_chooser *episodes_new(uint32_t steps)
{
    hunch_chooser_options options = choice_recorded(3, 1);
    options.episode_steps = steps;
    return choice_new(&options);
}

static hunch_ticket take_step(hunch_chooser *chooser, hunch_episode *episode, float x)
{
    hunch_question q = question(&x);
    q.episode = episode;
    return hunch_choose_with(chooser, &q, NULL);
}

/* Its one reward reaches every step, with the column of its place and of the arm before it. */
START_TEST(episode__one_reward_reaches_every_step)
{
    enum { TOLD_APART = 4, STEPS = 7 };
    hunch_chooser *chooser = episodes_new(TOLD_APART);
    hunch_episode episode = {.struct_size = sizeof episode};
    hunch_ticket tickets[STEPS];
    for (uint32_t s = 0; s < STEPS; s++) {
        tickets[s] = take_step(chooser, &episode, (float)s);
        ck_assert_uint_eq(episode.steps, s + 1);
        ck_assert_uint_eq(episode.arm, tickets[s].arm);
        ck_assert_uint_eq(episode.last, tickets[s].id);
    }
    ck_assert_int_eq(hunch_reward_episode(chooser, &episode, NAN), HUNCH_EINVAL);
    ck_assert_int_eq(hunch_reward_episode(chooser, &episode, 2.0f), HUNCH_OK);
    ck_assert_int_eq(hunch_reward_episode(chooser, &episode, 2.0f), HUNCH_EEXPIRED);
    const struct recorder *recorder = choice_events(chooser);
    ck_assert_uint_eq(recorder->n, STEPS);
    for (uint32_t i = 0; i < STEPS; i++) {
        const struct recorded *event = &recorder->event[i];
        const uint32_t s = (uint32_t)event->dense[0];
        const uint32_t place = s < TOLD_APART - 1 ? s : TOLD_APART - 1;
        const uint32_t previous = s == 0 ? 0 : tickets[s - 1].arm + 1;
        ck_assert_uint_eq(event->arm, tickets[s].arm);
        ck_assert(event->reward == 2.0f);
        ck_assert_uint_eq(event->count, 1);
        ck_assert_uint_eq(event->columns[0], 1 + place * 4 + previous);
    }
    ck_assert(choice_adds_up(chooser));
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(episode__two_at_once_do_not_mix)
{
    hunch_chooser *chooser = episodes_new(8);
    hunch_episode episodes[2] = {{.struct_size = sizeof(hunch_episode)},
                                 {.struct_size = sizeof(hunch_episode)}};
    for (uint32_t s = 0; s < 20; s++) {
        (void)take_step(chooser, &episodes[s % 3 == 0], (float)(s % 3 == 0));
    }
    ck_assert_int_eq(hunch_reward_episode(chooser, &episodes[1], 1.0f), HUNCH_OK);
    const struct recorder *recorder = choice_events(chooser);
    ck_assert_uint_eq(recorder->n, 7);
    for (uint64_t i = 0; i < 7; i++) {
        ck_assert(recorder->event[i].dense[0] == 1.0f);
    }
    ck_assert_int_eq(hunch_reward_episode(chooser, &episodes[0], 1.0f), HUNCH_OK);
    ck_assert_uint_eq(choice_events(chooser)->n, 20);
    hunch_chooser_free(chooser);
}
END_TEST

/* What of it is still known is learned from: the steps after the last that was forgotten. */
START_TEST(episode__may_have_expired_in_part)
{
    hunch_chooser_options options = choice_recorded(3, 1);
    options.episode_steps = 2;
    options.pending = 16;
    hunch_chooser *chooser = choice_new(&options);
    hunch_episode episode = {.struct_size = sizeof episode};
    for (uint32_t s = 0; s < 200; s++) {
        (void)take_step(chooser, &episode, (float)s);
    }
    const uint64_t known = choice_pending(chooser);
    ck_assert_int_eq(hunch_reward_episode(chooser, &episode, 1.0f), HUNCH_OK);
    const struct recorder *recorder = choice_events(chooser);
    ck_assert_uint_ge(known, 16);
    ck_assert_uint_eq(recorder->n, known);
    for (uint64_t i = 0; i < recorder->n; i++) {
        ck_assert(recorder->event[i].dense[0] >= (float)(200 - known));
    }
    for (uint32_t s = 0; s < 100; s++) {
        (void)hunch_choose(chooser, &(float){0.0f});
    }
    ck_assert_int_eq(hunch_reward_episode(chooser, &episode, 1.0f), HUNCH_EEXPIRED);
    ck_assert(choice_adds_up(chooser));
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(episode__of_more_than_1024_steps_keeps_the_last)
{
    hunch_chooser *chooser = episodes_new(256);
    hunch_episode episode = {.struct_size = sizeof episode};
    for (uint32_t s = 0; s < 1500; s++) {
        (void)take_step(chooser, &episode, (float)s);
    }
    ck_assert_int_eq(hunch_reward_episode(chooser, &episode, 1.0f), HUNCH_OK);
    const struct recorder *recorder = choice_events(chooser);
    const hunch_chooser_stats stats = choice_stats(chooser);
    ck_assert_uint_eq(stats.rewards, 1024);
    ck_assert_uint_eq(recorder->n + stats.dropped, 1024);
    for (uint64_t i = 0; i < recorder->n; i++) {
        ck_assert(recorder->event[i].dense[0] >= 1500 - 1024);
    }
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(episode__that_is_none_is_refused)
{
    hunch_chooser *chooser = episodes_new(4);
    hunch_episode none = {.struct_size = sizeof none};
    hunch_episode small = {.struct_size = 4};
    union {
        hunch_episode episode;
        unsigned char bytes[sizeof(hunch_episode) + 8];
    } newer;
    hunch_episode forged = {.struct_size = sizeof forged, .steps = 3, .last = 0x123456789};
    memset(&newer, 0, sizeof newer);
    newer.episode.struct_size = sizeof newer;
    ck_assert_int_eq(hunch_reward_episode(chooser, &none, 1.0f), HUNCH_EINVAL);
    ck_assert_int_eq(hunch_reward_episode(chooser, &small, 1.0f), HUNCH_EINVAL);
    ck_assert_int_eq(hunch_reward_episode(chooser, &forged, 1.0f), HUNCH_EEXPIRED);
    (void)take_step(chooser, &newer.episode, 1.0f); /* what is not known is zero: fine */
    ck_assert_uint_eq(newer.episode.steps, 1);
    newer.bytes[sizeof newer - 1] = 1;
    ck_assert_int_eq(hunch_reward_episode(chooser, &newer.episode, 1.0f), HUNCH_EVERSION);
    (void)take_step(chooser, &small, 1.0f);
    ck_assert_uint_eq(small.steps + small.last + small.arm, 0);
    ck_assert_uint_eq(choice_stats(chooser).refused, 4);
    hunch_chooser_free(chooser);
}
END_TEST

/* An episode handed to a chooser without: its steps are choices, and nothing is remembered. */
START_TEST(episode__is_no_matter_to_a_chooser_without)
{
    const hunch_chooser_options options = choice_recorded(3, 1);
    hunch_chooser *chooser = choice_new(&options);
    hunch_episode episode = {.struct_size = sizeof episode};
    (void)take_step(chooser, &episode, 1.0f);
    const hunch_ticket last = take_step(chooser, &episode, 1.0f);
    ck_assert_int_eq(hunch_reward_episode(chooser, &episode, 1.0f), HUNCH_EEXPIRED);
    ck_assert_int_eq(hunch_reward(chooser, last, 1.0f), HUNCH_OK);
    hunch_chooser_free(chooser);
}
END_TEST

struct walk {
    hunch_chooser *chooser;
    hunch_episode *episode;
};

static void *walk_on(void *argument)
{
    struct walk *walk = argument;
    (void)take_step(walk->chooser, walk->episode, 5.0f);
    return NULL;
}

START_TEST(episode__may_go_from_thread_to_thread)
{
    hunch_chooser *chooser = episodes_new(8);
    hunch_episode episode = {.struct_size = sizeof episode};
    struct walk walk = {chooser, &episode};
    for (size_t i = 0; i < 6; i++) {
        pthread_t thread;
        ck_assert_int_eq(pthread_create(&thread, NULL, walk_on, &walk), 0);
        ck_assert_int_eq(pthread_join(thread, NULL), 0);
        (void)walk_on(&walk);
    }
    ck_assert_int_eq(hunch_reward_episode(chooser, &episode, 1.0f), HUNCH_OK);
    ck_assert_uint_eq(choice_events(chooser)->n, 12);
    hunch_chooser_free(chooser);
}
END_TEST

/* -- other versions of the structs ------------------------------------------------------------- */

/* What this version cannot understand is a doubt, too. */
START_TEST(question__of_a_newer_caller_is_the_heuristics)
{
    const hunch_chooser_options options = choice_recorded(3, 1);
    hunch_chooser *chooser = choice_new(&options);
    const float x = 1.0f;
    union {
        hunch_question question;
        unsigned char bytes[sizeof(hunch_question) + 16];
    } newer;
    memset(&newer, 0, sizeof newer);
    newer.question = question(&x);
    newer.question.struct_size = sizeof newer;
    (void)hunch_choose_with(chooser, &newer.question, NULL);
    ck_assert_uint_eq(choice_stats(chooser).overridden, 0);
    newer.bytes[sizeof newer - 1] = 1;
    const hunch_ticket ticket = hunch_choose_with(chooser, &newer.question, NULL);
    ck_assert_uint_eq(choice_stats(chooser).overridden, 1);
    ck_assert(ticket.arm == 0 && ticket.propensity == 1.0f);
    newer.question.struct_size = 8;
    (void)hunch_choose_with(chooser, &newer.question, NULL);
    ck_assert_uint_eq(choice_stats(chooser).overridden, 2);
    hunch_chooser_free(chooser);
}
END_TEST

static hunch_question question(const float *x)
{
    return (hunch_question){.struct_size = sizeof(hunch_question), .x = x};
}

/* The event of this ticket, which is rewarded. */
static const struct recorded *told(hunch_chooser *chooser, hunch_ticket ticket)
{
    SUITE_ASSERT(hunch_reward(chooser, ticket, 1.0f) == HUNCH_OK);
    const struct recorder *recorder = choice_events(chooser);
    SUITE_ASSERT(recorder->n > 0 && recorder->n <= RECORDER_EVENTS);
    return &recorder->event[recorder->n - 1];
}

static const struct recorded *asked(hunch_chooser *chooser, const float *x)
{
    return told(chooser, hunch_choose(chooser, x));
}

static Suite *questions_suite(void)
{
    Suite *suite = suite_create("choice_questions");
    TCase *cases = tcase_create("choice_questions");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, mask__only_its_arms_are_chosen, 0, 20);
    tcase_add_test(cases, mask__of_one_arm_is_certain);
    tcase_add_test(cases, mask__that_is_empty_gives_arm_0);
    tcase_add_test(cases, fallback__is_asked_on_a_doubt_and_only_then);
    tcase_add_test(cases, batch__is_the_same_choices_one_after_the_other);
    tcase_add_test(cases, ranks__are_the_best_others_in_order);
    tcase_add_loop_test(cases, value__lies_in_the_bucket_that_was_chosen, 0, RANGES);
    tcase_add_test(cases, value__buckets_are_some_when_none_are_named);
    tcase_add_test(cases, value__buckets_may_be_as_many_as_arms_are);
    tcase_add_test(cases, context__that_is_not_finite_counts_as_missing);
    tcase_add_test(cases, context__without_an_array_is_zeros);
    tcase_add_test(cases, schema__makes_columns_of_levels_and_buckets);
    tcase_add_test(cases, schema__cuts_are_learned_once);
    tcase_add_test(cases, sparse__entries_reach_the_learner);
    tcase_add_test(cases, sparse__what_is_wrong_is_left_out);
    tcase_add_test(cases, sparse__a_dense_context_is_looked_through);
    tcase_add_test(cases, sparse__entries_given_to_a_dense_chooser_are_spread);
    tcase_add_test(cases, candidates__the_chosen_ones_features_are_learned);
    tcase_add_test(cases, candidates__a_doubt_is_the_heuristics_and_harmless);
    tcase_add_test(cases, candidates__a_mask_takes_some_away);
    tcase_add_test(cases, episode__one_reward_reaches_every_step);
    tcase_add_test(cases, episode__two_at_once_do_not_mix);
    tcase_add_test(cases, episode__may_have_expired_in_part);
    tcase_add_test(cases, episode__of_more_than_1024_steps_keeps_the_last);
    tcase_add_test(cases, episode__that_is_none_is_refused);
    tcase_add_test(cases, episode__is_no_matter_to_a_chooser_without);
    tcase_add_test(cases, episode__may_go_from_thread_to_thread);
    tcase_add_test(cases, question__of_a_newer_caller_is_the_heuristics);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return suite_run(questions_suite());
}
