/* A figure over many seeds: its median, and the share of seeds that reach a mark. */
#ifndef HUNCH_BENCH_CHOICE_SEEDS_H
#define HUNCH_BENCH_CHOICE_SEEDS_H

#include <hunch/choice.h>

#include "bench.h"

/* Most impls of a case, and seeds. */
#define SEEDS_IMPLS_MAX 8u
#define SEEDS_MAX       1000u

struct seeds_impl {
    const char *impl;
    const char *learner; /* NULL: the library's default */
};

struct seeds_case {
    const char *name;
    const char *metric, *unit;
    bool higher_is_better;
    const char *mark_metric; /* the share of seeds at the mark or better; NULL: not asked for */
    double mark;
    const char *note; /* what is played, for the reader */
    const struct seeds_impl *impls;
    size_t count;
    size_t seeds;  /* 0 < seeds <= SEEDS_MAX          */
    size_t rounds; /* of a seed, as in the case's data */

    /* The figure of one seed. Called from any thread. */
    hunch_status (*play)(const struct seeds_case *c, const hunch_learner_ops *learner,
                         uint64_t seed, double *figure);
};

/* Play every impl with every seed, on all processors, and add its rows; nothing when the case is
 * not wanted. Errors: ENOMEM, EIO. */
hunch_status seeds_measure(struct bench *bench, const struct seeds_case *c, hunch_diag *diag);

/* From one stream of random numbers: uniform in [0, 1), and normal. */
double seeds_uniform(uint64_t *random);
double seeds_normal(uint64_t *random);

#endif
