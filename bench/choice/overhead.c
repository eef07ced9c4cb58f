/* What a choice and a reward cost, in multiples of an atomic addition of the same run. */
#include <stdio.h>
#include <string.h>

#include "crowd.h"
#include "part.h"
#include "site.h"
#include "threads.h"

enum operation { OP_CHOOSE, OP_REWARD, OP_SITES, OP_THREADS };

/* One case. */
struct overhead_case {
    const char *name;
    enum operation operation;
    uint32_t arms, features;
    const char *const *learners; /* NULL at the end */
    bool quick;
};

static void list(FILE *out, const struct bench *bench);
static hunch_status run(struct bench *bench, hunch_diag *diag);
static hunch_status run_case(struct bench *bench, const struct overhead_case *c, hunch_diag *diag);
static hunch_status race(struct bench *bench, const struct overhead_case *c, const char *name,
                         hunch_diag *diag);
static hunch_status open_site(struct site *site, struct turn *turn, const struct overhead_case *c,
                              const char *learner, uint64_t seed, hunch_diag *diag);
static const char *impl_name(const char *learner);

const struct choice_part choice_overhead = {"overhead", 60, list, run};

/* "": the library's own choice. */
static const char *const several[] = {"", "linear", "quadratic", "mlp", "epsilon-greedy", NULL};
static const char *const uncertain[] = {"linear-thompson", "linucb", NULL};
static const char *const ours[] = {"", "linear", NULL};

static const struct overhead_case cases[] = {
    {"K8-d16", OP_CHOOSE, 8, 16, several, true},
    {"K8-d16-uncertain", OP_CHOOSE, 8, 16, uncertain, true},
    {"K8-d16-reward", OP_REWARD, 8, 16, ours, true},
    {"K8-d16-threads2", OP_THREADS, 8, 16, ours, true},
    {"K8-d16-sites1000", OP_SITES, 8, 16, ours, false},
    {"K2-d8", OP_CHOOSE, 2, 8, several, false},
    {"K32-d32", OP_CHOOSE, 32, 32, several, false},
    {.name = NULL},
};

static void list(FILE *out, const struct bench *bench)
{
    for (const struct overhead_case *c = cases; c->name != NULL; c++) {
        if (c->quick || bench_profile(bench) == BENCH_FULL) {
            (void)fprintf(out, "overhead/%s\n", c->name);
        }
    }
}

static hunch_status run(struct bench *bench, hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    for (const struct overhead_case *c = cases; c->name != NULL && status == HUNCH_OK; c++) {
        if (c->quick || bench_profile(bench) == BENCH_FULL) {
            status = run_case(bench, c, diag);
        }
    }
    return status;
}

static hunch_status run_case(struct bench *bench, const struct overhead_case *c, hunch_diag *diag)
{
    char name[CASE_NAME_MAX];
    (void)snprintf(name, sizeof name, "overhead/%s", c->name);
    if (!bench_wants_case(bench, name)) {
        return HUNCH_OK;
    }
    switch (c->operation) {
    case OP_THREADS:
        return threads_measure(bench, name, c->arms, c->features, diag);
    case OP_SITES:
        return crowd_measure(bench, name, c->arms, c->features, diag);
    default:
        return race(bench, c, name, diag);
    }
}

/* All learners of the case and the floor, in turns. */
static hunch_status race(struct bench *bench, const struct overhead_case *c, const char *name,
                         hunch_diag *diag)
{
    struct site sites[TURN_MAX] = {{.chooser = NULL}};
    struct turn turns[TURN_MAX];
    _Atomic(uint64_t) counter = 0;
    size_t count = 0;
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; c->learners[i] != NULL && status == HUNCH_OK; i++) {
        if (bench_wants_impl(bench, impl_name(c->learners[i]))) {
            status =
                open_site(&sites[count], &turns[count], c, c->learners[i], bench_seed(bench), diag);
            count++;
        }
    }
    if (status == HUNCH_OK && count > 0) {
        const struct bench_data data = {.name = c->name,
                                        .n = TURN_CONTEXTS,
                                        .note = "random contexts, linear rewards and noise"};
        turns[count] = turn_fetch_add(&counter);
        status = turns_measure(bench, name, FLOOR_FETCH_ADD, &data, turns, count + 1, diag);
    }
    for (size_t i = 0; i < count; i++) {
        site_close(&sites[i]);
    }
    return status;
}

/* A learner that is not there is a row that says so. */
static hunch_status open_site(struct site *site, struct turn *turn, const struct overhead_case *c,
                              const char *learner, uint64_t seed, hunch_diag *diag)
{
    const struct site_plan plan = {
        .arms = c->arms,
        .features = c->features,
        .learner = *learner != '\0' ? learner : NULL,
        .rewards = SITE_REWARDS,
        .trainer = true,
        .seed = seed,
    };
    *turn = (struct turn){
        .impl = impl_name(learner),
        .self = site,
        .prepare = c->operation == OP_REWARD ? site_prepare_reward : NULL,
        .run = c->operation == OP_REWARD ? site_run_reward : site_run_choose,
        .right = site_right,
        .picked = site_picked,
    };
    const hunch_status status = site_open(site, &plan, diag);
    if (status == HUNCH_EUNSUPPORTED) {
        turn->error = "not built";
        return HUNCH_OK;
    }
    return status;
}

/* Static: the names of rows are kept by the driver only when they are reported. */
static const char *impl_name(const char *learner)
{
    static const char *const names[][2] = {
        {"", "hunch"},
        {"linear", "hunch-linear"},
        {"quadratic", "hunch-quadratic"},
        {"mlp", "hunch-mlp"},
        {"epsilon-greedy", "hunch-epsilon-greedy"},
        {"linear-thompson", "hunch-linear-thompson"},
        {"linucb", "hunch-linucb"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i][0], learner) == 0) {
            return names[i][1];
        }
    }
    return learner;
}
