/* The members of `auto`, and which shapes take them. */
#include <string.h>

#include "auto_state.h"
#include "bits.h"
#include "learners.h"
#include "linear_state.h"
#include "pairs.h"

/* What a member's state may take. */
#define BYTES_MAX ((size_t)64 << 20)

/* Most columns of the quadratic one, products included: an event takes the second power of them. */
#define QUADRATIC_COLUMNS 200u

static bool is_wide(const hunch_learner_shape *shape);

const hunch_learner_ops *const hunch__auto_members[HUNCH__AUTO_MEMBERS] = {
    [HUNCH__AUTO_LINEAR] = &hunch__learner_linear,
    [HUNCH__AUTO_MLP] = &hunch__learner_mlp,
    [HUNCH__AUTO_QUADRATIC] = &hunch__learner_quadratic,
};

const hunch_learner_ops *hunch__auto_delegate(const hunch_learner_shape *shape)
{
    if (shape->arms_kind == HUNCH_ARMS_CANDIDATES || shape->candidate_features != 0) {
        return &hunch__learner_candidates;
    }
    if (shape->arms_kind == HUNCH_ARMS_EPISODE) {
        return &hunch__learner_policy_gradient;
    }
    if (shape->arms_kind == HUNCH_ARMS_ORDERED) {
        return &hunch__learner_curve;
    }
    if (shape->features == 0) {
        return &hunch__learner_thompson_gauss;
    }
    const size_t bytes = hunch__linear_state_bytes(shape);
    return bytes == 0 || bytes > BYTES_MAX ? &hunch__learner_wide : NULL;
}

void hunch__auto_plan_make(struct hunch__auto_plan *plan, const hunch_learner_shape *shape)
{
    memset(plan, 0, sizeof *plan);
    plan->total = hunch__align_up(sizeof(struct hunch__auto_state), HUNCH__CACHE_LINE);
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
        const size_t bytes = hunch__auto_members[m]->state_bytes(shape);
        if (bytes == 0 || bytes > BYTES_MAX || (m == HUNCH__AUTO_QUADRATIC && is_wide(shape))) {
            continue;
        }
        const size_t snapshot = hunch__auto_members[m]->snapshot_bytes(shape);
        plan->state[m] = plan->total;
        plan->total += hunch__align_up(bytes, HUNCH__CACHE_LINE);
        if (m != HUNCH__AUTO_MLP) {
            plan->snapshot[m] = plan->total;
            plan->total += hunch__align_up(snapshot, HUNCH__CACHE_LINE);
        }
        plan->snapshot_bytes = snapshot > plan->snapshot_bytes ? snapshot : plan->snapshot_bytes;
    }
}

/* Whether the quadratic model of the shape is too expensive. */
static bool is_wide(const hunch_learner_shape *shape)
{
    struct hunch__pairs pairs;
    return !hunch__pairs_plan(shape, &pairs) || pairs.features_all > QUADRATIC_COLUMNS;
}
