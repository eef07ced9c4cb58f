/* The answers, found in the most plain way there is. */
#ifndef HUNCH_TESTS_ORACLE_H
#define HUNCH_TESTS_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Position of the first of keys[n], ascending, that is >= `key`, or n. */
size_t oracle_lower_bound(const uint64_t *keys, size_t n, uint64_t key);

/* Position of the first that is > `key`, or n. */
size_t oracle_upper_bound(const uint64_t *keys, size_t n, uint64_t key);

/* Whether no key is smaller than the one before it. */
bool oracle_is_sorted(const uint64_t *keys, size_t n);

/* An exact set of numbers: a sorted array. Zeroed is empty. */
struct oracle_set {
    uint64_t *keys; /* [n], owned, ascending, distinct */
    size_t n;
    size_t room;
};

/* True when it was not there before. */
bool oracle_set_insert(struct oracle_set *set, uint64_t key);
bool oracle_set_contains(const struct oracle_set *set, uint64_t key);
void oracle_set_free(struct oracle_set *set);

#endif
