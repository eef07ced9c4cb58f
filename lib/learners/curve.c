/* `curve`: arms that are cuts of a range, so that neighbours are alike. A smooth curve over the
 * arms, whose place may move with the context, by Thompson sampling: each snapshot holds a few
 * draws from the posterior (curve_solve.c), and each asks for its own best arm. */
#include "curve.h"

#include <math.h>
#include <string.h>

#include "diag.h"
#include "kernels.h"
#include "learners.h"
#include "linear_snapshot.h"
#include "sampling.h"

/* The head of a snapshot; behind it HUNCH__CURVE_DRAWS linear models. */
struct answer {
    float epsilon; /* share of choices that are uniform; 1: nothing is known */
    uint32_t reserved[15];
};

_Static_assert(sizeof(struct answer) == 64, "the models behind it are 64-aligned");

/* Sums that come from no events: more of them than ever come, of any floats. */
#define COUNT_MAX   0x1p128
#define SQUARE_MAX  0x1p400
/* No mean, bound or weight of a column is larger: scores stay finite. */
#define SPREAD_MAX  1e38f
#define WEIGHT_MAX  1e28f
/* Rounding that sums may have collected. */
#define TOLERANCE   1e-6
/* A column or a reward that varies less, relative to its mean, is a constant: sums of squares have
 * not enough digits left. */
#define VARIES_MIN  1e-10
/* The least share of uniform choices, at any number of events: what changes is seen. */
#define EPSILON_MIN 1e-3

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
static uint32_t looked_at_dense(const hunch_learner_shape *shape);
static size_t sums_count(const hunch_learner_shape *shape);
static size_t model_bytes(const hunch_learner_shape *shape);
static struct hunch__linear *find_model(const void *snapshot, const hunch_learner_shape *shape,
                                        uint32_t i);
static uint32_t find_best(const float *scores, uint32_t arms, const uint64_t *mask);
static void take(void *state, const hunch_learner_shape *shape, const hunch_learner_event *event);
static void scale_sums(void *state, const hunch_learner_shape *shape, double factor);
static void measure(const void *state, const hunch_learner_shape *shape,
                    struct hunch__curve_units *units);
static double spread(double mean_square, double mean);
static bool put_draws(void *state, const hunch_learner_shape *shape,
                      const struct hunch__curve_units *units, uint64_t dice, void *snapshot);
static void put_model(const void *state, const hunch_learner_shape *shape,
                      const struct hunch__curve_units *units, struct hunch__linear *model);
static bool arm_is_sound(const void *state, const hunch_learner_shape *shape, uint32_t arm);

const hunch_learner_ops hunch__learner_curve = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "curve",
    .state_bytes = state_bytes,
    .snapshot_bytes = snapshot_bytes,
    .init = init,
    .score = score,
    .learn = learn,
    .publish = publish,
    .validate = validate,
    .merge = merge,
};

uint32_t hunch__curve_order(const hunch_learner_shape *shape)
{
    return 1 + (shape->features < HUNCH__CURVE_COLUMNS_MAX ? shape->features
                                                           : HUNCH__CURVE_COLUMNS_MAX);
}

double *hunch__curve_moments(const void *state, const hunch_learner_shape *shape, uint32_t arm)
{
    double *sums = (double *)(uintptr_t)((const struct hunch__curve *)state + 1);
    return sums + arm * hunch__curve_row(hunch__curve_order(shape));
}

double *hunch__curve_rewards(const void *state, const hunch_learner_shape *shape, uint32_t arm)
{
    return hunch__curve_moments(state, shape, shape->arms) +
           (size_t)arm * hunch__curve_order(shape);
}

struct hunch__curve_room hunch__curve_find_room(const void *state, const hunch_learner_shape *shape)
{
    const size_t order = hunch__curve_order(shape);
    const size_t n = shape->arms * order;
    struct hunch__curve_room room;
    room.band = hunch__curve_rewards(state, shape, shape->arms);
    room.mean = room.band + n * (2 * order + 1);
    room.draw = room.mean + n;
    room.x = room.draw + n;
    return room;
}

static size_t state_bytes(const hunch_learner_shape *shape)
{
    if (!hunch__shape_has_own_arms(shape)) {
        return 0;
    }
    const size_t order = hunch__curve_order(shape);
    const size_t n = shape->arms * order;
    const size_t doubles = sums_count(shape) + n * (2 * order + 1) + 2 * n + order;
    return (sizeof(struct hunch__curve) + doubles * sizeof(double) + 63) & ~(size_t)63;
}

