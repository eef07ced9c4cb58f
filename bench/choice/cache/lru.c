/* Least recently used: what every other policy is measured by. */
#include "cache_base.h"
#include "policies.h"

struct lru {
    struct cache_base base;
    struct object_list list;
};

static hunch_status make(void **out, size_t capacity, const uint64_t *keys, size_t n,
                         const hunch_allocator *allocator, hunch_diag *diag);
static bool access_key(void *self, uint64_t key);

const struct cache_policy_ops cache_lru = {
    .name = "lru",
    .make = make,
    .access = access_key,
    .bytes = cache_base_bytes,
    .free = cache_base_free,
};

static hunch_status make(void **out, size_t capacity, const uint64_t *keys, size_t n,
                         const hunch_allocator *allocator, hunch_diag *diag)
{
    (void)keys;
    (void)n;
    const hunch_status status =
        cache_base_make(out, sizeof(struct lru), capacity, capacity, allocator, diag);
    if (status == HUNCH_OK) {
        struct lru *lru = *out;
        lru->list = OBJECT_LIST_EMPTY;
    }
    return status;
}

static bool access_key(void *self, uint64_t key)
{
    struct lru *lru = self;
    struct object_store *store = &lru->base.store;
    uint32_t i = object_find(store, key);
    const bool hit = i != OBJECT_NONE;
    if (hit) {
        object_list_remove(&lru->list, store->objects, i);
    } else {
        if (lru->list.n == lru->base.capacity) {
            object_drop(store, object_list_pop(&lru->list, store->objects));
        }
        i = object_add(store, key);
    }
    object_list_push(&lru->list, store->objects, i);
    return hit;
}
