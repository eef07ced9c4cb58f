/* What single learners must do beyond the conformance suite: sums, solutions, samples. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learners.h"
#include "linear_state.h"
#include "pairs.h"
#include "random.h"
#include "ridge.h"
#include "sampling.h"
#include "suite.h"
#include "test_memory.h"

enum { DENSE = 4, EVENTS = 400, COLUMNS_MAX = 1 + DENSE + DENSE * (DENSE + 1) / 2 };

/* A learner of its own. */
struct trial {
    const hunch_learner_ops *ops;
    hunch_learner_shape shape;
    void *state;
    void *snapshot;
};

static struct trial begin(const char *name, uint32_t arms, uint32_t dense, float half_life);
static void end(struct trial *trial);
static void learn(struct trial *trial, const float *x, uint32_t arm, float reward);
static void publish(struct trial *trial);
static void fill_row(float *x, size_t i);
static float reward_of(const float *x, uint32_t arm);
static double expect(double (*rows)[COLUMNS_MAX], const double *rewards, size_t n, size_t d,
                     const double *at);
static void eliminate(double (*a)[COLUMNS_MAX], double *b, size_t d);
static double bernoulli_share(const hunch_learner_ops *ops, uint64_t seed);
static int compare(const void *a, const void *b);

START_TEST(sampling__moments)
{
    enum { N = 200000 };
    uint64_t stream = 1;
    double sum[3] = {0};
    double squares[3] = {0};
    for (int i = 0; i < N; i++) {
        const double x[3] = {hunch__sample_normal(&stream), hunch__sample_gamma(&stream, 0.5),
                             hunch__sample_beta(&stream, 2.0, 3.0)};
        for (int k = 0; k < 3; k++) {
            sum[k] += x[k] / N;
            squares[k] += x[k] * x[k] / N;
        }
    }
    ck_assert_double_eq_tol(sum[0], 0.0, 0.01);
    ck_assert_double_eq_tol(squares[0], 1.0, 0.02);
    ck_assert_double_eq_tol(sum[1], 0.5, 0.01);
    ck_assert_double_eq_tol(squares[1] - sum[1] * sum[1], 0.5, 0.02);
    ck_assert_double_eq_tol(sum[2], 0.4, 0.005);
    ck_assert_double_eq_tol(squares[2] - sum[2] * sum[2], 0.04, 0.002);
}
END_TEST

/* Against elimination of the normal equations of standardised columns, written out. */
START_TEST(linear__expects_what_elimination_does)
{
    static double rows[EVENTS][COLUMNS_MAX];
    static double rewards[EVENTS];
    struct trial trial = begin("linear", 1, DENSE, 0.0f);
    float x[DENSE];
    for (size_t i = 0; i < EVENTS; i++) {
        fill_row(x, i);
        rows[i][0] = 1.0;
        for (size_t f = 0; f < DENSE; f++) {
            rows[i][1 + f] = (double)x[f];
        }
        rewards[i] = (double)reward_of(x, 0);
        learn(&trial, x, 0, (float)rewards[i]);
    }
    publish(&trial);
    for (size_t i = 0; i < 20; i++) {
        fill_row(x, i);
        const double expected = expect(rows, rewards, EVENTS, 1 + DENSE, rows[i]);
        const hunch_context context = {.dense = x};
        const double found = hunch__linear_predict(trial.snapshot, &trial.shape, &context, 0);
        ck_assert_double_eq_tol(found, expected, 1e-4);
    }
    end(&trial);
}
END_TEST

/* The same over products; the last column varies from the hundredth event on only. */
START_TEST(quadratic__expects_what_elimination_of_products_does)
{
    static double rows[EVENTS][COLUMNS_MAX];
    static double rewards[EVENTS];
    double mean[DENSE] = {0};
    double sd[DENSE] = {0};
    static float x[EVENTS][DENSE];
    struct trial trial = begin("quadratic", 1, DENSE, 0.0f);
    for (size_t i = 0; i < EVENTS; i++) {
        fill_row(x[i], i);
        x[i][DENSE - 1] = i < 100 ? 3.0f : x[i][DENSE - 1];
        rewards[i] = (double)reward_of(x[i], 0) + (double)(x[i][0] * x[i][1]);
        learn(&trial, x[i], 0, (float)rewards[i]);
        for (size_t f = 0; f < DENSE; f++) {
            mean[f] += (double)x[i][f] / EVENTS;
            sd[f] += (double)x[i][f] * (double)x[i][f] / EVENTS;
        }
    }
    publish(&trial);
    for (size_t i = 0; i < EVENTS; i++) {
        size_t at = 1 + DENSE;
        rows[i][0] = 1.0;
        for (size_t f = 0; f < DENSE; f++) {
            rows[i][1 + f] = ((double)x[i][f] - mean[f]) / sqrt(sd[f] - mean[f] * mean[f]);
        }
        for (size_t a = 1; a <= DENSE; a++) {
            for (size_t b = a; b <= DENSE; b++) {
                rows[i][at++] = rows[i][a] * rows[i][b];
            }
        }
    }
    for (size_t i = 90; i < 110; i++) {
        const double expected = expect(rows, rewards, EVENTS, COLUMNS_MAX, rows[i]);
        const hunch_context context = {.dense = x[i]};
        const double found = hunch__quadratic_predict(trial.snapshot, &trial.shape, &context, 0);
        ck_assert_double_eq_tol(found, expected, 1e-3);
    }
    end(&trial);
}
END_TEST

