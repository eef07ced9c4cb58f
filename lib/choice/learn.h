/* The learner's side: from events to a new snapshot. */
#ifndef HUNCH_CHOICE_LEARN_H
#define HUNCH_CHOICE_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "encoder.h"

#include <hunch/choice.h>

struct hunch__process;

/* Events handed to the learner at once. */
enum { HUNCH__BATCH = 64 };

/* Room for them. */
struct hunch__batch {
    hunch_learner_event events[HUNCH__BATCH];
    float *raw;            /* [HUNCH__BATCH][raw_floats]: context and candidate, as kept      */
    uint32_t *raw_columns; /* [entries]: of one sparse context                                */
    float *raw_values;     /* [entries]                                                       */
    float *dense;          /* [HUNCH__BATCH][dense]                                           */
    uint32_t *columns;     /* [HUNCH__BATCH][entries]                                         */
    float *values;         /* [HUNCH__BATCH][entries]                                         */
    struct hunch__encoded encoded;
    size_t raw_floats;
    size_t entries; /* columns that one context may have                               */
};

/* Take in all events there are and publish. False when somebody else is at it. */
bool hunch__learn_try(hunch_chooser *chooser);

/* A step on behalf of a thread that brings rewards; nothing while a trainer runs. */
void hunch__learn_inline(hunch_chooser *chooser);

/* Keep others from learning until hunch__learn_end(); waits, so never on a hot path. */
void hunch__learn_begin(struct hunch__process *process);
void hunch__learn_end(struct hunch__process *process);

/* Take in all events there are and publish; between begin and end. The events learned from. */
uint64_t hunch__learn(hunch_chooser *chooser);

/* Set after how many rewards the next step is due. */
void hunch__set_step_every(hunch_chooser *chooser);

/* Make and publish a snapshot of what is known; between begin and end, or before anybody asks. */
void hunch__publish(hunch_chooser *chooser);

#endif
