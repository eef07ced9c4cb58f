/* The router LINES: one more level of piecewise linear approximation, over the edges (Ferragina and
 * Vinciguerra, "The PGM-index", PVLDB 13(8), 2020, section 2.3; one level instead of as many as it
 * takes, since the lines of so few edges lie in the nearest cache). */
#include "lines.h"

#include <string.h>

#include "diag.h"
#include "list.h"

/* Edges that a line may err by: then two lines of cache hold the window. */
#define EDGES_EPS      7u
#define FRACTION_BITS  HUNCH__PLA_FRACTION_BITS
#define MANTISSA_LIMIT ((uint64_t)1 << HUNCH__LINE_MANTISSA_BITS)
#define FROM_MAX       (((uint64_t)1 << 38) - 1)

/* The lines of a router in the making. */
struct lines {
    struct hunch__list keys;
    struct hunch__list words;
};

static uint64_t slope_word(uint64_t rise, uint64_t run);
static hunch_status add_line(struct lines *lines, const struct hunch__pla_line *segment,
                             hunch_diag *diag);
static hunch_status fit(struct lines *lines, const hunch_index *index, const uint64_t *edges,
                        size_t count, hunch_diag *diag);
static hunch_status keep(hunch_index *index, const struct lines *lines, hunch_diag *diag);
static uint64_t worst_error(const uint64_t *edges, size_t count, uint64_t low,
                            const struct hunch__router *router);
static uint64_t error_at(const struct hunch__router *router, size_t line, uint64_t key,
                         uint64_t place);

uint64_t hunch__line_fit(const struct hunch__pla_line *segment, uint64_t bias)
{
    const int64_t first = hunch__pla_line_at(segment, segment->first.key);
    const int64_t last = hunch__pla_line_at(segment, segment->last.key);
    const uint64_t rise = last > first ? (uint64_t)(last - first) : 0;
    const uint64_t run = segment->last.key - segment->first.key;
    const uint64_t word = run > 0 ? slope_word(rise, run) : 0;
    const int64_t from = ((first + (1 << (FRACTION_BITS - 1))) >> FRACTION_BITS) + (int64_t)bias;
    const uint64_t start = from > 0 ? (uint64_t)from : 0;
    return word | (start < FROM_MAX ? start : FROM_MAX) << HUNCH__LINE_FROM_SHIFT;
}

hunch_status hunch__lines_build(hunch_index *index, const uint64_t *edges, size_t count,
                                hunch_diag *diag)
{
    struct lines lines;
    hunch__list_init(&lines.keys, &index->allocator);
    hunch__list_init(&lines.words, &index->allocator);
    hunch_status status = fit(&lines, index, edges, count, diag);
    if (status == HUNCH_OK) {
        status = keep(index, &lines, diag);
    }
    if (status == HUNCH_OK) {
        const struct hunch__part_of_model *keys =
            hunch__model_part(index, HUNCH__SECTION_LINE_KEYS);
        const struct hunch__part_of_model *words = hunch__model_part(index, HUNCH__SECTION_LINES);
        const struct hunch__router router = {
            .line_key = keys->bytes, .line = words->bytes, .lines = lines.keys.n};
        index->shape[HUNCH__SHAPE_LINE_ERROR] =
            worst_error(edges, count, index->learned.low, &router);
    }
    hunch__list_free(&lines.keys);
    hunch__list_free(&lines.words);
    return status;
}

hunch_status hunch__lines_place(hunch_index *index, hunch_diag *diag)
{
    struct hunch__router *router = &index->learned.router;
    const struct hunch__part_of_model *keys = hunch__model_part(index, HUNCH__SECTION_LINE_KEYS);
    const struct hunch__part_of_model *words = hunch__model_part(index, HUNCH__SECTION_LINES);
    if (keys == NULL || words == NULL || keys->size == 0 ||
        words->size != keys->size + sizeof(uint64_t)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "section lines: not one more than keys");
    }
    const uint64_t error = index->shape[HUNCH__SHAPE_LINE_ERROR];
    router->line_key = keys->bytes;
    router->line = words->bytes;
    router->lines = keys->size / sizeof(uint64_t);
    router->line_error = error < router->count ? error : router->count;
    const uint64_t width = 2 * router->line_error;
    router->line_width = width < router->count ? width : router->count - 1;
    return HUNCH_OK;
}

hunch_status hunch__lines_validate(const hunch_index *index, hunch_diag *diag)
{
    const struct hunch__router *router = &index->learned.router;
    if (router->line_key[0] != index->learned.low) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0,
                           "section line keys: the first is not the first key");
    }
    for (size_t i = 1; i < router->lines; i++) {
        if (router->line_key[i] <= router->line_key[i - 1]) {
            return hunch__fail(diag, HUNCH_ECORRUPT, i, "section line keys: do not ascend");
        }
    }
    const uint64_t error = worst_error(router->edges, router->count, index->learned.low, router);
    if (error > router->line_error) {
        return hunch__fail(diag, HUNCH_ECORRUPT, error,
                           "section lines: err by %llu edges, not by at most %llu",
                           (unsigned long long)error, (unsigned long long)router->line_error);
    }
    return HUNCH_OK;
}

