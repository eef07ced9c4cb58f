/* The list of known sets, manifest.tsv, as it was when this was built. */
#ifndef HUNCH_DATASETS_MANIFEST_H
#define HUNCH_DATASETS_MANIFEST_H

#include <stddef.h>

/* One line; the fields are the file's columns, "-" where one has nothing to say. */
struct manifest_row {
    const char *name;        /* "coast_hilbert"                                             */
    const char *form;        /* keys, classes or trace                                      */
    const char *kind;        /* recipe (datasets/get makes it), shared (a file) or published */
    const char *n;           /* keys, rows or requests                                      */
    const char *bits;        /* of the largest key                                          */
    const char *distinct;    /* keys without repetitions                                    */
    const char *longest_run; /* of equal keys                                               */
    const char *sha256;      /* first 16 hexadecimal digits, of the file, unpacked          */
    const char *md5;         /* of a published file, unpacked                               */
    const char *package;     /* that datasets/get downloads; shared: the file it is made of;
                              * published: where it is to be had                            */
    const char *fetch;       /* full: by datasets/get --full or by name only                */
    const char *licence;
    const char *stand_in; /* the generator that takes its place where it is absent       */
    const char *recipe;   /* one line for people                                         */
};

/* All rows; *count says how many. Static. */
const struct manifest_row *hunch__manifest(size_t *count);

/* The row of `name`; NULL when there is none. */
const struct manifest_row *hunch__manifest_find(const char *name);

/* Its n as a number; 0 when it says none. */
size_t hunch__manifest_n(const struct manifest_row *row);

#endif
