/* Arithmetic that says when it overflows, and the byte order of files. */
#ifndef HUNCH_BASE_BITS_H
#define HUNCH_BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HUNCH__CACHE_LINE 64u

/* *out = a * b; false when that does not fit. */
static inline bool hunch__mul(uint64_t a, uint64_t b, uint64_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

/* *out = a + b; false when that does not fit. */
static inline bool hunch__add(uint64_t a, uint64_t b, uint64_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

/* `value` rounded up to a multiple of `align`, a power of two. value <= UINT64_MAX - align. */
static inline uint64_t hunch__align_up(uint64_t value, uint64_t align)
{
    return (value + align - 1) & ~(align - 1);
}

/* a / b rounded up; b > 0. */
static inline uint64_t hunch__div_up(uint64_t a, uint64_t b)
{
    return a / b + (a % b != 0);
}

/* The files are little-endian and mapped as they are, so a big-endian host refuses them. */
static inline bool hunch__little_endian(void)
{
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
}

#endif
