/* Contenders, built over one set of keys. */
#include "panel.h"

#include <stdio.h>
#include <string.h>

#include "asserts.h"
#include "contenders.h"
#include "queries.h"

/* Of each kind, for panel_check(). */
#define CHECKED_QUERIES 4096u

static void build_entry(struct entry *entry, unsigned round, const struct bench *bench,
                        const uint64_t *keys, size_t n);
static void release_entry(struct entry *entry);
static bool answers_right(struct entry *entry, const struct queries *q);
static void run_fenced(void *self, const void *work, uint64_t *answers);
static void run_independent(void *self, const void *work, uint64_t *answers);
static void run_batched(void *self, const void *work, uint64_t *answers);
static void positions_of_keys(void *self, const void *work, uint64_t *answers);

const char *loop_name(enum loop loop)
{
    static const char *const names[LOOPS] = {
        [LOOP_FENCED] = "fenced",
        [LOOP_INDEPENDENT] = "independent",
        [LOOP_BATCHED] = "batched",
    };
    return names[loop];
}

const char *panel_baseline(void)
{
    return index_absl_btree.absent ? index_std_lower_bound.name : index_absl_btree.name;
}

void panel_add(struct panel *panel, const struct index_contender *contender, const char *name,
               struct index_tuning tuning)
{
    HUNCH_ASSERT(panel->count < PANEL_MAX);
    HUNCH_ASSERT(tuning.batch_width <= INDEX_BATCH_WIDTH_MAX);
    struct entry *entry = &panel->entries[panel->count++];
    *entry = (struct entry){.contender = *contender};
    entry->contender.tuning = tuning;
    entry->error = contender->absent ? "not built" : NULL;
    (void)snprintf(entry->name, sizeof entry->name, "%s", name != NULL ? name : contender->name);
}

void panel_build(struct panel *panel, const struct bench *bench, const uint64_t *keys, size_t n,
                 unsigned builds)
{
    HUNCH_ASSERT(builds >= 1 && builds <= PANEL_BUILDS_MAX);
    panel->builds = builds;
    for (unsigned round = 0; round < builds; round++) {
        for (size_t i = 0; i < panel->count; i++) {
            if (panel->entries[i].error == NULL) {
                build_entry(&panel->entries[i], round, bench, keys, n);
            }
        }
    }
}

hunch_status panel_check(struct panel *panel, const uint64_t *keys, size_t n, uint64_t seed,
                         hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    for (enum query_kind kind = 0; kind < QUERY_KINDS && status == HUNCH_OK; kind++) {
        struct queries q;
        status = queries_draw(&q, kind, keys, n, CHECKED_QUERIES, seed, diag);
        for (size_t i = 0; i < panel->count && status == HUNCH_OK; i++) {
            if (panel->entries[i].error == NULL && !answers_right(&panel->entries[i], &q)) {
                panel->entries[i].error = BENCH_ANSWERS_DIFFER;
            }
        }
        queries_free(&q);
    }
    return status;
}

void panel_contenders(struct panel *panel, enum loop loop, struct bench_contender *out)
{
    static void (*const run[LOOPS])(void *, const void *, uint64_t *) = {
        [LOOP_FENCED] = run_fenced,
        [LOOP_INDEPENDENT] = run_independent,
        [LOOP_BATCHED] = run_batched,
    };
    for (size_t i = 0; i < panel->count; i++) {
        struct entry *entry = &panel->entries[i];
        out[i] = (struct bench_contender){
            .impl = entry->name,
            .error = entry->error,
            .self = entry,
            .run = run[loop],
            .canonical = entry->contender.returns_keys ? positions_of_keys : NULL,
        };
    }
}

void panel_free(struct panel *panel)
{
    for (size_t i = 0; i < panel->count; i++) {
        release_entry(&panel->entries[i]);
    }
    *panel = (struct panel){.count = 0};
}

static void build_entry(struct entry *entry, unsigned round, const struct bench *bench,
                        const uint64_t *keys, size_t n)
{
    const struct index_contender *contender = &entry->contender;
    release_entry(entry);
    uint64_t begun = bench_now_ns(bench);
    hunch_status status = contender->build(&entry->index, keys, n, &contender->tuning, NULL);
    entry->build_ns[round] = (double)(bench_now_ns(bench) - begun);
    entry->error = status == HUNCH_OK ? NULL : hunch_status_text(status);
}

static void release_entry(struct entry *entry)
{
    if (entry->index != NULL) {
        entry->contender.free(entry->index);
        entry->index = NULL;
    }
}

/* All answers that it was to write, which nothing wrote before. */
static bool answers_right(struct entry *entry, const struct queries *q)
{
    uint64_t answers[CHECKED_QUERIES];
    memset(answers, 0xA5, sizeof answers);
    run_batched(entry, q, answers);
    if (entry->contender.returns_keys) {
        positions_of_keys(entry, q, answers);
    }
    return memcmp(answers, q->answer, sizeof answers) == 0;
}

static void run_fenced(void *self, const void *work, uint64_t *answers)
{
    const struct entry *entry = self;
    const struct queries *q = work;
    entry->contender.fenced(entry->index, q->query, q->count, answers);
}

static void run_independent(void *self, const void *work, uint64_t *answers)
{
    const struct entry *entry = self;
    const struct queries *q = work;
    entry->contender.independent(entry->index, q->query, q->count, answers);
}

static void run_batched(void *self, const void *work, uint64_t *answers)
{
    const struct entry *entry = self;
    const struct queries *q = work;
    entry->contender.batched(entry->index, q->query, q->count, answers);
}

static void positions_of_keys(void *self, const void *work, uint64_t *answers)
{
    (void)self;
    const struct queries *q = work;
    for (size_t i = 0; i < q->count; i++) {
        answers[i] = queries_position(q->keys, q->n, q->query[i], answers[i]);
    }
}
