/* A snapshot of one probability an arm, whatever the context: how often a Thompson sampler would
 * play it. Drawing many times when it is made, not once, keeps the propensity the real one even
 * when a thousand choices are made of one snapshot. */
#ifndef HUNCH_LEARNERS_SHARES_H
#define HUNCH_LEARNERS_SHARES_H

#include <hunch/learner.h>

struct hunch__shares {
    uint32_t best;         /* the first of those with the largest share */
    uint32_t reserved[15]; /* zero                                      */
    float share[];         /* [arms], all > 0, summing to 1             */
};

/* The functions of hunch_learner_ops that ask such a snapshot. */
size_t hunch__shares_bytes(const hunch_learner_shape *shape);
void hunch__shares_score(const void *snapshot, const hunch_learner_shape *shape,
                         const hunch_context *x, const float *candidates, const uint64_t *mask,
                         float *p);
uint32_t hunch__shares_choose(const void *snapshot, const hunch_learner_shape *shape,
                              const hunch_context *x, const uint64_t *mask, uint64_t dice,
                              float *propensity);

/* Fill one: `sample` draws what an arm may be worth, `state` is its first argument. */
void hunch__shares_publish(void *snapshot, const hunch_learner_shape *shape, uint64_t dice,
                           double (*sample)(const void *belief, uint32_t arm, uint64_t *stream),
                           const void *belief);

#endif
