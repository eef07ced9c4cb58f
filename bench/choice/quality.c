/* Learning quality: class sets as bandits, the default beside fixed learners and others' figures.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "class_generate.h"
#include "class_set.h"
#include "diag.h"
#include "learners.h"
#include "part.h"
#include "quality_summary.h"
#include "quality_trial.h"

#define ROWS_MAX 20000u
/* Part of the suite's time, for the progress. */
#define SHARE    0.9

/* The part on its way. */
struct quality {
    struct bench *bench;
    struct live live;
    struct quality_summary summary;
};

static void list(FILE *out, const struct bench *bench);
static hunch_status run(struct bench *bench, hunch_diag *diag);
static hunch_status run_file(struct quality *quality, const char *path, hunch_diag *diag);
static hunch_status run_sets(struct quality *quality, hunch_diag *diag);
static hunch_status run_set(struct quality *quality, const struct class_set *set,
                            const struct recorded_set *recorded, double begun, hunch_diag *diag);
static hunch_status run_named(struct quality *quality, const char *name, size_t rows,
                              const struct recorded_set *recorded, double begun, hunch_diag *diag);
static hunch_status report_absent(struct bench *bench, const char *name, hunch_diag *diag);
static bool set_wanted(const struct bench *bench, const char *name, bool quick, bool in_mean);
static void file_stem(char *out, const char *path);

/* Of datasets/get, for who has none of the others; and one that is always there. */
static const struct {
    const char *name;
    bool quick;
    size_t rows; /* of the profile quick */
} more_sets[] = {
    {HUNCH__CLUSTERS, true, 2000}, {"vote", true, 0},         {"soybean", true, 0},
    {"diabetes", false, 0},        {"credit_g", false, 0},    {"ionosphere", false, 0},
    {"breast_cancer", false, 0},   {"dna", false, 0},         {"vowel_9", false, 0},
    {"vehicle", false, 0},         {"supermarket", false, 0},
};

enum { MORE_SETS = sizeof more_sets / sizeof *more_sets };

const struct choice_part choice_quality = {"quality", 900, list, run};

static void list(FILE *out, const struct bench *bench)
{
    const char *path = bench_csv_file(bench);
    if (path != NULL) {
        char stem[CASE_NAME_MAX];
        file_stem(stem, path);
        (void)fprintf(out, "csv/%s\n", stem);
        return;
    }
    const bool full = bench_profile(bench) == BENCH_FULL;
    for (size_t i = 0; i < RECORDED_SETS; i++) {
        if (full || recorded_sets[i].quick) {
            (void)fprintf(out, "csv/%s\n", recorded_sets[i].name);
        }
    }
    for (size_t i = 0; i < MORE_SETS; i++) {
        if (full || more_sets[i].quick) {
            (void)fprintf(out, "csv/%s\n", more_sets[i].name);
        }
    }
    summary_list(out);
}

static hunch_status run(struct bench *bench, hunch_diag *diag)
{
    struct quality quality = {.bench = bench};
    hunch_status status = live_open(&quality.live, bench, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    const char *path = bench_csv_file(bench);
    status = path != NULL ? run_file(&quality, path, diag) : run_sets(&quality, diag);
    live_close(&quality.live);
    return status;
}

/* A stranger's rows: all of them, every learner. */
static hunch_status run_file(struct quality *quality, const char *path, hunch_diag *diag)
{
    struct class_set set;
    hunch_status status = hunch__class_set_load_file(&set, path, 0, NULL, diag);
    if (status == HUNCH_OK && set.n == 0) {
        status = hunch__fail(diag, HUNCH_EINVAL, 0, "%.80s: no rows", path);
    }
    if (status == HUNCH_OK) {
        status = run_set(quality, &set, NULL, 0, diag);
    }
    hunch__class_set_free(&set);
    return status;
}

static hunch_status run_sets(struct quality *quality, hunch_diag *diag)
{
    const bool full = bench_profile(quality->bench) == BENCH_FULL;
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < RECORDED_SETS && status == HUNCH_OK; i++) {
        const struct recorded_set *set = &recorded_sets[i];
        if (set_wanted(quality->bench, set->name, set->quick, true)) {
            status = run_named(quality, set->name, ROWS_MAX, set, SHARE * (double)i / RECORDED_SETS,
                               diag);
        }
    }
    for (size_t i = 0; i < MORE_SETS && status == HUNCH_OK; i++) {
        const char *name = more_sets[i].name;
        if (set_wanted(quality->bench, name, more_sets[i].quick, false)) {
            const size_t rows = full || more_sets[i].rows == 0 ? ROWS_MAX : more_sets[i].rows;
            status = run_named(quality, name, rows, NULL, SHARE, diag);
        }
    }
    return status == HUNCH_OK ? summary_report(&quality->summary, quality->bench, diag) : status;
}

