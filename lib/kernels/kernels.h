/* The hot loops, once per instruction set, behind one table.
 *
 * scalar.c is the specification: plain C that reads like the definition. Every other table gives
 * equal answers for every input; tests/check_kernels.c compares them over all lengths and
 * alignments. An object stores the table's pointer when it is made, so that no call dispatches. */
#ifndef HUNCH_KERNELS_KERNELS_H
#define HUNCH_KERNELS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "learned.h"
#include "linear.h"
#include "mlp.h"
#include "train.h"

#include <hunch/learner.h>

/* Levels of u64 entries that 2^38 keys need with nodes of 8: log8(2^35) < 12. */
#define HUNCH__STREE_LEVELS_MAX 12u
/* Keys of a group: one cache line. */
#define HUNCH__STREE_GROUP      8u

/* A static S+-tree over sorted keys, as learned_index/classic_stree.c lays it out.
 *
 * The keys themselves are the leaves, in groups of 8 that start on cache lines. The first group is
 * short by `lead` keys when keys[0] does not; the last may be short too. A level is an array of
 * entries, each the largest key below it, in nodes of B = 8 or 16 entries; the B entries of a node
 * lie below one entry of the level above.
 *
 * B = 8: an entry of the lowest level stands for a group. B = 16: it stands for a packed node, 16
 * groups with 15 separators of 32 bits between them, relative to the entries around them. Where
 * the keys are spread evenly enough, a table over the top bits of key - keys[0] leads straight to
 * the lowest level: cell x holds how many of its entries lie in the cells before, or DENSE when
 * more entries than one comparison takes lie in the cell, which then descends from the root. */
struct hunch__stree {
    const uint64_t *keys; /* [n], ascending                                              */
    size_t n;
    size_t lead;        /* keys that the first group lacks, < 8                                 */
    uint32_t levels;    /* levels of u64 entries; 0: count in the keys alone (n <= 8)    */
    uint32_t node_keys; /* B                                                             */
    size_t last_entry;  /* index of the lowest level's last entry that is used           */
    size_t last_window; /* index of the first of its last B entries                      */
    const uint64_t *level[HUNCH__STREE_LEVELS_MAX]; /* root first: [nodes][B], 64-aligned */
    const uint64_t *lowest; /* the last level; lowest[-1] is its left edge, keys[0]       */
    const uint32_t *packed; /* B = 16: a node for each entry, and one more: [][16], 64-aligned */
    const uint32_t *table;  /* [(table_range >> table_shift) + 1]; never NULL            */
    uint64_t table_low;     /* the table serves keys from here, keys[0], to this much     */
    uint64_t table_range;   /* above; 0 when there is none, and then table[0] is 0        */
    uint32_t table_shift;
};

/* Cell of the table that needs the tree, and the most entries that a cell may hold without. */
#define HUNCH__STREE_DENSE  UINT32_MAX
#define HUNCH__STREE_WINDOW 16u

/* Slot of a packed node that tells whether one of its separators is the same in 32 bits as the key
 * to its left; the 16th group needs no separator. */
#define HUNCH__STREE_UNSURE 15u

static inline uint32_t hunch__stree_unsure(const struct hunch__stree *tree, size_t entry)
{
    return tree->packed[entry * 16 + HUNCH__STREE_UNSURE];
}

/* Levels above the lowest that get a stage of their own in a batch; those above them are small
 * enough to be in a near cache. */
#define HUNCH__STREE_STAGED_LEVELS 2u

/* The level that the first stage of a batch descends to: the lowest when a table leads there. */
static inline uint32_t hunch__stree_top(const struct hunch__stree *tree)
{
    const uint32_t lowest = tree->levels - 1;
    if (tree->table_range > 0) {
        return lowest;
    }
    return lowest > HUNCH__STREE_STAGED_LEVELS ? lowest - HUNCH__STREE_STAGED_LEVELS : 0;
}

/* The lower bound of `key`, known to be at `start` or further right, but in the same packed node.
 * Only for unsure nodes: where keys of one node are more than 2^32 times as far apart as two of
 * them that meet at a group's end. */
size_t hunch__stree_walk(const struct hunch__stree *tree, size_t start, uint64_t key);

/* The operations of one instruction set. No function allocates or blocks; all are reentrant. */
struct hunch__kernels {
    const char *name; /* "scalar", "avx2", "avx512", "neon" */

