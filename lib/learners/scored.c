/* Choosing by scores that no context changes. */
#include "scored.h"

#include <string.h>

#include "kernels.h"
#include "learners.h"

size_t hunch__scored_bytes(const hunch_learner_shape *shape)
{
    return hunch__shape_has_own_arms(shape)
               ? sizeof(struct hunch__scored) + hunch__arms_stride(shape->arms) * sizeof(float)
               : 0;
}

void hunch__scored_score(const void *snapshot, const hunch_learner_shape *shape,
                         const hunch_context *x, const float *candidates, const uint64_t *mask,
                         float *p)
{
    const struct hunch__scored *scored = snapshot;
    (void)x;
    (void)candidates;
    hunch__kernels_get()->explore(&scored->explore, scored->scores, shape->arms, mask, p);
}

uint32_t hunch__scored_choose(const void *snapshot, const hunch_learner_shape *shape,
                              const hunch_context *x, const uint64_t *mask, uint64_t dice,
                              float *propensity)
{
    const struct hunch__scored *scored = snapshot;
    (void)x;
    return hunch__kernels_get()->explore_choose(&scored->explore, scored->scores, shape->arms, mask,
                                                dice, propensity);
}

struct hunch__scored *hunch__scored_begin(void *snapshot, const hunch_learner_shape *shape,
                                          float epsilon)
{
    struct hunch__scored *scored = snapshot;
    memset(scored, 0, hunch__scored_bytes(shape));
    scored->explore.epsilon = epsilon;
    return scored;
}
