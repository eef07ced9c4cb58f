/* Numbers in lines of text. */
#ifndef HUNCH_DATASETS_DIGITS_H
#define HUNCH_DATASETS_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The digits at **at, and *at behind them; false when there is none or the number has more than 64
 * bits. No sign, no blanks, no locale. Stops at the byte behind the line at the latest. */
static inline bool hunch__parse_number(const char **at, uint64_t *number)
{
    const char *from = *at;
    uint64_t value = 0;
    for (; (unsigned char)(**at - '0') < 10; ++*at) {
        if (__builtin_mul_overflow(value, (uint64_t)10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(**at - '0'), &value)) {
            return false;
        }
    }
    *number = value;
    return *at != from;
}

/* Whether text[n], behind which stands a byte that is no part of a number, is a decimal number that
 * a float can hold. */
bool hunch__parse_float(const char *text, size_t n, float *value);

#endif
