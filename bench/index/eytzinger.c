/* Contender: the Eytzinger layout, a complete binary search tree in breadth-first order, with
 * prefetch. After Khuong and Morin, JEA 2017, sections 5 and 6, and Algorithmica, "Eytzinger binary
 * search".
 *
 * The position among the sorted keys is computed from the node's place in the tree; a table of
 * positions would be one more far line a look-up. */
#include "bits.h"
#include "contender.h"
#include "index_alloc.h"
#include "loops.h"

struct eytzinger {
    uint64_t *node; /* owned, [n + 1], 64-aligned: node i has the children 2 i and 2 i + 1, 1 is the
                       root and 0 is not used */
    size_t n;
    unsigned height;    /* depth of the last level, which may be part full; that of the root is 0 */
    size_t last;        /* nodes of the last level                                                */
    unsigned ahead;     /* levels between a node and what is prefetched for it                    */
    size_t second_line; /* distance of the second line where 2^ahead nodes are two; else 0        */
    size_t width;
};

static hunch_status build(void **out, const uint64_t *keys, size_t n,
                          const struct index_tuning *tuning, hunch_diag *diag);
static size_t bytes(const void *self);
static void release(void *self);
static inline uint64_t eytzinger_look_up(const struct eytzinger *index, uint64_t key);
static inline void eytzinger_group(const struct eytzinger *index, const uint64_t *queries,
                                   size_t width, uint64_t *answers);
static size_t fill(const struct eytzinger *index, const uint64_t *keys, size_t i, size_t position);
static inline void prefetch_below(const struct eytzinger *index, size_t i);
static inline uint64_t position_of_path(const struct eytzinger *index, size_t path, uint64_t key);

INDEX_LOOPS(eytzinger, struct eytzinger)
INDEX_BATCHED(eytzinger, struct eytzinger)

const struct index_contender index_eytzinger = {
    .name = "eytzinger",
    /* hunch-bench index --profile full --case sweep-eytzinger */
    .tuning = {.batch_width = 128, .parameter = 4},
    .build = build,
    .fenced = eytzinger_fenced,
    .independent = eytzinger_independent,
    .batched = eytzinger_batched,
    .bytes = bytes,
    .free = release,
};

static hunch_status build(void **out, const uint64_t *keys, size_t n,
                          const struct index_tuning *tuning, hunch_diag *diag)
{
    struct eytzinger *index = index_alloc(1, sizeof *index);
    uint64_t *node = n < SIZE_MAX ? index_alloc(n + 1, sizeof *node) : NULL;
    *out = NULL;
    if (index == NULL || node == NULL) {
        index_free(index, 1, sizeof *index);
        index_free(node, n + 1, sizeof *node);
        return index_no_memory(diag, n);
    }
    *index = (struct eytzinger){.node = node, .n = n, .width = tuning->batch_width};
    index->ahead = tuning->parameter;
    index->second_line = tuning->parameter > 3 ? HUNCH__CACHE_LINE : 0;
    if (n > 0) {
        index->height = 63 - (unsigned)__builtin_clzll(n);
        index->last = n - (((size_t)1 << index->height) - 1);
        (void)fill(index, keys, 1, 0);
    }
    *out = index;
    return HUNCH_OK;
}

/* The nodes are the copy of the keys. */
static size_t bytes(const void *self)
{
    (void)self;
    return sizeof(struct eytzinger) + sizeof(uint64_t);
}

static void release(void *self)
{
    struct eytzinger *index = self;
    if (index != NULL) {
        index_free(index->node, index->n + 1, sizeof *index->node);
        index_free(index, 1, sizeof *index);
    }
}

/* Fill the subtree of node i in order, from keys[position]; the next position. As deep as the
 * tree. */
static size_t fill(const struct eytzinger *index, const uint64_t *keys, size_t i, size_t position)
{
    if (i > index->n) {
        return position;
    }
    position = fill(index, keys, 2 * i, position);
    index->node[i] = keys[position];
    return fill(index, keys, 2 * i + 1, position + 1);
}

static inline uint64_t eytzinger_look_up(const struct eytzinger *index, uint64_t key)
{
    if (index->n == 0) {
        return 0;
    }
    size_t i = 1;
    for (unsigned level = 0; level < index->height; level++) {
        prefetch_below(index, i);
        i = 2 * i + (index->node[i] < key);
    }
    return position_of_path(index, i, key);
}

static inline void eytzinger_group(const struct eytzinger *index, const uint64_t *queries,
                                   size_t width, uint64_t *answers)
{
    for (size_t i = 0; i < width; i++) {
        answers[i] = index->n > 0;
    }
    for (unsigned level = 0; level < index->height; level++) {
        for (size_t i = 0; i < width; i++) {
            size_t next = 2 * answers[i] + (index->node[answers[i]] < queries[i]);
            index_prefetch((uintptr_t)(index->node) + next * sizeof *index->node);
            answers[i] = next;
        }
    }
    for (size_t i = 0; i < width && index->n > 0; i++) {
        answers[i] = position_of_path(index, answers[i], queries[i]);
    }
}

/* The nodes `ahead` levels below i, which lie side by side. */
static inline void prefetch_below(const struct eytzinger *index, size_t i)
{
    uintptr_t below = (uintptr_t)index->node + ((i << index->ahead) * sizeof *index->node);
    index_prefetch(below);
    if (index->second_line != 0) {
        index_prefetch(below + index->second_line);
    }
}

/* Take the last step from node `path` of the last level, which may not be there, and turn the
 * path into a position. */
static inline uint64_t position_of_path(const struct eytzinger *index, size_t path, uint64_t key)
{
    /* A node that is missing counts as smaller: its bit goes with the other right turns. */
    bool missing = path > index->n;
    path = 2 * path + (missing | (index->node[missing ? 1 : path] < key));
    /* The answer is where the path turned left for the last time: above the right turns. */
    size_t i = path >> __builtin_ffsll(~(long long)path);
    if (i == 0) {
        return index->n;
    }
    /* In-order rank if the last level were full, less the missing nodes before it. */
    unsigned depth = 63 - (unsigned)__builtin_clzll(i);
    size_t rank = ((2 * i + 1) << (index->height - depth)) - ((size_t)2 << index->height) - 1;
    size_t last_level = (rank + 1) / 2;
    return rank - (last_level > index->last ? last_level - index->last : 0);
}
