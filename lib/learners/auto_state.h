/* The state of `auto`: models that learn from the same events, and who of them is asked. */
#ifndef HUNCH_LEARNERS_AUTO_STATE_H
#define HUNCH_LEARNERS_AUTO_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/learner.h>

/* The members, from the cheapest to ask to the dearest. */
enum { HUNCH__AUTO_LINEAR, HUNCH__AUTO_MLP, HUNCH__AUTO_QUADRATIC, HUNCH__AUTO_MEMBERS };

/* A watch over how much less the rewards are than the member that is asked expects: sums of blocks,
 * the last ones of a ring. */
enum { HUNCH__WATCH_BLOCK = 32, HUNCH__WATCH_BLOCKS = 64 };

struct hunch__watch {
    double sum[HUNCH__WATCH_BLOCKS];            /* of disappointments of a block         */
    double squares[HUNCH__WATCH_BLOCKS];        /* of their squares                      */
    double reward[HUNCH__WATCH_BLOCKS];         /* of rewards                            */
    double reward_squares[HUNCH__WATCH_BLOCKS]; /* of their squares                      */
    uint64_t blocks;                            /* ever begun, less one                  */
    uint64_t filled;                            /* events in the block that is not full  */
};

/* A running mean that forgets, and the mean of squares. */
struct hunch__auto_mean {
    double mean;
    double squares;
};

/* The head of a state; behind it the members' states, and a snapshot of each that is no mlp. */
struct hunch__auto_state {
    uint64_t events;  /* since the last change was found                              */
    uint64_t changes; /* found so far                                                 */
    uint32_t served;  /* the member that is asked                                     */
    uint32_t settled; /* 1: there were more than two rewards, and the linear one begun */
    double reward[2]; /* mean, and sum of squares around it                           */
    struct hunch__auto_mean error[HUNCH__AUTO_MEMBERS]; /* squared, of the prediction */
    /* [i][j], i < j: by how much the error of i exceeds that of j. */
    struct hunch__auto_mean gap[HUNCH__AUTO_MEMBERS][HUNCH__AUTO_MEMBERS];
    /* What a member expects of the arm that it would have played instead of the one that was, less
     * the reward that there was; and in how many events. */
    struct hunch__auto_mean claim[HUNCH__AUTO_MEMBERS];
    uint64_t disputes[HUNCH__AUTO_MEMBERS];
    struct hunch__watch watch;
};

/* -- members (auto_plan.c) --------------------------------------------------------------------- */

/* Where they are, in bytes from the start of a state. */
struct hunch__auto_plan {
    size_t state[HUNCH__AUTO_MEMBERS];    /* 0: the member refuses the shape, or is left out      */
    size_t snapshot[HUNCH__AUTO_MEMBERS]; /* 0: none; contents of no meaning between calls        */
    size_t snapshot_bytes;                /* of the largest member's                              */
    size_t total;
};

extern const hunch_learner_ops *const hunch__auto_members[HUNCH__AUTO_MEMBERS];

/* Who does all of it for shapes that leave no choice; NULL for the others. */
const hunch_learner_ops *hunch__auto_delegate(const hunch_learner_shape *shape);

/* For shapes without a delegate. */
void hunch__auto_plan_make(struct hunch__auto_plan *plan, const hunch_learner_shape *shape);

static inline void *hunch__auto_at(const void *state, size_t offset)
{
    return (char *)(uintptr_t)state + offset;
}

/* -- who is asked (auto_judge.c) --------------------------------------------------------------- */

/* Make the snapshots that members are judged by. */
void hunch__auto_look(void *state, const struct hunch__auto_plan *plan,
                      const hunch_learner_shape *shape);

/* Compare what the members expect of an event before any of them learns from it. Not 0: the world
 * changed, and so many of the last events are of the new one. */
uint64_t hunch__auto_judge(void *state, const struct hunch__auto_plan *plan,
                           const hunch_learner_shape *shape, const hunch_learner_event *event);

/* Forget what was compared but for the last events. */
void hunch__auto_judge_anew(struct hunch__auto_state *head, uint64_t recent);

/* Decide who is asked from now on. */
void hunch__auto_elect(void *state, const struct hunch__auto_plan *plan);

/* Add what another one compared. */
void hunch__auto_judge_merge(struct hunch__auto_state *head, const struct hunch__auto_state *other);

bool hunch__auto_judge_is_sound(const struct hunch__auto_state *head,
                                const struct hunch__auto_plan *plan);

/* -- drift (auto_watch.c) --------------------------------------------------------------------- */

/* Note by how much a reward was less than expected, and the reward itself, less any constant, both
 * in units of the deviation of rewards. True
 * when the last events were so much more disappointing than those before that the world must have
 * changed; the last *recent of them, half as many, are taken to be of the new one. */
bool hunch__watch_note(struct hunch__watch *watch, double disappointment, double reward,
                       uint64_t *recent);

/* Forget all of them. */
void hunch__watch_reset(struct hunch__watch *watch);

bool hunch__watch_is_sound(const struct hunch__watch *watch);

#endif
