/* Zipf-distributed ranks. */
#ifndef HUNCH_BENCH_INDEX_ZIPF_H
#define HUNCH_BENCH_INDEX_ZIPF_H

#include <stdint.h>

/* A distribution over the ranks 1 to n, P(k) proportional to k^-exponent. */
struct zipf {
    uint64_t n;
    double exponent;
    double from; /* the range of the inverse's argument */
    double to;
    double shortcut; /* a rank this near to its real-valued draw is accepted at once */
};

/* n > 0, 0 < exponent, not 1. O(1) time and memory. */
void zipf_init(struct zipf *zipf, uint64_t n, double exponent);

/* A rank, by random bits from *state. */
uint64_t zipf_draw(const struct zipf *zipf, uint64_t *state);

#endif
