/* The state of `mlp`: an ensemble of small networks and the events that they are trained on.
 *
 * Each member is a layer of 16 hidden units beside a linear skip (Cheng and others, "Wide & Deep
 * Learning", 2016), trained on minibatches of its own from the same events. What is served is the
 * mean of their outputs: one network of all their units, in bytes. */
#ifndef HUNCH_LEARNERS_MLP_STATE_H
#define HUNCH_LEARNERS_MLP_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/learner.h>

/* Hidden units of a member, and members: with up to 8 arms two, which is the cheapest to ask, else
 * four. One network of as many units learns worse: it overfits (adult .171 instead of .156). */
#define HUNCH__MLP_UNITS       16u
#define HUNCH__MLP_MEMBERS_MAX 4u

/* Events of a minibatch. */
#define HUNCH__MLP_BATCH 32u

/* Most events remembered: of 4,096, 8,192 and 16,384 the last two were equally good on sets of
 * 20,000; and most entries of a sparse context that are. */
#define HUNCH__MLP_EVENTS_MAX  8192u
#define HUNCH__MLP_ENTRIES_MAX 64u

/* Sparse values beyond this are taken as this, since they are not standardised; and so many times
 * at most an event counts. */
#define HUNCH__MLP_VALUE_MAX  16.0f
#define HUNCH__MLP_WEIGHT_MAX 8.0f

/* Most numbers of a member. */
#define HUNCH__MLP_NUMBERS_MAX ((uint64_t)1 << 17)

/* What the outputs of a member stand for. */
enum hunch__mlp_form {
    /* Logits of arms that compete, of which one at most is right: the softmax over them and a zero
     * is the chance that an arm's reward is the higher one of two. A success then teaches all arms,
     * a failure those that were not played. Of all that was tried this gained most: mean loss .21
     * instead of .25 on the first ten class sets. */
    HUNCH__MLP_COMPETE = 0,
    /* Logits of the same chance, each arm for itself. */
    HUNCH__MLP_APART = 1,
    /* Rewards in units of their spread: there are more than two. */
    HUNCH__MLP_SQUARED = 2
};

/* The head of a state. */
struct hunch__mlp_state {
    uint64_t random;   /* SplitMix64                                               */
    uint64_t events;   /* ever learned                                             */
    uint64_t known;    /* since everything was forgotten; the clock of all schedules */
    uint64_t next;     /* where the next event goes in the ring                    */
    uint64_t refresh;  /* at this many known events the columns' spread is looked at again */
    double credit;     /* steps of training that are due                           */
    double effort;     /* in (0, 1]: share of the steps that are really done       */
    double reward[2];  /* mean, and sum of squares around it                       */
    double low, high;  /* the rewards that there were, when only two               */
    double chances[2]; /* sum of 1 / propensity where the reward was low, and high */
    double squares[2]; /* and of their squares */
    double beta[2];    /* powers of Adam's two constants */
    uint32_t form;     /* a hunch__mlp_form */
    uint32_t started;  /* 1: there are weights                                     */
};

/* An event in the ring; behind it float[dense], then its sparse entries, each a column in the upper
 * half and in the lower one the upper half of its value's float: 1 and 0 are exact. */
struct hunch__mlp_record {
    uint32_t arm;
    uint32_t count;
    float reward;
    float weight;
};

/* Where things are, in bytes from the start of a state. */
struct hunch__mlp_plan {
    uint32_t arms, stride, dense, features;
    uint32_t members;           /* the scout is one more                            */
    uint32_t entries;           /* most sparse entries of a record                  */
    uint32_t events;            /* records of the ring                              */
    size_t first, output, skip; /* of a member's numbers: rows of units, of arms, of arms; each
                                 * but the skip begins with the intercepts     */
    size_t numbers;             /* of a member                                      */

    size_t spread;  /* double[2][dense]: mean of a column, sum of squares around it      */
    size_t center;  /* float[dense]: what members' inputs are centred by                 */
    size_t scale;   /* float[dense]: and multiplied with; 0: constant, left out          */
    size_t weights; /* float[members][3][numbers]: w, then Adam's m and v            */
    size_t ring;    /* [events] records of record_bytes                                  */
    size_t record_bytes;
    size_t scratch; /* contents of no meaning                                            */
    size_t total;
};

/* False when the shape is refused. */
bool hunch__mlp_plan_make(struct hunch__mlp_plan *plan, const hunch_learner_shape *shape);

static inline void *hunch__mlp_at(const void *state, size_t offset)
{
    return (char *)(uintptr_t)state + offset;
}

