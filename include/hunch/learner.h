/* hunch/learner.h — draft, compiled but not installed: what a learner must be able to do.
 *
 * Implement these functions and your learner works everywhere in the library, passes the same
 * conformance suite as ours, and is saved, merged and replayed like ours. Classic heuristics
 * (always arm 0, uniform, least loaded) implement the same functions.
 *
 * Use a built-in learner, or none at all (the default chooses one by itself), unless you know
 * something about your rewards that they cannot.
 *
 * Caveats:
 * - State and snapshot are plain memory without pointers: they are saved, copied, mapped and
 *   compared as bytes.
 * - No function may allocate, block, read a clock or keep anything outside its arguments.
 * - score() reports probabilities and the chooser draws from them, so that the propensity on the
 *   ticket is right by construction. A learner that draws for itself and reports a one-hot vector
 *   lies to everything that learns from the log.
 * - The same arguments give the same bytes on every instruction set.
 */
#ifndef HUNCH_LEARNER_H
#define HUNCH_LEARNER_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/status.h>

HUNCH_API_BEGIN

/* What a learner is made for; equal for the whole life of a state. */
typedef struct hunch_learner_shape {
    uint32_t struct_size;        /* sizeof(hunch_learner_shape)                                */
    uint32_t arms;               /* >= 1; with candidates, the most of one question            */
    uint32_t features;           /* d: length of x once the chooser has encoded the categories */
    uint32_t candidate_features; /* c: length of a candidate's own features; 0 = fixed arms    */
} hunch_learner_shape;

/* One choice whose outcome is known. */
typedef struct hunch_learner_event {
    const float *x;         /* [d], finite; borrowed for the call                   */
    const float *candidate; /* [c], the chosen one's own features; NULL when c is 0 */
    uint32_t arm;           /* what was played, in [0, arms)                        */
    float propensity;       /* in (0, 1]: the probability with which it was played  */
    float reward;           /* finite, larger is better                             */
    float weight;           /* >= 0: 1 / the probability that the event was kept    */
} hunch_learner_event;

/* A learner: a name and eight functions, all of them required unless said otherwise.
 *
 * `state` is what is learned from, written by one thread at a time. `snapshot` is what is asked,
 * made from the state now and then, and never changed while anybody asks it. Both are 64-aligned
 * and owned by the chooser. */
typedef struct hunch_learner_ops {
    uint32_t struct_size; /* sizeof(hunch_learner_ops)                                      */
    uint32_t version;     /* of the state's layout; a saved state of another one is refused */
    const char *name;     /* "linucb"; stored in files; static                              */

    /* -- make -- */

    /* Bytes of a state and of a snapshot; 0 refuses the shape.             Threads: immutable. */
    size_t (*state_bytes)(const hunch_learner_shape *shape);
    size_t (*snapshot_bytes)(const hunch_learner_shape *shape);

    /* Make zeroed memory a state that knows nothing.                        Threads: confined. */
    void (*init)(void *state, const hunch_learner_shape *shape);

    /* -- ask -- */

    /* p[arms] = the probability of each arm for x[d], summing to 1, 0 for an arm whose bit in
     * mask[ceil(arms / 64)] is 0; NULL is no mask. candidates[arms][c] or NULL. `dice` is 64 fresh
     * random bits for learners whose p has no closed form.                 Threads: immutable. */
    void (*score)(const void *snapshot, const hunch_learner_shape *shape, const float *x,
                  const float *candidates, const uint64_t *mask, uint64_t dice, float *p);

    /* -- tell -- */

    /* Learn from events[n]; the order does not matter unless the README says so.
     *                                                                       Threads: confined. */
    void (*learn)(void *state, const hunch_learner_shape *shape, const hunch_learner_event *events,
                  size_t n);

    /* Make a snapshot of the state, with `dice` for perturbed ones.         Threads: confined. */
    void (*publish)(const void *state, const hunch_learner_shape *shape, uint64_t dice,
                    void *snapshot);

    /* -- keep -- */

    /* Say whether bytes from a file are a state; the asks are memory-safe if so.
     * Errors: ECORRUPT (diag->at is a byte offset in the state).           Threads: immutable. */
    hunch_status (*validate)(const void *state, const hunch_learner_shape *shape, hunch_diag *diag);

    /* Add what `other` learned: commutative and associative. NULL: this learner cannot be merged.
     *                                                                       Threads: confined. */
    void (*merge)(void *state, const hunch_learner_shape *shape, const void *other);
} hunch_learner_ops;

/* -- the built-in ones ----------------------------------------------------------------------- */

/* The built-in learner called `name`; NULL when there is none. Static.     Threads: immutable. */
HUNCH_API const hunch_learner_ops *hunch_learner_find(const char *name);

/* The i-th built-in learner; NULL after the last. Static.                  Threads: immutable. */
HUNCH_API const hunch_learner_ops *hunch_learner_at(size_t i);

HUNCH_API_END

#endif
