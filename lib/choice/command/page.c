/* A page for the browser. */
#include "page.h"

#include <math.h>
#include <stdarg.h>

#define WIDTH  760.0
#define HEIGHT 300.0
#define LEFT   70.0 /* room for the numbers of the axes */
#define BOTTOM 34.0
#define TOP    12.0
#define RIGHT  30.0
#define TICKS  6 /* at most, on either axis */

/* What part of the plane a chart shows, and where its ticks are: at multiples of the steps. */
struct frame {
    double x_max, x_step; /* from 0 */
    double y_min, y_max, y_step;
};

static struct frame frame_of(const double *x, size_t points, const struct page_line *lines,
                             size_t count);
static double round_step(double span);
static double across(const struct frame *frame, double x);
static double down(const struct frame *frame, double y);
static void draw_axes(FILE *out, const struct frame *frame);
static void draw_line(FILE *out, const struct frame *frame, const double *x, size_t points,
                      const struct page_line *line);
static void draw_key(FILE *out, const struct page_line *lines, size_t count);

/* The colours are those of hunch-bench's report. */
static const char style[] =
    ":root { --back: #fdfdfc; --panel: #f5f6f7; --text: #1b1f24; --muted: #616a75;\n"
    "  --line: #dfe2e6; --ours: #0a66c2; --base: #6c7a8a; }\n"
    "@media screen and (prefers-color-scheme: dark) {\n"
    "  :root { --back: #14171b; --panel: #1c2026; --text: #e4e7ea; --muted: #98a2ae;\n"
    "    --line: #303640; --ours: #58a6ff; --base: #8494a6; }\n"
    "}\n"
    "* { box-sizing: border-box; }\n"
    "body { margin: 0; background: var(--back); color: var(--text);\n"
    "  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; }\n"
    "main { max-width: 820px; margin: 0 auto; padding: 24px 20px 64px; }\n"
    "h1 { font-size: 1.7rem; margin: 0 0 4px; } h2 { font-size: 1.2rem; margin: 32px 0 8px; }\n"
    "h1 + p { color: var(--muted); margin: 0 0 12px; font-size: 0.9rem; }\n"
    ".wide { overflow-x: auto; }\n"
    "table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; "
    "}\n"
    "th, td { padding: 4px 18px 4px 0; text-align: left; border-bottom: 1px solid var(--line); }\n"
    "th { color: var(--muted); font-weight: 600; }\n"
    "td.number, th.number { text-align: right; }\n"
    "figure { margin: 16px 0; padding: 10px 12px; background: var(--panel); border-radius: 8px; }\n"
    "figcaption { font-size: 0.875rem; font-weight: 600; margin-bottom: 4px; }\n"
    "svg { display: block; width: 100%; height: auto; font-size: 12px; fill: var(--muted); }\n"
    ".key { color: var(--muted); font-size: 0.875rem; }\n"
    ".key i, .bar { display: inline-block; height: 10px; border-radius: 2px; }\n"
    ".key i { width: 12px; margin: 0 6px 0 18px; } .bar { background: var(--ours); }\n";

void choice__page_begin(FILE *out, const char *title, const char *note)
{
    (void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
                out);
    choice__page_element(out, "title", title);
    (void)fprintf(out, "<style>\n%s</style>\n</head>\n<body>\n<main>\n", style);
    choice__page_element(out, "h1", title);
    choice__page_element(out, "p", note);
}

void choice__page_end(FILE *out)
{
    (void)fputs("</main>\n</body>\n</html>\n", out);
}

void choice__page_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            (void)fputs("&amp;", out);
            break;
        case '<':
            (void)fputs("&lt;", out);
            break;
        case '>':
            (void)fputs("&gt;", out);
            break;
        case '"':
            (void)fputs("&quot;", out);
            break;
        default:
            (void)fputc(*text, out);
        }
    }
}

void choice__page_element(FILE *out, const char *tag, const char *text)
{
    (void)fprintf(out, "<%s>", tag);
    choice__page_text(out, text);
    (void)fprintf(out, "</%s>\n", tag);
}

void choice__page_fact(FILE *out, const char *what, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    (void)fputs("<tr><th>", out);
    choice__page_text(out, what);
    (void)fputs("</th><td>", out);
    choice__page_text(out, text);
    (void)fputs("</td></tr>\n", out);
}

