/* Order statistics of a few repetitions. */
#ifndef HUNCH_BENCH_QUARTILES_H
#define HUNCH_BENCH_QUARTILES_H

#include <stddef.h>

struct bench_quartiles {
    double q1, median, q3;
};

/* Quartiles of values[n], n > 0, which are left sorted. Between two values it interpolates linearly
 * (definition 7 of Hyndman and Fan 1996, the default of R and NumPy). */
struct bench_quartiles bench__quartiles(double *values, size_t n);

#endif
