/* Whole reads and writes over the caller's I/O table. */
#ifndef HUNCH_BASE_IO_H
#define HUNCH_BASE_IO_H

#include <hunch/io.h>
#include <hunch/status.h>

/* The table to use: `given`, or POSIX when it is NULL. */
const hunch_io *hunch__io_or_default(const hunch_io *given);

/* Check that `io`, when it is given, is a whole table. Errors: EINVAL. */
HUNCH_MUST_USE hunch_status hunch__io_check(const hunch_io *given, hunch_diag *diag);

/* All n bytes at `offset`, whatever short writes and EINTR come between. 0 or an errno value. */
int hunch__io_write_all(const hunch_io *io, void *file, const void *buffer, size_t n,
                        uint64_t offset);

/* The status that an errno value of an I/O function stands for: ENOENT, ENOMEM or EIO. */
hunch_status hunch__io_status(int error);

#endif
