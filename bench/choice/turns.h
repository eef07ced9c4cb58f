/* Timing of operations that are shorter than a reading of the clock: in batches, in turns, with
 * the spread that a median hides. */
#ifndef HUNCH_BENCH_CHOICE_TURNS_H
#define HUNCH_BENCH_CHOICE_TURNS_H

#include "bench.h"

/* Operations of a reading, and readings of a turn: all 1,024 contexts once. */
#define TURN_OPS      64u
#define TURN_BATCHES  16u
#define TURN_CONTEXTS (TURN_OPS * TURN_BATCHES)
/* Most contenders of a case. */
#define TURN_MAX      12u

/* What is timed. */
struct turn {
    const char *impl;
    const char *error; /* not NULL: a row with this reason; the functions are unused     */
    const char *model; /* what it had picked by itself, or NULL                          */
    void *self;

    /* Untimed, before each batch: NULL when there is nothing to do. */
    void (*prepare)(void *self, size_t batch);
    /* TURN_OPS operations on the contexts of the batch, in [0, TURN_BATCHES). */
    void (*run)(void *self, size_t batch);
    /* Untimed, after all: whether what it did was right. NULL: nothing to be wrong. */
    bool (*right)(void *self);
    /* Untimed, after all: the model for the row, NULL for `model`. */
    const char *(*picked)(void *self);
};

/* Time turns[count] against one another and add rows of p50_ns, p99_ns, p999_ns and
 * p999_over_p50, an operation each; the ratios are to `baseline`. What a reading itself costs, the
 * median of empty ones from the same turns, is taken off each. Who was wrong gets no value.
 * Errors: ENOMEM, EIO. */
hunch_status turns_measure(struct bench *bench, const char *case_name, const char *baseline,
                           const struct bench_data *data, struct turn *turns, size_t count,
                           hunch_diag *diag);

/* The atomic addition that multiples are taken of, to no shared line. */
struct turn turn_fetch_add(_Atomic(uint64_t) *counter);

#define FLOOR_FETCH_ADD "floor-fetch-add"

#endif