    /* How many of keys[n] are < key; every key is counted, so the order does not matter. */
    size_t (*count_less)(const uint64_t *keys, size_t n, uint64_t key);

    /* Position of the first key >= `key`, or n. Memory-safe whatever the entries are: what lies
     * beyond a level is taken as its last. [0]: nodes of 8 keys, [1]: of 16. */
    size_t (*stree_lower_bound[2])(const struct hunch__stree *tree, uint64_t key);

    /* positions[i] = lower bound of keys[i], i < n; at most `width` look-ups, 16 to 128, are in
     * flight. */
    void (*stree_lower_bound_batch[2])(const struct hunch__stree *tree, const uint64_t *keys,
                                       size_t n, size_t width, size_t *positions);

    /* The same in the learned forms of learned.h; [router - 1], a hunch_index_router. Any width
     * from 16 to 128. */
    size_t (*cells_lower_bound)(const struct hunch__learned *index, uint64_t key);
    void (*cells_lower_bound_batch)(const struct hunch__learned *index, const uint64_t *keys,
                                    size_t n, size_t width, size_t *positions);
    size_t (*blocks_lower_bound[3])(const struct hunch__learned *index, uint64_t key);
    void (*blocks_lower_bound_batch[3])(const struct hunch__learned *index, const uint64_t *keys,
                                        size_t n, size_t width, size_t *positions);
    size_t (*segments_lower_bound[3])(const struct hunch__learned *index, uint64_t key);
    void (*segments_lower_bound_batch[3])(const struct hunch__learned *index, const uint64_t *keys,
                                          size_t n, size_t width, size_t *positions);

    /* scores[S] = the estimated reward of every arm, as linear.h defines it; padding lanes get
     * what their weights, zeros, give. */
    void (*linear_scores)(const struct hunch__linear *model, const hunch_context *x, float *scores);

    /* The arm and its probability in one: linear_scores(), then explore_choose(). */
    uint32_t (*linear_choose)(const struct hunch__linear *model, const hunch_context *x,
                              const uint64_t *mask, uint64_t dice, float *propensity);

    /* p[arms] = the probabilities that explore.h defines over scores[hunch__arms_stride(arms)],
     * finite, where the padding may hold anything; 0 where mask has no bit. A mask of NULL is full
     * and none is empty. */
    void (*explore)(const struct hunch__explore *explore, const float *scores, uint32_t arms,
                    const uint64_t *mask, float *p);

    /* The arm that hunch_draw() takes from explore()'s p with `dice`, and its probability. */
    uint32_t (*explore_choose)(const struct hunch__explore *explore, const float *scores,
                               uint32_t arms, const uint64_t *mask, uint64_t dice,
                               float *propensity);

    /* scores[S] = the estimated reward of every arm, as mlp.h defines it for floats and for bytes;
     * explore_choose() makes a choice of it. */
    void (*mlp_scores)(const struct hunch__mlp *model, const hunch_context *x, float *scores);
    void (*mlp8_scores)(const struct hunch__mlp8 *model, const hunch_context *x, float *scores);

    /* packed += weight x x', packed as train.h says: each element gets (weight x_i) x_j, j <= i. */
    void (*f64_rank1)(double *packed, const double *x, size_t n, double weight);

    /* The sum of x_i y_i: eight parts take i = their number modulo 8, ascending, and are halved
     * three times, part i taking part i + half. */
    double (*f64_dot)(const double *x, const double *y, size_t n);

    /* y += a x, n numbers each. */
    void (*f64_axpy)(double *y, const double *x, size_t n, double a);

    /* A matrix product, as train.h defines it. */
    void (*f32_matmul)(const struct hunch__matmul *product);

    /* One step of Adam for the gradient g[n]: m[n], v[n] and w[n] are changed. */
    void (*f32_adam)(const struct hunch__adam *adam, const float *g, size_t n, float *m, float *v,
                     float *w);
};

/* The best table that processor and system support, or the one that HUNCH_ISA names when they
 * support it. Chosen at the first call.                                      Threads: shared. */
const struct hunch__kernels *hunch__kernels_get(void);

/* The table called `name`; NULL when there is none or this machine cannot run it. */
const struct hunch__kernels *hunch__kernels_find(const char *name);

#endif
