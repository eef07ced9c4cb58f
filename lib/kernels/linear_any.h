/* The linear model and exploration for any number of arms, a vector of WIDTH (8 or 16) at a time,
 * and the functions of the table. Equal to linear_scalar.c to the bit.
 *
 * The includer defines KERNELS, what linear_eight.h asks for, and VECTOR, V_LOAD, V_STORE, V_SET1,
 * V_ADD, V_MUL. */
#include <string.h>

#include "linear_eight.h"

#define LINEAR_FN(f)         LINEAR_FN_2(f, KERNELS)
#define LINEAR_FN_2(f, name) LINEAR_FN_3(f, name)
#define LINEAR_FN_3(f, name) hunch__##f##_##name

TARGET INLINE VECTOR column(const float *row, float x)
{
    return V_MUL(V_SET1(x), V_LOAD(row));
}

/* sums[4][2], over the dense columns f = their number modulo 4, of two blocks of arms that lie
 * beside each other; `row` is that of the intercepts. Two, so that each number of the context is
 * loaded once for both, and eight sums are under way. */
TARGET INLINE void dense_of_two(const float *row, size_t stride, size_t dense, const float *x,
                                VECTOR sums[4][2])
{
    for (size_t j = 0; j < 4; j++) {
        sums[j][0] = j == 0 ? V_LOAD(row) : V_SET1(0.0f);
        sums[j][1] = j == 0 ? V_LOAD(row + WIDTH) : V_SET1(0.0f);
    }
    row += stride;
    size_t f = 0;
    for (; f + 4 <= dense; f += 4) {
        for (size_t j = 0; j < 4; j++, row += stride) {
            sums[j][0] = V_ADD(sums[j][0], column(row, x[f + j]));
            sums[j][1] = V_ADD(sums[j][1], column(row + WIDTH, x[f + j]));
        }
    }
    for (size_t j = 0; f + j < dense; j++, row += stride) {
        sums[j][0] = V_ADD(sums[j][0], column(row, x[f + j]));
        sums[j][1] = V_ADD(sums[j][1], column(row + WIDTH, x[f + j]));
    }
}

/* The same of one block. */
TARGET INLINE void dense_of_one(const float *row, size_t stride, size_t dense, const float *x,
                                VECTOR sums[4][2])
{
    for (size_t j = 0; j < 4; j++) {
        sums[j][0] = j == 0 ? V_LOAD(row) : V_SET1(0.0f);
    }
    row += stride;
    size_t f = 0;
    for (; f + 4 <= dense; f += 4) {
        for (size_t j = 0; j < 4; j++, row += stride) {
            sums[j][0] = V_ADD(sums[j][0], column(row, x[f + j]));
        }
    }
    for (size_t j = 0; f + j < dense; j++, row += stride) {
        sums[j][0] = V_ADD(sums[j][0], column(row, x[f + j]));
    }
}

/* The scores of a block from its sums, with the sparse columns added. */
TARGET INLINE VECTOR finish_block(VECTOR sums[4][2], size_t block, const float *weights,
                                  size_t stride, const hunch_context *x)
{
    VECTOR sum =
        V_ADD(V_ADD(sums[0][block], sums[2][block]), V_ADD(sums[1][block], sums[3][block]));
    for (uint32_t i = 0; i < x->count; i++) {
        sum = V_ADD(sum, column(weights + stride * (1 + (size_t)x->columns[i]), x->values[i]));
    }
    return sum;
}

