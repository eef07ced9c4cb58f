/* LinUCB with an own model of each arm (Li, Chu, Langford, Schapire 2010, their algorithm 1): the
 * arm with the highest end of a confidence interval. It has no randomness, so its propensities are
 * 1 and its log cannot judge another policy; and asking takes D^2 / 2 products an arm. It is here
 * because its choices are the ones to be compared with. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "learners.h"
#include "linear_snapshot.h"
#include "linear_state.h"
#include "train.h"

/* Half the width of the interval, in standard deviations, in units of the rewards' spread. */
#define ALPHA 0.6

/* Columns: what is asked and what a snapshot takes grow with their square. */
#define COLUMNS_MAX 129u

/* Behind it lie the model of the means, a struct hunch__linear, and then the inverse of each arm's
 * sums over standardised columns, arms in lanes: float[D (D + 1) / 2][S], packed as train.h says,
 * what is off the diagonal doubled. */
struct linucb {
    float center[COLUMNS_MAX + 15]; /* is taken from each column, the first of which is 1 */
    float scale[COLUMNS_MAX + 15];  /* then multiplies it                                 */
    uint64_t inverse;               /* bytes from here to the inverse                     */
    uint64_t reserved[7];
};

_Static_assert(sizeof(struct linucb) % 64 == 0, "the model behind it is 64-aligned");

/* The columns of a context that are not zero, standardised. */
struct active {
    uint32_t n;
    uint32_t column[COLUMNS_MAX];
    float z[COLUMNS_MAX];
};

static size_t linucb_state_bytes(const hunch_learner_shape *shape);
static size_t linucb_snapshot_bytes(const hunch_learner_shape *shape);
static void linucb_score(const void *snapshot, const hunch_learner_shape *shape,
                         const hunch_context *x, const float *candidates, const uint64_t *mask,
                         float *p);
static void standardise(const struct linucb *head, const hunch_learner_shape *shape,
                        const hunch_context *x, struct active *active);
static void linucb_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                           void *snapshot);
static void set_inverse(const struct hunch__ridge_solver *solver, float *inverse, uint32_t stride);

const hunch_learner_ops hunch__learner_linucb = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "linucb",
    .state_bytes = linucb_state_bytes,
    .snapshot_bytes = linucb_snapshot_bytes,
    .init = hunch__linear_init,
    .score = linucb_score,
    .learn = hunch__linear_learn,
    .publish = linucb_publish,
    .validate = hunch__linear_validate,
    .merge = hunch__linear_merge,
};

static size_t linucb_state_bytes(const hunch_learner_shape *shape)
{
    return shape->features < COLUMNS_MAX ? hunch__linear_state_bytes(shape) : 0;
}

static size_t linucb_snapshot_bytes(const hunch_learner_shape *shape)
{
    if (linucb_state_bytes(shape) == 0) {
        return 0;
    }
    const size_t rows = hunch__packed_count((size_t)shape->features + 1);
    return sizeof(struct linucb) + hunch__linear_snapshot_bytes(shape) +
           rows * hunch__arms_stride(shape->arms) * sizeof(float);
}

