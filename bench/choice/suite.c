/* The choice suite: its parts in the order of the report. */
#include "suite.h"

#include "part.h"

static hunch_status list(FILE *out, const struct bench *bench, hunch_diag *diag);
static hunch_status run(struct bench *bench, hunch_diag *diag);
static bool is_asked(const struct bench *bench, const struct choice_part *part);

/* What times something comes first, on a processor that is still cool. */
static const struct choice_part *const parts[] = {
    &choice_overhead,   &choice_forward, &choice_quality,   &choice_streams,
    &choice_context,    &choice_audit,   &choice_sequences, &choice_values,
    &choice_candidates, &choice_traces,  &choice_sort,
};

enum { PARTS = sizeof parts / sizeof *parts };

const struct bench_suite bench_choice_suite = {
    .name = "choice",
    .title = "Choice: choose() and reward(), what they cost and what they learn",
    .classic = "lru",
    .list = list,
    .run = run,
};

static hunch_status list(FILE *out, const struct bench *bench, hunch_diag *diag)
{
    (void)diag;
    for (size_t i = 0; i < PARTS; i++) {
        if (is_asked(bench, parts[i])) {
            parts[i]->list(out, bench);
        }
    }
    return HUNCH_OK;
}

static hunch_status run(struct bench *bench, hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < PARTS && status == HUNCH_OK; i++) {
        if (is_asked(bench, parts[i])) {
            status = parts[i]->run(bench, diag);
        }
    }
    return status;
}

/* Whose data are a stranger's own asks for their part alone. */
static bool is_asked(const struct bench *bench, const struct choice_part *part)
{
    const bool csv = bench_csv_file(bench) != NULL;
    const bool trace = bench_trace_file(bench) != NULL;
    return (!csv && !trace) || (csv && part == &choice_quality) ||
           (trace && part == &choice_traces);
}