TARGET void LINEAR_FN(linear_scores)(const struct hunch__linear *model, const hunch_context *x,
                                     float *scores)
{
    float clean[HUNCH__DENSE_MAX];
    if (model->stride == 8) {
        _mm256_storeu_ps(scores, scores8(model, x, clean));
        return;
    }
    const float *ready = ready_dense(model, x->dense, clean);
    const float *weights = hunch__linear_weights(model);
    const size_t stride = model->stride;
    VECTOR sums[4][2];
    size_t a = 0;
    for (; a + 2 * WIDTH <= stride; a += 2 * WIDTH) {
        dense_of_two(weights + a, stride, model->dense, ready, sums);
        V_STORE(scores + a, finish_block(sums, 0, weights + a, stride, x));
        V_STORE(scores + a + WIDTH, finish_block(sums, 1, weights + a + WIDTH, stride, x));
    }
    if (a < stride) {
        dense_of_one(weights + a, stride, model->dense, ready, sums);
        V_STORE(scores + a, finish_block(sums, 0, weights + a, stride, x));
    }
}

/* Sixteen arms from `from` on, -infinity where none is allowed; in *bits who is. */
TARGET INLINE void allowed16(const float *scores, uint32_t arms, const uint64_t *mask,
                             uint32_t from, __m256 s[2], unsigned *bits)
{
    const unsigned full = arms - from >= 16 ? 0xffffu : (1u << (arms - from)) - 1;
    *bits = mask == NULL ? full : (unsigned)(mask[from / 64] >> (from % 64)) & full;
    const __m256 none = _mm256_set1_ps(-INFINITY);
    s[0] = keep8(*bits & 0xff, _mm256_loadu_ps(scores + from), none);
    s[1] = keep8(*bits >> 8, _mm256_loadu_ps(scores + from + 8), none);
}

/* The largest of the allowed scores, in every lane, and in *n how many are allowed. */
TARGET INLINE __m256 top16(const float *scores, uint32_t arms, const uint64_t *mask, uint32_t *n)
{
    __m256 top = _mm256_set1_ps(-INFINITY);
    *n = 0;
    for (uint32_t from = 0; from < arms; from += 16) {
        __m256 s[2];
        unsigned bits = 0;
        allowed16(scores, arms, mask, from, s, &bits);
        top = _mm256_max_ps(top, _mm256_max_ps(s[0], s[1]));
        *n += (uint32_t)_mm_popcnt_u32(bits);
    }
    return max8(top);
}

/* p[arms, to 16] = what the arms but the best are played with; the best has *rest there too. */
TARGET INLINE uint32_t explore16(const struct hunch__explore *explore, const float *scores,
                                 uint32_t arms, const uint64_t *mask, float *p, float *rest)
{
    uint32_t n = 0;
    uint32_t best = UINT32_MAX;
    const __m256 top = top16(scores, arms, mask, &n);
    __m256 sum[2] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
    for (uint32_t from = 0; from < arms; from += 16) {
        __m256 s[2];
        unsigned bits = 0;
        allowed16(scores, arms, mask, from, s, &bits);
        if (best == UINT32_MAX) {
            const unsigned tops = equal8(s[0], top) | equal8(s[1], top) << 8;
            if (tops != 0) {
                best = from + (uint32_t)__builtin_ctz(tops);
                bits &= ~(1u << (best - from));
            }
        }
        for (int i = 0; i < 2; i++) {
            const __m256 q =
                keep8(bits >> (8 * i) & 0xff, weights_of_gaps(explore, top, s[i], (float)n),
                      _mm256_setzero_ps());
            _mm256_storeu_ps(p + from + 8 * i, q);
            sum[i] = _mm256_add_ps(sum[i], q);
        }
    }
    *rest = best_share(1.0f - sum8(_mm256_add_ps(sum[0], sum[1])), (float)n);
    p[best] = *rest;
    return best;
}

TARGET void LINEAR_FN(explore)(const struct hunch__explore *explore, const float *scores,
                               uint32_t arms, const uint64_t *mask, float *p)
{
    float padded[HUNCH__ARMS_MAX];
    float rest = 0;
    if (arms <= 8) {
        unsigned best = 0;
        _mm256_storeu_ps(
            padded, others8(explore, _mm256_loadu_ps(scores), bits8(arms, mask), &best, &rest));
        padded[best] = best_share(rest, (float)_mm_popcnt_u32(bits8(arms, mask)));
    } else {
        explore16(explore, scores, arms, mask, padded, &rest);
    }
    memcpy(p, padded, arms * sizeof(float));
}

