/* A growing array of u64. */
#include "list.h"

#include <string.h>

#include "alloc.h"
#include "bits.h"
#include "diag.h"

#define ROOM_AT_FIRST 64u

static hunch_status grow(struct hunch__list *list, hunch_diag *diag);

void hunch__list_init(struct hunch__list *list, const hunch_allocator *allocator)
{
    *list = (struct hunch__list){.allocator = *allocator};
}

hunch_status hunch__list_add(struct hunch__list *list, uint64_t item, hunch_diag *diag)
{
    if (list->n == list->room) {
        hunch_status status = grow(list, diag);
        if (status != HUNCH_OK) {
            return status;
        }
    }
    list->items[list->n++] = item;
    return HUNCH_OK;
}

void hunch__list_free(struct hunch__list *list)
{
    hunch__free(&list->allocator, list->items, list->room * sizeof *list->items, HUNCH__CACHE_LINE);
    *list = (struct hunch__list){.allocator = list->allocator};
}

/* Twice as much, which no memory overflows. */
static hunch_status grow(struct hunch__list *list, hunch_diag *diag)
{
    const size_t room = list->room > 0 ? 2 * list->room : ROOM_AT_FIRST;
    uint64_t *items = hunch__alloc(&list->allocator, room * sizeof *items, HUNCH__CACHE_LINE);
    if (items == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, room, "no memory for %zu lines", room);
    }
    if (list->n > 0) {
        memcpy(items, list->items, list->n * sizeof *items);
    }
    hunch__free(&list->allocator, list->items, list->room * sizeof *list->items, HUNCH__CACHE_LINE);
    list->items = items;
    list->room = room;
    return HUNCH_OK;
}
