/* Copying what another thread may be copying at the same time.
 *
 * Slots are copied by whoever rewards while their thread may write them again; the copy counts only
 * when word [0] says afterwards that it did not (slot.h). To the C standard such words are atomics,
 * and ThreadSanitizer and the schedules of the tests see them so. Elsewhere they are moved sixteen
 * bytes at a time, which no machine tears worse than what the check finds. */
#ifndef HUNCH_CHOICE_WORDS_H
#define HUNCH_CHOICE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "atomics.h"

#if defined(__SANITIZE_THREAD__) || defined(HUNCH_SCHEDULED)
#    define HUNCH__WORDWISE 1
#elif defined(__has_feature)
#    if __has_feature(thread_sanitizer)
#        define HUNCH__WORDWISE 1
#    endif
#endif

typedef uint32_t hunch__four __attribute__((vector_size(16), may_alias));

/* to[words] = from[words]; both 16-aligned, words even. */
static inline void hunch__words_copy(_Atomic uint64_t *to, const _Atomic uint64_t *from,
                                     size_t words)
{
#ifdef HUNCH__WORDWISE
    for (size_t i = 0; i < words; i++) {
        hunch__store_relaxed(to + i, hunch__load_relaxed(from + i));
    }
#else
    hunch__four *fours = (hunch__four *)(uintptr_t)to;
    const hunch__four *given = (const hunch__four *)(uintptr_t)from;
    for (size_t i = 0; i < words / 2; i++) {
        fours[i] = given[i];
    }
#endif
}

/* Two floats as a word. */
static inline uint64_t hunch__word_of(const float *from, size_t floats)
{
    uint64_t word = 0;
    memcpy(&word, from, floats * sizeof *from);
    return word;
}

/* to[ceil(floats / 2)] = from[floats], zero-padded. True when all are finite: the carry of an
 * exponent of all ones reaches the sign's place. `to` is 16-aligned. */
static inline bool hunch__words_put(_Atomic uint64_t *to, const float *from, size_t floats)
{
    const uint64_t exponents = 0x7f8000007f800000u;
    const uint64_t ones = 0x0080000000800000u;
    const uint64_t signs = 0x8000000080000000u;
    uint64_t carry = 0;
    size_t i = 0;
#ifndef HUNCH__WORDWISE
    const unsigned char *given = (const unsigned char *)from;
    unsigned char *taken = (unsigned char *)(uintptr_t)to; /* a float of each at the same offset */
    const size_t bytes = (floats & ~(size_t)3) * sizeof *from;
    hunch__four carries = {0};
    for (size_t at = 0; at < bytes; at += sizeof carries) {
        hunch__four four;
        memcpy(&four, given + at, sizeof four);
        *(hunch__four *)(void *)(taken + at) = four;
        carries |= (four & 0x7f800000u) + 0x00800000u;
    }
    uint64_t halves[2];
    memcpy(halves, &carries, sizeof halves);
    carry = halves[0] | halves[1];
    i = bytes / sizeof *from;
#endif
    for (; i < floats; i += 2) {
        const uint64_t word = hunch__word_of(from + i, floats - i >= 2 ? 2 : 1);
        carry |= (word & exponents) + ones;
        hunch__store_relaxed(to + i / 2, word);
    }
    return (carry & signs) == 0;
}

#endif
