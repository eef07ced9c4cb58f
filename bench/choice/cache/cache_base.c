/* Making and freeing, the same for all policies. */
#include "cache_base.h"

#include <string.h>

#include "alloc.h"
#include "bits.h"
#include "diag.h"

hunch_status cache_base_make(void **out, size_t self_bytes, size_t capacity, size_t known,
                             const hunch_allocator *allocator, hunch_diag *diag)
{
    const hunch_allocator a = hunch__allocator_or_default(allocator);
    struct cache_base *base = hunch__alloc(&a, self_bytes, HUNCH__CACHE_LINE);
    *out = NULL;
    if (base == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for a cache of %zu objects", capacity);
    }
    memset(base, 0, self_bytes);
    base->capacity = capacity;
    base->self_bytes = self_bytes;
    const hunch_status status = object_store_open(&base->store, known, &a, diag);
    if (status != HUNCH_OK) {
        hunch__free(&a, base, self_bytes, HUNCH__CACHE_LINE);
        return status;
    }
    *out = base;
    return HUNCH_OK;
}

size_t cache_base_bytes(const void *self)
{
    const struct cache_base *base = self;
    return base->self_bytes + object_store_bytes(&base->store);
}

void cache_base_free(void *self)
{
    struct cache_base *base = self;
    if (base != NULL) {
        const hunch_allocator a = base->store.allocator;
        object_store_close(&base->store);
        hunch__free(&a, base, base->self_bytes, HUNCH__CACHE_LINE);
    }
}
