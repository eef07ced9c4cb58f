/* `candidates`: one model for all arms, which are known by their own features alone. Ridge
 * regression of the reward on those features, their squares and products, and their products with
 * the context, so that what is good may depend on the context; then inverse gap weighting, as by
 * `linear`. A candidate that was never seen is like those whose features are like its own. */
#include "candidates.h"

#include <math.h>
#include <string.h>

#include "explore.h"
#include "kernels.h"
#include "learners.h"
#include "linear_snapshot.h"

/* Of a standardised weight, in events. */
#define PENALTY 1.0

/* gamma of the exploration: this times sqrt(events) in units of the rewards' spread. */
#define GAMMA 20.0

/* Standard deviations that a factor's mean may be from zero. */
#define FAR 500.0

/* No product of features is larger, and no score: their sums stay finite. */
#define VALUE_MAX 1e30f

/* The head of a snapshot; behind it, without gaps:
 *   float low[c + dense], high[c + dense]   what z and x are clipped to
 *   float weights[1 + dense + sparse][c]    of z, then of its products with each column of x
 *   float pairs[pairs]                      of z[i] z[k], k <= i, row by row */
struct answer {
    struct hunch__explore explore;
    uint32_t reserved[14];
};

_Static_assert(sizeof(struct answer) == 64, "the floats behind it are 64-aligned");

/* Its parts. */
struct parts {
    float *low;
    float *high;
    float *weights;
    float *pairs;
};

/* A context of the regression. */
struct expanded {
    float dense[HUNCH__CANDIDATES_DENSE_MAX];
    uint32_t columns[HUNCH__CANDIDATES_MAX];
    float values[HUNCH__CANDIDATES_MAX];
    uint32_t count;
};

static size_t state_bytes(const hunch_learner_shape *shape);
static size_t snapshot_bytes(const hunch_learner_shape *shape);
static void init(void *state, const hunch_learner_shape *shape, uint64_t seed);
static void score(const void *snapshot, const hunch_learner_shape *shape, const hunch_context *x,
                  const float *candidates, const uint64_t *mask, float *p);
static void learn(void *state, const hunch_learner_shape *shape, const hunch_learner_event *events,
                  size_t n);
static void publish(void *state, const hunch_learner_shape *shape, uint64_t dice, void *snapshot);
static hunch_status validate(const void *state, const hunch_learner_shape *shape, hunch_diag *diag);
static void merge(void *state, const hunch_learner_shape *shape, const void *other);
static uint32_t fitting(uint32_t wanted, uint32_t room);
static bool plan_make(const hunch_learner_shape *shape, struct hunch__candidates_columns *columns,
                      struct hunch__ridge_plan *plan);
static struct parts find_parts(const void *snapshot,
                               const struct hunch__candidates_columns *columns);
static void expand(const struct hunch__candidates_columns *columns, const hunch_context *x,
                   const float *z, struct expanded *to);
static void expand_sparse(const struct hunch__candidates_columns *columns, const hunch_context *x,
                          const float *z, struct expanded *to);
static float times(float a, float b);
static void weigh(const struct parts *parts, const struct hunch__candidates_columns *columns,
                  const hunch_context *x, float *weights);
static float score_one(const struct parts *parts, const struct hunch__candidates_columns *columns,
                       const float *weights, const float *candidate);
static float clip(float value, float low, float high);
static void list_parents(const struct hunch__ridge_solver *solver,
                         const struct hunch__candidates_columns *columns,
                         struct hunch__ridge_parents *parents);
static struct hunch__ridge_parents parents_of(const struct hunch__ridge_solver *solver,
                                              uint32_t product, uint32_t u, uint32_t v);
static void put_weights(const struct hunch__ridge_solver *solver,
                        const struct hunch__candidates_columns *columns, struct parts *parts);

const hunch_learner_ops hunch__learner_candidates = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "candidates",
    .state_bytes = state_bytes,
    .snapshot_bytes = snapshot_bytes,
    .init = init,
    .score = score,
    .learn = learn,
    .publish = publish,
    .validate = validate,
    .merge = merge,
};

