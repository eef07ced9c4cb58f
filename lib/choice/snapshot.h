/* What choices are made from, handed from who learns to every lane without a lock.
 *
 * A snapshot is bytes: the coefficients of the objective, the cuts of buckets, then the learner's
 * part. Two shared buffers take turns; a lane copies the newer one into memory of its own and asks
 * only that. The copy is a seqlock's (Boehm, "Can seqlocks get along with programming language
 * memory models?", MSPC 2012): all words are atomic, and it counts only when no one had begun to
 * write the buffer again. A lane that is overtaken goes on with what it has. */
#ifndef HUNCH_CHOICE_SNAPSHOT_H
#define HUNCH_CHOICE_SNAPSHOT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atomics.h"
#include "lane.h"

struct hunch__published {
    _Atomic uint64_t version;    /* newest; it is in buffer[version % 2]; 0 = none yet    */
    _Atomic uint64_t writing;    /* version whose buffer was begun last                   */
    _Atomic uint64_t *buffer[2]; /* [bytes / 8] each                                      */
    size_t bytes;                /* a multiple of 64                                      */
};

/* Publish draft[bytes], unless it is what is published already. One thread at a time. */
void hunch__snapshot_publish(struct hunch__published *published, const void *draft);

/* Copy the newest snapshot into the lane. Called by its thread. False when it was overtaken too
 * often: the lane keeps what it has. */
bool hunch__snapshot_take(const struct hunch__published *published, struct hunch__lane *lane);

#endif
