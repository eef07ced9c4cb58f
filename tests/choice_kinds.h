/* A chooser of every kind, and rounds of choosing and rewarding for each: what the tests of files,
 * faults and the hot path go through. */
#ifndef HUNCH_TESTS_CHOICE_KINDS_H
#define HUNCH_TESTS_CHOICE_KINDS_H

#include <stdbool.h>
#include <stdint.h>

#include <hunch/choice.h>

#include "format_sample.h"

enum choice_kind {
    KIND_PLAIN,      /* five arms, three numbers                                  */
    KIND_FREE,       /* no context                                                */
    KIND_SCHEMA,     /* a number, categories, buckets with cuts and without       */
    KIND_SPARSE,     /* at most four of a thousand                                */
    KIND_CANDIDATES, /* a number, and candidates of three numbers                 */
    KIND_RANGE,      /* a number on a logarithmic range                           */
    KIND_EPISODE,    /* four steps                                                */
    KIND_METRICS,    /* two metrics, one with a limit                             */
    KIND_LINEAR,     /* as KIND_PLAIN, by ridge regression                        */
    KINDS,
    KIND_AUTO = KINDS, /* the default learner, whose files are too long for tests of every bit */
    KINDS_AND_AUTO
};

/* "schema", for the names of files and messages. */
const char *choice_kind_name(int kind);

/* Few pending tickets, one lane; learns at every eighth reward. The tables are static. */
hunch_chooser_options choice_kind_options(int kind);

/* One choice and its reward, all from `random`. Fails the test when an answer cannot be. When
 * `forced`, a mask leaves one arm, so that two choosers that know different things do the same. */
void choice_kind_round(hunch_chooser *chooser, int kind, uint64_t *random, bool forced);

/* After `rounds` of them. */
hunch_chooser *choice_kind_new(int kind, const hunch_allocator *allocator, const hunch_io *io,
                               uint64_t rounds, bool forced);

/* Its file, in memory. */
struct sample_bytes choice_kind_file(int kind, uint64_t rounds, bool forced);

/* The chooser in the bytes, or NULL with the reason in *diag. */
hunch_chooser *choice_kind_open(struct sample_bytes bytes, hunch_diag *diag);

#endif
