/* What both kinds of picture write into their gnuplot scripts. */
#include "plot_script.h"

#include <stdlib.h>
#include <string.h>

#include "gnuplot.h"

void bench__plot_text(FILE *script, const char *text)
{
    (void)fputc('\'', script);
    for (; *text != '\0'; text++) {
        const bool plain = *text >= 0x20 && *text < 0x7F && *text != '\'';
        (void)fputc(plain ? *text : '?', script);
    }
    (void)fputc('\'', script);
}

void bench__plot_begin(FILE *script, int height)
{
    (void)fprintf(script,
                  "set terminal svg size %d,%d dynamic font 'sans-serif,12' noenhanced\n"
                  "set key off\n"
                  "set border 0\n"
                  "unset tics\n",
                  PLOT_WIDTH, height);
}

enum bench_colour bench__plot_colour(const struct bench_row *row)
{
    const bool is_baseline = row->baseline != NULL && strcmp(row->impl, row->baseline) == 0;
    return row->error != NULL          ? BENCH_ERROR
           : row->floor                ? BENCH_FLOOR
           : bench__is_ours(row->impl) ? BENCH_OURS
           : is_baseline               ? BENCH_BASELINE
                                       : BENCH_RIVAL;
}

bool bench__plot_end(FILE *out, FILE *script, char **text, const char *id, const char *label)
{
    char *svg = NULL;
    const bool written = ferror(script) == 0;
    bool ok = fclose(script) == 0 && written;
    ok = ok && bench__gnuplot(*text, &svg);
    if (ok) {
        bench__svg_write(out, svg, id, label);
    }
    free(svg);
    free(*text);
    *text = NULL;
    return ok;
}
