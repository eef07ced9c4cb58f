/* A ridge regression over the columns as they come. */
#include "linear_state.h"

#include <math.h>

#include "learners.h"

/* gamma = GAMMA sqrt(n): of 20, 40, 70 and 200 the best on the first ten class sets, but flat. */
#define GAMMA 40.0

/* A gap in units of the rewards' spread times this is still a float. */
#define GAMMA_MAX 1e9

/* The bonus of an arm that was never played. */
#define BONUS_MAX 5.0

bool hunch__linear_plan(const hunch_learner_shape *shape, struct hunch__ridge_plan *plan)
{
    return hunch__shape_has_own_arms(shape) &&
           hunch__ridge_plan_make(plan, shape->arms, shape->dense, shape->features);
}

size_t hunch__linear_state_bytes(const hunch_learner_shape *shape)
{
    struct hunch__ridge_plan plan;
    return hunch__linear_plan(shape, &plan) ? hunch__ridge_bytes(&plan) : 0;
}

void hunch__linear_init(void *state, const hunch_learner_shape *shape, uint64_t seed)
{
    (void)shape;
    (void)seed;
    hunch__ridge_init(state);
}

void hunch__linear_learn(void *state, const hunch_learner_shape *shape,
                         const hunch_learner_event *events, size_t n)
{
    struct hunch__ridge_plan plan;
    const double growth = hunch__growth(shape);
    (void)hunch__linear_plan(shape, &plan);
    for (size_t i = 0; i < n; i++) {
        hunch__ridge_add(state, &plan, &events[i].x, &events[i], growth);
    }
}

hunch_status hunch__linear_validate(const void *state, const hunch_learner_shape *shape,
                                    hunch_diag *diag)
{
    struct hunch__ridge_plan plan;
    (void)hunch__linear_plan(shape, &plan);
    return hunch__ridge_validate(state, &plan, diag);
}

void hunch__linear_merge(void *state, const hunch_learner_shape *shape, const void *other)
{
    struct hunch__ridge_plan plan;
    (void)hunch__linear_plan(shape, &plan);
    hunch__ridge_merge(state, &plan, other);
}

struct hunch__explore hunch__linear_explore(const hunch_learner_shape *shape, double n)
{
    const double gamma = fmin(GAMMA * sqrt(n) / hunch__exploration(shape), GAMMA_MAX);
    return (struct hunch__explore){.gamma = (float)gamma, .epsilon = 1.0f};
}

double hunch__linear_bonus(const hunch_learner_shape *shape, double columns, double n)
{
    return fmin(sqrt(columns / (n + 1.0)), BONUS_MAX) * hunch__exploration(shape);
}
