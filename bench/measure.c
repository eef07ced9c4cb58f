/* Timing contenders against one another, and checking what they answer. */
#include <string.h>

#include <hunch/alloc.h>

#include "alloc.h"
#include "asserts.h"
#include "bits.h"
#include "diag.h"
#include "driver.h"
#include "hash.h"
#include "quartiles.h"

/* What an answer buffer holds before each repetition, so that answers which a contender does not
 * write are not those that its predecessor wrote. */
#define POISON 0xA5

/* One contender's part in a case. */
struct racer {
    const struct bench_contender *contender;
    double *values;  /* [reps]                                          */
    uint64_t first;  /* hash of the warm-up's answers                   */
    uint64_t wrong;  /* hash of the first wrong answers                 */
    bool is_wrong;   /* they differed from the reference, at least once */
    bool is_visible; /* it gets a row; else it is here as the baseline  */
};

/* One case while it is measured. */
struct race {
    struct bench *bench;
    const struct bench_case *c;
    hunch_allocator memory;
    struct racer *racers; /* [c->count], the first `count` in use     */
    size_t count;
    uint64_t *answers; /* [c->ops]                                 */
    double *values;    /* [c->count][reps]                         */
    uint64_t bytes[3]; /* of racers, answers, values               */
    uint64_t reference;
    bool has_reference;
};

static hunch_status race_begin(struct race *race, hunch_diag *diag);
static void *race_take(struct race *race, unsigned slot, uint64_t n, size_t item_bytes);
static void race_end(struct race *race);
static size_t choose_racers(struct race *race);
static void warm_up(struct race *race);
static void choose_reference(struct race *race);
static void repeat(struct race *race, unsigned rep);
static uint64_t run_once(const struct race *race, const struct racer *racer, uint64_t *ns);
static void check(const struct race *race, struct racer *racer, uint64_t hash);
static double figure(const struct bench_case *c, uint64_t ns);
static hunch_status add_rows(struct race *race, double *baseline, hunch_diag *diag);
static struct bench_row racer_row(const struct race *race, const struct racer *racer);

hunch_status bench_measure(struct bench *bench, const struct bench_case *c, hunch_diag *diag)
{
    struct race race = {.bench = bench, .c = c, .memory = *hunch_allocator_default()};
    const size_t first = bench->rows.count;
    double baseline = 0;
    HUNCH_ASSERT(c->ops > 0 && c->data != NULL);
    if (!bench_wants_case(bench, c->name) || c->count == 0) {
        return HUNCH_OK;
    }
    hunch_status status = race_begin(&race, diag);
    if (status != HUNCH_OK || choose_racers(&race) == 0) {
        goto done;
    }
    warm_up(&race);
    for (unsigned rep = 0; rep < bench->options.reps; rep++) {
        repeat(&race, rep);
    }
    status = add_rows(&race, &baseline, diag);
    if (status == HUNCH_OK) {
        status = bench__finish_group(bench, first, baseline, diag);
    }
done:
    race_end(&race);
    return status;
}

/* All memory before the first repetition: nothing is allocated while the clock matters. */
static hunch_status race_begin(struct race *race, hunch_diag *diag)
{
    const struct bench_case *c = race->c;
    const unsigned reps = race->bench->options.reps;
    race->racers = race_take(race, 0, c->count, sizeof *race->racers);
    race->answers = race_take(race, 1, c->ops, sizeof *race->answers);
    race->values = race_take(race, 2, c->count, reps * sizeof *race->values);
    if (race->racers == NULL || race->answers == NULL || race->values == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, c->ops, "%.64s: no memory for the answers", c->name);
    }
    return HUNCH_OK;
}

static void *race_take(struct race *race, unsigned slot, uint64_t n, size_t item_bytes)
{
    if (!hunch__mul(n, item_bytes, &race->bytes[slot]) || race->bytes[slot] > SIZE_MAX) {
        return NULL;
    }
    return hunch__alloc(&race->memory, (size_t)race->bytes[slot], HUNCH__CACHE_LINE);
}

static void race_end(struct race *race)
{
    hunch__free(&race->memory, race->racers, (size_t)race->bytes[0], HUNCH__CACHE_LINE);
    hunch__free(&race->memory, race->answers, (size_t)race->bytes[1], HUNCH__CACHE_LINE);
    hunch__free(&race->memory, race->values, (size_t)race->bytes[2], HUNCH__CACHE_LINE);
}

/* Those that are wanted, and the baseline for their ratios. How many rows there will be: 0 when no
 * wanted contender is there at all. */
static size_t choose_racers(struct race *race)
{
    const struct bench_case *c = race->c;
    size_t visible = 0;
    for (size_t i = 0; i < c->count; i++) {
        const struct bench_contender *contender = &c->contenders[i];
        const bool wanted = bench_wants_impl(race->bench, contender->impl);
        const bool is_baseline = c->baseline != NULL && strcmp(c->baseline, contender->impl) == 0;
        if (wanted || is_baseline) {
            race->racers[race->count] = (struct racer){
                .contender = contender,
                .values = race->values + race->count * race->bench->options.reps,
                .is_visible = wanted,
                .is_wrong = bench__is_wrong(contender->error),
            };
            race->count++;
            visible += wanted;
        }
    }
    return visible;
}

