/* A file being written: a temporary one, which takes the name when it is whole. */
#define _XOPEN_SOURCE     700 /* lstat, realpath */
#define _FILE_OFFSET_BITS 64
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "diag.h"
#include "io.h"
#include "io_failure.h"

/* As many names are tried as there may be writers that died. */
#define TEMPORARY_NAMES 1000

struct output {
    const hunch_io *io;
    void *file;  /* NULL once closed */
    char *final; /* the path to take */
    char *name;  /* the temporary file's, "" while it is not there */
};

static hunch_status target_find(char **target, const char *path, hunch_diag *diag);
static hunch_status target_refuse(const struct stat *facts, hunch_diag *diag);
static int temporary_create(struct output *o);
static int publish(struct output *o, const char **step);
static int close_once(struct output *o);
static void output_free(struct output *o);

hunch_status hunch__output_open(struct output **out, const char *path, const hunch_io *io,
                                hunch_diag *diag)
{
    char *target;
    *out = NULL;
    hunch_status status = target_find(&target, path, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    struct output *o = calloc(1, sizeof *o);
    if (o == NULL || (o->name = calloc(strlen(target) + sizeof ".tmp-999", 1)) == NULL) {
        free(target);
        output_free(o);
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for a writer");
    }
    o->final = target;
    o->io = hunch__io_or_default(io);
    int error = temporary_create(o);
    if (error != 0) {
        hunch__output_abandon(o);
        return hunch__io_fail(diag, error, 0, "make a file beside it");
    }
    *out = o;
    return HUNCH_OK;
}

hunch_status hunch__output_write(struct output *o, const void *bytes, size_t n, uint64_t at,
                                 hunch_diag *diag)
{
    int error = hunch__io_write_all(o->io, o->file, bytes, n, at);
    return error != 0 ? hunch__io_fail(diag, error, at, "write it") : HUNCH_OK;
}

hunch_status hunch__output_finish(struct output *o, hunch_diag *diag)
{
    const char *step = "write it";
    int error = publish(o, &step);
    hunch_status status = error != 0 ? hunch__io_fail(diag, error, 0, step) : HUNCH_OK;
    hunch__output_abandon(o);
    return status;
}

void hunch__output_abandon(struct output *o)
{
    if (o == NULL) {
        return;
    }
    (void)close_once(o);
    if (o->name[0] != '\0') {
        (void)o->io->remove(o->io->ctx, o->name);
    }
    output_free(o);
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
static int temporary_create(struct output *o)
{
    size_t n = strlen(o->final);
    int error = EEXIST;
    for (unsigned i = 0; i < TEMPORARY_NAMES && error == EEXIST; i++) {
        (void)snprintf(o->name, n + sizeof ".tmp-999", "%s.tmp-%u", o->final, i);
        do {
            error = o->io->open(o->io->ctx, o->name, HUNCH_IO_CREATE, &o->file);
        } while (error == EINTR);
    }
    if (error != 0) {
        o->name[0] = '\0';
        o->file = NULL;
    }
    return error;
}

/* Synced before it takes the name, and the name after: a power cut leaves the old file or the whole
 * new one. */
static int publish(struct output *o, const char **step)
{
    const hunch_io *io = o->io;
    int error = io->sync(io->ctx, o->file);
    if (error == 0) {
        error = close_once(o);
    }
    if (error != 0) {
        return error;
    }
    *step = "rename the new file";
    error = io->rename(io->ctx, o->name, o->final);
    if (error == 0) {
        o->name[0] = '\0';
        *step = "sync the folder";
        error = io->sync_folder(io->ctx, o->final);
    }
    return error;
}

static int close_once(struct output *o)
{
    void *file = o->file;
    o->file = NULL;
    return file != NULL ? o->io->close(o->io->ctx, file) : 0;
}

static void output_free(struct output *o)
{
    if (o != NULL) {
        free(o->final);
        free(o->name);
        free(o);
    }
}
