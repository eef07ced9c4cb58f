/* From sums to weights: standardise, factor, solve. Everything in f64 and in one fixed order. */
#include <math.h>
#include <string.h>

#include "learners.h"
#include "ridge.h"
#include "train.h"

/* An arm is due when it has learned this share more than it was solved with: weights a few percent
 * old cost no quality, and the time for solving stays a constant times log n. A solve takes D / 3
 * times as long as an event, so that wide ones wait longer. */
#define SHARE_COLUMNS (1.0 / 1024)
#define SHARE_MIN     (1.0 / 16)
#define SHARE_MAX     (1.0 / 4)

/* No event moves a standardised weight further: what is beyond comes from damaged sums. */
#define WEIGHT_MAX 1e9

static struct hunch__ridge_parents parents_of(const struct hunch__ridge_parents *parents, size_t p);
static double inverse(double sd);
static void fill_matrix(struct hunch__ridge_solver *solver, const double *packed);
static void transform_row(struct hunch__ridge_solver *solver, size_t p,
                          struct hunch__ridge_parents of);
static void transform_line(const struct hunch__ridge_solver *solver, double *line, size_t p,
                           struct hunch__ridge_parents of);
static void factor_matrix(struct hunch__ridge_solver *solver, double least);
static double scale_of(const struct hunch__ridge_solver *solver);

void hunch__ridge_begin(struct hunch__ridge_solver *solver, void *state,
                        const struct hunch__ridge_plan *plan, double penalty)
{
    const struct hunch__ridge *head = state;
    const size_t d = plan->columns;
    double *at = state;
    double *scratch = at + plan->scratch;
    *solver = (struct hunch__ridge_solver){.kernels = hunch__kernels_get(),
                                           .plan = plan,
                                           .state = at,
                                           .penalty = penalty,
                                           .reward_sd = 1.0,
                                           .n = head->n / head->scale,
                                           .mean = scratch,
                                           .sd = scratch + d,
                                           .rhs = scratch + 2 * d,
                                           .diagonal = scratch + 3 * d,
                                           .spare = scratch + 4 * d,
                                           .scale = scratch + 5 * d,
                                           .matrix = scratch + 6 * d};
    if (head->n > 0.0) {
        solver->reward_mean = head->reward / head->n;
        const double square = solver->reward_mean * solver->reward_mean;
        const double variance = head->squares / head->n - square;
        solver->reward_sd = variance > HUNCH__CONSTANT * square ? sqrt(variance) : 1.0;
    }
    for (size_t i = 0; i < d; i++) {
        const double n = at[plan->present + i];
        const double square = n > 0.0 ? at[plan->second + i] / n : 0.0;
        const double mean = n > 0.0 && i <= plan->dense ? at[plan->first + i] / n : 0.0;
        const double variance = square - mean * mean;
        solver->mean[i] = mean;
        solver->sd[i] = variance > HUNCH__CONSTANT * square ? sqrt(variance) : 0.0;
    }
    solver->mean[0] = 0.0;
    solver->sd[0] = 1.0;
    for (size_t i = 0; i < d; i++) {
        solver->live += solver->sd[i] > 0.0;
    }
}

double hunch__ridge_events(const struct hunch__ridge_solver *solver, uint32_t arm)
{
    const struct hunch__ridge_plan *plan = solver->plan;
    return solver->state[plan->arm + arm * (plan->packed + plan->columns)] / scale_of(solver);
}

bool hunch__ridge_due(const struct hunch__ridge_solver *solver, uint32_t arm)
{
    const struct hunch__ridge_plan *plan = solver->plan;
    const double share = fmin(fmax(solver->live * SHARE_COLUMNS, SHARE_MIN), SHARE_MAX);
    const double fresh = solver->state[plan->fresh + arm];
    return fresh > 0.0 && fresh >= share * solver->state[plan->solved + arm] / scale_of(solver);
}

