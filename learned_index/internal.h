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

/* Sections of a file; README.md describes them. Numbers are never used again for something else. */
enum {
    HUNCH__SECTION_SHAPE = 1,
    HUNCH__SECTION_KEYS = 2,
    HUNCH__SECTION_INNER = 3,
    HUNCH__SECTION_TOP = 4,
    HUNCH__SECTION_FIRST = 5,
    HUNCH__SECTION_EDGES = 6,
    HUNCH__SECTION_LINE_KEYS = 7,
    HUNCH__SECTION_LINES = 8,
    HUNCH__SECTION_SEPARATORS = 9,
    HUNCH__SECTION_BOUNDARIES = 10,
    HUNCH__SECTION_SEGMENTS = 11,
    HUNCH__SECTION_HEADERS = 12,
    HUNCH__SECTION_CORRECTIONS = 13,
    HUNCH__SECTION_PAGES = 14,
    HUNCH__SECTIONS_END
};

/* The shape section: u64 each. Of a tree those from ROUTER to ASKED are 0, and files that know no
 * key type end before it, those of a tree before ROUTER. */
enum {
    HUNCH__SHAPE_KIND,
    HUNCH__SHAPE_N,
    HUNCH__SHAPE_LEAD,
    HUNCH__SHAPE_NODE_KEYS,
    HUNCH__SHAPE_TABLE_BITS,
    HUNCH__SHAPE_TABLE_SHIFT,
    HUNCH__SHAPE_TREE_COUNT,
    HUNCH__SHAPE_ROUTER = HUNCH__SHAPE_TREE_COUNT, /* a hunch_index_router                      */
    HUNCH__SHAPE_PIECES,                           /* cells, blocks or segments                 */
    HUNCH__SHAPE_TOP_SHIFT,                        /* of the division into cells                */
    HUNCH__SHAPE_LINE_ERROR,                       /* of the router's lines, in edges           */
    HUNCH__SHAPE_WINDOW,                           /* of segments: keys to search               */
    HUNCH__SHAPE_ERROR,                            /* how far before the prediction they begin  */
    HUNCH__SHAPE_SEARCH,                           /* a hunch_index_search                      */
    HUNCH__SHAPE_ASKED,                            /* eps, cell_keys or block_keys asked for    */
    HUNCH__SHAPE_LEARNED_COUNT,
    HUNCH__SHAPE_KEY_TYPE = HUNCH__SHAPE_LEARNED_COUNT, /* a hunch_index_key_type; of any form  */
    HUNCH__SHAPE_COUNT
};

/* One array of a learned form: in memory that the index owns, or in the file. */
struct hunch__part_of_model {
    uint32_t id; /* of its section */
    enum hunch__element type;
    const void *bytes;
    size_t size;
    void *owned; /* == bytes when this object allocated it, else NULL */
};

#define HUNCH__MODEL_PARTS 8u

struct hunch_index {
    struct hunch__learned learned; /* first: a look-up starts here */
    /* NULL: look-ups go through hunch__index_ask(), since the form is the tree or not trusted. */
    size_t (*learned_bound)(const struct hunch__learned *index, uint64_t key);
    struct hunch__stree tree; /* its keys and n are set whatever the form */
    size_t (*tree_bound)(const struct hunch__stree *tree, uint64_t key);
    const struct hunch__kernels *kernels; /* of the process; never NULL                     */
    uint32_t kind;                        /* a hunch_index_kind, not AUTO                   */
    uint32_t batch_width;
    uint32_t trusted;  /* 0: every answer is checked against the keys                        */
    uint32_t tried;    /* forms that competed for AUTO                                       */
    uint32_t key_type; /* a hunch_index_key_type                                            */
    uint64_t shape[HUNCH__SHAPE_COUNT]; /* of a learned form: what its parts mean           */
    _Atomic uint64_t fallbacks;
    struct hunch__part_of_model part[HUNCH__MODEL_PARTS];
    uint32_t parts;
    uint32_t table_bits; /* log2 of the table's cells; 0: no table                          */
    size_t level_words[HUNCH__STREE_LEVELS_MAX]; /* entries of a level, whole nodes         */
    size_t packed_nodes;   /* one for each entry of the lowest level, and one; 0 if B = 8   */
    const uint64_t *inner; /* [inner_bytes / 8]: all inner nodes; NULL when there are none  */
    size_t inner_bytes;
    void *owned;                       /* inner when this object allocated it, else NULL    */
    uint64_t *mapped_keys;             /* [n] that the index owns, of i64 and f64; else NULL */
    struct hunch__mapping mapping;     /* owned; bytes NULL unless opened from a path       */
    struct hunch__container container; /* of an opened index; bytes NULL for a built one    */
    hunch_allocator allocator;
    const hunch_io *io;
};

