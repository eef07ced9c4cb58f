/* The linear model and exploration for up to eight arms, on AVX2 and AVX-512: the scores stay in
 * one register from the first product to the draw. Equal to linear_scalar.c to the bit.
 *
 * The includer defines TARGET and
 *   load_head(x, n)     the first n < 8 of x[n], then zeros, as __m256
 *   store_head(x, n, v) the first n < 8 lanes of v to x[n]
 *   keep8(bits, a, b)   lanes of a where the bit is set, of b where it is not
 *   equal8(a, b)        a bit for each lane that is equal
 * as linear_avx2.h and linear_avx512.h do. */
#include <math.h>
#include <string.h>

/* Dense columns of the common case. */
#define SMALL_DENSE 64

#define INLINE static inline __attribute__((always_inline))

/* Eight dense columns from `f` on, less their center and clipped. */
TARGET INLINE __m256 clip8(const float *center, size_t padded, size_t f, __m256 x)
{
    const float *low = center + padded;
    const float *high = low + padded;
    x = _mm256_sub_ps(x, _mm256_load_ps(center + f));
    return _mm256_min_ps(_mm256_max_ps(x, _mm256_load_ps(low + f)), _mm256_load_ps(high + f));
}

/* clean[dense, to 8] = x less its center and clipped. */
TARGET INLINE void clip_dense(const struct hunch__linear *model, const float *x, float *clean)
{
    const float *center = hunch__linear_center(model);
    const size_t padded = hunch__linear_padded(model->dense);
    const size_t dense = model->dense;
    size_t f = 0;
    for (; f + 8 <= dense; f += 8) {
        _mm256_storeu_ps(clean + f, clip8(center, padded, f, _mm256_loadu_ps(x + f)));
    }
    if (f < dense) {
        const __m256 head = load_head(x + f, (uint32_t)(dense - f));
        _mm256_storeu_ps(clean + f, clip8(center, padded, f, head));
    }
}

/* Whether eight dense columns from `f` on lie inside of their bounds; NaN lies nowhere. */
TARGET INLINE bool inside8(const float *low, size_t padded, size_t f, __m256 x)
{
    const __m256 above = _mm256_cmp_ps(x, _mm256_load_ps(low + f), _CMP_GE_OQ);
    const __m256 below = _mm256_cmp_ps(x, _mm256_load_ps(low + padded + f), _CMP_LE_OQ);
    return _mm256_movemask_ps(_mm256_and_ps(above, below)) == 0xff;
}

/* What the weights are multiplied with: x itself when nothing has to be done to it, since loads of
 * what was just stored come at half the rate, or clean[]. */
TARGET INLINE const float *ready_dense(const struct hunch__linear *model, const float *x,
                                       float *clean)
{
    const float *low = hunch__linear_low(model);
    const size_t padded = hunch__linear_padded(model->dense);
    bool inside = model->centered == 0;
    size_t f = 0;
    for (; f + 8 <= model->dense; f += 8) {
        inside &= inside8(low, padded, f, _mm256_loadu_ps(x + f));
    }
    if (f < model->dense) {
        inside &= inside8(low, padded, f, load_head(x + f, (uint32_t)(model->dense - f)));
    }
    if (inside && x != NULL) { /* a context without numbers may come without an array */
        return x;
    }
    clip_dense(model, x, clean);
    return clean;
}

TARGET INLINE __m256 column8(const float *row, const float *x)
{
    return _mm256_mul_ps(_mm256_broadcast_ss(x), _mm256_load_ps(row));
}

/* The scores before the sparse columns; `row` is that of the intercepts. */
TARGET INLINE __m256 dense8(const float *row, size_t dense, const float *x)
{
    const float *end = x + (dense & ~(size_t)3);
    __m256 s0 = _mm256_load_ps(row);
    __m256 s1 = _mm256_setzero_ps();
    __m256 s2 = _mm256_setzero_ps();
    __m256 s3 = _mm256_setzero_ps();
    for (row += 8; x != end; x += 4, row += 32) {
        s0 = _mm256_add_ps(s0, column8(row, x));
        s1 = _mm256_add_ps(s1, column8(row + 8, x + 1));
        s2 = _mm256_add_ps(s2, column8(row + 16, x + 2));
        s3 = _mm256_add_ps(s3, column8(row + 24, x + 3));
    }
    if ((dense & 3) != 0) {
        s0 = _mm256_add_ps(s0, column8(row, x));
        s1 = (dense & 3) > 1 ? _mm256_add_ps(s1, column8(row + 8, x + 1)) : s1;
        s2 = (dense & 3) > 2 ? _mm256_add_ps(s2, column8(row + 16, x + 2)) : s2;
    }
    return _mm256_add_ps(_mm256_add_ps(s0, s2), _mm256_add_ps(s1, s3));
}

