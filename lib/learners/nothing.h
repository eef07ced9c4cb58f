/* The functions of a learner that learns nothing; only its score() and choose() are its own. */
#ifndef HUNCH_LEARNERS_NOTHING_H
#define HUNCH_LEARNERS_NOTHING_H

#include <hunch/learner.h>

/* A line that stays zero, since 0 bytes would refuse the shape. */
size_t hunch__nothing_bytes(const hunch_learner_shape *shape);
void hunch__nothing_init(void *state, const hunch_learner_shape *shape, uint64_t seed);
void hunch__nothing_learn(void *state, const hunch_learner_shape *shape,
                          const hunch_learner_event *events, size_t n);
void hunch__nothing_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                            void *snapshot);
hunch_status hunch__nothing_validate(const void *state, const hunch_learner_shape *shape,
                                     hunch_diag *diag);
void hunch__nothing_merge(void *state, const hunch_learner_shape *shape, const void *other);

#endif
