/* The division of a range of keys into cells: many where keys are dense, few where they are not. */
#ifndef HUNCH_LEARNED_INDEX_DIVIDE_H
#define HUNCH_LEARNED_INDEX_DIVIDE_H

#include "internal.h"

/* What is divided, and how finely. */
struct hunch__division {
    const uint64_t *values; /* [count], ascending                            */
    size_t count;
    uint64_t low;        /* <= values[0]                                  */
    uint64_t range;      /* values[count - 1] - low                       */
    uint32_t top_bits;   /* log2 of the top cells, at most 14             */
    uint32_t least_bits; /* log2 of the cells of a top cell, at least 1   */
    double per_cell;     /* values that a cell should hold at most, > 0   */
};

/* Make the part TOP of the index and set its shape's TOP_SHIFT; *cells gets the whole division.
 * Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__divide(hunch_index *index, struct hunch__cells *cells,
                                          const struct hunch__division *division, hunch_diag *diag);

/* Point *cells at the part TOP and check all that a search relies on. O(top cells), of which there
 * are at most 2^15. Errors: ECORRUPT. */
HUNCH_MUST_USE hunch_status hunch__divide_place(const hunch_index *index,
                                                struct hunch__cells *cells, uint64_t low,
                                                uint64_t range, hunch_diag *diag);

/* The largest distance from low that belongs to cell `i` of top cell `top`, counted from 0. */
uint64_t hunch__divide_end(const struct hunch__cells *cells, uint64_t top, uint64_t i);

/* log2 of the cells of a top cell. */
static inline uint32_t hunch__divide_bits(uint64_t word)
{
    return 64u - (uint32_t)(word & 63);
}

/* How many of values[from, count) are <= low + distance, and from. */
size_t hunch__divide_upper(const uint64_t *values, size_t from, size_t count, uint64_t low,
                           uint64_t distance);

#endif