void choice__page_chart(FILE *out, const char *caption, const double *x, size_t points,
                        const struct page_line *lines, size_t count)
{
    const struct frame frame = frame_of(x, points, lines, count);
    (void)fputs("<figure>\n", out);
    choice__page_element(out, "figcaption", caption);
    (void)fprintf(out, "<svg viewBox=\"0 0 %g %g\" role=\"img\">\n", WIDTH, HEIGHT);
    draw_axes(out, &frame);
    for (size_t i = 0; i < count; i++) {
        draw_line(out, &frame, x, points, &lines[i]);
    }
    (void)fputs("</svg>\n", out);
    draw_key(out, lines, count);
    (void)fputs("</figure>\n", out);
}

void choice__page_bar(FILE *out, double share)
{
    (void)fprintf(out, "<span class=\"bar\" style=\"width: %.1fpx\"></span>", 1 + 160 * share);
}

/* Zero is always in it, so that lines can be compared by their height. */
static struct frame frame_of(const double *x, size_t points, const struct page_line *lines,
                             size_t count)
{
    struct frame frame = {.x_max = points > 0 ? x[points - 1] : 1};
    for (size_t i = 0; i < count * points; i++) {
        double y = lines[i / points].y[i % points];
        frame.y_min = y < frame.y_min ? y : frame.y_min;
        frame.y_max = y > frame.y_max ? y : frame.y_max;
    }
    if (!(frame.y_max > frame.y_min)) {
        frame.y_max = frame.y_min + 1;
    }
    frame.x_step = round_step(frame.x_max);
    frame.y_step = round_step(frame.y_max - frame.y_min);
    frame.y_min = frame.y_step * floor(frame.y_min / frame.y_step);
    frame.y_max = frame.y_step * ceil(frame.y_max / frame.y_step);
    return frame;
}

/* 1, 2 or 5 times a power of ten, of which `span` has at most TICKS. */
static double round_step(double span)
{
    static const double steps[] = {1, 2, 5, 10};
    double ten = pow(10, floor(log10(span / TICKS)));
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i] * ten * TICKS >= span) {
            return steps[i] * ten;
        }
    }
    return 10 * ten;
}

static double across(const struct frame *frame, double x)
{
    return LEFT + (WIDTH - LEFT - RIGHT) * x / frame->x_max;
}

static double down(const struct frame *frame, double y)
{
    return TOP + (HEIGHT - TOP - BOTTOM) * (frame->y_max - y) / (frame->y_max - frame->y_min);
}

/* Whole numbers of steps: a sum of steps would show its rounding. */
static void draw_axes(FILE *out, const struct frame *frame)
{
    double first = rint(frame->y_min / frame->y_step);
    for (double i = first; i <= rint(frame->y_max / frame->y_step); i++) {
        double y = i * frame->y_step;
        (void)fprintf(out,
                      "<line x1=\"%g\" x2=\"%g\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"var(--line)\"/>"
                      "<text x=\"%g\" y=\"%.1f\" text-anchor=\"end\">%.6g</text>\n",
                      LEFT, WIDTH - RIGHT, down(frame, y), down(frame, y), LEFT - 8,
                      down(frame, y) + 4, y);
    }
    for (double i = 0; i * frame->x_step <= frame->x_max; i++) {
        (void)fprintf(out, "<text x=\"%.1f\" y=\"%g\" text-anchor=\"middle\">%.6g</text>\n",
                      across(frame, i * frame->x_step), HEIGHT - 12, i * frame->x_step);
    }
}

static void draw_line(FILE *out, const struct frame *frame, const double *x, size_t points,
                      const struct page_line *line)
{
    (void)fprintf(out, "<polyline fill=\"none\" stroke=\"var(--%s)\" stroke-width=\"2\" points=\"",
                  line->colour);
    for (size_t i = 0; i < points; i++) {
        (void)fprintf(out, "%.1f,%.1f ", across(frame, x[i]), down(frame, line->y[i]));
    }
    (void)fputs("\"/>\n", out);
}

static void draw_key(FILE *out, const struct page_line *lines, size_t count)
{
    (void)fputs("<div class=\"key\">", out);
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, "<i style=\"background: var(--%s)\"></i>", lines[i].colour);
        choice__page_text(out, lines[i].name);
    }
    (void)fputs("</div>\n", out);
}
