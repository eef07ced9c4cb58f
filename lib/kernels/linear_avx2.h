/* AVX2 as the linear kernels see it; see linear_x86.h. */
#include <immintrin.h>

#define TARGET  __attribute__((target("avx2,popcnt,bmi,bmi2,lzcnt")))
#define WIDTH   8
#define VECTOR  __m256
#define V_LOAD  _mm256_load_ps
#define V_STORE _mm256_storeu_ps
#define V_SET1  _mm256_set1_ps
#define V_ADD   _mm256_add_ps
#define V_MUL   _mm256_mul_ps

TARGET static inline __m256 load_head(const float *x, uint32_t n)
{
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_maskload_ps(x, _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), lane));
}

TARGET static inline void store_head(float *x, uint32_t n, __m256 v)
{
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    _mm256_maskstore_ps(x, _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), lane), v);
}

/* A lane of all ones for every bit that is set. */
TARGET static inline __m256 lanes8(unsigned bits)
{
    const __m256i bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    const __m256i have = _mm256_and_si256(_mm256_set1_epi32((int)bits), bit);
    return _mm256_castsi256_ps(_mm256_cmpeq_epi32(have, bit));
}

TARGET static inline __m256 keep8(unsigned bits, __m256 a, __m256 b)
{
    return _mm256_blendv_ps(b, a, lanes8(bits));
}

TARGET static inline unsigned equal8(__m256 a, __m256 b)
{
    return (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_EQ_OQ));
}