static void linucb_score(const void *snapshot, const hunch_learner_shape *shape,
                         const hunch_context *x, const float *candidates, const uint64_t *mask,
                         float *p)
{
    const struct linucb *head = snapshot;
    const struct hunch__linear *model = (const void *)(head + 1);
    const float *inverse = (const void *)((const unsigned char *)snapshot + head->inverse);
    const struct hunch__explore explore = {.gamma = 0.0f, .epsilon = 0.0f};
    struct active active;
    float scores[HUNCH__ARMS_MAX];
    float variance[HUNCH__ARMS_MAX] = {0};
    (void)candidates;
    standardise(head, shape, x, &active);
    for (uint32_t i = 0; i < active.n; i++) {
        const float *row = inverse + hunch__packed_row(active.column[i]) * model->stride;
        for (uint32_t j = 0; j <= i; j++) {
            const float *arms = row + (size_t)active.column[j] * model->stride;
            const float zz = active.z[i] * active.z[j];
            for (uint32_t a = 0; a < model->stride; a++) {
                variance[a] += zz * arms[a];
            }
        }
    }
    hunch__linear_snapshot_scores(model, x, scores);
    const float alpha = (float)(ALPHA * hunch__exploration(shape));
    for (uint32_t a = 0; a < shape->arms; a++) {
        const float bounded = variance[a] < FLT_MAX ? variance[a] : FLT_MAX;
        scores[a] += alpha * sqrtf(bounded > 0.0f ? bounded : 0.0f);
    }
    hunch__kernels_get()->explore(&explore, scores, shape->arms, mask, p);
}

static void standardise(const struct linucb *head, const hunch_learner_shape *shape,
                        const hunch_context *x, struct active *active)
{
    active->n = 1;
    active->column[0] = 0;
    active->z[0] = 1.0f;
    for (uint32_t f = 1; f <= shape->dense; f++) {
        const float z = (x->dense[f - 1] - head->center[f]) * head->scale[f];
        const float low = z > -(float)HUNCH__CLIP ? z : -(float)HUNCH__CLIP;
        active->column[active->n] = f;
        active->z[active->n++] = low < (float)HUNCH__CLIP ? low : (float)HUNCH__CLIP;
    }
    for (uint32_t i = 0; i < x->count; i++) {
        const uint32_t f = x->columns[i] + 1;
        active->column[active->n] = f;
        active->z[active->n++] = x->values[i] * head->scale[f];
    }
}

static void linucb_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                           void *snapshot)
{
    struct linucb *head = snapshot;
    struct hunch__ridge_plan plan;
    struct hunch__ridge_solver solver;
    const struct hunch__explore greedy = {.gamma = 0.0f, .epsilon = 0.0f};
    (void)dice;
    (void)hunch__linear_plan(shape, &plan);
    hunch__ridge_begin(&solver, state, &plan, HUNCH__PENALTY);
    memset(snapshot, 0, linucb_snapshot_bytes(shape));
    head->inverse = sizeof *head + hunch__linear_snapshot_bytes(shape);
    for (uint32_t f = 1; f < plan.columns; f++) {
        head->center[f] = hunch__to_float(solver.mean[f], FLT_MAX);
        head->scale[f] = solver.sd[f] > 0.0 ? hunch__to_float(1.0 / solver.sd[f], FLT_MAX) : 0.0f;
    }
    struct hunch__linear *model = hunch__linear_snapshot_begin(head + 1, shape, &solver, greedy);
    float *inverse = (void *)((unsigned char *)snapshot + head->inverse);
    for (uint32_t a = 0; a < shape->arms; a++) {
        hunch__ridge_factor(&solver, a, NULL);
        hunch__ridge_solve(&solver, a, NULL);
        hunch__linear_snapshot_set(model, a, &solver, hunch__ridge_keep(&solver, a, NULL), 0.0);
        set_inverse(&solver, inverse + a, model->stride);
    }
}

/* One arm's lane: column j of the inverse solves A y = e_j. */
static void set_inverse(const struct hunch__ridge_solver *solver, float *inverse, uint32_t stride)
{
    const size_t d = solver->plan->columns;
    for (size_t j = 0; j < d; j++) {
        memset(solver->spare, 0, d * sizeof *solver->spare);
        solver->spare[j] = 1.0;
        hunch__ridge_forward(solver, solver->spare);
        hunch__ridge_back(solver, solver->spare);
        for (size_t i = j; i < d; i++) {
            const double value = i == j ? solver->spare[i] : 2.0 * solver->spare[i];
            inverse[(hunch__packed_row(i) + j) * stride] = hunch__to_float(value, FLT_MAX);
        }
    }
}
