/* Streams of arrays to sort, one after the other, as a program that sorts many things has them. */
#ifndef HUNCH_BENCH_SORT_STREAM_H
#define HUNCH_BENCH_SORT_STREAM_H

#include <stdbool.h>

#include <hunch/status.h>

#include "menu.h"

/* How the keys of an array lie. */
enum sort_kind {
    SORT_RANDOM,     /* uniform                                       */
    SORT_SORTED,     /* ascending                                     */
    SORT_DESCENDING, /* descending                                    */
    SORT_DISTURBED,  /* ascending, one key in 64 replaced             */
    SORT_APPENDED,   /* ascending, a random 32nd at the end           */
    SORT_RUNS,       /* eight ascending runs                          */
    SORT_FEW,        /* eight different keys                          */
    SORT_NARROW,     /* uniform below 2^16                            */
    SORT_KINDS
};

/* "random", "sorted", ... */
const char *sort_kind_name(enum sort_kind kind);

/* What a stream consists of. */
struct stream_plan {
    size_t keys;         /* in all                                                              */
    bool mixed;          /* phases in which now this kind, now that one is the usual; else pure */
    enum sort_kind kind; /* of a pure stream                                            */
    unsigned width;      /* of a pure stream                                            */
};

/* A stream, and room to sort it. */
struct sort_stream {
    struct sort_array *arrays; /* owned, [count], within work */
    size_t count;
    unsigned char *work;     /* owned, [bytes]: where the arrays are sorted */
    unsigned char *pristine; /* owned, [bytes]: what they are at first */
    size_t bytes;
    void *scratch; /* owned, for the longest of them */
    size_t scratch_bytes;
    size_t keys;
    uint64_t xxh3; /* of pristine */
};

/* Arrays of 2^10 to 2^17 keys, each octave with about the same number of keys in all, so that small
 * ones are many. The same for the same seed. On failure nothing is owned. Errors: ENOMEM. */
hunch_status stream_draw(struct sort_stream *out, const struct stream_plan *plan, uint64_t seed,
                         hunch_diag *diag);

/* Array i as it comes to a program that has just filled it: unsorted, in a near cache if it fits.
 */
const struct sort_array *stream_next(const struct sort_stream *stream, size_t i);

/* Undo all sorting. */
void stream_restore(struct sort_stream *stream);

void stream_free(struct sort_stream *stream);

#endif