/* Mantissa and shift of rise / run, rise in 2^-20 positions: as many bits as there is room for. */
static uint64_t slope_word(uint64_t rise, uint64_t run)
{
    if (rise == 0) {
        return 0;
    }
    const int magnitude = __builtin_clzll(run) - __builtin_clzll(rise); /* log2 of rise / run */
    int shift = (int)(HUNCH__LINE_MANTISSA_BITS + FRACTION_BITS) - magnitude;
    shift = shift > 63 ? 63 : shift;
    for (; shift >= 0; shift--) {
        const int lift = shift - (int)FRACTION_BITS;
        const hunch__u128 over = lift >= 0 ? (hunch__u128)rise << lift : (hunch__u128)rise;
        const hunch__u128 under = lift >= 0 ? (hunch__u128)run : (hunch__u128)run << -lift;
        const hunch__u128 mantissa = (over + under / 2) / under;
        if (mantissa < MANTISSA_LIMIT) {
            return (uint64_t)mantissa | (uint64_t)shift << HUNCH__LINE_MANTISSA_BITS;
        }
    }
    return MANTISSA_LIMIT - 1; /* 2^20 positions a key and more: as steep as it gets */
}

/* Points (key, edge): the first key of each piece. Equal edges lead to the first of them. */
static hunch_status fit(struct lines *lines, const hunch_index *index, const uint64_t *edges,
                        size_t count, hunch_diag *diag)
{
    struct hunch__pla pla;
    struct hunch__pla_line last;
    bool finished;
    hunch__pla_init(&pla, EDGES_EPS, &index->allocator);
    hunch_status status = hunch__pla_add(&pla, index->learned.low, 0, &finished, diag);
    for (size_t i = 1; i < count && status == HUNCH_OK; i++) {
        /* The last edge is no smaller, so there is a key above this one unless they are equal. */
        if (edges[i] == edges[i - 1]) {
            continue;
        }
        status = hunch__pla_add(&pla, edges[i - 1] + 1, i, &finished, diag);
        if (status == HUNCH_OK && finished) {
            status = add_line(lines, &pla.finished, diag);
        }
    }
    if (status == HUNCH_OK && hunch__pla_finish(&pla, &last)) {
        status = add_line(lines, &last, diag);
    }
    if (status == HUNCH_OK) {
        status = hunch__list_add(&lines->words, hunch__line_flat(count - 1), diag);
    }
    hunch__pla_free(&pla);
    return status;
}

static hunch_status add_line(struct lines *lines, const struct hunch__pla_line *segment,
                             hunch_diag *diag)
{
    hunch_status status = hunch__list_add(&lines->keys, segment->first.key, diag);
    if (status == HUNCH_OK) {
        status = hunch__list_add(&lines->words, hunch__line_fit(segment, 0), diag);
    }
    return status;
}

static hunch_status keep(hunch_index *index, const struct lines *lines, hunch_diag *diag)
{
    uint64_t *keys =
        hunch__model_new(index, HUNCH__SECTION_LINE_KEYS, HUNCH__U64, lines->keys.n, diag);
    if (keys == NULL) {
        return HUNCH_ENOMEM;
    }
    memcpy(keys, lines->keys.items, lines->keys.n * sizeof *keys);
    uint64_t *words =
        hunch__model_new(index, HUNCH__SECTION_LINES, HUNCH__U64, lines->words.n, diag);
    if (words == NULL) {
        return HUNCH_ENOMEM;
    }
    memcpy(words, lines->words.items, lines->words.n * sizeof *words);
    return HUNCH_OK;
}

/* By how many edges the lines err at most. A line never falls: within a piece it lies between what
 * it says at the first and at the last key that are both the piece's and its own. */
static uint64_t worst_error(const uint64_t *edges, size_t count, uint64_t low,
                            const struct hunch__router *router)
{
    uint64_t worst = 0;
    size_t line = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && edges[i] == edges[i - 1]) {
            continue;
        }
        uint64_t first = i == 0 ? low : edges[i - 1] + 1;
        for (;;) {
            while (line + 1 < router->lines && router->line_key[line + 1] <= first) {
                line++;
            }
            const bool further = line + 1 < router->lines && router->line_key[line + 1] <= edges[i];
            const uint64_t last = further ? router->line_key[line + 1] - 1 : edges[i];
            const uint64_t at_first = error_at(router, line, first, i);
            const uint64_t at_last = error_at(router, line, last, i);
            worst = worst > at_first ? worst : at_first;
            worst = worst > at_last ? worst : at_last;
            if (!further) {
                break;
            }
            first = last + 1;
        }
    }
    return worst;
}

/* As a look-up computes it. */
static uint64_t error_at(const struct hunch__router *router, size_t line, uint64_t key,
                         uint64_t place)
{
    uint64_t said = hunch__line_at(router->line[line], key - router->line_key[line]);
    const uint64_t end = hunch__line_from(router->line[line + 1]);
    said = said < end ? said : end;
    return said > place ? said - place : place - said;
}
