/* Writing a key file: into a temporary file, which takes the name when it is whole. */
#define _XOPEN_SOURCE     700 /* lstat, realpath */
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bits.h"
#include "diag.h"
#include "io.h"
#include "io_failure.h"
#include "sosd.h"

/* As many names are tried as there may be writers that died. */
#define TEMPORARY_NAMES 1000

struct sosd_writer {
    const hunch_io *io;
    void *file;  /* NULL once closed */
    uint64_t n;  /* keys in the file */
    char *final; /* the path to take */
    char *name;  /* the temporary file's, "" while it is not there */
};

static hunch_status target_find(char **target, const char *path, hunch_diag *diag);
static hunch_status target_refuse(const struct stat *facts, hunch_diag *diag);
static int temporary_create(struct sosd_writer *w);
static int publish(struct sosd_writer *w, const char **step);
static int close_once(struct sosd_writer *w);
static void writer_free(struct sosd_writer *w);

hunch_status hunch__sosd_write(const char *path, const uint64_t *keys, size_t n, hunch_diag *diag)
{
    struct sosd_writer *w;
    hunch_status status = hunch__sosd_writer_open(&w, path, NULL, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    status = hunch__sosd_writer_add(w, keys, n, diag);
    if (status != HUNCH_OK) {
        hunch__sosd_writer_abandon(w);
        return status;
    }
    return hunch__sosd_writer_finish(w, diag);
}

hunch_status hunch__sosd_writer_open(struct sosd_writer **out, const char *path, const hunch_io *io,
                                     hunch_diag *diag)
{
    char *target;
    *out = NULL;
    if (!hunch__little_endian()) {
        return hunch__fail(diag, HUNCH_EUNSUPPORTED, 0, "the file is little-endian, this host not");
    }
    hunch_status status = target_find(&target, path, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    struct sosd_writer *w = calloc(1, sizeof *w);
    if (w == NULL || (w->name = calloc(strlen(target) + sizeof ".tmp-999", 1)) == NULL) {
        free(target);
        writer_free(w);
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for a writer");
    }
    w->final = target;
    w->io = hunch__io_or_default(io);
    uint64_t count = 0;
    int error = temporary_create(w);
    if (error == 0) {
        error = hunch__io_write_all(w->io, w->file, &count, sizeof count, 0);
    }
    if (error != 0) {
        hunch__sosd_writer_abandon(w);
        return hunch__io_fail(diag, error, 0, "make a file beside it");
    }
    *out = w;
    return HUNCH_OK;
}

hunch_status hunch__sosd_writer_add(struct sosd_writer *w, const uint64_t *keys, size_t n,
                                    hunch_diag *diag)
{
    uint64_t at = sizeof w->n + w->n * sizeof *keys;
    int error = hunch__io_write_all(w->io, w->file, keys, n * sizeof *keys, at);
    if (error != 0) {
        return hunch__io_fail(diag, error, at, "write it");
    }
    w->n += n;
    return HUNCH_OK;
}

hunch_status hunch__sosd_writer_finish(struct sosd_writer *w, hunch_diag *diag)
{
    const char *step = "write it";
    int error = publish(w, &step);
    hunch_status status = error != 0 ? hunch__io_fail(diag, error, 0, step) : HUNCH_OK;
    hunch__sosd_writer_abandon(w);
    return status;
}

void hunch__sosd_writer_abandon(struct sosd_writer *w)
{
    if (w == NULL) {
        return;
    }
    (void)close_once(w);
    if (w->name[0] != '\0') {
        (void)w->io->remove(w->io->ctx, w->name);
    }
    writer_free(w);
}

/* The path to take, for the caller to free. Where a link stands, it is what the link leads to: the
 * link stays. */
static hunch_status target_find(char **target, const char *path, hunch_diag *diag)
{
    struct stat facts;
    *target = NULL;
    if (stat(path, &facts) == 0) {
        if (!S_ISREG(facts.st_mode)) {
            return target_refuse(&facts, diag);
        }
        *target = realpath(path, NULL);
    } else if (errno == ENOENT && lstat(path, &facts) == 0) {
        return target_refuse(&facts, diag);
    } else if (errno == ENOENT) {
        *target = strdup(path);
    }
    if (*target == NULL) {
        return hunch__io_fail(diag, errno, 0, "see what is there");
    }
    return HUNCH_OK;
}

/* A rename would put a file in the place of a device or a pipe that others use. */
static hunch_status target_refuse(const struct stat *facts, hunch_diag *diag)
{
    const char *what = S_ISDIR(facts->st_mode)    ? "a folder"
                       : S_ISLNK(facts->st_mode)  ? "a link that leads nowhere"
                       : S_ISFIFO(facts->st_mode) ? "a pipe"
                                                  : "a device or a socket";
    return hunch__fail(diag, HUNCH_EINVAL, 0, "%s is there: only a regular file is replaced", what);
}

/* The exclusive creation keeps two writers apart, of one process or of two. */
static int temporary_create(struct sosd_writer *w)
{
    size_t n = strlen(w->final);
    int error = EEXIST;
    for (unsigned i = 0; i < TEMPORARY_NAMES && error == EEXIST; i++) {
        (void)snprintf(w->name, n + sizeof ".tmp-999", "%s.tmp-%u", w->final, i);
        do {
            error = w->io->open(w->io->ctx, w->name, HUNCH_IO_CREATE, &w->file);
        } while (error == EINTR);
    }
    if (error != 0) {
        w->name[0] = '\0';
        w->file = NULL;
    }
    return error;
}

/* Synced before it takes the name, and the name after: a power cut leaves the old file or the whole
 * new one. */
static int publish(struct sosd_writer *w, const char **step)
{
    const hunch_io *io = w->io;
    int error = hunch__io_write_all(io, w->file, &w->n, sizeof w->n, 0);
    if (error == 0) {
        error = io->sync(io->ctx, w->file);
    }
    if (error == 0) {
        error = close_once(w);
    }
    if (error != 0) {
        return error;
    }
    *step = "rename the new file";
    error = io->rename(io->ctx, w->name, w->final);
    if (error == 0) {
        w->name[0] = '\0';
        *step = "sync the folder";
        error = io->sync_folder(io->ctx, w->final);
    }
    return error;
}

static int close_once(struct sosd_writer *w)
{
    void *file = w->file;
    w->file = NULL;
    return file != NULL ? w->io->close(w->io->ctx, file) : 0;
}

static void writer_free(struct sosd_writer *w)
{
    if (w != NULL) {
        free(w->final);
        free(w->name);
        free(w);
    }
}
