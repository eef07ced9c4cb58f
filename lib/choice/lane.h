/* Lanes: what a thread writes when it chooses and rewards, apart from all other threads' lines.
 *
 * A thread owns the lane that holds its thread pointer, from its first call on; the lane of a
 * thread that has ended serves the next one that is given the same pointer. Threads that find no
 * lane free share the last few, one at a time in each. */
#ifndef HUNCH_CHOICE_LANE_H
#define HUNCH_CHOICE_LANE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atomics.h"
#include "bits.h"

#include <hunch/alloc.h>
#include <hunch/status.h>

/* Most lanes that are owned, those that are shared, and the bits of a ticket's id that name one. */
enum {
    HUNCH__LANES_MAX = 64,
    HUNCH__LANES_SHARED = 8,
    HUNCH__LANE_BITS = 7,
    HUNCH__LANE_HINTS = 256
};

_Static_assert(HUNCH__LANES_MAX + HUNCH__LANES_SHARED <= 1 << HUNCH__LANE_BITS,
               "ids name all lanes");

/* What is counted; written by the lane's thread, read by any. */
struct hunch__counters {
    _Atomic uint64_t choices, rewards, expired, abandoned, refused, dropped, overridden, not_finite;
    _Atomic double reward_sum;
};

/* Sums of one metric since the lane was made. */
struct hunch__metric_sums {
    _Atomic double count, sum, squares;
};

struct hunch__linear;

/* One thread's. */
struct hunch__lane {
    _Alignas(HUNCH__CACHE_LINE) _Atomic uintptr_t owner; /* thread pointer; 0: nobody's        */
    uint64_t dice;    /* state of its generator                                          */
    uint64_t version; /* of the snapshot in `mine`                                       */
    const struct hunch__linear *linear; /* in `mine`, when chooser->hot may ask it; or NULL    */
    unsigned char *mine;     /* the lane's copy of the published snapshot                       */
    _Atomic uint64_t *slots; /* see slot.h                                                     */
    uint32_t cursor;         /* the slot written last                                           */
    uint32_t size;           /* slots in use, a power of two; grows up to the shape's           */
    _Atomic uint32_t fresh;  /* slots that were ever written: those below it                    */
    uint32_t index;          /* of this lane                                                    */
    uint32_t shared;         /* 1: one that threads without one of their own share            */

    _Alignas(HUNCH__CACHE_LINE) _Atomic uint64_t events_head; /* written by the lane's thread  */
    uint64_t events_tail_seen;                                /* its last look at the tail      */
    _Atomic uint64_t *events;                                 /* see event.h                    */
    uint64_t since_step;                                      /* rewards since it last learned  */
    struct hunch__metric_sums *metrics;                       /* [metrics_count]                */
    unsigned char *spare;                                     /* where the next copy is made    */

    _Alignas(HUNCH__CACHE_LINE) struct hunch__counters counters;
    _Alignas(HUNCH__CACHE_LINE) _Atomic uint64_t events_tail; /* written by who learns         */
    _Atomic uint32_t *busy; /* 1 while a thread is in a shared lane; in trainer.h's page       */
    void *block;            /* what mine, spare, slots, events and metrics lie in               */
};

/* All of them. */
struct hunch__lanes {
    struct hunch__lane *lane; /* [all]: the first `count` are owned, the others shared          */
    uint32_t count;
    uint32_t all;
    _Atomic uint8_t hint[HUNCH__LANE_HINTS]; /* by thread pointer: probably its lane */
};

#ifdef HUNCH_SCHEDULED
uintptr_t hunch__scheduled_thread(void); /* the tasks of the tests share a thread */
#endif

/* What identifies the running thread; no system call, no thread-local variable. */
static inline uintptr_t hunch__thread_pointer(void)
{
#if defined(HUNCH_SCHEDULED)
    return hunch__scheduled_thread();
#elif defined(__x86_64__)
    uintptr_t self;
    __asm__("movq %%fs:0, %0" : "=r"(self)); /* System V ABI: the first word points to itself */
    return self;
#else
    return (uintptr_t)__builtin_thread_pointer();
#endif
}

static inline size_t hunch__lane_hint(uintptr_t thread)
{
    /* Thread stacks are some pages apart, or some megabytes. */
    return (thread >> 12 ^ thread >> 20) & (HUNCH__LANE_HINTS - 1);
}

/* The lane when the hint does not lead to it: finds it, claims a free one, or enters a shared one.
 * NULL when those stay busy. */
struct hunch__lane *hunch__lane_enter_slowly(struct hunch__lanes *lanes, uintptr_t thread);

/* The lane that the calling thread owns, when the hint leads to it; or NULL. */
static inline struct hunch__lane *hunch__lane_mine(struct hunch__lanes *lanes)
{
    const uintptr_t thread = hunch__thread_pointer();
    const size_t hint = hunch__load_relaxed(&lanes->hint[hunch__lane_hint(thread)]);
    struct hunch__lane *lane = &lanes->lane[hint];
    return hunch__load_relaxed(&lane->owner) == thread ? lane : NULL; /* only it writes so */
}

/* The calling thread's lane, to be left again. NULL: none is free; then nothing may be written. */
static inline struct hunch__lane *hunch__lane_enter(struct hunch__lanes *lanes)
{
    struct hunch__lane *lane = hunch__lane_mine(lanes);
    return lane != NULL ? lane : hunch__lane_enter_slowly(lanes, hunch__thread_pointer());
}

static inline void hunch__lane_leave(struct hunch__lane *lane)
{
    if (lane->shared != 0) {
        hunch__store_release(lane->busy, 0); /* pairs with the acquire of the next to enter */
    }
}

/* Count one more; only the lane's thread writes. */
static inline void hunch__count(_Atomic uint64_t *counter)
{
    hunch__store_relaxed(counter, hunch__load_relaxed(counter) + 1);
}

#endif
