/* The general form of asking, behind every public one. */
#ifndef HUNCH_CHOICE_CHOOSE_H
#define HUNCH_CHOICE_CHOOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "encoder.h"
#include "explore.h"
#include "lane.h"

#include <hunch/choice.h>

/* What is asked. */
struct hunch__choice {
    struct hunch__raw_context raw;
    const uint64_t *mask;    /* [ceil(arms / 64)]; NULL = all                       */
    const float *candidates; /* [shape.arms][candidate_features]; NULL = fixed arms */
    uint32_t ranks;          /* arms wanted in `ranked`; 0 = none                   */
    uint32_t *ranked;        /* [ranks], best first                                 */
    uint64_t episode;        /* id of the ticket before it in the episode; 0 = none */
};

/* What a question may need room for. */
struct hunch__room {
    float x[HUNCH__ENTRIES_MAX];
    uint32_t columns[HUNCH__ENTRIES_MAX];
    uint64_t mask[HUNCH__ARMS_MAX / 64];
};

/* The question's context as it is kept: zeros when there is none, entries when it is sparse. */
void hunch__set_context(const hunch_chooser *chooser, const hunch_question *question,
                        struct hunch__raw_context *raw, struct hunch__room *room);

/* Copy the caller's episode, whose struct may be older. Errors: EINVAL, EVERSION. */
HUNCH_MUST_USE hunch_status hunch__episode_read(hunch_episode *out, const hunch_episode *given);

/* Choose and write the ticket into the lane. *spare gets 64 random bits that had no part in it. */
hunch_ticket hunch__choose(hunch_chooser *chooser, const struct hunch__choice *choice,
                           uint64_t *spare);

/* The choice for a chooser that is `plain`, once its slot is taken: fixed arms, all of them
 * allowed, and a context that is the learner's as it stands. */
hunch_ticket hunch__choose_plain(hunch_chooser *chooser, struct hunch__lane *lane,
                                 _Atomic uint64_t *slot, uint64_t id, const float *x);

/* The choice in x, whatever the chooser is. */
hunch_ticket hunch__choose_any(hunch_chooser *chooser, const float *x);

/* The same by the shortest way, where there is one; see hot.h. */
hunch_ticket hunch__choose_hot_avx2(hunch_chooser *chooser, const float *x);
hunch_ticket hunch__choose_hot_avx512(hunch_chooser *chooser, const float *x);

/* Set chooser->hot to the shortest way that this machine has. */
void hunch__hot_set(hunch_chooser *chooser);

/* Whether the learner may decide: something is allowed, and every candidate's features are there
 * and numbers. */
bool hunch__usable(const hunch_chooser *chooser, const struct hunch__choice *choice);

/* What the heuristic of before would do, or the first arm that is allowed. */
uint32_t hunch__fallback_arm(const hunch_chooser *chooser, const struct hunch__choice *choice);

#endif
