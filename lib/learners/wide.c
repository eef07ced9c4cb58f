/* A linear model of each arm's reward for contexts of very many columns, most of them zero.
 *
 * Covariances would take the square of their number, so that columns are taken as independent: a
 * Kalman filter with a diagonal covariance (AROW for regression: Vaits and Crammer 2011; Crammer,
 * Kulesza, Dredze 2009). Each event costs as much as its context has entries. The order of events
 * matters a little, unlike with "linear". */
#include <float.h>
#include <math.h>
#include <string.h>

#include "diag.h"
#include "kernels.h"
#include "learners.h"
#include "linear_snapshot.h"
#include "linear_state.h"

#define COLUMNS_MAX ((uint32_t)1 << 17)
#define BYTES_MAX   ((uint64_t)1 << 30)

/* Events at zero that each weight starts with. */
#define PRIOR 1.0

/* No reward moves a weight further; floats have room above for products. */
#define WEIGHT_MAX 1e30f

/* No sum of finite floats and weights comes near; what is larger would overflow when it is used. */
#define SUM_MAX 0x1p400

/* How a column is spread: dense ones are centred by first / n, others scaled by what they are when
 * they are not zero. */
struct spread {
    double first;  /* dense: sum of x; sparse: weight of events where it is not zero */
    double second; /* sum of x^2                                                     */
};

struct wide {
    double scale;   /* weight of the next event, in [1, HUNCH__SCALE_LIMIT) */
    double n;       /* sum of weights                                       */
    double reward;  /* sum of rewards                                       */
    double squares; /* sum of their squares                                 */
    double active;  /* sum of how many columns were not zero                */
    uint64_t events;
    double reserved[2]; /* zero */
};

/* Where things are in a state, in bytes; S is the stride of arms. */
struct plan {
    uint32_t arms, stride, dense, features;
    size_t arm_n;     /* double[S]: events of each arm                             */
    size_t spread;    /* struct spread[features]                                   */
    size_t weights;   /* float[1 + features][S], around the mean reward            */
    size_t precision; /* float[1 + features][S]: events seen, without the prior's  */
    size_t total;
};

/* One entry of a context, standardised. */
struct entry {
    uint32_t row; /* 0: the intercept */
    double z;
};

/* How a column is standardised. */
struct column {
    double mean; /* 0 for sparse ones          */
    double sd;   /* 0: constant, or never seen */
};

static bool plan_of(const hunch_learner_shape *shape, struct plan *plan);
static size_t wide_state_bytes(const hunch_learner_shape *shape);
static size_t wide_snapshot_bytes(const hunch_learner_shape *shape);
static void wide_init(void *state, const hunch_learner_shape *shape, uint64_t seed);
static void *at(void *state, size_t offset);
static void wide_learn(void *state, const hunch_learner_shape *shape,
                       const hunch_learner_event *events, size_t n);
static void count_event(void *state, const struct plan *plan, const hunch_learner_event *event,
                        double weight);
static void move_weights(void *state, const struct plan *plan, const hunch_learner_event *event,
                         double weight);
static uint32_t entries_of(const hunch_context *x, const struct plan *plan);
static struct entry entry_of(void *state, const struct plan *plan, const hunch_context *x,
                             uint32_t i);
static struct column column_of(void *state, const struct plan *plan, uint32_t column);
static void rescale(void *state, const struct plan *plan, double factor);
static void wide_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                         void *snapshot);
static double spread_of_rewards(const struct wide *head);
static void set_row(struct hunch__linear *model, uint32_t row, const float *from, double factor);
static void move_intercepts(struct hunch__linear *model, uint32_t column, double mean);
static void add_bonus(void *state, const struct plan *plan, const hunch_learner_shape *shape,
                      struct hunch__linear *model);
static hunch_status wide_validate(const void *state, const hunch_learner_shape *shape,
                                  hunch_diag *diag);
static bool is_sum(double x);
static void wide_merge(void *state, const hunch_learner_shape *shape, const void *other);

const hunch_learner_ops hunch__learner_wide = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "wide",
    .state_bytes = wide_state_bytes,
    .snapshot_bytes = wide_snapshot_bytes,
    .init = wide_init,
    .score = hunch__linear_snapshot_score,
    .choose = hunch__linear_snapshot_choose,
    .learn = wide_learn,
    .publish = wide_publish,
    .validate = wide_validate,
    .merge = wide_merge,
};

