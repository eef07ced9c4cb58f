/* A cache steered by choices, over traces of requests, against policies that are not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "diag.h"
#include "part.h"
#include "quartiles.h"
#include "trace_generate.h"
#include "trace_summary.h"

#define REPS_FULL 3u
#define BASELINE  "lru"

/* A trace, and whether it is part of the mean and of the profile quick. */
struct known_trace {
    const char *name;
    bool quick;
};

/* One policy over one trace at one size. */
struct cache_turn {
    const struct cache_policy_ops *policy;
    const char *error;
    double seconds[REPS_FULL];
    double miss_ratio;
};

static void list(FILE *out, const struct bench *bench);
static hunch_status run(struct bench *bench, hunch_diag *diag);
static void list_trace(FILE *out, const char *stem);
static hunch_status run_named(struct bench *bench, struct trace_summary *summary, size_t i,
                              hunch_diag *diag);
static hunch_status run_file(struct bench *bench, const char *path, hunch_diag *diag);
static hunch_status run_trace(struct bench *bench, struct trace_summary *summary, size_t place,
                              const struct cache_trace *trace, hunch_diag *diag);
static hunch_status run_size(struct bench *bench, struct trace_summary *summary, size_t place,
                             const struct cache_trace *trace, unsigned percent, hunch_diag *diag);
static size_t fill_turns(const struct bench *bench, struct cache_turn *turns);
static void play(struct cache_turn *turns, size_t count, const struct cache_trace *trace,
                 unsigned percent, unsigned reps);
static void check(struct cache_turn *turns, size_t count);
static hunch_status report(struct bench *bench, const char *name, const struct bench_data *data,
                           const struct cache_turn *turns, size_t count, unsigned reps,
                           hunch_diag *diag);
static hunch_status report_absent(struct bench *bench, const char *name, hunch_diag *diag);
static bool trace_wanted(const struct bench *bench, const struct known_trace *trace);
static void case_name(char *out, const char *stem, unsigned percent);
static void file_stem(char *out, const char *path);

const struct choice_part choice_traces = {"traces", 300, list, run};

/* The first TRACES_IN_MEAN in the order of trace_summary.h. */
static const struct known_trace traces[] = {
    {"arc_oltp", false},          {"arc_p3", false},           {"cloudphysics_w106", false},
    {"recs_1m", false},           {"orm_busy_2m", false},      {"cdn_sized", false},
    {"lirs_sprite", true},        {"lirs_2_pools", true},      {"lirs_multi2", false},
    {"lirs_loop", true},          {"lirs_cpp", true},          {"lirs_cs", false},
    {"lirs_gli", false},          {"mysql_blocks", true},      {"mssql_blocks", false},
    {"webserver2_blocks", false}, {"webserver_blocks", false}, {HUNCH__REQUESTS, true},
};

enum { TRACES = sizeof traces / sizeof *traces };

static const unsigned percents[] = {1, 10};

enum { PERCENTS = sizeof percents / sizeof *percents };

static void list(FILE *out, const struct bench *bench)
{
    const char *path = bench_trace_file(bench);
    if (path != NULL) {
        char stem[CASE_NAME_MAX];
        file_stem(stem, path);
        list_trace(out, stem);
        return;
    }
    for (size_t i = 0; i < TRACES; i++) {
        if (traces[i].quick || bench_profile(bench) == BENCH_FULL) {
            list_trace(out, traces[i].name);
        }
    }
    trace_summary_list(out);
}

static void list_trace(FILE *out, const char *stem)
{
    for (size_t i = 0; i < PERCENTS; i++) {
        char name[CASE_NAME_MAX];
        case_name(name, stem, percents[i]);
        (void)fprintf(out, "%s\n", name);
    }
}

