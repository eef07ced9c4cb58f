/* The index suite, for the program's table of suites. */
#ifndef HUNCH_BENCH_INDEX_SUITE_H
#define HUNCH_BENCH_INDEX_SUITE_H

#include "bench.h"

extern const struct bench_suite bench_index_suite;

#endif
