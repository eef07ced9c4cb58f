/* One run of hunch-bench: its options as the suites see them, its outputs. */
#define _POSIX_C_SOURCE 200809L
#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asserts.h"
#include "diag.h"
#include "io.h"
#include "json.h"
#include "report.h"
#include "table.h"

static hunch_status compile(regex_t *regex, bool *compiled, const char *name, const char *text,
                            hunch_diag *diag);
static hunch_status check_data_folder(const char *folder, hunch_diag *diag);
static hunch_status check_file(const char *option, const char *path, hunch_diag *diag);
static hunch_status open_json(struct bench *bench, hunch_diag *diag);
static bool matches(const regex_t *regex, bool compiled, const char *text);
static bool coloured(FILE *out);

hunch_status bench__open(struct bench *bench, const struct bench_options *options,
                         const hunch_clock *clock, hunch_diag *diag)
{
    *bench = (struct bench){.options = *options, .clock = clock, .json = -1, .table = stdout};
    HUNCH_ASSERT(options->reps > 0);
    hunch_status status =
        compile(&bench->case_regex, &bench->has_case_regex, "--case", options->case_regex, diag);
    if (status == HUNCH_OK) {
        status = compile(&bench->impl_regex, &bench->has_impl_regex, "--impl", options->impl_regex,
                         diag);
    }
    if (status == HUNCH_OK && options->data != NULL) {
        status = check_data_folder(options->data, diag);
    }
    if (status == HUNCH_OK) {
        status = check_file("--keys", options->keys, diag);
    }
    if (status == HUNCH_OK) {
        status = check_file("--csv", options->csv, diag);
    }
    if (status == HUNCH_OK) {
        status = check_file("--trace", options->trace, diag);
    }
    if (status == HUNCH_OK) {
        status = check_file("--peers", options->peers, diag);
    }
    if (status == HUNCH_OK && options->report != NULL && !options->list) {
        status = bench__report_check(options->report, diag);
    }
    if (status == HUNCH_OK && options->json != NULL && !options->list) {
        status = open_json(bench, diag);
    }
    if (status == HUNCH_OK) {
        bench__environment_read(&bench->environment);
        bench->table_colour = coloured(bench->table);
        bench->progress.on = isatty(STDERR_FILENO) != 0;
        bench->progress.begun_ns = bench_now_ns(bench);
    }
    return status;
}

struct bench_row bench__row(const struct bench *bench, const struct bench_case *c, const char *impl)
{
    return (struct bench_row){
        .suite = bench->suite->name,
        .case_name = c->name,
        .impl = impl,
        .metric = c->metric,
        .unit = c->unit,
        .baseline = c->baseline,
        .higher_is_better = c->higher_is_better,
        .data = *c->data,
    };
}

hunch_status bench__finish_group(struct bench *bench, size_t first, double baseline,
                                 hunch_diag *diag)
{
    const size_t end = bench->rows.count;
    if (first == end) {
        return HUNCH_OK;
    }
    bench__rows_compare(&bench->rows, first, end, baseline);
    for (size_t i = first; i < end && bench->json >= 0; i++) {
        const hunch_status status = bench__json_write(
            bench->json, &bench->rows.items[i], bench->options.seed, &bench->environment, diag);
        if (status != HUNCH_OK) {
            return status;
        }
    }
    bench__progress_clear(&bench->progress);
    bench__table_print(bench->table, &bench->rows, first, end, bench->table_colour);
    return HUNCH_OK;
}

bool bench__is_wrong(const char *error)
{
    return error != NULL && strcmp(error, BENCH_ANSWERS_DIFFER) == 0;
}

void bench__close(struct bench *bench)
{
    bench__progress_clear(&bench->progress);
    bench__rows_free(&bench->rows);
    if (bench->json > STDERR_FILENO) {
        (void)close(bench->json);
    }
    if (bench->has_case_regex) {
        regfree(&bench->case_regex);
    }
    if (bench->has_impl_regex) {
        regfree(&bench->impl_regex);
    }
}

bool bench_wants_case(const struct bench *bench, const char *case_name)
{
    return matches(&bench->case_regex, bench->has_case_regex, case_name);
}

