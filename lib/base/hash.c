/* The only source that compiles xxHash: once here costs 30 kB of object less than inlined in each
 * caller, and a call is nothing beside hashing a section. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "hash.h"

uint64_t hunch__xxh3(const void *bytes, size_t n)
{
    return n == 0 ? XXH3_64bits("", 0) : XXH3_64bits(bytes, n);
}

uint64_t hunch__xxh3_after_zeros(uint64_t zeros, const void *bytes, size_t n)
{
    static const unsigned char block[1024];
    XXH3_state_t state;
    if (zeros == 0) {
        return hunch__xxh3(bytes, n);
    }
    (void)XXH3_64bits_reset(&state);
    while (zeros > 0) {
        size_t now = zeros < sizeof block ? (size_t)zeros : sizeof block;
        (void)XXH3_64bits_update(&state, block, now);
        zeros -= now;
    }
    if (n > 0) {
        (void)XXH3_64bits_update(&state, bytes, n);
    }
    return XXH3_64bits_digest(&state);
}
