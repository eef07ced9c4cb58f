/* A context with the products of its columns, so that a linear model of it is a quadratic one.
 *
 * The dense columns that have products are chosen as they come: one that never varies needs none.
 * A column that varies for the first time is still exact, since until then it was a constant c, and
 * so sums with x_k x_j are c times those with x_j. */
#ifndef HUNCH_LEARNERS_PAIRS_H
#define HUNCH_LEARNERS_PAIRS_H

#include <stdbool.h>

#include "ridge.h"

#include <hunch/learner.h>

/* Most columns after the expansion, the first not counted: solving takes their third power. */
#define HUNCH__PAIRS_MAX 416u

/* Most dense columns with products: 26 have 351. */
#define HUNCH__PAIRS_SLOTS_MAX 26u

/* Products past the last one that may be written. */
#define HUNCH__PAIRS_LANES 8u

/* How the columns of a context with d dense and s sparse ones are numbered then, m being the slots
 * that there is room for:
 *   dense   d columns, then for each slot b < m the products of slots (0, b), (1, b) ... (b, b)
 *   sparse  s columns, then, if there is room for them with some slots, for each slot its s
 * products with sparse ones, then v_k v_l for k < l, row by row */
struct hunch__pairs {
    uint32_t dense;        /* d                                 */
    uint32_t sparse;       /* s                                 */
    uint32_t slots;        /* m                                 */
    uint32_t dense_all;    /* dense columns with their products */
    uint32_t features_all; /* all columns with all products     */
    bool mixed;            /* sparse columns have products, too */
};

/* Which dense columns have products; part of a state and of a snapshot. */
struct hunch__pairs_chosen {
    uint32_t count;                          /* slots in use, <= m                            */
    uint32_t closed;                         /* 1: no more are to be added                    */
    uint32_t column[HUNCH__PAIRS_SLOTS_MAX]; /* [count], distinct, in the order they came     */
    uint32_t reserved[4];
};

/* A context and where it lives. */
struct hunch__expanded {
    hunch_context x;
    float dense[HUNCH__PAIRS_MAX + HUNCH__PAIRS_LANES];
    float values[HUNCH__PAIRS_MAX];
    uint32_t columns[HUNCH__PAIRS_MAX];
};

/* False when there are too many columns, or no products at all. */
bool hunch__pairs_plan(const hunch_learner_shape *shape, struct hunch__pairs *pairs);

/* The column of the product of slots a <= b, counted with the one that is always 1; and that of
 * slot b and sparse column k, if there are such. */
uint32_t hunch__pairs_column(const struct hunch__pairs *pairs, uint32_t a, uint32_t b);
uint32_t hunch__pairs_mixed(const struct hunch__pairs *pairs, uint32_t k, uint32_t b);

/* out = the dense columns as `dense` has them, the sparse ones of x, and all their products, which
 * may be infinite; those of slots that are not in use are zero. */
void hunch__pairs_expand(const struct hunch__pairs *pairs, const struct hunch__pairs_chosen *chosen,
                         const float *dense, const hunch_context *x, struct hunch__expanded *out);

/* parents[1 + features_all], for ridge.h. */
void hunch__pairs_parents(const struct hunch__pairs *pairs,
                          const struct hunch__pairs_chosen *chosen,
                          struct hunch__ridge_parents *parents);

/* -- the state: a ridge regression and what was chosen (pairs_state.c) ------------------------- */

/* Where things are in it. */
struct hunch__pairs_plan {
    struct hunch__pairs pairs;
    struct hunch__ridge_plan ridge;
    size_t chosen; /* struct hunch__pairs_chosen: a byte offset    */
    size_t first;  /* float[dense]: the first event's, likewise    */
    size_t bytes;  /* of a state                                   */
};

/* False when the shape is refused. */
bool hunch__pairs_state_plan(const hunch_learner_shape *shape, struct hunch__pairs_plan *plan);

struct hunch__pairs_chosen *hunch__pairs_chosen_of(void *state,
                                                   const struct hunch__pairs_plan *plan);

/* Learn one event. */
void hunch__pairs_add(void *state, const struct hunch__pairs_plan *plan,
                      const hunch_learner_event *event, double growth);

/* The functions of hunch_learner_ops. Where two states have chosen differently and there is not
 * room for all, the sum of them has no products of dense columns. */
hunch_status hunch__pairs_validate(const void *state, const struct hunch__pairs_plan *plan,
                                   hunch_diag *diag);
void hunch__pairs_merge(void *state, const struct hunch__pairs_plan *plan, const void *other);

#endif