static hunch_status run(struct bench *bench, hunch_diag *diag)
{
    if (bench_trace_file(bench) != NULL) {
        return run_file(bench, bench_trace_file(bench), diag);
    }
    struct trace_summary *summary = calloc(1, sizeof *summary);
    if (summary == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for a summary");
    }
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < TRACES && status == HUNCH_OK; i++) {
        if (trace_wanted(bench, &traces[i])) {
            bench_progress(bench, traces[i].name, (double)i / TRACES);
            status = run_named(bench, summary, i, diag);
        }
    }
    if (status == HUNCH_OK) {
        status = trace_summary_report(summary, bench, diag);
    }
    free(summary);
    return status;
}

static hunch_status run_named(struct bench *bench, struct trace_summary *summary, size_t i,
                              hunch_diag *diag)
{
    struct cache_trace trace;
    hunch_status status = cache_trace_load(&trace, traces[i].name, 0, bench_data_dir(bench), diag);
    if (status == HUNCH_ENOENT) {
        return report_absent(bench, traces[i].name, diag);
    }
    if (status == HUNCH_OK) {
        status = run_trace(bench, summary, i, &trace, diag);
    }
    cache_trace_free(&trace);
    return status;
}

static hunch_status run_file(struct bench *bench, const char *path, hunch_diag *diag)
{
    struct cache_trace trace;
    hunch_status status = cache_trace_load_file(&trace, path, 0, diag);
    if (status == HUNCH_OK && trace.trace.n == 0) {
        status = hunch__fail(diag, HUNCH_EINVAL, 0, "%.80s: no requests", path);
    }
    if (status == HUNCH_OK) {
        status = run_trace(bench, NULL, TRACES, &trace, diag);
    }
    cache_trace_free(&trace);
    return status;
}

static hunch_status run_trace(struct bench *bench, struct trace_summary *summary, size_t place,
                              const struct cache_trace *trace, hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < PERCENTS && status == HUNCH_OK; i++) {
        status = run_size(bench, summary, place, trace, percents[i], diag);
    }
    return status;
}

static hunch_status run_size(struct bench *bench, struct trace_summary *summary, size_t place,
                             const struct cache_trace *trace, unsigned percent, hunch_diag *diag)
{
    struct cache_turn turns[TRACE_IMPLS_MAX];
    char name[CASE_NAME_MAX];
    const unsigned reps = bench_profile(bench) == BENCH_FULL ? REPS_FULL : 1;
    const struct bench_data data = {.name = trace->trace.name,
                                    .n = trace->trace.n,
                                    .xxh3 = trace->trace.xxh3,
                                    .note =
                                        trace->trace.note[0] != '\0' ? trace->trace.note : NULL};
    case_name(name, trace->trace.name, percent);
    const size_t count = fill_turns(bench, turns);
    play(turns, count, trace, percent, reps);
    check(turns, count);
    for (size_t i = 0; i < count && summary != NULL; i++) {
        if (turns[i].error == NULL && !is_generated(trace->trace.note)) {
            trace_summary_add(summary, place, percent == 10, trace->trace.n, turns[i].policy->name,
                              turns[i].miss_ratio);
        }
    }
    return report(bench, name, &data, turns, count, reps, diag);
}

/* All policies; what shows where the gain of ours comes from, in the profile full. */
static size_t fill_turns(const struct bench *bench, struct cache_turn *turns)
{
    size_t count = 0;
    for (size_t i = 0; cache_policies[i] != NULL && count < TRACE_IMPLS_MAX; i++) {
        turns[count++] = (struct cache_turn){.policy = cache_policies[i]};
    }
    for (size_t i = 0; cache_ablations[i] != NULL && count < TRACE_IMPLS_MAX &&
                       bench_profile(bench) == BENCH_FULL;
         i++) {
        turns[count++] = (struct cache_turn){.policy = cache_ablations[i]};
    }
    return count;
}

