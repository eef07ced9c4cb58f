/* A file in memory. */
#include "asserts.h"
#include "diag.h"
#include "format.h"
#include "io.h"
#include "io_failure.h"

static hunch_status mapping_fill(struct hunch__mapping *out, void *file, const hunch_io *io,
                                 hunch_diag *diag);

hunch_status hunch__mapping_open(struct hunch__mapping *out, const char *path, const hunch_io *io,
                                 hunch_diag *diag)
{
    void *file = NULL;
    HUNCH_ASSERT(out != NULL && path != NULL);
    *out = (struct hunch__mapping){NULL, 0};
    io = hunch__io_or_default(io);

    int error = io->open(io->ctx, path, HUNCH_IO_READ, &file);
    if (error != 0) {
        return hunch__io_fail(diag, error, 0, "open the file");
    }
    hunch_status status = mapping_fill(out, file, io, diag);
    (void)io->close(io->ctx, file); /* nothing was written, so nothing can be lost */
    return status;
}

void hunch__mapping_close(struct hunch__mapping *mapping, const hunch_io *io)
{
    io = hunch__io_or_default(io);
    if (mapping->bytes != NULL) {
        (void)io->unmap(io->ctx, mapping->bytes, mapping->size);
    }
    *mapping = (struct hunch__mapping){NULL, 0};
}

static hunch_status mapping_fill(struct hunch__mapping *out, void *file, const hunch_io *io,
                                 hunch_diag *diag)
{
    uint64_t size = 0;
    const void *bytes = NULL;
    int error = io->size(io->ctx, file, &size);
    if (error != 0) {
        return hunch__io_fail(diag, error, 0, "take the size, as of a regular file");
    }
    if (size == 0) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "the file is empty");
    }
    error = io->map(io->ctx, file, size, &bytes);
    if (error != 0) {
        return hunch__io_fail(diag, error, 0, "map the file");
    }
    *out = (struct hunch__mapping){bytes, size};
    return HUNCH_OK;
}
