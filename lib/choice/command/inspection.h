/* What can be said of a chooser: as text, as JSON and as a page. */
#ifndef HUNCH_CHOICE_INSPECTION_H
#define HUNCH_CHOICE_INSPECTION_H

#include <hunch/choice.h>

#include "arm_facts.h"

struct json_t;

/* A chooser looked into. */
struct inspection {
    const char *path;
    const hunch_chooser_options *options; /* as it was made; the chooser's */
    hunch_chooser_stats stats;
    float *p; /* [stats.arms]: of each arm now, nothing being known; NULL with candidates */
    struct arm_fact *facts; /* [stats.arms]: what was learned of each; NULL when that is not told */
};

/* Look into the chooser, which is borrowed until the end. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status choice__inspection_make(struct inspection *out, const char *path,
                                                    const hunch_chooser *chooser, hunch_diag *diag);

void choice__inspection_free(struct inspection *in);

/* On stdout. */
void choice__inspection_print(const struct inspection *in);

/* One object; NULL when there is no memory. */
struct json_t *choice__inspection_json(const struct inspection *in);

/* Write a page to `path`, atomically. Errors: as of choice__simulation_page(). */
HUNCH_MUST_USE hunch_status choice__inspection_page(const char *path, const struct inspection *in,
                                                    hunch_diag *diag);

/* What it chooses, in a few words, into text[n]. */
void choice__inspection_subject(const struct inspection *in, char *text, size_t n);

/* "numeric", "categorical", "bucketed". Static. */
const char *choice__feature_kind(uint32_t kind);

#endif
