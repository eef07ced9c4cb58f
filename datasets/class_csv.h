/* The CSV form of class_set.h, read and written. */
#ifndef HUNCH_DATASETS_CLASS_CSV_H
#define HUNCH_DATASETS_CLASS_CSV_H

#include "class_set.h"

/* The first `rows` (0: all) of the file at `path`, "-" for stdin. The set gets no name yet. On
 * failure *out is empty. Errors: as of hunch__class_set_load_file(). */
HUNCH_MUST_USE hunch_status hunch__class_csv_read(struct class_set *out, const char *path,
                                                  size_t rows, const hunch_allocator *allocator,
                                                  hunch_diag *diag);

/* Write the set to `path`, atomically, so that reading gives it back bit by bit. Errors: as of
 * output.h. */
HUNCH_MUST_USE hunch_status hunch__class_csv_save(const char *path, const struct class_set *set,
                                                  hunch_diag *diag);

#endif
