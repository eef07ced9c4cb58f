/* The index suite: what is run on which set, one set in memory at a time. */
#include <stdio.h>
#include <string.h>

#include "auto_race.h"
#include "contenders.h"
#include "dataset.h"
#include "diag.h"
#include "figures.h"
#include "founding.h"
#include "hardness_figures.h"
#include "lookups.h"
#include "sets.h"
#include "suite.h"
#include "sweep.h"
#include "targets.h"

/* QUERY_BITs of a stranger's keys: all. */
#define FILE_KINDS (QUERY_BIT(QUERY_KINDS) - 1)

/* The set on which the profile quick shows the automatic choice. */
#define QUICK_RACE "ipv4_starts"

/* One set on its way through the suite. */
struct pass {
    struct bench *bench;
    struct dataset keys;
    struct bench_data data;
    struct hardness_note note;
    struct auto_ledger *ledger;
    unsigned kinds; /* QUERY_BITs */
    bool sweep;
    bool race;    /* AUTO against all configurations */
    double begun; /* part of the suite that is behind, and what this set adds to it */
    double share;
};

static hunch_status list(FILE *out, const struct bench *bench, hunch_diag *diag);
static hunch_status run(struct bench *bench, hunch_diag *diag);
static hunch_status list_file(FILE *out, const char *path, hunch_diag *diag);
static void list_set(FILE *out, const struct key_set *set);
static hunch_status run_sets(struct bench *bench, hunch_diag *diag);
static hunch_status run_file(struct bench *bench, const char *path, hunch_diag *diag);
static hunch_status run_pass(struct pass *pass, const char *name, hunch_diag *diag);
static hunch_status run_panel(struct pass *pass, hunch_diag *diag);
static bool panel_wanted(const struct bench *bench, const char *set, unsigned kinds);
static bool figure_wanted(const struct bench *bench, const char *set, const char *what);
static void fill_panel(struct panel *panel, const struct bench *bench);
static void progress(const struct pass *pass, const char *what, double done);

const struct bench_suite bench_index_suite = {
    .name = "index",
    .title = "Index: sorted 64-bit keys, lower_bound",
    .classic = "absl-btree",
    .list = list,
    .run = run,
};

static hunch_status list(FILE *out, const struct bench *bench, hunch_diag *diag)
{
    if (bench_keys_file(bench) != NULL) {
        return list_file(out, bench_keys_file(bench), diag);
    }
    for (const struct key_set *set = key_sets; set->name != NULL; set++) {
        list_set(out, set);
    }
    founding_list(out);
    targets_list(out, CLASSES_ALL);
    (void)fprintf(out, "summary/auto\n");
    return HUNCH_OK;
}

/* Its first key is enough to know its name. */
static hunch_status list_file(FILE *out, const char *path, hunch_diag *diag)
{
    struct dataset keys;
    hunch_status status = hunch__dataset_load_file(&keys, path, 1, NULL, diag);
    if (status == HUNCH_OK) {
        list_set(out, &(struct key_set){.name = keys.name, .full = FILE_KINDS});
        targets_list(out, CLASS_BIT(SET_OTHER));
    }
    hunch__dataset_free(&keys);
    return status;
}

static void list_set(FILE *out, const struct key_set *set)
{
    char name[CASE_NAME_MAX];
    (void)fprintf(out, "%s/hardness\n%s/size\n%s/build\n%s/open\n%s/build-threads\n", set->name,
                  set->name, set->name, set->name, set->name);
    for (enum query_kind kind = 0; kind < QUERY_KINDS; kind++) {
        for (enum loop loop = 0; loop < LOOPS; loop++) {
            if (((set->quick | set->full) & QUERY_BIT(kind)) != 0) {
                lookup_case_name(name, set->name, kind, loop);
                (void)fprintf(out, "%s\n", name);
            }
        }
    }
    auto_race_list(out, set->name);
    if (set->sweep) {
        sweep_list(out, set->name);
    }
}

static hunch_status run(struct bench *bench, hunch_diag *diag)
{
    const char *file = bench_keys_file(bench);
    return file != NULL ? run_file(bench, file, diag) : run_sets(bench, diag);
}

static hunch_status run_sets(struct bench *bench, hunch_diag *diag)
{
    const enum bench_profile profile = bench_profile(bench);
    struct auto_ledger ledger = {.sets = 0};
    size_t count = 0;
    size_t done = 0;
    for (const struct key_set *set = key_sets; set->name != NULL; set++) {
        count += key_set_kinds(set, profile) != 0;
    }
    hunch_status status = HUNCH_OK;
    for (const struct key_set *set = key_sets; set->name != NULL && status == HUNCH_OK; set++) {
        struct pass pass = {.bench = bench, .kinds = key_set_kinds(set, profile)};
        pass.ledger = &ledger;
        if (pass.kinds == 0) {
            continue;
        }
        pass.sweep = set->sweep && profile == BENCH_FULL && sweep_wanted(bench, set->name);
        pass.race = (profile == BENCH_FULL || strcmp(set->name, QUICK_RACE) == 0) &&
                    auto_race_wanted(bench, set->name);
        pass.share = 0.9 / (double)count;
        pass.begun = (double)done++ * pass.share;
        if (!pass.sweep && !pass.race && !panel_wanted(bench, set->name, pass.kinds)) {
            continue;
        }
        progress(&pass, set->name, 0.0);
        status =
            hunch__dataset_load(&pass.keys, set->source, set->n, bench_data_dir(bench), NULL, diag);
        if (status == HUNCH_OK) {
            status = run_pass(&pass, set->name, diag);
        }
        hunch__dataset_free(&pass.keys);
    }
    if (status == HUNCH_OK && profile == BENCH_FULL) {
        status = founding_measure(bench, diag);
    }
    if (status == HUNCH_OK) {
        status = targets_report(bench, key_sets, diag);
    }
    return status == HUNCH_OK ? auto_race_summary(bench, &ledger, diag) : status;
}

