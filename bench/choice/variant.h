/* The same class set with columns that a good learner takes no notice of. */
#ifndef HUNCH_BENCH_CHOICE_VARIANT_H
#define HUNCH_BENCH_CHOICE_VARIANT_H

#include "class_set.h"

enum variant {
    VARIANT_SCALED,     /* every other numeric column times 10^6 */
    VARIANT_DUPLICATED, /* the first column twice                */
    VARIANT_CONSTANT,   /* 30 more columns that never change     */
    VARIANTS
};

/* "scaled", "duplicated", "constant". */
const char *variant_name(enum variant variant);

/* On failure *out is empty and may be freed. Errors: ENOMEM. */
hunch_status variant_make(struct class_set *out, const struct class_set *set, enum variant variant,
                          hunch_diag *diag);

#endif
