/* Random variates whose bits are the same on every machine: IEEE 754 fixes each addition,
 * multiplication, division and square root, and lib/base/real.h the rest. Compiled with
 * -ffp-contract=off, since a fused multiply-add rounds once instead of twice. */
#ifndef HUNCH_DATASETS_VARIATES_H
#define HUNCH_DATASETS_VARIATES_H

#include <stdint.h>

/* Uniform in (0, 1]: 53 bits of `random`, never 0. */
double hunch__unit(uint64_t random);

/* Standard normal, by Marsaglia's polar method (SIAM Review 6, 1964), from the stream *state. */
double hunch__normal(uint64_t *state);

/* Binomial: of n trials, each with probability p / 2^32, how many succeed. Inversion (BINV of
 * Kachitvichyanukul and Schmeiser, CACM 31, 1988) while fewer than 30 successes or failures are
 * expected, else the normal approximation, rounded and kept within [0, n]. p <= 2^32. */
uint64_t hunch__binomial(uint64_t n, uint64_t p, uint64_t *state);

#endif
