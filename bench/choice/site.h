/* A chooser that has learned a problem, and contexts to ask it about. */
#ifndef HUNCH_BENCH_CHOICE_SITE_H
#define HUNCH_BENCH_CHOICE_SITE_H

#include <hunch/choice.h>

#include "turns.h"

/* Rewards after which a site is measured. */
#define SITE_REWARDS 10000u

/* What a site is made for. */
struct site_plan {
    uint32_t arms;
    uint32_t features;
    const char *learner; /* NULL: the default */
    uint32_t rewards;    /* before it is measured */
    uint32_t pending;    /* as in the options of a chooser; 0: the default */
    bool trainer;        /* it learns on its trainer, else while rewards come */
    uint64_t seed;
};

/* A place in a program; the functions below are those of a struct turn. */
struct site {
    struct site_plan plan;
    hunch_chooser *chooser; /* owned */
    float *x;               /* owned, [TURN_CONTEXTS][features] */
    float *teacher;         /* owned, [arms][features]: the true rewards are linear */
    uint64_t random;
    hunch_ticket tickets[TURN_OPS];
    float rewards[TURN_OPS]; /* of the tickets */
    const char *model;       /* what it had picked when it was last asked; static */
};

/* Make it and give it its rewards. A learner that is not there is HUNCH_EUNSUPPORTED. On failure
 * nothing is owned. Errors: ENOMEM, and those of hunch_chooser_new(). */
hunch_status site_open(struct site *out, const struct site_plan *plan, hunch_diag *diag);

void site_close(struct site *site);

/* Let it learn from so many more choices. */
void site_teach(struct site *site, uint32_t rewards);

/* The context of a choice. */
static inline const float *site_context(const struct site *site, size_t i)
{
    return site->x + i % TURN_CONTEXTS * site->plan.features;
}

void site_run_choose(void *self, size_t batch);
void site_prepare_reward(void *self, size_t batch); /* choose, so that there is what to reward */
void site_run_reward(void *self, size_t batch);

/* Whether the tickets of all contexts carry the probability that the chooser itself reports. Ends
 * the trainer, so that nothing changes between the two. */
bool site_right(void *self);

const char *site_picked(void *self);

#endif
