/* gnuplot's SVG, made fit to stand in a page. */
#ifndef HUNCH_BENCH_SVG_H
#define HUNCH_BENCH_SVG_H

#include <stdio.h>

/* Colours in a script are sentinels, so that the page's style decides: light or dark. */
enum bench_colour {
    BENCH_OURS = 1,
    BENCH_RIVAL,
    BENCH_BASELINE,
    BENCH_FLOOR,
    BENCH_TEXT,
    BENCH_MUTED,
    BENCH_LINE,
    BENCH_PANEL,
    BENCH_ERROR
};

/* Room for bench__svg_colour(). */
#define BENCH_COLOUR_BYTES 16

/* The sentinel as gnuplot takes it, "#0a0001", into out[BENCH_COLOUR_BYTES]. Returns out. */
char *bench__svg_colour(char *out, enum bench_colour colour);

/* Write `svg` to `out` as an inline element: `label` for those who cannot see it, the sentinels
 * replaced by the page's variables, ids and references prefixed by `id` so that several pictures
 * fit in a page, titles and unused definitions left out. */
void bench__svg_write(FILE *out, const char *svg, const char *id, const char *label);

#endif
