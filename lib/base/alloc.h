/* Memory through the caller's allocator. */
#ifndef HUNCH_BASE_ALLOC_H
#define HUNCH_BASE_ALLOC_H

#include <hunch/alloc.h>

/* The allocator to use and to copy: *given, or the default when it is NULL. */
hunch_allocator hunch__allocator_or_default(const hunch_allocator *given);

/* `bytes` > 0, aligned to `align`; NULL when there is no memory. */
static inline void *hunch__alloc(const hunch_allocator *a, size_t bytes, size_t align)
{
    return a->alloc(a->ctx, bytes, align);
}

/* The counterpart, with the same bytes and align; NULL is fine. */
static inline void hunch__free(const hunch_allocator *a, void *p, size_t bytes, size_t align)
{
    if (p != NULL) {
        a->free(a->ctx, p, bytes, align);
    }
}

#endif
