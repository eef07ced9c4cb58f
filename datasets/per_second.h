/* Logs of which only the number of records in each second is kept: little-endian u16, the i-th for
 * the i-th second. */
#ifndef HUNCH_DATASETS_PER_SECOND_H
#define HUNCH_DATASETS_PER_SECOND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/status.h>

#include "key_list.h"

/* When the counts begin, in seconds: count i belongs to `start` + i, or once i >= `later_from` > 0,
 * to `later_start` + (i - later_from): a log with a hole whose length nobody counted. */
struct epochs {
    uint64_t start;
    uint64_t later_from, later_start;
};

/* A set that is expanded from such a file. */
struct counted_set {
    const char *name; /* "weblog_nasa1995_seconds"        */
    const char *file; /* "weblog_nasa1995_per_second_u16" */
    bool composite;
    const struct epochs *epoch;
};

/* The set of this name; NULL when there is none. Static. */
const struct counted_set *hunch__counted_set_find(const char *name);

/* Append the keys of the log at `path`, in the order of the counts: each record's second, with
 * repetitions, or when `composite` second << 16 | j for the j-th record of its second. At most
 * `limit` keys; 0 is all. Errors: those of input.h, ENOMEM, ECORRUPT (diag->at is the offset). */
HUNCH_MUST_USE hunch_status hunch__per_second_read(struct key_list *keys, const char *path,
                                                   const struct epochs *epoch, bool composite,
                                                   size_t limit, hunch_diag *diag);

/* Epochs from "START" or "START,INDEX:LATER": false when it is neither or a second is above 2^47,
 * more than a composite key has room for. */
bool hunch__epochs_parse(struct epochs *out, const char *text);

#endif
