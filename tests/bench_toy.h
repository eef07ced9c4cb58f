/* A suite of toys for the tests of the bench driver: a clock that moves only when a toy says so,
 * and contenders whose answers and times are known beforehand. */
#ifndef HUNCH_TESTS_BENCH_TOY_H
#define HUNCH_TESTS_BENCH_TOY_H

#include <hunch/io.h>

#include "bench.h"
#include "suites.h"

#define TOY_OPS    4
#define TOY_WARMUP 0 /* repetitions are counted from the warm-up */
#define TOY_NEVER  (-1)
#define TOY_ALWAYS (-2)
#define TOY_SILENT (-3)

/* All that the toys of one test share. */
struct toy_world {
    uint64_t now_ns;
    char order[128]; /* the first letters of the contenders as they ran */
};

struct toy {
    struct toy_world *world;
    char letter;
    int wrong_at; /* the repetition whose answers are wrong; or one of the TOY_ above */
    uint64_t ns; /* a repetition r of 1, 2, 3 ... takes ns + r * step; the warm-up takes a second */
    uint64_t step;
    int runs;
};

hunch_clock toy_clock(struct toy_world *world);

/* A contender around *toy, which must outlive it. */
struct bench_contender toy_contender(const char *impl, struct toy *toy);

/* The work of every toy case, and the XXH3 of its right answers. */
extern const uint64_t toy_work[TOY_OPS];
uint64_t toy_expected(void);

/* What the toy program does differently. */
struct toy_plan {
    const char *data_name;
    const char *note;
    bool kill;   /* the process kills itself behind the first case */
    bool honest; /* nobody is wrong                                */
};

/* The catalogue of the toy program: a suite "toy" with the cases toys/lookup/a, toys/lookup/b and
 * toys/size, made after *plan, which is borrowed; "bloom" is announced for later. */
struct bench_catalogue toy_catalogue(const struct toy_plan *plan);

/* Its clock. */
const hunch_clock *toy_program_clock(void);

#endif
