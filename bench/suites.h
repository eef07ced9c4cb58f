/* Which suites the program has. */
#ifndef HUNCH_BENCH_SUITES_H
#define HUNCH_BENCH_SUITES_H

#include "bench.h"

struct bench_catalogue {
    const struct bench_suite *const *suites; /* in the order of `all`, NULL at the end       */
    const char *const *later; /* names that are settled but have no suite yet, NULL at the end */
};

/* The program's own. */
extern const struct bench_catalogue bench_catalogue;

#endif
