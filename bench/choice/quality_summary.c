/* All class sets together. */
#include "quality_summary.h"

#include <string.h>

#define AGAINST_CASE "csv/against-vw-best-of-all"

/* A mean over sets [from, to). */
struct mean_case {
    const char *name, *data;
    size_t from, to;
};

static const struct mean_case means[] = {
    {"csv/mean-of-first-10", "first-10", 0, RECORDED_FIRST},
    {"csv/mean-of-other-10", "other-10", RECORDED_FIRST, RECORDED_SETS},
    {"csv/mean-of-20", "all-20", 0, RECORDED_SETS},
};

enum { MEANS = sizeof means / sizeof *means };

static struct tally *tally_of(struct quality_summary *summary, const char *impl);
static hunch_status report_mean(const struct quality_summary *summary, const struct mean_case *c,
                                struct bench *bench, hunch_diag *diag);
static bool mean_of(const struct tally *tally, size_t from, size_t to, double *mean);
static hunch_status report_against(const struct quality_summary *summary, struct bench *bench,
                                   hunch_diag *diag);
static void compare(const struct tally *ours, double *better, double *worst);
static const char *note_of(const struct quality_summary *summary);

void summary_list(FILE *out)
{
    for (size_t i = 0; i < MEANS; i++) {
        (void)fprintf(out, "%s\n", means[i].name);
    }
    (void)fprintf(out, "%s\n", AGAINST_CASE);
}

bool summary_wanted(const struct bench *bench)
{
    bool wanted = bench_wants_case(bench, AGAINST_CASE);
    for (size_t i = 0; i < MEANS; i++) {
        wanted = wanted || bench_wants_case(bench, means[i].name);
    }
    return wanted;
}

void summary_add(struct quality_summary *summary, size_t set, const struct bench_value *values,
                 size_t count, bool stand_in)
{
    summary->played[set] = true;
    summary->stand_ins = summary->stand_ins || stand_in;
    for (size_t i = 0; i < count; i++) {
        struct tally *tally = tally_of(summary, values[i].impl);
        if (tally != NULL && values[i].error == NULL) {
            tally->recorded = values[i].recorded;
            tally->loss[set] = values[i].value;
            tally->has[set] = true;
        }
    }
}

hunch_status summary_report(const struct quality_summary *summary, struct bench *bench,
                            hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < RECORDED_SETS; i++) {
        if (!summary->played[i]) {
            return HUNCH_OK;
        }
    }
    for (size_t i = 0; i < MEANS && status == HUNCH_OK; i++) {
        status = report_mean(summary, &means[i], bench, diag);
    }
    return status == HUNCH_OK ? report_against(summary, bench, diag) : status;
}

/* NULL when there are more impls than rows: then it stays out of the means. */
static struct tally *tally_of(struct quality_summary *summary, const char *impl)
{
    for (size_t i = 0; i < summary->count; i++) {
        if (strcmp(summary->tallies[i].impl, impl) == 0) {
            return &summary->tallies[i];
        }
    }
    if (summary->count == VALUES_MAX) {
        return NULL;
    }
    struct tally *tally = &summary->tallies[summary->count++];
    (void)snprintf(tally->impl, sizeof tally->impl, "%s", impl);
    return tally;
}

static hunch_status report_mean(const struct quality_summary *summary, const struct mean_case *c,
                                struct bench *bench, hunch_diag *diag)
{
    struct bench_value values[VALUES_MAX];
    const struct bench_data data = {
        .name = c->data, .n = c->to - c->from, .note = note_of(summary)};
    for (size_t i = 0; i < summary->count; i++) {
        const struct tally *tally = &summary->tallies[i];
        values[i] = (struct bench_value){
            .impl = tally->impl,
            .recorded = tally->recorded,
        };
        if (!mean_of(tally, c->from, c->to, &values[i].value)) {
            values[i].error = "not measured on all of them";
        }
    }
    return bench_report_values(bench, c->name, "progressive_loss", "share", false, TRIALS_BASELINE,
                               &data, values, summary->count, diag);
}

static bool mean_of(const struct tally *tally, size_t from, size_t to, double *mean)
{
    double sum = 0;
    for (size_t i = from; i < to; i++) {
        if (!tally->has[i]) {
            return false;
        }
        sum += tally->loss[i];
    }
    *mean = sum / (double)(to - from);
    return true;
}

static hunch_status report_against(const struct quality_summary *summary, struct bench *bench,
                                   hunch_diag *diag)
{
    struct bench_value better[LEARNERS];
    struct bench_value worst[LEARNERS];
    size_t count = 0;
    const struct bench_data data = {.name = "all-20", .n = RECORDED_SETS, .note = note_of(summary)};
    for (size_t i = 0; i < summary->count && count < LEARNERS; i++) {
        double whole;
        const struct tally *tally = &summary->tallies[i];
        if (strncmp(tally->impl, "hunch", 5) == 0 && mean_of(tally, 0, RECORDED_SETS, &whole)) {
            better[count] = (struct bench_value){.impl = tally->impl};
            worst[count] = better[count];
            compare(tally, &better[count].value, &worst[count].value);
            count++;
        }
    }
    if (summary->stand_ins) {
        return HUNCH_OK; /* recorded figures are of the sets themselves */
    }
    hunch_status status = bench_report_values(bench, AGAINST_CASE, "sets_better", "sets", true,
                                              NULL, &data, better, count, diag);
    return status != HUNCH_OK ? status
                              : bench_report_values(bench, AGAINST_CASE, "worst_over_recorded", "x",
                                                    false, NULL, &data, worst, count, diag);
}

/* On how many sets a loss is below the recorded one, and the largest multiple of it. */
static void compare(const struct tally *ours, double *better, double *worst)
{
    *better = 0;
    *worst = 0;
    for (size_t i = 0; i < RECORDED_SETS; i++) {
        const double theirs = recorded_sets[i].loss[RECORDED_VW];
        *better += ours->loss[i] < theirs;
        *worst = ours->loss[i] / theirs > *worst ? ours->loss[i] / theirs : *worst;
    }
}

static const char *note_of(const struct quality_summary *summary)
{
    return summary->stand_ins ? "some sets are generated stand-ins" : NULL;
}
