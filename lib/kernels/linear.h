/* A linear model of every arm's reward, laid out for choosing: arms lie in the lanes of vectors. */
#ifndef HUNCH_KERNELS_LINEAR_H
#define HUNCH_KERNELS_LINEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore.h"

/* The head of a linear snapshot. Behind it, each part 64-aligned:
 *   float center[D]                  is taken from each dense column; D = dense, to 16
 *   float low[D], high[D]            what is left of it is clipped to these
 *   float weights[1 + features][S]   the intercepts, then a row for each column; S = arms' stride
 * Lanes past the last arm hold zero; columns past the last dense one are clipped to [0, 0]. Taking
 * the center first keeps the digits of columns whose values are all large and alike, as times are.
 *
 * score_a = ((s0 + s2) + (s1 + s3))_a, where s_j is the sum, in ascending order, of x_f w_fa over
 * the clipped dense columns f = j modulo 4, s0 beginning with the intercept and the others with
 * zero, each product and sum rounded; then the sparse columns are added one by one, in their order.
 */
struct hunch__linear {
    uint32_t arms;     /* K                                             */
    uint32_t stride;   /* S: hunch__arms_stride(arms)                   */
    uint32_t dense;    /* columns that are always given                 */
    uint32_t features; /* columns in all                                */
    struct hunch__explore explore;
    uint32_t centered;    /* 0: every center is 0                      */
    uint32_t reserved[9]; /* zero: the parts begin on a cache line     */
};

_Static_assert(sizeof(struct hunch__linear) == 64, "the parts behind it are 64-aligned");

/* Most dense columns, which are clipped on the stack; contexts that are wider are sparse. */
#define HUNCH__DENSE_MAX 1024u

/* Dense columns, padded: what center, low and high have each. */
static inline uint32_t hunch__linear_padded(uint32_t dense)
{
    return (dense + 15u) & ~15u;
}

static inline float *hunch__linear_center(const struct hunch__linear *model)
{
    return (float *)(uintptr_t)(model + 1);
}

static inline float *hunch__linear_low(const struct hunch__linear *model)
{
    return hunch__linear_center(model) + hunch__linear_padded(model->dense);
}

static inline float *hunch__linear_high(const struct hunch__linear *model)
{
    return hunch__linear_low(model) + hunch__linear_padded(model->dense);
}

/* Say how dense column f is spread. A center is used only where it saves digits: without one, what
 * lies inside of the bounds can be multiplied as it was given. The bounds are finite. */
static inline void hunch__linear_set_spread(struct hunch__linear *model, uint32_t f, float mean,
                                            float reach)
{
    const bool far = mean > 64.0f * reach || mean < -64.0f * reach;
    hunch__linear_center(model)[f] = far ? mean : 0.0f;
    hunch__linear_low(model)[f] = far ? -reach : mean - reach;
    hunch__linear_high(model)[f] = far ? reach : mean + reach;
    model->centered |= far;
}

/* The most that a weight of dense column f may be: products stay below 1e34, so that no sum of them
 * is infinite, whatever the column once was and is now. The kernels compare scores and rely on it.
 */
static inline float hunch__linear_weight_max(const struct hunch__linear *model, uint32_t f)
{
    const float low = hunch__linear_low(model)[f];
    const float high = hunch__linear_high(model)[f];
    const float reach = high > -low ? high : -low;
    return reach > 1e6f ? 1e34f / reach : 1e28f;
}

/* The row of intercepts; that of column f is stride * (1 + f) further on. */
static inline float *hunch__linear_weights(const struct hunch__linear *model)
{
    return hunch__linear_high(model) + hunch__linear_padded(model->dense);
}

/* Bytes of a whole snapshot; the caller has bounded the numbers so that it fits a size_t. */
static inline size_t hunch__linear_bytes(uint32_t arms, uint32_t dense, uint32_t features)
{
    const size_t floats = 3 * (size_t)hunch__linear_padded(dense) +
                          (size_t)hunch__arms_stride(arms) * ((size_t)features + 1);
    return (sizeof(struct hunch__linear) + floats * sizeof(float) + 63) & ~(size_t)63;
}

#endif
