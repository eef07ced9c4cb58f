/* The classic: the layout of a static S+-tree over sorted keys. The search is in lib/kernels.
 *
 * One block of memory, in this order: the levels of u64 entries from the root down, the lowest of
 * them behind a line whose last word is its left edge; then, with nodes of 16, the packed nodes and
 * the table, if any.
 * There are no pointers: the B entries of node j lie below entry j of the level above. */
#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "bits.h"
#include "diag.h"
#include "internal.h"

#define GROUP        HUNCH__STREE_GROUP
#define LINE_WORDS   (HUNCH__CACHE_LINE / sizeof(uint64_t))
/* A packed node: a line of 16 separators. */
#define PACKED_WORDS LINE_WORDS

static hunch_status validate_packed(const hunch_index *index, hunch_diag *diag);
static uint64_t left_edge(const struct hunch__stree *tree);
static uint64_t entry_key(const struct hunch__stree *tree, uint32_t level, size_t entry);
static void fill_packed(const struct hunch__stree *tree, size_t entry, uint32_t *node);
static uint32_t packed_key(const struct hunch__stree *tree, size_t entry, uint64_t key);

void hunch__stree_set_shape(hunch_index *index, const struct hunch__stree_shape *shape)
{
    HUNCH_ASSERT(shape->n <= HUNCH__INDEX_KEYS_MAX && shape->lead < GROUP);
    HUNCH_ASSERT(shape->node_keys == 8 || (shape->node_keys == 16 && shape->table_bits < 32));
    static const uint32_t no_table = 0;
    struct hunch__stree *tree = &index->tree;
    const size_t node_keys = shape->node_keys;
    size_t nodes[HUNCH__STREE_LEVELS_MAX]; /* lowest first */
    *tree = (struct hunch__stree){.keys = shape->keys,
                                  .n = shape->n,
                                  .lead = shape->lead,
                                  .node_keys = shape->node_keys,
                                  .table = &no_table,
                                  .table_shift = shape->table_shift};
    index->tree_bound = index->kernels->stree_lower_bound[node_keys == 16];
    index->table_bits = shape->n <= GROUP ? 0 : shape->table_bits;
    index->inner_bytes = 0;
    if (shape->n <= GROUP) {
        return;
    }
    size_t entries = hunch__stree_lowest_entries(shape);
    size_t words = LINE_WORDS;
    tree->last_entry = entries - 1;
    do {
        HUNCH_ASSERT(tree->levels < HUNCH__STREE_LEVELS_MAX);
        entries = hunch__div_up(entries, node_keys);
        nodes[tree->levels++] = entries;
        words += entries * node_keys;
    } while (entries > 1);
    for (uint32_t l = 0; l < tree->levels; l++) {
        index->level_words[l] = nodes[tree->levels - 1 - l] * node_keys;
    }
    tree->last_window = (nodes[0] - 1) * node_keys;
    index->packed_nodes = node_keys == 16 ? nodes[0] * node_keys + 1 : 0;
    words += index->packed_nodes * PACKED_WORDS;
    if (index->table_bits > 0) {
        words += hunch__div_up((size_t)1 << index->table_bits, 2);
        tree->table_range = UINT64_MAX >> (64 - shape->table_bits - shape->table_shift);
    }
    index->inner_bytes = words * sizeof(uint64_t);
}

void hunch__stree_place(hunch_index *index, const uint64_t *inner)
{
    struct hunch__stree *tree = &index->tree;
    index->inner = inner;
    for (uint32_t l = 0; l < tree->levels; l++) {
        inner += l + 1 == tree->levels ? LINE_WORDS : 0;
        tree->level[l] = inner;
        inner += index->level_words[l];
    }
    if (tree->levels > 0) {
        tree->lowest = tree->level[tree->levels - 1];
        tree->packed = (const uint32_t *)(const void *)inner;
        inner += index->packed_nodes * PACKED_WORDS;
    }
    if (index->table_bits > 0) {
        tree->table = (const uint32_t *)(const void *)inner;
        tree->table_low = tree->lowest[-1];
        /* Not beyond the domain: so the distance of a smaller key, which wraps, is never inside. */
        if (tree->table_range > UINT64_MAX - tree->table_low) {
            tree->table_range = UINT64_MAX - tree->table_low;
        }
    }
}

