/* Timing of look-ups over one set. */
#ifndef HUNCH_BENCH_INDEX_LOOKUPS_H
#define HUNCH_BENCH_INDEX_LOOKUPS_H

#include "panel.h"
#include "queries.h"

/* Longest name of a case. */
#define CASE_NAME_MAX 128u

/* Queries of a repetition. In full the lines that they touch are twice a cache of 32 MiB. */
#define QUERIES_QUICK ((size_t)1 << 19)
#define QUERIES_FULL  ((size_t)1 << 20)

/* The fenced loop, the slowest by far, takes half of them. */
static inline size_t queries_of(const struct bench *bench, enum loop loop)
{
    size_t queries = bench_profile(bench) == BENCH_FULL ? QUERIES_FULL : QUERIES_QUICK;
    return loop == LOOP_FENCED ? queries / 2 : queries;
}

/* NAME/lookup-KIND/LOOP into out[CASE_NAME_MAX]. */
void lookup_case_name(char *out, const char *set, enum query_kind kind, enum loop loop);

/* Whether any case of the kind is wanted. */
bool lookups_wanted(const struct bench *bench, const char *set, enum query_kind kind);

/* Measure the panel and the floors in the three loops over keys[n], n > 0. Errors: ENOMEM, EIO. */
hunch_status lookups_measure(struct bench *bench, struct panel *panel,
                             const struct bench_data *data, enum query_kind kind,
                             const uint64_t *keys, size_t n, hunch_diag *diag);

#endif