static bool plan_of(const hunch_learner_shape *shape, struct plan *plan)
{
    if (!hunch__shape_has_own_arms(shape) || shape->features >= COLUMNS_MAX ||
        shape->dense > HUNCH__DENSE_MAX) {
        return false;
    }
    const size_t stride = hunch__arms_stride(shape->arms);
    const size_t floats = ((size_t)shape->features + 1) * stride * sizeof(float);
    *plan = (struct plan){.arms = shape->arms,
                          .stride = (uint32_t)stride,
                          .dense = shape->dense,
                          .features = shape->features};
    plan->arm_n = sizeof(struct wide);
    plan->spread = plan->arm_n + stride * sizeof(double);
    plan->weights = plan->spread + shape->features * sizeof(struct spread);
    plan->precision = plan->weights + floats;
    plan->total = plan->precision + floats;
    return plan->total <= BYTES_MAX;
}

static size_t wide_state_bytes(const hunch_learner_shape *shape)
{
    struct plan plan = {0};
    return plan_of(shape, &plan) ? plan.total : 0;
}

static size_t wide_snapshot_bytes(const hunch_learner_shape *shape)
{
    struct plan plan = {0};
    return plan_of(shape, &plan) ? hunch__linear_bytes(shape->arms, shape->dense, shape->features)
                                 : 0;
}

static void wide_init(void *state, const hunch_learner_shape *shape, uint64_t seed)
{
    (void)shape;
    (void)seed;
    ((struct wide *)state)->scale = 1.0;
}

static void wide_learn(void *state, const hunch_learner_shape *shape,
                       const hunch_learner_event *events, size_t n)
{
    struct wide *head = state;
    struct plan plan = {0};
    const double growth = hunch__growth(shape);
    (void)plan_of(shape, &plan);
    for (size_t i = 0; i < n; i++) {
        count_event(state, &plan, &events[i], head->scale * (double)events[i].weight);
        move_weights(state, &plan, &events[i], (double)events[i].weight);
        head->scale *= growth;
        if (head->scale >= HUNCH__SCALE_LIMIT) {
            rescale(state, &plan, 1.0 / HUNCH__SCALE_LIMIT);
        }
    }
}

/* First, so that an event is standardised by what is known with it. */
static void count_event(void *state, const struct plan *plan, const hunch_learner_event *event,
                        double weight)
{
    struct wide *head = state;
    struct spread *spread = at(state, plan->spread);
    double *arm_n = at(state, plan->arm_n);
    const double reward = (double)event->reward;
    for (uint32_t f = 0; f < plan->dense; f++) {
        const double x = (double)event->x.dense[f];
        spread[f].first += weight * x;
        spread[f].second += weight * (x * x);
    }
    for (uint32_t i = 0; i < event->x.count; i++) {
        const double x = (double)event->x.values[i];
        spread[event->x.columns[i]].first += weight;
        spread[event->x.columns[i]].second += weight * (x * x);
    }
    head->n += weight;
    head->reward += weight * reward;
    head->squares += weight * (reward * reward);
    head->active += weight * (double)entries_of(&event->x, plan);
    head->events++;
    arm_n[event->arm] += weight;
}

static void move_weights(void *state, const struct plan *plan, const hunch_learner_event *event,
                         double weight)
{
    const struct wide *head = state;
    float *weights = (float *)at(state, plan->weights) + event->arm;
    float *precision = (float *)at(state, plan->precision) + event->arm;
    const uint32_t n = entries_of(&event->x, plan);
    double error = (double)event->reward - head->reward / head->n;
    double variance = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct entry entry = entry_of(state, plan, &event->x, i);
        const size_t cell = (size_t)entry.row * plan->stride;
        error -= entry.z * (double)weights[cell];
        variance += entry.z * entry.z / ((double)precision[cell] / head->scale + PRIOR);
    }
    const double gain = weight * error / (1.0 + weight * variance);
    for (uint32_t i = 0; i < n; i++) {
        const struct entry entry = entry_of(state, plan, &event->x, i);
        const size_t cell = (size_t)entry.row * plan->stride;
        const double sure = (double)precision[cell] / head->scale + PRIOR;
        const double more = (double)precision[cell] + weight * head->scale * entry.z * entry.z;
        weights[cell] = hunch__to_float((double)weights[cell] + entry.z * gain / sure, WEIGHT_MAX);
        precision[cell] = hunch__to_float(more, FLT_MAX);
    }
}

static void *at(void *state, size_t offset)
{
    return (unsigned char *)state + offset;
}

/* The intercept, the dense columns, the others that are not zero. */
static uint32_t entries_of(const hunch_context *x, const struct plan *plan)
{
    return 1 + plan->dense + x->count;
}