/* A stranger's keys: everything but the sweep. */
static hunch_status run_file(struct bench *bench, const char *path, hunch_diag *diag)
{
    struct auto_ledger ledger = {.sets = 0};
    struct pass pass = {.bench = bench, .kinds = FILE_KINDS, .race = true, .share = 1.0};
    pass.ledger = &ledger;
    hunch_status status = hunch__dataset_load_file(&pass.keys, path, 0, NULL, diag);
    if (status == HUNCH_OK) {
        status = run_pass(&pass, pass.keys.name, diag);
    }
    if (status == HUNCH_OK) {
        const struct key_set sets[] = {{.name = pass.keys.name}, {.name = NULL}};
        status = targets_report(bench, sets, diag);
    }
    hunch__dataset_free(&pass.keys);
    return status;
}

static hunch_status run_pass(struct pass *pass, const char *name, hunch_diag *diag)
{
    const struct dataset *keys = &pass->keys;
    hunch_status status = HUNCH_OK;
    if (keys->n == 0) {
        return hunch__fail(diag, HUNCH_EINVAL, 0, "%.80s: no keys", name);
    }
    pass->data = (struct bench_data){.name = name, .n = keys->n, .xxh3 = keys->xxh3};
    status = hardness_describe(&pass->note, keys->note, keys->keys, keys->n, diag);
    pass->data.note = pass->note.text;
    if (status == HUNCH_OK && panel_wanted(pass->bench, name, pass->kinds)) {
        status = run_panel(pass, diag);
    }
    if (status == HUNCH_OK && pass->race && auto_race_wanted(pass->bench, name)) {
        progress(pass, "the automatic choice", 0.7);
        status =
            auto_race_measure(pass->bench, &pass->data, keys->keys, keys->n, pass->ledger, diag);
    }
    if (status == HUNCH_OK && pass->sweep) {
        progress(pass, "sweep", 0.8);
        status = sweep_measure(pass->bench, &pass->data, keys->keys, keys->n, diag);
    }
    return status;
}

static hunch_status run_panel(struct pass *pass, hunch_diag *diag)
{
    const struct dataset *keys = &pass->keys;
    const char *name = pass->data.name;
    struct panel panel = {.count = 0};
    progress(pass, "building", 0.0);
    fill_panel(&panel, pass->bench);
    panel_build(&panel, pass->bench, keys->keys, keys->n,
                figure_wanted(pass->bench, name, "build") ? PANEL_BUILDS_MAX : 1);
    hunch_status status = panel_check(&panel, keys->keys, keys->n, bench_seed(pass->bench), diag);
    if (status == HUNCH_OK) {
        status = hardness_report(pass->bench, &pass->data, keys->keys, keys->n, diag);
    }
    if (status == HUNCH_OK) {
        status = figures_size(pass->bench, &panel, &pass->data, diag);
    }
    if (status == HUNCH_OK) {
        status = figures_build(pass->bench, &panel, &pass->data, diag);
    }
    if (status == HUNCH_OK && bench_wants_impl(pass->bench, index_hunch.name)) {
        status = figures_open(pass->bench, &panel, &pass->data, keys->keys, keys->n, diag);
    }
    if (status == HUNCH_OK && bench_wants_impl(pass->bench, index_hunch.name)) {
        status = figures_threads(pass->bench, &pass->data, keys->keys, keys->n, diag);
    }
    for (enum query_kind kind = 0; kind < QUERY_KINDS && status == HUNCH_OK; kind++) {
        if ((pass->kinds & QUERY_BIT(kind)) != 0 && lookups_wanted(pass->bench, name, kind)) {
            progress(pass, query_kind_name(kind), 0.2 + 0.2 * (double)kind);
            status =
                lookups_measure(pass->bench, &panel, &pass->data, kind, keys->keys, keys->n, diag);
        }
    }
    panel_free(&panel);
    return status;
}

/* Whether the contenders have to be built at all. */
static bool panel_wanted(const struct bench *bench, const char *set, unsigned kinds)
{
    bool wanted = figure_wanted(bench, set, "size") || figure_wanted(bench, set, "build") ||
                  figure_wanted(bench, set, "open") || figure_wanted(bench, set, "hardness") ||
                  figure_wanted(bench, set, "build-threads");
    for (enum query_kind kind = 0; kind < QUERY_KINDS; kind++) {
        wanted = wanted || ((kinds & QUERY_BIT(kind)) != 0 && lookups_wanted(bench, set, kind));
    }
    return wanted;
}

static bool figure_wanted(const struct bench *bench, const char *set, const char *what)
{
    char name[CASE_NAME_MAX];
    (void)snprintf(name, sizeof name, "%s/%s", set, what);
    return bench_wants_case(bench, name);
}

static void fill_panel(struct panel *panel, const struct bench *bench)
{
    for (size_t i = 0; index_contenders[i] != NULL; i++) {
        const struct index_contender *contender = index_contenders[i];
        if (bench_wants_impl(bench, contender->name) ||
            strcmp(contender->name, panel_baseline()) == 0) {
            panel_add(panel, contender, NULL, contender->tuning);
        }
    }
}

static void progress(const struct pass *pass, const char *what, double done)
{
    bench_progress(pass->bench, what, pass->begun + done * pass->share);
}
