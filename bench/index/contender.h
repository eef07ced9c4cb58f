/* What the index suite compares: ways to find lower bounds among sorted u64 keys.
 *
 * Every contender is exact for every input: no keys at all, duplicates, the keys 0 and 2^64-1. The
 * conformance suite of the tests runs over the same table as the benchmark. */
#ifndef HUNCH_BENCH_INDEX_CONTENDER_H
#define HUNCH_BENCH_INDEX_CONTENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/status.h>

HUNCH_API_BEGIN

/* Look-ups in flight that a contender keeps its state for. */
#define INDEX_BATCH_WIDTH_MAX 256u

/* The two numbers that the sweep turns. */
struct index_tuning {
    unsigned batch_width; /* look-ups in flight, 1 to INDEX_BATCH_WIDTH_MAX                      */
    unsigned parameter;   /* the contender's own: node keys, levels, bits, steps; else 0         */
};

/* Answer i of a loop is the position of the first key >= queries[i], or n if there is none; where
 * returns_keys is set, it is that key itself, or queries[i] - 1 if there is none: no such key is
 * below the query, and below the query 0 lies UINT64_MAX, which is asked of no keys at all. */
struct index_contender {
    const char *name;

    /* The peer was not found when the build was configured: no function is set. */
    bool absent;
    bool returns_keys;
    /* It has no batch of its own: `batched` is the plain loop. */
    bool plain_batch;
    /* It searches the keys as they lie. */
    bool builds_nothing;
    struct index_tuning tuning; /* what the sweep found best */

    /* Build over keys[n], ascending, borrowed until free(). On failure *out is NULL.
     * Errors: ENOMEM, ELIMIT (more keys than the structure can number). */
    hunch_status (*build)(void **out, const uint64_t *keys, size_t n,
                          const struct index_tuning *tuning, hunch_diag *diag);

    /* Answer queries[n]. fenced: one look-up after the other, none overlaps the next. independent:
     * a plain loop, which the processor overlaps as it can. batched: the contender's own
     * interleaving. */
    void (*fenced)(const void *self, const uint64_t *queries, size_t n, uint64_t *answers);
    void (*independent)(const void *self, const uint64_t *queries, size_t n, uint64_t *answers);
    void (*batched)(const void *self, const uint64_t *queries, size_t n, uint64_t *answers);

    /* Memory that answering needs, beyond 8 bytes a key for one copy of the keys. */
    size_t (*bytes)(const void *self);

    /* What it has chosen by itself: "cells"; NULL when there is nothing to choose. */
    const char *(*model)(const void *self);

    /* NULL is fine. */
    void (*free)(void *self);
};

/* All contenders in the order of the report, NULL at the end; index_contenders[0] is hunch. */
extern const struct index_contender *const index_contenders[];

HUNCH_API_END

#endif
