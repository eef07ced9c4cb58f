/* From the formats that data comes in to keys. */
#ifndef HUNCH_DATASETS_CONVERT_H
#define HUNCH_DATASETS_CONVERT_H

#include <stdbool.h>
#include <stddef.h>

#include <hunch/status.h>

#include "key_list.h"

/* What a format may need to know. */
struct conversion {
    unsigned column; /* text: from 1. blkreplay: 1 the time in ns, 2 the sector */
    char separator;  /* text: between columns; ' ' is any white space           */
    bool hilbert;    /* coast: the curve of Hilbert, else that of Morton        */
};

/* A format: `inputs` files become keys in `keys`, in any order. Errors: as of sosd.h; ECORRUPT and
 * a diag that names line or offset. *bad is the file that an error is about. */
struct format {
    const char *name;
    const char *what; /* one line for people */
    size_t inputs;
    hunch_status (*read)(struct key_list *keys, const char *const *paths,
                         const struct conversion *conversion, const char **bad, hunch_diag *diag);
};

/* All of them; *count says how many. Static. */
const struct format *hunch__formats(size_t *count);

/* The format of this name; NULL when there is none. */
const struct format *hunch__format_find(const char *name);

/* Text of numbers, one column of it. */
hunch_status hunch__convert_text(struct key_list *keys, const char *const *paths,
                                 const struct conversion *conversion, const char **bad,
                                 hunch_diag *diag);

/* Traces of blkreplay: "seconds.nanoseconds ; sector ; length ; R ; ..." after a notice. */
hunch_status hunch__convert_blkreplay(struct key_list *keys, const char *const *paths,
                                      const struct conversion *conversion, const char **bad,
                                      hunch_diag *diag);

/* The blocks of so many sectors that the requests of such a trace touch, in the order of arrival.
 */
HUNCH_MUST_USE hunch_status hunch__convert_blocks(struct key_list *keys, const char *path,
                                                  uint64_t sectors, hunch_diag *diag);

/* Points of GSHHG's binned files, as four arrays dumped from HDF5. */
hunch_status hunch__convert_coast(struct key_list *keys, const char *const *paths,
                                  const struct conversion *conversion, const char **bad,
                                  hunch_diag *diag);

#endif
