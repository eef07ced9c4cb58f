/* The offline optimum for objects of one unit: of those resident and the one just asked for, let go
 * the one whose next request is farthest away (Belady, IBM Systems Journal 1966), which may be the
 * one just asked for. No policy has fewer misses. */
#include <string.h>

#include "alloc.h"
#include "bits.h"
#include "cache_base.h"
#include "diag.h"
#include "policies.h"

/* No request follows. */
#define NEVER UINT32_MAX

/* A resident object and the time of its next request, as it was when it entered the heap. */
struct future {
    uint32_t next;
    uint32_t object;
};

struct optimum {
    struct cache_base base; /* every key of the trace; object.place: resident; object.last: next */
    uint32_t *next;         /* [n]: the request after request i for the same key                 */
    struct future *heap;    /* [heap_room]: the farthest first, with entries out of date         */
    size_t n, heap_room, heap_n;
    size_t at; /* requests so far */
    size_t resident;
};

static hunch_status make(void **out, size_t capacity, const uint64_t *keys, size_t n,
                         const hunch_allocator *allocator, hunch_diag *diag);
static void look_ahead(struct optimum *optimum, const uint64_t *keys);
static bool access_key(void *self, uint64_t key);
static void evict_farthest(struct optimum *optimum);
static void push(struct optimum *optimum, struct future entry);
static struct future pop(struct optimum *optimum);
static size_t bytes(const void *self);
static void release(void *self);

const struct cache_policy_ops cache_optimum = {
    .name = "optimum",
    .offline = true,
    .make = make,
    .access = access_key,
    .bytes = bytes,
    .free = release,
};

static hunch_status make(void **out, size_t capacity, const uint64_t *keys, size_t n,
                         const hunch_allocator *allocator, hunch_diag *diag)
{
    *out = NULL;
    if (n == 0 || n >= OBJECTS_MAX) {
        return hunch__fail(diag, HUNCH_ELIMIT, 0, "%zu requests: 1 to %zu can be looked at", n,
                           OBJECTS_MAX - 1);
    }
    const hunch_status status =
        cache_base_make(out, sizeof(struct optimum), capacity, n, allocator, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    struct optimum *optimum = *out;
    const hunch_allocator *a = &optimum->base.store.allocator;
    optimum->n = n;
    optimum->heap_room = n;
    optimum->next = hunch__alloc(a, n * sizeof *optimum->next, HUNCH__CACHE_LINE);
    optimum->heap = hunch__alloc(a, n * sizeof *optimum->heap, HUNCH__CACHE_LINE);
    if (optimum->next == NULL || optimum->heap == NULL) {
        release(optimum);
        *out = NULL;
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory to look at %zu requests", n);
    }
    look_ahead(optimum, keys);
    return HUNCH_OK;
}

/* From the last request to the first: object.last is the request that was seen last. */
static void look_ahead(struct optimum *optimum, const uint64_t *keys)
{
    struct object_store *store = &optimum->base.store;
    for (size_t r = optimum->n; r-- > 0;) {
        uint32_t i = object_find(store, keys[r]);
        if (i == OBJECT_NONE) {
            i = object_add(store, keys[r]);
            store->objects[i].last = NEVER;
        }
        optimum->next[r] = store->objects[i].last;
        store->objects[i].last = (uint32_t)r;
    }
}

static bool access_key(void *self, uint64_t key)
{
    struct optimum *optimum = self;
    struct object_store *store = &optimum->base.store;
    const uint32_t i = object_find(store, key);
    HUNCH_ASSERT(i != OBJECT_NONE && optimum->at < optimum->n);
    struct object *object = &store->objects[i];
    const bool hit = object->place != 0;
    object->last = optimum->next[optimum->at++];
    if (!hit && object->last == NEVER) {
        return false;
    }
    optimum->resident += !hit;
    object->place = 1;
    push(optimum, (struct future){object->last, i});
    if (optimum->resident > optimum->base.capacity) {
        evict_farthest(optimum);
    }
    return hit;
}

static void evict_farthest(struct optimum *optimum)
{
    for (;;) {
        const struct future farthest = pop(optimum);
        struct object *object = &optimum->base.store.objects[farthest.object];
        if (object->place != 0 && object->last == farthest.next) {
            object->place = 0;
            optimum->resident--;
            return;
        }
    }
}

static void push(struct optimum *optimum, struct future entry)
{
    struct future *heap = optimum->heap;
    size_t at = optimum->heap_n++;
    HUNCH_ASSERT(at < optimum->heap_room);
    for (; at > 0 && heap[(at - 1) / 2].next < entry.next; at = (at - 1) / 2) {
        heap[at] = heap[(at - 1) / 2];
    }
    heap[at] = entry;
}

static struct future pop(struct optimum *optimum)
{
    struct future *heap = optimum->heap;
    HUNCH_ASSERT(optimum->heap_n > 0);
    const struct future first = heap[0];
    const struct future last = heap[--optimum->heap_n];
    const size_t n = optimum->heap_n;
    size_t at = 0;
    for (size_t child = 1; child < n; child = 2 * at + 1) {
        child += child + 1 < n && heap[child + 1].next > heap[child].next;
        if (heap[child].next <= last.next) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return first;
}

static size_t bytes(const void *self)
{
    const struct optimum *optimum = self;
    return cache_base_bytes(self) + optimum->n * sizeof *optimum->next +
           optimum->heap_room * sizeof *optimum->heap;
}

static void release(void *self)
{
    struct optimum *optimum = self;
    if (optimum != NULL) {
        const hunch_allocator *a = &optimum->base.store.allocator;
        hunch__free(a, optimum->next, optimum->n * sizeof *optimum->next, HUNCH__CACHE_LINE);
        hunch__free(a, optimum->heap, optimum->heap_room * sizeof *optimum->heap,
                    HUNCH__CACHE_LINE);
        cache_base_free(optimum);
    }
}
