/* The linear model and exploration in plain C: the definitions of linear.h and explore.h. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "kernels.h"
#include "tables.h"

enum { LANES = 16, ARMS_AT_ONCE = 64 };

static float clip(float x, float low, float high);
static bool allowed(const uint64_t *mask, uint32_t arm);
static uint32_t find_best(const float *scores, uint32_t arms, const uint64_t *mask, uint32_t *n);
static float others(const struct hunch__explore *explore, float n, float gap);

void hunch__linear_scores_scalar(const struct hunch__linear *model, const hunch_context *x,
                                 float *scores)
{
    const float *weights = hunch__linear_weights(model);
    const float *center = hunch__linear_center(model);
    const float *low = hunch__linear_low(model);
    const float *high = hunch__linear_high(model);
    const size_t stride = model->stride;
    for (uint32_t a = 0; a < model->stride; a++) {
        float sum[4] = {weights[a], 0, 0, 0};
        for (uint32_t f = 0; f < model->dense; f++) {
            sum[f % 4] +=
                clip(x->dense[f] - center[f], low[f], high[f]) * weights[stride * (1 + f) + a];
        }
        scores[a] = (sum[0] + sum[2]) + (sum[1] + sum[3]);
        for (uint32_t i = 0; i < x->count; i++) {
            scores[a] += x->values[i] * weights[stride * (1 + x->columns[i]) + a];
        }
    }
}

uint32_t hunch__linear_choose_scalar(const struct hunch__linear *model, const hunch_context *x,
                                     const uint64_t *mask, uint64_t dice, float *propensity)
{
    float scores[HUNCH__ARMS_MAX];
    hunch__linear_scores_scalar(model, x, scores);
    return hunch__explore_choose_scalar(&model->explore, scores, model->arms, mask, dice,
                                        propensity);
}

void hunch__explore_scalar(const struct hunch__explore *explore, const float *scores, uint32_t arms,
                           const uint64_t *mask, float *p)
{
    float lane[LANES] = {0};
    uint32_t n = 0;
    const uint32_t best = find_best(scores, arms, mask, &n);
    for (uint32_t a = 0; a < arms; a++) {
        const bool other = a != best && allowed(mask, a);
        p[a] = other ? others(explore, (float)n, scores[best] - scores[a]) : 0.0f;
        lane[a % LANES] += p[a];
    }
    for (uint32_t half = LANES / 2; half > 0; half /= 2) {
        for (uint32_t i = 0; i < half; i++) {
            lane[i] += lane[i + half];
        }
    }
    const float rest = 1.0f - lane[0];
    const float even = 1.0f / (float)n;
    p[best] = rest > even ? rest : even;
}

uint32_t hunch__explore_choose_scalar(const struct hunch__explore *explore, const float *scores,
                                      uint32_t arms, const uint64_t *mask, uint64_t dice,
                                      float *propensity)
{
    float p[HUNCH__ARMS_MAX];
    hunch__explore_scalar(explore, scores, arms, mask, p);
    const uint32_t arm = hunch__draw(p, arms, dice);
    *propensity = p[arm];
    return arm;
}

uint32_t hunch__draw(const float *p, uint32_t arms, uint64_t dice)
{
    const double u = hunch__uniform(dice);
    uint32_t best = 0;
    for (uint32_t a = 1; a < arms; a++) {
        best = p[a] > p[best] ? a : best;
    }
    double sum = (double)p[best];
    uint32_t arm = best;
    for (uint32_t a = 0; a < arms && u >= sum; a++) {
        if (a != best && p[a] > 0.0f) {
            sum += (double)p[a];
            arm = a;
        }
    }
    return arm;
}

static float clip(float x, float low, float high)
{
    x = x > low ? x : low;
    return x < high ? x : high;
}

static bool allowed(const uint64_t *mask, uint32_t arm)
{
    return mask == NULL || (mask[arm / 64] >> (arm % 64) & 1) != 0;
}

/* The first allowed arm with the largest score, and in *n how many are allowed. */
static uint32_t find_best(const float *scores, uint32_t arms, const uint64_t *mask, uint32_t *n)
{
    uint32_t best = arms;
    *n = 0;
    for (uint32_t a = 0; a < arms; a++) {
        if (allowed(mask, a)) {
            best = best == arms || scores[a] > scores[best] ? a : best;
            *n += 1;
        }
    }
    return best;
}

static float others(const struct hunch__explore *explore, float n, float gap)
{
    return explore->gamma > 0.0f ? 1.0f / (n + explore->gamma * gap) : explore->epsilon / n;
}
