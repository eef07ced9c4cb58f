/* AVX2: four keys a compare. There is only a signed one, so both sides get their top bit flipped;
 * all-ones lanes are -1, so that subtracting compares counts them. */
#if defined(__x86_64__)
#    include <immintrin.h>

#    include "kernels.h"
#    include "tables.h"

#    define TARGET __attribute__((target("avx2,popcnt,bmi,bmi2,lzcnt")))

TARGET static inline __m256i flip(__m256i v)
{
    return _mm256_xor_si256(v, _mm256_set1_epi64x(INT64_MIN));
}

/* The q of less4(): `key` in all lanes, flipped. */
TARGET static inline __m256i broadcast(uint64_t key)
{
    return flip(_mm256_set1_epi64x((long long)key));
}

/* A bit for each of four keys that is < q. */
TARGET static inline unsigned less4(const uint64_t *keys, __m256i q)
{
    const __m256i k = flip(_mm256_loadu_si256((const __m256i *)(const void *)keys));
    return (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(q, k)));
}

TARGET static size_t count_less(const uint64_t *keys, size_t n, uint64_t key)
{
    const __m256i q = broadcast(key);
    size_t count = 0;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        count += (size_t)_mm_popcnt_u32(less4(keys + i, q));
    }
    for (; i < n; i++) {
        count += keys[i] < key;
    }
    return count;
}

TARGET static inline size_t rank8(const uint64_t *group, uint64_t key)
{
    const __m256i q = broadcast(key);
    return (size_t)_mm_popcnt_u32(less4(group, q) | less4(group + 4, q) << 4);
}

TARGET static inline size_t rank7of8(const uint64_t *node, uint64_t key)
{
    const __m256i q = broadcast(key);
    return (size_t)_mm_popcnt_u32(less4(node, q) | (less4(node + 4, q) & 7) << 4);
}

TARGET static inline size_t rank15of16(const uint64_t *node, uint64_t key)
{
    const __m256i q = broadcast(key);
    return (size_t)_mm_popcnt_u32(less4(node, q) | less4(node + 4, q) << 4 |
                                  less4(node + 8, q) << 8 | (less4(node + 12, q) & 7) << 12);
}

/* A bit for each of eight packed keys that is < the key whose flipped copies are q. */
TARGET static inline unsigned less8_packed(const uint32_t *node, __m256i q)
{
    const __m256i k = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(const void *)node),
                                       _mm256_set1_epi32(INT32_MIN));
    return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(q, k)));
}

TARGET static inline size_t rank_packed(const uint32_t *node, uint32_t key)
{
    const __m256i q = _mm256_xor_si256(_mm256_set1_epi32((int)key), _mm256_set1_epi32(INT32_MIN));
    return (size_t)_mm_popcnt_u32(less8_packed(node, q) | (less8_packed(node + 8, q) & 0x7f) << 8);
}

/* One comparison picks the line: half the compares of counting all sixteen. */
TARGET static inline size_t rank16(const uint64_t *keys, uint64_t key)
{
    const size_t line = 8 & -(size_t)(keys[7] < key);
    return line + rank8(keys + line, key);
}

/* A lane for each of sixteen numbers, -1 where it is < q. */
TARGET static inline __m256i less16_i16(const int16_t *line, __m256i q)
{
    return _mm256_cmpgt_epi16(q, _mm256_loadu_si256((const __m256i *)(const void *)line));
}

TARGET static inline size_t rank32_i16(const int16_t *line, int16_t key)
{
    const __m256i q = _mm256_set1_epi16(key);
    const __m256i less = _mm256_packs_epi16(less16_i16(line, q), less16_i16(line + 16, q));
    return (size_t)_mm_popcnt_u32((unsigned)_mm256_movemask_epi8(less));
}

/* A bit for each of eight numbers that is < q. */
TARGET static inline unsigned less8_i32(const int32_t *line, __m256i q)
{
    const __m256i k = _mm256_loadu_si256((const __m256i *)(const void *)line);
    return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(q, k)));
}

TARGET static inline size_t rank15_i32(const int32_t *line, int32_t key)
{
    const __m256i q = _mm256_set1_epi32(key);
    return (size_t)_mm_popcnt_u32(less8_i32(line, q) | (less8_i32(line + 8, q) & 0x7f) << 8);
}

#    define KERNELS avx2
#    include "stree_kernels.h"
#else
typedef int hunch__no_avx2; /* ISO C has no empty source */
#endif
