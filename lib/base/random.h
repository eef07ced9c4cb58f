/* SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
 */
#ifndef HUNCH_BASE_RANDOM_H
#define HUNCH_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/io.h>

_Static_assert(sizeof(size_t) == 8, "hunch is written for 64-bit machines");

/* ISO C has no integer of 128 bits; gcc and clang do on every 64-bit machine. */
__extension__ typedef unsigned __int128 hunch__u128;

/* The finaliser: a bijection of u64 that hashes one number. */
static inline uint64_t hunch__mix64(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Next of the stream whose state, at first the seed, is *state. */
static inline uint64_t hunch__splitmix64(uint64_t *state)
{
    return hunch__mix64(*state += 0x9E3779B97F4A7C15u);
}

/* Uniform in [0, bound), bound > 0, by multiplication (Lemire 2019) without the rejection step: a
 * bias of at most bound / 2^64. */
static inline uint64_t hunch__below(uint64_t random, uint64_t bound)
{
    return (uint64_t)(((hunch__u128)random * bound) >> 64);
}

#endif
