/* The loops around a look-up, compiled once a contender, so that a look-up that can be inlined is:
 * nobody pays for an indirect call that a user would not pay. Included by C and C++. */
#ifndef HUNCH_BENCH_INDEX_LOOPS_H
#define HUNCH_BENCH_INDEX_LOOPS_H

#include <stddef.h>
#include <stdint.h>

/* Wait until every earlier instruction is done. A data dependency is no substitute: speculation
 * runs past it, since a predicted branch does not wait for its operands. */
static inline void index_fence(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __asm__ volatile("lfence" ::: "memory");
#elif defined(__aarch64__)
    __asm__ volatile("dsb sy\n\tisb" ::: "memory");
#else
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

/* Prefetch the line of an address that may lie outside the array. */
static inline void index_prefetch(uintptr_t address)
{
    __builtin_prefetch((const void *)address);
}

/* Define NAME_fenced and NAME_independent over `uint64_t NAME_look_up(const type *, uint64_t)`. */
#define INDEX_LOOPS(name, type)                                                                    \
    static void name##_fenced(const void *self, const uint64_t *queries, size_t n,                 \
                              uint64_t *answers)                                                   \
    {                                                                                              \
        const type *index = (const type *)self;                                                    \
        for (size_t i = 0; i < n; i++) {                                                           \
            answers[i] = name##_look_up(index, queries[i]);                                        \
            index_fence();                                                                         \
        }                                                                                          \
    }                                                                                              \
    static void name##_independent(const void *self, const uint64_t *queries, size_t n,            \
                                   uint64_t *answers)                                              \
    {                                                                                              \
        const type *index = (const type *)self;                                                    \
        for (size_t i = 0; i < n; i++) {                                                           \
            answers[i] = name##_look_up(index, queries[i]);                                        \
        }                                                                                          \
    }

/* Define NAME_batched over `void NAME_group(const type *, const uint64_t *queries, size_t width,
 * uint64_t *answers)`, which answers up to INDEX_BATCH_WIDTH_MAX queries interleaved. */
#define INDEX_BATCHED(name, type)                                                                  \
    static void name##_batched(const void *self, const uint64_t *queries, size_t n,                \
                               uint64_t *answers)                                                  \
    {                                                                                              \
        const type *index = (const type *)self;                                                    \
        for (size_t done = 0; done < n;) {                                                         \
            size_t width = n - done < index->width ? n - done : index->width;                      \
            name##_group(index, queries + done, width, answers + done);                            \
            done += width;                                                                         \
        }                                                                                          \
    }

#endif