static size_t snapshot_bytes(const hunch_learner_shape *shape)
{
    return hunch__shape_has_own_arms(shape)
               ? sizeof(struct answer) + HUNCH__CURVE_DRAWS * model_bytes(shape)
               : 0;
}

static void init(void *state, const hunch_learner_shape *shape, uint64_t seed)
{
    (void)shape;
    (void)seed;
    ((struct hunch__curve *)state)->scale = 1.0;
}

/* An arm's probability is the share of the draws that ask for it. */
static void score(const void *snapshot, const hunch_learner_shape *shape, const hunch_context *x,
                  const float *candidates, const uint64_t *mask, float *p)
{
    const struct answer *answer = snapshot;
    const uint32_t looked_at = hunch__curve_order(shape) - 1;
    hunch_context head = *x;
    float scores[HUNCH__ARMS_MAX];
    float allowed = 0.0f;
    (void)candidates;
    while (head.count > 0 && head.columns[head.count - 1] >= looked_at) {
        head.count--;
    }
    for (uint32_t a = 0; a < shape->arms; a++) {
        p[a] = 0.0f;
        allowed += hunch__allowed(mask, a) ? 1.0f : 0.0f;
    }
    for (uint32_t i = 0; i < HUNCH__CURVE_DRAWS && answer->epsilon < 1.0f; i++) {
        hunch__linear_snapshot_scores(find_model(snapshot, shape, i), &head, scores);
        p[find_best(scores, shape->arms, mask)] += 1.0f;
    }
    const float share = (1.0f - answer->epsilon) / (float)HUNCH__CURVE_DRAWS;
    const float floor = answer->epsilon / allowed;
    for (uint32_t a = 0; a < shape->arms; a++) {
        p[a] = hunch__allowed(mask, a) ? share * p[a] + floor : 0.0f;
    }
}

static void learn(void *state, const hunch_learner_shape *shape, const hunch_learner_event *events,
                  size_t n)
{
    struct hunch__curve *head = state;
    const double growth = hunch__growth(shape);
    for (size_t i = 0; i < n; i++) {
        take(state, shape, &events[i]);
        head->scale *= growth;
        if (head->scale >= HUNCH__SCALE_LIMIT) {
            scale_sums(state, shape, 1.0 / HUNCH__SCALE_LIMIT);
        }
    }
}

static void publish(void *state, const hunch_learner_shape *shape, uint64_t dice, void *snapshot)
{
    struct answer *answer = snapshot;
    struct hunch__curve_units units;
    measure(state, shape, &units);
    memset(snapshot, 0, snapshot_bytes(shape));
    answer->epsilon = 1.0f;
    for (uint32_t i = 0; i < HUNCH__CURVE_DRAWS; i++) {
        struct hunch__linear *model = find_model(snapshot, shape, i);
        model->arms = shape->arms;
        model->stride = hunch__arms_stride(shape->arms);
        model->dense = looked_at_dense(shape);
        model->features = hunch__curve_order(shape) - 1;
    }
    if (units.spread > 0.0 && put_draws(state, shape, &units, dice, snapshot)) {
        answer->epsilon = (float)fmin(
            hunch__exploration(shape) * fmax(1.0 / (10.0 + units.n / 5.0), EPSILON_MIN), 0.5);
    }
    const struct hunch__curve_room room = hunch__curve_find_room(state, shape);
    memset(room.band, 0,
           (size_t)((char *)(room.x + hunch__curve_order(shape)) - (char *)room.band));
}

static hunch_status validate(const void *state, const hunch_learner_shape *shape, hunch_diag *diag)
{
    const struct hunch__curve *head = state;
    if (!hunch__scale_is_sound(head->scale)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "the weight of an event is not one");
    }
    if (!(head->squares >= 0.0 && head->squares <= SQUARE_MAX)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, offsetof(struct hunch__curve, squares),
                           "the sum of squared rewards is out of range");
    }
    for (uint32_t a = 0; a < shape->arms; a++) {
        if (!arm_is_sound(state, shape, a)) {
            const char *at = (const char *)hunch__curve_moments(state, shape, a);
            return hunch__fail(diag, HUNCH_ECORRUPT, (uint64_t)(at - (const char *)state),
                               "arm %u: no events have these sums", a);
        }
    }
    return HUNCH_OK;
}

