/* A quadratic model of each arm's reward: the linear one over columns and their products.
 *
 * The sums are over products of raw columns, and so add up like all others; products of centred
 * and scaled columns, which is what can be penalised alike, are combinations of them (ridge.h). The
 * snapshot is asked with products of standardised columns, since floats would lose the difference
 * of two large raw ones. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "learners.h"
#include "linear_snapshot.h"
#include "linear_state.h"
#include "pairs.h"

/* No clipped column and no product of two is larger. */
#define PRODUCT_MAX ((float)(HUNCH__CLIP * HUNCH__CLIP))

/* Behind it lies the model of the expanded context, a struct hunch__linear. */
struct quadratic {
    float center[HUNCH__PAIRS_MAX];    /* is taken from each dense column           */
    float scale[HUNCH__PAIRS_MAX];     /* then multiplies it; 0 when it is constant */
    struct hunch__pairs_chosen chosen; /* who has products                          */
};

_Static_assert(sizeof(struct quadratic) % 64 == 0, "the model behind it is 64-aligned");

static size_t quadratic_state_bytes(const hunch_learner_shape *shape);
static size_t quadratic_snapshot_bytes(const hunch_learner_shape *shape);
static void quadratic_score(const void *snapshot, const hunch_learner_shape *shape,
                            const hunch_context *x, const float *candidates, const uint64_t *mask,
                            float *p);
static uint32_t quadratic_choose(const void *snapshot, const hunch_learner_shape *shape,
                                 const hunch_context *x, const uint64_t *mask, uint64_t dice,
                                 float *propensity);
static const struct hunch__linear *ask(const void *snapshot, const hunch_learner_shape *shape,
                                       const hunch_context *x, float *scores);
static const struct hunch__linear *expand(const void *snapshot, const hunch_learner_shape *shape,
                                          const hunch_context *x, struct hunch__expanded *expanded);
static void quadratic_learn(void *state, const hunch_learner_shape *shape,
                            const hunch_learner_event *events, size_t n);
static void quadratic_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                              void *snapshot);
static hunch_status quadratic_validate(const void *state, const hunch_learner_shape *shape,
                                       hunch_diag *diag);
static void quadratic_merge(void *state, const hunch_learner_shape *shape, const void *other);
static struct hunch__linear *begin(void *snapshot, const hunch_learner_shape *shape,
                                   const struct hunch__pairs *pairs,
                                   const struct hunch__pairs_chosen *chosen,
                                   const struct hunch__ridge_solver *solver);
static double count_live(const struct hunch__pairs *pairs,
                         const struct hunch__ridge_solver *solver);
static void to_standardised(const struct quadratic *head, const struct hunch__pairs *pairs,
                            const struct hunch__ridge_parents *parents, const double *weights,
                            double *out);

const hunch_learner_ops hunch__learner_quadratic = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "quadratic",
    .state_bytes = quadratic_state_bytes,
    .snapshot_bytes = quadratic_snapshot_bytes,
    .init = hunch__linear_init,
    .score = quadratic_score,
    .choose = quadratic_choose,
    .learn = quadratic_learn,
    .publish = quadratic_publish,
    .validate = quadratic_validate,
    .merge = quadratic_merge,
};

static size_t quadratic_state_bytes(const hunch_learner_shape *shape)
{
    struct hunch__pairs_plan plan;
    return hunch__pairs_state_plan(shape, &plan) ? plan.bytes : 0;
}

static size_t quadratic_snapshot_bytes(const hunch_learner_shape *shape)
{
    struct hunch__pairs_plan plan;
    return hunch__pairs_state_plan(shape, &plan)
               ? sizeof(struct quadratic) + hunch__linear_model_bytes(shape->arms,
                                                                      plan.pairs.dense_all,
                                                                      plan.pairs.features_all)
               : 0;
}

static void quadratic_score(const void *snapshot, const hunch_learner_shape *shape,
                            const hunch_context *x, const float *candidates, const uint64_t *mask,
                            float *p)
{
    float scores[HUNCH__ARMS_MAX];
    (void)candidates;
    const struct hunch__linear *model = ask(snapshot, shape, x, scores);
    hunch__kernels_get()->explore(&model->explore, scores, shape->arms, mask, p);
}

