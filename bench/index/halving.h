/* Binary search without branches: as many steps for every key, each a compare and a
 * mask. After P.-V. Khuong and P. Morin, "Array layouts for comparison-based searching", JEA 2017,
 * section 4. */
#ifndef HUNCH_BENCH_INDEX_HALVING_H
#define HUNCH_BENCH_INDEX_HALVING_H

#include <stddef.h>
#include <stdint.h>

/* Where the window of `length` > 0 keys from `from` starts after one step; it shrinks by
 * length / 2. A window of one key stays. */
static inline size_t halving_step(const uint64_t *keys, size_t from, size_t length, uint64_t key)
{
    size_t half = length / 2;
    size_t probe = from + half - (half > 0);
    /* A mask, since compilers turn the ternary into a branch as they like. */
    return from + (half & -(size_t)(keys[probe] < key));
}

/* Position of the first of keys[from .. from + length) that is >= key, or from + length. */
static inline size_t halving_lower_bound(const uint64_t *keys, size_t from, size_t length,
                                         uint64_t key)
{
    if (length == 0) {
        return from;
    }
    while (length > 1) {
        size_t half = length / 2;
        from += half & -(size_t)(keys[from + half - 1] < key);
        length -= half;
    }
    return from + (keys[from] < key);
}

#endif
