/* Doubles as integer keys. */
#ifndef HUNCH_DATASETS_DOUBLE_KEY_H
#define HUNCH_DATASETS_DOUBLE_KEY_H

#include <stdint.h>
#include <string.h>

/* A u64 for x, which is no NaN, in the order of the doubles. Both zeros have one key. */
static inline uint64_t hunch__key_of_double(double x)
{
    uint64_t bits;
    double canonical = x + 0.0; /* -0 + 0 is 0 */
    memcpy(&bits, &canonical, sizeof bits);
    return bits >> 63 != 0 ? ~bits : bits | (uint64_t)1 << 63;
}

#endif
