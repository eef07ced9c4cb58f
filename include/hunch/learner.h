/* hunch/learner.h — what a learner must be able to do.
 *
 * Implement these functions and your learner works everywhere in the library, passes the same
 * conformance suite as ours, and is saved, merged and replayed like ours. Classic heuristics
 * (always arm 0, uniform, least loaded) implement the same functions.
 *
 * Use a built-in learner, or none at all (the default, "auto", chooses one by itself), unless you
 * know something about your rewards that they cannot.
 *
 * Caveats:
 * - State and snapshot are plain memory without pointers: they are saved, copied, mapped and
 *   compared as bytes. A snapshot is copied to every thread that chooses: keep it small.
 * - No function may allocate, block, read a clock or keep anything outside its arguments.
 * - score() reports probabilities and the chooser draws from them, so that the propensity on the
 *   ticket is right by construction. A learner that draws for itself and reports a one-hot vector
 *   lies to everything that learns from the log.
 * - The same arguments give the same bytes on every instruction set: no fused multiply-add, no
 *   reordered sums, no exp() of the C library, whose last bit depends on the processor.
 */
#ifndef HUNCH_LEARNER_H
#define HUNCH_LEARNER_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/status.h>

HUNCH_API_BEGIN

/* How the arms of a shape are related. */
typedef enum hunch_arms_kind {
    HUNCH_ARMS_FIXED = 0,      /* each is a thing of its own                                  */
    HUNCH_ARMS_ORDERED = 1,    /* cuts of a range, from low to high: neighbours are alike     */
    HUNCH_ARMS_CANDIDATES = 2, /* described by their features alone, new ones each time       */
    HUNCH_ARMS_EPISODE = 3     /* choices that share one late reward: reward = the whole's    */
} hunch_arms_kind;

/* What a learner is made for; equal for the whole life of a state. */
typedef struct hunch_learner_shape {
    uint32_t struct_size;        /* sizeof(hunch_learner_shape)                                */
    uint32_t arms;               /* K >= 1; with candidates, the most of one question          */
    uint32_t dense;              /* columns [0, dense) of a context are all given, each time   */
    uint32_t features;           /* d >= dense: columns in all, those of categories included   */
    uint32_t candidate_features; /* c: length of a candidate's own features; 0 = fixed arms    */
    uint32_t arms_kind;          /* a hunch_arms_kind                                          */
    float exploration;           /* > 0: scale of the learner's own exploration; 1 = as it is  */
    float half_life;             /* > 0: events after which one counts half; 0 = all alike     */
} hunch_learner_shape;

/* A context once the chooser has encoded it; every number is finite. Borrowed for the call. */
typedef struct hunch_context {
    const float *dense;      /* [shape->dense]                                                 */
    const uint32_t *columns; /* [count] ascending in [dense, features): the others that are    */
    const float *values;     /* [count] not 0, and what they are: 1 for a category's level     */
    uint32_t count;          /* <= features - dense                                            */
    uint32_t reserved;       /* zero                                                           */
} hunch_context;

/* One choice whose outcome is known. */
typedef struct hunch_learner_event {
    hunch_context x;        /* what was known                                       */
    const float *candidate; /* [c], the chosen one's own features; NULL when c is 0 */
    uint32_t arm;           /* what was played, in [0, arms)                        */
    float propensity;       /* in (0, 1]: the probability with which it was played  */
    float reward;           /* finite, larger is better                             */
    float weight;           /* > 0: 1 / the probability that the event was kept     */
} hunch_learner_event;

/* A learner: a name and ten functions, all of them required unless said otherwise.
 *
 * `state` is what is learned from, written by one thread at a time. `snapshot` is what is asked,
 * made from the state now and then, and never changed while anybody asks it. Both are 64-aligned
 * and owned by the chooser. */
typedef struct hunch_learner_ops {
    uint32_t struct_size; /* sizeof(hunch_learner_ops)                                      */
    uint32_t version;     /* of the state's layout; a saved state of another one is refused */
    const char *name;     /* "linear"; stored in files; static                              */

    /* -- make -- */

    /* Bytes of a state and of a snapshot; 0 refuses the shape.             Threads: immutable. */
    size_t (*state_bytes)(const hunch_learner_shape *shape);
    size_t (*snapshot_bytes)(const hunch_learner_shape *shape);

    /* Make zeroed memory a state that knows nothing. `seed` is for learners that start from
     * random weights or sample their events.                               Threads: confined. */
    void (*init)(void *state, const hunch_learner_shape *shape, uint64_t seed);

    /* -- ask -- */

    /* p[arms] = the probability of each arm for x, summing to 1 within 1e-5, 0 for an arm whose
     * bit in mask[ceil(arms / 64)] is 0; NULL is no mask, and a mask is never empty.
     * candidates[arms][c], whose masked rows need not exist, or NULL.      Threads: immutable. */
    void (*score)(const void *snapshot, const hunch_learner_shape *shape, const hunch_context *x,
                  const float *candidates, const uint64_t *mask, float *p);

    /* The same and the draw in one, for hot paths: the arm that hunch_draw() takes from score()'s
     * p with `dice`, and its probability. NULL: the chooser makes both calls itself.
     *                                                                      Threads: immutable. */
    uint32_t (*choose)(const void *snapshot, const hunch_learner_shape *shape,
                       const hunch_context *x, const uint64_t *mask, uint64_t dice,
                       float *propensity);

    /* -- tell -- */

    /* Learn from events[n]; the order does not matter unless the README says so.
     *                                                                       Threads: confined. */
    void (*learn)(void *state, const hunch_learner_shape *shape, const hunch_learner_event *events,
                  size_t n);

    /* Make a snapshot of the state. May keep in the state what makes the next one cheaper. `dice`
     * is 64 fresh random bits for perturbed ones.                           Threads: confined. */
    void (*publish)(void *state, const hunch_learner_shape *shape, uint64_t dice, void *snapshot);

    /* -- keep -- */

    /* Say whether bytes from a file are a state: all calls are memory-safe and finite if so.
     * Errors: ECORRUPT (diag->at is a byte offset in the state).           Threads: immutable. */
    hunch_status (*validate)(const void *state, const hunch_learner_shape *shape, hunch_diag *diag);

    /* Add what `other` learned: commutative and associative, unless the README says that the order
     * matters. NULL: this learner cannot be merged.                          Threads: confined. */
    void (*merge)(void *state, const hunch_learner_shape *shape, const void *other);

    /* -- look inside -- */

    /* The name of the model that a snapshot asks, for people: "auto" answers "quadratic". NULL:
     * the learner's own name. The result is static.                        Threads: immutable. */
    const char *(*model)(const void *snapshot, const hunch_learner_shape *shape);
} hunch_learner_ops;

/* -- the built-in ones ----------------------------------------------------------------------- */

/* The built-in learner called `name`; NULL when there is none. Static.     Threads: immutable. */
HUNCH_API const hunch_learner_ops *hunch_learner_find(const char *name);

/* The i-th built-in learner; NULL after the last. Static.                  Threads: immutable. */
HUNCH_API const hunch_learner_ops *hunch_learner_at(size_t i);

/* -- to write one ---------------------------------------------------------------------------- */

/* The arm that 64 random bits draw from p[arms], which sums to about 1: the most probable one (the
 * first of equals) while u = dice / 2^64 < its p, else the first of the others, in ascending order,
 * that takes the running sum above u; the last with p > 0 when rounding leaves none.
 *                                                                          Threads: immutable. */
HUNCH_API uint32_t hunch_draw(const float *p, uint32_t arms, uint64_t dice);

HUNCH_API_END

#endif