static void merge(void *state, const hunch_learner_shape *shape, const void *other)
{
    struct hunch__curve *head = state;
    const struct hunch__curve *more = other;
    scale_sums(state, shape, 1.0 / head->scale);
    head->scale = 1.0;
    head->squares += more->squares / more->scale;
    double *sums = hunch__curve_moments(state, shape, 0);
    const double *added = hunch__curve_moments(other, shape, 0);
    for (size_t i = 0; i < sums_count(shape); i++) {
        sums[i] += added[i] / more->scale;
    }
}

/* Of the columns looked at, those that are always given. */
static uint32_t looked_at_dense(const hunch_learner_shape *shape)
{
    const uint32_t looked_at = hunch__curve_order(shape) - 1;
    return shape->dense < looked_at ? shape->dense : looked_at;
}

/* Moments and sums of rewards of all arms. */
static size_t sums_count(const hunch_learner_shape *shape)
{
    const size_t order = hunch__curve_order(shape);
    return shape->arms * (hunch__curve_row(order) + order);
}

static size_t model_bytes(const hunch_learner_shape *shape)
{
    return hunch__linear_bytes(shape->arms, looked_at_dense(shape), hunch__curve_order(shape) - 1);
}

static struct hunch__linear *find_model(const void *snapshot, const hunch_learner_shape *shape,
                                        uint32_t i)
{
    return (struct hunch__linear *)((uintptr_t)snapshot + sizeof(struct answer) +
                                    i * model_bytes(shape));
}

/* The first allowed arm with the largest score. */
static uint32_t find_best(const float *scores, uint32_t arms, const uint64_t *mask)
{
    uint32_t best = arms;
    for (uint32_t a = 0; a < arms; a++) {
        if (hunch__allowed(mask, a) && (best == arms || scores[a] > scores[best])) {
            best = a;
        }
    }
    return best;
}

static void take(void *state, const hunch_learner_shape *shape, const hunch_learner_event *event)
{
    struct hunch__curve *head = state;
    const struct hunch__kernels *kernels = hunch__kernels_get();
    const uint32_t order = hunch__curve_order(shape);
    const uint32_t dense = looked_at_dense(shape);
    double *x = hunch__curve_find_room(state, shape).x;
    const double weight = head->scale * (double)event->weight;
    const double reward = (double)event->reward;
    memset(x, 0, order * sizeof *x);
    x[0] = 1.0;
    for (uint32_t f = 0; f < dense; f++) {
        x[1 + f] = (double)event->x.dense[f];
    }
    for (uint32_t i = 0; i < event->x.count && event->x.columns[i] < order - 1; i++) {
        x[1 + event->x.columns[i]] = (double)event->x.values[i];
    }
    kernels->f64_rank1(hunch__curve_moments(state, shape, event->arm), x, order, weight);
    kernels->f64_axpy(hunch__curve_rewards(state, shape, event->arm), x, order, weight * reward);
    head->squares += weight * reward * reward;
}

static void scale_sums(void *state, const hunch_learner_shape *shape, double factor)
{
    struct hunch__curve *head = state;
    double *sums = hunch__curve_moments(state, shape, 0);
    head->scale *= factor;
    head->squares *= factor;
    for (size_t i = 0; i < sums_count(shape); i++) {
        sums[i] *= factor;
    }
}

/* What the sums say of means and spreads. */
static void measure(const void *state, const hunch_learner_shape *shape,
                    struct hunch__curve_units *units)
{
    const struct hunch__curve *head = state;
    const uint32_t order = hunch__curve_order(shape);
    double weight = 0.0;
    double reward = 0.0;
    for (uint32_t a = 0; a < shape->arms; a++) {
        weight += hunch__curve_moments(state, shape, a)[0];
        reward += hunch__curve_rewards(state, shape, a)[0];
    }
    memset(units, 0, sizeof *units);
    if (!(weight > 0.0)) {
        return;
    }
    units->n = weight / head->scale;
    units->reward = reward / weight;
    units->spread = spread(head->squares / weight, units->reward);
    for (uint32_t j = 1; j < order; j++) {
        double sum = 0.0;
        double square = 0.0;
        for (uint32_t a = 0; a < shape->arms; a++) {
            const double *row = hunch__curve_moments(state, shape, a) + hunch__curve_row(j);
            sum += row[0];
            square += row[j];
        }
        units->mean[j] = sum / weight;
        units->width[j] = spread(square / weight, units->mean[j]);
    }
}

