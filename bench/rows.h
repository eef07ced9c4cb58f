/* The figures of a run: what table, JSON Lines and report are made from. */
#ifndef HUNCH_BENCH_ROWS_H
#define HUNCH_BENCH_ROWS_H

#include "bench.h"

/* One figure. A row has either a value or an error. Strings belong to the rows; equal ones are the
 * same pointer, so that == compares them. */
struct bench_row {
    const char *suite, *case_name, *impl, *metric, *unit;
    const char *baseline; /* NULL: the figure is compared with none                     */
    const char *error;    /* why there is no value; NULL when there is one              */
    const char *model;    /* what the impl had picked by itself, or NULL                */
    const char *recorded; /* where a figure comes from that is not of this run, or NULL */
    bool higher_is_better;
    bool floor;
    bool has_ratio;
    bool has_answers;
    bool none; /* the value is that of nothing: shown as "none", no ratio, not in the score */
    double value, q1, q3; /* zero when there is an error                                 */
    double ratio;         /* value / the baseline's                                      */
    unsigned reps;
    uint64_t answers; /* XXH3-64; of the first wrong repetition when the answers differ */
    struct bench_data data;
};

/* All rows in the order in which they came, those of one case and metric together. */
struct bench_rows {
    struct bench_row *items; /* [count]          */
    size_t count, capacity;
    char **texts; /* [text_count], every string once */
    size_t text_count, text_capacity;
};

/* Append a copy of *row. Its strings are cleaned on the way: what is no UTF-8, or would steer a
 * terminal, becomes '?'. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status bench__rows_add(struct bench_rows *rows, const struct bench_row *row,
                                            hunch_diag *diag);

/* End of the group (same suite, case and metric) that begins at row `first`. */
size_t bench__rows_group_end(const struct bench_rows *rows, size_t first);

/* The value that multiples of the floor are taken of: the group's first floor's; 0 for none. */
double bench__rows_floor(const struct bench_rows *rows, size_t first, size_t end);

/* Fill in the ratios of rows [first, end) to the baseline's value; 0: it has none. */
void bench__rows_compare(struct bench_rows *rows, size_t first, size_t end, double baseline);

/* Row of `impl` among [first, end), or NULL. */
const struct bench_row *bench__rows_find(const struct bench_rows *rows, size_t first, size_t end,
                                         const char *impl);

/* Whether the impl is ours: "hunch" or a variant "hunch-...". */
bool bench__is_ours(const char *impl);

void bench__rows_free(struct bench_rows *rows);

#endif
