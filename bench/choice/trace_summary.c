/* All cache traces together. */
#include "trace_summary.h"

#include <string.h>

#define MEAN_CASE    "trace/mean-of-22"
#define AGAINST_CASE "trace/against-best-of-four"
#define SOURCE       "libCacheSim, October 2024, the same traces and sizes"
/* What counts as a long trace. */
#define LONG         500000u

static hunch_status report_mean(const struct trace_summary *summary, struct bench *bench,
                                hunch_diag *diag);
static hunch_status report_against(const struct trace_summary *summary, struct bench *bench,
                                   bool long_ones, hunch_diag *diag);
static bool is_whole(const struct trace_tally *tally);
static double worst_of(const struct trace_summary *summary, const struct trace_tally *ours,
                       bool long_ones);
static double best_of_four(const struct trace_summary *summary, size_t place, size_t size);
static bool is_ours(const char *impl);

void trace_summary_list(FILE *out)
{
    (void)fputs(MEAN_CASE "\n" AGAINST_CASE "\n", out);
}

bool trace_summary_wanted(const struct bench *bench)
{
    return bench_wants_case(bench, MEAN_CASE) || bench_wants_case(bench, AGAINST_CASE);
}

void trace_summary_add(struct trace_summary *summary, size_t place, bool large, size_t requests,
                       const char *impl, double miss_ratio)
{
    size_t i = 0;
    while (i < summary->count && strcmp(summary->tallies[i].impl, impl) != 0) {
        i++;
    }
    if (place >= TRACES_IN_MEAN || i == TRACE_IMPLS_MAX) {
        return;
    }
    struct trace_tally *tally = &summary->tallies[i];
    summary->count = i == summary->count ? i + 1 : summary->count;
    summary->requests[place] = requests;
    tally->impl = impl;
    tally->miss_ratio[place][large] = miss_ratio;
    tally->has[place][large] = true;
}

hunch_status trace_summary_report(const struct trace_summary *summary, struct bench *bench,
                                  hunch_diag *diag)
{
    if (summary->count == 0 || !is_whole(&summary->tallies[0])) {
        return HUNCH_OK;
    }
    hunch_status status = report_mean(summary, bench, diag);
    if (status == HUNCH_OK) {
        status = report_against(summary, bench, true, diag);
    }
    return status == HUNCH_OK ? report_against(summary, bench, false, diag) : status;
}

/* Beside learned and adaptive rivals as a library of caches has them. */
static hunch_status report_mean(const struct trace_summary *summary, struct bench *bench,
                                hunch_diag *diag)
{
    static const struct bench_value recorded[] = {
        {.impl = "cacheus", .value = .556, .recorded = SOURCE},
        {.impl = "lhd", .value = .560, .recorded = SOURCE},
        {.impl = "gdsf", .value = .574, .recorded = SOURCE},
        {.impl = "lecar", .value = .589, .recorded = SOURCE},
    };
    enum { RECORDED = sizeof recorded / sizeof *recorded };
    struct bench_value values[TRACE_IMPLS_MAX + RECORDED];
    const struct bench_data data = {.name = "11 traces", .n = 2 * TRACES_IN_MEAN};
    for (size_t i = 0; i < summary->count; i++) {
        const struct trace_tally *tally = &summary->tallies[i];
        values[i] = (struct bench_value){
            .impl = tally->impl, .error = is_whole(tally) ? NULL : "not measured on all of them"};
        for (size_t place = 0; place < TRACES_IN_MEAN; place++) {
            values[i].value +=
                (tally->miss_ratio[place][0] + tally->miss_ratio[place][1]) / (2 * TRACES_IN_MEAN);
        }
    }
    memcpy(values + summary->count, recorded, sizeof recorded);
    return bench_report_values(bench, MEAN_CASE, "miss_ratio", "share", false, "s3-fifo", &data,
                               values, summary->count + RECORDED, diag);
}

static hunch_status report_against(const struct trace_summary *summary, struct bench *bench,
                                   bool long_ones, hunch_diag *diag)
{
    struct bench_value values[TRACE_IMPLS_MAX];
    const struct bench_data data = {.name = "11 traces",
                                    .n = 2 * TRACES_IN_MEAN,
                                    .note = "over the best of lru, sieve, s3-fifo and arc"};
    size_t count = 0;
    for (size_t i = 0; i < summary->count; i++) {
        const struct trace_tally *tally = &summary->tallies[i];
        if (is_ours(tally->impl) && is_whole(tally)) {
            values[count++] = (struct bench_value){.impl = tally->impl,
                                                   .value = worst_of(summary, tally, long_ones)};
        }
    }
    return bench_report_values(bench, AGAINST_CASE,
                               long_ones ? "worst_ratio_500k" : "worst_ratio_shorter", "x", false,
                               NULL, &data, values, count, diag);
}

static bool is_whole(const struct trace_tally *tally)
{
    for (size_t place = 0; place < TRACES_IN_MEAN; place++) {
        if (!tally->has[place][0] || !tally->has[place][1]) {
            return false;
        }
    }
    return true;
}

static double worst_of(const struct trace_summary *summary, const struct trace_tally *ours,
                       bool long_ones)
{
    double worst = 0;
    for (size_t place = 0; place < TRACES_IN_MEAN; place++) {
        for (size_t size = 0; size < 2; size++) {
            const double ratio = ours->miss_ratio[place][size] / best_of_four(summary, place, size);
            const bool counts = (summary->requests[place] >= LONG) == long_ones;
            worst = counts && ratio > worst ? ratio : worst;
        }
    }
    return worst;
}

static double best_of_four(const struct trace_summary *summary, size_t place, size_t size)
{
    static const char *const four[] = {"lru", "sieve", "s3-fifo", "arc"};
    double best = 1;
    for (size_t i = 0; i < summary->count; i++) {
        for (size_t k = 0; k < sizeof four / sizeof *four; k++) {
            const struct trace_tally *tally = &summary->tallies[i];
            const bool better = tally->miss_ratio[place][size] < best;
            best =
                strcmp(tally->impl, four[k]) == 0 && better ? tally->miss_ratio[place][size] : best;
        }
    }
    return best;
}

static bool is_ours(const char *impl)
{
    return strncmp(impl, "hunch", 5) == 0;
}
