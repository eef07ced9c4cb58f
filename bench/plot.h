/* The pictures of the report. */
#ifndef HUNCH_BENCH_PLOT_H
#define HUNCH_BENCH_PLOT_H

#include <stdio.h>

#include "rows.h"

/* Rows [first, end) of one case and metric as bars from zero, quartiles as whiskers and the floor
 * as a line, as an inline SVG whose ids begin with `id`. False, with nothing written, when gnuplot
 * cannot do it. */
bool bench__plot_bars(FILE *out, const struct bench_rows *rows, size_t first, size_t end,
                      const char *id);

/* Sizes against times: a dot for each impl that has a value in both groups, sizes across from zero,
 * times upwards on a logarithmic axis. False also when there are fewer than two dots. */
bool bench__plot_scatter(FILE *out, const struct bench_rows *rows, size_t sizes, size_t times,
                         const char *id);

#endif
