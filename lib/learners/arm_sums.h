/* What the learners without a context know: for each arm, how often it was played and what came of
 * it. */
#ifndef HUNCH_LEARNERS_ARM_SUMS_H
#define HUNCH_LEARNERS_ARM_SUMS_H

#include <hunch/learner.h>

/* Of one arm, or of several together; weighted. */
struct hunch__arm_sums {
    double n;
    double sum;     /* of rewards     */
    double squares; /* of the rewards */
};

/* The state: a cache line, then the arms'. Everything but `scale`, a weight, adds up. */
struct hunch__arms {
    double scale;    /* weight of the next event, in [1, HUNCH__SCALE_LIMIT) */
    double lowest;   /* rewards seen; 0 when none was                        */
    double highest;  /* see lowest                                           */
    uint64_t events; /* learned from                                         */
    double reserved[4];
    struct hunch__arm_sums arm[];
};

/* The functions of hunch_learner_ops that all of them share. */
size_t hunch__arms_state_bytes(const hunch_learner_shape *shape);
void hunch__arms_init(void *state, const hunch_learner_shape *shape, uint64_t seed);
void hunch__arms_learn(void *state, const hunch_learner_shape *shape,
                       const hunch_learner_event *events, size_t n);
hunch_status hunch__arms_validate(const void *state, const hunch_learner_shape *shape,
                                  hunch_diag *diag);
void hunch__arms_merge(void *state, const hunch_learner_shape *shape, const void *other);

/* All arms together, where the latest event weighs as much as it was handed in with. */
struct hunch__arm_sums hunch__arms_total(const struct hunch__arms *arms, uint32_t count);

/* One arm's, likewise. */
struct hunch__arm_sums hunch__arms_one(const struct hunch__arms *arms, uint32_t arm);

/* An arm's mean reward as a place in the range of rewards: 0 the lowest, 1 the highest, and 1 also
 * for an arm that was never played; 0.5 while all rewards are the same. */
double hunch__arms_place(const struct hunch__arms *arms, uint32_t arm);

/* The variance of rewards around their own arm's mean; 0 when no arm was played. */
double hunch__arms_variance(const struct hunch__arms *arms, uint32_t count);

#endif
