/* Dots: what memory buys in time. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include <math.h>
#include <string.h>

#include "plot.h"
#include "plot_script.h"

#define HEIGHT    240
#define LEFT      52.0 /* of the frame, in pixels, as are the next three */
#define RIGHT     404.0
#define TOP       26.0
#define BOTTOM    186.0
#define CHARACTER 6.4
#define LINE      13.5 /* between the names of two dots at least */
#define DOTS_MAX  32
#define ATTEMPTS  16 /* places that are tried for a name */

struct dot {
    const struct bench_row *row; /* the time's           */
    double size, time;
    double x, y;       /* pixels, from the upper left corner */
    double name_y;     /* the name's middle                        */
    double from, till; /* the name's extent across                 */
};

struct scatter {
    struct dot dots[DOTS_MAX];
    size_t count;
    double size_max, time_low, time_high;
};

static void collect(struct scatter *s, const struct bench_rows *rows, size_t sizes, size_t times);
static void place(struct scatter *s);
static bool name_fits(const struct scatter *s, size_t which);
static void put_axes(FILE *script, const struct scatter *s, const char *size_unit,
                     const char *time_unit);
static void put_dot(FILE *script, const struct dot *dot);
static void put_text(FILE *script, const char *text, double x, double y, const char *side,
                     enum bench_colour colour);

bool bench__plot_scatter(FILE *out, const struct bench_rows *rows, size_t sizes, size_t times,
                         const char *id)
{
    struct scatter s = {.count = 0};
    char *text = NULL;
    size_t length = 0;
    collect(&s, rows, sizes, times);
    FILE *script = s.count < 2 ? NULL : open_memstream(&text, &length);
    if (script == NULL) {
        return false;
    }
    place(&s);
    bench__plot_begin(script, HEIGHT);
    put_axes(script, &s, rows->items[sizes].metric, rows->items[times].metric);
    for (size_t i = 0; i < s.count; i++) {
        put_dot(script, &s.dots[i]);
    }
    (void)fputs("plot NaN\n", script);
    return bench__plot_end(out, script, &text, id, "size against time");
}

static void collect(struct scatter *s, const struct bench_rows *rows, size_t sizes, size_t times)
{
    const size_t sizes_end = bench__rows_group_end(rows, sizes);
    const size_t times_end = bench__rows_group_end(rows, times);
    s->time_low = (double)INFINITY;
    for (size_t i = times; i < times_end && s->count < DOTS_MAX; i++) {
        const struct bench_row *time = &rows->items[i];
        const struct bench_row *size = bench__rows_find(rows, sizes, sizes_end, time->impl);
        const bool both = size != NULL && size->error == NULL && time->error == NULL;
        if (both && time->value > 0 && size->value >= 0) {
            s->dots[s->count++] =
                (struct dot){.row = time, .size = size->value, .time = time->value};
            s->size_max = fmax(s->size_max, size->value);
            s->time_low = fmin(s->time_low, time->value);
            s->time_high = fmax(s->time_high, time->value);
        }
    }
    s->size_max = s->size_max > 0 ? s->size_max * 1.06 : 1;
    s->time_low /= 1.5;
    s->time_high *= 1.5;
}

/* Dots by the axes; each name at the first place beside its dot, right or left, level or more and
 * more above or below, where it covers no dot and none of the names before. */
static void place(struct scatter *s)
{
    const double decades = log(s->time_high / s->time_low);
    for (size_t i = 0; i < s->count; i++) {
        struct dot *d = &s->dots[i];
        d->x = LEFT + 8 + d->size / s->size_max * (RIGHT - LEFT - 8);
        d->y = BOTTOM - log(d->time / s->time_low) / decades * (BOTTOM - TOP);
    }
    for (size_t i = 0; i < s->count; i++) {
        struct dot *d = &s->dots[i];
        const double width = (double)strlen(d->row->impl) * CHARACTER;
        for (int attempt = 0; attempt <= ATTEMPTS; attempt++) {
            const int way = attempt % ATTEMPTS; /* where none fits, the first */
            const double lines = (way / 2 + 1) / 2;
            d->from = way % 2 == 0 ? d->x + 9 : d->x - 9 - width;
            d->till = d->from + width;
            d->name_y = d->y + LINE * (way / 2 % 2 == 0 ? lines : -lines);
            if (name_fits(s, i)) {
                break;
            }
        }
    }
}

