/* The bandit protocol over a class set: show the features, play a class, hear whether it was right.
 * A row is scored before anything is learned from it. */
#ifndef HUNCH_BENCH_CHOICE_PROTOCOL_H
#define HUNCH_BENCH_CHOICE_PROTOCOL_H

#include <stdbool.h>

#include <hunch/status.h>

#include "class_set.h"

/* How a set is played. Zero is the plain protocol: once through, in the file's order. */
struct protocol {
    const char *learner; /* NULL: the library's default                                     */
    float half_life;     /* as in the options of a chooser                                  */
    uint64_t seed;       /* of the chooser                                                  */
    uint64_t shuffle;    /* which order of the rows; 0: the file's                          */
    size_t rounds;       /* beyond the set's rows it comes again, in another order; 0: once */
    size_t delay;        /* rounds after which a reward comes                               */
    double missing;      /* share of the rewards that never come                            */
    size_t change_at;    /* from this round on the classes are others; 0: never             */
    size_t begin;        /* the first round that is played; those before count as right     */
};

/* What happened. */
struct protocol_result {
    unsigned char *wrong; /* owned, [rounds]: 1 where the class was not the right one */
    size_t rounds;
    const char *model; /* what the chooser picked in the end; static */
    uint64_t learned;  /* events                                     */
};

/* Play `set`, n > 0. A learner that is not there, or refuses the shape, is HUNCH_EUNSUPPORTED. On
 * failure nothing is owned. Errors: ENOMEM, and those of hunch_chooser_new(). */
hunch_status protocol_play(struct protocol_result *out, const struct class_set *set,
                           const struct protocol *protocol, hunch_diag *diag);

void protocol_free(struct protocol_result *result);

/* Share of wrong rounds in [from, to), from < to <= rounds. */
double protocol_loss(const struct protocol_result *result, size_t from, size_t to);

/* order[n] = the rows in the shuffle of that number: 0 is the file's own order. The same as in
 * bench/peers/vw.py. */
void protocol_order(uint32_t *order, size_t n, uint64_t shuffle);

#endif
