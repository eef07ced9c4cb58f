/* The pictures of the report: a heading a data set, a row of pictures a question. */
#include <inttypes.h>
#include <string.h>

#include "html.h"
#include "number.h"
#include "plot.h"
#include "report_parts.h"

/* The question whose times are set against the sizes. */
#define TIMES_CASE "lookup-present/batched"
#define SIZE_CASE  "size"

static void write_key(FILE *out);
static bool same_heading(const struct bench_row *a, const struct bench_row *b);
static void write_heading(FILE *out, const struct bench_row *row);
static void write_question(FILE *out, const struct bench_row *row);
static const char *part_behind_set(const char *case_name);
static size_t question_length(const char *case_name);
static bool same_question(const struct bench_row *a, const struct bench_row *b);
static bool write_bars(FILE *out, const struct bench_rows *rows, size_t first);
static void write_scatter(FILE *out, const struct bench_rows *rows, size_t first, size_t end);

void bench__report_plots(FILE *out, const struct bench *bench, size_t first, size_t end)
{
    const struct bench_rows *rows = &bench->rows;
    const struct bench_row *before = NULL;
    bool drawn = true;
    (void)fputs("<h2>Pictures</h2>\n", out);
    write_key(out);
    for (size_t i = first; i < end && drawn; i = bench__rows_group_end(rows, i)) {
        const struct bench_row *row = &rows->items[i];
        const bool new_set = before == NULL || !same_heading(before, row);
        if (new_set || !same_question(before, row)) {
            (void)fputs(before == NULL ? "" : "</div>\n", out);
            if (new_set) {
                write_heading(out, row);
            }
            write_question(out, row);
            (void)fputs("<div class=\"grid\">\n", out);
            if (new_set) {
                write_scatter(out, rows, i, end);
            }
        }
        before = row;
        if (strcmp(row->metric, "bytes_total") != 0) { /* bytes_per_key has the same shape */
            drawn = write_bars(out, rows, i);
        }
    }
    (void)fputs(before == NULL ? "" : "</div>\n", out);
    if (!drawn) {
        (void)fputs("<p class=\"error\">gnuplot could not be run, so there are no pictures; the "
                    "figures below are complete. On Debian: apt install gnuplot-nox</p>\n",
                    out);
    }
}

static void write_key(FILE *out)
{
    static const struct {
        const char *colour, *text;
    } key[] = {
        {"ours", "ours"},
        {"base", "baseline of the ratios"},
        {"rival", "other contenders"},
        {"floor", "floor"},
    };
    (void)fputs("<div class=\"key\">", out);
    for (size_t i = 0; i < sizeof key / sizeof *key; i++) {
        bench__html(out, "<span><i style=\"background: var(--%s)\"></i>%s</span>", key[i].colour,
                    key[i].text);
    }
    (void)fputs("<span>bars begin at zero; a line: quartiles; a gap: the bar "
                "is longer than drawn; a pale name: recorded elsewhere</span></div>\n",
                out);
}

/* Cases whose names begin alike stand together: one set's, or one question over many sets. */
static bool same_heading(const struct bench_row *a, const struct bench_row *b)
{
    const size_t length = strcspn(a->case_name, "/");
    return length == strcspn(b->case_name, "/") && strncmp(a->case_name, b->case_name, length) == 0;
}

static void write_heading(FILE *out, const struct bench_row *row)
{
    char count[BENCH_NUMBER_BYTES];
    const size_t length = strcspn(row->case_name, "/");
    if (strlen(row->data.name) != length || strncmp(row->case_name, row->data.name, length) != 0) {
        char name[64];
        (void)snprintf(name, sizeof name, "%.*s", (int)length, row->case_name);
        bench__html(out, "<h3>%s</h3>\n", name);
        return; /* each picture has data of its own */
    }
    bench__html(out, "<h3>%s</h3>\n<p class=\"note\">n = %s", row->data.name,
                bench__count(count, row->data.n));
    if (row->data.note != NULL) {
        bench__html(out, ", %s", row->data.note);
    }
    (void)fprintf(out, ", XXH3 <code>%016" PRIx64 "</code></p>\n", row->data.xxh3);
}

static void write_question(FILE *out, const struct bench_row *row)
{
    const char *part = part_behind_set(row->case_name);
    const size_t length = question_length(row->case_name);
    if (part[length] == '\0') {
        return; /* the picture's own caption says it all */
    }
    (void)fputs("<h4>", out);
    for (size_t i = 0; i < length; i++) {
        const char letter[2] = {part[i], '\0'};
        bench__html_text(out, letter);
    }
    (void)fputs("</h4>\n", out);
}

/* "lookup-present/batched" of "coast_hilbert/lookup-present/batched". */
static const char *part_behind_set(const char *case_name)
{
    const char *slash = strchr(case_name, '/');
    return slash == NULL ? case_name : slash + 1;
}

/* Of that, how many letters are the question: up to the next '/'. */
static size_t question_length(const char *case_name)
{
    return strcspn(part_behind_set(case_name), "/");
}

/* What has no modes, such as size and build, stands together. */
static bool same_question(const struct bench_row *a, const struct bench_row *b)
{
    const size_t length = question_length(a->case_name);
    const bool a_has_modes = part_behind_set(a->case_name)[length] == '/';
    const bool b_has_modes = strchr(part_behind_set(b->case_name), '/') != NULL;
    if (!a_has_modes && !b_has_modes) {
        return true;
    }
    return a_has_modes == b_has_modes && length == question_length(b->case_name) &&
           strncmp(part_behind_set(a->case_name), part_behind_set(b->case_name), length) == 0;
}

static bool write_bars(FILE *out, const struct bench_rows *rows, size_t first)
{
    char id[24];
    const struct bench_row *row = &rows->items[first];
    const char *part = part_behind_set(row->case_name);
    const char *mode = part + question_length(row->case_name);
    (void)snprintf(id, sizeof id, "p%zu", first);
    bench__html(out, "<figure><figcaption>%s <small>%s, %s</small></figcaption>\n",
                *mode == '/' ? mode + 1 : part, row->metric,
                row->higher_is_better ? "higher is better" : "lower is better");
    const bool drawn = bench__plot_bars(out, rows, first, bench__rows_group_end(rows, first), id);
    (void)fputs("</figure>\n", out);
    return drawn;
}

/* The set that begins at `first`: its sizes against its times, when it has both. */
static void write_scatter(FILE *out, const struct bench_rows *rows, size_t first, size_t end)
{
    char id[24];
    size_t sizes = end;
    size_t times = end;
    for (size_t i = first; i < end && bench__same_set(&rows->items[first], &rows->items[i]);
         i = bench__rows_group_end(rows, i)) {
        const char *part = part_behind_set(rows->items[i].case_name);
        if (strcmp(part, SIZE_CASE) == 0 && strcmp(rows->items[i].metric, "bytes_per_key") == 0) {
            sizes = i;
        } else if (strcmp(part, TIMES_CASE) == 0) {
            times = i;
        }
    }
    if (sizes == end || times == end) {
        return;
    }
    (void)snprintf(id, sizeof id, "s%zu", first);
    (void)fputs("<figure><figcaption>size and time <small>" TIMES_CASE
                ", lower left is better</small></figcaption>\n",
                out);
    if (!bench__plot_scatter(out, rows, sizes, times, id)) {
        (void)fputs("<p class=\"note\">not drawn</p>\n", out);
    }
    (void)fputs("</figure>\n", out);
}
