/* The functions of hunch_learner_ops for the learners whose state is a ridge regression over the
 * columns as they come. */
#ifndef HUNCH_LEARNERS_LINEAR_STATE_H
#define HUNCH_LEARNERS_LINEAR_STATE_H

#include "ridge.h"

#include <hunch/learner.h>

/* Events that the prior, all weights zero, counts for; columns are standardised. Of .3, 1, 3, 5 and
 * 10 the best on the ten class sets on which constants are fixed, but flat from 3 on. */
#define HUNCH__PENALTY 4.0

/* False when the shape is refused. */
bool hunch__linear_plan(const hunch_learner_shape *shape, struct hunch__ridge_plan *plan);

size_t hunch__linear_state_bytes(const hunch_learner_shape *shape);
void hunch__linear_init(void *state, const hunch_learner_shape *shape, uint64_t seed);
void hunch__linear_learn(void *state, const hunch_learner_shape *shape,
                         const hunch_learner_event *events, size_t n);
hunch_status hunch__linear_validate(const void *state, const hunch_learner_shape *shape,
                                    hunch_diag *diag);
void hunch__linear_merge(void *state, const hunch_learner_shape *shape, const void *other);

/* The scale of inverse gap weighting after n events: SquareCB's gamma (Foster and Rakhlin 2020),
 * for rewards of spread 1. */
struct hunch__explore hunch__linear_explore(const hunch_learner_shape *shape, double n);

/* What is added to an arm's score, in units of the rewards' spread, because it was played n times
 * only and so many columns vary: LinUCB's bonus (Li, Chu, Langford, Schapire 2010) on the average
 * over contexts. It costs nothing to ask, and finds the good ones among many arms (letter, 26 arms:
 * loss .48 without, .40 with). */
double hunch__linear_bonus(const hunch_learner_shape *shape, double columns, double n);

#endif
