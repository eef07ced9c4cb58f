/* AVX2 as the templates see it: eight floats, or four doubles, a vector. */
#ifndef HUNCH_KERNELS_VECTOR_AVX2_H
#define HUNCH_KERNELS_VECTOR_AVX2_H

#include <immintrin.h>
#include <stddef.h>

#define TARGET  __attribute__((target("avx2,popcnt,bmi,bmi2,lzcnt")))
#define KERNELS avx2
#define WIDTH   8
#define VECTOR  __m256
#define V_LOAD  _mm256_loadu_ps
#define V_STORE _mm256_storeu_ps
#define V_SET1  _mm256_set1_ps
#define V_ADD   _mm256_add_ps
#define V_SUB   _mm256_sub_ps
#define V_MUL   _mm256_mul_ps
#define V_DIV   _mm256_div_ps
#define V_SQRT  _mm256_sqrt_ps
#define V_MAX   _mm256_max_ps
#define V_MIN   _mm256_min_ps

TARGET static inline __m256i lanes_below(size_t n)
{
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), lane);
}

/* The first n < WIDTH of x, then zeros. */
TARGET static inline VECTOR load_head(const float *x, size_t n)
{
    return _mm256_maskload_ps(x, lanes_below(n));
}

TARGET static inline void store_head(float *x, size_t n, VECTOR v)
{
    _mm256_maskstore_ps(x, lanes_below(n), v);
}

#include "vector_doubles.h"

#endif
