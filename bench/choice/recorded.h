/* Figures of others that were measured elsewhere: they stand beside ours, marked as recorded. */
#ifndef HUNCH_BENCH_CHOICE_RECORDED_H
#define HUNCH_BENCH_CHOICE_RECORDED_H

#include <stdbool.h>

#include "bench.h"

/* VowpalWabbit 9.11.2 with bandit feedback, with full feedback, and two plain learners. */
#define RECORDED_IMPLS 4u
/* The one that the issue of record compares with: the best of about 50 configurations, for each
 * set another one. */
#define RECORDED_VW    0u
#define RECORDED_OAA   1u

/* A set of the table: its place says in which half its figures are reported. */
struct recorded_set {
    const char *name;
    bool quick; /* small enough for the profile quick */
    double loss[RECORDED_IMPLS];
};

/* Constants of the library are fixed on the first so many sets alone. */
#define RECORDED_FIRST 10u
#define RECORDED_SETS  20u

extern const struct recorded_set recorded_sets[RECORDED_SETS];

/* "vw-best-of-all" and so on, and where they are from. */
const char *recorded_impl(size_t i);
const char *recorded_source(size_t i);

/* The figure of a set as a row's value. */
struct bench_value recorded_value(const struct recorded_set *set, size_t impl);

/* The set called so, or NULL. */
const struct recorded_set *recorded_find(const char *name);

#endif
