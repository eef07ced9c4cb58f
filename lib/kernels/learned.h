/* The learned forms of an index, as their search sees them: learned_index/ lays them out and its
 * README draws them. Every part may be mapped from a file, so no search believes a position: each
 * is bounded before it is used, and the keys decide. */
#ifndef HUNCH_KERNELS_LEARNED_H
#define HUNCH_KERNELS_LEARNED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batch.h"
#include "random.h"

/* Groups of a block: of 8 keys, a line, or 16; segments of a node. */
#define HUNCH__BLOCK_GROUPS    32u
#define HUNCH__SEGMENT_NODE    16u
/* log2 of the corrections that share a line of CELLS: 64 bytes, a cache line. */
#define HUNCH__CELLS_LINE_BITS 6u
/* Levels of 16 that 2^34 edges need, and one for luck. */
#define HUNCH__ROUTER_LEVELS   10u
/* Edges that are compared at once where a router has led: seven, by three halvings. */
#define HUNCH__ROUTER_WINDOW   7u

/* A division of the keys' range in two steps. The top bits of key - low choose one of at most 2^15
 * top cells; each of these is cut into 2^bits cells of equal width, more where keys are dense.
 * A top cell is one word: in bits 0-5, 64 - bits; in bits 8-13, bits - 6 (CELLS only); from bit 32
 * on, the number of its first cell. */
struct hunch__cells {
    const uint64_t *top; /* [(range >> top_shift) + 1]                                */
    uint64_t low;        /* the smallest key                                          */
    uint64_t range;      /* the largest key - low                                     */
    uint32_t top_shift;  /* 6 to 63                                                   */
    uint32_t top_lift;   /* 64 - top_shift: lifts the bits below the top ones up      */
    uint64_t count;      /* cells of all top cells                                    */
};

/* The cell of the key at `distance` <= range from low. In range whatever the keys are, since
 * opening checks every top cell. *rest gets the bits below the top ones, lifted to bit 63. */
static inline uint64_t hunch__cell_of(const struct hunch__cells *cells, uint64_t distance,
                                      uint64_t *word, uint64_t *rest)
{
    *word = cells->top[distance >> cells->top_shift];
    *rest = distance << cells->top_lift;
    return (*word >> 32) + (*rest >> (*word & 63));
}

/* A line of the model: position = from + ((x * mantissa) >> shift), in integers, so equal on every
 * machine; and at most from + 2^62, so that it never falls, however steep it is where keys repeat
 * and however wide the gap behind them. One word: in bits 0-19 the mantissa, in 20-25 the shift,
 * from bit 26 on `from`. */
#define HUNCH__LINE_MANTISSA_BITS 20u
#define HUNCH__LINE_FROM_SHIFT    26u
#define HUNCH__LINE_RISE_BITS     62u

static inline uint64_t hunch__line_from(uint64_t line)
{
    return line >> HUNCH__LINE_FROM_SHIFT;
}

static inline uint64_t hunch__line_at(uint64_t line, uint64_t x)
{
    const uint64_t mantissa = line & ((1u << HUNCH__LINE_MANTISSA_BITS) - 1);
    const uint32_t shift = (uint32_t)(line >> HUNCH__LINE_MANTISSA_BITS) & 63;
    const hunch__u128 rise = ((hunch__u128)x * mantissa) >> shift;
    const uint64_t most = (uint64_t)1 << HUNCH__LINE_RISE_BITS;
    return hunch__line_from(line) + (rise >> HUNCH__LINE_RISE_BITS != 0 ? most : (uint64_t)rise);
}

/* Where a piece is: the first of edges[count] that is >= the key. Edges ascend; the last is the
 * last key. They are followed by 16 words of UINT64_MAX and preceded by a line whose last word is
 * the first key. */