/* Out of line, since it is the rarer case: the draw among all. */
TARGET static __attribute__((noinline)) uint32_t draw16(const struct hunch__explore *explore,
                                                        const float *scores, uint32_t arms,
                                                        const uint64_t *mask, uint64_t dice,
                                                        float *propensity)
{
    float p[HUNCH__ARMS_MAX];
    float rest = 0;
    (void)explore16(explore, scores, arms, mask, p, &rest);
    const uint32_t arm = hunch__draw(p, arms, dice);
    *propensity = p[arm];
    return arm;
}

/* What is left for the best of scores[arms], in *best; 0 when there are several, or when the gaps
 * do not matter. */
TARGET INLINE float left16(const struct hunch__explore *explore, const float *scores, uint32_t arms,
                           const uint64_t *mask, uint32_t *best)
{
    uint32_t n = 0;
    unsigned several = explore->gamma > 0.0f ? 0 : 2;
    const __m256 top = top16(scores, arms, mask, &n);
    __m256 sum[2] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
    for (uint32_t from = 0; from < arms; from += 16) {
        __m256 s[2];
        unsigned bits = 0;
        allowed16(scores, arms, mask, from, s, &bits);
        for (uint32_t i = 0; i < 2; i++) {
            const __m256 tops = _mm256_cmp_ps(s[i], top, _CMP_EQ_OQ);
            const unsigned equal = (unsigned)_mm256_movemask_ps(tops);
            *best = equal != 0 ? from + 8 * i + (uint32_t)__builtin_ctz(equal) : *best;
            several += (unsigned)_mm_popcnt_u32(equal);
            const __m256 q = weights_of_gaps(explore, top, s[i], (float)n);
            sum[i] = _mm256_add_ps(sum[i], _mm256_andnot_ps(tops, q));
        }
    }
    return several == 1 ? 1.0f - sum8(_mm256_add_ps(sum[0], sum[1])) : 0.0f;
}

TARGET INLINE uint32_t choose16(const struct hunch__explore *explore, const float *scores,
                                uint32_t arms, const uint64_t *mask, uint64_t dice,
                                float *propensity)
{
    uint32_t best = 0;
    const float left = left16(explore, scores, arms, mask, &best);
    if (left > HUNCH__CLEAR_BEST && hunch__uniform(dice) < (double)left) {
        *propensity = left;
        return best;
    }
    return draw16(explore, scores, arms, mask, dice, propensity);
}

TARGET uint32_t LINEAR_FN(explore_choose)(const struct hunch__explore *explore, const float *scores,
                                          uint32_t arms, const uint64_t *mask, uint64_t dice,
                                          float *propensity)
{
    return arms <= 8 ? choose8(explore, _mm256_loadu_ps(scores), arms, mask, dice, propensity)
                     : choose16(explore, scores, arms, mask, dice, propensity);
}

/* The rest of linear_choose(), apart, so that the common case needs little of the stack. */
TARGET static __attribute__((noinline)) uint32_t choose_any(const struct hunch__linear *model,
                                                            const hunch_context *x,
                                                            const uint64_t *mask, uint64_t dice,
                                                            float *propensity)
{
    float scores[HUNCH__ARMS_MAX];
    LINEAR_FN(linear_scores)(model, x, scores);
    return LINEAR_FN(explore_choose)(&model->explore, scores, model->arms, mask, dice, propensity);
}

TARGET uint32_t LINEAR_FN(linear_choose)(const struct hunch__linear *model, const hunch_context *x,
                                         const uint64_t *mask, uint64_t dice, float *propensity)
{
    float clean[SMALL_DENSE];
    if (model->stride > 8 || model->dense > SMALL_DENSE) {
        return choose_any(model, x, mask, dice, propensity);
    }
    return choose8(&model->explore, scores8(model, x, clean), model->arms, mask, dice, propensity);
}
