/* All class sets together. */
#ifndef HUNCH_BENCH_CHOICE_QUALITY_SUMMARY_H
#define HUNCH_BENCH_CHOICE_QUALITY_SUMMARY_H

#include "quality_trial.h"

/* One impl's losses. */
struct tally {
    char impl[64];
    const char *recorded; /* as in a bench_value; static */
    double loss[RECORDED_SETS];
    bool has[RECORDED_SETS];
};

/* Zeroed to begin with. */
struct quality_summary {
    struct tally tallies[VALUES_MAX];
    size_t count;
    bool played[RECORDED_SETS];
    bool stand_ins; /* some sets were generated */
};

/* Print the names of its cases, one a line; whether any of them is wanted. */
void summary_list(FILE *out);
bool summary_wanted(const struct bench *bench);

/* The rows of a set, by its place in recorded_sets. */
void summary_add(struct quality_summary *summary, size_t set, const struct bench_value *values,
                 size_t count, bool stand_in);

/* Means over the sets on which constants were fixed, over the others and over all; and how ours
 * stands to the recorded figures. Nothing unless all sets were played. Errors: ENOMEM, EIO. */
hunch_status summary_report(const struct quality_summary *summary, struct bench *bench,
                            hunch_diag *diag);

#endif
