/* What the outputs of a network mean, and the gradient of how wrong they were. */
#include <math.h>

#include "mlp_state.h"

#include "explore.h"
#include "real.h"

/* A target in units of the rewards' spread is at most this: the tail of a latency is no reason to
 * forget everything else. */
#define TARGET_MAX 8.0f

/* No residual moves a weight by more. */
#define RESIDUAL_MAX 4.0f

/* The chance of another arm is not taken to be smaller than this, so that a surprise stays finite.
 */
#define CHANCE_MIN 0.05f

static float clip(float x, float most);
static float largest(const float *z, uint32_t n);
static void compete(const struct hunch__mlp_outcomes *outcomes, float *z, float *spare);
static void compete_one(const struct hunch__mlp_outcomes *outcomes, uint32_t i, float none,
                        const float *e, float *z);
static void apart(const struct hunch__mlp_outcomes *outcomes, float *z);
static void squared(const struct hunch__mlp_outcomes *outcomes, float *z);
static float logistic(float z);

float hunch__mlp_target(const struct hunch__mlp_state *head, float reward)
{
    const double r = (double)reward;
    if (head->form != HUNCH__MLP_SQUARED) {
        /* As long as there is one reward alone, it is a success if it is positive. */
        return r > (head->low < head->high ? head->low : 0.0) ? 1.0f : 0.0f;
    }
    const double variance = head->reward[1] / (double)(head->known + 1);
    return variance > 0.0 ? clip((float)((r - head->reward[0]) / sqrt(variance)), TARGET_MAX)
                          : 0.0f;
}

float hunch__mlp_expected(uint32_t form, const float *z, uint32_t arms, uint32_t arm)
{
    float e[HUNCH__ARMS_MAX + 1];
    if (form == HUNCH__MLP_SQUARED) {
        return clip(z[arm], TARGET_MAX);
    }
    if (form == HUNCH__MLP_APART) {
        return logistic(z[arm]);
    }
    const float top = largest(z, arms);
    float sum = 0.0f;
    for (uint32_t a = 0; a < arms; a++) {
        e[a] = z[a] - top;
    }
    e[arms] = -top;
    hunch__exp_f32(e, arms + 1, e);
    for (uint32_t a = 0; a <= arms; a++) {
        sum += e[a];
    }
    return e[arm] / sum;
}

void hunch__mlp_gradient(uint32_t form, const struct hunch__mlp_outcomes *outcomes, float *z,
                         float *spare)
{
    if (form == HUNCH__MLP_COMPETE) {
        compete(outcomes, z, spare);
    } else if (form == HUNCH__MLP_APART) {
        apart(outcomes, z);
    } else {
        squared(outcomes, z);
    }
}

static float clip(float x, float most)
{
    return x > most ? most : x < -most ? -most : x;
}

/* The largest of z[n] and 0. */
static float largest(const float *z, uint32_t n)
{
    float top = 0.0f;
    for (uint32_t a = 0; a < n; a++) {
        top = z[a] > top ? z[a] : top;
    }
    return top;
}

/* log p_a for a success of arm a, log(1 - p_a) for a failure. */
static void compete(const struct hunch__mlp_outcomes *outcomes, float *z, float *spare)
{
    const uint32_t stride = outcomes->stride;
    float none[HUNCH__MLP_BATCH];
    for (uint32_t i = 0; i < outcomes->n; i++) {
        const float *row = z + (size_t)i * stride;
        none[i] = -largest(row, outcomes->arms);
        for (uint32_t a = 0; a < stride; a++) {
            spare[(size_t)i * stride + a] = row[a] + none[i];
        }
    }
    hunch__exp_f32(none, outcomes->n, none);
    hunch__exp_f32(spare, outcomes->n * stride, spare);
    for (uint32_t i = 0; i < outcomes->n; i++) {
        const size_t row = (size_t)i * stride;
        compete_one(outcomes, i, none[i], spare + row, z + row);
    }
}

/* The gradient of one event, from e[arms] in proportion to the chances, `none` being that of no arm
 * at all. With y the target: d/dz_k = (p_k - [k = a]) (y - (1 - y) p_a / (1 - p_a)). */
static void compete_one(const struct hunch__mlp_outcomes *outcomes, uint32_t i, float none,
                        const float *e, float *z)
{
    const uint32_t arms = outcomes->arms;
    const uint32_t arm = outcomes->arm[i];
    const float y = outcomes->target[i];
    float sum = none;
    for (uint32_t a = 0; a < arms; a++) {
        sum += e[a];
    }
    const float one = 1.0f / sum;
    const float p = e[arm] * one;
    const float others = 1.0f - p > CHANCE_MIN ? 1.0f - p : CHANCE_MIN;
    const float push = outcomes->weight[i] * (y - (1.0f - y) * p / others);
    const float prior = outcomes->weight[i] * outcomes->prior;
    const float alike = prior / (float)arms;
    for (uint32_t a = 0; a < arms; a++) {
        z[a] = e[a] * one * (push + prior) - alike;
    }
    for (uint32_t a = arms; a < outcomes->stride; a++) {
        z[a] = 0.0f;
    }
    z[arm] -= push;
}

static void apart(const struct hunch__mlp_outcomes *outcomes, float *z)
{
    for (uint32_t i = 0; i < outcomes->n; i++) {
        float *row = z + (size_t)i * outcomes->stride;
        const uint32_t arm = outcomes->arm[i];
        const float residual = logistic(row[arm]) - outcomes->target[i];
        for (uint32_t a = 0; a < outcomes->stride; a++) {
            row[a] = 0.0f;
        }
        row[arm] = outcomes->weight[i] * residual;
    }
}

static void squared(const struct hunch__mlp_outcomes *outcomes, float *z)
{
    for (uint32_t i = 0; i < outcomes->n; i++) {
        float *row = z + (size_t)i * outcomes->stride;
        const uint32_t arm = outcomes->arm[i];
        const float residual = clip(row[arm] - outcomes->target[i], RESIDUAL_MAX);
        for (uint32_t a = 0; a < outcomes->stride; a++) {
            row[a] = 0.0f;
        }
        row[arm] = outcomes->weight[i] * residual;
    }
}

static float logistic(float z)
{
    float e = -z;
    hunch__exp_f32(&e, 1, &e);
    return 1.0f / (1.0f + e);
}
