/* SIEVE: one queue, one bit an object, and a hand that goes from tail to head over those that were
 * hit, clearing their bits (Zhang et al., NSDI 2024). */
#include "cache_base.h"
#include "policies.h"

struct sieve {
    struct cache_base base;
    struct object_list list; /* by insertion; object.mark: hit since the hand went by */
    uint32_t hand;           /* OBJECT_NONE: at the tail                              */
};

static hunch_status make(void **out, size_t capacity, const uint64_t *keys, size_t n,
                         const hunch_allocator *allocator, hunch_diag *diag);
static bool access_key(void *self, uint64_t key);
static void evict(struct sieve *sieve);

const struct cache_policy_ops cache_sieve = {
    .name = "sieve",
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
        cache_base_make(out, sizeof(struct sieve), capacity, capacity, allocator, diag);
    if (status == HUNCH_OK) {
        struct sieve *sieve = *out;
        sieve->list = OBJECT_LIST_EMPTY;
        sieve->hand = OBJECT_NONE;
    }
    return status;
}

static bool access_key(void *self, uint64_t key)
{
    struct sieve *sieve = self;
    struct object_store *store = &sieve->base.store;
    const uint32_t found = object_find(store, key);
    if (found != OBJECT_NONE) {
        store->objects[found].mark = 1;
        return true;
    }
    if (sieve->list.n == sieve->base.capacity) {
        evict(sieve);
    }
    object_list_push(&sieve->list, store->objects, object_add(store, key));
    return false;
}

static void evict(struct sieve *sieve)
{
    struct object *objects = sieve->base.store.objects;
    uint32_t i = sieve->hand != OBJECT_NONE ? sieve->hand : sieve->list.tail;
    while (objects[i].mark != 0) {
        objects[i].mark = 0;
        i = objects[i].prev != OBJECT_NONE ? objects[i].prev : sieve->list.tail;
    }
    sieve->hand = objects[i].prev;
    object_list_remove(&sieve->list, objects, i);
    object_drop(&sieve->base.store, i);
}
