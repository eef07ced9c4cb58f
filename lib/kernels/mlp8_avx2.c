/* AVX2: products of bytes are added two by two in 16 bits, where two of seven bits and a sign fit,
 * then in 32. */
#if defined(__x86_64__)
#    include <stdbool.h>
#    include <string.h>

#    include "kernels.h"
#    include "tables.h"
#    include "vector_avx2.h"

TARGET static inline __m256i dot4(__m256i sum, __m256i bytes, __m256i weights)
{
    const __m256i pairs = _mm256_maddubs_epi16(bytes, weights);
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

/* Saturation clips at 127, the maximum at 0. */
TARGET static inline void to_bytes_2(uint8_t *out, __m256i a, __m256i b)
{
    const __m256i words = _mm256_packs_epi32(a, b); /* each half holds four of a and four of b */
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 0, 4, 1, 5);
    const __m256i bytes = _mm256_max_epi8(_mm256_packs_epi16(words, words), _mm256_setzero_si256());
    const __m256i ordered = _mm256_permutevar8x32_epi32(bytes, order);
    _mm_storeu_si128((__m128i *)(void *)out, _mm256_castsi256_si128(ordered));
}

TARGET static inline void to_bytes(uint8_t *out, __m256i sum)
{
    const __m128i words =
        _mm_packs_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    const __m128i bytes = _mm_max_epi8(_mm_packs_epi16(words, words), _mm_setzero_si128());
    _mm_storel_epi64((__m128i *)(void *)out, bytes);
}

#    define LAYER(name) wide_##name
#    define LANES       8
#    define I_VECTOR    __m256i
#    define I_LOAD      _mm256_loadu_si256
#    define I_SET1      _mm256_set1_epi32
#    define I_ADD       _mm256_add_epi32
#    define I_DOT       dot4
#    define I_TO_FLOAT  _mm256_cvtepi32_ps
#    define I_SHIFT     _mm256_srav_epi32
#    define V_ROUND     _mm256_cvtps_epi32
#    define L_VECTOR    __m256
#    define L_LOAD      _mm256_loadu_ps
#    define L_SET1      _mm256_set1_ps
#    define L_ADD       _mm256_add_ps
#    define L_MUL       _mm256_mul_ps
#    include "mlp8_layer.h"

#    include "mlp8_vector.h"
#else
typedef int hunch__no_avx2_mlp8; /* ISO C has no empty source */
#endif
