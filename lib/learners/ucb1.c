/* UCB1 (Auer, Cesa-Bianchi, Fischer 2002): the arm whose mean may still be the highest, in units of
 * the range of rewards. It plays one arm until the next snapshot, so it wants frequent ones; its
 * propensities are 1, so its log cannot judge another policy. */
#include <math.h>

#include "arm_sums.h"
#include "learners.h"
#include "real.h"
#include "scored.h"

/* Above every sum of a mean in [0, 1] and a bonus: an arm that was never played comes first. */
#define UNPLAYED 1e9

static void ucb1_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                         void *snapshot);

const hunch_learner_ops hunch__learner_ucb1 = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "ucb1",
    .state_bytes = hunch__arms_state_bytes,
    .snapshot_bytes = hunch__scored_bytes,
    .init = hunch__arms_init,
    .score = hunch__scored_score,
    .choose = hunch__scored_choose,
    .learn = hunch__arms_learn,
    .publish = ucb1_publish,
    .validate = hunch__arms_validate,
    .merge = hunch__arms_merge,
};

static void ucb1_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                         void *snapshot)
{
    const struct hunch__arms *arms = state;
    struct hunch__scored *scored = hunch__scored_begin(snapshot, shape, 0.0f);
    const double t = fmax(hunch__arms_total(arms, shape->arms).n, 1.0);
    const double log_t = hunch__log(t) * hunch__exploration(shape);
    (void)dice;
    for (uint32_t a = 0; a < shape->arms; a++) {
        const double n = hunch__arms_one(arms, a).n;
        const double bonus = n > 0.0 ? sqrt(2.0 * log_t / n) : UNPLAYED;
        scored->scores[a] = (float)(hunch__arms_place(arms, a) + fmin(bonus, UNPLAYED));
    }
}
