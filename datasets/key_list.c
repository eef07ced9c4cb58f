/* Keys gathered one after the other. */
#include "key_list.h"

#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "diag.h"

#define FIRST_CAPACITY ((size_t)1 << 12)
#define KEY_ALIGN      64 /* a cache line, as the searches like it */

hunch_status hunch__key_list_reserve(struct key_list *list, size_t capacity, hunch_diag *diag)
{
    HUNCH_ASSERT(list->n <= list->capacity);
    if (capacity <= list->capacity) {
        return HUNCH_OK;
    }
    if (capacity < FIRST_CAPACITY) {
        capacity = FIRST_CAPACITY;
    }
    if (list->capacity > capacity / 2 && list->capacity <= SIZE_MAX / 16) {
        capacity = 2 * list->capacity; /* doubling: each key is copied once on average */
    }
    uint64_t *keys = NULL;
    if (capacity <= SIZE_MAX / sizeof *keys) {
        keys = hunch__alloc(&list->allocator, capacity * sizeof *keys, KEY_ALIGN);
    }
    if (keys == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, capacity, "no memory for %zu keys", capacity);
    }
    if (list->n > 0) {
        memcpy(keys, list->keys, list->n * sizeof *keys);
    }
    hunch__free(&list->allocator, list->keys, list->capacity * sizeof *keys, KEY_ALIGN);
    list->keys = keys;
    list->capacity = capacity;
    return HUNCH_OK;
}

void hunch__key_list_free(struct key_list *list)
{
    hunch__free(&list->allocator, list->keys, list->capacity * sizeof *list->keys, KEY_ALIGN);
    list->keys = NULL;
    list->n = 0;
    list->capacity = 0;
}
