/* The table at the top of the report: ours beside the classic and the best of the others. */
#include <math.h>
#include <string.h>

#include "html.h"
#include "number.h"
#include "report_parts.h"

/* How ours came out in a case. */
enum outcome { BEST, LEVEL, BEATEN, OUTCOMES };

/* One row of the table. */
struct match {
    const struct bench_rows *rows;
    size_t first, end;
    const struct bench_row *ours;    /* the impl "hunch"                             */
    const struct bench_row *classic; /* the suite's; NULL when it did not run        */
    const struct bench_row *peer; /* the suite's, or the best that is not ours, nor the classic */
    double floor;
};

static bool match_find(struct match *match, const struct bench_rows *rows, size_t first, size_t end,
                       const struct bench_suite *suite);
static bool is_rival(const struct bench_row *row);
static bool is_better(const struct bench_row *a, const struct bench_row *b);
static bool is_level(const struct bench_row *a, const struct bench_row *b);
static enum outcome match_outcome(const struct match *match);
static void write_verdicts(FILE *out, const struct bench *bench, const struct bench_suite *suite,
                           size_t first, size_t end);
static void write_verdict(FILE *out, const struct bench_rows *rows, size_t first, size_t end,
                          const struct bench_suite *suite);
static void write_rows(FILE *out, const struct bench *bench, const struct bench_suite *suite,
                       size_t first, size_t end);
static void write_set(FILE *out, const struct bench_row *row);
static void write_match(FILE *out, const struct match *match);
static void write_impl(FILE *out, const struct bench_row *row, bool with_name);
static double value_of(const struct bench_row *row);
static void write_ratio(FILE *out, const struct bench_row *ours, double other);
static void write_losses(FILE *out, const struct match *match);

void bench__report_summary(FILE *out, const struct bench *bench, const struct bench_suite *suite,
                           size_t first, size_t end)
{
    bench__html(out, "<h2>%s</h2>\n", suite->title);
    write_verdicts(out, bench, suite, first, end);
    (void)fputs("<div class=\"wide\">\n<table>\n<thead><tr><th>case</th>"
                "<th class=\"number\">ours</th><th class=\"number\">classic</th>"
                "<th class=\"number\">best peer</th><th class=\"number\">ours / classic</th>"
                "<th class=\"number\">ours / peer</th><th class=\"number\">ours / floor</th>"
                "<th>where we lose</th></tr></thead>\n<tbody>\n",
                out);
    write_rows(out, bench, suite, first, end);
    (void)fputs("</tbody>\n</table>\n</div>\n"
                "<p class=\"note\">Where we lose names every contender that is better, with its "
                "value as a share of ours; none: it builds nothing, and is not scored. &asymp;, or "
                "level: the quartiles overlap, and another run "
                "might order the two the other way.</p>\n",
                out);
}

/* Cases in which ours took part against somebody. bytes_total only repeats bytes_per_key. */
static bool match_find(struct match *match, const struct bench_rows *rows, size_t first, size_t end,
                       const struct bench_suite *suite)
{
    *match = (struct match){.rows = rows, .first = first, .end = end};
    match->ours = bench__rows_find(rows, first, end, "hunch");
    match->classic = bench__rows_find(rows, first, end, suite->classic);
    match->floor = bench__rows_floor(rows, first, end);
    for (size_t i = first; i < end && suite->peer == NULL; i++) {
        const struct bench_row *row = &rows->items[i];
        const bool candidate = is_rival(row) && row != match->classic && row->error == NULL;
        if (candidate && (match->peer == NULL || is_better(row, match->peer))) {
            match->peer = row;
        }
    }
    if (suite->peer != NULL) {
        match->peer = bench__rows_find(rows, first, end, suite->peer);
    }
    return match->ours != NULL && !match->ours->none &&
           (match->classic != NULL || match->peer != NULL) &&
           strcmp(match->ours->metric, "bytes_total") != 0;
}

static bool is_rival(const struct bench_row *row)
{
    return !row->floor && !row->none && row->recorded == NULL && !bench__is_ours(row->impl);
}

static bool is_better(const struct bench_row *a, const struct bench_row *b)
{
    return a->higher_is_better ? a->value > b->value : a->value < b->value;
}

/* The quartiles overlap: another run might order them the other way. */
static bool is_level(const struct bench_row *a, const struct bench_row *b)
{
    return a->reps > 1 && b->reps > 1 && a->q1 <= b->q3 && b->q1 <= a->q3;
}

static enum outcome match_outcome(const struct match *match)
{
    enum outcome outcome = match->ours->error == NULL ? BEST : BEATEN;
    for (size_t i = match->first; i < match->end && match->ours->error == NULL; i++) {
        const struct bench_row *row = &match->rows->items[i];
        if (is_rival(row) && row->error == NULL && is_better(row, match->ours)) {
            const enum outcome here = is_level(row, match->ours) ? LEVEL : BEATEN;
            outcome = here > outcome ? here : outcome;
        }
    }
    return outcome;
}

