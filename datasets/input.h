/* Bytes of a file, front to back: plain, .zst, .gz, or "-" for stdin, which is plain. */
#ifndef HUNCH_DATASETS_INPUT_H
#define HUNCH_DATASETS_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/status.h>

/* How a file is decoded. The suffix decides, never the contents: a key file may begin with any
 * bytes, those of another format too. */
struct input_decoder {
    const char *suffix;

    /* Decode the descriptor from its start; it stays the caller's. NULL: the library that it takes
     * was not there when this was built. */
    hunch_status (*open)(void **self, int fd, hunch_diag *diag);
    /* The next bytes, at most n > 0; *got is 0 at the end only. */
    hunch_status (*read)(void *self, void *buffer, size_t n, size_t *got, hunch_diag *diag);
    void (*close)(void *self);
};

extern const struct input_decoder hunch__input_gzip;
extern const struct input_decoder hunch__input_zstd;

/* An open input. Open, so that it needs no memory; the fields are the functions' own. */
struct input {
    int fd;
    const struct input_decoder *decoder; /* NULL: plain */
    void *self;                          /* the decoder's */
    uint64_t at;                         /* decoded bytes so far: where an error is */
};

/* Errors: ENOENT, EINVAL (a folder), EIO, ENOMEM, ECORRUPT (not what the suffix says), EUNSUPPORTED
 * (compressed, and this build lacks the library). */
HUNCH_MUST_USE hunch_status hunch__input_open(struct input *out, const char *path,
                                              hunch_diag *diag);

/* Fill buffer[n]; *got < n only at the end. Errors: EIO, ENOMEM, ECORRUPT (bad compressed data). */
HUNCH_MUST_USE hunch_status hunch__input_read(struct input *in, void *buffer, size_t n, size_t *got,
                                              hunch_diag *diag);

/* Bytes the input has in all, when that can be known without reading it. */
bool hunch__input_size(const struct input *in, uint64_t *bytes);

void hunch__input_close(struct input *in);

/* The suffix of `path` that names its compression, "" when it has none. Static. */
const char *hunch__input_suffix(const char *path);

#endif
