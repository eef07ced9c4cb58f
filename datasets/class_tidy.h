/* A class set made ready to be a stream. */
#ifndef HUNCH_DATASETS_CLASS_TIDY_H
#define HUNCH_DATASETS_CLASS_TIDY_H

#include "class_set.h"

/* Make *out of `set`: without the columns that are the same in every row, the others called n0, c1,
 * ..., and the rows shuffled as `seed` says, since files have them sorted, often by class. The
 * allocator is the set's. On failure *out is empty. Errors: ECORRUPT (no column is left), ENOMEM.
 */
HUNCH_MUST_USE hunch_status hunch__class_tidy(struct class_set *out, const struct class_set *set,
                                              uint64_t seed, hunch_diag *diag);

#endif
