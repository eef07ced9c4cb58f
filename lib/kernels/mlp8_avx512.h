/* What both forms for AVX-512 share, with VNNI and without. The includer has included
 * vector_avx512.h and defines dot4_512(sum, bytes, weights) and dot4_256(): four products of bytes
 * are added to each sum. */
TARGET static inline void to_bytes(uint8_t *out, __m512i sum)
{
    const __m128i bytes = _mm_max_epi8(_mm512_cvtsepi32_epi8(sum), _mm_setzero_si128());
    _mm_storeu_si128((__m128i *)(void *)out, bytes);
}

/* Two packs and a reordering take less than two narrowings. */
TARGET static inline void to_bytes_2(uint8_t *out, __m512i a, __m512i b)
{
    const __m512i words = _mm512_packs_epi32(a, b); /* each quarter: four of a and four of b */
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 0, 4, 8, 12, 1, 5, 9, 13);
    const __m512i bytes = _mm512_max_epi8(_mm512_packs_epi16(words, words), _mm512_setzero_si512());
    const __m512i ordered = _mm512_permutexvar_epi32(order, bytes);
    _mm256_storeu_si256((__m256i *)(void *)out, _mm512_castsi512_si256(ordered));
}

#define NARROW
#define LAYER(name) narrow_##name
#define LANES       8
#define I_VECTOR    __m256i
#define I_LOAD      _mm256_loadu_si256
#define I_SET1      _mm256_set1_epi32
#define I_ADD       _mm256_add_epi32
#define I_DOT       dot4_256
#define L_VECTOR    __m256
#define L_LOAD      _mm256_loadu_ps
#define L_SET1      _mm256_set1_ps
#define L_ADD       _mm256_add_ps
#define L_MUL       _mm256_mul_ps
#include "mlp8_layer.h"
#undef LAYER
#undef LANES
#undef I_VECTOR
#undef I_LOAD
#undef I_SET1
#undef I_ADD
#undef I_DOT
#undef L_VECTOR
#undef L_LOAD
#undef L_SET1
#undef L_ADD
#undef L_MUL

#define LAYER(name) wide_##name
#define LANES       16
#define I_VECTOR    __m512i
#define I_LOAD      _mm512_loadu_si512
#define I_SET1      _mm512_set1_epi32
#define I_ADD       _mm512_add_epi32
#define I_DOT       dot4_512
#define I_TO_FLOAT  _mm512_cvtepi32_ps
#define I_SHIFT     _mm512_srav_epi32
#define V_ROUND     _mm512_cvtps_epi32
#define L_VECTOR    __m512
#define L_LOAD      _mm512_loadu_ps
#define L_SET1      _mm512_set1_ps
#define L_ADD       _mm512_add_ps
#define L_MUL       _mm512_mul_ps
#include "mlp8_layer.h"

#include "mlp8_vector.h"
