/* Whole reads and writes over the caller's I/O table. */
#include "io.h"

#include <errno.h>
#include <stddef.h>

#include "diag.h"

/* The table's first released layout; never changes. */
#define IO_FLOOR (offsetof(hunch_io, unmap) + sizeof(((hunch_io *)0)->unmap))

const hunch_io *hunch__io_or_default(const hunch_io *given)
{
    return given != NULL ? given : hunch_io_posix();
}

hunch_status hunch__io_check(const hunch_io *given, hunch_diag *diag)
{
    if (given != NULL && given->struct_size < IO_FLOOR) {
        return hunch__fail(diag, HUNCH_EINVAL, given->struct_size,
                           "io: struct_size is %u, at least %zu expected", given->struct_size,
                           IO_FLOOR);
    }
    return HUNCH_OK;
}

int hunch__io_write_all(const hunch_io *io, void *file, const void *buffer, size_t n,
                        uint64_t offset)
{
    const char *from = buffer;
    while (n > 0) {
        size_t done = 0;
        int error = io->pwrite(io->ctx, file, from, n, offset, &done);
        if (error == EINTR) {
            continue;
        }
        if (error != 0) {
            return error;
        }
        if (done == 0) {
            return ENOSPC; /* a medium that takes nothing and says nothing would loop for ever */
        }
        from += done;
        offset += done;
        n -= done;
    }
    return 0;
}

hunch_status hunch__io_status(int error)
{
    return error == ENOENT ? HUNCH_ENOENT : error == ENOMEM ? HUNCH_ENOMEM : HUNCH_EIO;
}