/* The numbers of a member; part 0 are the weights, 1 and 2 Adam's. */
static inline float *hunch__mlp_numbers(const void *state, const struct hunch__mlp_plan *plan,
                                        uint32_t member, uint32_t part)
{
    float *at = hunch__mlp_at(state, plan->weights);
    return at + ((size_t)member * 3 + part) * plan->numbers;
}

/* -- events (mlp_replay.c) -------------------------------------------------------------------- */

/* Events that are remembered. */
uint32_t hunch__mlp_stored(const struct hunch__mlp_state *head, const struct hunch__mlp_plan *plan);

/* The event `age` events ago, 0 being the last. */
struct hunch__mlp_record *hunch__mlp_record_at(const void *state,
                                               const struct hunch__mlp_plan *plan, uint64_t age);

static inline float *hunch__mlp_record_dense(const struct hunch__mlp_record *record)
{
    return (float *)(uintptr_t)(record + 1);
}

/* Remember an event and take its columns and reward into account. */
void hunch__mlp_remember(void *state, const struct hunch__mlp_plan *plan,
                         const hunch_learner_event *event);

/* The context of a record; columns[entries] and values[entries] are room for it. */
hunch_context hunch__mlp_recall(const struct hunch__mlp_record *record,
                                const struct hunch__mlp_plan *plan, uint32_t *columns,
                                float *values);

/* Take over how the columns are spread now, without a change of what the members say. */
void hunch__mlp_refresh(void *state, const struct hunch__mlp_plan *plan);

/* -- training (mlp_train.c) ------------------------------------------------------------------- */

/* Give all members random weights. */
void hunch__mlp_start(void *state, const struct hunch__mlp_plan *plan);

/* One step of every member. */
void hunch__mlp_step(void *state, const struct hunch__mlp_plan *plan,
                     const hunch_learner_shape *shape);

/* Bytes of scratch that a step needs. */
size_t hunch__mlp_step_bytes(const struct hunch__mlp_plan *plan);

/* out[stride] = the outputs of the members for x, averaged. Uses the scratch. */
void hunch__mlp_outputs(void *state, const struct hunch__mlp_plan *plan, const hunch_context *x,
                        float *out);

/* -- asking (mlp_publish.c) ------------------------------------------------------------------- */

/* Bytes of scratch that a publication needs. */
size_t hunch__mlp_publish_bytes(const struct hunch__mlp_plan *plan);

/* The functions of hunch_learner_ops. */
size_t hunch__mlp_snapshot_bytes(const hunch_learner_shape *shape);
void hunch__mlp_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                        void *snapshot);
void hunch__mlp_score(const void *snapshot, const hunch_learner_shape *shape,
                      const hunch_context *x, const float *candidates, const uint64_t *mask,
                      float *p);
uint32_t hunch__mlp_choose(const void *snapshot, const hunch_learner_shape *shape,
                           const hunch_context *x, const uint64_t *mask, uint64_t dice,
                           float *propensity);

/* -- what outputs mean (mlp_loss.c) ----------------------------------------------------------- */

/* The reward as members see it: in [0, 1], or in units of the spread. */
float hunch__mlp_target(const struct hunch__mlp_state *head, float reward);

/* What outputs z[arms] expect of an arm, in the same units. */
float hunch__mlp_expected(uint32_t form, const float *z, uint32_t arms, uint32_t arm);

/* A minibatch as the loss sees it. */
struct hunch__mlp_outcomes {
    const uint32_t *arm; /* [n] played                                    */
    const float *target; /* [n] hunch__mlp_target()                       */
    const float *weight; /* [n]                                           */
    uint32_t n;
    uint32_t arms, stride;
    float prior; /* weight of the belief that all arms are alike; keeps arms from dying out */
};

/* z[n][stride] = the gradient of the loss with respect to z, over n. spare is as large as z. */
void hunch__mlp_gradient(uint32_t form, const struct hunch__mlp_outcomes *outcomes, float *z,
                         float *spare);

/* -- for `auto` (mlp.c) ----------------------------------------------------------------------- */

/* The reward that the members expect of an arm, and of the one that they take for the best. */
struct hunch__mlp_opinion {
    double of_arm;
    double of_best;
    uint32_t best;
};

struct hunch__mlp_opinion hunch__mlp_ask(void *state, const hunch_learner_shape *shape,
                                         const hunch_context *x, uint32_t arm);

/* Whether there are but two rewards. */
bool hunch__mlp_is_binary(const void *state);

/* Do only this share of the training, in (0, 1]. */
void hunch__mlp_set_effort(void *state, double effort);

/* Forget all events but the last `keep`, and what was learned of them. */
void hunch__mlp_forget(void *state, const hunch_learner_shape *shape, uint64_t keep);

#endif
