/* `policy-gradient`: a softmax policy, linear in the columns, for choices that share one late
 * reward. This file answers; policy_gradient_learn.c says how it learns. */
#include "policy_gradient.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "diag.h"
#include "kernels.h"
#include "learners.h"
#include "linear_snapshot.h"
#include "real.h"

/* A larger table would be swept through the caches at every publish. */
#define CELLS_MAX ((size_t)1 << 24)

/* Of columns: no mean and no bound is larger, and what varies less is constant, as its inverse
 * would leave the range of floats. */
#define SPREAD_MAX 1e38f
#define SPREAD_MIN 1e-30

static size_t snapshot_bytes(const hunch_learner_shape *shape);
static void init(void *state, const hunch_learner_shape *shape, uint64_t seed);
static void score(const void *snapshot, const hunch_learner_shape *shape, const hunch_context *x,
                  const float *candidates, const uint64_t *mask, float *p);
static void publish(void *state, const hunch_learner_shape *shape, uint64_t dice, void *snapshot);
static hunch_status validate(const void *state, const hunch_learner_shape *shape, hunch_diag *diag);
static bool fits(const hunch_learner_shape *shape);
static float find_top(const float *scores, uint32_t arms, const uint64_t *mask, uint32_t *n);
static float floor_epsilon(const hunch_learner_shape *shape, double events);
static void put_dense(const struct hunch__policy_parts *parts, double n, uint32_t f,
                      struct hunch__linear *model);
static bool all_within(const float *values, size_t n, float low, float high);
static bool sound_moments(double n, double mean, double m2);
static hunch_status check_tables(const void *state, const hunch_learner_shape *shape,
                                 hunch_diag *diag);

const hunch_learner_ops hunch__learner_policy_gradient = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "policy-gradient",
    .state_bytes = hunch__policy_bytes,
    .snapshot_bytes = snapshot_bytes,
    .init = init,
    .score = score,
    .learn = hunch__policy_learn,
    .publish = publish,
    .validate = validate,
};

size_t hunch__policy_bytes(const hunch_learner_shape *shape)
{
    if (!fits(shape)) {
        return 0;
    }
    const size_t dense = shape->dense;
    const size_t rows = (size_t)shape->features + 1;
    const size_t floats = dense + 3 * rows + 3 * rows * shape->arms;
    const size_t bytes =
        sizeof(struct hunch__policy) + 2 * dense * sizeof(double) + floats * sizeof(float);
    return (bytes + 63) & ~(size_t)63;
}

struct hunch__policy_parts hunch__policy_find_parts(const void *state,
                                                    const hunch_learner_shape *shape)
{
    const size_t rows = (size_t)shape->features + 1;
    struct hunch__policy_parts parts;
    parts.mean = (double *)(uintptr_t)((const struct hunch__policy *)state + 1);
    parts.m2 = parts.mean + shape->dense;
    parts.z = (float *)(parts.m2 + shape->dense);
    parts.visits = parts.z + shape->dense;
    parts.baseline = parts.visits + rows;
    parts.certainty = parts.baseline + rows;
    parts.advantage = parts.certainty + rows;
    parts.energy = parts.advantage + rows * shape->arms;
    parts.policy = parts.energy + rows * shape->arms;
    return parts;
}

double hunch__policy_spread(double n, double mean, double m2)
{
    const double variance = n > 0.0 ? m2 / n : 0.0;
    return variance > 1e-24 * mean * mean + 1e-60 ? sqrt(variance) : 0.0;
}

void hunch__softmax(const float *scores, uint32_t arms, const uint64_t *mask, float epsilon,
                    float *p)
{
    uint32_t n = 0;
    const float top = find_top(scores, arms, mask, &n);
    for (uint32_t a = 0; a < arms; a++) {
        p[a] = scores[a] - top;
    }
    hunch__exp_f32(p, arms, p);
    double sum = 0.0;
    for (uint32_t a = 0; a < arms; a++) {
        p[a] = hunch__allowed(mask, a) ? p[a] : 0.0f;
        sum += (double)p[a];
    }
    const float scale = (1.0f - epsilon) / (float)sum;
    const float floor = epsilon / (float)n;
    for (uint32_t a = 0; a < arms; a++) {
        p[a] = hunch__allowed(mask, a) ? p[a] * scale + floor : 0.0f;
    }
}

static size_t snapshot_bytes(const hunch_learner_shape *shape)
{
    return fits(shape) ? hunch__linear_bytes(shape->arms, shape->dense, shape->features) : 0;
}

/* Memory of zeros knows nothing. */
static void init(void *state, const hunch_learner_shape *shape, uint64_t seed)
{
    (void)state;
    (void)shape;
    (void)seed;
}

static void score(const void *snapshot, const hunch_learner_shape *shape, const hunch_context *x,
                  const float *candidates, const uint64_t *mask, float *p)
{
    const struct hunch__linear *model = snapshot;
    float scores[HUNCH__ARMS_MAX];
    (void)candidates;
    hunch__linear_snapshot_scores(model, x, scores);
    hunch__softmax(scores, shape->arms, mask, model->explore.epsilon, p);
}

