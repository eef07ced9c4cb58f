/* The experiment that founded the field: log time-stamps, a B-tree with pages of 128 keys, and
 * lines of four sizes (Kraska et al., "The case for learned index structures", SIGMOD 2018, figure
 * 4). */
#ifndef HUNCH_BENCH_INDEX_FOUNDING_H
#define HUNCH_BENCH_INDEX_FOUNDING_H

#include <stdio.h>

#include "bench.h"

/* Print the names of the cases. */
void founding_list(FILE *out);

/* Measure those that are wanted. Errors: ENOMEM, EIO. */
HUNCH_MUST_USE hunch_status founding_measure(struct bench *bench, hunch_diag *diag);

#endif
