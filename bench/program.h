/* hunch-bench as a function, so that the tests can run it with suites and a clock of their own. */
#ifndef HUNCH_BENCH_PROGRAM_H
#define HUNCH_BENCH_PROGRAM_H

#include <hunch/io.h>

#include "suites.h"

/* The whole program: returns its exit code, or ends the process when the command line is wrong. */
int bench__program(int argc, char **argv, const struct bench_catalogue *catalogue,
                   const hunch_clock *clock);

#endif
