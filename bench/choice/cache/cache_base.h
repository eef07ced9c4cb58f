/* What every policy begins with: its objects and its size. */
#ifndef HUNCH_BENCH_CHOICE_CACHE_CACHE_BASE_H
#define HUNCH_BENCH_CHOICE_CACHE_CACHE_BASE_H

#include <stddef.h>

#include "object_list.h"
#include "object_store.h"

#include <hunch/status.h>

/* The first member of every policy's struct. */
struct cache_base {
    struct object_store store;
    size_t capacity;   /* objects that may be resident */
    size_t self_bytes; /* of the whole struct          */
};

/* Make a zeroed struct of self_bytes that begins with a cache_base, whose store has room for
 * `known` objects, the resident ones included. On failure *out is NULL. Errors: ENOMEM, ELIMIT. */
HUNCH_MUST_USE hunch_status cache_base_make(void **out, size_t self_bytes, size_t capacity,
                                            size_t known, const hunch_allocator *allocator,
                                            hunch_diag *diag);

/* bytes() and free() of a policy that owns nothing else. */
size_t cache_base_bytes(const void *self);
void cache_base_free(void *self);

/* `share` of the capacity, rounded down, at least 1. */
static inline size_t cache_share(size_t capacity, double share)
{
    const size_t objects = (size_t)((double)capacity * share);
    return objects > 0 ? objects : 1;
}

#endif