static uint32_t quadratic_choose(const void *snapshot, const hunch_learner_shape *shape,
                                 const hunch_context *x, const uint64_t *mask, uint64_t dice,
                                 float *propensity)
{
    float scores[HUNCH__ARMS_MAX];
    const struct hunch__linear *model = ask(snapshot, shape, x, scores);
    return hunch__kernels_get()->explore_choose(&model->explore, scores, shape->arms, mask, dice,
                                                propensity);
}

uint32_t hunch__quadratic_columns(const hunch_learner_shape *shape)
{
    struct hunch__pairs pairs;
    return hunch__pairs_plan(shape, &pairs) ? 1 + pairs.features_all : 0;
}

double hunch__quadratic_predict(const void *snapshot, const hunch_learner_shape *shape,
                                const hunch_context *x, uint32_t arm)
{
    struct hunch__expanded expanded;
    return hunch__linear_snapshot_predict(expand(snapshot, shape, x, &expanded), &expanded.x, arm);
}

/* scores[S] for x. */
static const struct hunch__linear *ask(const void *snapshot, const hunch_learner_shape *shape,
                                       const hunch_context *x, float *scores)
{
    struct hunch__expanded expanded;
    const struct hunch__linear *model = expand(snapshot, shape, x, &expanded);
    hunch__linear_snapshot_scores(model, &expanded.x, scores);
    return model;
}

/* The model, and x standardised, clipped and expanded. */
static const struct hunch__linear *expand(const void *snapshot, const hunch_learner_shape *shape,
                                          const hunch_context *x, struct hunch__expanded *expanded)
{
    const struct quadratic *head = snapshot;
    struct hunch__pairs pairs;
    float z[HUNCH__PAIRS_MAX];
    (void)hunch__pairs_plan(shape, &pairs);
    for (uint32_t f = 0; f < pairs.dense; f++) {
        const float v = (x->dense[f] - head->center[f]) * head->scale[f];
        const float low = v > -(float)HUNCH__CLIP ? v : -(float)HUNCH__CLIP;
        z[f] = low < (float)HUNCH__CLIP ? low : (float)HUNCH__CLIP;
    }
    hunch__pairs_expand(&pairs, &head->chosen, z, x, expanded);
    return (const void *)(head + 1);
}

static void quadratic_learn(void *state, const hunch_learner_shape *shape,
                            const hunch_learner_event *events, size_t n)
{
    struct hunch__pairs_plan plan;
    const double growth = hunch__growth(shape);
    (void)hunch__pairs_state_plan(shape, &plan);
    for (size_t i = 0; i < n; i++) {
        hunch__pairs_add(state, &plan, &events[i], growth);
    }
}

static void quadratic_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                              void *snapshot)
{
    struct hunch__pairs_plan plan;
    struct hunch__ridge_solver solver;
    struct hunch__ridge_parents parents[1 + HUNCH__PAIRS_MAX];
    (void)dice;
    (void)hunch__pairs_state_plan(shape, &plan);
    const struct hunch__pairs_chosen *chosen = hunch__pairs_chosen_of(state, &plan);
    hunch__pairs_parents(&plan.pairs, chosen, parents);
    hunch__ridge_begin(&solver, state, &plan.ridge, HUNCH__PENALTY);
    struct hunch__linear *model = begin(snapshot, shape, &plan.pairs, chosen, &solver);
    const double live = count_live(&plan.pairs, &solver);
    for (uint32_t a = 0; a < shape->arms; a++) {
        if (hunch__ridge_due(&solver, a)) {
            hunch__ridge_factor(&solver, a, parents);
            hunch__ridge_solve(&solver, a, parents);
            (void)hunch__ridge_keep(&solver, a, parents);
        }
        const double *weights = hunch__ridge_weights(&solver, a);
        const double n = hunch__ridge_events(&solver, a);
        const double bonus = hunch__linear_bonus(shape, live, n);
        if (weights != NULL) {
            to_standardised(snapshot, &plan.pairs, parents, weights, solver.rhs);
            weights = solver.rhs;
        }
        hunch__linear_snapshot_set(model, a, &solver, weights, bonus);
    }
}