bool hunch__candidates_layout(const hunch_learner_shape *shape,
                              struct hunch__candidates_columns *columns)
{
    const uint32_t c = shape->candidate_features;
    *columns = (struct hunch__candidates_columns){.c = c, .given = shape->dense, .always = c};
    if (!hunch__shape_is_sound(shape) || shape->arms_kind != HUNCH_ARMS_CANDIDATES || c == 0 ||
        c > HUNCH__CANDIDATES_DENSE_MAX) {
        return false;
    }
    columns->dense = fitting(shape->dense, (HUNCH__CANDIDATES_DENSE_MAX - c) / (1 + c));
    columns->always += columns->dense * (1 + c);
    columns->pairs = fitting(c * (c + 1) / 2, HUNCH__CANDIDATES_DENSE_MAX - columns->always);
    columns->always += columns->pairs;
    columns->sparse = fitting(shape->features - shape->dense,
                              (HUNCH__CANDIDATES_MAX - columns->always) / (1 + c));
    columns->all = columns->always + columns->sparse * (1 + c);
    return true;
}

static size_t state_bytes(const hunch_learner_shape *shape)
{
    struct hunch__candidates_columns columns;
    struct hunch__ridge_plan plan;
    return plan_make(shape, &columns, &plan) ? hunch__ridge_bytes(&plan) : 0;
}

static size_t snapshot_bytes(const hunch_learner_shape *shape)
{
    struct hunch__candidates_columns columns;
    if (!hunch__candidates_layout(shape, &columns)) {
        return 0;
    }
    const struct parts parts = find_parts(NULL, &columns);
    const size_t bytes = (uintptr_t)(parts.pairs + columns.pairs);
    return (bytes + 63) & ~(size_t)63;
}

static void init(void *state, const hunch_learner_shape *shape, uint64_t seed)
{
    (void)shape;
    (void)seed;
    hunch__ridge_init(state);
}

static void score(const void *snapshot, const hunch_learner_shape *shape, const hunch_context *x,
                  const float *candidates, const uint64_t *mask, float *p)
{
    const struct answer *answer = snapshot;
    struct hunch__candidates_columns columns;
    float weights[HUNCH__CANDIDATES_DENSE_MAX];
    float scores[HUNCH__ARMS_MAX] = {0};
    hunch__candidates_layout(shape, &columns);
    const struct parts parts = find_parts(snapshot, &columns);
    weigh(&parts, &columns, x, weights);
    for (uint32_t a = 0; a < shape->arms; a++) {
        if (hunch__allowed(mask, a)) {
            scores[a] = score_one(&parts, &columns, weights, candidates + (size_t)a * columns.c);
        }
    }
    hunch__kernels_get()->explore(&answer->explore, scores, shape->arms, mask, p);
}

static void learn(void *state, const hunch_learner_shape *shape, const hunch_learner_event *events,
                  size_t n)
{
    struct hunch__candidates_columns columns;
    struct hunch__ridge_plan plan;
    struct expanded expanded;
    const double growth = hunch__growth(shape);
    plan_make(shape, &columns, &plan);
    for (size_t i = 0; i < n; i++) {
        hunch_learner_event event = events[i];
        expand(&columns, &event.x, event.candidate, &expanded);
        const hunch_context x = {.dense = expanded.dense,
                                 .columns = expanded.columns,
                                 .values = expanded.values,
                                 .count = expanded.count};
        event.arm = 0;
        hunch__ridge_add(state, &plan, &x, &event, growth);
    }
}

static void publish(void *state, const hunch_learner_shape *shape, uint64_t dice, void *snapshot)
{
    struct answer *answer = snapshot;
    struct hunch__candidates_columns columns;
    struct hunch__ridge_plan plan;
    struct hunch__ridge_solver solver;
    struct hunch__ridge_parents parents[1 + HUNCH__CANDIDATES_MAX];
    (void)dice;
    plan_make(shape, &columns, &plan);
    struct parts parts = find_parts(snapshot, &columns);
    memset(snapshot, 0, snapshot_bytes(shape));
    hunch__ridge_begin(&solver, state, &plan, PENALTY);
    list_parents(&solver, &columns, parents);
    if (hunch__ridge_due(&solver, 0)) {
        hunch__ridge_factor(&solver, 0, parents);
        hunch__ridge_solve(&solver, 0, parents);
        hunch__ridge_keep(&solver, 0, parents);
    }
    answer->explore.epsilon = 1.0f;
    if (solver.n > 0.0 && hunch__ridge_weights(&solver, 0) != NULL) {
        put_weights(&solver, &columns, &parts);
        answer->explore.gamma = hunch__to_float(
            GAMMA * sqrt(solver.n) / (solver.reward_sd * hunch__exploration(shape)), VALUE_MAX);
    }
}

