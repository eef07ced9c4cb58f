/* Shapes, contexts, masks and rewards to try learners on. */
#ifndef HUNCH_CONFORMANCE_LEARNER_WORLD_H
#define HUNCH_CONFORMANCE_LEARNER_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/learner.h>

/* How a context's numbers are made. */
enum world_kind {
    WORLD_PLAIN,   /* of size about one                                                    */
    WORLD_EXACT,   /* small multiples of 1/4: sums of their products round nothing in f64  */
    WORLD_EXTREME, /* huge, tiny, constant and duplicated columns, huge rewards and weights */
    WORLD_EASY     /* as plain; one arm is plainly the best                                */
};

enum { WORLD_ARMS_MAX = 70, WORLD_FEATURES_MAX = 64, WORLD_CANDIDATE_MAX = 3 };

/* A source of questions and their outcomes for one shape. */
struct world {
    const hunch_learner_shape *shape;
    enum world_kind kind;
    uint64_t stream; /* SplitMix64 */
};

/* One question and one event, with their numbers inside: not to be moved. */
struct world_event {
    hunch_learner_event event;
    float dense[WORLD_FEATURES_MAX];
    uint32_t columns[WORLD_FEATURES_MAX];
    float values[WORLD_FEATURES_MAX];
    float candidates[WORLD_ARMS_MAX][WORLD_CANDIDATE_MAX];
    uint64_t mask[2];
};

/* The shapes that every learner is offered. */
extern const hunch_learner_shape world_shapes[];
extern const size_t world_shapes_count;

/* "K 8, dense 16, sparse 0" in static memory, for messages. */
const char *world_shape_name(const hunch_learner_shape *shape);

/* A new question, with a mask that is never empty. */
void world_ask(struct world *world, struct world_event *out);

/* The outcome of playing `arm` in answer to it, with probability p. */
void world_tell(struct world *world, struct world_event *out, uint32_t arm, float p);

/* candidates[arms][c] as score() wants them, or NULL when the arms are fixed. The result lies in
 * packed[WORLD_ARMS_MAX * WORLD_CANDIDATE_MAX]. */
const float *world_candidates(const struct world *world, const struct world_event *asked,
                              float *packed);

#endif