TARGET static inline __m256 add_sparse8(const struct hunch__linear *model, const hunch_context *x,
                                        __m256 sum)
{
    const float *weights = hunch__linear_weights(model);
    for (uint32_t i = 0; i < x->count; i++) {
        const size_t row = 1 + (size_t)x->columns[i];
        sum = _mm256_add_ps(sum, column8(weights + 8 * row, x->values + i));
    }
    return sum;
}

TARGET INLINE __m256 scores8(const struct hunch__linear *model, const hunch_context *x,
                             float *clean)
{
    const float *ready = ready_dense(model, x->dense, clean);
    const __m256 sum = dense8(hunch__linear_weights(model), model->dense, ready);
    return x->count == 0 ? sum : add_sparse8(model, x, sum);
}

/* Every lane holds the largest of v's. */
TARGET static inline __m256 max8(__m256 v)
{
    v = _mm256_max_ps(v, _mm256_permute2f128_ps(v, v, 1));
    v = _mm256_max_ps(v, _mm256_permute_ps(v, 0x4e));
    return _mm256_max_ps(v, _mm256_permute_ps(v, 0xb1));
}

/* The lanes halved and halved again: lane i + half is added to lane i. */
TARGET static inline float sum8(__m256 v)
{
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

/* What is left for the best of n arms. */
static inline float best_share(float left, float n)
{
    const float even = 1.0f / n;
    return left > even ? left : even;
}

/* What an arm is played with that is as far behind as `s` is behind `top`. */
TARGET static inline __m256 weights_of_gaps(const struct hunch__explore *explore, __m256 top,
                                            __m256 s, float n)
{
    if (!(explore->gamma > 0.0f)) {
        return _mm256_set1_ps(explore->epsilon / n);
    }
    const __m256 gap = _mm256_mul_ps(_mm256_set1_ps(explore->gamma), _mm256_sub_ps(top, s));
    return _mm256_div_ps(_mm256_set1_ps(1.0f), _mm256_add_ps(_mm256_set1_ps(n), gap));
}

/* What the arms but the best are played with, and 0 for the best, in *best, which gets *left. Every
 * lane that is not allowed comes out as 0: it is infinitely far behind. */
TARGET INLINE __m256 others8(const struct hunch__explore *explore, __m256 scores, unsigned bits,
                             unsigned *best, float *left)
{
    const float n = (float)_mm_popcnt_u32(bits);
    const __m256 s = keep8(bits, scores, _mm256_set1_ps(-INFINITY));
    const __m256 top = max8(s);
    const __m256 tops = _mm256_cmp_ps(s, top, _CMP_EQ_OQ);
    const unsigned equal = (unsigned)_mm256_movemask_ps(tops);
    *best = (unsigned)__builtin_ctz(equal);
    __m256 q = weights_of_gaps(explore, top, s, n);
    if ((equal & (equal - 1)) == 0 && explore->gamma > 0.0f) {
        q = _mm256_andnot_ps(tops, q); /* shorter than by way of the number of the best */
    } else {
        q = keep8(bits & ~(1u << *best), q, _mm256_setzero_ps());
    }
    *left = 1.0f - sum8(q);
    return q;
}

TARGET static inline unsigned bits8(uint32_t arms, const uint64_t *mask)
{
    const unsigned full = (1u << arms) - 1;
    return mask == NULL ? full : (unsigned)mask[0] & full;
}

/* Out of line, since it is the rarer case: the draw among all. */
TARGET static __attribute__((noinline)) uint32_t draw8(__m256 q, unsigned best, float left,
                                                       unsigned bits, uint64_t dice,
                                                       float *propensity)
{
    float p[8];
    _mm256_storeu_ps(p, q);
    p[best] = best_share(left, (float)_mm_popcnt_u32(bits));
    const uint32_t arm = hunch__draw(p, 8, dice);
    *propensity = p[arm];
    return arm;
}

TARGET static inline uint32_t choose8(const struct hunch__explore *explore, __m256 scores,
                                      uint32_t arms, const uint64_t *mask, uint64_t dice,
                                      float *propensity)
{
    unsigned best = 0;
    float left = 0;
    const unsigned bits = bits8(arms, mask);
    const __m256 q = others8(explore, scores, bits, &best, &left);
    if (left > HUNCH__CLEAR_BEST && hunch__uniform(dice) < (double)left) {
        *propensity = left;
        return best;
    }
    return draw8(q, best, left, bits, dice, propensity);
}