static hunch_status validate(const void *state, const hunch_learner_shape *shape, hunch_diag *diag)
{
    struct hunch__candidates_columns columns;
    struct hunch__ridge_plan plan;
    plan_make(shape, &columns, &plan);
    return hunch__ridge_validate(state, &plan, diag);
}

static void merge(void *state, const hunch_learner_shape *shape, const void *other)
{
    struct hunch__candidates_columns columns;
    struct hunch__ridge_plan plan;
    plan_make(shape, &columns, &plan);
    hunch__ridge_merge(state, &plan, other);
}

/* A part is there as a whole or not at all. */
static uint32_t fitting(uint32_t wanted, uint32_t room)
{
    return wanted <= room ? wanted : 0;
}

/* The regression has one arm, which stands for all. */
static bool plan_make(const hunch_learner_shape *shape, struct hunch__candidates_columns *columns,
                      struct hunch__ridge_plan *plan)
{
    return hunch__candidates_layout(shape, columns) &&
           hunch__ridge_plan_make(plan, 1, columns->always, columns->all);
}

static struct parts find_parts(const void *snapshot,
                               const struct hunch__candidates_columns *columns)
{
    const size_t clipped = columns->c + columns->dense;
    const size_t rows = 1 + (size_t)columns->dense + columns->sparse;
    struct parts parts;
    parts.low = (float *)((uintptr_t)snapshot + sizeof(struct answer));
    parts.high = parts.low + clipped;
    parts.weights = parts.high + clipped;
    parts.pairs = parts.weights + rows * columns->c;
    return parts;
}

static void expand(const struct hunch__candidates_columns *columns, const hunch_context *x,
                   const float *z, struct expanded *to)
{
    const uint32_t c = columns->c;
    float *at = to->dense;
    for (uint32_t i = 0; i < c; i++) {
        *at++ = z[i];
    }
    for (uint32_t j = 0; j < columns->dense; j++) {
        *at++ = x->dense[j];
    }
    for (uint32_t i = 0; i < c && columns->pairs > 0; i++) {
        for (uint32_t k = 0; k <= i; k++) {
            *at++ = times(z[i], z[k]);
        }
    }
    for (uint32_t j = 0; j < columns->dense; j++) {
        for (uint32_t i = 0; i < c; i++) {
            *at++ = times(x->dense[j], z[i]);
        }
    }
    expand_sparse(columns, x, z, to);
}

static void expand_sparse(const struct hunch__candidates_columns *columns, const hunch_context *x,
                          const float *z, struct expanded *to)
{
    const uint32_t c = columns->c;
    to->count = 0;
    for (uint32_t s = 0; s < x->count && columns->sparse > 0; s++) {
        const uint32_t first = columns->always + (x->columns[s] - columns->given) * (1 + c);
        for (uint32_t i = 0; i <= c; i++) {
            const float value = i == 0 ? x->values[s] : times(x->values[s], z[i - 1]);
            if (value != 0.0f) {
                to->columns[to->count] = first + i;
                to->values[to->count] = value;
                to->count++;
            }
        }
    }
}

static float times(float a, float b)
{
    return clip(a * b, -VALUE_MAX, VALUE_MAX);
}

/* weights[c] = what a candidate's features are worth in the context. */
static void weigh(const struct parts *parts, const struct hunch__candidates_columns *columns,
                  const hunch_context *x, float *weights)
{
    const uint32_t c = columns->c;
    memcpy(weights, parts->weights, c * sizeof *weights);
    for (uint32_t j = 0; j < columns->dense; j++) {
        const float value = clip(x->dense[j], parts->low[c + j], parts->high[c + j]);
        const float *row = parts->weights + (size_t)(1 + j) * c;
        for (uint32_t i = 0; i < c; i++) {
            weights[i] += value * row[i];
        }
    }
    for (uint32_t s = 0; s < x->count && columns->sparse > 0; s++) {
        const uint32_t row = 1 + columns->dense + x->columns[s] - columns->given;
        for (uint32_t i = 0; i < c; i++) {
            weights[i] += x->values[s] * parts->weights[(size_t)row * c + i];
        }
    }
}

