/* Rows as JSON Lines. */
#ifndef HUNCH_BENCH_JSON_H
#define HUNCH_BENCH_JSON_H

#include "environment.h"
#include "rows.h"

/* Write *row as one line to the descriptor, in one piece, so that whoever is killed half-way leaves
 * whole lines. Errors: ENOMEM, EIO. */
HUNCH_MUST_USE hunch_status bench__json_write(int fd, const struct bench_row *row, uint64_t seed,
                                              const struct bench_environment *environment,
                                              hunch_diag *diag);

#endif
