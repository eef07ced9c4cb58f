/* A part of the choice suite: one question of its README, with its own cases. */
#ifndef HUNCH_BENCH_CHOICE_PART_H
#define HUNCH_BENCH_CHOICE_PART_H

#include <string.h>

#include "bench.h"

/* Longest name of a case. */
#define CASE_NAME_MAX 128u

/* Whether data with this note were made up, in place of some that are not there. */
static inline bool is_generated(const char *note)
{
    return strncmp(note, "generated", 9) == 0;
}

struct choice_part {
    const char *name;
    unsigned seconds; /* about, in the profile full: for the progress bar */

    /* Print the names of its cases, one a line. */
    void (*list)(FILE *out, const struct bench *bench);
    /* Measure those of them that are wanted. */
    hunch_status (*run)(struct bench *bench, hunch_diag *diag);
};

extern const struct choice_part choice_overhead;   /* overhead.c  */
extern const struct choice_part choice_forward;    /* forward.c   */
extern const struct choice_part choice_quality;    /* quality.c   */
extern const struct choice_part choice_streams;    /* streams.c   */
extern const struct choice_part choice_context;    /* context.c   */
extern const struct choice_part choice_audit;      /* audit.c     */
extern const struct choice_part choice_sequences;  /* episodes.c  */
extern const struct choice_part choice_values;     /* values.c    */
extern const struct choice_part choice_candidates; /* candidates.c */
extern const struct choice_part choice_traces;     /* traces.c    */
extern const struct choice_part choice_sort;       /* sort/demo.c */

#endif
