/* How hard a set is to learn. */
#include "hardness_figures.h"

#include <math.h>
#include <stdio.h>

#include <hunch/index.h>

#include "lookups.h"

/* As in the table of datasets/README.md. */
static const uint32_t bounds[] = {32, 64, 128, 4096};
static const char *const metrics[] = {"s32", "s64", "s128", "s4096"};

#define BOUNDS (sizeof bounds / sizeof bounds[0])

static hunch_status measure(hunch_index_hardness *out, const uint64_t *keys, size_t n,
                            hunch_diag *diag);
static double per_million(const hunch_index_hardness *hardness, size_t i);
static hunch_status report(struct bench *bench, const struct bench_data *data, const char *metric,
                           const char *unit, double value, hunch_diag *diag);

hunch_status hardness_describe(struct hardness_note *out, const char *own, const uint64_t *keys,
                               size_t n, hunch_diag *diag)
{
    hunch_index_hardness hardness;
    hunch_status status = measure(&hardness, keys, n, diag);
    if (status == HUNCH_OK) {
        (void)snprintf(out->text, sizeof out->text, "%.80s%sS64 %.0f, exponent %.2f",
                       own != NULL ? own : "", own != NULL && own[0] != '\0' ? "; " : "",
                       per_million(&hardness, 1),
                       isnan(hardness.exponent) ? 0.0 : hardness.exponent);
    }
    return status;
}

hunch_status hardness_report(struct bench *bench, const struct bench_data *data,
                             const uint64_t *keys, size_t n, hunch_diag *diag)
{
    hunch_index_hardness hardness;
    char name[CASE_NAME_MAX];
    (void)snprintf(name, sizeof name, "%s/hardness", data->name);
    if (!bench_wants_case(bench, name)) {
        return HUNCH_OK;
    }
    hunch_status status = measure(&hardness, keys, n, diag);
    for (size_t i = 0; i < BOUNDS && status == HUNCH_OK; i++) {
        status = report(bench, data, metrics[i], "per million", per_million(&hardness, i), diag);
    }
    if (status == HUNCH_OK && !isnan(hardness.exponent)) {
        status = report(bench, data, "exponent", "", hardness.exponent, diag);
    }
    if (status == HUNCH_OK) {
        status = report(bench, data, "longest_run", "keys", (double)hardness.longest_run, diag);
    }
    return status;
}

static hunch_status measure(hunch_index_hardness *out, const uint64_t *keys, size_t n,
                            hunch_diag *diag)
{
    out->struct_size = sizeof *out;
    return hunch_index_measure(out, keys, n, bounds, BOUNDS, diag);
}

static double per_million(const hunch_index_hardness *hardness, size_t i)
{
    return hardness->distinct > 0 ? (double)hardness->segments[i] * 1e6 / (double)hardness->distinct
                                  : 0;
}

static hunch_status report(struct bench *bench, const struct bench_data *data, const char *metric,
                           const char *unit, double value, hunch_diag *diag)
{
    char name[CASE_NAME_MAX];
    const struct bench_value row = {
        .impl = "keys", .value = value, .q1 = value, .q3 = value, .reps = 1};
    (void)snprintf(name, sizeof name, "%s/hardness", data->name);
    return bench_report_values(bench, name, metric, unit, false, NULL, data, &row, 1, diag);
}
