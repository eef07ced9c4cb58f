/* Work that is not timed, on all processors. */
#ifndef HUNCH_BENCH_CHOICE_JOBS_H
#define HUNCH_BENCH_CHOICE_JOBS_H

#include "bench.h"

/* Do job(ctx, i) for every i in [0, count), in any order, on several threads; the caller's is one
 * of them and tells the progress, named `what`, from `begun` on by `share` in all. */
void jobs_run(struct bench *bench, size_t count, void (*job)(void *ctx, size_t i), void *ctx,
              const char *what, double begun, double share);

#endif
