/* What the index is meant to reach, set by set, beside what it reached in this run. */
#ifndef HUNCH_BENCH_INDEX_TARGETS_H
#define HUNCH_BENCH_INDEX_TARGETS_H

#include <stdio.h>

#include "sets.h"

#define CLASSES_ALL (CLASS_BIT(SET_SMOOTH) | CLASS_BIT(SET_HARD) | CLASS_BIT(SET_OTHER))

/* The names of the cases of sets of these classes, CLASS_BITs. */
void targets_list(FILE *out, unsigned classes);

/* A case for each target, of the rows of this run: the limit, and a row for each of `sets` of its
 * class that was measured. Every figure is better the smaller it is; its ratio to the limit is at
 * most 1 where the target is met. A name of NULL ends the sets. Errors: as of
 * bench_report_values(). */
HUNCH_MUST_USE hunch_status targets_report(struct bench *bench, const struct key_set *sets,
                                           hunch_diag *diag);

#endif
