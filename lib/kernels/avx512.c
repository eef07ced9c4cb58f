/* AVX-512: eight keys a compare, a mask, a population count. */
#if defined(__x86_64__)
#    include <immintrin.h>

#    include "kernels.h"
#    include "tables.h"

#    define TARGET                                                                                 \
        __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,popcnt,bmi,bmi2,lzcnt")))

TARGET static size_t count_less(const uint64_t *keys, size_t n, uint64_t key)
{
    const __m512i q = _mm512_set1_epi64((long long)key);
    size_t count = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        count += (size_t)_mm_popcnt_u32(_mm512_cmplt_epu64_mask(_mm512_loadu_si512(keys + i), q));
    }
    if (i < n) {
        const __mmask8 rest = (__mmask8)((1u << (n - i)) - 1);
        const __m512i tail = _mm512_maskz_loadu_epi64(rest, keys + i);
        count += (size_t)_mm_popcnt_u32(_mm512_mask_cmplt_epu64_mask(rest, tail, q));
    }
    return count;
}

TARGET static inline size_t rank8(const uint64_t *group, uint64_t key)
{
    const __m512i q = _mm512_set1_epi64((long long)key);
    return (size_t)_mm_popcnt_u32(_mm512_cmplt_epu64_mask(_mm512_loadu_si512(group), q));
}

TARGET static inline size_t rank7of8(const uint64_t *node, uint64_t key)
{
    const __m512i q = _mm512_set1_epi64((long long)key);
    return (size_t)_mm_popcnt_u32(_mm512_mask_cmplt_epu64_mask(0x7f, _mm512_loadu_si512(node), q));
}

TARGET static inline size_t rank15of16(const uint64_t *node, uint64_t key)
{
    const __m512i q = _mm512_set1_epi64((long long)key);
    const __mmask8 low = _mm512_cmplt_epu64_mask(_mm512_loadu_si512(node), q);
    const __mmask8 high = _mm512_mask_cmplt_epu64_mask(0x7f, _mm512_loadu_si512(node + 8), q);
    return (size_t)_mm_popcnt_u32((unsigned)_mm512_kunpackb(high, low));
}

TARGET static inline size_t rank_packed(const uint32_t *node, uint32_t key)
{
    const __m512i q = _mm512_set1_epi32((int)key);
    return (size_t)_mm_popcnt_u32(
        _mm512_mask_cmplt_epu32_mask(0x7fff, _mm512_loadu_si512(node), q));
}

TARGET static inline size_t rank16(const uint64_t *keys, uint64_t key)
{
    const __m512i q = _mm512_set1_epi64((long long)key);
    const __mmask8 low = _mm512_cmplt_epu64_mask(_mm512_loadu_si512(keys), q);
    const __mmask8 high = _mm512_cmplt_epu64_mask(_mm512_loadu_si512(keys + 8), q);
    return (size_t)_mm_popcnt_u32((unsigned)_mm512_kunpackb(high, low));
}

TARGET static inline size_t rank32_i16(const int16_t *line, int16_t key)
{
    const __mmask32 less =
        _mm512_cmplt_epi16_mask(_mm512_loadu_si512(line), _mm512_set1_epi16(key));
    return (size_t)_mm_popcnt_u32(less);
}

TARGET static inline size_t rank15_i32(const int32_t *line, int32_t key)
{
    const __m512i q = _mm512_set1_epi32(key);
    return (size_t)_mm_popcnt_u32(
        _mm512_mask_cmplt_epi32_mask(0x7fff, _mm512_loadu_si512(line), q));
}

#    define KERNELS avx512
#    include "stree_kernels.h"
#else
typedef int hunch__no_avx512; /* ISO C has no empty source */
#endif
