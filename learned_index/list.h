/* A growing array of u64: lines and segments, whose number is known when the keys end. */
#ifndef HUNCH_LEARNED_INDEX_LIST_H
#define HUNCH_LEARNED_INDEX_LIST_H

#include <hunch/alloc.h>
#include <hunch/status.h>

#include <stddef.h>
#include <stdint.h>

struct hunch__list {
    uint64_t *items; /* [n], owned */
    size_t n;
    size_t room;
    hunch_allocator allocator;
};

/* Empty; allocates nothing. The allocator is copied. */
void hunch__list_init(struct hunch__list *list, const hunch_allocator *allocator);

/* Errors: ENOMEM, and the list is as it was. */
HUNCH_MUST_USE hunch_status hunch__list_add(struct hunch__list *list, uint64_t item,
                                            hunch_diag *diag);

void hunch__list_free(struct hunch__list *list);

#endif
