/* What both kinds of picture write into their gnuplot scripts. */
#ifndef HUNCH_BENCH_PLOT_SCRIPT_H
#define HUNCH_BENCH_PLOT_SCRIPT_H

#include "rows.h"
#include "svg.h"

#define PLOT_WIDTH 420 /* pixels of a picture, which the page scales */

/* `text` in single quotes, in which gnuplot expands nothing; what is not printable ASCII, and the
 * quote, become '?'. */
void bench__plot_text(FILE *script, const char *text);

/* Terminal and frame for a picture of this height. */
void bench__plot_begin(FILE *script, int height);

/* The colour that tells whose figure it is. */
enum bench_colour bench__plot_colour(const struct bench_row *row);

/* Run the script that was written to open_memstream()'s *text and write the picture. Takes `script`
 * and *text over. */
bool bench__plot_end(FILE *out, FILE *script, char **text, const char *id, const char *label);

#endif
