/* The posterior of a curve: a Gaussian field on the grid of arms.
 *
 * Each column's weight, and the intercept, is a function of the arm whose second differences are
 * normal, which is the discrete form of a smoothing spline (Rue and Held, "Gaussian Markov random
 * fields", 2005, section 3.4), and whose values are, widely. So the precision of the posterior is a
 * band matrix, and a publish costs arms D^3 and no more.
 *
 * How smooth the curve is, the rewards say: each decade of smoothness, with the noise that goes
 * with it, is as probable as its marginal likelihood. Draws are shared out among them. To take the
 * best one alone sometimes smooths a peak away for good: with noise of .3 of its height, 4 % of the
 * reward after 500 rounds. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "kernels.h"
#include "learners.h"
#include "real.h"
#include "sampling.h"

/* Precision of a value itself, in units of an event: keeps what was never tried near the average.
 * .05 to .5 end equally well. */
static const double level = 0.3;

/* The same for the weights of columns: 1 loses 3 % to four columns that mean nothing, 20 finds only
 * half of what a column that moves the peak would give. */
static const double level_of_column = 3.0;

/* Decades begin at 1 for 32 arms, where a curve as wide as the range has about the last one. Second
 * differences of the same curve shrink with the square of the number of arms. */
static const double arms_of_decades = 32.0;

/* Noise below this share of all variance is rounding, or too few events to tell. */
static const double noise_min = 1e-4;

/* A pivot of sums that come from events is at least the level, give or take rounding. */
static const double pivot_min = 1e-6;

/* Half the width of the band without columns: the second differences'. */
enum { REACH = 2 };

static double smoothness(uint32_t decade, uint32_t arms);
static double evidence(void *state, const hunch_learner_shape *shape,
                       const struct hunch__curve_units *units, double smooth);
static double solve_with(void *state, const hunch_learner_shape *shape,
                         const struct hunch__curve_units *units, uint32_t order, double smooth,
                         double *log_determinant);
static void put_arm(const void *state, const hunch_learner_shape *shape,
                    const struct hunch__curve_units *units, uint32_t order, uint32_t arm);
static double in_units(const double *moments, const struct hunch__curve_units *units, uint32_t j,
                       uint32_t k);
static void put_prior(double *band, uint32_t arms, uint32_t order, double smooth);
static bool factor(double *band, size_t n, size_t reach, double *log_determinant);
static void solve_lower(const double *band, size_t n, size_t reach, double *x);
static void solve_upper(const double *band, size_t n, size_t reach, double *x);

void hunch__curve_weigh(void *state, const hunch_learner_shape *shape,
                        const struct hunch__curve_units *units, double *share)
{
    double most = -(double)INFINITY;
    double sum = 0.0;
    for (uint32_t i = 0; i < HUNCH__CURVE_DECADES; i++) {
        share[i] = evidence(state, shape, units, smoothness(i, shape->arms));
        most = share[i] > most ? share[i] : most;
    }
    for (uint32_t i = 0; i < HUNCH__CURVE_DECADES; i++) {
        share[i] = share[i] < most ? hunch__exp(share[i] - most) : 1.0;
        sum += share[i];
    }
    for (uint32_t i = 0; i < HUNCH__CURVE_DECADES; i++) {
        share[i] /= sum;
    }
}

double hunch__curve_solve(void *state, const hunch_learner_shape *shape,
                          const struct hunch__curve_units *units, uint32_t decade)
{
    const struct hunch__curve_room room = hunch__curve_find_room(state, shape);
    const uint32_t order = hunch__curve_order(shape);
    const size_t n = (size_t)shape->arms * order;
    double log_determinant = 0.0;
    const double noise =
        solve_with(state, shape, units, order, smoothness(decade, shape->arms), &log_determinant);
    if (noise > 0.0) {
        solve_upper(room.band, n, (size_t)REACH * order, room.mean);
    }
    return sqrt(noise);
}

void hunch__curve_draw(void *state, const hunch_learner_shape *shape, double noise,
                       uint64_t *stream)
{
    const struct hunch__curve_room room = hunch__curve_find_room(state, shape);
    const uint32_t order = hunch__curve_order(shape);
    const size_t n = (size_t)shape->arms * order;
    for (size_t i = 0; i < n; i++) {
        room.draw[i] = noise * hunch__sample_normal(stream);
    }
    solve_upper(room.band, n, REACH * order, room.draw);
    for (size_t i = 0; i < n; i++) {
        room.draw[i] += room.mean[i];
    }
}

/* Precision of second differences. */
static double smoothness(uint32_t decade, uint32_t arms)
{
    const double finer = (double)arms / arms_of_decades;
    double smooth = arms > arms_of_decades ? finer * finer * finer * finer : 1.0;
    for (uint32_t i = 0; i < decade; i++) {
        smooth *= 10.0;
    }
    return smooth;
}

/* The logarithm of the marginal likelihood, up to a constant, with the noise at its best value: of
 * the intercept alone, as if there were no columns. */
static double evidence(void *state, const hunch_learner_shape *shape,
                       const struct hunch__curve_units *units, double smooth)
{
    const struct hunch__curve_room room = hunch__curve_find_room(state, shape);
    double prior = 0.0;
    double posterior = 0.0;
    memset(room.band, 0, (size_t)shape->arms * (REACH + 1) * sizeof(double));
    put_prior(room.band, shape->arms, 1, smooth);
    factor(room.band, shape->arms, REACH, &prior);
    const double noise = solve_with(state, shape, units, 1, smooth, &posterior);
    return noise > 0.0 ? 0.5 * (prior - posterior - units->n * hunch__log(noise))
                       : -(double)INFINITY;
}