/* The policy is over standardised columns: the weights of raw ones follow. */
static void publish(void *state, const hunch_learner_shape *shape, uint64_t dice, void *snapshot)
{
    const struct hunch__policy *head = state;
    const struct hunch__policy_parts parts = hunch__policy_find_parts(state, shape);
    struct hunch__linear *model = snapshot;
    (void)dice;
    memset(snapshot, 0, snapshot_bytes(shape));
    model->arms = shape->arms;
    model->stride = hunch__arms_stride(shape->arms);
    model->dense = shape->dense;
    model->features = shape->features;
    model->explore.epsilon = floor_epsilon(shape, head->events);
    float *weights = hunch__linear_weights(model);
    for (size_t row = 0; row <= shape->features; row++) {
        memcpy(weights + row * model->stride, parts.policy + row * shape->arms,
               shape->arms * sizeof *weights);
    }
    for (uint32_t f = 0; f < shape->dense; f++) {
        put_dense(&parts, head->events, f, model);
    }
}

static hunch_status validate(const void *state, const hunch_learner_shape *shape, hunch_diag *diag)
{
    const struct hunch__policy *head = state;
    const struct hunch__policy_parts parts = hunch__policy_find_parts(state, shape);
    if (!(head->events >= 0.0 && head->events <= 1e18)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, offsetof(struct hunch__policy, events),
                           "the number of events is out of range");
    }
    if (!sound_moments(head->events, head->reward_mean, head->reward_m2)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, offsetof(struct hunch__policy, reward_mean),
                           "moments of the reward are out of range");
    }
    for (uint32_t f = 0; f < shape->dense; f++) {
        if (!sound_moments(head->events, parts.mean[f], parts.m2[f])) {
            return hunch__fail(diag, HUNCH_ECORRUPT,
                               (uint64_t)((const char *)&parts.mean[f] - (const char *)state),
                               "moments of column %u are out of range", f);
        }
    }
    return check_tables(state, shape, diag);
}

static bool fits(const hunch_learner_shape *shape)
{
    return hunch__shape_has_own_arms(shape) && shape->dense <= HUNCH__DENSE_MAX &&
           (size_t)shape->features + 1 <= CELLS_MAX / shape->arms;
}

/* The largest score of an allowed arm, and how many are allowed. */
static float find_top(const float *scores, uint32_t arms, const uint64_t *mask, uint32_t *n)
{
    float top = -FLT_MAX;
    for (uint32_t a = 0; a < arms; a++) {
        if (hunch__allowed(mask, a)) {
            top = scores[a] > top ? scores[a] : top;
            *n += 1;
        }
    }
    return top;
}

/* Share of choices that are uniform, so that no arm is given up for good: a tenth at first, then
 * falling with the root of the events, as the best rate without knowledge of the gaps. Of an
 * episode's choices it disturbs each, so that it has to become small. */
static float floor_epsilon(const hunch_learner_shape *shape, double events)
{
    return (float)fmin(hunch__exploration(shape) / (10.0 + 0.35 * sqrt(events)), 1.0);
}

/* Undo the standardisation of column f: clip it to what was learned from, scale its weights and
 * move the intercepts. */
static void put_dense(const struct hunch__policy_parts *parts, double n, uint32_t f,
                      struct hunch__linear *model)
{
    const double mean = parts->mean[f];
    const double spread = hunch__policy_spread(n, mean, parts->m2[f]);
    hunch__linear_set_spread(model, f, hunch__to_float(mean, SPREAD_MAX),
                             hunch__to_float(HUNCH__CLIP * spread, SPREAD_MAX));
    const double offset = mean - (double)hunch__linear_center(model)[f];
    float *intercepts = hunch__linear_weights(model);
    float *weights = intercepts + (size_t)model->stride * (1 + f);
    for (uint32_t a = 0; a < model->arms; a++) {
        const double most = (double)hunch__linear_weight_max(model, f);
        const double steep = spread > SPREAD_MIN ? (double)weights[a] / spread : 0.0;
        const double raw = fmax(fmin(steep, most), -most);
        intercepts[a] = (float)((double)intercepts[a] - raw * offset);
        weights[a] = (float)raw;
    }
}

static bool all_within(const float *values, size_t n, float low, float high)
{
    for (size_t i = 0; i < n; i++) {
        if (!(values[i] >= low && values[i] <= high)) {
            return false;
        }
    }
    return true;
}

/* Of at most n floats, so that nothing computed from them overflows. */
static bool sound_moments(double n, double mean, double m2)
{
    return fabs(mean) <= (double)FLT_MAX && m2 >= 0.0 &&
           m2 <= (n + 1.0) * 4.0 * (double)FLT_MAX * (double)FLT_MAX;
}

static hunch_status check_tables(const void *state, const hunch_learner_shape *shape,
                                 hunch_diag *diag)
{
    const struct hunch__policy_parts parts = hunch__policy_find_parts(state, shape);
    const size_t rows = (size_t)shape->features + 1;
    const size_t cells = rows * shape->arms;
    const float much = 1e9f;
    const struct {
        const float *values;
        size_t n;
        float low, high;
        const char *name;
    } tables[] = {
        {parts.visits, rows, 0.0f, FLT_MAX, "visits"},
        {parts.baseline, rows, -much, much, "baseline"},
        {parts.certainty, rows, 0.0f, much, "certainty"},
        {parts.advantage, cells, -much, much, "advantage"},
        {parts.energy, cells, 0.0f, much, "energy"},
        {parts.policy, cells, -HUNCH__POLICY_BOUND, HUNCH__POLICY_BOUND, "policy"},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (!all_within(tables[i].values, tables[i].n, tables[i].low, tables[i].high)) {
            return hunch__fail(diag, HUNCH_ECORRUPT,
                               (uint64_t)((const char *)tables[i].values - (const char *)state),
                               "a number of table \"%s\" is out of range", tables[i].name);
        }
    }
    return HUNCH_OK;
}
