/* The table behind the objects. */
#include "object_store.h"

#include <inttypes.h>
#include <string.h>

#include "alloc.h"
#include "bits.h"
#include "diag.h"

hunch_status object_store_open(struct object_store *out, size_t capacity,
                               const hunch_allocator *allocator, hunch_diag *diag)
{
    uint32_t bits = 4; /* at most half full */
    HUNCH_ASSERT(capacity > 0);
    *out = (struct object_store){.spare = OBJECT_NONE};
    if (capacity > OBJECTS_MAX) {
        return hunch__fail(diag, HUNCH_ELIMIT, 0, "%zu objects: at most %zu can be numbered",
                           capacity, OBJECTS_MAX);
    }
    while (((size_t)1 << bits) < 2 * capacity) {
        bits++;
    }
    out->allocator = hunch__allocator_or_default(allocator);
    out->capacity = capacity;
    out->mask = (uint32_t)(((uint64_t)1 << bits) - 1);
    out->shift = 32 - bits;
    const size_t slots_bytes = ((size_t)out->mask + 1) * sizeof *out->slots;
    out->objects =
        hunch__alloc(&out->allocator, capacity * sizeof *out->objects, HUNCH__CACHE_LINE);
    out->slots = hunch__alloc(&out->allocator, slots_bytes, HUNCH__CACHE_LINE);
    if (out->objects == NULL || out->slots == NULL) {
        object_store_close(out);
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for %zu objects", capacity);
    }
    memset(out->slots, 0, slots_bytes);
    return HUNCH_OK;
}

void object_store_close(struct object_store *store)
{
    hunch__free(&store->allocator, store->objects, store->capacity * sizeof *store->objects,
                HUNCH__CACHE_LINE);
    hunch__free(&store->allocator, store->slots, ((size_t)store->mask + 1) * sizeof *store->slots,
                HUNCH__CACHE_LINE);
    store->objects = NULL;
    store->slots = NULL;
}

size_t object_store_bytes(const struct object_store *store)
{
    return store->capacity * sizeof *store->objects +
           ((size_t)store->mask + 1) * sizeof *store->slots;
}

/* Knuth, volume 3, section 6.4, algorithm R. */
void object_store_close_gap(struct object_store *store, uint32_t at)
{
    uint32_t hole = at;
    for (;;) {
        at = (at + 1) & store->mask;
        const uint64_t slot = store->slots[at];
        if (slot == 0) {
            break;
        }
        const uint32_t home = (uint32_t)(slot >> 32) >> store->shift;
        if (((at - home) & store->mask) >= ((at - hole) & store->mask)) {
            store->slots[hole] = slot;
            hole = at;
        }
    }
    store->slots[hole] = 0;
}
