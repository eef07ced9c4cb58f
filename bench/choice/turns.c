/* Timing of operations that are shorter than a reading of the clock. */
#include "turns.h"

#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "atomics.h"
#include "diag.h"
#include "quartiles.h"

#define ROUNDS_QUICK 512u
#define ROUNDS_FULL  4096u
/* Rounds before the first that counts. */
#define ROUNDS_WARM  16u

/* A race in progress. */
struct turns_race {
    struct bench *bench;
    struct turn *turns;
    size_t count;
    size_t readings; /* of each */
    double *ns;      /* [count + 1][readings]; the last are empty readings */
};

static void run_rounds(const struct turns_race *race, size_t rounds, bool kept);
static void take_off(const struct turns_race *race);
static void check(const struct turns_race *race);
static hunch_status report(const struct turns_race *race, const char *case_name,
                           const char *baseline, const struct bench_data *data, hunch_diag *diag);
static hunch_status report_share(const struct turns_race *race, const char *case_name,
                                 const char *metric, double share, const char *baseline,
                                 const struct bench_data *data, hunch_diag *diag);
static hunch_status report_tail(const struct turns_race *race, const char *case_name,
                                const struct bench_data *data, hunch_diag *diag);
static struct bench_value value_of(const struct turns_race *race, size_t i);
static double at_share(const double *sorted, size_t n, double share);
static int compare(const void *a, const void *b);
static void run_fetch_add(void *self, size_t batch);

hunch_status turns_measure(struct bench *bench, const char *case_name, const char *baseline,
                           const struct bench_data *data, struct turn *turns, size_t count,
                           hunch_diag *diag)
{
    const size_t rounds = bench_profile(bench) == BENCH_FULL ? ROUNDS_FULL : ROUNDS_QUICK;
    struct turns_race race = {bench, turns, count, rounds * TURN_BATCHES, NULL};
    HUNCH_ASSERT(count > 0 && count <= TURN_MAX);
    race.ns = malloc((count + 1) * race.readings * sizeof *race.ns);
    if (race.ns == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, race.readings, "no memory for readings");
    }
    run_rounds(&race, ROUNDS_WARM, false);
    run_rounds(&race, rounds, true);
    check(&race);
    take_off(&race);
    const hunch_status status = report(&race, case_name, baseline, data, diag);
    free(race.ns);
    return status;
}

struct turn turn_fetch_add(_Atomic(uint64_t) *counter)
{
    return (struct turn){.impl = FLOOR_FETCH_ADD, .self = counter, .run = run_fetch_add};
}

/* A B C A B C ...: what disturbs the machine for a while disturbs them all. */
static void run_rounds(const struct turns_race *race, size_t rounds, bool kept)
{
    for (size_t round = 0; round < rounds; round++) {
        for (size_t i = 0; i <= race->count; i++) {
            const struct turn *turn = i < race->count ? &race->turns[i] : NULL;
            double *ns = race->ns + i * race->readings + (kept ? round * TURN_BATCHES : 0);
            if (turn != NULL && turn->error != NULL) {
                continue;
            }
            for (size_t batch = 0; batch < TURN_BATCHES; batch++) {
                if (turn != NULL && turn->prepare != NULL) {
                    turn->prepare(turn->self, batch);
                }
                const uint64_t begun = bench_now_ns(race->bench);
                if (turn != NULL) {
                    turn->run(turn->self, batch);
                }
                ns[batch] = (double)(bench_now_ns(race->bench) - begun);
            }
        }
    }
}

static void check(const struct turns_race *race)
{
    for (size_t i = 0; i < race->count; i++) {
        struct turn *turn = &race->turns[i];
        if (turn->error == NULL && turn->picked != NULL) {
            turn->model = turn->picked(turn->self);
        }
        if (turn->error == NULL && turn->right != NULL && !turn->right(turn->self)) {
            turn->error = BENCH_ANSWERS_DIFFER;
        }
    }
}

/* Readings become nanoseconds an operation, in ascending order. */
static void take_off(const struct turns_race *race)
{
    const size_t n = race->readings;
    double *empty = race->ns + race->count * n;
    qsort(empty, n, sizeof *empty, compare);
    const double reading = at_share(empty, n, 0.5);
    for (size_t i = 0; i < race->count; i++) {
        double *ns = race->ns + i * n;
        if (race->turns[i].error == NULL) {
            for (size_t k = 0; k < n; k++) {
                ns[k] = ns[k] > reading ? (ns[k] - reading) / TURN_OPS : 0;
            }
            qsort(ns, n, sizeof *ns, compare);
        }
    }
}

static hunch_status report(const struct turns_race *race, const char *case_name,
                           const char *baseline, const struct bench_data *data, hunch_diag *diag)
{
    static const struct {
        const char *metric;
        double share;
    } shares[] = {{"p50_ns", 0.5}, {"p99_ns", 0.99}, {"p999_ns", 0.999}};
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < sizeof shares / sizeof *shares && status == HUNCH_OK; i++) {
        status =
            report_share(race, case_name, shares[i].metric, shares[i].share, baseline, data, diag);
    }
    return status == HUNCH_OK ? report_tail(race, case_name, data, diag) : status;
}

static hunch_status report_share(const struct turns_race *race, const char *case_name,
                                 const char *metric, double share, const char *baseline,
                                 const struct bench_data *data, hunch_diag *diag)
{
    struct bench_value values[TURN_MAX];
    for (size_t i = 0; i < race->count; i++) {
        const double *ns = race->ns + i * race->readings;
        values[i] = value_of(race, i);
        if (values[i].error == NULL) {
            values[i].value = at_share(ns, race->readings, share);
            values[i].q1 = at_share(ns, race->readings, 0.25);
            values[i].q3 = at_share(ns, race->readings, 0.75);
            /* The quartiles are those of the median alone. */
            values[i].reps = share > 0.5 ? 1 : (unsigned)race->readings;
        }
    }
    return bench_report_values(race->bench, case_name, metric, "ns", false, baseline, data, values,
                               race->count, diag);
}

static hunch_status report_tail(const struct turns_race *race, const char *case_name,
                                const struct bench_data *data, hunch_diag *diag)
{
    struct bench_value values[TURN_MAX];
    size_t count = 0;
    for (size_t i = 0; i < race->count; i++) {
        const double *ns = race->ns + i * race->readings;
        if (strncmp(race->turns[i].impl, "floor-", 6) == 0) {
            continue;
        }
        values[count] = value_of(race, i);
        if (values[count].error == NULL) {
            const double median = at_share(ns, race->readings, 0.5);
            values[count].value = median > 0 ? at_share(ns, race->readings, 0.999) / median : 0;
        }
        count++;
    }
    return bench_report_values(race->bench, case_name, "p999_over_p50", "x", false, NULL, data,
                               values, count, diag);
}

static struct bench_value value_of(const struct turns_race *race, size_t i)
{
    const struct turn *turn = &race->turns[i];
    return (struct bench_value){
        .impl = turn->impl, .error = turn->error, .model = turn->model, .reps = 1};
}

static double at_share(const double *sorted, size_t n, double share)
{
    const size_t at = (size_t)(share * (double)n);
    return sorted[at < n ? at : n - 1];
}

static int compare(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;
    return (*left > *right) - (*left < *right);
}

static void run_fetch_add(void *self, size_t batch)
{
    _Atomic(uint64_t) *counter = self;
    (void)batch;
    for (unsigned i = 0; i < TURN_OPS; i++) {
        (void)hunch__add_relaxed(counter, 1);
    }
}
