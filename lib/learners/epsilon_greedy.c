/* The best mean so far, and now and then any arm: epsilon falls as 1/t (Auer, Cesa-Bianchi,
 * Fischer 2002, the epsilon_n-greedy of their section 2), to a floor that notices what changes. */
#include <math.h>

#include "arm_sums.h"
#include "learners.h"
#include "scored.h"

/* Rounds of pure exploration that each arm gets, and what is left of it in the end. */
#define ROUNDS_AN_ARM 4.0
#define EPSILON_MIN   0.02

static void epsilon_greedy_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                                   void *snapshot);

const hunch_learner_ops hunch__learner_epsilon_greedy = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "epsilon-greedy",
    .state_bytes = hunch__arms_state_bytes,
    .snapshot_bytes = hunch__scored_bytes,
    .init = hunch__arms_init,
    .score = hunch__scored_score,
    .choose = hunch__scored_choose,
    .learn = hunch__arms_learn,
    .publish = epsilon_greedy_publish,
    .validate = hunch__arms_validate,
    .merge = hunch__arms_merge,
};

static void epsilon_greedy_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                                   void *snapshot)
{
    const struct hunch__arms *arms = state;
    const double n = hunch__arms_total(arms, shape->arms).n;
    const double rounds = ROUNDS_AN_ARM * (double)shape->arms;
    const double epsilon = fmax(rounds / (rounds + n), EPSILON_MIN) * hunch__exploration(shape);
    struct hunch__scored *scored = hunch__scored_begin(snapshot, shape, (float)fmin(epsilon, 1.0));
    (void)dice;
    for (uint32_t a = 0; a < shape->arms; a++) {
        scored->scores[a] = (float)hunch__arms_place(arms, a);
    }
}
