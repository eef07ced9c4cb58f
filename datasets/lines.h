/* The lines of an input, one after the other. */
#ifndef HUNCH_DATASETS_LINES_H
#define HUNCH_DATASETS_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/status.h>

#include "input.h"

/* A longer line is no line of numbers. */
#define HUNCH__LINE_ROOM ((size_t)1 << 16)

/* An open input and what was read ahead of it. */
struct lines {
    struct input input;
    uint64_t number; /* of the line last given, from 1          */
    size_t from, to; /* of `bytes`: read and not yet given      */
    bool at_end;     /* of the input: nothing more to read      */
    char bytes[4 * HUNCH__LINE_ROOM];
};

/* Errors: those of hunch__input_open(). */
HUNCH_MUST_USE hunch_status hunch__lines_open(struct lines *out, const char *path,
                                              hunch_diag *diag);

/* The next line, of *n bytes without its end ("\n" or "\r\n"), valid until the next call; NULL
 * after the last. It is followed by a byte that is no part of any number. Errors: those of
 * hunch__input_read(), ECORRUPT (too long; diag->at is the line's number). */
HUNCH_MUST_USE hunch_status hunch__lines_next(struct lines *lines, const char **line, size_t *n,
                                              hunch_diag *diag);

void hunch__lines_close(struct lines *lines);

#endif
