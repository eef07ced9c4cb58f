/* How hard a key set is for a model made of straight lines. */
#ifndef HUNCH_TESTS_SEGMENTS_H
#define HUNCH_TESTS_SEGMENTS_H

#include <stddef.h>
#include <stdint.h>

/* The fewest straight lines that come within `eps` positions of every position i of distinct,
 * ascending keys[n], as (keys[i], i). Exact. */
size_t segments_least(const uint64_t *keys, size_t n, size_t eps);

#endif
