/* The tuning of every contender, on two sets, in the profile full: what the numbers in the table of
 * contenders come from. */
#ifndef HUNCH_BENCH_INDEX_SWEEP_H
#define HUNCH_BENCH_INDEX_SWEEP_H

#include <stdio.h>

#include "bench.h"

/* Print the names of a set's sweep cases. */
void sweep_list(FILE *out, const char *set);

/* Whether any of them is wanted. */
bool sweep_wanted(const struct bench *bench, const char *set);

/* Measure those that are wanted, on present keys out of keys[n], n > 0. Errors: ENOMEM, EIO. */
hunch_status sweep_measure(struct bench *bench, const struct bench_data *data, const uint64_t *keys,
                           size_t n, hunch_diag *diag);

#endif
