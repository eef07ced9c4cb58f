/* A page for the browser: one file, no script, light or dark as the reader has it. */
#ifndef HUNCH_CHOICE_PAGE_H
#define HUNCH_CHOICE_PAGE_H

#include <stddef.h>
#include <stdio.h>

/* A line of a chart. */
struct page_line {
    const char *name;
    const char *colour; /* a variable of the style: "ours", "base" */
    const double *y;    /* [points]                                */
};

/* Head, title and, below it, a line in small print. */
void choice__page_begin(FILE *out, const char *title, const char *note);

void choice__page_end(FILE *out);

/* `text`, escaped. */
void choice__page_text(FILE *out, const char *text);

/* <tag>text</tag>, escaped. */
void choice__page_element(FILE *out, const char *tag, const char *text);

/* A row of a table of facts: what, and its value as printf() prints it, escaped. */
__attribute__((format(printf, 3, 4))) void choice__page_fact(FILE *out, const char *what,
                                                             const char *format, ...);

/* lines[count] over x[points], which ascend. Axes are as wide as the values need. */
void choice__page_chart(FILE *out, const char *caption, const double *x, size_t points,
                        const struct page_line *lines, size_t count);

/* A bar of share in [0, 1]. */
void choice__page_bar(FILE *out, double share);

#endif
