/* The founding experiment, with one table for size and time. */
#include "founding.h"

#include <stdio.h>

#include "contenders.h"
#include "dataset.h"
#include "hash.h"
#include "lookups.h"

/* At least so many keys. */
#define KEYS 100000000u

/* The real stream where it is there, and else a generator that makes such streams. */
static const char *const sources[] = {"stream_twitter2021_composite", "log_us"};
#define SOURCES (sizeof sources / sizeof sources[0])

static void case_name(char *out, const char *set, const char *what);
static bool wanted(const struct bench *bench, const char *set);
static hunch_status measure_set(struct bench *bench, const char *source, hunch_diag *diag);
static void fill(struct panel *panel);
static hunch_status report_sizes(struct bench *bench, const struct panel *panel,
                                 const struct bench_data *data, hunch_diag *diag);
static hunch_status measure_loop(struct bench *bench, struct panel *panel,
                                 const struct bench_data *data, const struct queries *queries,
                                 enum loop loop, hunch_diag *diag);

void founding_list(FILE *out)
{
    static const char *const what[] = {"size", "fenced", "independent", "batched"};
    char name[CASE_NAME_MAX];
    for (size_t i = 0; i < SOURCES; i++) {
        for (size_t k = 0; k < sizeof what / sizeof what[0]; k++) {
            case_name(name, sources[i], what[k]);
            (void)fprintf(out, "%s\n", name);
        }
    }
}

hunch_status founding_measure(struct bench *bench, hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < SOURCES && status == HUNCH_OK; i++) {
        if (wanted(bench, sources[i])) {
            bench_progress(bench, "the founding experiment", 0.9);
            status = measure_set(bench, sources[i], diag);
        }
    }
    return status;
}

static void case_name(char *out, const char *set, const char *what)
{
    (void)snprintf(out, CASE_NAME_MAX, "founding/%s/%s", set, what);
}

static bool wanted(const struct bench *bench, const char *set)
{
    char name[CASE_NAME_MAX];
    case_name(name, set, "size");
    bool any = bench_wants_case(bench, name);
    for (enum loop loop = LOOP_FENCED; loop < LOOPS; loop++) {
        case_name(name, set, loop_name(loop));
        any = any || bench_wants_case(bench, name);
    }
    return any;
}

/* A set that is neither here nor made is a row that says so. */
static hunch_status measure_set(struct bench *bench, const char *source, hunch_diag *diag)
{
    struct dataset keys;
    struct panel panel = {.count = 0};
    struct queries queries = {.count = 0};
    hunch_status status =
        hunch__dataset_load(&keys, source, KEYS, bench_data_dir(bench), NULL, diag);
    if (status == HUNCH_ENOENT) {
        char name[CASE_NAME_MAX];
        const struct bench_value none = {.impl = "hunch", .error = "no such keys"};
        const struct bench_data data = {.name = source};
        case_name(name, source, "size");
        return bench_report_values(bench, name, "bytes_total", "B", false, NULL, &data, &none, 1,
                                   diag);
    }
    if (status == HUNCH_OK) {
        const struct bench_data data = {.name = source,
                                        .n = keys.n,
                                        .xxh3 = keys.xxh3,
                                        .note = keys.note[0] != '\0' ? keys.note : NULL};
        fill(&panel);
        panel_build(&panel, bench, keys.keys, keys.n, 1);
        status = panel_check(&panel, keys.keys, keys.n, bench_seed(bench), diag);
        if (status == HUNCH_OK) {
            status = report_sizes(bench, &panel, &data, diag);
        }
        if (status == HUNCH_OK) {
            status = queries_draw(&queries, QUERY_PRESENT, keys.keys, keys.n, QUERIES_FULL / 2,
                                  bench_seed(bench), diag);
        }
        for (enum loop loop = LOOP_FENCED; loop < LOOPS && status == HUNCH_OK; loop++) {
            status = measure_loop(bench, &panel, &data, &queries, loop, diag);
        }
    }
    queries_free(&queries);
    panel_free(&panel);
    hunch__dataset_free(&keys);
    return status;
}

/* The pages of the paper's table, four budgets, and what a user gets without one. */
static void fill(struct panel *panel)
{
    static const unsigned pages[] = {128, 32, 64, 256};
    static const struct {
        const char *name;
        unsigned share; /* of the size of btree-128, in 10,000 */
    } within[] = {
        {"hunch-0.25x", 2500}, {"hunch-0.05x", 500}, {"hunch-0.01x", 100}, {"hunch-0.002x", 20}};
    char name[64];
    panel_add(panel, &index_hunch, NULL, index_hunch.tuning);
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        (void)snprintf(name, sizeof name, "btree-%u", pages[i]);
        panel_add(panel, &index_btree_pages, name,
                  (struct index_tuning){index_btree_pages.tuning.batch_width, pages[i]});
    }
    for (size_t i = 0; i < sizeof within / sizeof within[0]; i++) {
        panel_add(panel, &index_hunch_within, within[i].name,
                  (struct index_tuning){index_hunch_within.tuning.batch_width, within[i].share});
    }
}

static hunch_status report_sizes(struct bench *bench, const struct panel *panel,
                                 const struct bench_data *data, hunch_diag *diag)
{
    struct bench_value values[PANEL_MAX];
    char name[CASE_NAME_MAX];
    for (size_t i = 0; i < panel->count; i++) {
        const struct entry *entry = &panel->entries[i];
        values[i] = (struct bench_value){.impl = entry->name, .error = entry->error, .reps = 1};
        values[i].value = entry->error == NULL ? (double)entry->contender.bytes(entry->index) : 0;
        values[i].q1 = values[i].q3 = values[i].value;
    }
    case_name(name, data->name, "size");
    return bench_report_values(bench, name, "bytes_total", "B", false, index_btree_pages.name, data,
                               values, panel->count, diag);
}

static hunch_status measure_loop(struct bench *bench, struct panel *panel,
                                 const struct bench_data *data, const struct queries *queries,
                                 enum loop loop, hunch_diag *diag)
{
    struct bench_contender contenders[PANEL_MAX];
    char name[CASE_NAME_MAX];
    case_name(name, data->name, loop_name(loop));
    panel_contenders(panel, loop, contenders);
    const struct bench_case c = {
        .name = name,
        .metric = "ns_per_op",
        .unit = "ns",
        .baseline = index_btree_pages.name,
        .data = data,
        .work = queries,
        .ops = queries->count,
        .has_expected = true,
        .expected = hunch__xxh3(queries->answer, queries->count * sizeof *queries->answer),
        .contenders = contenders,
        .count = panel->count,
    };
    return bench_measure(bench, &c, diag);
}
