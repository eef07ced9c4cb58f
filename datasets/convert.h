/* From the formats that data comes in to keys. */
#ifndef HUNCH_DATASETS_CONVERT_H
#define HUNCH_DATASETS_CONVERT_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/status.h>

#include "key_list.h"
#include "per_second.h"

/* What text, astrometry, coast and per-second can make keys of, in the order of their names. */
enum text_key { TEXT_NUMBER, TEXT_IPV6 };
enum astrometry_key { ASTROMETRY_CODES, ASTROMETRY_QUADS, ASTROMETRY_STARS };
enum coast_key { COAST_HILBERT, COAST_MORTON, COAST_LON, COAST_LONGLAT };
enum per_second_key { PER_SECOND_SECONDS, PER_SECOND_COMPOSITE };

/* What a format may need to know. */
struct conversion {
    unsigned column;     /* text: from 1. blkreplay: 1 the time in ns, 2 the sector      */
    char separator;      /* text: between columns; ' ' is any white space                */
    unsigned key;        /* of the format's `keys`                                       */
    uint64_t step;       /* kmers: bases from the start of one to that of the next, >= 1 */
    struct epochs epoch; /* per-second: when the counts begin                            */
};

/* A format: `inputs` files become keys in `keys`, in any order. Errors: as of sosd.h; ECORRUPT and
 * a diag that names line or offset. *bad is the file that an error is about. */
struct format {
    const char *name;
    const char *what; /* one line for people */
    size_t inputs;
    const char *keys; /* "hilbert|morton": what --key may say, the default first; NULL: nothing */
    hunch_status (*read)(struct key_list *keys, const char *const *paths,
                         const struct conversion *conversion, const char **bad, hunch_diag *diag);
};

/* All of them; *count says how many. Static. */
const struct format *hunch__formats(size_t *count);

/* The format of this name; NULL when there is none. */
const struct format *hunch__format_find(const char *name);

/* The kind of key that `name` is, among the format's; -1 when there is none of it. */
int hunch__format_key(const struct format *format, const char *name);

/* Text of numbers, or of IPv6 addresses whose upper 64 bits are the key; one column of it. */
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

/* FASTA: of each record the 31 bases at 0, step, 2 step, ..., two bits each, the first on top. A
 * window with a letter other than A, C, G or T makes no key. */
hunch_status hunch__convert_kmers(struct key_list *keys, const char *const *paths,
                                  const struct conversion *conversion, const char **bad,
                                  hunch_diag *diag);

/* FASTA: of each header "gi|ID|...:a-b" or "...:cb-a" ID << 32 | a; other headers make no key. */
hunch_status hunch__convert_ranges(struct key_list *keys, const char *const *paths,
                                   const struct conversion *conversion, const char **bad,
                                   hunch_diag *diag);

/* Contacts of a genome, "read chr1 pos1 chr2 pos2 ...", as 4DN writes them. */
hunch_status hunch__convert_pairs(struct key_list *keys, const char *const *paths,
                                  const struct conversion *conversion, const char **bad,
                                  hunch_diag *diag);

/* A little-endian index file of astrometry.net. */
hunch_status hunch__convert_astrometry(struct key_list *keys, const char *const *paths,
                                       const struct conversion *conversion, const char **bad,
                                       hunch_diag *diag);

/* Counts per second of a log. */
hunch_status hunch__convert_per_second(struct key_list *keys, const char *const *paths,
                                       const struct conversion *conversion, const char **bad,
                                       hunch_diag *diag);

#endif
