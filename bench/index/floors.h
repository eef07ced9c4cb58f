/* The two bounds of the suite: what memory alone costs on this machine, in this run. Every figure
 * can be read as a multiple of them. */
#ifndef HUNCH_BENCH_INDEX_FLOORS_H
#define HUNCH_BENCH_INDEX_FLOORS_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/status.h>

#include "queries.h"

/* Loads ahead of the one that is used. hunch-bench index --profile full --case sweep-floor */
#define FLOOR_DISTANCE 64u

/* A dependent miss: a walk along a random cycle through lines of an array as large as the keys. */
struct floor_chase {
    uint64_t *line; /* owned, [lines][8]: the first word is the next line */
    size_t lines;
};

/* Independent loads, prefetched: of each query's answer, as if its position were known. */
struct floor_loads {
    size_t distance;
};

/* Over an array as large as n keys. On failure nothing is owned. Errors: ENOMEM. */
hunch_status floor_chase_build(struct floor_chase *out, size_t n, uint64_t seed, hunch_diag *diag);

void floor_chase_free(struct floor_chase *chase);

/* Repetitions for a bench_contender: self is the floor, work the struct queries. */
void floor_chase_run(void *self, const void *work, uint64_t *answers);
void floor_loads_run(void *self, const void *work, uint64_t *answers);

#endif
