/* Doubly linked lists through the objects: newest at the head. An object is in one list at most. */
#ifndef HUNCH_BENCH_CHOICE_CACHE_OBJECT_LIST_H
#define HUNCH_BENCH_CHOICE_CACHE_OBJECT_LIST_H

#include "object_store.h"

struct object_list {
    uint32_t head, tail; /* OBJECT_NONE when it is empty */
    uint32_t n;
};

#define OBJECT_LIST_EMPTY ((struct object_list){OBJECT_NONE, OBJECT_NONE, 0})

static inline void object_list_push(struct object_list *list, struct object *objects, uint32_t i)
{
    objects[i].prev = OBJECT_NONE;
    objects[i].next = list->head;
    if (list->head != OBJECT_NONE) {
        objects[list->head].prev = i;
    } else {
        list->tail = i;
    }
    list->head = i;
    list->n++;
}

static inline void object_list_remove(struct object_list *list, struct object *objects, uint32_t i)
{
    const uint32_t prev = objects[i].prev;
    const uint32_t next = objects[i].next;
    if (prev != OBJECT_NONE) {
        objects[prev].next = next;
    } else {
        list->head = next;
    }
    if (next != OBJECT_NONE) {
        objects[next].prev = prev;
    } else {
        list->tail = prev;
    }
    list->n--;
}

/* Take the oldest out; the list is not empty. */
static inline uint32_t object_list_pop(struct object_list *list, struct object *objects)
{
    const uint32_t i = list->tail;
    object_list_remove(list, objects, i);
    return i;
}

#endif
