/* Every figure of the run, each case with the command that measures it again. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <string.h>

#include "html.h"
#include "number.h"
#include "report_parts.h"

static void write_case(FILE *out, const struct bench *bench, size_t first, size_t end);
static void write_row(FILE *out, const struct bench_row *row, double floor);
static void write_value(FILE *out, const struct bench_row *row, double floor);
static void write_option(FILE *out, const char *option, const char *value);
static void write_quoted(FILE *out, const char *text);

void bench__report_figures(FILE *out, const struct bench *bench, size_t first, size_t end)
{
    (void)fputs("<h2>Every figure</h2>\n<div class=\"wide\">\n<table>\n<thead><tr><th>impl</th>"
                "<th class=\"number\">value</th><th class=\"number\">q1</th>"
                "<th class=\"number\">q3</th><th class=\"number\">ratio</th>"
                "<th class=\"number\">x floor</th><th class=\"number\">reps</th>"
                "<th>answers</th></tr></thead>\n",
                out);
    for (size_t i = first; i < end;) {
        const size_t next = bench__rows_group_end(&bench->rows, i);
        write_case(out, bench, i, next);
        i = next;
    }
    (void)fputs("</table>\n</div>\n", out);
}

void bench__report_command(FILE *out, const struct bench *bench, const struct bench_row *row)
{
    const struct bench_options *options = &bench->options;
    (void)fprintf(out, "hunch-bench %s --case '^", row->suite);
    for (const char *c = row->case_name; *c != '\0'; c++) {
        if (*c == '\'') {
            (void)fputc('.', out); /* any character: a quote would end the shell's word */
        } else {
            (void)fprintf(out, strchr("\\^$.[]|()*+?{}", *c) == NULL ? "%c" : "\\%c", *c);
        }
    }
    (void)fprintf(out, "$' --profile %s --seed %" PRIu64 " --reps %u",
                  options->profile == BENCH_FULL ? "full" : "quick", options->seed, options->reps);
    write_option(out, "--impl", options->impl_regex);
    write_option(out, "--data", options->data);
    write_option(out, "--keys", options->keys);
    write_option(out, "--csv", options->csv);
    write_option(out, "--trace", options->trace);
    write_option(out, "--peers", options->peers);
}

bool bench__same_set(const struct bench_row *a, const struct bench_row *b)
{
    const size_t length = strcspn(a->case_name, "/");
    return length == strcspn(b->case_name, "/") &&
           strncmp(a->case_name, b->case_name, length) == 0 && a->data.name == b->data.name;
}

static void write_case(FILE *out, const struct bench *bench, size_t first, size_t end)
{
    const struct bench_row *head = &bench->rows.items[first];
    const double floor = bench__rows_floor(&bench->rows, first, end);
    bench__html(out, "<tbody>\n<tr class=\"set\"><th colspan=\"8\"><div>%s <small>%s in %s, ",
                head->case_name, head->metric, head->unit);
    bench__html(out, "%s is better", head->higher_is_better ? "higher" : "lower");
    if (head->baseline != NULL) {
        bench__html(out, ", ratio to %s", head->baseline);
    }
    if (head->data.note != NULL) {
        bench__html(out, " &middot; %s", head->data.note);
    }
    (void)fputs("</small><br><code>", out);
    bench__report_command(out, bench, head);
    (void)fputs("</code></div></th></tr>\n", out);
    for (size_t i = first; i < end; i++) {
        write_row(out, &bench->rows.items[i], floor);
    }
    (void)fputs("</tbody>\n", out);
}

static void write_row(FILE *out, const struct bench_row *row, double floor)
{
    const char *class = bench__is_ours(row->impl) ? "name ours"
                        : row->floor              ? "name floor"
                                                  : "name";
    bench__html(out, "<tr><td class=\"%s\">%s", class, row->impl);
    if (row->model != NULL) {
        bench__html(out, " <small>%s</small>", row->model);
    }
    if (row->recorded != NULL) {
        bench__html(out, " <small>recorded: %s</small>", row->recorded);
    }
    (void)fputs("</td>", out);
    if (row->error != NULL) {
        bench__html(out, "<td class=\"error\" colspan=\"6\">%s</td>", row->error);
    } else {
        write_value(out, row, floor);
    }
    if (row->has_answers) {
        (void)fprintf(out, "<td><code>%016" PRIx64 "</code></td></tr>\n", row->answers);
    } else {
        (void)fputs("<td></td></tr>\n", out);
    }
}

static void write_value(FILE *out, const struct bench_row *row, double floor)
{
    char text[BENCH_NUMBER_BYTES];
    const bool spread = row->reps > 1 && !row->none;
    const char *cell = "<td class=\"number\">%s</td>";
    bench__html(out, cell, row->none ? "none" : bench__number(text, row->value));
    bench__html(out, cell, spread ? bench__number(text, row->q1) : "");
    bench__html(out, cell, spread ? bench__number(text, row->q3) : "");
    bench__html(out, cell, row->has_ratio ? bench__ratio(text, row->ratio) : "");
    bench__html(out, cell,
                floor > 0 && row->recorded == NULL ? bench__ratio(text, row->value / floor) : "");
    (void)fprintf(out, "<td class=\"number\">%u</td>", row->reps);
}

static void write_option(FILE *out, const char *option, const char *value)
{
    if (value != NULL) {
        (void)fprintf(out, " %s ", option);
        write_quoted(out, value);
    }
}

/* For a shell, then for the page. */
static void write_quoted(FILE *out, const char *text)
{
    (void)fputc('\'', out);
    for (; *text != '\0'; text++) {
        const char letter[2] = {*text, '\0'};
        bench__html_text(out, *text == '\'' ? "'\\''" : letter);
    }
    (void)fputc('\'', out);
}
