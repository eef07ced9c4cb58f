/* Where a model looks, and what it consists of. */
#include "asserts.h"
#include "divide.h"
#include "internal.h"

static size_t piece_by_edge(const struct hunch__router *router, uint64_t key);

void hunch_index_predict(const hunch_index *index, uint64_t key, size_t *from, size_t *to)
{
    HUNCH_ASSERT(index != NULL && from != NULL && to != NULL);
    const struct hunch__learned *learned = &index->learned;
    const size_t n = index->tree.n;
    size_t window = HUNCH__STREE_GROUP;
    if (n == 0 || key <= index->tree.keys[0]) {
        *from = 0;
        *to = n < window ? n : window;
        return;
    }
    if (key > index->tree.keys[n - 1]) {
        *from = n;
        *to = n;
        return;
    }
    if (index->kind == HUNCH_INDEX_CELLS) {
        window = HUNCH__CELLS_WINDOW;
        *from = hunch__cells_start(learned, key - learned->low);
    } else if (index->kind == HUNCH_INDEX_SEGMENTS) {
        window = learned->window;
        *from = hunch__segments_start(learned, piece_by_edge(&learned->router, key), key);
    } else {
        const size_t position = hunch_index_lower_bound(index, key);
        const bool tree = index->kind == HUNCH_INDEX_STREE;
        window = tree ? window : (size_t)1 << learned->group_bits;
        const size_t lead = tree ? index->tree.lead : learned->lead;
        const size_t counted = position + lead;
        *from = counted - counted % window;
        *from = *from > lead ? *from - lead : 0;
        *from = !tree && *from > n - window ? n - window : *from; /* BLOCKS compare whole groups */
    }
    *to = n - *from < window ? n : *from + window;
}

size_t hunch_index_piece(const hunch_index *index, size_t i)
{
    HUNCH_ASSERT(index != NULL);
    const struct hunch__learned *learned = &index->learned;
    const size_t n = index->tree.n;
    uint64_t first = n;
    if (i >= index->shape[HUNCH__SHAPE_PIECES]) {
        return n;
    }
    switch (index->kind) {
    case HUNCH_INDEX_CELLS: {
        /* Of the cell, what its line says at its left end. */
        const uint64_t header = learned->header[i >> HUNCH__CELLS_LINE_BITS];
        const uint64_t cells = (uint64_t)1 << HUNCH__CELLS_LINE_BITS;
        first = (header >> 16) + (i % cells) * (uint16_t)header / cells;
        break;
    }
    case HUNCH_INDEX_BLOCKS:
        first = i == 0 ? 0 : (i * HUNCH__BLOCK_GROUPS << learned->group_bits) - learned->lead;
        break;
    case HUNCH_INDEX_SEGMENTS:
        first = hunch_index_lower_bound(index, hunch__segment_key(learned, i));
        break;
    default:
        break;
    }
    return first < n ? (size_t)first : n;
}

/* The first edge >= key, by halving. */
static size_t piece_by_edge(const struct hunch__router *router, uint64_t key)
{
    size_t from = 0;
    size_t to = router->count - 1;
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        if (router->edges[middle] < key) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}
