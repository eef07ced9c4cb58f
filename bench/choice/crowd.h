/* A thousand sites, asked one after the other: what is asked is never in a near cache. */
#ifndef HUNCH_BENCH_CHOICE_CROWD_H
#define HUNCH_BENCH_CHOICE_CROWD_H

#include "bench.h"

/* hunch_choose() on each of the sites in turn. Errors: ENOMEM, EIO. */
hunch_status crowd_measure(struct bench *bench, const char *case_name, uint32_t arms,
                           uint32_t features, hunch_diag *diag);

#endif
