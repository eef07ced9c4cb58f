/* The table that leads straight to the lowest level of an S+-tree over evenly spread keys.
 *
 * Whether the keys are even enough is counted, not guessed: where more than one entry in 64 lies in
 * a cell that needs the tree all the same, the mispredicted branch costs more than the table saves,
 * and there is none. */
#include "asserts.h"
#include "diag.h"
#include "internal.h"

/* Below this the whole tree is in the nearest cache. */
#define ENTRIES_MIN       64
/* Share of the entries that may lie in dense cells, as a shift. */
#define DENSE_SHARE_SHIFT 6

static size_t dense_entries(const struct hunch__stree_shape *shape, size_t entries);
static uint64_t last_key_of(const struct hunch__stree_shape *shape, size_t entry);
static uint32_t next_cell(const struct hunch__stree *tree, uint64_t cell, size_t *first);
static uint64_t cell_of(uint64_t key, uint64_t low, uint32_t shift);

void hunch__stree_plan_table(struct hunch__stree_shape *shape)
{
    shape->table_bits = 0;
    shape->table_shift = 0;
    if (shape->node_keys != 16 || shape->n <= ENTRIES_MIN * 16 * HUNCH__STREE_GROUP) {
        return;
    }
    const size_t entries = hunch__stree_lowest_entries(shape);
    const uint64_t range = shape->keys[shape->n - 1] - shape->keys[0];
    /* Cells for a quarter to a half of the entries. The range of the keys uses half of them to all,
     * so that evenly spread keys have two to eight entries a cell. */
    const unsigned bits = 62u - (unsigned)__builtin_clzll(entries);
    const unsigned range_bits = 64u - (unsigned)__builtin_clzll(range | 1);
    if (bits > HUNCH__STREE_TABLE_BITS_MAX) {
        return;
    }
    shape->table_shift = range_bits > bits ? range_bits - bits : 0;
    if (dense_entries(shape, entries) <= entries >> DENSE_SHARE_SHIFT) {
        shape->table_bits = bits;
    } else {
        shape->table_shift = 0;
    }
}

void hunch__stree_fill_table(const struct hunch__stree *tree, uint32_t *cells)
{
    size_t first = 0;
    for (uint64_t cell = 0; cell <= tree->table_range >> tree->table_shift; cell++) {
        cells[cell] = next_cell(tree, cell, &first);
    }
}

hunch_status hunch__stree_validate_table(const struct hunch__stree *tree, hunch_diag *diag)
{
    size_t first = 0;
    for (uint64_t cell = 0; cell <= tree->table_range >> tree->table_shift; cell++) {
        const uint32_t expected = next_cell(tree, cell, &first);
        if (tree->table[cell] != expected) {
            return hunch__fail(diag, HUNCH_ECORRUPT, cell, "inner: the table has %u, not %u",
                               tree->table[cell], expected);
        }
    }
    return HUNCH_OK;
}

/* How many entries lie in cells that are too full. */
static size_t dense_entries(const struct hunch__stree_shape *shape, size_t entries)
{
    size_t dense = 0;
    size_t run = 0;
    uint64_t previous = UINT64_MAX;
    for (size_t entry = 0; entry < entries; entry++) {
        const uint64_t cell =
            cell_of(last_key_of(shape, entry), shape->keys[0], shape->table_shift);
        run = cell == previous ? run + 1 : 1;
        if (run == HUNCH__STREE_WINDOW + 1) {
            dense += run;
        } else if (run > HUNCH__STREE_WINDOW) {
            dense++;
        }
        previous = cell;
    }
    return dense;
}

/* The largest key below an entry. */
static uint64_t last_key_of(const struct hunch__stree_shape *shape, size_t entry)
{
    const size_t end = (entry + 1) * 16 * HUNCH__STREE_GROUP - shape->lead;
    return shape->keys[(end < shape->n ? end : shape->n) - 1];
}

/* What a cell must hold, when *first is the first entry that is not in the cells before; *first
 * moves on to the next cell's. */
static uint32_t next_cell(const struct hunch__stree *tree, uint64_t cell, size_t *first)
{
    const size_t from = *first;
    while (*first <= tree->last_entry &&
           cell_of(tree->lowest[*first], tree->table_low, tree->table_shift) <= cell) {
        ++*first;
    }
    if (*first - from > HUNCH__STREE_WINDOW) {
        return HUNCH__STREE_DENSE;
    }
    return (uint32_t)(from < tree->last_window ? from : tree->last_window);
}

static uint64_t cell_of(uint64_t key, uint64_t low, uint32_t shift)
{
    return (key - low) >> shift;
}
