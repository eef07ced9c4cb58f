/* Containers that are full of one number, so that a mixture of two of them is seen. */
#ifndef HUNCH_TESTS_FORMAT_NUMBERS_H
#define HUNCH_TESTS_FORMAT_NUMBERS_H

#include <stdint.h>

#include "format.h"

/* Several pages, many sectors. */
enum { NUMBERS = 3000 };

/* Write NUMBERS times `number` to `path`, as section 1. */
hunch_status numbers_write(const char *path, uint64_t number, const hunch_io *io,
                           const hunch_allocator *allocator, hunch_diag *diag);

/* The number of which the container at `path` is full; 0 when there is no such file. Fails the
 * test when it is not whole. */
uint64_t numbers_read(const char *path, const hunch_io *io);

#endif
