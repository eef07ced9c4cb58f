/* The automatic choice against every configuration: NAME/auto-BUDGET, in bytes a key. */
#ifndef HUNCH_BENCH_INDEX_AUTO_RACE_H
#define HUNCH_BENCH_INDEX_AUTO_RACE_H

#include <stdio.h>

#include "auto_arms.h"
#include "bench.h"

#include <hunch/index.h>

#define AUTO_BUDGETS 3u

/* What is kept of each set for the summary: how many times as slow as the best of the sweep. */
struct auto_ledger {
    double log_fixed[AUTO_ARMS]; /* of every configuration, with the largest budget; sums of logs */
    double log_hunch, log_model, log_noise, log_other, log_mix;
    double worst_hunch;
    unsigned within; /* cases in which AUTO takes 1.05 times as long at most */
    hunch_index_options taken[AUTO_BUDGETS]; /* by the cost model, of the set before; 0: none */
    unsigned sets;                           /* with the largest budget */
    unsigned cases;                          /* of all budgets */
    unsigned others;                         /* of these, with a set before */
};

/* Print the names of a set's cases. */
void auto_race_list(FILE *out, const char *set);

/* Whether any of them is wanted. */
bool auto_race_wanted(const struct bench *bench, const char *set);

/* Build and time all configurations over keys[n], n > 0, and what AUTO makes of each budget. The
 * objective is that of AUTO's default: the geometric mean of a look-up of a plain loop and of one
 * of a batch. Errors: ENOMEM, EIO. */
HUNCH_MUST_USE hunch_status auto_race_measure(struct bench *bench, const struct bench_data *data,
                                              const uint64_t *keys, size_t n,
                                              struct auto_ledger *ledger, hunch_diag *diag);

/* summary/auto: geometric means over the sets. Errors: ENOMEM, EIO. */
HUNCH_MUST_USE hunch_status auto_race_summary(struct bench *bench, const struct auto_ledger *ledger,
                                              hunch_diag *diag);

#endif
