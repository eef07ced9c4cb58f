/* The command line of hunch-bench. */
#ifndef HUNCH_BENCH_OPTIONS_H
#define HUNCH_BENCH_OPTIONS_H

#include "bench.h"

/* Strings point into argv; NULL when not given. */
struct bench_options {
    const char *suite;
    const char *case_regex;
    const char *impl_regex;
    const char *data;
    const char *keys;
    const char *csv;
    const char *trace;
    const char *peers;
    const char *json;   /* "-": standard output */
    const char *report; /* a file's name        */
    uint64_t seed;      /* below 2^63, since JSON readers have no more */
    unsigned reps;
    enum bench_profile profile;
    bool list;
};

/* Fill *options, defaults included. Whatever is wrong is said on stderr and ends the process with
 * exit code 2; --help and --version end it with 0. */
void bench__options_parse(struct bench_options *options, int argc, char **argv);

#endif
