/* How hard a set is to learn, beside every figure over it. */
#ifndef HUNCH_BENCH_INDEX_HARDNESS_FIGURES_H
#define HUNCH_BENCH_INDEX_HARDNESS_FIGURES_H

#include "bench.h"

#define HARDNESS_NOTE_MAX 160u

/* What a reader of any figure over the set should know, after what the set's own note says. */
struct hardness_note {
    char text[HARDNESS_NOTE_MAX];
};

/* Measure keys[n] and write the note. Errors: ENOMEM, EINVAL (the keys do not ascend). */
HUNCH_MUST_USE hunch_status hardness_describe(struct hardness_note *out, const char *own,
                                              const uint64_t *keys, size_t n, hunch_diag *diag);

/* NAME/hardness: segments in a million distinct keys at error 32, 64, 128 and 4096, the exponent
 * and the longest run of equal keys. Errors: as above, EIO. */
HUNCH_MUST_USE hunch_status hardness_report(struct bench *bench, const struct bench_data *data,
                                            const uint64_t *keys, size_t n, hunch_diag *diag);

#endif
