/* A chooser that has learned a problem. */
#define _POSIX_C_SOURCE 200809L /* nanosleep */
#include "site.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "diag.h"
#include "random.h"

/* Rewards that come at once while it is taught; then it may take its time. */
#define LESSON    64u
/* A chooser that does not learn them in this time is measured as it is. */
#define LESSON_NS 20000000u
#define MOMENT_NS 50000
#define NOISE     0.1
#define TOLERANCE 1e-6F
#define ARMS_MAX  256u

static hunch_status make(struct site *site, hunch_diag *diag);
static void draw_problem(struct site *site);
static float reward_of(struct site *site, const float *x, uint32_t arm);
static void wait_until_learned(const struct site *site, uint64_t before, uint32_t rewards);
static uint64_t learned(const struct site *site);
static double centred(uint64_t *random);

hunch_status site_open(struct site *out, const struct site_plan *plan, hunch_diag *diag)
{
    *out = (struct site){.plan = *plan, .random = plan->seed};
    if (plan->learner != NULL && hunch_learner_find(plan->learner) == NULL) {
        return hunch__fail(diag, HUNCH_EUNSUPPORTED, 0, "no learner is called %.32s",
                           plan->learner);
    }
    const hunch_status status = make(out, diag);
    if (status != HUNCH_OK) {
        site_close(out);
        return status;
    }
    site_teach(out, plan->rewards);
    return HUNCH_OK;
}

void site_close(struct site *site)
{
    hunch_chooser_free(site->chooser);
    free(site->x);
    free(site->teacher);
    *site = (struct site){.chooser = NULL};
}

void site_teach(struct site *site, uint32_t rewards)
{
    for (uint32_t given = 0; given < rewards; given += LESSON) {
        const uint64_t before = learned(site);
        for (uint32_t i = 0; i < LESSON; i++) {
            const float *x = site_context(site, hunch__splitmix64(&site->random));
            const hunch_ticket ticket = hunch_choose(site->chooser, x);
            (void)hunch_reward(site->chooser, ticket, reward_of(site, x, ticket.arm));
        }
        if (site->plan.trainer) {
            wait_until_learned(site, before, LESSON);
        }
    }
}

void site_run_choose(void *self, size_t batch)
{
    struct site *site = self;
    const float *x = site_context(site, batch * TURN_OPS);
    for (unsigned i = 0; i < TURN_OPS; i++) {
        site->tickets[i] = hunch_choose(site->chooser, x + i * site->plan.features);
    }
}

void site_prepare_reward(void *self, size_t batch)
{
    struct site *site = self;
    site_run_choose(self, batch);
    for (unsigned i = 0; i < TURN_OPS; i++) {
        const float *x = site_context(site, batch * TURN_OPS + i);
        site->rewards[i] = reward_of(site, x, site->tickets[i].arm);
    }
}

void site_run_reward(void *self, size_t batch)
{
    struct site *site = self;
    (void)batch;
    for (unsigned i = 0; i < TURN_OPS; i++) {
        (void)hunch_reward(site->chooser, site->tickets[i], site->rewards[i]);
    }
}

bool site_right(void *self)
{
    struct site *site = self;
    float p[ARMS_MAX];
    hunch_chooser_stop_trainer(site->chooser);
    for (size_t i = 0; i < TURN_CONTEXTS; i++) {
        const float *x = site_context(site, i);
        const hunch_ticket ticket = hunch_choose(site->chooser, x);
        if (ticket.arm >= site->plan.arms) {
            return false;
        }
        hunch_chooser_probabilities(site->chooser, x, NULL, p);
        if (!(fabsf(p[ticket.arm] - ticket.propensity) <= TOLERANCE)) {
            return false;
        }
    }
    return true;
}

const char *site_picked(void *self)
{
    struct site *site = self;
    hunch_chooser_stats stats = {.struct_size = sizeof stats};
    hunch_chooser_read_stats(site->chooser, &stats);
    site->model = stats.model;
    return site->model;
}

static hunch_status make(struct site *site, hunch_diag *diag)
{
    const struct site_plan *plan = &site->plan;
    const hunch_chooser_options options = {
        .struct_size = sizeof options,
        .arms = plan->arms,
        .features = plan->features,
        .pending = plan->pending,
        .seed = plan->seed,
        .learn_every = plan->trainer ? UINT32_MAX : 0,
        .learner = plan->learner != NULL ? hunch_learner_find(plan->learner) : NULL,
    };
    site->x = calloc(TURN_CONTEXTS, plan->features * sizeof *site->x);
    site->teacher = calloc(plan->arms, plan->features * sizeof *site->teacher);
    if (site->x == NULL || site->teacher == NULL || plan->arms > ARMS_MAX) {
        return hunch__fail(diag, HUNCH_ENOMEM, plan->features, "no memory for contexts");
    }
    draw_problem(site);
    hunch_status status = hunch_chooser_new(&site->chooser, &options, diag);
    if (status == HUNCH_OK && plan->trainer) {
        status = hunch_chooser_start_trainer(site->chooser, diag);
    }
    return status;
}

static void draw_problem(struct site *site)
{
    const struct site_plan *plan = &site->plan;
    for (size_t i = 0; i < (size_t)TURN_CONTEXTS * plan->features; i++) {
        site->x[i] = (float)centred(&site->random);
    }
    for (size_t i = 0; i < (size_t)plan->arms * plan->features; i++) {
        site->teacher[i] = (float)centred(&site->random);
    }
}

static float reward_of(struct site *site, const float *x, uint32_t arm)
{
    const float *teacher = site->teacher + (size_t)arm * site->plan.features;
    double reward = NOISE * centred(&site->random);
    for (uint32_t i = 0; i < site->plan.features; i++) {
        reward += (double)teacher[i] * (double)x[i];
    }
    return (float)reward;
}

static void wait_until_learned(const struct site *site, uint64_t before, uint32_t rewards)
{
    const struct timespec moment = {.tv_nsec = MOMENT_NS};
    for (unsigned i = 0; i < LESSON_NS / MOMENT_NS && learned(site) < before + rewards; i++) {
        (void)nanosleep(&moment, NULL);
    }
}

static uint64_t learned(const struct site *site)
{
    hunch_chooser_stats stats = {.struct_size = sizeof stats};
    hunch_chooser_read_stats(site->chooser, &stats);
    return stats.learned;
}

/* Uniform in [-1, 1). */
static double centred(uint64_t *random)
{
    return (double)(hunch__splitmix64(random) >> 11) * 0x1p-52 - 1.0;
}