hunch_status hunch__stree_fill(hunch_index *index, hunch_diag *diag)
{
    struct hunch__stree *tree = &index->tree;
    if (index->inner_bytes == 0) {
        return HUNCH_OK;
    }
    uint64_t *to = hunch__alloc(&index->allocator, index->inner_bytes, HUNCH__CACHE_LINE);
    if (to == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no %zu bytes for the inner nodes",
                           index->inner_bytes);
    }
    index->owned = to;
    for (uint32_t l = 0; l < tree->levels; l++) {
        if (l + 1 == tree->levels) {
            memset(to, 0, HUNCH__CACHE_LINE);
            to += LINE_WORDS;
            to[-1] = left_edge(tree);
        }
        for (size_t entry = 0; entry < index->level_words[l]; entry++) {
            *to++ = entry_key(tree, l, entry);
        }
    }
    hunch__stree_place(index, index->owned);
    uint32_t *packed = (uint32_t *)(void *)to;
    for (size_t entry = 0; entry < index->packed_nodes; entry++, packed += 16) {
        fill_packed(tree, entry, packed);
    }
    if (index->table_bits > 0) {
        memset(packed, 0, sizeof *packed << index->table_bits); /* cells beyond the domain */
        hunch__stree_fill_table(tree, packed);
    }
    return HUNCH_OK;
}

hunch_status hunch__stree_validate(const hunch_index *index, hunch_diag *diag)
{
    const struct hunch__stree *tree = &index->tree;
    if (tree->levels > 0 && tree->lowest[-1] != left_edge(tree)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "inner: the left edge is not the first key");
    }
    for (uint32_t l = 0; l < tree->levels; l++) {
        for (size_t entry = 0; entry < index->level_words[l]; entry++) {
            if (tree->level[l][entry] != entry_key(tree, l, entry)) {
                return hunch__fail(diag, HUNCH_ECORRUPT, entry,
                                   "inner: level %u, entry %zu is not the last key below it", l,
                                   entry);
            }
        }
    }
    hunch_status status = validate_packed(index, diag);
    if (status == HUNCH_OK && index->table_bits > 0) {
        status = hunch__stree_validate_table(tree, diag);
    }
    return status;
}

static hunch_status validate_packed(const hunch_index *index, hunch_diag *diag)
{
    const struct hunch__stree *tree = &index->tree;
    uint32_t expected[16];
    for (size_t entry = 0; entry < index->packed_nodes; entry++) {
        fill_packed(tree, entry, expected);
        if (memcmp(expected, tree->packed + entry * 16, sizeof expected) != 0) {
            return hunch__fail(diag, HUNCH_ECORRUPT, entry,
                               "inner: packed node %zu does not fit its keys", entry);
        }
    }
    return HUNCH_OK;
}

/* What lies left of the lowest level's first entry. */
static uint64_t left_edge(const struct hunch__stree *tree)
{
    return tree->keys[0];
}

/* The largest key below an entry. What ends with the keys, and what lies beyond, is UINT64_MAX, so
 * that no key is ever sent past it; only above packed nodes, which need the distance, and where
 * the search bounds the entry anyway, the last one is the last key. */
static uint64_t entry_key(const struct hunch__stree *tree, uint32_t level, size_t entry)
{
    size_t span = tree->node_keys == 16 ? 16 : 1; /* groups below an entry */
    for (uint32_t l = level + 1; l < tree->levels; l++) {
        span *= tree->node_keys;
    }
    const size_t end = span * (entry + 1) * GROUP; /* counted with the lead */
    if (end < tree->n + tree->lead) {
        return tree->keys[end - tree->lead - 1];
    }
    const bool above_packed = tree->node_keys == 16 && level + 1 == tree->levels;
    return above_packed && entry == tree->last_entry ? tree->keys[tree->n - 1] : UINT64_MAX;
}

/* The packed node below an entry of the lowest level: separators between its groups, relative to
 * the entries around it; UINT32_MAX where there is no next group. With f(key) the packed key, key q
 * goes right of separator s when s < f(q), so s = f(first key on the right) - 1 divides exactly
 * unless the last key on the left is packed the same: then s is that value, and the node unsure. */
static void fill_packed(const struct hunch__stree *tree, size_t entry, uint32_t *node)
{
    memset(node, 0xff, 16 * sizeof *node);
    node[HUNCH__STREE_UNSURE] = 0;
    for (size_t i = 0; i < HUNCH__STREE_UNSURE; i++) {
        const size_t next = (entry * 16 + i + 1) * GROUP; /* counted with the lead */
        if (next >= tree->n + tree->lead) {
            return;
        }
        const uint64_t *right = tree->keys + (next - tree->lead);
        const uint32_t last = packed_key(tree, entry, right[-1]);
        const uint32_t first = packed_key(tree, entry, right[0]);
        node[i] = first > last ? first - 1 : last;
        node[HUNCH__STREE_UNSURE] |= first == last;
    }
}

/* f of fill_packed(), for a key below the entry. */
static uint32_t packed_key(const struct hunch__stree *tree, size_t entry, uint64_t key)
{
    const uint64_t low = (tree->lowest + entry)[-1];
    const uint64_t high = tree->lowest[entry];
    return (uint32_t)((key - low) >> hunch__scale32(low, high));
}
