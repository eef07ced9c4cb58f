/* The state of `curve`, shared by the file that learns and answers and the one that solves. */
#ifndef HUNCH_LEARNERS_CURVE_H
#define HUNCH_LEARNERS_CURVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/learner.h>

/* Columns of a context that are looked at, the first ones: the work of a publish grows with the
 * cube of their number. */
#define HUNCH__CURVE_COLUMNS_MAX 16u

/* Posterior draws of a snapshot: 8 to 64 end equally well, and a snapshot should be small. */
#define HUNCH__CURVE_DRAWS 8u

/* The head of a state. Everything but `scale` adds up; sums are in units of weight. Behind it, with
 * D = 1 + columns looked at:
 *   double moments[arms][D (D + 1) / 2]   sums of x x', packed by rows; x[0] = 1
 *   double rewards[arms][D]               sums of r x
 * and the room to solve in, zero between publications. */
struct hunch__curve {
    double scale;   /* weight of the next event, in [1, HUNCH__SCALE_LIMIT) */
    double squares; /* sum of squares of the rewards                        */
    double reserved[6];
};

/* Where a posterior is solved for; n = arms D unknowns, arm by arm. */
struct hunch__curve_room {
    double *band; /* [n][2 D + 1] of the matrix: row i holds columns i - 2 D to i */
    double *mean; /* [n] of the posterior                                         */
    double *draw; /* [n] from it                                                  */
    double *x;    /* [D] an event's                                               */
};

/* How a curve is measured: units in which all that is learned has mean 0 and variance 1. */
struct hunch__curve_units {
    double n;      /* events, in weights of the last one */
    double reward; /* mean of the rewards                */
    double spread; /* of them; 0: nothing is known       */
    /* Of the columns; [0] is not read. A width of 0: hardly varies, left out. */
    double mean[1 + HUNCH__CURVE_COLUMNS_MAX];
    double width[1 + HUNCH__CURVE_COLUMNS_MAX];
};

/* Where row j of a triangle packed by rows begins; of D rows, its size. */
static inline size_t hunch__curve_row(size_t j)
{
    return j * (j + 1) / 2;
}

/* D: columns looked at, and the one that is always 1. */
uint32_t hunch__curve_order(const hunch_learner_shape *shape);

/* An arm's sums; those of arm `arms` would begin where the next part does. */
double *hunch__curve_moments(const void *state, const hunch_learner_shape *shape, uint32_t arm);
double *hunch__curve_rewards(const void *state, const hunch_learner_shape *shape, uint32_t arm);

struct hunch__curve_room hunch__curve_find_room(const void *state,
                                                const hunch_learner_shape *shape);

/* Decades of smoothness that are thought possible. */
#define HUNCH__CURVE_DECADES 8u

/* share[HUNCH__CURVE_DECADES] = how probable each is, given the rewards; they sum to 1. */
void hunch__curve_weigh(void *state, const hunch_learner_shape *shape,
                        const struct hunch__curve_units *units, double *share);

/* Solve for the posterior of every arm's weights, in units, for one of them: afterwards room.band
 * is the factor and room.mean the mean. Returns the standard deviation of the noise; 0 when there
 * is no answer, from sums that no events have. */
double hunch__curve_solve(void *state, const hunch_learner_shape *shape,
                          const struct hunch__curve_units *units, uint32_t decade);

/* room.draw = a draw from the posterior, whose noise has this standard deviation. */
void hunch__curve_draw(void *state, const hunch_learner_shape *shape, double noise,
                       uint64_t *stream);

#endif
