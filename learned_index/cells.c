/* The form CELLS: the range is divided into cells of equal width, more where keys are dense. Blocks
 * of 64 cells have a straight line, and each cell one byte by which the line is off in it.
 *
 * The line is that of an equi-width histogram with linear interpolation; the corrections are what a
 * quantised second stage of a recursive model index (Kraska et al., SIGMOD 2018) would learn, at a
 * byte each. */
#include <string.h>

#include "bits.h"
#include "diag.h"
#include "divide.h"
#include "parallel.h"

#define CELL_KEYS_DEFAULT 20u
#define LINE_CELLS        ((uint64_t)1 << HUNCH__CELLS_LINE_BITS)
#define SPAN_MAX          UINT16_MAX

/* Candidates for log2 of the top cells, and what they are judged by: pairs of neighbours among so
 * many keys, evenly spaced. */
#define TOP_BITS                                                                                   \
    {                                                                                              \
        2, 5, 8, 11, 14                                                                            \
    }
#define TOP_CANDIDATES 5u
#define SAMPLE         16384u

/* What the threads of a build work on. */
struct filling {
    const struct hunch__learned *learned;
    const struct hunch__cells *cells;
    uint64_t *headers;
    int8_t *corrections;
};

static hunch_status build(hunch_index *index, const hunch_index_options *options, hunch_diag *diag);
static hunch_status place(hunch_index *index, hunch_diag *diag);
static hunch_status validate(const hunch_index *index, hunch_diag *diag);
static uint32_t choose_top_bits(const struct hunch__learned *learned, double per_cell);
static double crowd(const struct hunch__learned *learned, uint32_t top_bits, double per_cell);
static void fill_top_cells(void *filling, unsigned part, size_t from, size_t to);
static uint64_t lines_of(const struct hunch__cells *cells, uint64_t top);
static void fill_line(const struct hunch__learned *learned, const struct hunch__cells *cells,
                      uint64_t top, uint64_t line, size_t *at, uint64_t *header,
                      int8_t *corrections);
static int8_t correction_of(const struct hunch__learned *learned, const struct hunch__cells *cells,
                            uint64_t top, uint64_t cell, uint64_t header, size_t *at);
static int64_t line_at(const struct hunch__cells *cells, uint64_t header, uint64_t distance);

const struct hunch__form hunch__cells_form = {build, place, validate};

