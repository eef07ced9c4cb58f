/* LIRS: who stays is decided by the distance between an object's last two requests, not by the time
 * since its last one (Jiang and Zhang, SIGMETRICS 2002). A hundredth of the room is for objects of
 * long distance; at most `capacity` keys that left are remembered in the stack.
 *
 * Names are the paper's: S is the stack of recency, Q the queue of resident objects of high
 * distance (HIR); LIR objects are resident and in S. */
#include <string.h>

#include "alloc.h"
#include "bits.h"
#include "cache_base.h"
#include "diag.h"
#include "policies.h"

/* Bits of object.mark. */
enum { IN_S = 1, LIR = 2, RESIDENT = 4 };

struct lirs {
    struct cache_base base;
    struct object_list s;
    struct object_list q;    /* through second[]                                             */
    struct object_list gone; /* in S and not resident, through second[]                      */
    struct object *second;   /* [2 capacity]: links of Q and of gone; nothing else is used   */
    size_t lir, lir_most;
};

static hunch_status make(void **out, size_t capacity, const uint64_t *keys, size_t n,
                         const hunch_allocator *allocator, hunch_diag *diag);
static bool access_key(void *self, uint64_t key);
static void hit_lir(struct lirs *lirs, uint32_t i);
static void hit_hir(struct lirs *lirs, uint32_t i);
static void make_room(struct lirs *lirs);
static void admit(struct lirs *lirs, uint32_t i);
static void become_lir(struct lirs *lirs, uint32_t i);
static void prune(struct lirs *lirs);
static void forget_oldest(struct lirs *lirs);
static void to_top(struct lirs *lirs, uint32_t i);
static size_t bytes(const void *self);
static void release(void *self);

const struct cache_policy_ops cache_lirs = {
    .name = "lirs",
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
    const size_t known = 2 * capacity + 1;
    const hunch_status status =
        cache_base_make(out, sizeof(struct lirs), capacity, known, allocator, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    struct lirs *lirs = *out;
    lirs->s = lirs->q = lirs->gone = OBJECT_LIST_EMPTY;
    lirs->lir_most = capacity - cache_share(capacity, 0.01);
    lirs->second =
        hunch__alloc(&lirs->base.store.allocator, known * sizeof *lirs->second, HUNCH__CACHE_LINE);
    if (lirs->second == NULL) {
        release(lirs);
        *out = NULL;
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for the links of %zu objects", known);
    }
    return HUNCH_OK;
}

static bool access_key(void *self, uint64_t key)
{
    struct lirs *lirs = self;
    struct object_store *store = &lirs->base.store;
    uint32_t i = object_find(store, key);
    if (i != OBJECT_NONE && (store->objects[i].mark & LIR) != 0) {
        hit_lir(lirs, i);
        return true;
    }
    if (i != OBJECT_NONE && (store->objects[i].mark & RESIDENT) != 0) {
        hit_hir(lirs, i);
        return true;
    }
    make_room(lirs);
    i = object_find(store, key);
    if (i == OBJECT_NONE) {
        i = object_add(store, key);
    } else {
        object_list_remove(&lirs->gone, lirs->second, i);
    }
    admit(lirs, i);
    forget_oldest(lirs);
    return false;
}

static void hit_lir(struct lirs *lirs, uint32_t i)
{
    const bool was_bottom = lirs->s.tail == i;
    to_top(lirs, i);
    if (was_bottom) {
        prune(lirs);
    }
}

static void hit_hir(struct lirs *lirs, uint32_t i)
{
    const bool in_s = (lirs->base.store.objects[i].mark & IN_S) != 0;
    object_list_remove(&lirs->q, lirs->second, i);
    to_top(lirs, i);
    if (in_s) {
        become_lir(lirs, i);
    } else {
        object_list_push(&lirs->q, lirs->second, i);
    }
}

/* Without a full cache nothing leaves; with one, Q is never empty. */
static void make_room(struct lirs *lirs)
{
    if (lirs->lir + lirs->q.n < lirs->base.capacity) {
        return;
    }
    struct object_store *store = &lirs->base.store;
    const uint32_t i = object_list_pop(&lirs->q, lirs->second);
    store->objects[i].mark &= (uint8_t)~RESIDENT;
    if ((store->objects[i].mark & IN_S) != 0) {
        object_list_push(&lirs->gone, lirs->second, i);
    } else {
        object_drop(store, i);
    }
}

/* A missed object: LIR while there is room for more, or when S still knew it. */
static void admit(struct lirs *lirs, uint32_t i)
{
    struct object *object = &lirs->base.store.objects[i];
    const bool known = (object->mark & IN_S) != 0;
    object->mark |= RESIDENT;
    to_top(lirs, i);
    if (known || lirs->lir < lirs->lir_most) {
        become_lir(lirs, i);
    } else {
        object_list_push(&lirs->q, lirs->second, i);
    }
}

/* And when there are too many, the one at the bottom becomes HIR. A cache of one object has none.
 */
static void become_lir(struct lirs *lirs, uint32_t i)
{
    struct object *objects = lirs->base.store.objects;
    if (lirs->lir_most == 0) {
        object_list_push(&lirs->q, lirs->second, i);
        return;
    }
    objects[i].mark |= LIR;
    lirs->lir++;
    if (lirs->lir > lirs->lir_most) {
        const uint32_t bottom = object_list_pop(&lirs->s, objects);
        objects[bottom].mark &= (uint8_t) ~(IN_S | LIR);
        lirs->lir--;
        object_list_push(&lirs->q, lirs->second, bottom);
        prune(lirs);
    }
}

/* The bottom of S is LIR. */
static void prune(struct lirs *lirs)
{
    struct object_store *store = &lirs->base.store;
    while (lirs->s.n > 0 && (store->objects[lirs->s.tail].mark & LIR) == 0) {
        const uint32_t i = object_list_pop(&lirs->s, store->objects);
        store->objects[i].mark &= (uint8_t)~IN_S;
        if ((store->objects[i].mark & RESIDENT) == 0) {
            object_list_remove(&lirs->gone, lirs->second, i);
            object_drop(store, i);
        }
    }
}

static void forget_oldest(struct lirs *lirs)
{
    while (lirs->gone.n > lirs->base.capacity) {
        const uint32_t i = object_list_pop(&lirs->gone, lirs->second);
        object_list_remove(&lirs->s, lirs->base.store.objects, i);
        object_drop(&lirs->base.store, i);
    }
}

static void to_top(struct lirs *lirs, uint32_t i)
{
    struct object *objects = lirs->base.store.objects;
    if ((objects[i].mark & IN_S) != 0) {
        object_list_remove(&lirs->s, objects, i);
    }
    objects[i].mark |= IN_S;
    object_list_push(&lirs->s, objects, i);
}

static size_t bytes(const void *self)
{
    const struct lirs *lirs = self;
    return cache_base_bytes(self) + lirs->base.store.capacity * sizeof *lirs->second;
}

static void release(void *self)
{
    struct lirs *lirs = self;
    if (lirs != NULL) {
        hunch__free(&lirs->base.store.allocator, lirs->second,
                    lirs->base.store.capacity * sizeof *lirs->second, HUNCH__CACHE_LINE);
        cache_base_free(lirs);
    }
}
