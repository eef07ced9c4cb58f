/* What the learners share: who there is, and which shapes they take. */
#ifndef HUNCH_LEARNERS_LEARNERS_H
#define HUNCH_LEARNERS_LEARNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/learner.h>

/* One a file; registry.c lists them. */
extern const hunch_learner_ops hunch__learner_auto;
extern const hunch_learner_ops hunch__learner_fixed;
extern const hunch_learner_ops hunch__learner_uniform;
extern const hunch_learner_ops hunch__learner_epsilon_greedy;
extern const hunch_learner_ops hunch__learner_ucb1;
extern const hunch_learner_ops hunch__learner_thompson_beta;
extern const hunch_learner_ops hunch__learner_thompson_gauss;
extern const hunch_learner_ops hunch__learner_linear;
extern const hunch_learner_ops hunch__learner_quadratic;
extern const hunch_learner_ops hunch__learner_wide;
extern const hunch_learner_ops hunch__learner_mlp;
extern const hunch_learner_ops hunch__learner_linucb;
extern const hunch_learner_ops hunch__learner_linear_thompson;
extern const hunch_learner_ops hunch__learner_policy_gradient;
extern const hunch_learner_ops hunch__learner_curve;
extern const hunch_learner_ops hunch__learner_candidates;

/* The reward that a snapshot of "linear" or "quadratic" expects of an arm, without what is added to
 * explore; finite. For whoever compares models by what they predict. */
double hunch__linear_predict(const void *snapshot, const hunch_learner_shape *shape,
                             const hunch_context *x, uint32_t arm);
double hunch__quadratic_predict(const void *snapshot, const hunch_learner_shape *shape,
                                const hunch_context *x, uint32_t arm);

/* Columns that "quadratic" has for the shape, products included; 0 where it refuses it. An event
 * takes their square, a solution their third power. */
uint32_t hunch__quadratic_columns(const hunch_learner_shape *shape);

/* Whether the shape is one at all: its numbers agree with each other, there are at most
 * HUNCH__ARMS_MAX arms, and exploration and half-life are finite and not negative. */
bool hunch__shape_is_sound(const hunch_learner_shape *shape);

/* The same, and the arms are things of their own, so that what is learned of arm 3 is about arm 3.
 * Arms of a range or of an episode are such things too. */
bool hunch__shape_has_own_arms(const hunch_learner_shape *shape);

/* The scale of exploration: 1 where the shape names none. */
double hunch__exploration(const hunch_learner_shape *shape);

/* By what the weight of each event exceeds that of the one before: 1 without a half-life. Forward
 * decay (Cormode et al., ICDE 2009): what is old keeps its weight and what is new gets more, so
 * that sums stay sums. */
double hunch__growth(const hunch_learner_shape *shape);

/* The weight that the next event is given is kept in [1, this); sums are then scaled back by this
 * power of two, which rounds nothing. */
#define HUNCH__SCALE_LIMIT 0x1p32

/* Whether a weight from a file is one. */
bool hunch__scale_is_sound(double scale);

struct hunch__linear;

/* The linear model (linear.h) that a dense context is asked of exactly as linear_choose() does;
 * NULL when the learner's choose() does something else. */
const struct hunch__linear *hunch__linear_of(const hunch_learner_ops *ops, const void *snapshot);

/* The same for a snapshot of `auto`. */
const struct hunch__linear *hunch__auto_linear_of(const void *snapshot);

/* Whether "auto" can add up what it learns for the shape: who it leaves an episode to cannot. */
bool hunch__auto_merges(const hunch_learner_shape *shape);

/* Whether the arm's bit is set; a mask of NULL is full. */
static inline bool hunch__allowed(const uint64_t *mask, uint32_t arm)
{
    return mask == NULL || (mask[arm / 64] >> (arm % 64) & 1) != 0;
}

#endif
