/* An index file from keys that come one after the other: they go to a file beside it, which is then
 * mapped, indexed and copied, so that memory holds the model alone. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "bits.h"
#include "diag.h"
#include "internal.h"
#include "io.h"

/* Keys that are collected before they are written. */
#define BUFFER_KEYS  8192u
/* As for the container: a thousand are in use at once only where as many writers died. */
#define SPOOL_NAMES  1000
#define SPOOL_SUFFIX ".keys-999"

struct hunch_index_writer {
    hunch_index_options options; /* allocator and io as they will be used */
    hunch_allocator memory;
    const hunch_io *io;
    char *path;  /* [path_bytes], owned */
    char *spool; /* [spool_bytes], owned: the file of keys */
    size_t path_bytes, spool_bytes;
    void *file;
    bool is_open, exists, failed;
    uint64_t n; /* keys so far */
    uint64_t last;
    size_t buffered;
    uint64_t buffer[BUFFER_KEYS];
};

static hunch_status spool_create(hunch_index_writer *writer, hunch_diag *diag);
static hunch_status flush(hunch_index_writer *writer, hunch_diag *diag);
static hunch_status failed(hunch_index_writer *writer, hunch_status status);
static hunch_status build_over(hunch_index_writer *writer, const uint64_t *keys, hunch_diag *diag);

hunch_status hunch_index_writer_new(hunch_index_writer **out, const char *path,
                                    const hunch_index_options *given, hunch_diag *diag)
{
    HUNCH_ASSERT(out != NULL && path != NULL);
    hunch_index_options options;
    *out = NULL;
    hunch_status status = hunch__index_options(&options, given, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    if (options.kind == HUNCH_INDEX_AUTO) {
        options.node_keys = 0; /* as it was given: a node size would ask for a tree */
    }
    const hunch_allocator memory = hunch__allocator_or_default(options.allocator);
    hunch_index_writer *writer = hunch__alloc(&memory, sizeof *writer, HUNCH__CACHE_LINE);
    if (writer == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no %zu bytes for the writer", sizeof *writer);
    }
    memset(writer, 0, sizeof *writer);
    writer->options = options;
    writer->memory = memory;
    writer->options.allocator = &writer->memory; /* the caller's may be gone by the end */
    writer->io = hunch__io_or_default(options.io);
    writer->path_bytes = strlen(path) + 1;
    writer->spool_bytes = strlen(path) + sizeof SPOOL_SUFFIX;
    writer->path = hunch__alloc(&memory, writer->path_bytes, 1);
    writer->spool = hunch__alloc(&memory, writer->spool_bytes, 1);
    if (writer->path == NULL || writer->spool == NULL) {
        status = hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for names");
    } else {
        memcpy(writer->path, path, writer->path_bytes);
        status = spool_create(writer, diag);
    }
    if (status != HUNCH_OK) {
        hunch_index_writer_free(writer);
        return status;
    }
    *out = writer;
    return HUNCH_OK;
}

hunch_status hunch_index_writer_add(hunch_index_writer *writer, const uint64_t *keys, size_t n,
                                    hunch_diag *diag)
{
    HUNCH_ASSERT(writer != NULL && (keys != NULL || n == 0));
    if (writer->failed) {
        return hunch__fail(diag, HUNCH_EINVAL, writer->n,
                           "the writer has failed or finished before");
    }
    for (size_t i = 0; i < n; i++) {
        if (writer->n > 0 && keys[i] < writer->last) {
            return failed(writer, hunch__fail(diag, HUNCH_EINVAL, writer->n,
                                              "keys: position %llu is smaller than the one before",
                                              (unsigned long long)writer->n));
        }
        if (writer->n == HUNCH__INDEX_KEYS_MAX) {
            return failed(writer,
                          hunch__fail(diag, HUNCH_EINVAL, writer->n, "keys: more than 2^38"));
        }
        writer->last = keys[i];
        writer->buffer[writer->buffered++] = keys[i];
        writer->n++;
        if (writer->buffered == BUFFER_KEYS) {
            hunch_status status = flush(writer, diag);
            if (status != HUNCH_OK) {
                return failed(writer, status);
            }
        }
    }
    return HUNCH_OK;
}

hunch_status hunch_index_writer_finish(hunch_index_writer *writer, hunch_diag *diag)
{
    HUNCH_ASSERT(writer != NULL);
    const void *keys = NULL;
    if (writer->failed) {
        return hunch__fail(diag, HUNCH_EINVAL, writer->n,
                           "the writer has failed or finished before");
    }
    writer->failed = true; /* whatever comes of it: nothing can be added any more */
    if (writer->n == 0) {
        return build_over(writer, NULL, diag);
    }
    hunch_status status = flush(writer, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    const uint64_t bytes = writer->n * sizeof(uint64_t);
    int error = writer->io->map(writer->io->ctx, writer->file, bytes, &keys);
    if (error != 0) {
        return hunch__fail(diag, hunch__io_status(error), (uint64_t)error,
                           "the file of keys cannot be mapped: error %d", error);
    }
    status = build_over(writer, keys, diag);
    error = writer->io->unmap(writer->io->ctx, keys, bytes);
    if (status == HUNCH_OK && error != 0) {
        status = hunch__fail(diag, hunch__io_status(error), (uint64_t)error,
                             "the file of keys cannot be unmapped: error %d", error);
    }
    return status;
}

void hunch_index_writer_free(hunch_index_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    const hunch_allocator memory = writer->memory;
    if (writer->is_open) {
        (void)writer->io->close(writer->io->ctx, writer->file);
    }
    if (writer->exists) {
        (void)writer->io->remove(writer->io->ctx, writer->spool);
    }
    hunch__free(&memory, writer->path, writer->path_bytes, 1);
    hunch__free(&memory, writer->spool, writer->spool_bytes, 1);
    hunch__free(&memory, writer, sizeof *writer, HUNCH__CACHE_LINE);
}

/* Under the first name that is free. */
static hunch_status spool_create(hunch_index_writer *writer, hunch_diag *diag)
{
    int error = EEXIST;
    for (int i = 0; i < SPOOL_NAMES && error == EEXIST; i++) {
        (void)snprintf(writer->spool, writer->spool_bytes, "%s.keys-%d", writer->path, i);
        error = writer->io->open(writer->io->ctx, writer->spool, HUNCH_IO_CREATE, &writer->file);
    }
    if (error != 0) {
        return hunch__fail(diag, hunch__io_status(error), (uint64_t)error,
                           "the file of keys cannot be made: error %d", error);
    }
    writer->is_open = true;
    writer->exists = true;
    return HUNCH_OK;
}

static hunch_status flush(hunch_index_writer *writer, hunch_diag *diag)
{
    const uint64_t offset = (writer->n - writer->buffered) * sizeof(uint64_t);
    const int error = hunch__io_write_all(writer->io, writer->file, writer->buffer,
                                          writer->buffered * sizeof(uint64_t), offset);
    if (error != 0) {
        return hunch__fail(diag, hunch__io_status(error), offset,
                           "the file of keys cannot be written: error %d", error);
    }
    writer->buffered = 0;
    return HUNCH_OK;
}

static hunch_status failed(hunch_index_writer *writer, hunch_status status)
{
    writer->failed = true;
    return status;
}

static hunch_status build_over(hunch_index_writer *writer, const uint64_t *keys, hunch_diag *diag)
{
    hunch_index *index = NULL;
    hunch_status status = hunch_index_build(&index, keys, writer->n, &writer->options, diag);
    if (status == HUNCH_OK) {
        status = hunch_index_save(index, writer->path, diag);
    }
    hunch_index_free(index);
    return status;
}
