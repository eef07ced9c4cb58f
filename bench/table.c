/* Rows for people, on a terminal. */
#include "table.h"

#include "asserts.h"
#include "number.h"

#define BOLD  "\033[1m"
#define RED   "\033[31m"
#define PLAIN "\033[0m"

static void print_heading(FILE *out, const struct bench_row *head);
static void print_row(FILE *out, const struct bench_row *row, double floor, bool colour);
static void print_figure(FILE *out, const struct bench_row *row, double floor);

void bench__table_print(FILE *out, const struct bench_rows *rows, size_t first, size_t end,
                        bool colour)
{
    HUNCH_ASSERT(first < end && end <= rows->count);
    const double floor = bench__rows_floor(rows, first, end);
    print_heading(out, &rows->items[first]);
    for (size_t i = first; i < end; i++) {
        print_row(out, &rows->items[i], floor, colour);
    }
    (void)fputc('\n', out);
    (void)fflush(out);
}

static void print_heading(FILE *out, const struct bench_row *head)
{
    char count[BENCH_NUMBER_BYTES];
    (void)fprintf(out, "%s   %s, %s is better\n", head->case_name, head->metric,
                  head->higher_is_better ? "higher" : "lower");
    (void)fprintf(out, "  on %s, n = %s", head->data.name, bench__count(count, head->data.n));
    if (head->data.note != NULL) {
        (void)fprintf(out, " (%s)", head->data.note);
    }
    if (head->baseline != NULL) {
        (void)fprintf(out, "; ratio to %s", head->baseline);
    }
    (void)fprintf(out, "\n    %-28s %14s  %12s .. %-12s %7s %8s\n", "impl", head->unit, "q1", "q3",
                  "ratio", "x floor");
}

static void print_row(FILE *out, const struct bench_row *row, double floor, bool colour)
{
    const bool ours = bench__is_ours(row->impl);
    const char *paint = !colour ? "" : row->error != NULL ? RED : ours ? BOLD : "";
    (void)fprintf(out, "%s  %c %-28s", paint, ours ? '*' : ' ', row->impl);
    if (row->error != NULL) {
        (void)fprintf(out, " %14s  %s", "-", row->error);
    } else {
        print_figure(out, row, floor);
    }
    if (row->model != NULL) {
        (void)fprintf(out, "  %s", row->model);
    }
    if (row->recorded != NULL) {
        (void)fprintf(out, "  recorded: %s", row->recorded);
    }
    (void)fprintf(out, "%s\n", *paint == '\0' ? "" : PLAIN);
}

static void print_figure(FILE *out, const struct bench_row *row, double floor)
{
    char value[BENCH_NUMBER_BYTES];
    char other[BENCH_NUMBER_BYTES];
    (void)fprintf(out, " %14s", row->none ? "none" : bench__number(value, row->value));
    if (row->reps > 1 && !row->none) {
        (void)fprintf(out, "  %12s .. %-12s", bench__number(value, row->q1),
                      bench__number(other, row->q3));
    } else {
        (void)fprintf(out, "%30s", "");
    }
    (void)fprintf(out, " %7s", row->has_ratio ? bench__ratio(value, row->ratio) : "-");
    if (floor > 0 && row->value > 0 && row->recorded == NULL) {
        (void)fprintf(out, " %8s", bench__ratio(value, row->value / floor));
    }
}
