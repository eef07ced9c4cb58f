/* How figures are written for people: three to four digits that matter, thousands set apart. */
#ifndef HUNCH_BENCH_NUMBER_H
#define HUNCH_BENCH_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* Room for any figure of bench__number() and bench__count(), the zero included. */
#define BENCH_NUMBER_BYTES 32

/* `value` into out[BENCH_NUMBER_BYTES]: 0.0123, 1.23, 12.3, 123, 12 345. Returns out. */
char *bench__number(char *out, double value);

/* A ratio, likewise; below a thousandth it only says so. */
char *bench__ratio(char *out, double ratio);

/* A whole number. */
char *bench__count(char *out, uint64_t value);

#endif
