/* Thompson sampling for rewards of any size: each arm's mean is believed to be normal around what
 * was seen, with the spread that rewards have around their own arm's mean. The prior is one event
 * at the mean of all rewards, so an arm that was never played is as good as the average, give or
 * take the spread. */
#include <math.h>

#include "arm_sums.h"
#include "learners.h"
#include "sampling.h"
#include "shares.h"

/* Events that the prior counts for. */
#define PRIOR 1.0

/* What samples are drawn from. */
struct belief {
    const struct hunch__arms *arms;
    double mean;   /* of all rewards                                   */
    double spread; /* of a reward around its arm's mean, times the scale of exploration */
};

static double sample_arm(const void *belief, uint32_t arm, uint64_t *stream);
static void gauss_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                          void *snapshot);

const hunch_learner_ops hunch__learner_thompson_gauss = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "thompson-gauss",
    .state_bytes = hunch__arms_state_bytes,
    .snapshot_bytes = hunch__shares_bytes,
    .init = hunch__arms_init,
    .score = hunch__shares_score,
    .choose = hunch__shares_choose,
    .learn = hunch__arms_learn,
    .publish = gauss_publish,
    .validate = hunch__arms_validate,
    .merge = hunch__arms_merge,
};

static void gauss_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                          void *snapshot)
{
    struct belief belief = {.arms = state, .mean = 0.0, .spread = 1.0};
    const struct hunch__arm_sums total = hunch__arms_total(belief.arms, shape->arms);
    if (total.n > 0.0) {
        belief.mean = total.sum / total.n;
        /* One pseudo-event as far off as rewards can be: few rewards are often all alike. */
        const double range = belief.arms->highest - belief.arms->lowest;
        const double within = hunch__arms_variance(belief.arms, shape->arms);
        const double variance = (within * total.n + range * range / 4.0) / (total.n + 1.0);
        belief.spread = variance > 0.0 ? sqrt(variance) : 1.0;
    }
    belief.spread *= hunch__exploration(shape);
    hunch__shares_publish(snapshot, shape, dice, sample_arm, &belief);
}

static double sample_arm(const void *belief, uint32_t arm, uint64_t *stream)
{
    const struct belief *of = belief;
    const struct hunch__arm_sums sums = hunch__arms_one(of->arms, arm);
    const double n = sums.n + PRIOR;
    const double mean = (sums.sum + PRIOR * of->mean) / n;
    return mean + of->spread / sqrt(n) * hunch__sample_normal(stream);
}
