/* What a suite of hunch-bench needs of the driver.
 *
 * A suite prepares data, queries and contenders, and hands them over case by case. The driver times
 * them, checks their answers, and writes table, JSON Lines and report; see README.md for the rules.
 * A suite never prints: what it has to say is a row. */
#ifndef HUNCH_BENCH_BENCH_H
#define HUNCH_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <hunch/status.h>

/* One run of hunch-bench: its options, its clock and the rows so far. Confined to one thread. */
struct bench;

/* How much work is wanted. */
enum bench_profile {
    BENCH_QUICK, /* all suites together within five minutes */
    BENCH_FULL   /* the sizes of record; 45 minutes a suite */
};

/* What was measured on. Copied by the calls that take it. */
struct bench_data {
    const char *name; /* "coast_hilbert"                                                       */
    uint64_t n;       /* elements                                                              */
    uint64_t xxh3;    /* XXH3-64 of the elements as they were used                             */
    const char *note; /* what a reader must know: "generated stand-in: cascade(1.0)"; or NULL  */
};

/* The error of a contender that was wrong: it makes the run's exit code 1. */
#define BENCH_ANSWERS_DIFFER "answers differ"

/* One implementation in one case. */
struct bench_contender {
    const char *impl;  /* "hunch", "hunch-stree8", "absl-btree", "floor-dependent-miss"           */
    const char *error; /* not NULL: a row with this reason ("not built") and no value; run unused */
    bool floor;        /* a bound, not a rival: timed with the others, its answers not compared; of
                        * several, multiples are taken of the case's first                        */
    void *self;        /* first argument of both functions; borrowed for the call                 */

    /* One repetition: do all `ops` operations of the case's work and write answers[ops]. Timed as
     * a whole; called once before the timing starts. */
    void (*run)(void *self, const void *work, uint64_t *answers);

    /* Untimed: turn answers[ops] into the form that all contenders share (a B-tree that yields
     * keys: into positions). NULL: they are in that form. */
    void (*canonical)(void *self, const void *work, uint64_t *answers);
};

/* One case: the same work for several contenders. */
struct bench_case {
    const char *name;      /* "coast_hilbert/lookup-present/batched"                        */
    const char *metric;    /* "ns_per_op": nanoseconds of a repetition / ops                */
    const char *unit;      /* "ns"                                                          */
    bool higher_is_better; /* false for times                                               */
    const char *baseline;  /* the impl that ratios are taken of                             */
    const struct bench_data *data;
    const void *work; /* second argument of the contenders' functions                  */
    size_t ops;       /* operations, and answers, of one repetition; > 0               */
    bool has_expected;
    uint64_t expected; /* XXH3-64 of the right answers[ops], from an oracle of the
                        * suite's; without it the baseline's answers are the reference */
    const struct bench_contender *contenders; /* [count], floors included                     */
    size_t count;
};

/* One impl's figure that is not timed by repetition: bytes, build time. */
struct bench_value {
    const char *impl;
    const char *error;    /* not NULL: a row with this reason and no value            */
    double value;         /* finite                                                   */
    double q1, q3;        /* quartiles; both equal to `value` when there is one       */
    unsigned reps;        /* 0 or 1: a single figure, without spread                  */
    bool none;            /* there is nothing to measure: shown as "none", not scored  */
    const char *model;    /* what the impl had picked by itself: "quadratic"; or NULL  */
    const char *recorded; /* not NULL: from elsewhere, and this is where; it stands beside the
                           * figures of the run, gets no ratio and is no rival of theirs */
};

/* Time the contenders interleaved (A B C A B C ...), after one warm-up repetition each, and add a
 * row for each. Every repetition's answers are hashed, the warm-up's too; an impl that was wrong in
 * any of them gets the error "answers differ" and no value. Does nothing when bench_wants_case()
 * says no, and leaves out the impls that bench_wants_impl() refuses; the baseline is measured all
 * the same, since ratios need it, but gives a row only when it is wrong.
 * Errors: ENOMEM, EIO (a row could not be written). A wrong answer is no error here. */
HUNCH_MUST_USE hunch_status bench_measure(struct bench *bench, const struct bench_case *c,
                                          hunch_diag *diag);

/* Add a row for each of values[count], with the same filters and the same rule of the baseline.
 * Errors: as of bench_measure(). */
HUNCH_MUST_USE hunch_status bench_report_values(struct bench *bench, const char *case_name,
                                                const char *metric, const char *unit,
                                                bool higher_is_better, const char *baseline,
                                                const struct bench_data *data,
                                                const struct bench_value *values, size_t count,
                                                hunch_diag *diag);

/* The least value, measured in this run, of the rows of a case and metric whose impl `counts` is
 * true of, and how many keys, rows or events it was measured on; false, and *value 0, when there is
 * none. */
bool bench_least(const struct bench *bench, const char *case_name, const char *metric,
                 bool (*counts)(const char *impl), double *value, size_t *n);

/* Whether --case and --impl let this one through: ask before making expensive data or contenders.
 * The impl answer does not know about baselines: build those of every wanted case. */
bool bench_wants_case(const struct bench *bench, const char *case_name);
bool bench_wants_impl(const struct bench *bench, const char *impl);

/* The options. Strings are borrowed for the life of `bench`; NULL when not given. */
enum bench_profile bench_profile(const struct bench *bench);
uint64_t bench_seed(const struct bench *bench);
unsigned bench_reps(const struct bench *bench); /* timed repetitions a contender, >= 1 */
const char *bench_data_dir(const struct bench *bench);
const char *bench_keys_file(const struct bench *bench);
const char *bench_csv_file(const struct bench *bench);
const char *bench_trace_file(const struct bench *bench);
const char *bench_peers_file(const struct bench *bench); /* figures of live peers, see README.md */

/* Monotonic nanoseconds by the run's clock, for what a suite times itself. */
uint64_t bench_now_ns(const struct bench *bench);

/* Say what is being done and how much of the suite is behind it, in [0, 1]. Shown on stderr, with
 * the time left, when that is a terminal. */
void bench_progress(struct bench *bench, const char *what, double fraction);

/* A suite: one of the program's table in suites.c. */
struct bench_suite {
    const char *name;    /* "index"                                                            */
    const char *title;   /* "Index: sorted 64-bit keys, lower_bound", the report's heading     */
    const char *classic; /* impl names for the summary: the heuristic in use today,            */
    const char *peer;    /* the best other one; NULL: whoever is the best in each case         */

    /* One case name a line, for both profiles; nothing is built. */
    hunch_status (*list)(FILE *out, const struct bench *bench, hunch_diag *diag);
    /* All the cases that are wanted, in the order of the report. */
    hunch_status (*run)(struct bench *bench, hunch_diag *diag);
};

#endif
