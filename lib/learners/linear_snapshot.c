/* Filling and asking a linear snapshot. */
#include "linear_snapshot.h"

#include <math.h>
#include <string.h>

#include "bits.h"
#include "learners.h"
#include "linear_state.h"

/* Contexts whose sparse values are all at most this cannot make a sum of 2^17 products with weights
 * up to HUNCH__WEIGHT_MAX overflow. */
#define TAME 1e4f

/* Spreads that a reward is expected to be off the mean, at most. */
#define SCORE_MAX 1e6

static struct hunch__linear_units *units_of(const struct hunch__linear *model);
static bool is_tame(const hunch_context *x);

size_t hunch__linear_snapshot_bytes(const hunch_learner_shape *shape)
{
    struct hunch__ridge_plan plan;
    return hunch__linear_plan(shape, &plan)
               ? hunch__linear_model_bytes(shape->arms, shape->dense, shape->features)
               : 0;
}

size_t hunch__linear_model_bytes(uint32_t arms, uint32_t dense, uint32_t features)
{
    return hunch__linear_bytes(arms, dense, features) + sizeof(struct hunch__linear_units) +
           hunch__align_up(hunch__arms_stride(arms) * sizeof(float), HUNCH__CACHE_LINE);
}

void hunch__linear_snapshot_score(const void *snapshot, const hunch_learner_shape *shape,
                                  const hunch_context *x, const float *candidates,
                                  const uint64_t *mask, float *p)
{
    const struct hunch__linear *model = snapshot;
    float scores[HUNCH__ARMS_MAX];
    (void)candidates;
    hunch__linear_snapshot_scores(model, x, scores);
    hunch__kernels_get()->explore(&model->explore, scores, shape->arms, mask, p);
}

uint32_t hunch__linear_snapshot_choose(const void *snapshot, const hunch_learner_shape *shape,
                                       const hunch_context *x, const uint64_t *mask, uint64_t dice,
                                       float *propensity)
{
    const struct hunch__linear *model = snapshot;
    const struct hunch__kernels *kernels = hunch__kernels_get();
    float scores[HUNCH__ARMS_MAX];
    if (is_tame(x)) {
        return kernels->linear_choose(model, x, mask, dice, propensity);
    }
    hunch__linear_snapshot_scores(model, x, scores);
    return kernels->explore_choose(&model->explore, scores, shape->arms, mask, dice, propensity);
}

void hunch__linear_snapshot_scores(const struct hunch__linear *model, const hunch_context *x,
                                   float *scores)
{
    hunch__kernels_get()->linear_scores(model, x, scores);
    if (is_tame(x)) {
        return;
    }
    for (uint32_t a = 0; a < model->stride; a++) {
        scores[a] = isfinite(scores[a]) ? scores[a] : 0.0f;
    }
}

double hunch__linear_snapshot_predict(const struct hunch__linear *model, const hunch_context *x,
                                      uint32_t arm)
{
    const struct hunch__linear_units *units = units_of(model);
    const float *column = hunch__linear_weights(model) + arm;
    double score = (double)column[0] - (double)units->bonus[arm];
    for (uint32_t f = 0; f < model->dense; f++) {
        const double value = (double)x->dense[f] - (double)hunch__linear_center(model)[f];
        const double low = fmax(value, (double)hunch__linear_low(model)[f]);
        const double clipped = fmin(low, (double)hunch__linear_high(model)[f]);
        score += clipped * (double)column[(1 + (size_t)f) * model->stride];
    }
    for (uint32_t i = 0; i < x->count; i++) {
        const size_t row = 1 + (size_t)x->columns[i];
        score += (double)x->values[i] * (double)column[row * model->stride];
    }
    return units->reward_mean + units->reward_sd * fmax(fmin(score, SCORE_MAX), -SCORE_MAX);
}

struct hunch__linear *hunch__linear_snapshot_begin(void *snapshot, const hunch_learner_shape *shape,
                                                   const struct hunch__ridge_solver *solver,
                                                   struct hunch__explore explore)
{
    struct hunch__linear *model = snapshot;
    memset(model, 0, hunch__linear_snapshot_bytes(shape));
    model->arms = shape->arms;
    model->stride = hunch__arms_stride(shape->arms);
    model->dense = shape->dense;
    model->features = shape->features;
    model->explore = explore;
    for (uint32_t f = 0; f < shape->dense; f++) {
        hunch__linear_set_spread(
            model, f, hunch__to_float(solver->mean[1 + f], HUNCH__SPREAD_MAX),
            hunch__to_float(HUNCH__CLIP * solver->sd[1 + f], HUNCH__SPREAD_MAX));
    }
    return model;
}

void hunch__linear_snapshot_set(struct hunch__linear *model, uint32_t arm,
                                const struct hunch__ridge_solver *solver, const double *weights,
                                double bonus)
{
    float *column = hunch__linear_weights(model) + arm;
    struct hunch__linear_units *units = units_of(model);
    column[0] = hunch__to_float(bonus, HUNCH__WEIGHT_MAX);
    units->bonus[arm] = column[0];
    units->reward_mean = solver->reward_mean;
    units->reward_sd = solver->reward_sd;
    if (weights == NULL) {
        return;
    }
    double intercept = weights[0] - solver->reward_mean;
    for (uint32_t f = 0; f < model->features; f++) {
        const float most =
            f < model->dense ? hunch__linear_weight_max(model, f) : HUNCH__WEIGHT_MAX;
        column[(1 + (size_t)f) * model->stride] =
            hunch__to_float(weights[1 + f] / solver->reward_sd, most);
    }
    for (size_t f = 0; f < model->dense; f++) {
        intercept += weights[1 + f] * (double)hunch__linear_center(model)[f];
    }
    column[0] = hunch__to_float(intercept / solver->reward_sd + bonus, HUNCH__WEIGHT_MAX);
}

float hunch__to_float(double x, float most)
{
    return (float)fmax(fmin(x, (double)most), -(double)most);
}

static struct hunch__linear_units *units_of(const struct hunch__linear *model)
{
    const size_t bytes = hunch__linear_bytes(model->arms, model->dense, model->features);
    return (void *)((uintptr_t)model + bytes);
}

static bool is_tame(const hunch_context *x)
{
    bool tame = true;
    for (uint32_t i = 0; i < x->count; i++) {
        tame &= fabsf(x->values[i]) <= TAME;
    }
    return tame;
}