/* The standard deviation; 0 when it is lost in rounding, or too small for its inverse to be a
 * float. */
static double spread(double mean_square, double mean)
{
    const double variance = mean_square - mean * mean;
    return variance > VARIES_MIN * mean * mean && variance > 0x1p-180 ? sqrt(variance) : 0.0;
}

/* Fill the models with draws, first of how smooth the curve is and then of the curve, so that what
 * looks smooth after few rewards is not taken for granted. False when a posterior is none. */
static bool put_draws(void *state, const hunch_learner_shape *shape,
                      const struct hunch__curve_units *units, uint64_t dice, void *snapshot)
{
    double share[HUNCH__CURVE_DECADES];
    uint64_t stream = dice;
    hunch__curve_weigh(state, shape, units, share);
    const double first = hunch__sample_uniform(&stream);
    uint32_t decade = 0;
    uint32_t solved = HUNCH__CURVE_DECADES;
    double below = share[0];
    double noise = 0.0;
    for (uint32_t i = 0; i < HUNCH__CURVE_DRAWS; i++) {
        const double at = ((double)i + first) / HUNCH__CURVE_DRAWS;
        while (at > below && decade + 1 < HUNCH__CURVE_DECADES) {
            below += share[++decade];
        }
        if (decade != solved) {
            noise = hunch__curve_solve(state, shape, units, decade);
            solved = decade;
        }
        if (!(noise > 0.0)) {
            return false;
        }
        hunch__curve_draw(state, shape, hunch__exploration(shape) * noise, &stream);
        put_model(state, shape, units, find_model(snapshot, shape, i));
    }
    return true;
}

/* The draw as a linear model of raw columns, clipped to where something was learned. */
static void put_model(const void *state, const hunch_learner_shape *shape,
                      const struct hunch__curve_units *units, struct hunch__linear *model)
{
    const double *draw = hunch__curve_find_room(state, shape).draw;
    const uint32_t order = hunch__curve_order(shape);
    float *weights = hunch__linear_weights(model);
    for (uint32_t f = 0; f < model->dense; f++) {
        const double reach = HUNCH__CLIP * units->width[1 + f];
        hunch__linear_set_spread(model, f, hunch__to_float(units->mean[1 + f], SPREAD_MAX),
                                 hunch__to_float(reach, SPREAD_MAX));
    }
    for (uint32_t a = 0; a < shape->arms; a++) {
        double intercept = draw[(size_t)a * order];
        for (uint32_t j = 1; j < order; j++) {
            const double width = units->width[j];
            const double weight = width > 0.0 ? draw[(size_t)a * order + j] / width : 0.0;
            const bool dense = j <= model->dense;
            const double center = dense ? (double)hunch__linear_center(model)[j - 1] : 0.0;
            const float most = dense ? hunch__linear_weight_max(model, j - 1) : WEIGHT_MAX;
            weights[(size_t)model->stride * j + a] = hunch__to_float(weight, most);
            intercept -= weight * (units->mean[j] - center);
        }
        weights[a] = hunch__to_float(intercept, WEIGHT_MAX);
    }
}

/* Whether they may be sums of events: by Cauchy and Schwarz. */
static bool arm_is_sound(const void *state, const hunch_learner_shape *shape, uint32_t arm)
{
    const struct hunch__curve *head = state;
    const uint32_t order = hunch__curve_order(shape);
    const double *moments = hunch__curve_moments(state, shape, arm);
    const double *rewards = hunch__curve_rewards(state, shape, arm);
    for (uint32_t j = 0; j < order; j++) {
        const double *row = moments + hunch__curve_row(j);
        if (!(row[j] >= 0.0 && row[j] <= (j == 0 ? COUNT_MAX : SQUARE_MAX) &&
              fabs(rewards[j]) <= (1.0 + TOLERANCE) * sqrt(row[j] * head->squares))) {
            return false;
        }
        for (uint32_t k = 0; k < j; k++) {
            const double square_k = moments[hunch__curve_row(k) + k];
            if (!(fabs(row[k]) <= (1.0 + TOLERANCE) * sqrt(row[j]) * sqrt(square_k))) {
                return false;
            }
        }
    }
    return true;
}
