/* Traces with the number of their keys. */
#include "cache.h"
#include "object_store.h"

static hunch_status count_keys(struct cache_trace *out, hunch_diag *diag);

hunch_status cache_trace_load(struct cache_trace *out, const char *name, size_t n, const char *dir,
                              hunch_diag *diag)
{
    *out = (struct cache_trace){.unique = 0};
    const hunch_status status = hunch__trace_load(&out->trace, name, n, dir, NULL, diag);
    return status == HUNCH_OK ? count_keys(out, diag) : status;
}

hunch_status cache_trace_load_file(struct cache_trace *out, const char *path, size_t n,
                                   hunch_diag *diag)
{
    *out = (struct cache_trace){.unique = 0};
    const hunch_status status = hunch__trace_load_file(&out->trace, path, n, NULL, diag);
    return status == HUNCH_OK ? count_keys(out, diag) : status;
}

void cache_trace_free(struct cache_trace *trace)
{
    if (trace != NULL) {
        hunch__trace_free(&trace->trace);
        trace->unique = 0;
    }
}

size_t cache_capacity(const struct cache_trace *trace, double fraction)
{
    /* A fraction such as 0.1 is a little more or less than it says; a key more or less is not. */
    const size_t capacity = (size_t)((double)trace->unique * fraction + 1e-6);
    return capacity > 0 ? capacity : 1;
}

static hunch_status count_keys(struct cache_trace *out, hunch_diag *diag)
{
    struct object_store store;
    const hunch_status status = object_store_open(&store, out->trace.n, NULL, diag);
    if (status != HUNCH_OK) {
        cache_trace_free(out);
        return status;
    }
    for (size_t i = 0; i < out->trace.n; i++) {
        if (object_find(&store, out->trace.keys[i]) == OBJECT_NONE) {
            (void)object_add(&store, out->trace.keys[i]);
            out->unique++;
        }
    }
    object_store_close(&store);
    return HUNCH_OK;
}
