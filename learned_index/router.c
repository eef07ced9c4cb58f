/* The routers: cells, a tree, lines. */
#include "router.h"

#include <string.h>

#include "bits.h"
#include "diag.h"
#include "divide.h"
#include "lines.h"

#define NODE 16u
/* What stands before the edges: a line whose last word is the first key. */
#define LEFT 8u

/* Edges a cell should hold at most, and top cells: an eighth as many as edges, so that they stay
 * in the nearest caches. hunch-bench index --profile full --case auto */
#define EDGES_PER_CELL 1.0
#define TOP_BITS_MAX   13u

/* The entries of every level above the edges, root first. */
struct tree_shape {
    size_t words[HUNCH__ROUTER_LEVELS]; /* [levels], whole nodes */
    uint32_t levels;
    size_t total; /* words above the edges */
};

static struct tree_shape tree_shape_of(size_t count);
static size_t levels_above(const hunch_index *index, size_t count);
static void fill_tree(uint64_t *to, const uint64_t *edges, size_t count);
static uint64_t tree_entry(const uint64_t *edges, size_t count, uint32_t above, size_t entry);
static hunch_status build_cells(hunch_index *index, const uint64_t *edges, size_t count,
                                hunch_diag *diag);
static void fill_first(const struct hunch__cells *cells, const uint64_t *edges, size_t count,
                       uint32_t *first);
static hunch_status place_cells(hunch_index *index, hunch_diag *diag);
static void place_tree(struct hunch__router *router, const uint64_t *words);
static hunch_status validate_cells(const hunch_index *index, hunch_diag *diag);
static hunch_status validate_tree(const hunch_index *index, hunch_diag *diag);

hunch_status hunch__router_edges(hunch_index *index, size_t count, uint64_t **edges,
                                 hunch_diag *diag)
{
    const size_t above = levels_above(index, count);
    const size_t padded = (size_t)hunch__align_up(count, NODE) + NODE;
    uint64_t *words =
        hunch__model_new(index, HUNCH__SECTION_EDGES, HUNCH__U64, above + LEFT + padded, diag);
    if (words == NULL) {
        return HUNCH_ENOMEM;
    }
    memset(words + above, 0, LEFT * sizeof *words);
    words[above + LEFT - 1] = index->learned.low;
    *edges = words + above + LEFT;
    for (size_t i = count; i < padded; i++) {
        (*edges)[i] = UINT64_MAX;
    }
    return HUNCH_OK;
}

hunch_status hunch__router_build(hunch_index *index, uint64_t *edges, size_t count,
                                 hunch_diag *diag)
{
    switch (index->shape[HUNCH__SHAPE_ROUTER]) {
    case HUNCH_INDEX_ROUTER_CELLS:
        return build_cells(index, edges, count, diag);
    case HUNCH_INDEX_ROUTER_LINES:
        return hunch__lines_build(index, edges, count, diag);
    default:
        fill_tree(edges - LEFT - levels_above(index, count), edges, count);
        return HUNCH_OK;
    }
}

hunch_status hunch__router_place(hunch_index *index, size_t count, hunch_diag *diag)
{
    struct hunch__router *router = &index->learned.router;
    const struct hunch__part_of_model *part = hunch__model_part(index, HUNCH__SECTION_EDGES);
    const uint64_t kind = index->shape[HUNCH__SHAPE_ROUTER];
    if (kind < HUNCH_INDEX_ROUTER_CELLS || kind > HUNCH_INDEX_ROUTER_LINES) {
        return hunch__fail(diag, HUNCH_ECORRUPT, kind, "section shape: router %llu is none",
                           (unsigned long long)kind);
    }
    const size_t above = levels_above(index, count);
    const size_t words = above + LEFT + (size_t)hunch__align_up(count, NODE) + NODE;
    if (part == NULL || part->size / sizeof(uint64_t) != words) {
        return hunch__fail(diag, HUNCH_ECORRUPT, count, "section edges: not %zu numbers", words);
    }
    const uint64_t *all = part->bytes;
    *router = (struct hunch__router){.edges = all + above + LEFT, .count = count};
    if (kind == HUNCH_INDEX_ROUTER_CELLS) {
        return place_cells(index, diag);
    }
    if (kind == HUNCH_INDEX_ROUTER_LINES) {
        return hunch__lines_place(index, diag);
    }
    place_tree(router, all);
    return HUNCH_OK;
}

hunch_status hunch__router_validate(const hunch_index *index, hunch_diag *diag)
{
    const struct hunch__router *router = &index->learned.router;
    if (router->edges[-1] != index->learned.low) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0,
                           "section edges: the left one is not the first key");
    }
    for (size_t i = router->count; i < hunch__align_up(router->count, NODE) + NODE; i++) {
        if (router->edges[i] != UINT64_MAX) {
            return hunch__fail(diag, HUNCH_ECORRUPT, i, "section edges: number %zu is beyond", i);
        }
    }
    switch (index->shape[HUNCH__SHAPE_ROUTER]) {
    case HUNCH_INDEX_ROUTER_CELLS:
        return validate_cells(index, diag);
    case HUNCH_INDEX_ROUTER_LINES:
        return hunch__lines_validate(index, diag);
    default:
        return validate_tree(index, diag);
    }
}

/* Words of the section before the line that stands left of the edges. */
static size_t levels_above(const hunch_index *index, size_t count)
{
    return index->shape[HUNCH__SHAPE_ROUTER] == HUNCH_INDEX_ROUTER_TREE ? tree_shape_of(count).total
                                                                        : 0;
}

