/* The forms that AUTO has built, played against each other by look-ups that are timed. */
#ifndef HUNCH_LEARNED_INDEX_TRIALS_H
#define HUNCH_LEARNED_INDEX_TRIALS_H

#include "beliefs.h"

/* Forms that are timed, the advisor's own proposal among them. */
#define HUNCH__TRIALS_MAX      6u
/* Keys that an index must have for it. */
#define HUNCH__TRIALS_KEYS_MIN 16384u
/* Times that a form is timed at most. */
#define HUNCH__TRIAL_TIMES     20u

/* What an advisor is told of keys and options. */
#define HUNCH__ADVISOR_FEATURES 8u

/* A form that was built, and how it did. */
struct hunch__trial {
    uint32_t arm;
    hunch_index *index; /* owned */
    double ns[HUNCH__TRIAL_TIMES];
    unsigned timed;
};

struct hunch__trials {
    const hunch_allocator *allocator;
    const hunch_clock *clock;
    hunch_chooser *advisor;
    hunch_chooser *own; /* the advisor when none was handed in, else NULL */
    float context[HUNCH__ADVISOR_FEATURES];
    double expected_ns; /* what HUNCH__ARM_PLAIN should take: rewards are relative to it, so that
                           sets of any size teach the same */
    uint32_t workload;  /* a hunch_index_workload */
    uint64_t *queries;  /* [drawn] */
    size_t drawn;       /* a multiple of those that are asked at a time */
    size_t *positions;  /* of those that are asked at a time */
    size_t asked;       /* where in queries those begin that are asked next */
    struct hunch__trial trial[HUNCH__TRIALS_MAX];
    unsigned count;
};

/* Draw keys to ask for from keys[n], n >= HUNCH__TRIALS_KEYS_MIN. The advisor and the clock of
 * `options` and the allocator are borrowed. Whatever is returned, hunch__trials_end() releases.
 * Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__trials_begin(struct hunch__trials *out, const uint64_t *keys,
                                                size_t n, const struct hunch__beliefs *beliefs,
                                                const hunch_index_options *options,
                                                const hunch_allocator *allocator, hunch_diag *diag);

/* What the advisor proposes of the arms in `mask`, which is not 0. */
uint32_t hunch__trials_advised(struct hunch__trials *trials, uint64_t mask);

/* Let an index compete, which the trials own from here on. count < HUNCH__TRIALS_MAX. */
void hunch__trials_enter(struct hunch__trials *trials, uint32_t arm, hunch_index *index);

/* Time those that were not, in turn, a few times each. */
void hunch__trials_time(struct hunch__trials *trials);

/* ns of a look-up, as the workload has it, of one that was timed: the second fastest time, since
 * what disturbs a machine only ever adds. */
double hunch__trial_ns(const struct hunch__trial *trial);

/* Time them, more often those that the advisor chooses. The fastest wins, or one that is hardly
 * slower and clearly smaller; where the clock tells nothing, the first. count > 0. */
hunch_index *hunch__trials_winner(struct hunch__trials *trials);

/* Release all indices and what the trials consist of. */
void hunch__trials_end(struct hunch__trials *trials);

#endif