/* A new index with allocator, io, width and kernels set from `given`, and nothing to search yet.
 * *options is `given`, checked, over the defaults. Errors: EINVAL, EVERSION, ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__index_new(hunch_index **out, hunch_index_options *options,
                                             const hunch_index_options *given, hunch_diag *diag);

/* *options = *given, checked, or all defaults. Errors: EINVAL, EVERSION. */
HUNCH_MUST_USE hunch_status hunch__index_options(hunch_index_options *options,
                                                 const hunch_index_options *given,
                                                 hunch_diag *diag);

/* Build the form that options->kind, not AUTO, names over keys[n], known to ascend. What was built
 * before is released. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__index_form(hunch_index *index, const uint64_t *keys, size_t n,
                                              const hunch_index_options *options, hunch_diag *diag);

/* Whether it chooses between the arms of AUTO; NULL is fine. Errors: EINVAL. */
HUNCH_MUST_USE hunch_status hunch__advisor_check(const hunch_chooser *advisor, hunch_diag *diag);

/* Find the form that suits keys[n], and build it. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__index_auto(hunch_index *index, const uint64_t *keys, size_t n,
                                              const hunch_index_options *options, hunch_diag *diag);

/* Release what a form consists of; the index stays. */
void hunch__index_drop(hunch_index *index);

/* Memory beside the keys, the object included. */
size_t hunch__index_bytes(const hunch_index *index);

/* The lower bound by whatever form there is, checked where the form is not trusted. */
size_t hunch__index_ask(const hunch_index *index, uint64_t key);

/* Have look-ups go to the kernel of kind and router, or to hunch__index_ask(). */
void hunch__index_aim(hunch_index *index);

/* `count` elements for part `id`, to be filled, which the index owns; NULL when there is no memory.
 * The rest of the last cache line is zeroed. */
void *hunch__model_new(hunch_index *index, uint32_t id, enum hunch__element type, uint64_t count,
                       hunch_diag *diag);

/* The bytes of part `id`; NULL when there is none. */
const struct hunch__part_of_model *hunch__model_part(const hunch_index *index, uint32_t id);

/* Check that the keys ascend. Errors: `status`, diag->at is the first that is too small. */
HUNCH_MUST_USE hunch_status hunch__keys_ascend(const uint64_t *keys, size_t n, unsigned threads,
                                               hunch_status status, hunch_diag *diag);

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

/* Set keys, n, range and lead of a learned form. n >= HUNCH__LEARNED_MIN. */
void hunch__learned_keys(struct hunch__learned *learned, const uint64_t *keys, size_t n);

/* Keys of the first line that the array lacks: so that every other group is a cache line. */
static inline size_t hunch__lead_of(const uint64_t *keys, size_t n)
{
    const size_t group = HUNCH__STREE_GROUP;
    return n > group ? (uintptr_t)keys / sizeof *keys % group : 0;
}

/* One of the learned forms: how it is built over index->learned.keys, how its parts, which are
 * there, are put in place, and how they are compared with what they must be. */
struct hunch__form {
    /* Errors: ENOMEM. */
    hunch_status (*build)(hunch_index *index, const hunch_index_options *options, hunch_diag *diag);
    /* Everything that a search relies on for its safety. Errors: ECORRUPT. */
    hunch_status (*place)(hunch_index *index, hunch_diag *diag);
    /* Errors: ECORRUPT. */
    hunch_status (*validate)(const hunch_index *index, hunch_diag *diag);
};

/* The form of a hunch_index_kind; NULL of STREE and of what is none. */
const struct hunch__form *hunch__form_of(uint64_t kind);

/* SEGMENTS: where the window of `key`, which belongs to `node`, begins. */
size_t hunch__segments_start(const struct hunch__learned *learned, size_t node, uint64_t key);

/* SEGMENTS: the first key of segment i, rounded down to where its boundary is. */
uint64_t hunch__segment_key(const struct hunch__learned *learned, size_t i);

extern const struct hunch__form hunch__cells_form;
extern const struct hunch__form hunch__blocks_form;
extern const struct hunch__form hunch__segments_form;

#endif