START_TEST(linear__merged_sums_are_the_single_ones)
{
    struct trial one = begin("linear", 3, DENSE, 0.0f);
    struct trial sum = begin("linear", 3, DENSE, 0.0f);
    struct trial shard[8];
    struct hunch__ridge_plan plan;
    ck_assert(hunch__linear_plan(&one.shape, &plan));
    for (size_t k = 0; k < 8; k++) {
        shard[k] = begin("linear", 3, DENSE, 0.0f);
    }
    for (uint32_t i = 0; i < EVENTS; i++) {
        float x[DENSE];
        fill_row(x, i);
        learn(&one, x, i % 3, reward_of(x, i % 3));
        learn(&shard[i * 7 % 8], x, i % 3, reward_of(x, i % 3));
    }
    for (size_t k = 0; k < 8; k++) {
        sum.ops->merge(sum.state, &sum.shape, shard[k].state);
        end(&shard[k]);
    }
    const double *a = one.state;
    const double *b = sum.state;
    for (size_t i = plan.first; i < plan.solved; i++) {
        ck_assert_msg(fabs(a[i] - b[i]) <= 1e-9 * fmax(1.0, fabs(a[i])), "%zu: %.17g, %.17g", i,
                      a[i], b[i]);
    }
    end(&one);
    end(&sum);
}
END_TEST

/* Units, constants and copies of columns are not knowledge. */
START_TEST(linear__probabilities_do_not_depend_on_units)
{
    struct trial plain = begin("linear", 2, DENSE, 0.0f);
    struct trial other = begin("linear", 2, DENSE + 2, 0.0f);
    float p[2];
    float q[2];
    for (uint32_t i = 0; i < EVENTS + 20; i++) {
        float x[DENSE + 2];
        fill_row(x, i);
        const float reward = reward_of(x, i % 2);
        const hunch_context context = {.dense = x};
        if (i >= EVENTS) {
            plain.ops->score(plain.snapshot, &plain.shape, &context, NULL, NULL, p);
        } else {
            learn(&plain, x, i % 2, reward);
        }
        for (size_t f = 0; f < DENSE; f++) {
            x[f] *= 1e6f;
        }
        x[DENSE] = 1e9f; /* constant */
        x[DENSE + 1] = 5.0f;
        if (i >= EVENTS) {
            other.ops->score(other.snapshot, &other.shape, &context, NULL, NULL, q);
            ck_assert_double_eq_tol((double)p[0], (double)q[0], 1e-4);
        } else {
            learn(&other, x, i % 2, reward);
        }
        if (i == EVENTS - 1) {
            publish(&plain);
            publish(&other);
        }
    }
    end(&plain);
    end(&other);
}
END_TEST

/* 1,000 events say one thing, then 200 the opposite: with a half-life of 50 the latter win. */
START_TEST(learners__half_life_forgets)
{
    static const char *const names[] = {"linear", "quadratic", "wide", "thompson-gauss"};
    const char *name = names[_i];
    for (int forget = 0; forget < 2; forget++) {
        struct trial trial = begin(name, 2, DENSE, forget != 0 ? 50.0f : 0.0f);
        const hunch_context context = {.dense = (const float[DENSE]){0}};
        float p[2];
        for (uint32_t i = 0; i < 1200; i++) {
            float x[DENSE];
            fill_row(x, i);
            learn(&trial, x, i % 2, (float)((i < 1000) == (i % 2 == 0)));
        }
        publish(&trial);
        trial.ops->score(trial.snapshot, &trial.shape, &context, NULL, NULL, p);
        ck_assert_msg(p[forget] > 0.5f, "%s: p %.3f %.3f, forgetting %d", name, (double)p[0],
                      (double)p[1], forget);
        end(&trial);
    }
}
END_TEST

