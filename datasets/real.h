/* Real functions for the generators that need one, made of additions, multiplications, divisions
 * and square roots alone: IEEE 754 fixes the result of each, so that every machine and every C
 * library makes the same keys. (libm's exp and log differ in the last place from one to another.)
 * Compiled with -ffp-contract=off, since a fused multiply-add rounds once instead of twice. */
#ifndef HUNCH_DATASETS_REAL_H
#define HUNCH_DATASETS_REAL_H

#include <stdint.h>

/* exp(x) for |x| <= 700, within 2 units in the last place. */
double hunch__exp(double x);

/* Natural logarithm of x > 0, finite and normal, within 2 units in the last place of 1 or of the
 * result, whichever is larger. */
double hunch__log(double x);

/* Uniform in (0, 1]: 53 bits of `random`, never 0. */
double hunch__unit(uint64_t random);

/* Standard normal, by Marsaglia's polar method (SIAM Review 6, 1964), from the stream *state. */
double hunch__normal(uint64_t *state);

/* Binomial: of n trials, each with probability p / 2^32, how many succeed. Inversion (BINV of
 * Kachitvichyanukul and Schmeiser, CACM 31, 1988) while fewer than 30 successes or failures are
 * expected, else the normal approximation, rounded and kept within [0, n]. p <= 2^32. */
uint64_t hunch__binomial(uint64_t n, uint64_t p, uint64_t *state);

#endif