void hunch__ridge_factor(struct hunch__ridge_solver *solver, uint32_t arm,
                         const struct hunch__ridge_parents *parents)
{
    const struct hunch__ridge_plan *plan = solver->plan;
    const size_t d = plan->columns;
    const double penalty = solver->penalty * scale_of(solver);
    for (size_t p = 0; p < d; p++) {
        const struct hunch__ridge_parents of = parents_of(parents, p);
        solver->scale[p] = inverse(solver->sd[of.u]) * inverse(solver->sd[of.v]);
    }
    fill_matrix(solver, solver->state + plan->arm + arm * (plan->packed + d));
    /* Descending, so that the parents of a product are still raw: T A, then its transpose's T. */
    for (size_t p = d; p-- > 1;) {
        transform_row(solver, p, parents_of(parents, p));
    }
    for (size_t i = 0; i < d; i++) {
        double *line = solver->matrix + i * d;
        for (size_t p = i + 1; p-- > 1;) {
            transform_line(solver, line, p, parents_of(parents, p));
        }
        line[i] += penalty;
    }
    factor_matrix(solver, penalty);
}

void hunch__ridge_solve(struct hunch__ridge_solver *solver, uint32_t arm,
                        const struct hunch__ridge_parents *parents)
{
    const struct hunch__ridge_plan *plan = solver->plan;
    const size_t d = plan->columns;
    const double *sums = solver->state + plan->arm + arm * (plan->packed + d);
    double *rhs = solver->rhs;
    for (size_t i = 0; i < d; i++) {
        const double column = sums[hunch__packed_row(i)]; /* A[i][0] */
        rhs[i] = (sums[plan->packed + i] - solver->reward_mean * column) / solver->reward_sd;
    }
    for (size_t p = d; p-- > 1;) {
        transform_line(solver, rhs, p, parents_of(parents, p));
    }
    hunch__ridge_forward(solver, rhs);
    hunch__ridge_back(solver, rhs);
    for (size_t i = 0; i < d; i++) {
        const bool sound = fabs(rhs[i]) <= WEIGHT_MAX;
        rhs[i] = sound ? rhs[i] : 0.0;
    }
}

void hunch__ridge_forward(const struct hunch__ridge_solver *solver, double *y)
{
    const size_t d = solver->plan->columns;
    for (size_t i = 0; i < d; i++) {
        const double known = solver->kernels->f64_dot(solver->matrix + i * d, y, i);
        y[i] = (y[i] - known) * solver->diagonal[i];
    }
}

void hunch__ridge_back(const struct hunch__ridge_solver *solver, double *y)
{
    const size_t d = solver->plan->columns;
    for (size_t i = d; i-- > 0;) {
        y[i] *= solver->diagonal[i];
        solver->kernels->f64_axpy(y, solver->matrix + i * d, i, -y[i]);
    }
}

const double *hunch__ridge_keep(struct hunch__ridge_solver *solver, uint32_t arm,
                                const struct hunch__ridge_parents *parents)
{
    const struct hunch__ridge_plan *plan = solver->plan;
    const size_t d = plan->columns;
    const double *mean = solver->mean;
    double *weights = solver->state + plan->weights + arm * d;
    for (size_t p = 0; p < d; p++) {
        weights[p] = solver->rhs[p] * solver->reward_sd;
    }
    weights[0] += solver->reward_mean;
    for (size_t p = 1; p < d; p++) { /* z_p = (x_u - mean_u)(x_v - mean_v) / (sd_u sd_v) */
        weights[p] *= solver->scale[p];
        weights[0] -= parents_of(parents, p).v == 0 ? weights[p] * mean[p] : 0.0;
    }
    for (size_t p = 1; p < d; p++) {
        const struct hunch__ridge_parents of = parents_of(parents, p);
        if (of.v != 0) {
            weights[of.v] -= weights[p] * mean[of.u];
            weights[of.u] -= weights[p] * mean[of.v];
            weights[0] += weights[p] * mean[of.u] * mean[of.v];
        }
    }
    solver->state[plan->solved + arm] = solver->state[plan->arm + arm * (plan->packed + d)];
    solver->state[plan->fresh + arm] = 0.0;
    return weights;
}

