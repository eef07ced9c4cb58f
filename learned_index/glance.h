/* What a look at some of the keys tells about all of them. */
#ifndef HUNCH_LEARNED_INDEX_GLANCE_H
#define HUNCH_LEARNED_INDEX_GLANCE_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/status.h>

/* Keys a correction of those CELLS whose misses are told. */
#define HUNCH__CELL_SIZES 7u
extern const uint32_t hunch__cell_sizes[HUNCH__CELL_SIZES];

/* What a glance at the keys tells. */
struct hunch__glance {
    uint64_t n;
    double roughness; /* variance of the gaps, relative: 1 when keys are drawn uniformly */
    double per_eps8;  /* segments a key at error bound 8                                 */
    double exponent;  /* how fast they become fewer: log2(S8 / S64) / 3, from 0 to 2     */
    double repeated;  /* share of keys that equal the one before                         */
    double hidden;    /* by how many bits the middle 98 % of the keys are narrower than a 2^13th of
                         the range of all, a top cell of a router; 0 when they are not */
    double misses[HUNCH__CELL_SIZES]; /* share outside of the window of CELLS of each size */
};

/* Look at up to 2^18 keys, in slices. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__glance(struct hunch__glance *out, const uint64_t *keys, size_t n,
                                          const hunch_allocator *allocator, hunch_diag *diag);

#endif
