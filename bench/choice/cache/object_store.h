/* The objects a cache knows, resident or remembered, by key: open addressing over an array of
 * fixed size. Nothing is allocated after it is made. */
#ifndef HUNCH_BENCH_CHOICE_CACHE_OBJECT_STORE_H
#define HUNCH_BENCH_CHOICE_CACHE_OBJECT_STORE_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/status.h>

#include "asserts.h"
#include "random.h"

/* No object. */
#define OBJECT_NONE UINT32_MAX

/* Most objects of a store. */
#define OBJECTS_MAX ((size_t)1 << 30)

/* One object; half a line, the same for every policy, so that none has a smaller footprint. What
 * the fields after the links mean is the policy's business. */
struct object {
    uint64_t key;
    uint32_t prev, next; /* in the list that it is in */
    uint32_t last;
    uint32_t gap;
    uint32_t since;
    uint8_t place;
    uint8_t count;
    uint8_t life;
    uint8_t mark;
};

_Static_assert(sizeof(struct object) == 32, "two objects a line");

struct object_store {
    struct object *objects; /* [capacity]                                                   */
    uint64_t *slots;        /* [mask + 1]: hash << 32 | object + 1; 0 is empty              */
    uint32_t mask;
    uint32_t shift; /* hash >> shift is the slot an object would like to have               */
    uint32_t fresh; /* objects from here on were never used                                 */
    uint32_t spare; /* first of those given back, linked by next; OBJECT_NONE               */
    size_t capacity;
    hunch_allocator allocator;
};

/* Room for `capacity` > 0 objects. On failure it is empty and may be closed. Errors: ENOMEM,
 * ELIMIT. */
HUNCH_MUST_USE hunch_status object_store_open(struct object_store *out, size_t capacity,
                                              const hunch_allocator *allocator, hunch_diag *diag);

/* Zeroed is fine. */
void object_store_close(struct object_store *store);

size_t object_store_bytes(const struct object_store *store);

/* Forget the object of slot `at`: those behind it move up, so that no search ends too early. */
void object_store_close_gap(struct object_store *store, uint32_t at);

/* What an object is found by; the low 32 bits of the mix are free for other uses. */
static inline uint32_t object_hash(uint64_t key)
{
    return (uint32_t)(hunch__mix64(key) >> 32);
}

/* The object with the key, whose hash is known, or OBJECT_NONE. */
static inline uint32_t object_find_hashed(const struct object_store *store, uint64_t key,
                                          uint32_t hash)
{
    for (uint32_t at = hash >> store->shift;; at = (at + 1) & store->mask) {
        const uint64_t slot = store->slots[at];
        if (slot == 0) {
            return OBJECT_NONE;
        }
        const uint32_t i = (uint32_t)slot - 1;
        if (slot >> 32 == hash && store->objects[i].key == key) {
            return i;
        }
    }
}

static inline uint32_t object_find(const struct object_store *store, uint64_t key)
{
    return object_find_hashed(store, key, object_hash(key));
}

/* A new object for a key that is not there yet, zeroed but for the key; there must be room. */
static inline uint32_t object_add_hashed(struct object_store *store, uint64_t key, uint32_t hash)
{
    uint32_t i = store->spare;
    if (i == OBJECT_NONE) {
        HUNCH_ASSERT(store->fresh < store->capacity);
        i = store->fresh++;
    } else {
        store->spare = store->objects[i].next;
    }
    uint32_t at = hash >> store->shift;
    while (store->slots[at] != 0) {
        at = (at + 1) & store->mask;
    }
    store->slots[at] = (uint64_t)hash << 32 | (i + 1);
    store->objects[i] = (struct object){.key = key};
    return i;
}

static inline uint32_t object_add(struct object_store *store, uint64_t key)
{
    return object_add_hashed(store, key, object_hash(key));
}

/* Forget an object; its number may come back for another one. */
static inline void object_drop(struct object_store *store, uint32_t i)
{
    uint32_t at = object_hash(store->objects[i].key) >> store->shift;
    while ((uint32_t)store->slots[at] != i + 1) {
        at = (at + 1) & store->mask;
    }
    object_store_close_gap(store, at);
    store->objects[i].next = store->spare;
    store->spare = i;
}

#endif