const double *hunch__ridge_weights(const struct hunch__ridge_solver *solver, uint32_t arm)
{
    const struct hunch__ridge_plan *plan = solver->plan;
    return solver->state[plan->solved + arm] > 0.0
               ? solver->state + plan->weights + arm * plan->columns
               : NULL;
}

static struct hunch__ridge_parents parents_of(const struct hunch__ridge_parents *parents, size_t p)
{
    return parents != NULL ? parents[p] : (struct hunch__ridge_parents){(uint32_t)p, 0};
}

/* What is constant is left out. */
static double inverse(double sd)
{
    return sd > 0.0 ? 1.0 / sd : 0.0;
}

/* matrix = A, whole. */
static void fill_matrix(struct hunch__ridge_solver *solver, const double *packed)
{
    const size_t d = solver->plan->columns;
    for (size_t i = 0; i < d; i++) {
        for (size_t j = 0; j <= i; j++) {
            const double value = *packed++;
            solver->matrix[i * d + j] = value;
            solver->matrix[j * d + i] = value;
        }
    }
}

/* Row p of T A, up to the diagonal. */
static void transform_row(struct hunch__ridge_solver *solver, size_t p,
                          struct hunch__ridge_parents of)
{
    const size_t d = solver->plan->columns;
    const double *mean = solver->mean;
    const double by = solver->scale[p];
    const double *u = solver->matrix + of.u * d;
    const double *v = solver->matrix + of.v * d;
    const double *one = solver->matrix;
    double *row = solver->matrix + p * d;
    if (!(by > 0.0)) {
        memset(row, 0, (p + 1) * sizeof *row);
        return;
    }
    if (of.v == 0) {
        for (size_t j = 0; j <= p; j++) {
            row[j] = (row[j] - mean[p] * one[j]) * by;
        }
        return;
    }
    for (size_t j = 0; j <= p; j++) {
        const double centred = (row[j] - mean[of.u] * v[j]) - mean[of.v] * u[j];
        row[j] = (centred + mean[of.u] * mean[of.v] * one[j]) * by;
    }
}

/* Element p of a line of (T A) T'. */
static void transform_line(const struct hunch__ridge_solver *solver, double *line, size_t p,
                           struct hunch__ridge_parents of)
{
    const double *mean = solver->mean;
    const double by = solver->scale[p];
    if (!(by > 0.0)) {
        line[p] = 0.0;
        return;
    }
    if (of.v == 0) {
        line[p] = (line[p] - mean[p] * line[0]) * by;
        return;
    }
    const double centred = (line[p] - mean[of.u] * line[of.v]) - mean[of.v] * line[of.u];
    line[p] = (centred + mean[of.u] * mean[of.v] * line[0]) * by;
}

/* Cholesky, row by row; what is left out has nothing but a diagonal. A pivot is at least the
 * penalty, `least`, but for rounding. */
static void factor_matrix(struct hunch__ridge_solver *solver, double least)
{
    const size_t d = solver->plan->columns;
    for (size_t i = 0; i < d; i++) {
        double *row = solver->matrix + i * d;
        for (size_t j = 0; j < i && solver->scale[i] > 0.0; j++) {
            const double *other = solver->matrix + j * d;
            row[j] = (row[j] - solver->kernels->f64_dot(row, other, j)) * solver->diagonal[j];
        }
        const double pivot = row[i] - solver->kernels->f64_dot(row, row, i);
        row[i] = sqrt(pivot > least ? pivot : least);
        solver->diagonal[i] = 1.0 / row[i];
    }
}

/* The weight of one event in the sums. */
static double scale_of(const struct hunch__ridge_solver *solver)
{
    return ((const struct hunch__ridge *)(const void *)solver->state)->scale;
}
