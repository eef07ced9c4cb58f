/* Traces made from nothing: the same requests on every machine, for one name, n and seed. */
#ifndef HUNCH_DATASETS_TRACE_GENERATE_H
#define HUNCH_DATASETS_TRACE_GENERATE_H

#include <stddef.h>
#include <stdint.h>

#include "key_list.h"

/* Requests of a generator when no number is asked for. */
#define HUNCH__GENERATED_REQUESTS ((size_t)500000)

/* The generator as people may ask for it. */
#define HUNCH__REQUESTS "requests(50000,0.8,0.2)"

/* n (0: as above) requests of "requests(KEYS,SKEW,SCANS)".
 *
 * Most ask for one of KEYS keys, the i-th most popular with a probability as i^-SKEW, SKEW in
 * [0, 2]; the popularity drifts, so that yesterday's keys are forgotten. A share of SCANS, in
 * [0, 1), are runs over keys in order: half of them new ones that never come again, half a loop
 * over KEYS / 4 keys. On failure *out is empty. Errors: ENOENT (no such generator), EINVAL (a
 * parameter; diag->at is its place in the text), ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__trace_generate(struct key_list *out, const char *text, size_t n,
                                                  uint64_t seed, const hunch_allocator *allocator,
                                                  hunch_diag *diag);

#endif
