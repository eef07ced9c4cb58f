/* Cache policies as their papers describe them, with arrays that are searched from end to end:
 * slow, and short enough to be believed. Keys are below MODEL_KEYS. */
#ifndef HUNCH_TESTS_CACHE_MODELS_H
#define HUNCH_TESTS_CACHE_MODELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MODEL_KEYS = 64, MODEL_LISTS = 5, MODEL_COUNTERS = 256 };

/* Keys in order, the newest first. */
struct model_list {
    uint64_t keys[MODEL_KEYS];
    size_t n;
};

/* The state of any of the models; zeroed but for the capacity it is an empty cache. */
struct model {
    size_t capacity; /* >= 1, below MODEL_KEYS / 2 */
    struct model_list list[MODEL_LISTS];
    uint64_t stamp[MODEL_KEYS];
    unsigned count[MODEL_KEYS];
    bool mark[MODEL_KEYS];
    uint64_t now;
    double p;
    size_t hand; /* SIEVE: the key under it, plus 1; 0 for none */
    unsigned sketch[4][MODEL_COUNTERS];
    const uint64_t *future; /* optimum: all requests, [requests] */
    size_t requests;
};

/* One request: whether the key was there. */
typedef bool model_access(struct model *model, uint64_t key);

/* The model of the policy called `name`; NULL when there is none. */
model_access *model_find(const char *name);

#endif
