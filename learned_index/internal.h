/* What the sources of this folder share. */
#ifndef HUNCH_LEARNED_INDEX_INTERNAL_H
#define HUNCH_LEARNED_INDEX_INTERNAL_H

#include <hunch/index.h>

#include "bits.h"
#include "format.h"
#include "kernels.h"

/* Keys that an index may hold, in 2 TiB: few enough that positions of entries fit in 32 bits and no
 * product of positions and fan-outs overflows. */
#define HUNCH__INDEX_KEYS_MAX       ((uint64_t)1 << 38)
/* log2 of the most cells that the table of so many keys can have. */
#define HUNCH__STREE_TABLE_BITS_MAX 30u

struct hunch_index {
    struct hunch__stree tree; /* first: a look-up starts here */
    size_t (*lower_bound)(const struct hunch__stree *tree, uint64_t key);
    const struct hunch__kernels *kernels; /* of the process; never NULL                     */
    uint32_t batch_width;
    uint32_t table_bits; /* log2 of the table's cells; 0: no table                          */
    size_t level_words[HUNCH__STREE_LEVELS_MAX]; /* entries of a level, whole nodes         */
    size_t packed_nodes;   /* one for each entry of the lowest level, and one; 0 if B = 8   */
    const uint64_t *inner; /* [inner_bytes / 8]: all inner nodes; NULL when there are none  */
    size_t inner_bytes;
    void *owned;                       /* inner when this object allocated it, else NULL    */
    struct hunch__mapping mapping;     /* owned; bytes NULL unless opened from a path       */
    struct hunch__container container; /* of an opened index; bytes NULL for a built one    */
    hunch_allocator allocator;
    const hunch_io *io;
};

/* A new index with allocator, io, width and kernels set from `given`, and nothing to search yet.
 * *node_keys is what the options ask for. Errors: EINVAL, EVERSION, ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__index_new(hunch_index **out, uint32_t *node_keys,
                                             const hunch_index_options *given, hunch_diag *diag);

/* Check that the keys ascend. Errors: `status`, diag->at is the first that is too small. */
HUNCH_MUST_USE hunch_status hunch__keys_ascend(const uint64_t *keys, size_t n, hunch_status status,
                                               hunch_diag *diag);

/* What decides the layout of a tree; kept in the file. */
struct hunch__stree_shape {
    const uint64_t *keys; /* [n]                                                            */
    size_t n;             /* <= HUNCH__INDEX_KEYS_MAX                                       */
    size_t lead;          /* keys that the first group lacks, < 8                           */
    uint32_t node_keys;   /* 8 or 16                                                        */
    uint32_t table_bits;  /* log2 of the table's cells; 0: no table. 0 with nodes of 8      */
    uint32_t table_shift; /* bits of the keys that a cell spans; table_bits + this <= 64    */
};

/* Set shape->table_bits and table_shift to what suits the keys. O(n / 128). */
void hunch__stree_plan_table(struct hunch__stree_shape *shape);

/* Entries of the lowest level of u64 entries; n > 8. */
static inline size_t hunch__stree_lowest_entries(const struct hunch__stree_shape *shape)
{
    const size_t groups = hunch__div_up(shape->n + shape->lead, HUNCH__STREE_GROUP);
    return shape->node_keys == 16 ? hunch__div_up(groups, 16) : groups;
}

/* Say what is searched. Fills in the tree's counts and inner_bytes; the pointers to the inner nodes
 * stay for hunch__stree_place(). */
void hunch__stree_set_shape(hunch_index *index, const struct hunch__stree_shape *shape);

/* Point the tree into inner[inner_bytes / 8]. */
void hunch__stree_place(hunch_index *index, const uint64_t *inner);

/* Allocate and fill the inner nodes. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__stree_fill(hunch_index *index, hunch_diag *diag);

/* Fill the cells of the table of a tree whose levels are filled. */
void hunch__stree_fill_table(const struct hunch__stree *tree, uint32_t *cells);

/* Compare all inner nodes with what they must be. Errors: ECORRUPT, diag->at is the entry. */
HUNCH_MUST_USE hunch_status hunch__stree_validate(const hunch_index *index, hunch_diag *diag);

/* Compare the table with what it must be. Errors: ECORRUPT, diag->at is the cell. */
HUNCH_MUST_USE hunch_status hunch__stree_validate_table(const struct hunch__stree *tree,
                                                        hunch_diag *diag);

#endif
