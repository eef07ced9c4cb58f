/* What all searches share: the blocks of a batch, and distances in fewer bits. */
#ifndef HUNCH_KERNELS_BATCH_H
#define HUNCH_KERNELS_BATCH_H

#include <stddef.h>
#include <stdint.h>

/* A range of a batch's keys. */
struct hunch__span {
    size_t from, to;
};

/* The keys of block b - lag, of `step` keys each but the last; none before the first block and none
 * after n. */
static inline struct hunch__span hunch__span_of(size_t b, size_t lag, size_t step, size_t n)
{
    struct hunch__span span = {0, 0};
    if (b >= lag && (b - lag) * step < n) {
        span.from = (b - lag) * step;
        span.to = span.from + step < n ? span.from + step : n;
    }
    return span;
}

/* What distances from `low` are shifted by, so that that of `high` fits in 16 or 32 bits. Rounding
 * down keeps the order of keys, but may make them equal. */
static inline unsigned hunch__scale16(uint64_t low, uint64_t high)
{
    return 48u - (unsigned)__builtin_clzll((high - low) | UINT16_MAX);
}

static inline unsigned hunch__scale32(uint64_t low, uint64_t high)
{
    return 32u - (unsigned)__builtin_clzll((high - low) | UINT32_MAX);
}

#endif
