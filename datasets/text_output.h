/* A text file being written through a stream, gathered in memory and put down at once: see
 * output.h.
 */
#ifndef HUNCH_DATASETS_TEXT_OUTPUT_H
#define HUNCH_DATASETS_TEXT_OUTPUT_H

#include <stddef.h>
#include <stdio.h>

#include <hunch/status.h>

struct output;

/* The stream is the caller's to print to; the rest is the functions' own. */
struct text_output {
    FILE *stream;
    char *bytes; /* [n] */
    size_t n;
    struct output *output;
};

/* Begin; on failure there is nothing to release. Errors: as of hunch__output_open(). */
HUNCH_MUST_USE hunch_status hunch__text_output_open(struct text_output *out, const char *path,
                                                    hunch_diag *diag);

/* Write what was printed and release it all, whatever happens. Errors: EIO, ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__text_output_finish(struct text_output *text, hunch_diag *diag);

#endif