static void warm_up(struct race *race)
{
    uint64_t ns;
    for (size_t i = 0; i < race->count; i++) {
        if (race->racers[i].contender->error == NULL) {
            race->racers[i].first = run_once(race, &race->racers[i], &ns);
        }
    }
    choose_reference(race);
    for (size_t i = 0; i < race->count; i++) {
        check(race, &race->racers[i], race->racers[i].first);
    }
}

/* The oracle's answers; else the baseline's; else, when that was not built, those of the first
 * contender that has any: then a row without an error means only that they agree. */
static void choose_reference(struct race *race)
{
    const struct racer *reference = NULL;
    for (size_t i = 0; i < race->count; i++) {
        const struct racer *racer = &race->racers[i];
        const bool answers = racer->contender->error == NULL && !racer->contender->floor;
        const bool is_baseline =
            race->c->baseline != NULL && strcmp(racer->contender->impl, race->c->baseline) == 0;
        if (answers && (reference == NULL || is_baseline)) {
            reference = racer;
        }
    }
    race->has_reference = race->c->has_expected || reference != NULL;
    race->reference = race->c->has_expected ? race->c->expected
                      : reference != NULL   ? reference->first
                                            : 0;
}

/* One repetition of every contender, in their order: what disturbs the machine for a while
 * disturbs them all. */
static void repeat(struct race *race, unsigned rep)
{
    for (size_t i = 0; i < race->count; i++) {
        struct racer *racer = &race->racers[i];
        uint64_t ns = 0;
        if (racer->contender->error == NULL) {
            const uint64_t hash = run_once(race, racer, &ns);
            racer->values[rep] = figure(race->c, ns);
            check(race, racer, hash);
        }
    }
}

/* XXH3 of the answers of one repetition, and in *ns how long it took; nothing else is timed. */
static uint64_t run_once(const struct race *race, const struct racer *racer, uint64_t *ns)
{
    const struct bench_contender *contender = racer->contender;
    const struct bench_case *c = race->c;
    memset(race->answers, POISON, c->ops * sizeof *race->answers);
    const uint64_t begun = bench_now_ns(race->bench);
    contender->run(contender->self, c->work, race->answers);
    *ns = bench_now_ns(race->bench) - begun;
    if (contender->canonical != NULL) {
        contender->canonical(contender->self, c->work, race->answers);
    }
    return hunch__xxh3(race->answers, c->ops * sizeof *race->answers);
}

static void check(const struct race *race, struct racer *racer, uint64_t hash)
{
    const bool compared =
        racer->contender->error == NULL && !racer->contender->floor && race->has_reference;
    if (compared && hash != race->reference && !racer->is_wrong) {
        racer->is_wrong = true;
        racer->wrong = hash;
    }
}

static double figure(const struct bench_case *c, uint64_t ns)
{
    if (c->higher_is_better) {
        return (double)c->ops * 1e9 / (double)(ns == 0 ? 1 : ns);
    }
    return (double)ns / (double)c->ops;
}

/* *baseline becomes the baseline's value, or stays 0 when it has none. */
static hunch_status add_rows(struct race *race, double *baseline, hunch_diag *diag)
{
    struct bench *bench = race->bench;
    for (size_t i = 0; i < race->count; i++) {
        const struct racer *racer = &race->racers[i];
        const struct bench_row row = racer_row(race, racer);
        if (row.baseline != NULL && strcmp(row.impl, row.baseline) == 0) {
            *baseline = row.value;
        }
        bench->answers_differ = bench->answers_differ || racer->is_wrong;
        const hunch_status status = racer->is_visible || racer->is_wrong
                                        ? bench__rows_add(&bench->rows, &row, diag)
                                        : HUNCH_OK;
        if (status != HUNCH_OK) {
            return status;
        }
    }
    return HUNCH_OK;
}

static struct bench_row racer_row(const struct race *race, const struct racer *racer)
{
    struct bench_row row = bench__row(race->bench, race->c, racer->contender->impl);
    row.floor = racer->contender->floor;
    row.error = racer->is_wrong ? BENCH_ANSWERS_DIFFER : racer->contender->error;
    row.has_answers = racer->contender->error == NULL && !row.floor;
    row.answers = racer->is_wrong ? racer->wrong : racer->first;
    if (row.error == NULL) {
        const struct bench_quartiles quartiles =
            bench__quartiles(racer->values, race->bench->options.reps);
        row.value = quartiles.median;
        row.q1 = quartiles.q1;
        row.q3 = quartiles.q3;
        row.reps = race->bench->options.reps;
    }
    return row;
}
