/* The figures of one set that are not look-ups. */
#define _GNU_SOURCE /* mkdtemp, unlink */
#include "figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hunch/index.h>

#include "lookups.h"
#include "quartiles.h"

#define OPENINGS      15u
#define BUILDS_TIMED  5u
/* Less than this is the handful of fields that any search needs. */
#define NOTHING_BYTES 1024.0

static hunch_status report(struct bench *bench, const struct bench_data *data, const char *what,
                           const char *metric, const char *unit, const struct bench_value *values,
                           size_t count, hunch_diag *diag);
static const char *model_of(const struct entry *entry);
static struct bench_value summary(const char *impl, double *samples, unsigned count);
static hunch_status time_openings(const struct bench *bench, const uint64_t *keys, size_t n,
                                  double *ns);
static hunch_status open_again(const struct bench *bench, const char *path, double *ns);

hunch_status figures_size(struct bench *bench, const struct panel *panel,
                          const struct bench_data *data, hunch_diag *diag)
{
    struct bench_value total[PANEL_MAX];
    struct bench_value per_key[PANEL_MAX];
    for (size_t i = 0; i < panel->count; i++) {
        const struct entry *entry = &panel->entries[i];
        total[i] = (struct bench_value){.impl = entry->name, .error = entry->error, .reps = 1};
        total[i].value = entry->error == NULL ? (double)entry->contender.bytes(entry->index) : 0.0;
        total[i].model = model_of(entry);
        total[i].none = entry->error == NULL && total[i].value < NOTHING_BYTES;
        per_key[i] = total[i];
        per_key[i].value = total[i].value / (double)data->n;
    }
    hunch_status status =
        report(bench, data, "size", "bytes_total", "B", total, panel->count, diag);
    if (status == HUNCH_OK) {
        status = report(bench, data, "size", "bytes_per_key", "B", per_key, panel->count, diag);
    }
    return status;
}

hunch_status figures_build(struct bench *bench, const struct panel *panel,
                           const struct bench_data *data, hunch_diag *diag)
{
    struct bench_value values[PANEL_MAX];
    for (size_t i = 0; i < panel->count; i++) {
        const struct entry *entry = &panel->entries[i];
        double per_key[PANEL_BUILDS_MAX];
        for (unsigned round = 0; round < panel->builds; round++) {
            per_key[round] = entry->build_ns[round] / (double)data->n;
        }
        values[i] = summary(entry->name, per_key, panel->builds);
        values[i].error = entry->error;
        values[i].none = entry->contender.builds_nothing;
        values[i].model = model_of(entry);
    }
    return report(bench, data, "build", "build_ns_per_key", "ns", values, panel->count, diag);
}

hunch_status figures_open(struct bench *bench, const struct panel *panel,
                          const struct bench_data *data, const uint64_t *keys, size_t n,
                          hunch_diag *diag)
{
    double ns[OPENINGS] = {0};
    char name[CASE_NAME_MAX];
    (void)snprintf(name, sizeof name, "%s/open", data->name);
    if (!bench_wants_case(bench, name)) {
        return HUNCH_OK; /* the file is large */
    }
    hunch_status status = time_openings(bench, keys, n, ns);
    struct bench_value value = summary("hunch", ns, OPENINGS);
    value.error = status == HUNCH_OK ? panel->entries[0].error : hunch_status_text(status);
    return bench_report_values(bench, name, "p50_ns", "ns", false, NULL, data, &value, 1, diag);
}

hunch_status figures_threads(struct bench *bench, const struct bench_data *data,
                             const uint64_t *keys, size_t n, hunch_diag *diag)
{
    static const char *const names[2] = {"hunch-1-thread", "hunch-2-threads"};
    double ns[2][BUILDS_TIMED];
    struct bench_value values[2];
    char name[CASE_NAME_MAX];
    hunch_status status = HUNCH_OK;
    (void)snprintf(name, sizeof name, "%s/build-threads", data->name);
    if (!bench_wants_case(bench, name)) {
        return HUNCH_OK;
    }
    for (unsigned round = 0; round < BUILDS_TIMED; round++) {
        for (uint32_t t = 0; t < 2 && status == HUNCH_OK; t++) {
            const hunch_index_options options = {
                .struct_size = sizeof options, .threads = t + 1, .no_measuring = 1};
            hunch_index *index = NULL;
            const uint64_t begun = bench_now_ns(bench);
            status = hunch_index_build(&index, keys, n, &options, diag);
            ns[t][round] = (double)(bench_now_ns(bench) - begun) / (double)n;
            hunch_index_free(index);
        }
    }
    for (unsigned t = 0; t < 2 && status == HUNCH_OK; t++) {
        values[t] = summary(names[t], ns[t], BUILDS_TIMED);
    }
    return status != HUNCH_OK ? status
                              : bench_report_values(bench, name, "build_ns_per_key", "ns", false,
                                                    names[0], data, values, 2, diag);
}

static hunch_status report(struct bench *bench, const struct bench_data *data, const char *what,
                           const char *metric, const char *unit, const struct bench_value *values,
                           size_t count, hunch_diag *diag)
{
    char name[CASE_NAME_MAX];
    (void)snprintf(name, sizeof name, "%s/%s", data->name, what);
    return bench_report_values(bench, name, metric, unit, false, panel_baseline(), data, values,
                               count, diag);
}

/* What the entry has picked by itself. */
static const char *model_of(const struct entry *entry)
{
    const bool chose = entry->error == NULL && entry->contender.model != NULL;
    return chose ? entry->contender.model(entry->index) : NULL;
}

/* Sorts the samples. */
static struct bench_value summary(const char *impl, double *samples, unsigned count)
{
    struct bench_quartiles quartiles = bench__quartiles(samples, count);
    return (struct bench_value){
        .impl = impl,
        .value = quartiles.median,
        .q1 = quartiles.q1,
        .q3 = quartiles.q3,
        .reps = count,
    };
}

/* Save an index into a folder of our own and open it ns[OPENINGS] times. */
static hunch_status time_openings(const struct bench *bench, const uint64_t *keys, size_t n,
                                  double *ns)
{
    char folder[256];
    char path[sizeof folder + 16];
    const char *tmp = getenv("TMPDIR");
    int length = snprintf(folder, sizeof folder, "%s/hunch-bench-XXXXXX",
                          tmp != NULL && *tmp != '\0' ? tmp : P_tmpdir);
    if (length < 0 || (size_t)length >= sizeof folder || mkdtemp(folder) == NULL) {
        return HUNCH_EIO;
    }
    (void)snprintf(path, sizeof path, "%s/index.hunch", folder);
    hunch_index *index = NULL;
    hunch_status status = hunch_index_build(&index, keys, n, NULL, NULL);
    if (status == HUNCH_OK) {
        status = hunch_index_save(index, path, NULL);
    }
    for (unsigned i = 0; i < OPENINGS && status == HUNCH_OK; i++) {
        status = open_again(bench, path, &ns[i]);
    }
    hunch_index_free(index);
    (void)unlink(path);
    (void)rmdir(folder);
    return status;
}

static hunch_status open_again(const struct bench *bench, const char *path, double *ns)
{
    hunch_index *index = NULL;
    uint64_t begun = bench_now_ns(bench);
    hunch_status status = hunch_index_open(&index, path, NULL, NULL);
    *ns = (double)(bench_now_ns(bench) - begun);
    hunch_index_free(index);
    return status;
}
