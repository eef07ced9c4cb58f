/* The forms that AUTO has built, played against each other by look-ups that are timed. */
#ifndef HUNCH_LEARNED_INDEX_TRIALS_H
#define HUNCH_LEARNED_INDEX_TRIALS_H

#include "arms.h"

/* Forms that are timed, the advisor's own proposal among them. */
#define HUNCH__TRIALS_MAX  4u
/* Times that each is timed before choosing begins, and times that are chosen. */
#define HUNCH__ROUNDS_EACH 4u
#define HUNCH__ROUNDS_MORE 16u
#define HUNCH__TRIAL_TIMES (HUNCH__ROUNDS_EACH + HUNCH__ROUNDS_MORE)

/* A form that was built, and how it did. */
struct hunch__trial {
    uint32_t arm;
    hunch_index *index; /* owned */
    double ns[HUNCH__TRIAL_TIMES];
    unsigned timed;
};

struct hunch__trials {
    const hunch_index_options *options;
    const hunch_allocator *allocator;
    const hunch_clock *clock;
    hunch_chooser *advisor;
    hunch_chooser *own; /* the advisor when none was handed in, else NULL */
    float context[HUNCH__ADVISOR_FEATURES];
    double expected_ns; /* of a look-up that is worth a reward of 0 */
    uint64_t *queries;  /* [drawn] */
    size_t drawn;       /* a multiple of those that are asked at a time */
    size_t *positions;  /* of those that are asked at a time */
    size_t asked;       /* queries used so far */
    struct hunch__trial trial[HUNCH__TRIALS_MAX];
    unsigned count;
};

/* Draw keys of keys[n] to ask for; `expected_ns` is what rewards are relative to. Whatever is
 * returned, hunch__trials_end() releases. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__trials_begin(struct hunch__trials *out, const uint64_t *keys,
                                                size_t n, const struct hunch__glance *glance,
                                                double expected_ns,
                                                const hunch_index_options *options,
                                                const hunch_allocator *allocator, hunch_diag *diag);

/* What an advisor that was handed in proposes of the arms in `mask`, which is not 0. */
uint32_t hunch__trials_advised(struct hunch__trials *trials, uint64_t mask);

/* Let an index compete, which the trials own from here on. count < HUNCH__TRIALS_MAX. */
void hunch__trials_enter(struct hunch__trials *trials, uint32_t arm, hunch_index *index);

/* Time them, more often those that the advisor chooses, and return the winner. count > 0. */
hunch_index *hunch__trials_winner(struct hunch__trials *trials);

/* Release all indices and what the trials consist of. */
void hunch__trials_end(struct hunch__trials *trials);

#endif
