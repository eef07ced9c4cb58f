/* Bytes of a file, front to back. */
#define _POSIX_C_SOURCE   200809L
#define _FILE_OFFSET_BITS 64
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"
#include "io_failure.h"

static const struct input_decoder *decoder_of(const char *path);
static bool ends_with(const char *text, const char *suffix);
static hunch_status plain_open(struct input *in, const char *path, hunch_diag *diag);
static hunch_status plain_read(struct input *in, void *buffer, size_t n, size_t *got,
                               hunch_diag *diag);

hunch_status hunch__input_open(struct input *out, const char *path, hunch_diag *diag)
{
    *out = (struct input){.fd = -1};
    hunch_status status = plain_open(out, path, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    out->decoder = decoder_of(path);
    if (out->decoder != NULL) {
        status = out->decoder->open != NULL
                     ? out->decoder->open(&out->self, out->fd, diag)
                     : hunch__fail(diag, HUNCH_EUNSUPPORTED, 0,
                                   "this build cannot read %s: decompress it first",
                                   out->decoder->suffix);
    }
    if (status != HUNCH_OK) {
        out->decoder = NULL;
        hunch__input_close(out);
    }
    return status;
}

hunch_status hunch__input_read(struct input *in, void *buffer, size_t n, size_t *got,
                               hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    char *to = buffer;
    *got = 0;
    while (*got < n && status == HUNCH_OK) {
        size_t now = 0;
        status = in->decoder != NULL ? in->decoder->read(in->self, to + *got, n - *got, &now, diag)
                                     : plain_read(in, to + *got, n - *got, &now, diag);
        if (now == 0) {
            break;
        }
        *got += now;
        in->at += now;
    }
    if (status != HUNCH_OK && diag != NULL) {
        diag->at = in->at;
    }
    return status;
}

bool hunch__input_size(const struct input *in, uint64_t *bytes)
{
    struct stat facts;
    if (in->decoder != NULL || in->fd == STDIN_FILENO || fstat(in->fd, &facts) != 0 ||
        !S_ISREG(facts.st_mode)) {
        return false;
    }
    *bytes = (uint64_t)facts.st_size;
    return true;
}

void hunch__input_close(struct input *in)
{
    if (in->decoder != NULL) {
        in->decoder->close(in->self);
    }
    if (in->fd > STDIN_FILENO) {
        (void)close(in->fd);
    }
    *in = (struct input){.fd = -1};
}

const char *hunch__input_suffix(const char *path)
{
    const struct input_decoder *decoder = decoder_of(path);
    return decoder != NULL ? decoder->suffix : "";
}

static const struct input_decoder *decoder_of(const char *path)
{
    static const struct input_decoder *const decoders[] = {&hunch__input_gzip, &hunch__input_zstd};
    for (size_t i = 0; i < sizeof decoders / sizeof decoders[0]; i++) {
        if (ends_with(path, decoders[i]->suffix)) {
            return decoders[i];
        }
    }
    return NULL;
}

static bool ends_with(const char *text, const char *suffix)
{
    size_t n = strlen(text);
    size_t m = strlen(suffix);
    return n >= m && strcmp(text + n - m, suffix) == 0;
}

/* A descriptor 0 of our own would look like stdin: the file is opened above it. */
static hunch_status plain_open(struct input *in, const char *path, hunch_diag *diag)
{
    struct stat facts;
    if (strcmp(path, "-") == 0) {
        in->fd = STDIN_FILENO;
        return HUNCH_OK;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == STDIN_FILENO) {
        fd = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        (void)close(STDIN_FILENO);
    }
    if (fd < 0) {
        return hunch__io_fail(diag, errno, 0, "open it");
    }
    if (fstat(fd, &facts) == 0 && S_ISDIR(facts.st_mode)) {
        (void)close(fd);
        return hunch__fail(diag, HUNCH_EINVAL, 0, "is a folder, not a file");
    }
    in->fd = fd;
    return HUNCH_OK;
}

static hunch_status plain_read(struct input *in, void *buffer, size_t n, size_t *got,
                               hunch_diag *diag)
{
    ssize_t done;
    do {
        done = read(in->fd, buffer, n);
    } while (done < 0 && errno == EINTR);
    *got = done > 0 ? (size_t)done : 0;
    return done < 0 ? hunch__io_fail(diag, errno, in->at, "read it") : HUNCH_OK;
}
