/* Key sets made from nothing: the same bytes on every machine, for one name, n and seed. */
#ifndef HUNCH_DATASETS_GENERATE_H
#define HUNCH_DATASETS_GENERATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/status.h>

#include "key_list.h"

/* What is to be made. */
struct generation {
    uint64_t *keys; /* [n] to fill, ascending */
    size_t n;       /* > 0                    */
    double parameter;
    uint64_t seed;
    const hunch_allocator *allocator; /* for scratch */
    hunch_diag *diag;
};

/* A kind of key set. */
struct generator {
    const char *name; /* "cascade" */
    const char *what; /* one line for people */
    bool has_parameter;
    double parameter, least, most; /* what it is when not given, and its range */

    hunch_status (*fill)(const struct generation *g); /* errors: ENOMEM, EINVAL (n is too large) */
};

/* Keys of a generator when no number is asked for. */
#define HUNCH__GENERATED_KEYS ((size_t)10000000)

/* All of them; *count says how many. Static. */
const struct generator *hunch__generators(size_t *count);

/* The generator that "uniform" or "cascade(0.3)" names, and its parameter. Errors: ENOENT (no such
 * generator), EINVAL (the parameter; diag->at is its place in the text). */
HUNCH_MUST_USE hunch_status hunch__generator_find(const struct generator **out, double *parameter,
                                                  const char *text, hunch_diag *diag);

/* n keys, ascending, of the generator that `text` names. On failure *out is empty. `allocator` NULL
 * is the default. Errors: those of hunch__generator_find(), ENOMEM, EINVAL (more keys than it
 * has). */
HUNCH_MUST_USE hunch_status hunch__generate(struct key_list *out, const char *text, size_t n,
                                            uint64_t seed, const hunch_allocator *allocator,
                                            hunch_diag *diag);

#endif
