/* The parts of the report, in their order on the page. */
#ifndef HUNCH_BENCH_REPORT_PARTS_H
#define HUNCH_BENCH_REPORT_PARTS_H

#include "driver.h"

/* The page's style sheet. */
extern const char bench__report_style[];

/* Each works on rows [first, end), which are the rows of one suite. */
void bench__report_summary(FILE *out, const struct bench *bench, const struct bench_suite *suite,
                           size_t first, size_t end);
void bench__report_plots(FILE *out, const struct bench *bench, size_t first, size_t end);
void bench__report_figures(FILE *out, const struct bench *bench, size_t first, size_t end);

/* The command that measures the case of *row again, ready for a shell. */
void bench__report_command(FILE *out, const struct bench *bench, const struct bench_row *row);

/* Whether both are of one data set: names that begin alike, up to the first slash, and its name. */
bool bench__same_set(const struct bench_row *a, const struct bench_row *b);

#endif
