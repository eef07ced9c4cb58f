/* The snapshot that linear.h lays out, as the learners of the ridge family fill and ask it. */
#ifndef HUNCH_LEARNERS_LINEAR_SNAPSHOT_H
#define HUNCH_LEARNERS_LINEAR_SNAPSHOT_H

#include "ridge.h"

#include <hunch/learner.h>

/* Standard deviations from the mean at which a dense column is clipped when it is asked: further
 * out a linear model is a guess. */
#define HUNCH__CLIP 4.0

/* No weight of a snapshot is larger, and no mean and no reach of a column. */
#define HUNCH__WEIGHT_MAX 1e28f
#define HUNCH__SPREAD_MAX 1e38f

/* Behind the model: what its scores are in rewards. */
struct hunch__linear_units {
    double reward_mean; /* of a score of 0        */
    double reward_sd;   /* of a score's unit      */
    double reserved[6]; /* zero                   */
    float bonus[];      /* [S]: part of the score */
};

/* Bytes of a model and its units. */
size_t hunch__linear_model_bytes(uint32_t arms, uint32_t dense, uint32_t features);

/* The functions of hunch_learner_ops that ask such a snapshot. */
size_t hunch__linear_snapshot_bytes(const hunch_learner_shape *shape);
void hunch__linear_snapshot_score(const void *snapshot, const hunch_learner_shape *shape,
                                  const hunch_context *x, const float *candidates,
                                  const uint64_t *mask, float *p);
uint32_t hunch__linear_snapshot_choose(const void *snapshot, const hunch_learner_shape *shape,
                                       const hunch_context *x, const uint64_t *mask, uint64_t dice,
                                       float *propensity);

/* An empty one for contexts spread as `solver` found them. */
struct hunch__linear *hunch__linear_snapshot_begin(void *snapshot, const hunch_learner_shape *shape,
                                                   const struct hunch__ridge_solver *solver,
                                                   struct hunch__explore explore);

/* Give the arm weights[D] over raw columns and rewards, as scores in units of the rewards' spread
 * around their mean, and a bonus in such units. Weights of NULL are those of the mean. */
void hunch__linear_snapshot_set(struct hunch__linear *model, uint32_t arm,
                                const struct hunch__ridge_solver *solver, const double *weights,
                                double bonus);

/* The reward that an arm is expected to bring, in rewards and without its bonus; finite. */
double hunch__linear_snapshot_predict(const struct hunch__linear *model, const hunch_context *x,
                                      uint32_t arm);

/* scores[S] of a context whose sparse values may be anything finite. */
void hunch__linear_snapshot_scores(const struct hunch__linear *model, const hunch_context *x,
                                   float *scores);

/* A finite float next to x. */
float hunch__to_float(double x, float most);

#endif
