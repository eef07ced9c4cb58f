/* Keys gathered one after the other, when their number is not known or not to be believed. */
#ifndef HUNCH_DATASETS_KEY_LIST_H
#define HUNCH_DATASETS_KEY_LIST_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/status.h>

/* Zeroed but for the allocator it is empty and owns nothing. */
struct key_list {
    uint64_t *keys; /* [capacity], the first n in use */
    size_t n;
    size_t capacity;
    hunch_allocator allocator;
};

/* Room for `capacity` keys or more; the keys may move. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__key_list_reserve(struct key_list *list, size_t capacity,
                                                    hunch_diag *diag);

/* Append one key. Errors: ENOMEM. */
static inline hunch_status hunch__key_list_add(struct key_list *list, uint64_t key,
                                               hunch_diag *diag)
{
    if (list->n == list->capacity) {
        hunch_status status = hunch__key_list_reserve(list, list->n + 1, diag);
        if (status != HUNCH_OK) {
            return status;
        }
    }
    list->keys[list->n++] = key;
    return HUNCH_OK;
}

void hunch__key_list_free(struct key_list *list);

#endif
