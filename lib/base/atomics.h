/* Atomics whose names carry the memory order. There is no default order: each use that orders
 * something names its partner in a comment. Generic over the _Atomic types of C11. */
#ifndef HUNCH_BASE_ATOMICS_H
#define HUNCH_BASE_ATOMICS_H

#include <stdatomic.h>

#include "yield.h"

#define hunch__load_relaxed(p) (HUNCH__YIELD(), atomic_load_explicit((p), memory_order_relaxed))
#define hunch__load_acquire(p) (HUNCH__YIELD(), atomic_load_explicit((p), memory_order_acquire))

#define hunch__store_relaxed(p, v)                                                                 \
    (HUNCH__YIELD(), atomic_store_explicit((p), (v), memory_order_relaxed))
#define hunch__store_release(p, v)                                                                 \
    (HUNCH__YIELD(), atomic_store_explicit((p), (v), memory_order_release))

/* Fetch-and-add: the value before. */
#define hunch__add_relaxed(p, v)                                                                   \
    (HUNCH__YIELD(), atomic_fetch_add_explicit((p), (v), memory_order_relaxed))

/* Fences, for what is read or written in many words around one that says whether it was whole. */
#define hunch__fence_acquire() (HUNCH__YIELD(), atomic_thread_fence(memory_order_acquire))
#define hunch__fence_release() (HUNCH__YIELD(), atomic_thread_fence(memory_order_release))

/* Compare and swap: true when *p was *expected and is now v; else *expected is what *p was. */
#define hunch__cas_acq_rel(p, expected, v)                                                         \
    (HUNCH__YIELD(), atomic_compare_exchange_strong_explicit(                                      \
                         (p), (expected), (v), memory_order_acq_rel, memory_order_acquire))

#endif
