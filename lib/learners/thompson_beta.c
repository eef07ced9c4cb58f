/* Thompson sampling (Thompson 1933; Chapelle and Li 2011) for rewards of success and failure, or
 * any between the lowest and the highest seen, as fractions of a success. */
#include "arm_sums.h"
#include "learners.h"
#include "sampling.h"
#include "shares.h"

/* What is believed of each arm at first: uniform in the range. */
#define PRIOR 1.0

/* What samples are drawn from. */
struct belief {
    const struct hunch__arms *arms;
    double width; /* scale of exploration: successes and failures are counted 1 / width^2 times */
};

static double sample_arm(const void *belief, uint32_t arm, uint64_t *stream);
static void beta_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                         void *snapshot);

const hunch_learner_ops hunch__learner_thompson_beta = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "thompson-beta",
    .state_bytes = hunch__arms_state_bytes,
    .snapshot_bytes = hunch__shares_bytes,
    .init = hunch__arms_init,
    .score = hunch__shares_score,
    .choose = hunch__shares_choose,
    .learn = hunch__arms_learn,
    .publish = beta_publish,
    .validate = hunch__arms_validate,
    .merge = hunch__arms_merge,
};

static void beta_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                         void *snapshot)
{
    const struct belief belief = {.arms = state, .width = hunch__exploration(shape)};
    hunch__shares_publish(snapshot, shape, dice, sample_arm, &belief);
}

static double sample_arm(const void *belief, uint32_t arm, uint64_t *stream)
{
    const struct belief *of = belief;
    const double n = hunch__arms_one(of->arms, arm).n / (of->width * of->width);
    const double successes = n > 0.0 ? n * hunch__arms_place(of->arms, arm) : 0.0;
    return hunch__sample_beta(stream, PRIOR + successes, PRIOR + (n - successes));
}
