/* Two threads: on one chooser, and with a chooser each. */
#define _POSIX_C_SOURCE 200809L /* pthread_barrier */
#include "threads.h"

#include <pthread.h>

#include "diag.h"
#include "quartiles.h"
#include "site.h"

#define THREADS      2u
#define CHOICES      ((size_t)1 << 19) /* of each thread, a repetition */
#define REPS_MAX     10001u
#define ONE_CHOOSER  "hunch"
#define OWN_CHOOSERS "hunch-a-chooser-each"

/* One thread's part of a repetition. */
struct worker {
    struct site *site; /* its contexts are read, its chooser is asked */
    pthread_barrier_t *start;
    const struct bench *bench;
    uint64_t begun, ended;
    uint64_t arms; /* a sum, so that no choice is for nothing */
};

static hunch_status repeat(const struct bench *bench, struct site *const sites[THREADS],
                           double *per_second, hunch_diag *diag);
static void *work(void *self);
static hunch_status report(struct bench *bench, const char *case_name, double *one, double *own,
                           unsigned reps, const char *model, hunch_diag *diag);

hunch_status threads_measure(struct bench *bench, const char *case_name, uint32_t arms,
                             uint32_t features, hunch_diag *diag)
{
    const struct site_plan plan = {
        .arms = arms, .features = features, .rewards = SITE_REWARDS, .seed = bench_seed(bench)};
    struct site sites[THREADS] = {{.chooser = NULL}};
    static double one[REPS_MAX];
    static double own[REPS_MAX];
    const unsigned reps = 2 * bench_reps(bench) + 1 < REPS_MAX ? 2 * bench_reps(bench) + 1 : 1;
    hunch_status status = HUNCH_OK;
    for (unsigned i = 0; i < THREADS && status == HUNCH_OK; i++) {
        status = site_open(&sites[i], &plan, diag);
    }
    for (unsigned rep = 0; rep < reps && status == HUNCH_OK; rep++) {
        struct site *const shared[THREADS] = {&sites[0], &sites[0]};
        struct site *const apart[THREADS] = {&sites[0], &sites[1]};
        status = repeat(bench, shared, &one[rep], diag);
        if (status == HUNCH_OK) {
            status = repeat(bench, apart, &own[rep], diag);
        }
    }
    if (status == HUNCH_OK) {
        status = report(bench, case_name, one, own, reps, site_picked(&sites[0]), diag);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        site_close(&sites[i]);
    }
    return status;
}

static hunch_status repeat(const struct bench *bench, struct site *const sites[THREADS],
                           double *per_second, hunch_diag *diag)
{
    struct worker workers[THREADS];
    pthread_t other;
    pthread_barrier_t start;
    if (pthread_barrier_init(&start, NULL, THREADS) != 0) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for a barrier");
    }
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.site = sites[i], .start = &start, .bench = bench};
    }
    if (pthread_create(&other, NULL, work, &workers[1]) != 0) {
        (void)pthread_barrier_destroy(&start);
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no second thread");
    }
    (void)work(&workers[0]);
    (void)pthread_join(other, NULL);
    (void)pthread_barrier_destroy(&start);
    const uint64_t begun =
        workers[0].begun < workers[1].begun ? workers[0].begun : workers[1].begun;
    const uint64_t ended =
        workers[0].ended > workers[1].ended ? workers[0].ended : workers[1].ended;
    *per_second = (double)THREADS * (double)CHOICES * 1e9 / (double)(ended - begun + 1);
    return HUNCH_OK;
}

static void *work(void *self)
{
    struct worker *worker = self;
    (void)pthread_barrier_wait(worker->start);
    worker->begun = bench_now_ns(worker->bench);
    for (size_t i = 0; i < CHOICES; i++) {
        worker->arms += hunch_choose(worker->site->chooser, site_context(worker->site, i)).arm;
    }
    worker->ended = bench_now_ns(worker->bench);
    return NULL;
}

static hunch_status report(struct bench *bench, const char *case_name, double *one, double *own,
                           unsigned reps, const char *model, hunch_diag *diag)
{
    const struct bench_quartiles shared = bench__quartiles(one, reps);
    const struct bench_quartiles apart = bench__quartiles(own, reps);
    const struct bench_data data = {.name = "K8-d16-threads2", .n = TURN_CONTEXTS};
    const struct bench_value values[] = {
        {.impl = ONE_CHOOSER,
         .value = shared.median,
         .q1 = shared.q1,
         .q3 = shared.q3,
         .reps = reps,
         .model = model},
        {.impl = OWN_CHOOSERS,
         .value = apart.median,
         .q1 = apart.q1,
         .q3 = apart.q3,
         .reps = reps,
         .model = model},
    };
    return bench_report_values(bench, case_name, "choices_per_second", "1/s", true, OWN_CHOOSERS,
                               &data, values, 2, diag);
}
