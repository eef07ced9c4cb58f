/* NEON: two keys a compare; a lane that is less is all ones, which is -1, so that subtracting the
 * compares counts them. */
#if defined(__aarch64__)
#    include <arm_neon.h>

#    include "kernels.h"
#    include "tables.h"

/* How many of keys[pairs * 2] are < key. */
static inline size_t count_pairs(const uint64_t *keys, size_t pairs, uint64_t key)
{
    const uint64x2_t q = vdupq_n_u64(key);
    uint64x2_t count = vdupq_n_u64(0);
    for (size_t i = 0; i < pairs; i++) {
        count = vsubq_u64(count, vcltq_u64(vld1q_u64(keys + 2 * i), q));
    }
    return (size_t)vaddvq_u64(count);
}

static inline size_t count_less(const uint64_t *keys, size_t n, uint64_t key)
{
    size_t odd = n % 2 != 0 && keys[n - 1] < key;
    return count_pairs(keys, n / 2, key) + odd;
}

static inline size_t rank_packed(const uint32_t *node, uint32_t key)
{
    const uint32x4_t q = vdupq_n_u32(key);
    uint32x4_t count = vdupq_n_u32(0);
    for (size_t i = 0; i < 16; i += 4) {
        count = vsubq_u32(count, vcltq_u32(vld1q_u32(node + i), q));
    }
    return vaddvq_u32(count) - (node[15] < key);
}

static inline size_t rank7of8(const uint64_t *node, uint64_t key)
{
    return count_less(node, 7, key);
}

static inline size_t rank8(const uint64_t *group, uint64_t key)
{
    return count_pairs(group, 4, key);
}

static inline size_t rank15of16(const uint64_t *node, uint64_t key)
{
    return count_less(node, 15, key);
}

static inline size_t rank16(const uint64_t *keys, uint64_t key)
{
    return count_pairs(keys, 8, key);
}

static inline size_t rank32_i16(const int16_t *line, int16_t key)
{
    const int16x8_t q = vdupq_n_s16(key);
    uint16x8_t count = vdupq_n_u16(0);
    for (size_t i = 0; i < 32; i += 8) {
        count = vsubq_u16(count, vcltq_s16(vld1q_s16(line + i), q));
    }
    return vaddvq_u16(count);
}

static inline size_t rank15_i32(const int32_t *line, int32_t key)
{
    const int32x4_t q = vdupq_n_s32(key);
    uint32x4_t count = vdupq_n_u32(0);
    for (size_t i = 0; i < 16; i += 4) {
        count = vsubq_u32(count, vcltq_s32(vld1q_s32(line + i), q));
    }
    return vaddvq_u32(count) - (line[15] < key);
}

#    define KERNELS neon
#    define TARGET
#    include "stree_kernels.h"
#else
typedef int hunch__no_neon; /* ISO C has no empty source */
#endif
