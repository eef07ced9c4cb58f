/* Two threads: on one chooser, and with a chooser each. */
#ifndef HUNCH_BENCH_CHOICE_THREADS_H
#define HUNCH_BENCH_CHOICE_THREADS_H

#include "bench.h"

/* Choices a second of both threads together, by turns. Errors: ENOMEM, EIO. */
hunch_status threads_measure(struct bench *bench, const char *case_name, uint32_t arms,
                             uint32_t features, hunch_diag *diag);

#endif
