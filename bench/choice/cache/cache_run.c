/* One policy over one trace. */
#include "cache.h"

#include <hunch/io.h>

hunch_status cache_run(const struct cache_policy_ops *policy, const struct cache_trace *trace,
                       double fraction, size_t requests, struct cache_result *out, hunch_diag *diag)
{
    const uint64_t *keys = trace->trace.keys;
    const size_t n = requests > 0 && requests < trace->trace.n ? requests : trace->trace.n;
    const size_t capacity = cache_capacity(trace, fraction);
    const hunch_clock *clock = hunch_clock_monotonic();
    void *cache = NULL;
    *out = (struct cache_result){.requests = n, .capacity = capacity};
    const hunch_status status = policy->make(&cache, capacity, keys, n, NULL, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    uint64_t misses = 0;
    const uint64_t begin = clock->now_ns(clock->ctx);
    for (size_t i = 0; i < n; i++) {
        misses += !policy->access(cache, keys[i]);
    }
    out->seconds = (double)(clock->now_ns(clock->ctx) - begin) * 1e-9;
    out->misses = misses;
    out->bytes = policy->bytes(cache);
    policy->free(cache);
    return HUNCH_OK;
}
