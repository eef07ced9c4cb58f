/* Random numbers of other distributions than the uniform one; the same bits everywhere. */
#ifndef HUNCH_LEARNERS_SAMPLING_H
#define HUNCH_LEARNERS_SAMPLING_H

#include <stdint.h>

/* Each advances *stream, a SplitMix64. */

/* Uniform in (0, 1). */
double hunch__sample_uniform(uint64_t *stream);

/* Of mean 0 and variance 1: Marsaglia's polar method, which needs no cosine. */
double hunch__sample_normal(uint64_t *stream);

/* Gamma of shape > 0 and scale 1 (Marsaglia and Tsang 2000). */
double hunch__sample_gamma(uint64_t *stream, double shape);

/* Beta of two positive parameters. */
double hunch__sample_beta(uint64_t *stream, double a, double b);

#endif