static hunch_status run_named(struct quality *quality, const char *name, size_t rows,
                              const struct recorded_set *recorded, double begun, hunch_diag *diag)
{
    struct class_set set;
    hunch_status status =
        hunch__class_set_load(&set, name, rows, bench_data_dir(quality->bench), NULL, diag);
    if (status == HUNCH_ENOENT) {
        return report_absent(quality->bench, name, diag);
    }
    if (status == HUNCH_OK) {
        status = run_set(quality, &set, recorded, begun, diag);
    }
    hunch__class_set_free(&set);
    return status;
}

static hunch_status report_absent(struct bench *bench, const char *name, hunch_diag *diag)
{
    char case_name[CASE_NAME_MAX];
    const struct bench_value value = {.impl = "hunch", .error = "no data: see datasets/get"};
    const struct bench_data data = {.name = name, .n = 0};
    (void)snprintf(case_name, sizeof case_name, "csv/%s", name);
    return bench_report_values(bench, case_name, "progressive_loss", "share", false, NULL, &data,
                               &value, 1, diag);
}

static hunch_status run_set(struct quality *quality, const struct class_set *set,
                            const struct recorded_set *recorded, double begun, hunch_diag *diag)
{
    struct bench *bench = quality->bench;
    struct bench_value values[VALUES_MAX];
    struct trials *trials = malloc(sizeof *trials);
    char name[CASE_NAME_MAX];
    const bool stand_in = is_generated(set->note);
    const struct bench_data data = {.name = set->name,
                                    .n = set->n,
                                    .xxh3 = set->xxh3,
                                    .note = set->note[0] != '\0' ? set->note : NULL};
    if (trials == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for trials");
    }
    (void)snprintf(name, sizeof name, "csv/%.100s", set->name);
    *trials = (struct trials){.set = set,
                              .bench = bench,
                              .all = bench_profile(bench) == BENCH_FULL || recorded == NULL,
                              .shuffles = bench_profile(bench) == BENCH_FULL ? SHUFFLES_MAX : 1};
    trials_play(trials, bench, set->name, begun, SHARE / RECORDED_SETS);
    size_t count = trials_values(trials, values);
    count += live_values(&quality->live, name, set->n, values + count);
    /* Recorded figures are of the rows that they were measured on, and no others. */
    for (size_t i = 0; i < RECORDED_IMPLS && recorded != NULL && !stand_in; i++) {
        values[count++] = recorded_value(recorded, i);
    }
    if (recorded != NULL) {
        summary_add(&quality->summary, (size_t)(recorded - recorded_sets), values, count, stand_in);
    }
    const hunch_status status = bench_report_values(bench, name, "progressive_loss", "share", false,
                                                    TRIALS_BASELINE, &data, values, count, diag);
    free(trials);
    return status;
}

static bool set_wanted(const struct bench *bench, const char *name, bool quick, bool in_mean)
{
    char case_name[CASE_NAME_MAX];
    (void)snprintf(case_name, sizeof case_name, "csv/%s", name);
    /* Whoever wants a mean wants every set of it. */
    return (quick || bench_profile(bench) == BENCH_FULL) &&
           (bench_wants_case(bench, case_name) || (in_mean && summary_wanted(bench)));
}

/* "letter" of "data/letter.csv.zst". */
static void file_stem(char *out, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *file = slash == NULL ? path : slash + 1;
    (void)snprintf(out, CASE_NAME_MAX, "%.*s", (int)strcspn(file, "."), file);
}
