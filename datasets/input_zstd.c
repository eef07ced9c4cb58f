/* .zst by libzstd. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "diag.h"
#include "input.h"
#include "io_failure.h"

#ifdef HUNCH_HAVE_ZSTD

#    include <zstd.h>

struct zstd_input {
    ZSTD_DStream *stream;
    int fd;
    bool inside; /* a frame has begun and not ended */
    ZSTD_inBuffer in;
    char bytes[1 << 16];
};

static hunch_status zstd_fill(struct zstd_input *z, hunch_diag *diag);

static hunch_status zstd_open(void **self, int fd, hunch_diag *diag)
{
    struct zstd_input *z = malloc(sizeof *z);
    ZSTD_DStream *stream = ZSTD_createDStream();
    if (z == NULL || stream == NULL) {
        free(z);
        (void)ZSTD_freeDStream(stream);
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory to decompress");
    }
    z->stream = stream;
    z->fd = fd;
    z->inside = false;
    z->in = (ZSTD_inBuffer){z->bytes, 0, 0};
    *self = z;
    return HUNCH_OK;
}

/* The library's own limit on the window, 128 MiB, bounds what a hostile frame can make it take. */
static hunch_status zstd_read(void *self, void *buffer, size_t n, size_t *got, hunch_diag *diag)
{
    struct zstd_input *z = self;
    ZSTD_outBuffer out = {buffer, n, 0};
    *got = 0;
    while (out.pos == 0) {
        if (z->in.pos == z->in.size) {
            hunch_status status = zstd_fill(z, diag);
            if (status != HUNCH_OK) {
                return status;
            }
        }
        bool at_end = z->in.size == 0;
        if (at_end && !z->inside) {
            return HUNCH_OK;
        }
        size_t result = ZSTD_decompressStream(z->stream, &out, &z->in);
        if (ZSTD_isError(result)) {
            return hunch__fail(diag, HUNCH_ECORRUPT, 0, "zstd: %s", ZSTD_getErrorName(result));
        }
        z->inside = result != 0;
        if (at_end && out.pos == 0 && z->inside) {
            return hunch__fail(diag, HUNCH_ECORRUPT, 0, "zstd: the file ends inside a frame");
        }
    }
    *got = out.pos;
    return HUNCH_OK;
}

static void zstd_close(void *self)
{
    struct zstd_input *z = self;
    (void)ZSTD_freeDStream(z->stream);
    free(z);
}

static hunch_status zstd_fill(struct zstd_input *z, hunch_diag *diag)
{
    ssize_t done;
    do {
        done = read(z->fd, z->bytes, sizeof z->bytes);
    } while (done < 0 && errno == EINTR);
    if (done < 0) {
        return hunch__io_fail(diag, errno, 0, "read it");
    }
    z->in = (ZSTD_inBuffer){z->bytes, (size_t)done, 0};
    return HUNCH_OK;
}

const struct input_decoder hunch__input_zstd = {".zst", zstd_open, zstd_read, zstd_close};

#else

const struct input_decoder hunch__input_zstd = {.suffix = ".zst"};

#endif
