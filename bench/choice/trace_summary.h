/* All cache traces together. */
#ifndef HUNCH_BENCH_CHOICE_TRACE_SUMMARY_H
#define HUNCH_BENCH_CHOICE_TRACE_SUMMARY_H

#include "bench.h"

/* Most policies of a case, and traces that the means are taken over, each at two sizes. */
#define TRACE_IMPLS_MAX 32u
#define TRACES_IN_MEAN  11u

/* One policy's miss ratios. */
struct trace_tally {
    const char *impl; /* static */
    double miss_ratio[TRACES_IN_MEAN][2];
    bool has[TRACES_IN_MEAN][2];
};

/* Zeroed to begin with. */
struct trace_summary {
    struct trace_tally tallies[TRACE_IMPLS_MAX];
    size_t count;
    size_t requests[TRACES_IN_MEAN];
};

/* Print the names of its cases, one a line; whether any of them is wanted. */
void trace_summary_list(FILE *out);
bool trace_summary_wanted(const struct bench *bench);

/* The miss ratio of a policy on the trace of that place, which has so many requests; a place beyond
 * the last of the mean is left out. */
void trace_summary_add(struct trace_summary *summary, size_t place, bool large, size_t requests,
                       const char *impl, double miss_ratio);

/* The means, and how ours stands to the best of LRU, SIEVE, S3-FIFO and ARC in the worst case.
 * Nothing unless all traces were there. Errors: ENOMEM, EIO. */
hunch_status trace_summary_report(const struct trace_summary *summary, struct bench *bench,
                                  hunch_diag *diag);

#endif
