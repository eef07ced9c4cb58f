/* The choice suite of hunch-bench. */
#ifndef HUNCH_BENCH_CHOICE_SUITE_H
#define HUNCH_BENCH_CHOICE_SUITE_H

#include "bench.h"

extern const struct bench_suite bench_choice_suite;

#endif
