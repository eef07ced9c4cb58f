/* The old heuristic as a learner: always arm 0, or the first one that is allowed. */
#include "learners.h"
#include "nothing.h"

static void fixed_score(const void *snapshot, const hunch_learner_shape *shape,
                        const hunch_context *x, const float *candidates, const uint64_t *mask,
                        float *p);
static uint32_t fixed_choose(const void *snapshot, const hunch_learner_shape *shape,
                             const hunch_context *x, const uint64_t *mask, uint64_t dice,
                             float *propensity);

const hunch_learner_ops hunch__learner_fixed = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "fixed",
    .state_bytes = hunch__nothing_bytes,
    .snapshot_bytes = hunch__nothing_bytes,
    .init = hunch__nothing_init,
    .score = fixed_score,
    .choose = fixed_choose,
    .learn = hunch__nothing_learn,
    .publish = hunch__nothing_publish,
    .validate = hunch__nothing_validate,
    .merge = hunch__nothing_merge,
};

static void fixed_score(const void *snapshot, const hunch_learner_shape *shape,
                        const hunch_context *x, const float *candidates, const uint64_t *mask,
                        float *p)
{
    float certain = 0;
    (void)candidates;
    for (uint32_t a = 0; a < shape->arms; a++) {
        p[a] = 0.0f;
    }
    p[fixed_choose(snapshot, shape, x, mask, 0, &certain)] = 1.0f;
}

static uint32_t fixed_choose(const void *snapshot, const hunch_learner_shape *shape,
                             const hunch_context *x, const uint64_t *mask, uint64_t dice,
                             float *propensity)
{
    (void)snapshot;
    (void)x;
    (void)dice;
    *propensity = 1.0f;
    for (uint32_t a = 0; a < shape->arms; a++) {
        if (hunch__allowed(mask, a)) {
            return a;
        }
    }
    return 0;
}
