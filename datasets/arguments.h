/* Numbers in brackets behind a generator's name: "clusters(16,0,26,0.4)". */
#ifndef HUNCH_DATASETS_ARGUMENTS_H
#define HUNCH_DATASETS_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include <hunch/status.h>

/* One of them. */
struct argument {
    const char *name; /* for messages */
    bool whole;
    double least, most;
};

/* values[count] = the numbers of `text`, when it begins with `name`; without brackets they stay as
 * they are. Errors: ENOENT (another name), EINVAL (diag->at is the place in the text). */
HUNCH_MUST_USE hunch_status hunch__arguments_parse(double *values, const struct argument *arguments,
                                                   size_t count, const char *name, const char *text,
                                                   hunch_diag *diag);

#endif