static struct tree_shape tree_shape_of(size_t count)
{
    struct tree_shape shape = {.levels = 0};
    size_t nodes = (size_t)hunch__div_up(count, NODE);
    size_t from_below[HUNCH__ROUTER_LEVELS];
    while (nodes > 1) {
        nodes = (size_t)hunch__div_up(nodes, NODE);
        from_below[shape.levels++] = nodes * NODE;
        shape.total += nodes * NODE;
    }
    for (uint32_t l = 0; l < shape.levels; l++) {
        shape.words[l] = from_below[shape.levels - 1 - l];
    }
    return shape;
}

static void fill_tree(uint64_t *to, const uint64_t *edges, size_t count)
{
    const struct tree_shape shape = tree_shape_of(count);
    for (uint32_t l = 0; l < shape.levels; l++) {
        for (size_t entry = 0; entry < shape.words[l]; entry++) {
            *to++ = tree_entry(edges, count, shape.levels - l, entry);
        }
    }
}

/* The largest edge below an entry that is `above` levels above the edges; UINT64_MAX where the
 * edges end, so that no key is sent past them. */
static uint64_t tree_entry(const uint64_t *edges, size_t count, uint32_t above, size_t entry)
{
    const size_t end = (entry + 1) << (4 * above);
    return end < count ? edges[end - 1] : UINT64_MAX;
}

static void place_tree(struct hunch__router *router, const uint64_t *words)
{
    const struct tree_shape shape = tree_shape_of(router->count);
    router->levels = shape.levels;
    router->last_window = (hunch__div_up(router->count, NODE) - 1) * NODE;
    for (uint32_t l = 0; l < shape.levels; l++) {
        router->level[l] = words;
        words += shape.words[l];
    }
}

static hunch_status validate_tree(const hunch_index *index, hunch_diag *diag)
{
    const struct hunch__router *router = &index->learned.router;
    const struct tree_shape shape = tree_shape_of(router->count);
    for (uint32_t l = 0; l < shape.levels; l++) {
        for (size_t entry = 0; entry < shape.words[l]; entry++) {
            if (router->level[l][entry] !=
                tree_entry(router->edges, router->count, shape.levels - l, entry)) {
                return hunch__fail(diag, HUNCH_ECORRUPT, entry,
                                   "section edges: level %u, entry %zu is not the largest below", l,
                                   entry);
            }
        }
    }
    return HUNCH_OK;
}

static hunch_status build_cells(hunch_index *index, const uint64_t *edges, size_t count,
                                hunch_diag *diag)
{
    const uint32_t bits = 64u - (uint32_t)__builtin_clzll(count);
    struct hunch__division division = {.values = edges,
                                       .count = count,
                                       .low = index->learned.low,
                                       .range = index->learned.range,
                                       .top_bits = bits > 4 ? bits - 3 : 1,
                                       .least_bits = 1,
                                       .per_cell = EDGES_PER_CELL};
    division.top_bits = division.top_bits < TOP_BITS_MAX ? division.top_bits : TOP_BITS_MAX;
    struct hunch__cells cells;
    hunch_status status = hunch__divide(index, &cells, &division, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    uint32_t *first =
        hunch__model_new(index, HUNCH__SECTION_FIRST, HUNCH__U32, cells.count + 1, diag);
    if (first == NULL) {
        return HUNCH_ENOMEM;
    }
    fill_first(&cells, edges, count, first);
    return HUNCH_OK;
}

/* first[c]: the edges in the cells before c. */
static void fill_first(const struct hunch__cells *cells, const uint64_t *edges, size_t count,
                       uint32_t *first)
{
    size_t at = 0;
    for (uint64_t top = 0; top <= cells->range >> cells->top_shift; top++) {
        const uint64_t many = (uint64_t)1 << hunch__divide_bits(cells->top[top]);
        for (uint64_t i = 0; i < many; i++) {
            const uint64_t end = hunch__divide_end(cells, top, i);
            *first++ = (uint32_t)at;
            while (at < count && edges[at] - cells->low <= end) {
                at++;
            }
        }
    }
    *first = (uint32_t)at;
}

static hunch_status place_cells(hunch_index *index, hunch_diag *diag)
{
    struct hunch__router *router = &index->learned.router;
    const struct hunch__part_of_model *first = hunch__model_part(index, HUNCH__SECTION_FIRST);
    hunch_status status =
        hunch__divide_place(index, &router->cells, index->learned.low, index->learned.range, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    if (first == NULL || first->size / sizeof(uint32_t) != router->cells.count + 1) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "section first: not one number a cell");
    }
    router->first = first->bytes;
    return HUNCH_OK;
}

static hunch_status validate_cells(const hunch_index *index, hunch_diag *diag)
{
    const struct hunch__router *router = &index->learned.router;
    const struct hunch__cells *cells = &router->cells;
    const uint32_t *first = router->first;
    size_t at = 0;
    for (uint64_t top = 0; top <= cells->range >> cells->top_shift; top++) {
        const uint64_t many = (uint64_t)1 << hunch__divide_bits(cells->top[top]);
        for (uint64_t i = 0; i < many; i++) {
            const uint64_t end = hunch__divide_end(cells, top, i);
            if (*first++ != at) {
                return hunch__fail(diag, HUNCH_ECORRUPT, (uint64_t)(first - router->first) - 1,
                                   "section first: does not count the edges before");
            }
            while (at < router->count && router->edges[at] - cells->low <= end) {
                at++;
            }
        }
    }
    if (*first != router->count) {
        return hunch__fail(diag, HUNCH_ECORRUPT, cells->count, "section first: ends too early");
    }
    return HUNCH_OK;
}
