/* A snapshot of one score an arm, whatever the context: the kernels of exploration make it a
 * choice. */
#ifndef HUNCH_LEARNERS_SCORED_H
#define HUNCH_LEARNERS_SCORED_H

#include "explore.h"

#include <hunch/learner.h>

struct hunch__scored {
    struct hunch__explore explore;
    uint32_t reserved[14]; /* zero: the scores begin on a cache line */
    float scores[];        /* [hunch__arms_stride(arms)], finite     */
};

/* The functions of hunch_learner_ops that ask such a snapshot. */
size_t hunch__scored_bytes(const hunch_learner_shape *shape);
void hunch__scored_score(const void *snapshot, const hunch_learner_shape *shape,
                         const hunch_context *x, const float *candidates, const uint64_t *mask,
                         float *p);
uint32_t hunch__scored_choose(const void *snapshot, const hunch_learner_shape *shape,
                              const hunch_context *x, const uint64_t *mask, uint64_t dice,
                              float *propensity);

/* An empty one to be filled: all scores are zero, explored by epsilon-greedy. */
struct hunch__scored *hunch__scored_begin(void *snapshot, const hunch_learner_shape *shape,
                                          float epsilon);

#endif
