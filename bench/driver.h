/* One run of hunch-bench, from inside the driver. */
#ifndef HUNCH_BENCH_DRIVER_H
#define HUNCH_BENCH_DRIVER_H

#include <regex.h>

#include <hunch/io.h>

#include "bench.h"
#include "environment.h"
#include "options.h"
#include "progress.h"
#include "rows.h"

struct bench {
    struct bench_options options;
    const hunch_clock *clock;        /* borrowed                                */
    const struct bench_suite *suite; /* the one that runs                       */
    struct bench_environment environment;
    struct bench_rows rows;
    struct bench_progress progress;
    FILE *table; /* stdout, or stderr when stdout is the JSON's */
    int json;    /* descriptor; -1 for none                     */
    regex_t case_regex, impl_regex;
    bool has_case_regex, has_impl_regex; /* compiled, to be freed         */
    bool table_colour;
    bool answers_differ; /* in any row so far */
};

/* Compile the filters and open the outputs. bench__close() follows in any case.
 * Errors: EINVAL (a regex), ENOENT and EIO (a file cannot be written), ENOMEM. */
HUNCH_MUST_USE hunch_status bench__open(struct bench *bench, const struct bench_options *options,
                                        const hunch_clock *clock, hunch_diag *diag);

/* A row of the case for `impl`, without a figure so far. */
struct bench_row bench__row(const struct bench *bench, const struct bench_case *c,
                            const char *impl);

/* Ratios, JSON Lines and table of the rows from `first` on: one case and metric, now complete.
 * `baseline` is the baseline's value, 0 when it has none. Errors: ENOMEM, EIO. */
HUNCH_MUST_USE hunch_status bench__finish_group(struct bench *bench, size_t first, double baseline,
                                                hunch_diag *diag);

/* Whether this error of a contender is that of wrong answers. NULL is no error. */
bool bench__is_wrong(const char *error);

void bench__close(struct bench *bench);

#endif
