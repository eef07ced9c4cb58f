/* The division of a range of keys into cells. After the histogram trees of Crotty, "Hist-tree:
 * those who ignore it are doomed to learn", CIDR 2021, and of PLEX, but for two levels, of which
 * the second has as many cells as the keys below it pay for. */
#include "divide.h"

#include "diag.h"

/* Top cells, so that opening, which looks at each, takes no time that depends on n. */
#define TOP_CELLS_MAX ((uint64_t)1 << 15)
/* log2 of the most cells of a top cell: what the search shifts by is kept in six bits. */
#define CELL_BITS_MAX 32u
#define LEAST_SHIFT   6u

static uint32_t bits_for(const struct hunch__division *division, size_t count, uint32_t top_shift);
static bool fill_top(const struct hunch__division *division, struct hunch__cells *cells,
                     uint64_t *top);

hunch_status hunch__divide(hunch_index *index, struct hunch__cells *cells,
                           const struct hunch__division *division, hunch_diag *diag)
{
    const uint32_t range_bits = 64u - (uint32_t)__builtin_clzll(division->range | 1);
    const uint32_t shift = range_bits > division->top_bits + LEAST_SHIFT
                               ? range_bits - division->top_bits
                               : LEAST_SHIFT;
    *cells = (struct hunch__cells){
        .low = division->low, .range = division->range, .top_shift = shift, .top_lift = 64 - shift};
    uint64_t *top = hunch__model_new(index, HUNCH__SECTION_TOP, HUNCH__U64,
                                     (division->range >> shift) + 1, diag);
    if (top == NULL) {
        return HUNCH_ENOMEM;
    }
    cells->top = top;
    index->shape[HUNCH__SHAPE_TOP_SHIFT] = shift;
    /* Cells are numbered in 32 bits: twice as coarse until they can be. */
    struct hunch__division coarser = *division;
    while (!fill_top(&coarser, cells, top)) {
        coarser.per_cell *= 2;
    }
    return HUNCH_OK;
}

hunch_status hunch__divide_place(const hunch_index *index, struct hunch__cells *cells, uint64_t low,
                                 uint64_t range, hunch_diag *diag)
{
    const struct hunch__part_of_model *part = hunch__model_part(index, HUNCH__SECTION_TOP);
    const uint64_t shift = index->shape[HUNCH__SHAPE_TOP_SHIFT];
    if (part == NULL || shift < LEAST_SHIFT || shift > 63 ||
        part->size / sizeof(uint64_t) != (range >> shift) + 1 || range >> shift >= TOP_CELLS_MAX) {
        return hunch__fail(diag, HUNCH_ECORRUPT, shift,
                           "section top: does not fit the keys' range");
    }
    *cells = (struct hunch__cells){.top = part->bytes,
                                   .low = low,
                                   .range = range,
                                   .top_shift = (uint32_t)shift,
                                   .top_lift = (uint32_t)(64 - shift)};
    for (uint64_t i = 0; i <= range >> shift; i++) {
        const uint64_t word = cells->top[i];
        const uint32_t bits = hunch__divide_bits(word);
        if ((word >> 32) != cells->count || bits > CELL_BITS_MAX || bits > shift) {
            return hunch__fail(diag, HUNCH_ECORRUPT, i, "section top: cell %llu begins wrongly",
                               (unsigned long long)i);
        }
        cells->count += (uint64_t)1 << bits;
    }
    if (cells->count > UINT32_MAX) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "section top: more than 2^32 cells");
    }
    return HUNCH_OK;
}

uint64_t hunch__divide_end(const struct hunch__cells *cells, uint64_t top, uint64_t i)
{
    const uint32_t shift = cells->top_shift - hunch__divide_bits(cells->top[top]);
    return (top << cells->top_shift) + (i << shift) + (((uint64_t)1 << shift) - 1);
}

/* In steps that double: the next cell is usually near. */
size_t hunch__divide_upper(const uint64_t *values, size_t from, size_t count, uint64_t low,
                           uint64_t distance)
{
    size_t step = 1;
    while (from < count && values[from] - low <= distance) {
        size_t next = count - from > step ? from + step : count;
        if (values[next - 1] - low > distance) {
            /* Within [from, next): halve. */
            while (from < next) {
                const size_t middle = from + (next - from) / 2;
                if (values[middle] - low <= distance) {
                    from = middle + 1;
                } else {
                    next = middle;
                }
            }
            return from;
        }
        from = next;
        step *= 2;
    }
    return from;
}

/* False: more cells than can be numbered. */
static bool fill_top(const struct hunch__division *division, struct hunch__cells *cells,
                     uint64_t *top)
{
    size_t at = 0;
    cells->count = 0;
    for (uint64_t i = 0; i <= cells->range >> cells->top_shift; i++) {
        const uint64_t end = (i << cells->top_shift) + (((uint64_t)1 << cells->top_shift) - 1);
        const size_t next =
            hunch__divide_upper(division->values, at, division->count, division->low, end);
        const uint32_t bits = bits_for(division, next - at, cells->top_shift);
        const uint64_t fraction = bits > HUNCH__CELLS_LINE_BITS ? bits - HUNCH__CELLS_LINE_BITS : 0;
        top[i] = cells->count << 32 | fraction << 8 | (64 - bits);
        cells->count += (uint64_t)1 << bits;
        at = next;
        if (cells->count > UINT32_MAX) {
            return false;
        }
    }
    return true;
}

/* log2 of the cells of a top cell with `count` values. */
static uint32_t bits_for(const struct hunch__division *division, size_t count, uint32_t top_shift)
{
    const uint32_t most = top_shift < CELL_BITS_MAX ? top_shift : CELL_BITS_MAX;
    uint32_t bits = division->least_bits;
    while (bits < most && (double)count > division->per_cell * (double)((uint64_t)1 << bits)) {
        bits++;
    }
    return bits;
}
