/* Query sets: drawn before the timing, in random order, with the right answers. */
#ifndef HUNCH_BENCH_INDEX_QUERIES_H
#define HUNCH_BENCH_INDEX_QUERIES_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/status.h>

enum query_kind {
    QUERY_PRESENT,        /* keys of uniformly drawn positions                                   */
    QUERY_ABSENT,         /* such a key + 1, when that is none                                   */
    QUERY_ABSENT_UNIFORM, /* uniform over the range of the keys, so mostly absent                */
    QUERY_ZIPF,           /* keys of positions drawn by Zipf's law with exponent 0.99, scattered */
    QUERY_KINDS
};

/* Keys to look up, over a set of keys. */
struct queries {
    const uint64_t *keys; /* [n], sorted, borrowed */
    size_t n;
    uint64_t *query;  /* owned, [count] */
    uint64_t *answer; /* owned, [count]: the position of each, by plain binary search */
    size_t count;
};

/* "present", "absent", "absent-uniform", "zipf". */
const char *query_kind_name(enum query_kind kind);

/* Draw `count` > 0 queries over keys[n], n > 0; the same for the same seed. Where no key + 1 is
 * absent, an absent query is a key beyond the last. On failure nothing is owned. Errors: ENOMEM. */
hunch_status queries_draw(struct queries *out, enum query_kind kind, const uint64_t *keys, size_t n,
                          size_t count, uint64_t seed, hunch_diag *diag);

void queries_free(struct queries *queries);

/* The oracle: position of the first of keys[n] that is >= key, or n. */
size_t queries_lower_bound(const uint64_t *keys, size_t n, uint64_t key);

/* Position that a contender means whose answers are keys; UINT64_MAX where its answer is no key. */
uint64_t queries_position(const uint64_t *keys, size_t n, uint64_t query, uint64_t answer);

#endif