struct hunch__router {
    const uint64_t *edges;
    uint64_t count;
    /* CELLS: first[cells.count + 1], the number of edges in the cells before. */
    struct hunch__cells cells;
    const uint32_t *first;
    /* TREE: levels of entries in nodes of 16 above the edges, root first. An entry is the largest
     * edge below it, UINT64_MAX beyond. */
    const uint64_t *level[HUNCH__ROUTER_LEVELS];
    uint32_t levels;
    uint64_t last_window; /* index of the first of the last 16 edges, counted in nodes */
    /* LINES: line i serves the keys from line_key[i] on. Its edge is within line_error of what
     * hunch__line_at() says, cut off where the next line begins. line[lines] is that of the end. */
    uint64_t line_error;
    uint64_t line_width;      /* edges that are searched: twice the error, less than count */
    const uint64_t *line_key; /* [lines] */
    const uint64_t *line;     /* [lines + 1] */
    uint64_t lines;
};

/* An index of any learned form. */
struct hunch__learned {
    const uint64_t *keys;        /* [n], ascending */
    uint64_t n;                  /* at least HUNCH__LEARNED_MIN */
    uint64_t low;                /* keys[0] */
    uint64_t range;              /* keys[n - 1] - keys[0] */
    uint64_t lead;               /* keys that the first line lacks, < 8 */
    struct hunch__router router; /* BLOCKS, SEGMENTS */

    /* CELLS: the cell's block of 64 has a header: from bit 16 on the first position of its range,
     * below how many keys lie in it; in between, a straight line. A cell adds its correction. */
    struct hunch__cells cells;
    const uint64_t *header;   /* [cells.count / 64] */
    const int8_t *correction; /* [cells.count] */

    /* BLOCKS: a line of separators for each block: of the last key of each group, its distance from
     * the edge before the block, shifted so that the block's own edge takes 16 bits, less 2^15. */
    const int16_t *separator; /* [router.count][32] */

    /* SEGMENTS: a line of separators for each node, of 32 bits, less 2^31: a key belongs right of
     * one that is smaller. One line of the model a segment, and one for the end. */
    const int32_t *boundary; /* [router.count][16] */
    const uint64_t *segment; /* [router.count * 16 + 1] */
    uint64_t window;         /* keys that a segment's error leaves to search: at most n */
    uint64_t error;          /* how far before the predicted position the window begins */
    uint32_t search;         /* a hunch_index_search, not AUTO */
    uint32_t group_bits;     /* BLOCKS: log2 of the keys between two separators: 3, a line, or 4 */

    _Atomic uint64_t *fallbacks; /* look-ups whose model was wrong */
};

/* Fewer keys than this are left to the classic form. */
#define HUNCH__LEARNED_MIN 64u

/* Keys of the window of CELLS: two lines. */
#define HUNCH__CELLS_WINDOW 16u

/* CELLS: where the window of the key at `distance` <= range begins: the two lines in which the
 * predicted position lies at least four keys from either end. */
static inline size_t hunch__cells_start(const struct hunch__learned *index, uint64_t distance)
{
    uint64_t word;
    uint64_t rest;
    const uint64_t cell = hunch__cell_of(&index->cells, distance, &word, &rest);
    const uint64_t header = index->header[cell >> HUNCH__CELLS_LINE_BITS];
    /* How far into the range of the cell's line, as a fraction of 2^64. */
    const uint64_t part = rest << (word >> 8 & 63);
    const uint64_t line = (uint64_t)(((hunch__u128)part * (uint16_t)header) >> 64);
    const int64_t at = (int64_t)((header >> 16) + line + index->lead) + index->correction[cell] - 4;
    const int64_t start = (at & ~(int64_t)7) - (int64_t)index->lead;
    const int64_t last = (int64_t)(index->n - HUNCH__CELLS_WINDOW);
    return (size_t)(start < 0 ? 0 : start > last ? last : start);
}

/* Position of the first key >= `key`, found from `near` on in steps that double. Exact whatever
 * `near` is; counted as a fallback. */
size_t hunch__learned_fallback(const struct hunch__learned *index, size_t near, uint64_t key);

/* The same to the right of `start`, where keys[start - 1] < key is known: the rare end of a look-up
 * among separators that are the same in 16 bits. */
size_t hunch__learned_walk(const struct hunch__learned *index, size_t start, uint64_t key);

#endif
