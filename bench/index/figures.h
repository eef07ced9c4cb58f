/* The figures of one set that are not look-ups. */
#ifndef HUNCH_BENCH_INDEX_FIGURES_H
#define HUNCH_BENCH_INDEX_FIGURES_H

#include "panel.h"

/* NAME/size: bytes_total and bytes_per_key of each contender, one copy of the keys apart.
 * Errors: ENOMEM, EIO. */
hunch_status figures_size(struct bench *bench, const struct panel *panel,
                          const struct bench_data *data, hunch_diag *diag);

/* NAME/build: build_ns_per_key, from the sorted keys to the first answer. */
hunch_status figures_build(struct bench *bench, const struct panel *panel,
                           const struct bench_data *data, hunch_diag *diag);

/* NAME/open: nanoseconds to open a saved index, ours alone, the panel's first entry. Saves it to a
 * temporary file of the size of the keys and more; a row with the reason when that fails. */
hunch_status figures_open(struct bench *bench, const struct panel *panel,
                          const struct bench_data *data, const uint64_t *keys, size_t n,
                          hunch_diag *diag);

/* NAME/build-threads: build_ns_per_key of ours without measuring, by one thread and by two.
 * Errors: ENOMEM, EIO. */
hunch_status figures_threads(struct bench *bench, const struct bench_data *data,
                             const uint64_t *keys, size_t n, hunch_diag *diag);

#endif
