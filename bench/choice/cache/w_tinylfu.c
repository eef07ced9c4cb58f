/* W-TinyLFU: an LRU window, then a main part that a window's victim enters only if it was asked for
 * more often than main's victim, as far as a sketch remembers (Einziger, Friedman, Manes, ACM ToS
 * 2017). The window has a tenth of the room; four fifths of main are protected; the sketch has four
 * rows of at least 2 capacity counters of four bits, which are halved, and their number with them,
 * after 10 capacity counts. */
#include <string.h>

#include "alloc.h"
#include "bits.h"
#include "cache_base.h"
#include "diag.h"
#include "policies.h"

enum { WINDOW, PROBATION, PROTECTED, LISTS, ROWS = 4, COUNTER_MAX = 15 };

struct w_tinylfu {
    struct cache_base base; /* object.place: the list that it is in */
    struct object_list list[LISTS];
    size_t window_most, main_most, protected_most;
    uint8_t *counters; /* [ROWS][width], a byte each */
    size_t width;      /* a power of two             */
    uint64_t counts;   /* since they were halved     */
};

static hunch_status make(void **out, size_t capacity, const uint64_t *keys, size_t n,
                         const hunch_allocator *allocator, hunch_diag *diag);
static bool access_key(void *self, uint64_t key);
static void hit(struct w_tinylfu *cache, uint32_t i);
static void leave_window(struct w_tinylfu *cache);
static void move(struct w_tinylfu *cache, uint32_t i, uint8_t to);
static uint8_t *counter(const struct w_tinylfu *cache, uint64_t hash, size_t row);
static unsigned estimate(const struct w_tinylfu *cache, uint64_t key);
static void count(struct w_tinylfu *cache, uint64_t key);
static size_t bytes(const void *self);
static void release(void *self);

const struct cache_policy_ops cache_w_tinylfu = {
    .name = "w-tinylfu",
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
    const hunch_status status =
        cache_base_make(out, sizeof(struct w_tinylfu), capacity, capacity + 1, allocator, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    struct w_tinylfu *cache = *out;
    for (size_t i = 0; i < LISTS; i++) {
        cache->list[i] = OBJECT_LIST_EMPTY;
    }
    cache->window_most = cache_share(capacity, 0.1);
    cache->main_most = capacity - cache->window_most;
    cache->protected_most = cache->main_most * 8 / 10;
    cache->width = 1;
    while (cache->width < 2 * capacity) {
        cache->width *= 2;
    }
    cache->counters =
        hunch__alloc(&cache->base.store.allocator, ROWS * cache->width, HUNCH__CACHE_LINE);
    if (cache->counters == NULL) {
        release(cache);
        *out = NULL;
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for %zu counters", ROWS * capacity);
    }
    memset(cache->counters, 0, ROWS * cache->width);
    return HUNCH_OK;
}

static bool access_key(void *self, uint64_t key)
{
    struct w_tinylfu *cache = self;
    struct object_store *store = &cache->base.store;
    const uint32_t found = object_find(store, key);
    count(cache, key);
    if (found != OBJECT_NONE) {
        hit(cache, found);
        return true;
    }
    const uint32_t i = object_add(store, key);
    store->objects[i].place = WINDOW;
    object_list_push(&cache->list[WINDOW], store->objects, i);
    if (cache->list[WINDOW].n > cache->window_most) {
        leave_window(cache);
    }
    return false;
}

static void hit(struct w_tinylfu *cache, uint32_t i)
{
    const uint8_t place = cache->base.store.objects[i].place;
    move(cache, i, place == WINDOW ? WINDOW : PROTECTED);
    if (cache->list[PROTECTED].n > cache->protected_most) {
        move(cache, cache->list[PROTECTED].tail, PROBATION);
    }
}

/* The window's oldest goes to main, and main's victim out, or the other way round. */
static void leave_window(struct w_tinylfu *cache)
{
    struct object_store *store = &cache->base.store;
    const uint32_t candidate = cache->list[WINDOW].tail;
    const size_t n = (size_t)cache->list[PROBATION].n + cache->list[PROTECTED].n;
    uint32_t loser = OBJECT_NONE;
    if (n >= cache->main_most) {
        const uint8_t from = cache->list[PROBATION].n > 0 ? PROBATION : PROTECTED;
        const uint32_t victim = cache->list[from].tail;
        const bool better = n > 0 && estimate(cache, store->objects[candidate].key) >
                                         estimate(cache, store->objects[victim].key);
        loser = better ? victim : candidate;
    }
    if (loser != candidate) {
        move(cache, candidate, PROBATION);
    }
    if (loser != OBJECT_NONE) {
        object_list_remove(&cache->list[store->objects[loser].place], store->objects, loser);
        object_drop(store, loser);
    }
}

static void move(struct w_tinylfu *cache, uint32_t i, uint8_t to)
{
    struct object *objects = cache->base.store.objects;
    object_list_remove(&cache->list[objects[i].place], objects, i);
    objects[i].place = to;
    object_list_push(&cache->list[to], objects, i);
}

/* Every row has a hash of its own. */
static uint8_t *counter(const struct w_tinylfu *cache, uint64_t hash, size_t row)
{
    const uint64_t at = hunch__mix64(hash + row);
    return &cache->counters[row * cache->width + (at & (cache->width - 1))];
}

static unsigned estimate(const struct w_tinylfu *cache, uint64_t key)
{
    const uint64_t hash = hunch__mix64(key + 1);
    unsigned least = COUNTER_MAX;
    for (size_t row = 0; row < ROWS; row++) {
        const unsigned value = *counter(cache, hash, row);
        least = value < least ? value : least;
    }
    return least;
}

static void count(struct w_tinylfu *cache, uint64_t key)
{
    const uint64_t hash = hunch__mix64(key + 1);
    for (size_t row = 0; row < ROWS; row++) {
        uint8_t *value = counter(cache, hash, row);
        *value = (uint8_t)(*value + (*value < COUNTER_MAX));
    }
    if (++cache->counts == 10 * (uint64_t)cache->base.capacity) {
        cache->counts /= 2;
        for (size_t i = 0; i < ROWS * cache->width; i++) {
            cache->counters[i] >>= 1;
        }
    }
}

static size_t bytes(const void *self)
{
    const struct w_tinylfu *cache = self;
    return cache_base_bytes(self) + ROWS * cache->width;
}

static void release(void *self)
{
    struct w_tinylfu *cache = self;
    if (cache != NULL) {
        hunch__free(&cache->base.store.allocator, cache->counters, ROWS * cache->width,
                    HUNCH__CACHE_LINE);
        cache_base_free(cache);
    }
}
