/* The learners that stand beside the default. */
#ifndef HUNCH_BENCH_CHOICE_LEARNERS_H
#define HUNCH_BENCH_CHOICE_LEARNERS_H

#include <stdbool.h>
#include <stddef.h>

/* A contender of the cases that learn. */
struct bench_learner {
    const char *impl;    /* "hunch-linear"              */
    const char *learner; /* "linear"; NULL: the default */
    bool quick;          /* in the profile quick too    */
};

#define LEARNERS 7u

/* The default first. */
extern const struct bench_learner bench_learners[LEARNERS];

#endif