static hunch_status quadratic_validate(const void *state, const hunch_learner_shape *shape,
                                       hunch_diag *diag)
{
    struct hunch__pairs_plan plan;
    (void)hunch__pairs_state_plan(shape, &plan);
    return hunch__pairs_validate(state, &plan, diag);
}

static void quadratic_merge(void *state, const hunch_learner_shape *shape, const void *other)
{
    struct hunch__pairs_plan plan;
    (void)hunch__pairs_state_plan(shape, &plan);
    hunch__pairs_merge(state, &plan, other);
}

/* Columns come standardised and clipped, so that the model's own bounds do nothing. */
static struct hunch__linear *begin(void *snapshot, const hunch_learner_shape *shape,
                                   const struct hunch__pairs *pairs,
                                   const struct hunch__pairs_chosen *chosen,
                                   const struct hunch__ridge_solver *solver)
{
    struct quadratic *head = snapshot;
    struct hunch__linear *model = (void *)(head + 1);
    memset(head, 0, quadratic_snapshot_bytes(shape));
    head->chosen = *chosen;
    for (uint32_t f = 0; f < pairs->dense; f++) {
        const double sd = solver->sd[1 + f];
        head->center[f] = hunch__to_float(solver->mean[1 + f], FLT_MAX);
        head->scale[f] = sd > 0.0 ? hunch__to_float(1.0 / sd, FLT_MAX) : 0.0f;
    }
    model->arms = shape->arms;
    model->stride = hunch__arms_stride(shape->arms);
    model->dense = pairs->dense_all;
    model->features = pairs->features_all;
    model->explore = hunch__linear_explore(shape, solver->n);
    for (uint32_t f = 0; f < model->dense; f++) {
        hunch__linear_low(model)[f] = -PRODUCT_MAX;
        hunch__linear_high(model)[f] = PRODUCT_MAX;
    }
    return model;
}

/* Columns that vary, products not counted: their bonus would be for uncertainty that ends soon. */
static double count_live(const struct hunch__pairs *pairs, const struct hunch__ridge_solver *solver)
{
    uint32_t live = 1;
    for (uint32_t f = 1; f <= pairs->dense; f++) {
        live += solver->sd[f] > 0.0;
    }
    for (uint32_t k = 0; k < pairs->sparse; k++) {
        live += solver->sd[1 + pairs->dense_all + k] > 0.0;
    }
    return live;
}

/* out[D] = the same function over standardised dense columns, z = (x - center) scale. */
static void to_standardised(const struct quadratic *head, const struct hunch__pairs *pairs,
                            const struct hunch__ridge_parents *parents, const double *weights,
                            double *out)
{
    double center[1 + HUNCH__PAIRS_MAX] = {0};
    double sd[1 + HUNCH__PAIRS_MAX];
    for (uint32_t p = 0; p <= pairs->features_all; p++) {
        const bool dense = p >= 1 && p <= pairs->dense;
        const double scale = dense ? (double)head->scale[p - 1] : 1.0;
        center[p] = dense ? (double)head->center[p - 1] : 0.0;
        sd[p] = scale > 0.0 ? 1.0 / scale : 0.0;
        out[p] = 0.0;
    }
    for (uint32_t p = 0; p <= pairs->features_all; p++) {
        const uint32_t u = parents[p].u;
        const uint32_t v = parents[p].v;
        out[p] += weights[p] * sd[u] * sd[v];
        if (p > 0) { /* x_u = center_u + sd_u z_u, and the same of v, which is 1 when v is 0 */
            out[v] += weights[p] * center[u] * sd[v];
        }
        if (v > 0) {
            out[u] += weights[p] * center[v] * sd[u];
            out[0] += weights[p] * center[u] * center[v];
        }
    }
}
