/* Traces of requests. */
#include "trace.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"
#include "digits.h"
#include "hash.h"
#include "lines.h"
#include "manifest.h"
#include "places.h"
#include "text_output.h"
#include "trace_generate.h"

static hunch_status load_from(struct trace *out, const char *path, size_t n,
                              const hunch_allocator *allocator, hunch_diag *diag);
static hunch_status load_stand_in(struct trace *out, const struct manifest_row *row, size_t n,
                                  const hunch_allocator *allocator, hunch_diag *diag);
static hunch_status load_generated(struct trace *out, const char *name, size_t n,
                                   const hunch_allocator *allocator, hunch_diag *diag);
static hunch_status read_lines(struct trace *out, struct lines *lines, size_t n, hunch_diag *diag);
static hunch_status read_line(struct trace *out, const char *line, size_t n, uint64_t number,
                              hunch_diag *diag);
static size_t parse_line(const char *line, const char *end, uint64_t request[2]);
static bool ends(const char *at, const char *end);
static const char *skip_blanks(const char *at);
static void begin(struct trace *out, const hunch_allocator *allocator);
static void take_stock(struct trace *out);

static const char *const folders[] = {"", "traces/", NULL};
static const char *const endings[] = {".txt", ".trace", NULL};
static const struct places places = {folders, endings};

hunch_status hunch__trace_load(struct trace *out, const char *name, size_t n, const char *dir,
                               const hunch_allocator *allocator, hunch_diag *diag)
{
    char path[HUNCH__PATH_ROOM];
    hunch_status status;
    const struct manifest_row *row = hunch__manifest_find(name);
    begin(out, allocator);
    if (hunch__places_find(path, name, dir, &places)) {
        status = load_from(out, path, n, allocator, diag);
    } else if (row != NULL && strcmp(row->form, "trace") == 0) {
        status = load_stand_in(out, row, n, allocator, diag);
    } else {
        status = load_generated(out, name, n, allocator, diag);
    }
    if (status == HUNCH_OK) {
        (void)snprintf(out->name, sizeof out->name, "%s", name);
    }
    return status;
}

hunch_status hunch__trace_load_file(struct trace *out, const char *path, size_t n,
                                    const hunch_allocator *allocator, hunch_diag *diag)
{
    return load_from(out, path, n, allocator, diag);
}

