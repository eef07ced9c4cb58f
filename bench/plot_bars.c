/* Bars: the figures of one case side by side. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "plot.h"
#include "plot_script.h"

#define BAR_PIXELS 22
#define CHARACTER  6.4 /* pixels of a usual character of the font, for the room of the names */
#define NAMES_MAX  200.0

/* A bar this much longer than the next would squash all others: it is cut, and shows it. */
#define OUTLIER 2.5
#define CUT     1.2 /* of the next longest */

/* Shares of the axis: at the end of a whisker longer than this a figure would be far from its bar,
 * and goes into the bar when that has room before the first quartile. */
#define LONG_WHISKER 0.15
#define ROOM_IN_BAR  0.25

static double axis_end(const struct bench_rows *rows, size_t first, size_t end);
static double names_room(const struct bench_rows *rows, size_t first, size_t end);
static double figures_room(const struct bench_rows *rows, size_t first, size_t end);
static void put_row(FILE *script, const struct bench_row *row, size_t y, double limit);
static void put_bar(FILE *script, double from, double till, size_t y, enum bench_colour colour);
static void put_label(FILE *script, const char *text, double x, size_t y, const char *side,
                      enum bench_colour colour);

bool bench__plot_bars(FILE *out, const struct bench_rows *rows, size_t first, size_t end,
                      const char *id)
{
    char *text = NULL;
    size_t length = 0;
    char colour[BENCH_COLOUR_BYTES];
    const double floor = bench__rows_floor(rows, first, end);
    const double limit = axis_end(rows, first, end);
    const size_t n = end - first;
    FILE *script = open_memstream(&text, &length);
    if (script == NULL) {
        return false;
    }
    bench__plot_begin(script, (int)n * BAR_PIXELS + 8);
    (void)fprintf(script,
                  "set lmargin at screen %g\nset rmargin at screen %g\n"
                  "set tmargin at screen 0.99\nset bmargin at screen 0.01\n"
                  "set xrange [0:%.17g]\nset yrange [%zu.5:0.5]\n",
                  names_room(rows, first, end) / PLOT_WIDTH,
                  1 - figures_room(rows, first, end) / PLOT_WIDTH, limit, n);
    for (size_t i = first; i < end; i++) {
        put_row(script, &rows->items[i], i - first + 1, limit);
    }
    (void)fprintf(script, "set arrow from 0,0.5 to 0,%zu.5 nohead front lc rgb '%s'\n", n,
                  bench__svg_colour(colour, BENCH_MUTED));
    if (floor > 0 && floor < limit) {
        (void)fprintf(script,
                      "set arrow from %.17g,0.5 to %.17g,%zu.5 nohead front dt 2 lc rgb '%s'\n",
                      floor, floor, n, bench__svg_colour(colour, BENCH_FLOOR));
    }
    (void)fputs("plot NaN\n", script);
    return bench__plot_end(out, script, &text, id, rows->items[first].case_name);
}

static double axis_end(const struct bench_rows *rows, size_t first, size_t end)
{
    double longest = 0;
    double next = 0;
    for (size_t i = first; i < end; i++) {
        const double here = rows->items[i].q3;
        next = here > longest ? longest : here > next ? here : next;
        longest = here > longest ? here : longest;
    }
    if (next > 0 && longest > OUTLIER * next) {
        return CUT * next;
    }
    return longest > 0 ? longest : 1;
}

static double names_room(const struct bench_rows *rows, size_t first, size_t end)
{
    double room = 0;
    for (size_t i = first; i < end; i++) {
        const double wanted = (double)strlen(rows->items[i].impl) * CHARACTER + 12;
        room = wanted > room ? wanted : room;
    }
    return room < NAMES_MAX ? room : NAMES_MAX;
}

static double figures_room(const struct bench_rows *rows, size_t first, size_t end)
{
    double room = 0;
    for (size_t i = first; i < end; i++) {
        char figure[BENCH_NUMBER_BYTES];
        const double wanted =
            (double)strlen(bench__number(figure, rows->items[i].value)) * CHARACTER + 14;
        room = wanted > room ? wanted : room;
    }
    return room;
}

static void put_row(FILE *script, const struct bench_row *row, size_t y, double limit)
{
    char colour[BENCH_COLOUR_BYTES];
    char figure[BENCH_NUMBER_BYTES];
    const bool ours = bench__is_ours(row->impl);
    put_label(script, row->impl, 0, y, "right",
              row->recorded != NULL ? BENCH_MUTED
              : ours                ? BENCH_OURS
                                    : BENCH_TEXT);
    if (row->error != NULL || row->none) {
        put_label(script, row->none ? "none" : row->error, 0, y, "left",
                  row->none ? BENCH_MUTED : BENCH_ERROR);
        return;
    }
    const bool cut = row->q3 > limit;
    const double till = row->q3 < limit ? row->q3 : limit;
    put_bar(script, 0, cut ? limit : row->value, y, bench__plot_colour(row));
    if (cut) {
        put_bar(script, 0.90 * limit, 0.92 * limit, y, BENCH_PANEL);
        put_bar(script, 0.94 * limit, 0.96 * limit, y, BENCH_PANEL);
    } else if (row->q3 > row->q1) {
        (void)fprintf(script,
                      "set arrow from %.17g,%zu to %.17g,%zu nohead front lw 1.5 lc rgb '%s'\n",
                      row->q1, y, row->q3, y, bench__svg_colour(colour, BENCH_TEXT));
    }
    if (!cut && row->q3 - row->value > LONG_WHISKER * limit && row->q1 > ROOM_IN_BAR * limit) {
        put_label(script, bench__number(figure, row->value), row->q1, y, "right",
                  ours ? BENCH_PANEL : BENCH_TEXT);
        return;
    }
    put_label(script, bench__number(figure, row->value), till, y, "left", BENCH_TEXT);
}

static void put_bar(FILE *script, double from, double till, size_t y, enum bench_colour colour)
{
    char sentinel[BENCH_COLOUR_BYTES];
    (void)fprintf(
        script, "set object rectangle from %.17g,%g to %.17g,%g fc rgb '%s' fs solid noborder\n",
        from, (double)y - 0.36, till, (double)y + 0.36, bench__svg_colour(sentinel, colour));
}

static void put_label(FILE *script, const char *text, double x, size_t y, const char *side,
                      enum bench_colour colour)
{
    char sentinel[BENCH_COLOUR_BYTES];
    (void)fputs("set label ", script);
    bench__plot_text(script, text);
    (void)fprintf(script, " at %.17g,%zu %s offset %s,0 front textcolor rgb '%s'\n", x, y, side,
                  *side == 'r' ? "-0.7" : "0.7", bench__svg_colour(sentinel, colour));
}
