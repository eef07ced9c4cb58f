/* What the judges are told of an object: cells, and their coordinates as features. */
#ifndef HUNCH_BENCH_CHOICE_CACHE_CELLS_H
#define HUNCH_BENCH_CHOICE_CACHE_CELLS_H

#include <stdbool.h>

#include "object_store.h"

enum {
    CELLS_PROMOTION = 3 * 2 * 4,
    CELLS_PROMOTION_FEATURES = 3,
    CELLS_RETENTION = 6 * 8,
    CELLS_RETENTION_FEATURES = 3
};

/* At the end of the small queue: hits, 1 to 3; whether it had left before; how late in its stay the
 * last hit came. Hits right after the insertion are the same visit, not a return. */
uint32_t cells_promotion(const struct object *object, uint32_t now, bool returned);
void cells_describe_promotion(uint32_t cell, float *x);

/* At the end of main: requests so far; the last gap between two, in units of the age of those that
 * main lets go. */
uint32_t cells_retention(const struct object *object, float main_age);
void cells_describe_retention(uint32_t cell, float *x);

#endif
