/* Figures that are not timed by repetition. */
#include <string.h>

#include "asserts.h"
#include "driver.h"

static struct bench_row value_row(const struct bench *bench, const struct bench_case *c,
                                  const struct bench_value *value);

hunch_status bench_report_values(struct bench *bench, const char *case_name, const char *metric,
                                 const char *unit, bool higher_is_better, const char *baseline,
                                 const struct bench_data *data, const struct bench_value *values,
                                 size_t count, hunch_diag *diag)
{
    const struct bench_case c = {
        .name = case_name,
        .metric = metric,
        .unit = unit,
        .higher_is_better = higher_is_better,
        .baseline = baseline,
        .data = data,
    };
    const size_t first = bench->rows.count;
    double baseline_value = 0;
    HUNCH_ASSERT(data != NULL && (values != NULL || count == 0));
    if (!bench_wants_case(bench, case_name)) {
        return HUNCH_OK;
    }
    for (size_t i = 0; i < count; i++) {
        const struct bench_row row = value_row(bench, &c, &values[i]);
        if (baseline != NULL && strcmp(row.impl, baseline) == 0) {
            baseline_value = row.none || row.recorded != NULL ? 0 : row.value;
        }
        const bool wrong = bench__is_wrong(row.error);
        bench->answers_differ = bench->answers_differ || wrong;
        const hunch_status status = wrong || bench_wants_impl(bench, row.impl)
                                        ? bench__rows_add(&bench->rows, &row, diag)
                                        : HUNCH_OK;
        if (status != HUNCH_OK) {
            return status;
        }
    }
    return bench__finish_group(bench, first, baseline_value, diag);
}

bool bench_least(const struct bench *bench, const char *case_name, const char *metric,
                 bool (*counts)(const char *impl), double *value, size_t *n)
{
    bool found = false;
    *value = 0;
    for (size_t i = 0; i < bench->rows.count; i++) {
        const struct bench_row *row = &bench->rows.items[i];
        if (strcmp(row->suite, bench->suite->name) == 0 && row->error == NULL && !row->none &&
            row->recorded == NULL && strcmp(row->case_name, case_name) == 0 &&
            strcmp(row->metric, metric) == 0 && counts(row->impl) &&
            (!found || row->value < *value)) {
            found = true;
            *value = row->value;
            *n = (size_t)row->data.n;
        }
    }
    return found;
}

static struct bench_row value_row(const struct bench *bench, const struct bench_case *c,
                                  const struct bench_value *value)
{
    struct bench_row row = bench__row(bench, c, value->impl);
    row.error = value->error;
    row.model = value->model;
    row.recorded = value->recorded;
    row.floor = strncmp(value->impl, "floor-", 6) == 0;
    if (value->error == NULL) {
        const bool spread = value->reps > 1;
        row.value = value->value;
        row.q1 = spread ? value->q1 : value->value;
        row.q3 = spread ? value->q3 : value->value;
        row.reps = spread ? value->reps : 1;
        row.none = value->none;
    }
    return row;
}
