/* AVX-512 as the templates see it: sixteen floats, or eight doubles, a vector. */
#ifndef HUNCH_KERNELS_VECTOR_AVX512_H
#define HUNCH_KERNELS_VECTOR_AVX512_H

#include <immintrin.h>
#include <stddef.h>

/* What a file needs beyond the set's own: ",avx512vnni". */
#ifndef TARGET_MORE
#    define TARGET_MORE
#endif
#ifndef KERNELS
#    define KERNELS avx512
#endif

#define TARGET                                                                                     \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,popcnt,bmi,bmi2,"                    \
                          "lzcnt" TARGET_MORE)))
#define WIDTH   16
#define VECTOR  __m512
#define V_LOAD  _mm512_loadu_ps
#define V_STORE _mm512_storeu_ps
#define V_SET1  _mm512_set1_ps
#define V_ADD   _mm512_add_ps
#define V_SUB   _mm512_sub_ps
#define V_MUL   _mm512_mul_ps
#define V_DIV   _mm512_div_ps
#define V_SQRT  _mm512_sqrt_ps
#define V_MAX   _mm512_max_ps
#define V_MIN   _mm512_min_ps

/* The first n < WIDTH of x, then zeros. */
TARGET static inline VECTOR load_head(const float *x, size_t n)
{
    return _mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), x);
}

TARGET static inline void store_head(float *x, size_t n, VECTOR v)
{
    _mm512_mask_storeu_ps(x, (__mmask16)((1u << n) - 1), v);
}

#include "vector_doubles.h"

#endif
