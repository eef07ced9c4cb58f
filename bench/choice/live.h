/* Figures of live peers: what bench/run --peers measured just before with a program that is not
 * ours, on the same rows in the same orders. */
#ifndef HUNCH_BENCH_CHOICE_LIVE_H
#define HUNCH_BENCH_CHOICE_LIVE_H

#include "bench.h"

/* Most live rows of a case. */
#define LIVE_MAX 8u

/* The figures of a file; see bench/peers/README.md for its form. */
struct live {
    void *root; /* owned: NULL when there is no file */
};

/* Read the file of --peers, if one is given. On failure nothing is owned.
 * Errors: EINVAL (not of that form), EIO, ENOMEM. */
hunch_status live_open(struct live *out, const struct bench *bench, hunch_diag *diag);

/* Rows of a case into values[LIVE_MAX]: how many there are. Their strings live as long as `live`.
 * One that was measured on another number of rows than n gets an error instead of its value. */
size_t live_values(const struct live *live, const char *case_name, uint64_t n,
                   struct bench_value *values);

void live_close(struct live *live);

#endif
