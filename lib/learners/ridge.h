/* Ridge regression of the reward, an arm for itself, on sums of second order.
 *
 * What is kept of events are sums of w x x', w r x and w r r over the raw columns and a first one
 * that is always 1. They are exact but for rounding, commute, and add up: the sums of two shards
 * are the sums of both. Everything that depends on how columns are spread (centring, scaling, the
 * penalty) is done when an arm is solved; it is an affine change of variables, which the first
 * column makes a matrix, T, so that the sums of the standardised columns are T A T'. */
#ifndef HUNCH_LEARNERS_RIDGE_H
#define HUNCH_LEARNERS_RIDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernels.h"

#include <hunch/learner.h>

/* Most columns, the first included, and most bytes of a state. */
#define HUNCH__RIDGE_COLUMNS_MAX 1025u
#define HUNCH__RIDGE_BYTES_MAX   ((uint64_t)1 << 30)

/* A column whose variance is less than this part of its squared mean is constant: sums of f64 can
 * tell no more, and a float has little more to tell. */
#define HUNCH__CONSTANT 1e-11

/* Events that make an arm due whatever it was solved with. */
#define HUNCH__RIDGE_ALL_FRESH 0x1p200

/* The head of a state; the parts that the plan names follow it. */
struct hunch__ridge {
    double scale;   /* weight of the next event, in [1, HUNCH__SCALE_LIMIT) */
    double n;       /* sum of weights                                       */
    double reward;  /* sum of rewards                                       */
    double squares; /* sum of squared rewards                               */
    uint64_t events;
    double reserved[3]; /* zero */
};

/* Where things are in a state, counted in doubles from its start. D is the number of columns. */
struct hunch__ridge_plan {
    uint32_t arms;
    uint32_t dense;   /* columns [1, 1 + dense) are given by every context  */
    uint32_t columns; /* D: the one that is always 1 is column 0            */
    size_t packed;    /* D (D + 1) / 2                                      */

    size_t first;   /* [D]: sums of columns over all arms                   */
    size_t second;  /* [D]: of their squares                                */
    size_t present; /* [D]: of the weights of events where they are not 0   */
    size_t arm;     /* [arms][packed + D]: A, packed as train.h says, then b */

    size_t solved;  /* [arms]: what A[0][0] was when the arm was solved     */
    size_t fresh;   /* [arms]: events since then                            */
    size_t weights; /* [arms][D]: the solution, over raw columns            */

    size_t scratch; /* [(D + 6) D]: contents of no meaning                  */
    size_t total;
};

/* False when the shape is too large. */
bool hunch__ridge_plan_make(struct hunch__ridge_plan *plan, uint32_t arms, uint32_t dense,
                            uint32_t features);

size_t hunch__ridge_bytes(const struct hunch__ridge_plan *plan);

/* -- sums (ridge_sums.c) ---------------------------------------------------------------------- */

void hunch__ridge_init(void *state);

/* Add one event, whose context may be another than the event's own; then let all events before the
 * next one count `growth` times less. */
void hunch__ridge_add(void *state, const struct hunch__ridge_plan *plan, const hunch_context *x,
                      const hunch_learner_event *event, double growth);

/* The functions of hunch_learner_ops, for these sums. */
hunch_status hunch__ridge_validate(const void *state, const struct hunch__ridge_plan *plan,
                                   hunch_diag *diag);
void hunch__ridge_merge(void *state, const struct hunch__ridge_plan *plan, const void *other);

/* Add all of `other` but the sums over columns, and say by what those have to be multiplied. */
double hunch__ridge_merge_heads(void *state, const struct hunch__ridge_plan *plan,
                                const void *other);

/* What a column was, in terms of others: `factor` times column `of`. */
struct hunch__ridge_image {
    double factor;
    uint32_t of;
};

/* The sums that have `count` columns more, from column `from` on, which were the images[count] of
 * others before it in all events so far; their sums were zero. */
void hunch__ridge_adopt(void *state, const struct hunch__ridge_plan *plan, uint32_t from,
                        uint32_t count, const struct hunch__ridge_image *images);

/* Add `other`, in whose sums the columns of `state` are images[D]. */
void hunch__ridge_merge_images(void *state, const struct hunch__ridge_plan *plan, const void *other,
                               const struct hunch__ridge_image *images);

/* Forget the sums of columns [from, to). */
void hunch__ridge_drop(void *state, const struct hunch__ridge_plan *plan, uint32_t from,
                       uint32_t to);

/* -- solving (ridge_solve.c) ------------------------------------------------------------------ */

/* What one publication has in common: how the columns are spread, and room to work. */
struct hunch__ridge_solver {
    const struct hunch__kernels *kernels;
    const struct hunch__ridge_plan *plan;
    double *state;
    double penalty;     /* of a standardised weight, in units of an event           */
    double reward_mean; /* of all events                                            */
    double reward_sd;   /* > 0                                                      */
    uint32_t live;      /* columns that vary, the first included                    */
    double n;           /* events, in units of the last one                         */
    double *mean;       /* [D]: what columns are centred by; 0 for sparse ones      */
    double *sd;         /* [D]: what they are divided by; 0: constant, left out     */
    double *scale;      /* [D]: what a centred column or product is multiplied by   */
    double *rhs;        /* [D]                                                      */
    double *diagonal;   /* [D]: 1 / L[i][i]                                         */
    double *spare;      /* [D]: nobody else's                                       */
    double *matrix;     /* [D][D]: T A T' + penalty, then L below and on its diagonal */
};

/* A column that is the product of two others before it, u and v: z_p = z_u z_v, of the standardised
 * ones. Others have u = p, v = 0. An array of them, parents[D], is NULL where no column is one. */
struct hunch__ridge_parents {
    uint32_t u, v;
};

/* Look at how the columns are spread. */
void hunch__ridge_begin(struct hunch__ridge_solver *solver, void *state,
                        const struct hunch__ridge_plan *plan, double penalty);

/* The events of an arm, in units of the last one. */
double hunch__ridge_events(const struct hunch__ridge_solver *solver, uint32_t arm);

/* Whether the arm learned enough since it was solved that solving it again is worth while. */
bool hunch__ridge_due(const struct hunch__ridge_solver *solver, uint32_t arm);

/* matrix and diagonal = the Cholesky factor of the arm's standardised sums and the penalty. */
void hunch__ridge_factor(struct hunch__ridge_solver *solver, uint32_t arm,
                         const struct hunch__ridge_parents *parents);

/* After hunch__ridge_factor(): rhs = the solution over standardised columns, in units of
 * reward_sd around reward_mean; finite whatever the sums are. */
void hunch__ridge_solve(struct hunch__ridge_solver *solver, uint32_t arm,
                        const struct hunch__ridge_parents *parents);

/* After hunch__ridge_factor(): y[D] = L^-1 y, and y = L'^-1 y. */
void hunch__ridge_forward(const struct hunch__ridge_solver *solver, double *y);
void hunch__ridge_back(const struct hunch__ridge_solver *solver, double *y);

/* Keep rhs[D] as the arm's solution, over raw columns and rewards, and return it. */
const double *hunch__ridge_keep(struct hunch__ridge_solver *solver, uint32_t arm,
                                const struct hunch__ridge_parents *parents);

/* The arm's solution over raw columns, as kept: in rewards; NULL when it never was solved. */
const double *hunch__ridge_weights(const struct hunch__ridge_solver *solver, uint32_t arm);

#endif
