/* S3-FIFO: a small queue that most objects leave unread, a main one, and a memory of those that
 * left (Yang et al., SOSP 2023). The small queue has a tenth of the room; two hits there lead to
 * main; a hit raises a counter to at most 3, and main's tail goes round again while it has one. The
 * memory is of the last (capacity - small) keys that left the small queue, as a stamp a key. */
#include <string.h>

#include "alloc.h"
#include "bits.h"
#include "cache_base.h"
#include "diag.h"
#include "policies.h"

enum { GONE, SMALL, MAIN, COUNT_MAX = 3, PROMOTED_FROM = 2 };

struct s3_fifo {
    struct cache_base base; /* object.last: its stamp, 0 for none; object.place: one of the above */
    struct object_list small, main;
    size_t main_most;
    uint32_t stamp;   /* keys that ever left the small queue         */
    uint32_t *ghosts; /* [memory]: the last ones, stamp modulo memory */
    uint32_t memory;
};

static hunch_status make(void **out, size_t capacity, const uint64_t *keys, size_t n,
                         const hunch_allocator *allocator, hunch_diag *diag);
static bool access_key(void *self, uint64_t key);
static void make_room(struct s3_fifo *cache);
static void evict_from_main(struct s3_fifo *cache);
static void evict_from_small(struct s3_fifo *cache);
static void remember(struct s3_fifo *cache, uint32_t i);
static size_t bytes(const void *self);
static void release(void *self);

const struct cache_policy_ops cache_s3_fifo = {
    .name = "s3-fifo",
    .make = make,
    .access = access_key,
    .bytes = bytes,
    .free = release,
};

static hunch_status make(void **out, size_t capacity, const uint64_t *keys, size_t n,
                         const hunch_allocator *allocator, hunch_diag *diag)
{
    (void)keys;
    (void)n;
    const size_t memory = capacity - capacity / 10;
    const hunch_status status =
        cache_base_make(out, sizeof(struct s3_fifo), capacity, capacity + memory, allocator, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    struct s3_fifo *cache = *out;
    cache->small = OBJECT_LIST_EMPTY;
    cache->main = OBJECT_LIST_EMPTY;
    cache->main_most = capacity - cache_share(capacity, 0.1);
    cache->memory = (uint32_t)memory;
    cache->ghosts = hunch__alloc(&cache->base.store.allocator, memory * sizeof *cache->ghosts,
                                 HUNCH__CACHE_LINE);
    if (cache->ghosts == NULL) {
        release(cache);
        *out = NULL;
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for %zu ghosts", memory);
    }
    memset(cache->ghosts, 0xff, memory * sizeof *cache->ghosts);
    return HUNCH_OK;
}

static bool access_key(void *self, uint64_t key)
{
    struct s3_fifo *cache = self;
    struct object_store *store = &cache->base.store;
    uint32_t i = object_find(store, key);
    if (i != OBJECT_NONE && store->objects[i].place != GONE) {
        struct object *object = &store->objects[i];
        object->count = (uint8_t)(object->count + (object->count < COUNT_MAX));
        return true;
    }
    make_room(cache);
    i = object_find(store, key); /* the eviction may have pushed it out of the memory */
    const bool remembered = i != OBJECT_NONE;
    if (remembered) {
        cache->ghosts[store->objects[i].last % cache->memory] = OBJECT_NONE;
    } else {
        i = object_add(store, key);
    }
    store->objects[i].count = 0;
    store->objects[i].place = remembered ? MAIN : SMALL;
    object_list_push(remembered ? &cache->main : &cache->small, store->objects, i);
    return false;
}

static void make_room(struct s3_fifo *cache)
{
    while (cache->small.n + cache->main.n >= cache->base.capacity) {
        if (cache->main.n > cache->main_most || cache->small.n == 0) {
            evict_from_main(cache);
        } else {
            evict_from_small(cache);
        }
    }
}

static void evict_from_main(struct s3_fifo *cache)
{
    struct object *objects = cache->base.store.objects;
    const uint32_t i = object_list_pop(&cache->main, objects);
    if (objects[i].count > 0) {
        objects[i].count--;
        object_list_push(&cache->main, objects, i);
    } else {
        object_drop(&cache->base.store, i);
    }
}

/* One object leaves, or all of the queue moves to main. */
static void evict_from_small(struct s3_fifo *cache)
{
    struct object *objects = cache->base.store.objects;
    while (cache->small.n > 0) {
        const uint32_t i = object_list_pop(&cache->small, objects);
        if (objects[i].count < PROMOTED_FROM) {
            remember(cache, i);
            return;
        }
        objects[i].count = 0;
        objects[i].place = MAIN;
        object_list_push(&cache->main, objects, i);
    }
}

static void remember(struct s3_fifo *cache, uint32_t i)
{
    struct object *object = &cache->base.store.objects[i];
    uint32_t *ghost = &cache->ghosts[++cache->stamp % cache->memory];
    if (*ghost != OBJECT_NONE) {
        object_drop(&cache->base.store, *ghost);
    }
    *ghost = i;
    object->place = GONE;
    object->last = cache->stamp;
}

static size_t bytes(const void *self)
{
    const struct s3_fifo *cache = self;
    return cache_base_bytes(self) + cache->memory * sizeof *cache->ghosts;
}

static void release(void *self)
{
    struct s3_fifo *cache = self;
    if (cache != NULL) {
        hunch__free(&cache->base.store.allocator, cache->ghosts,
                    cache->memory * sizeof *cache->ghosts, HUNCH__CACHE_LINE);
        cache_base_free(cache);
    }
}
