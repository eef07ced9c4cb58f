/* The self-similar generator: keys that cluster at every scale, as places on a map do. */
#ifndef HUNCH_DATASETS_CASCADE_H
#define HUNCH_DATASETS_CASCADE_H

#include <stddef.h>
#include <stdint.h>

/* Levels of a full cascade: keys below 2^62. */
#define HUNCH__CASCADE_LEVELS 62u

/* Fill keys[n] with distinct ascending keys below 2^levels.
 *
 * A key is drawn bit by bit from the top. At a node, the bits drawn so far, the next bit is 1 with
 * probability 1/2 + spread (w - 1/2), where w in [0, 1) is a hash of the node. Instead of drawing
 * key after key and sorting, the number of keys below each node is split binomially from the root
 * down, which is the same distribution and emits them sorted in O(n). Differences: a child never
 * gets more keys than it has room for, so keys are distinct (of 10 M drawn, some 160 would not be),
 * and the bits below a node that holds a single key are uniform, since the place of one key within
 * its gap is nothing to a model that errs by eight.
 *
 * spread in [0, 1]: 0 is uniform, 1 as hard as a real coast line at every error bound.
 * n <= 2^levels, levels <= HUNCH__CASCADE_LEVELS. */
void hunch__cascade(uint64_t *keys, size_t n, unsigned levels, double spread, uint64_t seed);

#endif
