/* The conformance suite of learners: ours, classic ones, and those that users write. */
#ifndef HUNCH_CONFORMANCE_LEARNER_H
#define HUNCH_CONFORMANCE_LEARNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/learner.h>

/* One to be tested, and what it claims beyond the interface. */
struct learner_subject {
    const hunch_learner_ops *ops;
    bool learns; /* beats uniform choices where one arm is plainly the best */

    /* The same events in another order, or merged from shards that saw some of them each, make the
     * same snapshot (of events whose sums round nothing); with at most `exact_dense` dense columns,
     * when that is not 0. `rounds`: probabilities are the same within 1e-4 only. */
    bool order_free;
    bool rounds;
    uint32_t exact_dense;
};

/* Run the suite over subjects[count] and print what failed. Returns the program's exit status. */
int learner_conformance_run(const struct learner_subject *subjects, size_t count);

/* A hash of what the subjects answer to events and contexts of every kind: the same on every
 * instruction set. */
uint64_t learner_conformance_hash(const struct learner_subject *subjects, size_t count);

#endif