/* A sentence for each metric: a loss in bytes is not made up for by a gain in time. */
static void write_verdicts(FILE *out, const struct bench *bench, const struct bench_suite *suite,
                           size_t first, size_t end)
{
    const struct bench_rows *rows = &bench->rows;
    (void)fputs("<ul>\n", out);
    for (size_t i = first; i < end; i = bench__rows_group_end(rows, i)) {
        size_t seen = first;
        while (rows->items[seen].metric != rows->items[i].metric) {
            seen = bench__rows_group_end(rows, seen);
        }
        if (seen == i) {
            write_verdict(out, rows, i, end, suite);
        }
    }
    (void)fputs("</ul>\n", out);
}

/* Over all groups in [first, end) of the metric of the first one. */
static void write_verdict(FILE *out, const struct bench_rows *rows, size_t first, size_t end,
                          const struct bench_suite *suite)
{
    const char *metric = rows->items[first].metric;
    unsigned counts[OUTCOMES] = {0};
    for (size_t i = first; i < end; i = bench__rows_group_end(rows, i)) {
        struct match match;
        if (rows->items[i].metric == metric &&
            match_find(&match, rows, i, bench__rows_group_end(rows, i), suite)) {
            counts[match_outcome(&match)]++;
        }
    }
    const unsigned all = counts[BEST] + counts[LEVEL] + counts[BEATEN];
    if (all > 0) {
        bench__html(out, "<li><b>%s</b>: ", metric);
        (void)fprintf(out,
                      "of %u comparisons ours is the best in <b>%u</b>, level with the best "
                      "in <b>%u</b>, beaten in <b>%u</b></li>\n",
                      all, counts[BEST], counts[LEVEL], counts[BEATEN]);
    }
}

static void write_rows(FILE *out, const struct bench *bench, const struct bench_suite *suite,
                       size_t first, size_t end)
{
    const struct bench_rows *rows = &bench->rows;
    const struct bench_row *before = NULL;
    for (size_t i = first; i < end; i = bench__rows_group_end(rows, i)) {
        struct match match;
        if (match_find(&match, rows, i, bench__rows_group_end(rows, i), suite)) {
            if (before == NULL || !bench__same_set(before, &rows->items[i])) {
                write_set(out, &rows->items[i]);
            }
            write_match(out, &match);
            before = &rows->items[i];
        }
    }
}

static void write_set(FILE *out, const struct bench_row *row)
{
    char count[BENCH_NUMBER_BYTES];
    bench__html(out, "<tr class=\"set\"><th colspan=\"8\"><div>%s <small>n = %s", row->data.name,
                bench__count(count, row->data.n));
    if (row->data.note != NULL) {
        bench__html(out, " &middot; %s", row->data.note);
    }
    (void)fputs("</small></div></th></tr>\n", out);
}

static void write_match(FILE *out, const struct match *match)
{
    const struct bench_row *ours = match->ours;
    const char *slash = strchr(ours->case_name, '/');
    bench__html(out, "<tr><td class=\"name\">%s<br><small>%s</small></td>",
                slash == NULL ? ours->case_name : slash + 1, ours->metric);
    write_impl(out, ours, false);
    write_impl(out, match->classic, true);
    write_impl(out, match->peer, true);
    write_ratio(out, ours, value_of(match->classic));
    write_ratio(out, ours, value_of(match->peer));
    write_ratio(out, ours, match->floor);
    write_losses(out, match);
    (void)fputs("</tr>\n", out);
}

static void write_impl(FILE *out, const struct bench_row *row, bool with_name)
{
    char value[BENCH_NUMBER_BYTES];
    bench__html(out, "<td class=\"number%s\">", with_name ? "" : " ours");
    if (row == NULL) {
        (void)fputs("&ndash;", out);
    } else if (row->error != NULL) {
        bench__html(out, "<span class=\"error\">%s</span>", row->error);
    } else {
        bench__html_text(out, row->none ? "none" : bench__number(value, row->value));
    }
    if (row != NULL && with_name) {
        bench__html(out, "<br><small>%s</small>", row->impl);
    }
    (void)fputs("</td>", out);
}

/* What ratios are taken of; 0: none can be. */
static double value_of(const struct bench_row *row)
{
    return row == NULL || row->none ? 0 : row->value;
}

static void write_ratio(FILE *out, const struct bench_row *ours, double other)
{
    char ratio[BENCH_NUMBER_BYTES];
    const bool is_there = ours->error == NULL && other > 0;
    bench__html(out, "<td class=\"number\">%s</td>",
                is_there ? bench__ratio(ratio, ours->value / other) : "");
}

static void write_losses(FILE *out, const struct match *match)
{
    char share[BENCH_NUMBER_BYTES];
    const struct bench_row *ours = match->ours;
    const char *between = "";
    (void)fputs("<td class=\"lost\">", out);
    for (size_t i = match->first; i < match->end && ours->error == NULL; i++) {
        const struct bench_row *row = &match->rows->items[i];
        if (is_rival(row) && row->error == NULL && is_better(row, ours)) {
            const char *mark = is_level(row, ours) ? "\u2248 " : "";
            bench__html(out, "%s<span>%s%s", between, mark, row->impl);
            if (ours->value > 0) {
                bench__html(out, " <small>%s</small>",
                            bench__ratio(share, row->value / ours->value));
            }
            (void)fputs("</span>", out);
            between = ", ";
        }
    }
    (void)fputs(*between == '\0' ? "&ndash;</td>" : "</td>", out);
}