static struct entry entry_of(void *state, const struct plan *plan, const hunch_context *x,
                             uint32_t i)
{
    if (i == 0) {
        return (struct entry){0, 1.0};
    }
    const bool dense = i <= plan->dense;
    const uint32_t column = dense ? i - 1 : x->columns[i - 1 - plan->dense];
    const double value = (double)(dense ? x->dense[column] : x->values[i - 1 - plan->dense]);
    const struct column known = column_of(state, plan, column);
    double z = known.sd > 0.0 ? (value - known.mean) / known.sd : 0.0;
    z = dense ? fmax(fmin(z, HUNCH__CLIP), -HUNCH__CLIP) : z;
    return (struct entry){1 + column, z};
}

static struct column column_of(void *state, const struct plan *plan, uint32_t column)
{
    const struct wide *head = state;
    const struct spread *spread = (const struct spread *)at(state, plan->spread) + column;
    const bool dense = column < plan->dense;
    const double n = dense ? head->n : spread->first;
    if (!(n > 0.0)) {
        return (struct column){0.0, 0.0};
    }
    const double mean = dense ? spread->first / n : 0.0;
    const double square = spread->second / n;
    const double variance = square - mean * mean;
    return (struct column){mean, variance > HUNCH__CONSTANT * square ? sqrt(variance) : 0.0};
}

static void rescale(void *state, const struct plan *plan, double factor)
{
    struct wide *head = state;
    double *arm_n = at(state, plan->arm_n);
    double *spread = at(state, plan->spread);
    float *precision = at(state, plan->precision);
    head->scale *= factor;
    head->n *= factor;
    head->reward *= factor;
    head->squares *= factor;
    head->active *= factor;
    for (uint32_t a = 0; a < plan->stride; a++) {
        arm_n[a] *= factor;
    }
    for (size_t i = 0; i < (size_t)2 * plan->features; i++) {
        spread[i] *= factor;
    }
    for (size_t i = 0; i < ((size_t)plan->features + 1) * plan->stride; i++) {
        precision[i] = (float)((double)precision[i] * factor);
    }
}

static void wide_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                         void *snapshot)
{
    const struct wide *head = state;
    struct hunch__linear *model = snapshot;
    struct plan plan = {0};
    (void)dice;
    (void)plan_of(shape, &plan);
    memset(model, 0, wide_snapshot_bytes(shape));
    model->arms = plan.arms;
    model->stride = plan.stride;
    model->dense = plan.dense;
    model->features = plan.features;
    model->explore = hunch__linear_explore(shape, head->n / head->scale);
    const double reward_sd = spread_of_rewards(head);
    const float *weights = at(state, plan.weights);
    set_row(model, 0, weights, 1.0 / reward_sd);
    for (uint32_t f = 0; f < plan.features; f++) {
        const struct column known = column_of(state, &plan, f);
        const float *from = weights + (1 + (size_t)f) * plan.stride;
        const double by = known.sd > 0.0 ? 1.0 / (known.sd * reward_sd) : 0.0;
        if (f < plan.dense) {
            hunch__linear_set_spread(model, f, hunch__to_float(known.mean, HUNCH__SPREAD_MAX),
                                     hunch__to_float(HUNCH__CLIP * known.sd, HUNCH__SPREAD_MAX));
        }
        set_row(model, 1 + f, from, by);
        if (f < plan.dense) {
            move_intercepts(model, f, known.mean);
        }
    }
    add_bonus(state, &plan, shape, model);
}

static double spread_of_rewards(const struct wide *head)
{
    if (!(head->n > 0.0)) {
        return 1.0;
    }
    const double mean = head->reward / head->n;
    const double square = head->squares / head->n;
    const double variance = square - mean * mean;
    return variance > HUNCH__CONSTANT * square ? sqrt(variance) : 1.0;
}

static void set_row(struct hunch__linear *model, uint32_t row, const float *from, double factor)
{
    const bool dense = row >= 1 && row <= model->dense;
    const float most = dense ? hunch__linear_weight_max(model, row - 1) : HUNCH__WEIGHT_MAX;
    float *to = hunch__linear_weights(model) + (size_t)row * model->stride;
    for (uint32_t a = 0; a < model->stride; a++) {
        to[a] = hunch__to_float((double)from[a] * factor, most);
    }
}

