/* A thousand sites, asked one after the other. */
#include "crowd.h"

#include <stdlib.h>

#include "diag.h"
#include "site.h"

#define SITES   1000u
/* Of each: enough that all have a model to ask. */
#define REWARDS 256u
/* A thousand choosers with the usual sixteen thousand open tickets each would be a test of the
 * memory for tickets. */
#define PENDING 256u

/* One contender. */
struct crowd {
    struct site *sites;             /* owned, [SITES]; the contexts are those of the first */
    hunch_chooser *choosers[SITES]; /* theirs: what a program would have at hand           */
    size_t next;
    hunch_ticket tickets[TURN_OPS];
};

static hunch_status crowd_open(struct crowd *crowd, const struct site_plan *plan, hunch_diag *diag);
static void crowd_close(struct crowd *crowd);
static void run_choose(void *self, size_t batch);
static bool right(void *self);
static const char *picked(void *self);

hunch_status crowd_measure(struct bench *bench, const char *case_name, uint32_t arms,
                           uint32_t features, hunch_diag *diag)
{
    static const char *const learners[][2] = {{"hunch", NULL}, {"hunch-linear", "linear"}};
    enum { CROWDS = sizeof learners / sizeof *learners };
    static struct crowd crowds[CROWDS];
    struct turn turns[CROWDS + 1];
    _Atomic(uint64_t) counter = 0;
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < CROWDS && status == HUNCH_OK; i++) {
        if (!bench_wants_impl(bench, learners[i][0])) {
            turns[i] = (struct turn){.impl = learners[i][0], .error = "not wanted"};
            continue; /* and so has no row */
        }
        const struct site_plan plan = {.arms = arms,
                                       .features = features,
                                       .learner = learners[i][1],
                                       .rewards = REWARDS,
                                       .pending = PENDING,
                                       .seed = bench_seed(bench)};
        turns[i] = (struct turn){.impl = learners[i][0],
                                 .self = &crowds[i],
                                 .run = run_choose,
                                 .right = right,
                                 .picked = picked};
        status = crowd_open(&crowds[i], &plan, diag);
        if (status == HUNCH_EUNSUPPORTED) {
            turns[i].error = "not built";
            status = HUNCH_OK;
        }
    }
    if (status == HUNCH_OK) {
        const struct bench_data data = {
            .name = "K8-d16-sites1000", .n = SITES, .note = "256 rewards a site"};
        turns[CROWDS] = turn_fetch_add(&counter);
        status = turns_measure(bench, case_name, FLOOR_FETCH_ADD, &data, turns, CROWDS + 1, diag);
    }
    for (size_t i = 0; i < CROWDS; i++) {
        crowd_close(&crowds[i]);
    }
    return status;
}

static hunch_status crowd_open(struct crowd *crowd, const struct site_plan *plan, hunch_diag *diag)
{
    *crowd = (struct crowd){.sites = calloc(SITES, sizeof *crowd->sites)};
    if (crowd->sites == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, SITES, "no memory for %u sites", SITES);
    }
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < SITES && status == HUNCH_OK; i++) {
        struct site_plan of_this = *plan;
        of_this.seed += i;
        status = site_open(&crowd->sites[i], &of_this, diag);
        crowd->choosers[i] = crowd->sites[i].chooser;
        if (status == HUNCH_OK && i > 0) {
            /* Of all these contexts only the first site's are needed any more. */
            free(crowd->sites[i].x);
            crowd->sites[i].x = NULL;
        }
    }
    return status;
}

static void crowd_close(struct crowd *crowd)
{
    for (size_t i = 0; i < SITES && crowd->sites != NULL; i++) {
        site_close(&crowd->sites[i]);
    }
    free(crowd->sites);
    *crowd = (struct crowd){.sites = NULL};
}

static void run_choose(void *self, size_t batch)
{
    struct crowd *crowd = self;
    const float *x = site_context(&crowd->sites[0], batch * TURN_OPS);
    const size_t features = crowd->sites[0].plan.features;
    for (unsigned i = 0; i < TURN_OPS; i++) {
        crowd->tickets[i] = hunch_choose(crowd->choosers[crowd->next], x + i * features);
        crowd->next = crowd->next + 1 < SITES ? crowd->next + 1 : 0;
    }
}

static bool right(void *self)
{
    struct crowd *crowd = self;
    return site_right(&crowd->sites[0]);
}

static const char *picked(void *self)
{
    struct crowd *crowd = self;
    return site_picked(&crowd->sites[0]);
}