START_TEST(context_free__best_arm_is_played)
{
    static const char *const names[] = {"epsilon-greedy", "thompson-beta", "thompson-gauss"};
    const hunch_learner_ops *ops = hunch_learner_find(names[_i]);
    double shares[301];
    const size_t count = sizeof shares / sizeof shares[0];
    for (size_t seed = 0; seed < count; seed++) {
        shares[seed] = bernoulli_share(ops, seed);
    }
    qsort(shares, count, sizeof shares[0], compare);
    ck_assert_msg(shares[count / 2] >= 0.85, "%s: %.3f", ops->name, shares[count / 2]);
}
END_TEST

START_TEST(pairs__columns_are_numbered_without_gaps)
{
    static const uint32_t dense[] = {0, 1, 3, 4, 30, 60};
    static const uint32_t sparse[] = {0, 1, 2, 5, 20};
    for (size_t i = 0; i < sizeof dense / sizeof dense[0] * 5; i++) {
        const hunch_learner_shape shape = {
            .arms = 1, .dense = dense[i / 5], .features = dense[i / 5] + sparse[i % 5]};
        struct hunch__pairs pairs;
        if (!hunch__pairs_plan(&shape, &pairs)) {
            ck_assert_uint_le(shape.features, 1); /* a one-hot column has no products */
            continue;
        }
        ck_assert_uint_le(pairs.features_all, HUNCH__PAIRS_MAX);
        struct hunch__pairs_chosen chosen = {.count = pairs.slots};
        struct hunch__ridge_parents parents[1 + HUNCH__PAIRS_MAX];
        uint32_t columns[HUNCH__PAIRS_MAX];
        float ones[HUNCH__PAIRS_MAX];
        struct hunch__expanded out;
        for (uint32_t f = 0; f < shape.features; f++) {
            columns[f] = shape.dense + f;
            ones[f] = 1.0f;
        }
        for (uint32_t b = 0; b < chosen.count; b++) {
            chosen.column[b] = b;
        }
        const hunch_context x = {ones, columns, ones, sparse[i % 5], 0};
        hunch__pairs_expand(&pairs, &chosen, ones, &x, &out);
        hunch__pairs_parents(&pairs, &chosen, parents);
        ck_assert_uint_eq(pairs.dense_all + out.x.count, pairs.features_all);
        for (uint32_t n = 0; n < out.x.count; n++) {
            ck_assert_uint_eq(out.columns[n], pairs.dense_all + n);
        }
        for (uint32_t p = 1; p <= pairs.features_all; p++) {
            ck_assert(parents[p].v == 0 ? parents[p].u == p : parents[p].u < p && parents[p].v < p);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("learners");
    TCase *cases = tcase_create("learners");
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, sampling__moments);
    tcase_add_test(cases, linear__expects_what_elimination_does);
    tcase_add_test(cases, quadratic__expects_what_elimination_of_products_does);
    tcase_add_test(cases, linear__merged_sums_are_the_single_ones);
    tcase_add_test(cases, linear__probabilities_do_not_depend_on_units);
    tcase_add_loop_test(cases, learners__half_life_forgets, 0, 4);
    tcase_add_loop_test(cases, context_free__best_arm_is_played, 0, 3);
    tcase_add_test(cases, pairs__columns_are_numbered_without_gaps);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}

static struct trial begin(const char *name, uint32_t arms, uint32_t dense, float half_life)
{
    struct trial trial = {.ops = hunch_learner_find(name),
                          .shape = {.struct_size = sizeof(hunch_learner_shape),
                                    .arms = arms,
                                    .dense = dense,
                                    .features = dense,
                                    .half_life = half_life}};
    const size_t bytes = trial.ops->state_bytes(&trial.shape);
    const size_t snapshot_bytes = trial.ops->snapshot_bytes(&trial.shape);
    trial.state = memory_new(bytes);
    memset(trial.state, 0, bytes);
    trial.snapshot = aligned_alloc(64, (snapshot_bytes + 63) / 64 * 64);
    SUITE_ASSERT(trial.snapshot != NULL);
    trial.ops->init(trial.state, &trial.shape, 1);
    publish(&trial);
    return trial;
}

static void end(struct trial *trial)
{
    free(trial->state);
    free(trial->snapshot);
}

static void learn(struct trial *trial, const float *x, uint32_t arm, float reward)
{
    const hunch_learner_event event = {
        .x = {.dense = x}, .arm = arm, .propensity = 0.5f, .reward = reward, .weight = 1.0f};
    trial->ops->learn(trial->state, &trial->shape, &event, 1);
}

static void publish(struct trial *trial)
{
    trial->ops->publish(trial->state, &trial->shape, 7, trial->snapshot);
}

/* Row i: columns of other means and widths, the last two of them related. */
static void fill_row(float *x, size_t i)
{
    uint64_t stream = i;
    const double a = hunch__sample_uniform(&stream);
    const double b = hunch__sample_uniform(&stream);
    x[0] = (float)(100.0 + a);
    x[1] = (float)(b - 0.5);
    x[2] = (float)(1e-3 * hunch__sample_uniform(&stream));
    x[3] = (float)(a + b + 0.2 * hunch__sample_uniform(&stream));
}

static float reward_of(const float *x, uint32_t arm)
{
    return (arm == 0 ? 1.0f : -1.0f) * (x[1] + 500.0f * x[2]) + 0.5f * (x[0] - 100.0f);
}

/* The prediction at `at` of ridge regression over rows[n][d], whose first column is 1, with the
 * penalty of the learners on columns of mean 0 and variance 1 and on rewards around their mean. */
static double expect(double (*rows)[COLUMNS_MAX], const double *rewards, size_t n, size_t d,
                     const double *at)
{
    double mean[COLUMNS_MAX] = {0};
    double sd[COLUMNS_MAX] = {0};
    double a[COLUMNS_MAX][COLUMNS_MAX] = {{0}};
    double b[COLUMNS_MAX] = {0};
    double center = 0;
    for (size_t i = 0; i < n; i++) {
        center += rewards[i] / (double)n;
        for (size_t f = 1; f <= DENSE; f++) { /* products are as they are */
            mean[f] += rows[i][f] / (double)n;
            sd[f] += rows[i][f] * rows[i][f] / (double)n;
        }
    }
    for (size_t f = 0; f < d; f++) {
        sd[f] = f >= 1 && f <= DENSE ? sqrt(sd[f] - mean[f] * mean[f]) : 1.0;
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t f = 0; f < d; f++) {
            for (size_t g = 0; g < d; g++) {
                a[f][g] += (rows[i][f] - mean[f]) / sd[f] * ((rows[i][g] - mean[g]) / sd[g]);
            }
            b[f] += (rows[i][f] - mean[f]) / sd[f] * (rewards[i] - center);
        }
    }
    for (size_t f = 0; f < d; f++) {
        a[f][f] += HUNCH__PENALTY;
    }
    eliminate(a, b, d);
    double sum = center;
    for (size_t f = 0; f < d; f++) {
        sum += b[f] * ((at[f] - mean[f]) / sd[f]);
    }
    return sum;
}

