/* One class set, played by each learner in each order. */
#ifndef HUNCH_BENCH_CHOICE_QUALITY_TRIAL_H
#define HUNCH_BENCH_CHOICE_QUALITY_TRIAL_H

#include "class_set.h"
#include "learners.h"
#include "live.h"
#include "recorded.h"

/* Orders of the rows, the file's own among them. */
#define SHUFFLES_MAX 5u
/* Most rows of a case. */
#define VALUES_MAX   (LEARNERS + LIVE_MAX + RECORDED_IMPLS)

/* One learner in one order. */
struct trial {
    double loss;
    const char *model; /* static                     */
    const char *error; /* not NULL: there is no loss */
};

/* All of a set. */
struct trials {
    const struct class_set *set; /* borrowed */
    const struct bench *bench;   /* borrowed */
    bool all;                    /* learners, else the quick ones */
    unsigned shuffles;
    struct trial trial[LEARNERS][SHUFFLES_MAX];
};

/* The learner that ratios are taken of: the classic one. */
#define TRIALS_BASELINE "hunch-linear"

/* Play those that are wanted on all processors, telling the progress as in jobs.h. */
void trials_play(struct trials *trials, struct bench *bench, const char *what, double begun,
                 double share);

/* A row for each learner into values[LEARNERS]: the median of its orders. How many. */
size_t trials_values(const struct trials *trials, struct bench_value *values);

#endif
