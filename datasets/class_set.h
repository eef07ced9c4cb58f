/* Tables of examples, each with its class: what the choice bench plays as bandits. From a file when
 * there is one, else from a generator, and then it says so.
 *
 * The form is CSV. The header names the columns: n... is numeric, c... categorical, and the last is
 * y, the class. Categories and classes are whole numbers from 0; an empty field is a missing value,
 * which a class cannot be. The order of the rows is the order of the stream. */
#ifndef HUNCH_DATASETS_CLASS_SET_H
#define HUNCH_DATASETS_CLASS_SET_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/status.h>

#define HUNCH__LEVELS_MAX 65536 /* of a category, and classes: more are ids, not codes */

/* A column of the table. */
struct class_column {
    char name[32];   /* as in the header, cut                                  */
    uint32_t levels; /* codes are in [0, levels), at least 1; 0: it is numeric */
};

/* A loaded set. */
struct class_set {
    size_t n;                          /* rows */
    size_t columns;                    /* y not counted: the length of an x for hunch_choose() */
    size_t numeric;                    /* of these; the others are categorical */
    size_t classes;                    /* the largest y and one */
    const struct class_column *column; /* [columns] */
    const float *x;    /* [n][columns]: numbers, codes as they are, NaN what is missing */
    const uint32_t *y; /* [n], in [0, classes) */
    uint64_t xxh3;     /* XXH3-64 of x and y */
    char name[64];     /* "letter"; a file's stem */
    char note[112];    /* "" or what a figure must say of it, e.g. "generated" */

    hunch_allocator allocator; /* of the arrays */
    size_t capacity;           /* rows that x and y have room for */
};

/* Load the set called `name`.
 *
 * Looked for in `dir` (may be NULL), in $HUNCH_DATA and in the cache of datasets/get, each with and
 * without the subfolder choice/, as NAME.csv, plain or with .zst or .gz. A name that is no file may
 * be a generator, see class_generate.h. A set of the manifest that is absent is made by the
 * generator that the manifest names for it, and `note` says so.
 *
 * rows limits it to its first rows; 0 is all of them. `allocator` NULL is the default; copied. On
 * failure *out is empty and may be freed. Errors: ENOENT (neither file nor generator), ECORRUPT
 * (diag->at is the line, from 1), EIO, ENOMEM, EINVAL (a generator's parameter, a folder),
 * EUNSUPPORTED (compressed in a way that this build cannot read). */
HUNCH_MUST_USE hunch_status hunch__class_set_load(struct class_set *out, const char *name,
                                                  size_t rows, const char *dir,
                                                  const hunch_allocator *allocator,
                                                  hunch_diag *diag);

/* The same for the file at `path`, "-" for stdin, which is never replaced by a generator. */
HUNCH_MUST_USE hunch_status hunch__class_set_load_file(struct class_set *out, const char *path,
                                                       size_t rows,
                                                       const hunch_allocator *allocator,
                                                       hunch_diag *diag);

/* NULL and an empty set are fine. */
void hunch__class_set_free(struct class_set *set);

/* -- to make one ----------------------------------------------------------------------------- */

/* An empty set of so many columns, all numeric and without a name. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__class_set_begin(struct class_set *out, size_t columns,
                                                   const hunch_allocator *allocator,
                                                   hunch_diag *diag);

/* The columns, to be filled in before the first row. */
struct class_column *hunch__class_set_columns(struct class_set *set);

/* Where the next row's x goes; NULL when there is no memory. */
float *hunch__class_set_next(struct class_set *set, hunch_diag *diag);

/* The x last given is that of a row whose class is y. */
void hunch__class_set_add(struct class_set *set, uint32_t y);

/* Take stock of the rows: classes, numeric, xxh3. */
void hunch__class_set_end(struct class_set *set);

#endif
