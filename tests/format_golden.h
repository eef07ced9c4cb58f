/* The files of tests/golden/container: what each is, and what is to be said of it for ever. */
#ifndef HUNCH_TESTS_FORMAT_GOLDEN_H
#define HUNCH_TESTS_FORMAT_GOLDEN_H

#include <stdint.h>

#include "format_sample.h"

struct golden_edit {
    uint32_t offset;
    uint32_t width; /* bytes of `value` that are written, little-endian; 0 ends the list */
    uint64_t value;
};

struct golden {
    const char *name;
    size_t size; /* of the file, when it is not the sample's */
    struct golden_edit edits[4];
    bool repair; /* the checksums of header and table, after the edits */
    hunch_status open;
    hunch_status validate; /* when open says HUNCH_OK */
    uint64_t at;
    const char *text; /* all of the diag's; "" when both say HUNCH_OK */
};

/* The first is the sample itself, unedited. The list ends with a name of NULL. */
extern const struct golden golden_files[];

/* The sample, edited as the row says. */
struct sample_bytes golden_make(const struct golden *row, struct sample_bytes sample);

#endif
