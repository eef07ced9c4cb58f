/* The answers, found in the most plain way there is. */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

#include "test_memory.h"

size_t oracle_lower_bound(const uint64_t *keys, size_t n, uint64_t key)
{
    size_t low = 0;
    size_t high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (keys[middle] < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t oracle_upper_bound(const uint64_t *keys, size_t n, uint64_t key)
{
    return key == UINT64_MAX ? n : oracle_lower_bound(keys, n, key + 1);
}

bool oracle_is_sorted(const uint64_t *keys, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (keys[i] < keys[i - 1]) {
            return false;
        }
    }
    return true;
}

bool oracle_set_insert(struct oracle_set *set, uint64_t key)
{
    const size_t at = oracle_lower_bound(set->keys, set->n, key);
    if (at < set->n && set->keys[at] == key) {
        return false;
    }
    if (set->n == set->room) {
        set->room = 2 * set->room + 16;
        set->keys = memory_resize(set->keys, set->room * sizeof *set->keys);
    }
    memmove(set->keys + at + 1, set->keys + at, (set->n - at) * sizeof *set->keys);
    set->keys[at] = key;
    set->n++;
    return true;
}

bool oracle_set_contains(const struct oracle_set *set, uint64_t key)
{
    const size_t at = oracle_lower_bound(set->keys, set->n, key);
    return at < set->n && set->keys[at] == key;
}

void oracle_set_free(struct oracle_set *set)
{
    free(set->keys);
    *set = (struct oracle_set){NULL, 0, 0};
}
