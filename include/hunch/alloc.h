/* hunch/alloc.h — memory, handed in from outside.
 *
 * Every object takes an allocator in its options and copies it; there is no global hook. The one
 * used by default is hunch_allocator_default(). Programs that link jemalloc find a ready one in
 * <hunch/alloc_jemalloc.h>; the library itself never depends on jemalloc.
 */
#ifndef HUNCH_ALLOC_H
#define HUNCH_ALLOC_H

#include <stddef.h>

#include <hunch/version.h>

HUNCH_API_BEGIN

/* Three pointers, frozen for ever. `free` is told size and alignment again (sized free), so that
 * jemalloc's sdallocx and arenas without headers can serve. Both may be called from any thread
 * that calls the library. */
typedef struct hunch_allocator {
    void *ctx; /* first argument of both; borrowed for the life of every object that copied it */

    /* `bytes` > 0 of memory aligned to `align`, a power of two; NULL when there is none. */
    void *(*alloc)(void *ctx, size_t bytes, size_t align);

    /* Returns what alloc() gave, with the same `bytes` and `align`. p is never NULL. */
    void (*free)(void *ctx, void *p, size_t bytes, size_t align);
} hunch_allocator;

/* malloc and free of the C library. Blocks of 4 MiB and more are aligned to huge pages and advised
 * for them (Linux), which halves the time of a look-up in a large index. The result is static.
 *                                                                          Threads: immutable. */
HUNCH_API const hunch_allocator *hunch_allocator_default(void);

HUNCH_API_END

#endif
