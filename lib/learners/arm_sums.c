/* Sums of rewards, arm by arm: they commute, add up, and fade by forward decay. */
#include <float.h>
#include <math.h>
#include <stddef.h>

#include "arm_sums.h"
#include "diag.h"
#include "learners.h"

/* More weight than this comes from no sequence of events that a machine lives to see. */
#define SUM_MAX   0x1p300
/* Rounding that sums of rewards may have collected. */
#define TOLERANCE 1e-6

static void rescale(struct hunch__arms *arms, uint32_t count, double factor);
static void widen(struct hunch__arms *arms, double lowest, double highest);
static bool sums_are_sound(const struct hunch__arms *arms, const struct hunch__arm_sums *sums);

size_t hunch__arms_state_bytes(const hunch_learner_shape *shape)
{
    return hunch__shape_has_own_arms(shape)
               ? sizeof(struct hunch__arms) + shape->arms * sizeof(struct hunch__arm_sums)
               : 0;
}

void hunch__arms_init(void *state, const hunch_learner_shape *shape, uint64_t seed)
{
    (void)shape;
    (void)seed;
    ((struct hunch__arms *)state)->scale = 1.0;
}

void hunch__arms_learn(void *state, const hunch_learner_shape *shape,
                       const hunch_learner_event *events, size_t n)
{
    struct hunch__arms *arms = state;
    const double growth = hunch__growth(shape);
    for (size_t i = 0; i < n; i++) {
        const double reward = (double)events[i].reward;
        const double weight = arms->scale * (double)events[i].weight;
        struct hunch__arm_sums *sums = &arms->arm[events[i].arm];
        sums->n += weight;
        sums->sum += weight * reward;
        sums->squares += weight * reward * reward;
        widen(arms, reward, reward);
        arms->events++;
        arms->scale *= growth;
        if (arms->scale >= HUNCH__SCALE_LIMIT) {
            rescale(arms, shape->arms, 1.0 / HUNCH__SCALE_LIMIT);
        }
    }
}

hunch_status hunch__arms_validate(const void *state, const hunch_learner_shape *shape,
                                  hunch_diag *diag)
{
    const struct hunch__arms *arms = state;
    if (!hunch__scale_is_sound(arms->scale)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "the weight of an event is not one");
    }
    if (!(arms->lowest >= -(double)FLT_MAX && arms->lowest <= arms->highest &&
          arms->highest <= (double)FLT_MAX)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, offsetof(struct hunch__arms, lowest),
                           "the range of rewards is none");
    }
    for (uint32_t a = 0; a < shape->arms; a++) {
        if (!sums_are_sound(arms, &arms->arm[a])) {
            return hunch__fail(diag, HUNCH_ECORRUPT,
                               sizeof *arms + a * sizeof(struct hunch__arm_sums),
                               "arm %u: no rewards have these sums", a);
        }
    }
    return HUNCH_OK;
}

void hunch__arms_merge(void *state, const hunch_learner_shape *shape, const void *other)
{
    struct hunch__arms *arms = state;
    const struct hunch__arms *more = other;
    rescale(arms, shape->arms, 1.0 / arms->scale);
    arms->scale = 1.0;
    for (uint32_t a = 0; a < shape->arms; a++) {
        const struct hunch__arm_sums sums = hunch__arms_one(more, a);
        arms->arm[a].n += sums.n;
        arms->arm[a].sum += sums.sum;
        arms->arm[a].squares += sums.squares;
    }
    if (more->events > 0) {
        widen(arms, more->lowest, more->highest);
    }
    arms->events += more->events;
}

struct hunch__arm_sums hunch__arms_one(const struct hunch__arms *arms, uint32_t arm)
{
    struct hunch__arm_sums sums = arms->arm[arm];
    const double factor = 1.0 / arms->scale;
    sums.n *= factor;
    sums.sum *= factor;
    sums.squares *= factor;
    return sums;
}

struct hunch__arm_sums hunch__arms_total(const struct hunch__arms *arms, uint32_t count)
{
    struct hunch__arm_sums total = {0, 0, 0};
    for (uint32_t a = 0; a < count; a++) {
        const struct hunch__arm_sums sums = hunch__arms_one(arms, a);
        total.n += sums.n;
        total.sum += sums.sum;
        total.squares += sums.squares;
    }
    return total;
}

double hunch__arms_place(const struct hunch__arms *arms, uint32_t arm)
{
    const struct hunch__arm_sums *sums = &arms->arm[arm];
    const double range = arms->highest - arms->lowest;
    if (!(sums->n > 0.0)) {
        return 1.0;
    }
    if (!(range > 0.0)) {
        return 0.5;
    }
    return fmin(fmax((sums->sum / sums->n - arms->lowest) / range, 0.0), 1.0);
}

double hunch__arms_variance(const struct hunch__arms *arms, uint32_t count)
{
    double n = 0;
    double within = 0;
    for (uint32_t a = 0; a < count; a++) {
        const struct hunch__arm_sums sums = hunch__arms_one(arms, a);
        if (sums.n > 0.0) {
            n += sums.n;
            within += fmax(sums.squares - sums.sum * (sums.sum / sums.n), 0.0);
        }
    }
    return n > 0.0 ? within / n : 0.0;
}

/* A factor that is a power of two rounds nothing, short of underflow. */
static void rescale(struct hunch__arms *arms, uint32_t count, double factor)
{
    for (uint32_t a = 0; a < count; a++) {
        arms->arm[a].n *= factor;
        arms->arm[a].sum *= factor;
        arms->arm[a].squares *= factor;
    }
    arms->scale *= factor;
}

static void widen(struct hunch__arms *arms, double lowest, double highest)
{
    arms->lowest = arms->events == 0 || lowest < arms->lowest ? lowest : arms->lowest;
    arms->highest = arms->events == 0 || highest > arms->highest ? highest : arms->highest;
}

/* Whether they are of rewards in the range seen. */
static bool sums_are_sound(const struct hunch__arms *arms, const struct hunch__arm_sums *sums)
{
    const double most = fmax(fabs(arms->lowest), fabs(arms->highest));
    const double slack = TOLERANCE * sums->n * most;
    return sums->n >= 0.0 && sums->n <= SUM_MAX && sums->squares >= 0.0 &&
           sums->squares <= sums->n * most * most * (1.0 + TOLERANCE) &&
           sums->sum >= sums->n * arms->lowest - slack &&
           sums->sum <= sums->n * arms->highest + slack;
}
