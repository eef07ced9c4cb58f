/* The report as a whole. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asserts.h"
#include "diag.h"
#include "html.h"
#include "io.h"
#include "report_parts.h"

static char *resolved(const char *path);
static void write_page(FILE *out, const struct bench *bench,
                       const struct bench_catalogue *catalogue);
static void write_head(FILE *out, const struct bench *bench);
static void write_environment(FILE *out, const struct bench *bench);
static void write_suite(FILE *out, const struct bench *bench, const struct bench_suite *suite);
static hunch_status put_file(const char *path, const char *bytes, size_t n, hunch_diag *diag);

hunch_status bench__report_check(const char *path, hunch_diag *diag)
{
    struct stat facts;
    if (*path == '\0' || (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode))) {
        return hunch__fail(diag, HUNCH_EINVAL, 0, "--report %.64s: not a regular file", path);
    }
    char *target = resolved(path);
    if (target == NULL) {
        return hunch__fail(diag, hunch__io_status(errno), 0, "--report %.64s: %s", path,
                           strerror(errno));
    }
    char *slash = strrchr(target, '/');
    if (slash != NULL) {
        slash[1] = '\0';
    }
    const int error = access(slash != NULL ? target : ".", W_OK | X_OK) == 0 ? 0 : errno;
    free(target);
    return error == 0 ? HUNCH_OK
                      : hunch__fail(diag, hunch__io_status(error), 0, "--report %.64s: %s", path,
                                    strerror(error));
}

hunch_status bench__report_write(const struct bench *bench, const struct bench_catalogue *catalogue,
                                 hunch_diag *diag)
{
    char *page = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&page, &length);
    HUNCH_ASSERT(bench->options.report != NULL);
    if (out == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "--report: no memory");
    }
    write_page(out, bench, catalogue);
    const bool written = ferror(out) == 0;
    hunch_status status = HUNCH_OK;
    if (fclose(out) != 0 || !written) {
        status = hunch__fail(diag, HUNCH_ENOMEM, length, "--report: no memory");
    }
    if (status == HUNCH_OK) {
        status = put_file(bench->options.report, page, length, diag);
    }
    free(page);
    return status;
}

static void write_page(FILE *out, const struct bench *bench,
                       const struct bench_catalogue *catalogue)
{
    write_head(out, bench);
    for (const struct bench_suite *const *s = catalogue->suites; *s != NULL; s++) {
        write_suite(out, bench, *s);
    }
    (void)fputs("</main>\n</body>\n</html>\n", out);
}

static void write_head(FILE *out, const struct bench *bench)
{
    (void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"color-scheme\" content=\"light dark\">\n",
                out);
    bench__html(out, "<title>hunch-bench: %s</title>\n<style>\n", bench->options.suite);
    (void)fputs(bench__report_style, out);
    bench__html(out, "</style>\n</head>\n<body>\n<main>\n<h1>hunch-bench: %s</h1>\n",
                bench->options.suite);
    write_environment(out, bench);
}

static void write_environment(FILE *out, const struct bench *bench)
{
    const struct bench_environment *e = &bench->environment;
    bench__html(out, "<p class=\"environment\">%s &middot; %s kernels &middot; commit %s &middot; ",
                e->cpu, e->isa, e->commit);
    bench__html(out, "%s, %s &middot; pages of %s &middot; governor: %s &middot; profile ",
                e->compiler, e->flags, e->pages, e->governor);
    (void)fprintf(out, "%s, seed %" PRIu64 ", %u repetitions</p>\n",
                  bench->options.profile == BENCH_FULL ? "full" : "quick", bench->options.seed,
                  bench->options.reps);
    (void)fputs(
        "<p>Contenders run interleaved in one process, one repetition of each in turn. A value is "
        "the median of its repetitions, the whiskers are their quartiles, a ratio is taken to the "
        "baseline of the same repetitions. The answers of every repetition are hashed and "
        "compared: who answers wrongly gets no time. A floor is not a contender but what the "
        "memory of this machine allows for the same work.</p>\n",
        out);
}

static void write_suite(FILE *out, const struct bench *bench, const struct bench_suite *suite)
{
    size_t first = 0;
    while (first < bench->rows.count && strcmp(bench->rows.items[first].suite, suite->name) != 0) {
        first++;
    }
    size_t end = first;
    while (end < bench->rows.count && strcmp(bench->rows.items[end].suite, suite->name) == 0) {
        end++;
    }
    if (first < end) {
        bench__report_summary(out, bench, suite, first, end);
        bench__report_plots(out, bench, first, end);
        bench__report_figures(out, bench, first, end);
    }
}

/* Where the report goes: what a link leads to is replaced, not the link. Owned by the caller; NULL:
 * errno says why. */
static char *resolved(const char *path)
{
    char *target = realpath(path, NULL);
    return target == NULL && errno == ENOENT ? strdup(path) : target;
}

/* To a name beside it first: whoever looks meanwhile sees the old report or the new one. */
static hunch_status put_file(const char *path, const char *bytes, size_t n, hunch_diag *diag)
{
    const hunch_io *io = hunch_io_posix();
    char *target = resolved(path);
    const size_t size = target == NULL ? 0 : strlen(target) + 32;
    char *name = size == 0 ? NULL : malloc(size);
    void *file = NULL;
    if (name == NULL) {
        free(target);
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "--report: no memory");
    }
    (void)snprintf(name, size, "%s.tmp-%ld", target, (long)getpid());
    int error = io->open(io->ctx, name, HUNCH_IO_CREATE, &file);
    if (error == 0) {
        error = hunch__io_write_all(io, file, bytes, n, 0);
        error = error == 0 ? io->sync(io->ctx, file) : error;
        const int closed = io->close(io->ctx, file);
        error = error == 0 ? closed : error;
        error = error == 0 ? io->rename(io->ctx, name, target) : error;
        if (error != 0) {
            (void)io->remove(io->ctx, name);
        }
    }
    free(name);
    free(target);
    return error == 0 ? HUNCH_OK
                      : hunch__fail(diag, hunch__io_status(error), 0, "--report %.64s: %s", path,
                                    strerror(error));
}