hunch_status hunch__trace_save(const char *path, const uint64_t *keys, const uint64_t *sizes,
                               size_t n, hunch_diag *diag)
{
    struct text_output text;
    hunch_status status = hunch__text_output_open(&text, path, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    for (size_t i = 0; i < n; i++) {
        (void)(sizes != NULL ? fprintf(text.stream, "%" PRIu64 " %" PRIu64 "\n", keys[i], sizes[i])
                             : fprintf(text.stream, "%" PRIu64 "\n", keys[i]));
    }
    return hunch__text_output_finish(&text, diag);
}

void hunch__trace_free(struct trace *trace)
{
    if (trace != NULL) {
        hunch__key_list_free(&trace->key_list);
        hunch__key_list_free(&trace->size_list);
        trace->keys = NULL;
        trace->sizes = NULL;
        trace->n = 0;
    }
}

static hunch_status load_from(struct trace *out, const char *path, size_t n,
                              const hunch_allocator *allocator, hunch_diag *diag)
{
    struct lines lines;
    begin(out, allocator);
    hunch_status status = hunch__lines_open(&lines, path, diag);
    if (status == HUNCH_OK) {
        status = read_lines(out, &lines, n, diag);
        hunch__lines_close(&lines);
    }
    if (status != HUNCH_OK) {
        hunch__places_blame(diag, path);
        hunch__trace_free(out);
        return status;
    }
    take_stock(out);
    hunch__places_stem(out->name, sizeof out->name, path, &places);
    if (n > 0 && out->n == n) {
        (void)snprintf(out->note, sizeof out->note, "at most its first %zu requests", n);
    }
    return HUNCH_OK;
}

/* A trace that is known but not here. */
static hunch_status load_stand_in(struct trace *out, const struct manifest_row *row, size_t n,
                                  const hunch_allocator *allocator, hunch_diag *diag)
{
    size_t all = hunch__manifest_n(row);
    if (strcmp(row->stand_in, "-") == 0) {
        return hunch__fail(diag, HUNCH_ENOENT, 0,
                           "'%.50s' is not here, and nothing stands in for it", row->name);
    }
    hunch_status status =
        load_generated(out, row->stand_in, n > 0 && n < all ? n : all, allocator, diag);
    if (status == HUNCH_OK) {
        (void)snprintf(out->note, sizeof out->note, "generated stand-in: %s, n %zu", row->stand_in,
                       out->n);
    }
    return status;
}

static hunch_status load_generated(struct trace *out, const char *name, size_t n,
                                   const hunch_allocator *allocator, hunch_diag *diag)
{
    begin(out, allocator);
    hunch_status status = hunch__trace_generate(&out->key_list, name, n, 0, allocator, diag);
    if (status == HUNCH_ENOENT) {
        return hunch__fail(diag, HUNCH_ENOENT, 0, "no file, trace or generator is called '%.50s'",
                           name);
    }
    if (status == HUNCH_OK) {
        take_stock(out);
        (void)snprintf(out->note, sizeof out->note, "generated");
    }
    return status;
}

/* Blank lines and those of '#' are no requests. */
static hunch_status read_lines(struct trace *out, struct lines *lines, size_t n, hunch_diag *diag)
{
    const char *line = "";
    size_t length;
    hunch_status status = HUNCH_OK;
    while (status == HUNCH_OK && (n == 0 || out->key_list.n < n)) {
        status = hunch__lines_next(lines, &line, &length, diag);
        if (status == HUNCH_OK && line == NULL) {
            break;
        }
        if (status == HUNCH_OK && length > 0 && *line != '#') {
            status = read_line(out, line, length, lines->number, diag);
        }
    }
    if (status == HUNCH_OK && out->key_list.n == 0) {
        status = hunch__fail(diag, HUNCH_ECORRUPT, lines->number, "no request in %" PRIu64 " lines",
                             lines->number);
    }
    return status;
}

static hunch_status read_line(struct trace *out, const char *line, size_t n, uint64_t number,
                              hunch_diag *diag)
{
    static const char *const forms[] = {"'key' or 'key size'", "'key'", "'key size'"};
    uint64_t request[2];
    size_t numbers = parse_line(line, line + n, request);
    size_t form = out->key_list.n == 0 ? 0 : out->size_list.n == 0 ? 1 : 2;
    if (numbers == 0 || (form != 0 && numbers != form)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, number,
                           "line %" PRIu64 ": %s expected, found '%.*s'", number, forms[form],
                           n < 24 ? (int)n : 24, line);
    }
    hunch_status status = hunch__key_list_add(&out->key_list, request[0], diag);
    if (status == HUNCH_OK && numbers == 2) {
        status = hunch__key_list_add(&out->size_list, request[1], diag);
    }
    return status;
}

/* How many numbers the line consists of, one or two; 0: it does not. */
static size_t parse_line(const char *line, const char *end, uint64_t request[2])
{
    size_t numbers = 0;
    request[1] = 0;
    for (const char *at = skip_blanks(line); at < end; at = skip_blanks(at)) {
        if (numbers == 2 || !hunch__parse_number(&at, &request[numbers]) || !ends(at, end)) {
            return 0;
        }
        numbers++;
    }
    return numbers;
}

static bool ends(const char *at, const char *end)
{
    return at == end || *at == ' ' || *at == '\t';
}

/* Never past the line: its end is no blank. */
static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t') {
        at++;
    }
    return at;
}

static void begin(struct trace *out, const hunch_allocator *allocator)
{
    *out = (struct trace){.n = 0};
    out->key_list.allocator = hunch__allocator_or_default(allocator);
    out->size_list.allocator = out->key_list.allocator;
}

static void take_stock(struct trace *out)
{
    out->keys = out->key_list.keys;
    out->sizes = out->size_list.n > 0 ? out->size_list.keys : NULL;
    out->n = out->key_list.n;
    const uint64_t parts[2] = {hunch__xxh3(out->keys, out->n * sizeof *out->keys),
                               hunch__xxh3(out->sizes, out->size_list.n * sizeof *out->sizes)};
    out->xxh3 = hunch__xxh3(parts, sizeof parts);
}