static bool name_fits(const struct scatter *s, size_t which)
{
    const struct dot *d = &s->dots[which];
    bool fits = d->from >= LEFT && d->till <= PLOT_WIDTH && d->name_y >= TOP && d->name_y <= BOTTOM;
    for (size_t i = 0; i < s->count && fits; i++) {
        const struct dot *other = &s->dots[i];
        const bool on_dot = d->from < other->x + 6 && other->x - 6 < d->till &&
                            fabs(d->name_y - other->y) < LINE - 3;
        const bool on_name = i < which && d->from < other->till && other->from < d->till &&
                             fabs(d->name_y - other->name_y) < LINE;
        fits = !on_dot && !on_name;
    }
    return fits;
}

static void put_axes(FILE *script, const struct scatter *s, const char *size_unit,
                     const char *time_unit)
{
    char line[BENCH_COLOUR_BYTES];
    char muted[BENCH_COLOUR_BYTES];
    const double slack = 8 / (RIGHT - LEFT - 8) * s->size_max; /* left of zero, for its dots */
    (void)bench__svg_colour(line, BENCH_LINE);
    (void)bench__svg_colour(muted, BENCH_MUTED);
    (void)fprintf(script,
                  "set border 3 lc rgb '%s'\n"
                  "set lmargin at screen %g\nset rmargin at screen %g\n"
                  "set tmargin at screen %g\nset bmargin at screen %g\n"
                  "set xrange [%.17g:%.17g]\nset yrange [%.17g:%.17g]\nset logscale y\n"
                  "set xtics nomirror out textcolor rgb '%s'\n"
                  "set ytics nomirror out textcolor rgb '%s'\n"
                  "set ytics add (5, 20, 50, 200, 500, 2000)\n"
                  "set grid lc rgb '%s' lt 1\n",
                  line, LEFT / PLOT_WIDTH, RIGHT / PLOT_WIDTH, 1 - TOP / HEIGHT,
                  1 - BOTTOM / HEIGHT, -slack, s->size_max, s->time_low, s->time_high, muted, muted,
                  line);
    put_text(script, size_unit, RIGHT, HEIGHT - 8, "right", BENCH_MUTED);
    put_text(script, time_unit, 4, 8, "left", BENCH_MUTED);
}

static void put_dot(FILE *script, const struct dot *dot)
{
    char colour[BENCH_COLOUR_BYTES];
    const bool ours = bench__is_ours(dot->row->impl);
    const bool right = dot->from > dot->x;
    if (fabs(dot->name_y - dot->y) > LINE / 2) { /* the name is not beside its dot: a line to it */
        (void)fprintf(script, "set arrow from screen %g,%g to screen %g,%g nohead lc rgb '%s'\n",
                      dot->x / PLOT_WIDTH, 1 - dot->y / HEIGHT,
                      (right ? dot->from - 2 : dot->till + 2) / PLOT_WIDTH,
                      1 - dot->name_y / HEIGHT, bench__svg_colour(colour, BENCH_MUTED));
    }
    (void)fprintf(script, "set label '' at screen %g,%g front point pt 7 ps 0.7 lc rgb '%s'\n",
                  dot->x / PLOT_WIDTH, 1 - dot->y / HEIGHT,
                  bench__svg_colour(colour, bench__plot_colour(dot->row)));
    put_text(script, dot->row->impl, right ? dot->from : dot->till, dot->name_y,
             right ? "left" : "right", ours ? BENCH_OURS : BENCH_TEXT);
}

/* x and y in pixels from the upper left corner; side: which end of the text is there. */
static void put_text(FILE *script, const char *text, double x, double y, const char *side,
                     enum bench_colour colour)
{
    char sentinel[BENCH_COLOUR_BYTES];
    (void)fputs("set label ", script);
    bench__plot_text(script, text);
    (void)fprintf(script, " at screen %g,%g %s front textcolor rgb '%s'\n", x / PLOT_WIDTH,
                  1 - y / HEIGHT, side, bench__svg_colour(sentinel, colour));
}