/* Weights are of x - mean, the snapshot's of x - center. */
static void move_intercepts(struct hunch__linear *model, uint32_t column, double mean)
{
    float *intercepts = hunch__linear_weights(model);
    const float *row = intercepts + (1 + (size_t)column) * model->stride;
    const double by = (double)hunch__linear_center(model)[column] - mean;
    for (uint32_t a = 0; a < model->stride; a++) {
        const double sum = (double)intercepts[a] + by * (double)row[a];
        intercepts[a] = hunch__to_float(sum, HUNCH__WEIGHT_MAX);
    }
}

static void add_bonus(void *state, const struct plan *plan, const hunch_learner_shape *shape,
                      struct hunch__linear *model)
{
    const struct wide *head = state;
    const double *arm_n = at(state, plan->arm_n);
    float *intercepts = hunch__linear_weights(model);
    const double active = head->n > 0.0 ? head->active / head->n : 1.0;
    for (uint32_t a = 0; a < plan->arms; a++) {
        const double n = arm_n[a] / head->scale;
        const double sum = (double)intercepts[a] + hunch__linear_bonus(shape, active, n);
        intercepts[a] = hunch__to_float(sum, HUNCH__WEIGHT_MAX);
    }
}

static hunch_status wide_validate(const void *state, const hunch_learner_shape *shape,
                                  hunch_diag *diag)
{
    const struct wide *head = state;
    const unsigned char *bytes = state;
    struct plan plan = {0};
    (void)plan_of(shape, &plan);
    const size_t cells = ((size_t)plan.features + 1) * plan.stride;
    const double *arm_n = (const void *)(bytes + plan.arm_n);
    const struct spread *spread = (const void *)(bytes + plan.spread);
    const float *weights = (const void *)(bytes + plan.weights);
    const float *precision = (const void *)(bytes + plan.precision);
    bool sound = hunch__scale_is_sound(head->scale) && fabs(head->reward) <= SUM_MAX &&
                 is_sum(head->n) && is_sum(head->squares) && is_sum(head->active);
    for (uint32_t a = 0; a < plan.stride && sound; a++) {
        sound = is_sum(arm_n[a]);
    }
    if (!sound) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "no events have these sums");
    }
    for (uint32_t f = 0; f < plan.features; f++) {
        const bool dense = f < plan.dense;
        if (!is_sum(dense ? fabs(spread[f].first) : spread[f].first) || !is_sum(spread[f].second)) {
            return hunch__fail(diag, HUNCH_ECORRUPT, plan.spread + f * sizeof *spread,
                               "column %u: no values have these sums", f);
        }
    }
    for (size_t i = 0; i < cells; i++) {
        if (!(fabsf(weights[i]) <= WEIGHT_MAX && is_sum((double)precision[i]))) {
            return hunch__fail(diag, HUNCH_ECORRUPT, plan.weights + i * sizeof *weights,
                               "a weight is not finite");
        }
    }
    return HUNCH_OK;
}

static bool is_sum(double x)
{
    return x >= 0.0 && x <= SUM_MAX;
}

/* Weights are averaged by how sure they are, which is exact for columns that are independent. */
static void wide_merge(void *state, const hunch_learner_shape *shape, const void *other)
{
    struct wide *head = state;
    const struct wide *more = other;
    struct plan plan = {0};
    (void)plan_of(shape, &plan);
    rescale(state, &plan, 1.0 / head->scale);
    head->scale = 1.0;
    const double factor = 1.0 / more->scale;
    const unsigned char *bytes = other;
    const double *add = (const void *)(bytes + plan.arm_n);
    const float *add_weights = (const void *)(bytes + plan.weights);
    const float *add_precision = (const void *)(bytes + plan.precision);
    double *sums = at(state, plan.arm_n);
    float *weights = at(state, plan.weights);
    float *precision = at(state, plan.precision);
    head->n += factor * more->n;
    head->reward += factor * more->reward;
    head->squares += factor * more->squares;
    head->active += factor * more->active;
    head->events += more->events;
    for (size_t i = 0; i < plan.stride + (size_t)2 * plan.features; i++) {
        sums[i] += factor * add[i];
    }
    for (size_t i = 0; i < ((size_t)plan.features + 1) * plan.stride; i++) {
        const double a = (double)precision[i];
        const double b = (double)add_precision[i] * factor;
        const double sum = (double)weights[i] * (a + PRIOR) + (double)add_weights[i] * (b + PRIOR);
        weights[i] = hunch__to_float(sum / (a + b + PRIOR), WEIGHT_MAX);
        precision[i] = hunch__to_float(a + b, FLT_MAX);
    }
}
