/* Pictures by gnuplot, without a shell. */
#ifndef HUNCH_BENCH_GNUPLOT_H
#define HUNCH_BENCH_GNUPLOT_H

#include <stdbool.h>
#include <stddef.h>

/* Run `script`, whose output goes to gnuplot's standard output. *svg is that output, zero
 * terminated, to be given to free(). False, with *svg NULL, when gnuplot is not there or fails. */
bool bench__gnuplot(const char *script, char **svg);

#endif
