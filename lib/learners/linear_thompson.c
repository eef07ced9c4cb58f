/* Thompson sampling with a linear model of each arm's reward (Agrawal and Goyal 2013): weights are
 * drawn from what is believed of them, N(w, v^2 A^-1), when a snapshot is made. Choosing costs as
 * much as with the weights themselves; a small share of uniform choices keeps every propensity
 * above zero. All arms are drawn anew each time, or an arm with bad luck would not come back. */
#include <math.h>

#include "learners.h"
#include "linear_snapshot.h"
#include "linear_state.h"
#include "sampling.h"

/* v, in units of the rewards' spread. */
#define WIDTH 0.3

/* Share of uniform choices. */
#define EPSILON 0.01

/* Columns: each snapshot solves every arm. */
#define COLUMNS_MAX 257u

static size_t thompson_state_bytes(const hunch_learner_shape *shape);
static size_t thompson_snapshot_bytes(const hunch_learner_shape *shape);
static void thompson_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                             void *snapshot);

const hunch_learner_ops hunch__learner_linear_thompson = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "linear-thompson",
    .state_bytes = thompson_state_bytes,
    .snapshot_bytes = thompson_snapshot_bytes,
    .init = hunch__linear_init,
    .score = hunch__linear_snapshot_score,
    .choose = hunch__linear_snapshot_choose,
    .learn = hunch__linear_learn,
    .publish = thompson_publish,
    .validate = hunch__linear_validate,
    .merge = hunch__linear_merge,
};

static size_t thompson_state_bytes(const hunch_learner_shape *shape)
{
    return shape->features < COLUMNS_MAX ? hunch__linear_state_bytes(shape) : 0;
}

static size_t thompson_snapshot_bytes(const hunch_learner_shape *shape)
{
    return shape->features < COLUMNS_MAX ? hunch__linear_snapshot_bytes(shape) : 0;
}

static void thompson_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                             void *snapshot)
{
    struct hunch__ridge_plan plan;
    struct hunch__ridge_solver solver;
    uint64_t stream = dice;
    const double scale = hunch__exploration(shape);
    const struct hunch__explore explore = {.epsilon = (float)fmin(EPSILON * scale, 1.0)};
    (void)hunch__linear_plan(shape, &plan);
    hunch__ridge_begin(&solver, state, &plan, HUNCH__PENALTY);
    struct hunch__linear *model = hunch__linear_snapshot_begin(snapshot, shape, &solver, explore);
    for (uint32_t a = 0; a < shape->arms; a++) {
        hunch__ridge_factor(&solver, a, NULL);
        hunch__ridge_solve(&solver, a, NULL);
        for (size_t i = 0; i < plan.columns; i++) {
            solver.spare[i] = hunch__sample_normal(&stream);
        }
        hunch__ridge_back(&solver, solver.spare);
        for (size_t i = 0; i < plan.columns; i++) {
            const double noise = WIDTH * scale * solver.spare[i];
            solver.rhs[i] += isfinite(noise) ? noise : 0.0;
        }
        hunch__linear_snapshot_set(model, a, &solver, hunch__ridge_keep(&solver, a, NULL), 0.0);
    }
}
