/* The sums behind a ridge regression: adding, checking, merging. */
#include "diag.h"
#include "learners.h"
#include "ridge.h"
#include "train.h"

/* No sum comes near of four finite floats' products and weights. */
#define SUM_MAX 0x1p800
static void add_products(double *packed, const double *column, const struct hunch__ridge_plan *plan,
                         const hunch_context *x, double weight);
static void add_columns(double *sums, const double *column, const struct hunch__ridge_plan *plan,
                        const hunch_context *x, double weight);
static void add_spread(double *at, const double *column, const struct hunch__ridge_plan *plan,
                       const hunch_context *x, double weight);
static void multiply(double *numbers, size_t n, double factor);
static void rescale(double *at, const struct hunch__ridge_plan *plan, double factor);
static bool all_sound(const double *numbers, size_t n, double least);

bool hunch__ridge_plan_make(struct hunch__ridge_plan *plan, uint32_t arms, uint32_t dense,
                            uint32_t features)
{
    if (features >= HUNCH__RIDGE_COLUMNS_MAX || dense > features || arms > HUNCH__ARMS_MAX) {
        return false;
    }
    const size_t d = (size_t)features + 1;
    *plan = (struct hunch__ridge_plan){.arms = arms, .dense = dense, .columns = features + 1};
    plan->packed = hunch__packed_count(d);
    plan->first = sizeof(struct hunch__ridge) / sizeof(double);
    plan->second = plan->first + d;
    plan->present = plan->second + d;
    plan->arm = plan->present + d;
    plan->solved = plan->arm + arms * (plan->packed + d);
    plan->fresh = plan->solved + arms;
    plan->weights = plan->fresh + arms;
    plan->scratch = plan->weights + arms * d;
    plan->total = plan->scratch + (d + 6) * d;
    return hunch__ridge_bytes(plan) <= HUNCH__RIDGE_BYTES_MAX;
}

size_t hunch__ridge_bytes(const struct hunch__ridge_plan *plan)
{
    return plan->total * sizeof(double);
}

void hunch__ridge_init(void *state)
{
    ((struct hunch__ridge *)state)->scale = 1.0;
}

void hunch__ridge_add(void *state, const struct hunch__ridge_plan *plan, const hunch_context *x,
                      const hunch_learner_event *event, double growth)
{
    struct hunch__ridge *head = state;
    double *at = state;
    double *sums = at + plan->arm + event->arm * (plan->packed + plan->columns);
    double *column = at + plan->scratch;
    const double weight = head->scale * (double)event->weight;
    const double reward = (double)event->reward;
    column[0] = 1.0;
    for (uint32_t f = 0; f < plan->dense; f++) {
        column[1 + f] = (double)x->dense[f];
    }
    add_products(sums, column, plan, x, weight);
    add_columns(sums + plan->packed, column, plan, x, weight * reward);
    add_columns(at + plan->first, column, plan, x, weight);
    add_spread(at, column, plan, x, weight);
    head->n += weight;
    head->reward += weight * reward;
    head->squares += weight * reward * reward;
    head->events++;
    at[plan->fresh + event->arm] += 1.0;
    head->scale *= growth;
    if (head->scale >= HUNCH__SCALE_LIMIT) {
        rescale(at, plan, 1.0 / HUNCH__SCALE_LIMIT);
    }
}

hunch_status hunch__ridge_validate(const void *state, const struct hunch__ridge_plan *plan,
                                   hunch_diag *diag)
{
    const struct hunch__ridge *head = state;
    const double *at = state;
    const size_t d = plan->columns;
    if (!hunch__scale_is_sound(head->scale)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "the weight of an event is not one");
    }
    if (!all_sound(&head->n, 1, 0.0) || !all_sound(&head->reward, 1, -SUM_MAX) ||
        !all_sound(&head->squares, 1, 0.0)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, offsetof(struct hunch__ridge, n),
                           "no rewards have these sums");
    }
    if (!all_sound(at + plan->first, d, -SUM_MAX) || !all_sound(at + plan->second, 2 * d, 0.0)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, plan->first * sizeof *at,
                           "no columns have these sums");
    }
    for (uint32_t a = 0; a < plan->arms; a++) {
        const size_t arm = plan->arm + a * (plan->packed + d);
        if (!all_sound(at + arm, plan->packed + d, -SUM_MAX) || !(at[arm] >= 0.0)) {
            return hunch__fail(diag, HUNCH_ECORRUPT, arm * sizeof *at,
                               "arm %u: no events have these sums", a);
        }
    }
    if (!all_sound(at + plan->solved, (size_t)2 * plan->arms, 0.0) ||
        !all_sound(at + plan->weights, plan->arms * d, -SUM_MAX)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, plan->solved * sizeof *at,
                           "a solution is not finite");
    }
    return HUNCH_OK;
}