/* In turns, as everywhere: what disturbs the machine for a while disturbs them all. */
static void play(struct cache_turn *turns, size_t count, const struct cache_trace *trace,
                 unsigned percent, unsigned reps)
{
    for (unsigned rep = 0; rep < reps; rep++) {
        for (size_t i = 0; i < count; i++) {
            struct cache_result result;
            const hunch_status status =
                cache_run(turns[i].policy, trace, (double)percent / 100, 0, &result, NULL);
            if (status != HUNCH_OK) {
                turns[i].error = hunch_status_text(status);
                continue;
            }
            turns[i].seconds[rep] = result.seconds;
            turns[i].miss_ratio = (double)result.misses / (double)result.requests;
        }
    }
}

/* Nobody misses less often than the optimum that knows the future. */
static void check(struct cache_turn *turns, size_t count)
{
    double least = 0;
    for (size_t i = 0; i < count; i++) {
        if (turns[i].policy->offline && turns[i].error == NULL) {
            least = turns[i].miss_ratio;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (turns[i].error == NULL && (turns[i].miss_ratio < least || turns[i].miss_ratio > 1)) {
            turns[i].error = BENCH_ANSWERS_DIFFER;
        }
    }
}

static hunch_status report(struct bench *bench, const char *name, const struct bench_data *data,
                           const struct cache_turn *turns, size_t count, unsigned reps,
                           hunch_diag *diag)
{
    struct bench_value misses[TRACE_IMPLS_MAX];
    struct bench_value speeds[TRACE_IMPLS_MAX];
    size_t online = 0;
    for (size_t i = 0; i < count; i++) {
        double per_second[REPS_FULL];
        for (unsigned rep = 0; rep < reps; rep++) {
            per_second[rep] = (double)data->n / (turns[i].seconds[rep] + 1e-9);
        }
        const struct bench_quartiles quartiles = bench__quartiles(per_second, reps);
        misses[i] = (struct bench_value){
            .impl = turns[i].policy->name, .error = turns[i].error, .value = turns[i].miss_ratio};
        if (!turns[i].policy->offline) {
            speeds[online] = misses[i];
            speeds[online].value = quartiles.median;
            speeds[online].q1 = quartiles.q1;
            speeds[online].q3 = quartiles.q3;
            speeds[online++].reps = reps;
        }
    }
    const hunch_status status = bench_report_values(bench, name, "miss_ratio", "share", false,
                                                    BASELINE, data, misses, count, diag);
    return status != HUNCH_OK ? status
                              : bench_report_values(bench, name, "requests_per_second", "1/s", true,
                                                    BASELINE, data, speeds, online, diag);
}

static hunch_status report_absent(struct bench *bench, const char *stem, hunch_diag *diag)
{
    char name[CASE_NAME_MAX];
    const struct bench_value value = {.impl = "hunch", .error = "no data: see datasets/get"};
    const struct bench_data data = {.name = stem, .n = 0};
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < PERCENTS && status == HUNCH_OK; i++) {
        case_name(name, stem, percents[i]);
        status = bench_report_values(bench, name, "miss_ratio", "share", false, NULL, &data, &value,
                                     1, diag);
    }
    return status;
}

static bool trace_wanted(const struct bench *bench, const struct known_trace *trace)
{
    char name[CASE_NAME_MAX];
    bool wanted = trace < &traces[TRACES_IN_MEAN] && trace_summary_wanted(bench);
    for (size_t i = 0; i < PERCENTS; i++) {
        case_name(name, trace->name, percents[i]);
        wanted = wanted || bench_wants_case(bench, name);
    }
    return wanted && (trace->quick || bench_profile(bench) == BENCH_FULL);
}

static void case_name(char *out, const char *stem, unsigned percent)
{
    (void)snprintf(out, CASE_NAME_MAX, "trace/%.80s/%u%%", stem, percent);
}

/* "oltp" of "data/oltp.txt.zst". */
static void file_stem(char *out, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *file = slash == NULL ? path : slash + 1;
    (void)snprintf(out, CASE_NAME_MAX, "%.*s", (int)strcspn(file, "."), file);
}
