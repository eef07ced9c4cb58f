/* .gz by zlib. */
#define _POSIX_C_SOURCE 200809L /* dup */
#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "diag.h"
#include "input.h"
#include "io_failure.h"

#ifdef HUNCH_HAVE_ZLIB

#    include <zlib.h>

static hunch_status gzip_fail(int reason, int error, hunch_diag *diag);

static hunch_status gzip_open(void **self, int fd, hunch_diag *diag)
{
    int own = dup(fd); /* gzclose() closes what gzdopen() was given */
    gzFile file = own < 0 ? NULL : gzdopen(own, "rb");
    if (file == NULL) {
        int error = own < 0 ? errno : ENOMEM;
        if (own >= 0) {
            (void)close(own);
        }
        return hunch__io_fail(diag, error, 0, "decompress it");
    }
    if (gzdirect(file)) {
        (void)gzclose(file);
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "the name ends in .gz, the file is not gzip");
    }
    *self = file;
    return HUNCH_OK;
}

static hunch_status gzip_read(void *self, void *buffer, size_t n, size_t *got, hunch_diag *diag)
{
    int reason = Z_OK;
    int done = gzread(self, buffer, n < INT_MAX ? (unsigned)n : INT_MAX);
    *got = done > 0 ? (size_t)done : 0;
    if (done > 0) {
        return HUNCH_OK;
    }
    int error = errno;
    (void)gzerror(self, &reason);
    if (reason == Z_OK || reason == Z_STREAM_END) {
        return HUNCH_OK;
    }
    return gzip_fail(reason, error, diag);
}

static void gzip_close(void *self)
{
    (void)gzclose(self);
}

/* In words of our own: those of zlib name a descriptor where the caller names the file. */
static hunch_status gzip_fail(int reason, int error, hunch_diag *diag)
{
    switch (reason) {
    case Z_ERRNO:
        return hunch__io_fail(diag, error != 0 ? error : EIO, 0, "read it");
    case Z_MEM_ERROR:
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory to decompress");
    case Z_BUF_ERROR:
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "gzip: the file ends inside the data");
    default:
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "gzip: the data is damaged");
    }
}

const struct input_decoder hunch__input_gzip = {".gz", gzip_open, gzip_read, gzip_close};

#else

const struct input_decoder hunch__input_gzip = {.suffix = ".gz"};

#endif