static hunch_status build(hunch_index *index, const hunch_index_options *options, hunch_diag *diag)
{
    struct hunch__learned *learned = &index->learned;
    const uint32_t per_cell = options->cell_keys != 0 ? options->cell_keys : CELL_KEYS_DEFAULT;
    struct hunch__cells cells;
    const struct hunch__division division = {.values = learned->keys,
                                             .count = learned->n,
                                             .low = learned->low,
                                             .range = learned->range,
                                             .top_bits = choose_top_bits(learned, per_cell),
                                             .least_bits = HUNCH__CELLS_LINE_BITS,
                                             .per_cell = per_cell};
    hunch_status status = hunch__divide(index, &cells, &division, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    struct filling filling = {.learned = learned, .cells = &cells};
    filling.headers =
        hunch__model_new(index, HUNCH__SECTION_HEADERS, HUNCH__U64, cells.count / LINE_CELLS, diag);
    if (filling.headers == NULL) {
        return HUNCH_ENOMEM;
    }
    filling.corrections =
        hunch__model_new(index, HUNCH__SECTION_CORRECTIONS, HUNCH__U8, cells.count, diag);
    if (filling.corrections == NULL) {
        return HUNCH_ENOMEM;
    }
    index->shape[HUNCH__SHAPE_PIECES] = cells.count;
    index->shape[HUNCH__SHAPE_ASKED] = per_cell;
    /* By keys, not by top cells: those hold very different numbers. */
    hunch__parallel(options->threads, learned->n, fill_top_cells, &filling);
    return HUNCH_OK;
}

static hunch_status place(hunch_index *index, hunch_diag *diag)
{
    struct hunch__learned *learned = &index->learned;
    const struct hunch__part_of_model *headers = hunch__model_part(index, HUNCH__SECTION_HEADERS);
    const struct hunch__part_of_model *corrections =
        hunch__model_part(index, HUNCH__SECTION_CORRECTIONS);
    hunch_status status =
        hunch__divide_place(index, &learned->cells, learned->low, learned->range, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    const uint64_t count = learned->cells.count;
    for (uint64_t top = 0; top <= learned->range >> learned->cells.top_shift; top++) {
        const uint32_t bits = hunch__divide_bits(learned->cells.top[top]);
        if (bits < HUNCH__CELLS_LINE_BITS) {
            return hunch__fail(diag, HUNCH_ECORRUPT, top, "section top: cell %llu has no line",
                               (unsigned long long)top);
        }
    }
    if (headers == NULL || corrections == NULL || count % LINE_CELLS != 0 ||
        index->shape[HUNCH__SHAPE_PIECES] != count || corrections->size != count ||
        headers->size != count / LINE_CELLS * sizeof(uint64_t)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, count,
                           "section corrections: not those of %llu cells",
                           (unsigned long long)count);
    }
    learned->header = headers->bytes;
    learned->correction = corrections->bytes;
    return HUNCH_OK;
}

static hunch_status validate(const hunch_index *index, hunch_diag *diag)
{
    const struct hunch__learned *learned = &index->learned;
    const struct hunch__cells *cells = &learned->cells;
    uint64_t header = 0;
    int8_t expected[LINE_CELLS];
    size_t at = 0;
    uint64_t line = 0;
    for (uint64_t top = 0; top <= cells->range >> cells->top_shift; top++) {
        for (uint64_t i = 0; i < lines_of(cells, top); i++, line++) {
            fill_line(learned, cells, top, i, &at, &header, expected);
            if (header != learned->header[line] ||
                memcmp(expected, learned->correction + line * LINE_CELLS, sizeof expected) != 0) {
                return hunch__fail(diag, HUNCH_ECORRUPT, line,
                                   "section corrections: line %llu does not fit its keys",
                                   (unsigned long long)line);
            }
        }
    }
    return HUNCH_OK;
}

/* The fewest top cells with which as good as no cell is crowded, since they cost a cache. */
static uint32_t choose_top_bits(const struct hunch__learned *learned, double per_cell)
{
    static const uint32_t candidates[TOP_CANDIDATES] = TOP_BITS;
    uint32_t best = 0;
    double least = 2;
    for (uint32_t i = 0; i < TOP_CANDIDATES; i++) {
        /* A top cell has 64 cells at least: they must not outnumber those that keys pay for. */
        const double empty = (double)((uint64_t)LINE_CELLS << candidates[i]);
        if (i > 0 && empty > (double)learned->n / per_cell) {
            break;
        }
        const double crowded = crowd(learned, candidates[i], per_cell);
        if (crowded < least - 0.005) {
            least = crowded;
            best = i;
        }
    }
    return candidates[best];
}

/* Share of the keys that lie where a cell would hold three times as many as it should. */
static double crowd(const struct hunch__learned *learned, uint32_t top_bits, double per_cell)
{
    const uint64_t n = learned->n;
    const size_t sample = n < SAMPLE ? (size_t)n : SAMPLE;
    const uint32_t range_bits = 64u - (uint32_t)__builtin_clzll(learned->range | 1);
    const uint32_t shift = range_bits > top_bits + 6 ? range_bits - top_bits : 6;
    size_t crowded = 0;
    size_t from = 0; /* of the sample's keys, the first in the same top cell */
    for (size_t i = 0; i < sample; i++) {
        const uint64_t top = (learned->keys[i * n / sample] - learned->low) >> shift;
        if (i + 1 < sample &&
            (learned->keys[(i + 1) * n / sample] - learned->low) >> shift == top) {
            continue;
        }
        const double keys = (double)(i + 1 - from) * (double)n / (double)sample;
        double cells = LINE_CELLS;
        while (cells * per_cell < keys) {
            cells *= 2;
        }
        const double width = (double)((uint64_t)1 << (shift - 1)) * 2 / cells;
        for (size_t k = from; k < i; k++) {
            const uint64_t gap =
                learned->keys[(k + 1) * n / sample] - learned->keys[k * n / sample];
            crowded += width * (double)n / (double)sample > 3 * per_cell * (double)(gap | 1);
        }
        from = i + 1;
    }
    return (double)crowded / (double)sample;
}

/* The top cells that begin within keys [from, to); the first part also those before any key. */
static void fill_top_cells(void *ctx, unsigned part, size_t from, size_t to)
{
    const struct filling *filling = ctx;
    const struct hunch__learned *learned = filling->learned;
    const struct hunch__cells *cells = filling->cells;
    const uint64_t tops = (cells->range >> cells->top_shift) + 1;
    (void)part;
    uint64_t top = from == 0 ? 0 : ((learned->keys[from - 1] - cells->low) >> cells->top_shift) + 1;
    const uint64_t end =
        to == learned->n ? tops : ((learned->keys[to - 1] - cells->low) >> cells->top_shift) + 1;
    if (top >= end) {
        return;
    }
    /* All keys before the first of our top cells lie in earlier ones. */
    size_t at = 0;
    if (top > 0) {
        at = hunch__divide_upper(learned->keys, from - 1, learned->n, cells->low,
                                 (top << cells->top_shift) - 1);
    }
    for (; top < end; top++) {
        for (uint64_t i = 0; i < lines_of(cells, top); i++) {
            const uint64_t line = (cells->top[top] >> 32) / LINE_CELLS + i;
            fill_line(learned, cells, top, i, &at, filling->headers + line,
                      filling->corrections + line * LINE_CELLS);
        }
    }
}

/* Lines of 64 cells of a top cell. */
static uint64_t lines_of(const struct hunch__cells *cells, uint64_t top)
{
    return (uint64_t)1 << (hunch__divide_bits(cells->top[top]) - HUNCH__CELLS_LINE_BITS);
}

/* Line `line` of a top cell: *at is the first key in or behind it, and then behind it. */
static void fill_line(const struct hunch__learned *learned, const struct hunch__cells *cells,
                      uint64_t top, uint64_t line, size_t *at, uint64_t *header,
                      int8_t *corrections)
{
    const uint64_t end = hunch__divide_end(cells, top, line * LINE_CELLS + LINE_CELLS - 1);
    const size_t behind = hunch__divide_upper(learned->keys, *at, learned->n, cells->low, end);
    const uint64_t span = behind - *at < SPAN_MAX ? behind - *at : SPAN_MAX;
    *header = (uint64_t)*at << 16 | span;
    for (uint64_t i = 0; i < LINE_CELLS; i++) {
        corrections[i] = correction_of(learned, cells, top, line * LINE_CELLS + i, *header, at);
    }
}

/* Half-way between the smallest and the largest that any key of the cell, or the one after it,
 * would need; of a cell without keys, what its middle needs. */
static int8_t correction_of(const struct hunch__learned *learned, const struct hunch__cells *cells,
                            uint64_t top, uint64_t cell, uint64_t header, size_t *at)
{
    const uint64_t end = hunch__divide_end(cells, top, cell);
    const uint64_t half =
        ((uint64_t)1 << (cells->top_shift - hunch__divide_bits(cells->top[top]))) / 2;
    int64_t least = INT64_MAX;
    int64_t most = INT64_MIN;
    size_t i = *at;
    for (; i < learned->n && learned->keys[i] - cells->low <= end; i++) {
        const int64_t off = (int64_t)i - line_at(cells, header, learned->keys[i] - cells->low);
        least = least < off ? least : off;
        most = most > off + 1 ? most : off + 1;
    }
    if (i == *at) {
        least = most = (int64_t)i - line_at(cells, header, end - half);
    }
    *at = i;
    const int64_t middle = least + (most - least) / 2;
    return (int8_t)(middle < INT8_MIN ? INT8_MIN : middle > INT8_MAX ? INT8_MAX : middle);
}

/* What a look-up computes before it corrects. */
static int64_t line_at(const struct hunch__cells *cells, uint64_t header, uint64_t distance)
{
    uint64_t word;
    uint64_t rest;
    (void)hunch__cell_of(cells, distance, &word, &rest);
    const uint64_t part = rest << (word >> 8 & 63);
    return (int64_t)((header >> 16) + (uint64_t)(((hunch__u128)part * (uint16_t)header) >> 64));
}