static float score_one(const struct parts *parts, const struct hunch__candidates_columns *columns,
                       const float *weights, const float *candidate)
{
    float z[HUNCH__CANDIDATES_DENSE_MAX];
    const float *pairs = parts->pairs;
    float sum = 0.0f;
    for (uint32_t i = 0; i < columns->c; i++) {
        float weight = weights[i];
        z[i] = clip(candidate[i], parts->low[i], parts->high[i]);
        for (uint32_t k = 0; k <= i && columns->pairs > 0; k++) {
            weight += *pairs++ * z[k];
        }
        sum += weight * z[i];
    }
    return clip(sum, -VALUE_MAX, VALUE_MAX);
}

/* What is not a number becomes `low`. */
static float clip(float value, float low, float high)
{
    value = value > low ? value : low;
    return value < high ? value : high;
}

/* Of which columns a column of the regression is the product; its column 0 is the constant. */
static void list_parents(const struct hunch__ridge_solver *solver,
                         const struct hunch__candidates_columns *columns,
                         struct hunch__ridge_parents *parents)
{
    const uint32_t c = columns->c;
    uint32_t at = 0;
    for (; at <= c + columns->dense; at++) {
        parents[at] = (struct hunch__ridge_parents){at, 0};
    }
    for (uint32_t i = 0; i < c && columns->pairs > 0; i++) {
        for (uint32_t k = 0; k <= i; k++, at++) {
            parents[at] = parents_of(solver, at, 1 + i, 1 + k);
        }
    }
    for (uint32_t j = 0; j < columns->dense; j++) {
        for (uint32_t i = 0; i < c; i++, at++) {
            parents[at] = parents_of(solver, at, 1 + c + j, 1 + i);
        }
    }
    for (uint32_t s = 0; s < columns->sparse; s++) {
        const uint32_t own = at;
        parents[at++] = (struct hunch__ridge_parents){own, 0};
        for (uint32_t i = 0; i < c; i++, at++) {
            parents[at] = parents_of(solver, at, own, 1 + i);
        }
    }
}

/* Column `product` as that of u and v, or as a column of its own when one of them lies so far from
 * zero that their product, a float, has few digits of what they differ by. */
static struct hunch__ridge_parents parents_of(const struct hunch__ridge_solver *solver,
                                              uint32_t product, uint32_t u, uint32_t v)
{
    const bool far =
        fabs(solver->mean[u]) > FAR * solver->sd[u] || fabs(solver->mean[v]) > FAR * solver->sd[v];
    return far ? (struct hunch__ridge_parents){product, 0} : (struct hunch__ridge_parents){u, v};
}

/* The regression's weights but for those that all candidates of a question share. */
static void put_weights(const struct hunch__ridge_solver *solver,
                        const struct hunch__candidates_columns *columns, struct parts *parts)
{
    const uint32_t c = columns->c;
    const double *weights = hunch__ridge_weights(solver, 0) + 1;
    for (uint32_t i = 0; i < c + columns->dense; i++) {
        const double reach = HUNCH__CLIP * solver->sd[1 + i];
        parts->low[i] = hunch__to_float(solver->mean[1 + i] - reach, VALUE_MAX);
        parts->high[i] = hunch__to_float(solver->mean[1 + i] + reach, VALUE_MAX);
    }
    for (uint32_t i = 0; i < columns->pairs; i++) {
        parts->pairs[i] = hunch__to_float(weights[c + columns->dense + i], VALUE_MAX);
    }
    for (uint32_t i = 0; i < c; i++) {
        parts->weights[i] = hunch__to_float(weights[i], VALUE_MAX);
        for (uint32_t j = 0; j < columns->dense; j++) {
            const uint32_t product = c + columns->dense + columns->pairs + j * c + i;
            parts->weights[(1 + j) * c + i] = hunch__to_float(weights[product], VALUE_MAX);
        }
        for (uint32_t s = 0; s < columns->sparse; s++) {
            const uint32_t product = columns->always + s * (1 + c) + 1 + i;
            parts->weights[(1 + columns->dense + s) * c + i] =
                hunch__to_float(weights[product], VALUE_MAX);
        }
    }
}