/* b = a^-1 b, a positive definite. */
static void eliminate(double (*a)[COLUMNS_MAX], double *b, size_t d)
{
    for (size_t k = 0; k < d; k++) {
        for (size_t i = 0; i < d; i++) {
            const double factor = i == k ? 0.0 : a[i][k] / a[k][k];
            for (size_t j = k; j < d && factor != 0.0; j++) {
                a[i][j] -= factor * a[k][j];
            }
            b[i] -= factor * b[k];
        }
    }
    for (size_t k = 0; k < d; k++) {
        b[k] /= a[k][k];
    }
}

/* How often the best of four arms is played in rounds 200 to 399, learning when a sixteenth is
 * new. */
static double bernoulli_share(const hunch_learner_ops *ops, uint64_t seed)
{
    double chance[4] = {0.2, 0.3, 0.4, 0.7};
    struct trial trial = begin(ops->name, 4, 0, 0.0f);
    uint64_t stream = seed;
    uint32_t played = 0;
    int next = 0;
    for (uint32_t i = 3; i > 0; i--) {
        const uint64_t j = hunch__below(hunch__splitmix64(&stream), i + 1);
        const double swap = chance[i];
        chance[i] = chance[j];
        chance[j] = swap;
    }
    for (int i = 0; i < 400; i++) {
        const hunch_context none = {.count = 0};
        float p[4];
        if (i == next) {
            ops->publish(trial.state, &trial.shape, hunch__splitmix64(&stream), trial.snapshot);
            next = i + (i / 16 > 1 ? i / 16 : 1);
        }
        ops->score(trial.snapshot, &trial.shape, &none, NULL, NULL, p);
        const uint32_t arm = hunch_draw(p, 4, hunch__splitmix64(&stream));
        learn(&trial, NULL, arm, hunch__sample_uniform(&stream) < chance[arm] ? 1.0f : 0.0f);
        played += i >= 200 && chance[arm] > 0.6;
    }
    end(&trial);
    return played / 200.0;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}
