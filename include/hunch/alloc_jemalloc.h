/* hunch/alloc_jemalloc.h — a ready hunch_allocator for programs that link jemalloc.
 *
 * Header only: the caller compiles it and links -ljemalloc. It is not part of the library, since a
 * shared library that depends on jemalloc cannot be loaded by dlopen ("cannot allocate memory in
 * static TLS block").
 */
#ifndef HUNCH_ALLOC_JEMALLOC_H
#define HUNCH_ALLOC_JEMALLOC_H

#include <jemalloc/jemalloc.h>

#include <hunch/alloc.h>

HUNCH_API_BEGIN

/* The alloc of a hunch_allocator; ctx is not used.                            Threads: shared. */
static inline void *hunch_jemalloc_alloc(void *ctx, size_t bytes, size_t align)
{
    (void)ctx;
    return mallocx(bytes, MALLOCX_ALIGN(align));
}

/* The free of a hunch_allocator; ctx is not used.                             Threads: shared. */
static inline void hunch_jemalloc_free(void *ctx, void *p, size_t bytes, size_t align)
{
    (void)ctx;
    sdallocx(p, bytes, MALLOCX_ALIGN(align));
}

/* An allocator on jemalloc's default arenas, by value.                     Threads: immutable. */
static inline hunch_allocator hunch_allocator_jemalloc(void)
{
    hunch_allocator a;
    a.ctx = NULL;
    a.alloc = hunch_jemalloc_alloc;
    a.free = hunch_jemalloc_free;
    return a;
}

HUNCH_API_END

#endif