bool bench_wants_impl(const struct bench *bench, const char *impl)
{
    return matches(&bench->impl_regex, bench->has_impl_regex, impl);
}

enum bench_profile bench_profile(const struct bench *bench)
{
    return bench->options.profile;
}

uint64_t bench_seed(const struct bench *bench)
{
    return bench->options.seed;
}

unsigned bench_reps(const struct bench *bench)
{
    return bench->options.reps;
}

const char *bench_data_dir(const struct bench *bench)
{
    return bench->options.data;
}

const char *bench_keys_file(const struct bench *bench)
{
    return bench->options.keys;
}

const char *bench_csv_file(const struct bench *bench)
{
    return bench->options.csv;
}

const char *bench_trace_file(const struct bench *bench)
{
    return bench->options.trace;
}

const char *bench_peers_file(const struct bench *bench)
{
    return bench->options.peers;
}

uint64_t bench_now_ns(const struct bench *bench)
{
    return bench->clock->now_ns(bench->clock->ctx);
}

void bench_progress(struct bench *bench, const char *what, double fraction)
{
    if (bench->progress.on) {
        bench__progress_draw(&bench->progress, bench_now_ns(bench), what, fraction);
    }
}

static hunch_status compile(regex_t *regex, bool *compiled, const char *name, const char *text,
                            hunch_diag *diag)
{
    char reason[64];
    if (text == NULL) {
        return HUNCH_OK;
    }
    const int error = regcomp(regex, text, REG_EXTENDED | REG_NOSUB);
    if (error != 0) {
        (void)regerror(error, regex, reason, sizeof reason);
        return hunch__fail(diag, HUNCH_EINVAL, 0, "%s '%.32s': %s", name, text, reason);
    }
    *compiled = true;
    return HUNCH_OK;
}

static hunch_status check_data_folder(const char *folder, hunch_diag *diag)
{
    struct stat facts;
    if (stat(folder, &facts) != 0) {
        return hunch__fail(diag, hunch__io_status(errno), 0, "--data %.64s: %s", folder,
                           strerror(errno));
    }
    if (!S_ISDIR(facts.st_mode)) {
        return hunch__fail(diag, HUNCH_EINVAL, 0, "--data %.64s: not a folder", folder);
    }
    return HUNCH_OK;
}

/* A file of the user's: NULL when there is none, "-" is standard input. */
static hunch_status check_file(const char *option, const char *path, hunch_diag *diag)
{
    struct stat facts;
    if (path == NULL || strcmp(path, "-") == 0) {
        return HUNCH_OK;
    }
    if (stat(path, &facts) != 0) {
        return hunch__fail(diag, hunch__io_status(errno), 0, "%s %.76s: %s", option, path,
                           strerror(errno));
    }
    if (S_ISDIR(facts.st_mode)) {
        return hunch__fail(diag, HUNCH_EINVAL, 0, "%s %.76s: is a folder", option, path);
    }
    return HUNCH_OK;
}

/* Under its final name from the start: a run that is stopped leaves the lines that it had. */
static hunch_status open_json(struct bench *bench, hunch_diag *diag)
{
    const char *path = bench->options.json;
    struct stat facts;
    if (strcmp(path, "-") == 0) {
        bench->json = STDOUT_FILENO;
        bench->table = stderr;
        return HUNCH_OK;
    }
    if (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)) {
        return hunch__fail(diag, HUNCH_EINVAL, 0, "--json %.64s: is a folder", path);
    }
    bench->json = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return bench->json >= 0 ? HUNCH_OK
                            : hunch__fail(diag, hunch__io_status(errno), 0, "--json %.64s: %s",
                                          path, strerror(errno));
}

static bool matches(const regex_t *regex, bool compiled, const char *text)
{
    return !compiled || regexec(regex, text, 0, NULL, 0) == 0;
}

/* no-color.org: set and not empty means no. */
static bool coloured(FILE *out)
{
    const char *no_color = getenv("NO_COLOR");
    return isatty(fileno(out)) != 0 && (no_color == NULL || *no_color == '\0');
}
