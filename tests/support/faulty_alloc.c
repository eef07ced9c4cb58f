/* An allocator that fails when it is told to, and finds what is done wrong with it. */
#define _POSIX_C_SOURCE 200112L /* posix_memalign */
#include "faulty_alloc.h"

#include <stdlib.h>
#include <string.h>

#include "test_memory.h"

enum { FRESH = 0xA5, GONE = 0x5A };

/* A live block. Kept apart from it, so that a sanitizer sees the block's own borders. */
struct faulty_block {
    struct faulty_block *next;
    void *p;
    size_t bytes;
    size_t align;
};

static void *faulty_allocate(void *ctx, size_t bytes, size_t align);
static void faulty_release(void *ctx, void *p, size_t bytes, size_t align);
static bool fails_now(struct faulty_alloc *f);
static void *take(struct faulty_alloc *f, size_t bytes, size_t align);
static void give_back(struct faulty_alloc *f, struct faulty_block **link);
static void blame(struct faulty_alloc *f, const char *misuse);

void faulty_alloc_begin(struct faulty_alloc *f, uint64_t fail_at, enum faulty_alloc_mode mode)
{
    memset(f, 0, sizeof *f);
    f->allocator = (hunch_allocator){f, faulty_allocate, faulty_release};
    f->fail_at = fail_at;
    f->mode = mode;
    (void)pthread_mutex_init(&f->mutex, NULL);
}

const char *faulty_alloc_end(struct faulty_alloc *f)
{
    const size_t live_blocks = f->live_blocks;
    const size_t live_bytes = f->live_bytes;
    if (live_blocks > 0) {
        blame(f, "a block was not freed");
    }
    while (f->blocks != NULL) {
        give_back(f, &f->blocks);
    }
    f->live_blocks = live_blocks;
    f->live_bytes = live_bytes;
    (void)pthread_mutex_destroy(&f->mutex);
    return f->misuse;
}

static void *faulty_allocate(void *ctx, size_t bytes, size_t align)
{
    struct faulty_alloc *f = ctx;
    void *p = NULL;
    (void)pthread_mutex_lock(&f->mutex);
    f->calls++;
    if (bytes == 0) {
        blame(f, "zero bytes were asked for");
    } else if (align == 0 || (align & (align - 1)) != 0) {
        blame(f, "an alignment is no power of two");
    } else if (fails_now(f)) {
        f->failed++;
    } else {
        p = take(f, bytes, align);
    }
    (void)pthread_mutex_unlock(&f->mutex);
    return p;
}

static void faulty_release(void *ctx, void *p, size_t bytes, size_t align)
{
    struct faulty_alloc *f = ctx;
    (void)pthread_mutex_lock(&f->mutex);
    f->frees++;
    struct faulty_block **link = &f->blocks;
    while (*link != NULL && (*link)->p != p) {
        link = &(*link)->next;
    }
    if (*link == NULL) {
        blame(f,
              p == NULL ? "NULL was freed" : "a pointer was freed that is not, or no longer, live");
    } else {
        if ((*link)->bytes != bytes) {
            blame(f, "a block was freed with another size");
        } else if ((*link)->align != align) {
            blame(f, "a block was freed with another alignment");
        }
        give_back(f, link);
    }
    (void)pthread_mutex_unlock(&f->mutex);
}

static bool fails_now(struct faulty_alloc *f)
{
    if (f->fail_at == 0) {
        return false;
    }
    return f->mode == FAULTY_ONWARDS ? f->calls >= f->fail_at : f->calls == f->fail_at;
}

static void *take(struct faulty_alloc *f, size_t bytes, size_t align)
{
    void *p = NULL;
    if (posix_memalign(&p, align < sizeof(void *) ? sizeof(void *) : align, bytes) != 0) {
        return NULL; /* more than there is: as the default allocator says it */
    }
    memset(p, FRESH, bytes);
    struct faulty_block *block = memory_new(sizeof *block);
    *block = (struct faulty_block){f->blocks, p, bytes, align};
    f->blocks = block;
    f->live_blocks++;
    f->live_bytes += bytes;
    if (f->live_bytes > f->peak_bytes) {
        f->peak_bytes = f->live_bytes;
    }
    return p;
}

static void give_back(struct faulty_alloc *f, struct faulty_block **link)
{
    struct faulty_block *block = *link;
    *link = block->next;
    f->live_blocks--;
    f->live_bytes -= block->bytes;
    memset(block->p, GONE, block->bytes);
    free(block->p);
    free(block);
}

/* Only the first is kept: what follows is often its consequence. */
static void blame(struct faulty_alloc *f, const char *misuse)
{
    if (f->misuse == NULL) {
        f->misuse = misuse;
    }
}
