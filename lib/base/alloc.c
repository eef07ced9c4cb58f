/* The default allocator: the C library's, with huge pages for large blocks. */
#define _GNU_SOURCE /* posix_memalign, madvise */
#include "alloc.h"

#include <stdlib.h>

#include "asserts.h"
#include "bits.h"

#ifdef __linux__
#    include <sys/mman.h>
#endif

/* Below two huge pages the rounding would cost more memory than the TLB misses are worth. */
#define HUGE_PAGE  ((size_t)2 << 20)
#define HUGE_BLOCK (2 * HUGE_PAGE)

static void *default_alloc(void *ctx, size_t bytes, size_t align);
static void default_free(void *ctx, void *p, size_t bytes, size_t align);
static void advise_huge_pages(void *p, size_t bytes);

const hunch_allocator *hunch_allocator_default(void)
{
    static const hunch_allocator allocator = {NULL, default_alloc, default_free};
    return &allocator;
}

hunch_allocator hunch__allocator_or_default(const hunch_allocator *given)
{
    return given != NULL ? *given : *hunch_allocator_default();
}

static void *default_alloc(void *ctx, size_t bytes, size_t align)
{
    (void)ctx;
    HUNCH_ASSERT(bytes > 0 && (align & (align - 1)) == 0);
    void *p = NULL;
    if (align < sizeof(void *)) {
        align = sizeof(void *);
    }
    if (bytes >= HUGE_BLOCK && align < HUGE_PAGE) {
        align = HUGE_PAGE;
    }
    if (posix_memalign(&p, align, bytes) != 0) {
        return NULL;
    }
    advise_huge_pages(p, bytes);
    return p;
}

static void default_free(void *ctx, void *p, size_t bytes, size_t align)
{
    (void)ctx;
    (void)bytes;
    (void)align;
    free(p);
}

/* Advice only: where it is refused the memory is as good as before. Rounded inwards, so that no
 * page of a neighbour is touched. */
static void advise_huge_pages(void *p, size_t bytes)
{
#ifdef __linux__
    if (bytes >= HUGE_BLOCK) {
        (void)madvise(p, bytes & ~(HUGE_PAGE - 1), MADV_HUGEPAGE);
    }
#else
    (void)p;
    (void)bytes;
#endif
}
