/* A figure over many seeds. */
#include "seeds.h"

#include <math.h>
#include <stdlib.h>

#include "diag.h"
#include "jobs.h"
#include "quartiles.h"
#include "random.h"

/* All figures of a case. */
struct sowing {
    const struct bench *bench;
    const struct seeds_case *c;
    uint64_t seed;
    double *figures;      /* [count][seeds] */
    hunch_status *status; /* [count][seeds] */
};

static void play_one(void *ctx, size_t i);
static hunch_status report(const struct sowing *sowing, struct bench *bench, hunch_diag *diag);
static struct bench_value median_of(const struct sowing *sowing, size_t impl);
static struct bench_value mark_of(const struct sowing *sowing, size_t impl);
static const char *error_of(const struct sowing *sowing, size_t impl);

hunch_status seeds_measure(struct bench *bench, const struct seeds_case *c, hunch_diag *diag)
{
    struct sowing sowing = {.bench = bench, .c = c, .seed = bench_seed(bench)};
    const size_t figures = c->count * c->seeds;
    if (!bench_wants_case(bench, c->name)) {
        return HUNCH_OK;
    }
    sowing.figures = calloc(figures, sizeof *sowing.figures);
    sowing.status = calloc(figures, sizeof *sowing.status);
    hunch_status status = HUNCH_OK;
    if (sowing.figures == NULL || sowing.status == NULL) {
        status =
            hunch__fail(diag, HUNCH_ENOMEM, figures, "%.64s: no memory for its figures", c->name);
    } else {
        jobs_run(bench, figures, play_one, &sowing, c->name, 0, 1);
        status = report(&sowing, bench, diag);
    }
    free(sowing.figures);
    free(sowing.status);
    return status;
}

double seeds_uniform(uint64_t *random)
{
    return (double)(hunch__splitmix64(random) >> 11) * 0x1p-53;
}

/* Box and Muller. */
double seeds_normal(uint64_t *random)
{
    const double radius = sqrt(-2 * log(1 - seeds_uniform(random)));
    return radius * cos(6.283185307179586 * seeds_uniform(random));
}

static void play_one(void *ctx, size_t i)
{
    struct sowing *sowing = ctx;
    const struct seeds_case *c = sowing->c;
    const struct seeds_impl *impl = &c->impls[i / c->seeds];
    const uint64_t seed = hunch__mix64(sowing->seed + i % c->seeds + 1);
    const hunch_learner_ops *learner = NULL;
    if (!bench_wants_impl(sowing->bench, impl->impl)) {
        return;
    }
    if (impl->learner != NULL) {
        learner = hunch_learner_find(impl->learner);
        if (learner == NULL) {
            sowing->status[i] = HUNCH_EUNSUPPORTED;
            return;
        }
    }
    sowing->status[i] = c->play(c, learner, seed, &sowing->figures[i]);
}

static hunch_status report(const struct sowing *sowing, struct bench *bench, hunch_diag *diag)
{
    const struct seeds_case *c = sowing->c;
    const struct bench_data data = {.name = c->name, .n = c->rounds, .note = c->note};
    struct bench_value medians[SEEDS_IMPLS_MAX];
    struct bench_value marks[SEEDS_IMPLS_MAX];
    for (size_t i = 0; i < c->count; i++) {
        marks[i] = mark_of(sowing, i);
        medians[i] = median_of(sowing, i);
    }
    hunch_status status =
        bench_report_values(bench, c->name, c->metric, c->unit, c->higher_is_better, NULL, &data,
                            medians, c->count, diag);
    if (status == HUNCH_OK && c->mark_metric != NULL) {
        status = bench_report_values(bench, c->name, c->mark_metric, "share", true, NULL, &data,
                                     marks, c->count, diag);
    }
    return status;
}

/* Sorts the impl's figures. */
static struct bench_value median_of(const struct sowing *sowing, size_t impl)
{
    const struct bench_quartiles quartiles =
        bench__quartiles(sowing->figures + impl * sowing->c->seeds, sowing->c->seeds);
    return (struct bench_value){
        .impl = sowing->c->impls[impl].impl,
        .error = error_of(sowing, impl),
        .value = quartiles.median,
        .q1 = quartiles.q1,
        .q3 = quartiles.q3,
        .reps = (unsigned)sowing->c->seeds,
    };
}

static struct bench_value mark_of(const struct sowing *sowing, size_t impl)
{
    const struct seeds_case *c = sowing->c;
    size_t reached = 0;
    for (size_t i = 0; i < c->seeds; i++) {
        const double figure = sowing->figures[impl * c->seeds + i];
        reached += c->higher_is_better ? figure >= c->mark : figure <= c->mark;
    }
    return (struct bench_value){
        .impl = c->impls[impl].impl,
        .error = error_of(sowing, impl),
        .value = (double)reached / (double)c->seeds,
    };
}

static const char *error_of(const struct sowing *sowing, size_t impl)
{
    for (size_t i = 0; i < sowing->c->seeds; i++) {
        const hunch_status status = sowing->status[impl * sowing->c->seeds + i];
        if (status != HUNCH_OK) {
            return status == HUNCH_EUNSUPPORTED ? "not built" : hunch_status_text(status);
        }
    }
    return NULL;
}
