/* A linear model of each arm's reward, solved exactly and explored by inverse gap weighting. */
#include "learners.h"
#include "linear_snapshot.h"
#include "linear_state.h"

static void linear_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                           void *snapshot);

const hunch_learner_ops hunch__learner_linear = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "linear",
    .state_bytes = hunch__linear_state_bytes,
    .snapshot_bytes = hunch__linear_snapshot_bytes,
    .init = hunch__linear_init,
    .score = hunch__linear_snapshot_score,
    .choose = hunch__linear_snapshot_choose,
    .learn = hunch__linear_learn,
    .publish = linear_publish,
    .validate = hunch__linear_validate,
    .merge = hunch__linear_merge,
};

double hunch__linear_predict(const void *snapshot, const hunch_learner_shape *shape,
                             const hunch_context *x, uint32_t arm)
{
    (void)shape;
    return hunch__linear_snapshot_predict(snapshot, x, arm);
}

static void linear_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                           void *snapshot)
{
    struct hunch__ridge_plan plan;
    struct hunch__ridge_solver solver;
    (void)dice;
    (void)hunch__linear_plan(shape, &plan);
    hunch__ridge_begin(&solver, state, &plan, HUNCH__PENALTY);
    struct hunch__linear *model = hunch__linear_snapshot_begin(
        snapshot, shape, &solver, hunch__linear_explore(shape, solver.n));
    for (uint32_t a = 0; a < shape->arms; a++) {
        if (hunch__ridge_due(&solver, a)) {
            hunch__ridge_factor(&solver, a, NULL);
            hunch__ridge_solve(&solver, a, NULL);
            (void)hunch__ridge_keep(&solver, a, NULL);
        }
        const double bonus =
            hunch__linear_bonus(shape, solver.live, hunch__ridge_events(&solver, a));
        hunch__linear_snapshot_set(model, a, &solver, hunch__ridge_weights(&solver, a), bonus);
    }
}
