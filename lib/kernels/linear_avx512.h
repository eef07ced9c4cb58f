/* AVX-512 as the linear kernels see it; see linear_x86.h. */
#include <immintrin.h>

#define TARGET  __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,popcnt,bmi,bmi2,lzcnt")))
#define WIDTH   16
#define VECTOR  __m512
#define V_LOAD  _mm512_load_ps
#define V_STORE _mm512_storeu_ps
#define V_SET1  _mm512_set1_ps
#define V_ADD   _mm512_add_ps
#define V_MUL   _mm512_mul_ps

TARGET static inline __m256 load_head(const float *x, uint32_t n)
{
    return _mm256_maskz_loadu_ps((__mmask8)((1u << n) - 1), x);
}

TARGET static inline void store_head(float *x, uint32_t n, __m256 v)
{
    _mm256_mask_storeu_ps(x, (__mmask8)((1u << n) - 1), v);
}

TARGET static inline __m256 keep8(unsigned bits, __m256 a, __m256 b)
{
    return _mm256_mask_blend_ps((__mmask8)bits, b, a);
}

TARGET static inline unsigned equal8(__m256 a, __m256 b)
{
    return _mm256_cmp_ps_mask(a, b, _CMP_EQ_OQ);
}
