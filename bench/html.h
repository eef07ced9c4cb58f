/* Writing HTML. */
#ifndef HUNCH_BENCH_HTML_H
#define HUNCH_BENCH_HTML_H

#include <stdio.h>

/* `text`, escaped for contents and for attributes in either kind of quotes. */
void bench__html_text(FILE *out, const char *text);

/* Like fprintf, with every %s escaped; no other conversion is known. */
void bench__html(FILE *out, const char *format, ...);

#endif
