/* Tables of FITS files (Wells, Greisen, Harten, A&AS 44, 1981; standard 4.0, 2018): units of a
 * header and its data, each padded to blocks of 2,880 bytes. */
#ifndef HUNCH_DATASETS_FITS_H
#define HUNCH_DATASETS_FITS_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/status.h>

#include "format.h"

/* A file, mapped. */
struct fits {
    struct hunch__mapping mapping;
};

/* A binary table in it. */
struct fits_table {
    const unsigned char *rows; /* [n][row_bytes], borrowed from the file */
    uint64_t n;
    uint64_t row_bytes;
};

/* Map the file. Errors: those of hunch__mapping_open(), ECORRUPT (no FITS file). */
HUNCH_MUST_USE hunch_status hunch__fits_open(struct fits *out, const char *path, hunch_diag *diag);

/* The table whose first column is called `name`, of `row_bytes` a row. Every header up to it is
 * read, and must lie within the file with its data. Errors: ECORRUPT (diag->at is the offset). */
HUNCH_MUST_USE hunch_status hunch__fits_table(struct fits_table *out, const struct fits *fits,
                                              const char *name, uint64_t row_bytes,
                                              hunch_diag *diag);

/* ECORRUPT unless the first header says ENDIAN = '04:03:02:01': FITS is big-endian, but what
 * astrometry.net puts into its tables has the order of the machine that wrote it. */
HUNCH_MUST_USE hunch_status hunch__fits_check_endian(const struct fits *fits, hunch_diag *diag);

/* A zeroed one is fine. */
void hunch__fits_close(struct fits *fits);

#endif