/* Factor the posterior's precision over the first `order` columns, and bring room.mean half of the
 * way. Returns the variance of the noise, or 0. */
static double solve_with(void *state, const hunch_learner_shape *shape,
                         const struct hunch__curve_units *units, uint32_t order, double smooth,
                         double *log_determinant)
{
    const struct hunch__curve_room room = hunch__curve_find_room(state, shape);
    const size_t n = (size_t)shape->arms * order;
    const size_t reach = (size_t)REACH * order;
    memset(room.band, 0, n * (reach + 1) * sizeof(double));
    for (uint32_t a = 0; a < shape->arms; a++) {
        put_arm(state, shape, units, order, a);
    }
    put_prior(room.band, shape->arms, order, smooth);
    if (!factor(room.band, n, reach, log_determinant)) {
        return 0.0;
    }
    solve_lower(room.band, n, reach, room.mean);
    double explained = 0.0;
    for (size_t i = 0; i < n; i++) {
        explained += room.mean[i] * room.mean[i];
    }
    return fmax(1.0 - explained / units->n, noise_min);
}

/* What was seen of an arm: its block of the matrix, and its part of the right-hand side. */
static void put_arm(const void *state, const hunch_learner_shape *shape,
                    const struct hunch__curve_units *units, uint32_t order, uint32_t arm)
{
    const struct hunch__curve_room room = hunch__curve_find_room(state, shape);
    const double *moments = hunch__curve_moments(state, shape, arm);
    const double *rewards = hunch__curve_rewards(state, shape, arm);
    const double fresh = 1.0 / ((const struct hunch__curve *)state)->scale;
    const size_t reach = (size_t)REACH * order;
    for (uint32_t j = 0; j < order; j++) {
        const size_t i = (size_t)arm * order + j;
        double *row = room.band + i * (reach + 1) + reach;
        for (uint32_t k = 0; k <= j; k++) {
            row[(ptrdiff_t)k - (ptrdiff_t)j] = fresh * in_units(moments, units, j, k);
        }
        const double centred = j == 0 ? rewards[0]
                               : units->width[j] > 0.0
                                   ? (rewards[j] - units->mean[j] * rewards[0]) / units->width[j]
                                   : 0.0;
        const double expected = units->reward * in_units(moments, units, j, 0);
        room.mean[i] = fresh * (centred - expected) / units->spread;
    }
}

/* The sum of products of columns j >= k, standardised. */
static double in_units(const double *moments, const struct hunch__curve_units *units, uint32_t j,
                       uint32_t k)
{
    const double n = moments[0];
    const double sum_j = moments[hunch__curve_row(j)];
    if (j == 0) {
        return n;
    }
    if (!(units->width[j] > 0.0) || (k > 0 && !(units->width[k] > 0.0))) {
        return 0.0;
    }
    if (k == 0) {
        return (sum_j - units->mean[j] * n) / units->width[j];
    }
    const double sum_k = moments[hunch__curve_row(k)];
    const double raw = moments[hunch__curve_row(j) + k] - units->mean[j] * sum_k -
                       units->mean[k] * sum_j + units->mean[j] * units->mean[k] * n;
    return raw / units->width[j] / units->width[k];
}

/* Second differences are normal with precision `smooth`, values with precision `level`. */
static void put_prior(double *band, uint32_t arms, uint32_t order, double smooth)
{
    static const double difference[REACH + 1] = {1.0, -2.0, 1.0};
    const size_t reach = (size_t)REACH * order;
    for (size_t i = 0; i < (size_t)arms * order; i++) {
        band[i * (reach + 1) + reach] += i % order == 0 ? level : level_of_column;
    }
    for (size_t first = 0; first + reach < (size_t)arms * order; first++) {
        for (size_t u = 0; u <= REACH; u++) {
            const size_t i = first + u * order;
            for (size_t v = 0; v <= u; v++) {
                band[i * (reach + 1) + reach - (u - v) * order] +=
                    smooth * difference[u] * difference[v];
            }
        }
    }
}

/* Cholesky's factor in place of the matrix; false when it has none. */
static bool factor(double *band, size_t n, size_t reach, double *log_determinant)
{
    const struct hunch__kernels *kernels = hunch__kernels_get();
    *log_determinant = 0.0;
    for (size_t i = 0; i < n; i++) {
        double *row = band + i * (reach + 1);
        for (size_t j = i < reach ? 0 : i - reach; j <= i; j++) {
            const double *other = band + j * (reach + 1);
            const size_t from = i < reach ? 0 : i - reach;
            double *at = row + reach - (i - j);
            const double left = *at - kernels->f64_dot(row + reach - (i - from),
                                                       other + reach - (j - from), j - from);
            if (j < i) {
                *at = left / other[reach];
            } else if (left > pivot_min) {
                *at = sqrt(left);
                *log_determinant += hunch__log(left);
            } else {
                return false;
            }
        }
    }
    return true;
}

/* x = L^-1 x. */
static void solve_lower(const double *band, size_t n, size_t reach, double *x)
{
    const struct hunch__kernels *kernels = hunch__kernels_get();
    for (size_t i = 0; i < n; i++) {
        const double *row = band + i * (reach + 1);
        const size_t before = i < reach ? i : reach;
        x[i] = (x[i] - kernels->f64_dot(row + reach - before, x + i - before, before)) / row[reach];
    }
}

/* x = L'^-1 x. */
static void solve_upper(const double *band, size_t n, size_t reach, double *x)
{
    const struct hunch__kernels *kernels = hunch__kernels_get();
    for (size_t i = n; i-- > 0;) {
        const double *row = band + i * (reach + 1);
        const size_t before = i < reach ? i : reach;
        x[i] /= row[reach];
        kernels->f64_axpy(x + i - before, row + reach - before, before, -x[i]);
    }
}
