/* Caches that decide what to keep, run over traces of requests.
 *
 * Objects are one unit each. A missed object is loaded and takes a place, except that `optimum` may
 * pass it by; a cache starts empty; every request counts. */
#ifndef HUNCH_BENCH_CHOICE_CACHE_H
#define HUNCH_BENCH_CHOICE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/status.h>

#include "trace.h"

/* A trace and how many different keys it has. */
struct cache_trace {
    struct trace trace; /* owned: keys, n, name, note, xxh3 */
    size_t unique;
};

/* A policy. Two objects of one policy that see the same requests decide alike. */
struct cache_policy_ops {
    const char *name;
    bool offline; /* a bound, no contender: it is shown all requests beforehand */

    /* Make an empty cache for `capacity` > 0 objects. Only an offline policy looks at keys[n],
     * which are borrowed for the object's life. On failure *out is NULL. Errors: ENOMEM, ELIMIT
     * (more objects than can be numbered). */
    hunch_status (*make)(void **out, size_t capacity, const uint64_t *keys, size_t n,
                         const hunch_allocator *allocator, hunch_diag *diag);

    /* One request: whether the object was there. Afterwards it is. */
    bool (*access)(void *self, uint64_t key);

    /* Memory in use for deciding, all of it. */
    size_t (*bytes)(const void *self);

    /* NULL is fine. */
    void (*free)(void *self);
};

/* All policies in the order of the report, NULL at the end; cache_policies[0] is hunch. */
extern const struct cache_policy_ops *const cache_policies[];

/* What hunch is compared with to see where its gain comes from, NULL at the end: each arm held
 * fixed, arms played at random, rewards and contexts shuffled. See README.md. */
extern const struct cache_policy_ops *const cache_ablations[];

/* The one called `name` of either table, NULL when there is none. */
const struct cache_policy_ops *cache_policy_find(const char *name);

/* What one run came to. */
struct cache_result {
    uint64_t requests;
    uint64_t misses;
    uint64_t capacity; /* objects                                                  */
    uint64_t bytes;    /* memory for deciding, at the end                          */
    double seconds;    /* of the requests alone, without making and freeing        */
};

/* Load the trace called `name` as hunch__trace_load() does and count its keys. n limits it to its
 * first n requests; 0 is all. On failure *out is empty and may be freed. Errors: those of
 * hunch__trace_load(). */
HUNCH_MUST_USE hunch_status cache_trace_load(struct cache_trace *out, const char *name, size_t n,
                                             const char *dir, hunch_diag *diag);

/* The same for a file, "-" for stdin. */
HUNCH_MUST_USE hunch_status cache_trace_load_file(struct cache_trace *out, const char *path,
                                                  size_t n, hunch_diag *diag);

/* NULL and an empty one are fine. */
void cache_trace_free(struct cache_trace *trace);

/* Objects in a cache for that fraction of the trace's keys: floor, at least 1. */
size_t cache_capacity(const struct cache_trace *trace, double fraction);

/* Run the policy over the trace's first `requests` requests, 0 for all, with room for `fraction` of
 * all its keys. Errors: those of make(). */
HUNCH_MUST_USE hunch_status cache_run(const struct cache_policy_ops *policy,
                                      const struct cache_trace *trace, double fraction,
                                      size_t requests, struct cache_result *out, hunch_diag *diag);

#endif
