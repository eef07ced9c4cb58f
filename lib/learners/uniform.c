/* Every allowed arm alike: what everything else must beat, and the way to gather a log that any
 * policy can be judged by. */
#include "learners.h"
#include "nothing.h"

static void uniform_score(const void *snapshot, const hunch_learner_shape *shape,
                          const hunch_context *x, const float *candidates, const uint64_t *mask,
                          float *p);

const hunch_learner_ops hunch__learner_uniform = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "uniform",
    .state_bytes = hunch__nothing_bytes,
    .snapshot_bytes = hunch__nothing_bytes,
    .init = hunch__nothing_init,
    .score = uniform_score,
    .learn = hunch__nothing_learn,
    .publish = hunch__nothing_publish,
    .validate = hunch__nothing_validate,
    .merge = hunch__nothing_merge,
};

static void uniform_score(const void *snapshot, const hunch_learner_shape *shape,
                          const hunch_context *x, const float *candidates, const uint64_t *mask,
                          float *p)
{
    uint32_t n = 0;
    (void)snapshot;
    (void)x;
    (void)candidates;
    for (uint32_t a = 0; a < shape->arms; a++) {
        n += hunch__allowed(mask, a);
    }
    for (uint32_t a = 0; a < shape->arms; a++) {
        p[a] = hunch__allowed(mask, a) ? 1.0f / (float)n : 0.0f;
    }
}