void hunch__ridge_merge(void *state, const struct hunch__ridge_plan *plan, const void *other)
{
    double *at = state;
    const double *add = other;
    const double factor = hunch__ridge_merge_heads(state, plan, other);
    for (size_t i = plan->first; i < plan->solved; i++) {
        at[i] += factor * add[i];
    }
}

double hunch__ridge_merge_heads(void *state, const struct hunch__ridge_plan *plan,
                                const void *other)
{
    struct hunch__ridge *head = state;
    const struct hunch__ridge *more = other;
    double *at = state;
    const double *add = other;
    const double factor = 1.0 / more->scale;
    rescale(at, plan, 1.0 / head->scale);
    head->scale = 1.0;
    head->n += factor * more->n;
    head->reward += factor * more->reward;
    head->squares += factor * more->squares;
    head->events += more->events;
    for (uint32_t a = 0; a < plan->arms; a++) {
        if (add[plan->arm + a * (plan->packed + plan->columns)] > 0.0) {
            at[plan->fresh + a] = HUNCH__RIDGE_ALL_FRESH;
        }
    }
    return factor;
}

/* A += weight x x'. The dense columns are A's first rows. */
static void add_products(double *packed, const double *column, const struct hunch__ridge_plan *plan,
                         const hunch_context *x, double weight)
{
    const struct hunch__kernels *kernels = hunch__kernels_get();
    const size_t dense = (size_t)plan->dense + 1;
    kernels->f64_rank1(packed, column, dense, weight);
    for (uint32_t k = 0; k < x->count; k++) {
        const double by = weight * (double)x->values[k];
        double *row = packed + hunch__packed_row((size_t)x->columns[k] + 1);
        kernels->f64_axpy(row, column, dense, by);
        for (uint32_t l = 0; l <= k; l++) {
            row[x->columns[l] + 1] += by * (double)x->values[l];
        }
    }
}

/* sums += weight x. */
static void add_columns(double *sums, const double *column, const struct hunch__ridge_plan *plan,
                        const hunch_context *x, double weight)
{
    for (size_t i = 0; i <= plan->dense; i++) {
        sums[i] += weight * column[i];
    }
    for (uint32_t k = 0; k < x->count; k++) {
        sums[x->columns[k] + 1] += weight * (double)x->values[k];
    }
}

static void add_spread(double *at, const double *column, const struct hunch__ridge_plan *plan,
                       const hunch_context *x, double weight)
{
    double *second = at + plan->second;
    double *present = at + plan->present;
    for (size_t i = 0; i <= plan->dense; i++) {
        second[i] += weight * (column[i] * column[i]);
        present[i] += weight;
    }
    for (uint32_t k = 0; k < x->count; k++) {
        const double value = (double)x->values[k];
        second[x->columns[k] + 1] += weight * (value * value);
        present[x->columns[k] + 1] += weight;
    }
}

static void multiply(double *numbers, size_t n, double factor)
{
    for (size_t i = 0; i < n; i++) {
        numbers[i] *= factor;
    }
}

/* All sums, and with them the weight of what is to come. */
static void rescale(double *at, const struct hunch__ridge_plan *plan, double factor)
{
    struct hunch__ridge *head = (struct hunch__ridge *)(void *)at;
    head->scale *= factor;
    head->n *= factor;
    head->reward *= factor;
    head->squares *= factor;
    multiply(at + plan->first, plan->solved + plan->arms - plan->first, factor);
}

static bool all_sound(const double *numbers, size_t n, double least)
{
    for (size_t i = 0; i < n; i++) {
        if (!(numbers[i] >= least && numbers[i] <= SUM_MAX)) {
            return false;
        }
    }
    return true;
}
