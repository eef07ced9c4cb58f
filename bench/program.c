/* hunch-bench as a function. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "asserts.h"
#include "diag.h"
#include "driver.h"
#include "exit_codes.h"
#include "report.h"

static hunch_status check_suite(const struct bench_catalogue *catalogue, const char *name,
                                hunch_diag *diag);
static bool is_wanted(const struct bench_options *options, const struct bench_suite *suite);
static hunch_status run_suites(struct bench *bench, const struct bench_catalogue *catalogue,
                               hunch_diag *diag);
static hunch_status list_cases(const struct bench *bench, const struct bench_suite *suite,
                               hunch_diag *diag);
static hunch_status finish(struct bench *bench, const struct bench_catalogue *catalogue,
                           hunch_diag *diag);
static enum bench_exit exit_code(hunch_status status);

int bench__program(int argc, char **argv, const struct bench_catalogue *catalogue,
                   const hunch_clock *clock)
{
    struct bench_options options;
    struct bench bench = {.json = -1};
    hunch_diag diag = {.status = HUNCH_OK};
    HUNCH_ASSERT(argc > 0 && clock != NULL);

    bench__options_parse(&options, argc, argv);
    hunch_status status = check_suite(catalogue, options.suite, &diag);
    if (status == HUNCH_OK) {
        status = bench__open(&bench, &options, clock, &diag);
    }
    if (status == HUNCH_OK) {
        status = run_suites(&bench, catalogue, &diag);
    }
    if (status == HUNCH_OK) {
        status = finish(&bench, catalogue, &diag);
    }
    const bool differ = bench.answers_differ;
    bench__close(&bench);
    if (status != HUNCH_OK) {
        (void)fprintf(stderr, "hunch-bench: %s\n",
                      *diag.text == '\0' ? hunch_status_text(status) : diag.text);
        return (int)exit_code(status);
    }
    return differ ? BENCH_EXIT_NO : BENCH_EXIT_OK;
}

static hunch_status check_suite(const struct bench_catalogue *catalogue, const char *name,
                                hunch_diag *diag)
{
    for (const struct bench_suite *const *s = catalogue->suites; *s != NULL; s++) {
        if (strcmp((*s)->name, name) == 0 || strcmp(name, "all") == 0) {
            return HUNCH_OK;
        }
    }
    for (const char *const *later = catalogue->later; *later != NULL; later++) {
        if (strcmp(*later, name) == 0) {
            return hunch__fail(diag, HUNCH_EINVAL, 0, "suite %s: not in this version", name);
        }
    }
    return hunch__fail(diag, HUNCH_EINVAL, 0,
                       "no suite is called '%.48s'; try index, choice, or all", name);
}

static bool is_wanted(const struct bench_options *options, const struct bench_suite *suite)
{
    return strcmp(options->suite, "all") == 0 || strcmp(options->suite, suite->name) == 0;
}

static hunch_status run_suites(struct bench *bench, const struct bench_catalogue *catalogue,
                               hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    for (const struct bench_suite *const *s = catalogue->suites; *s != NULL; s++) {
        if (is_wanted(&bench->options, *s) && status == HUNCH_OK) {
            bench->suite = *s;
            status = bench->options.list ? list_cases(bench, *s, diag) : (*s)->run(bench, diag);
        }
    }
    return status;
}

/* The suite's names, one a line, that --case lets through. */
static hunch_status list_cases(const struct bench *bench, const struct bench_suite *suite,
                               hunch_diag *diag)
{
    char *names = NULL;
    size_t length = 0;
    FILE *into = open_memstream(&names, &length);
    if (into == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for the list of cases");
    }
    hunch_status status = suite->list(into, bench, diag);
    if (fclose(into) != 0 && status == HUNCH_OK) {
        status = hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for the list of cases");
    }
    if (status != HUNCH_OK) {
        free(names);
        return status;
    }
    char *rest = NULL;
    for (char *name = strtok_r(names, "\n", &rest); name != NULL;
         name = strtok_r(NULL, "\n", &rest)) {
        if (bench_wants_case(bench, name)) {
            (void)puts(name);
        }
    }
    free(names);
    return HUNCH_OK;
}

/* The report; and whether everything that was printed did arrive. */
static hunch_status finish(struct bench *bench, const struct bench_catalogue *catalogue,
                           hunch_diag *diag)
{
    if (bench->rows.count == 0 && !bench->options.list) {
        return hunch__fail(diag, HUNCH_EINVAL, 0,
                           "nothing to measure: --case and --impl match no row (see --list)");
    }
    if (bench->options.report != NULL && !bench->options.list) {
        const hunch_status status = bench__report_write(bench, catalogue, diag);
        if (status != HUNCH_OK) {
            return status;
        }
    }
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        return hunch__fail(diag, HUNCH_EIO, 0, "standard output: %s", strerror(errno));
    }
    return HUNCH_OK;
}

static enum bench_exit exit_code(hunch_status status)
{
    switch (status) {
    case HUNCH_OK:
        return BENCH_EXIT_OK;
    case HUNCH_EINVAL:
    case HUNCH_ECORRUPT:
    case HUNCH_EVERSION:
    case HUNCH_ELIMIT:
        return BENCH_EXIT_USAGE;
    default:
        return BENCH_EXIT_ENVIRONMENT;
    }
}
