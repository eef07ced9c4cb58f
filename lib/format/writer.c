/* Writing a container: front to back into a new file, which then takes the place of the old. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "bits.h"
#include "diag.h"
#include "format.h"
#include "hash.h"
#include "io.h"
#include "io_failure.h"
#include "layout.h"

/* Names are counted, not drawn: the same calls make the same files, and two writers are kept apart
 * by the exclusive creation, not by luck. A thousand are in use at once only where as many writers
 * died. */
#define TEMPORARY_NAMES  1000
#define TEMPORARY_SUFFIX ".tmp-999"

/* One call's belongings, so that one place gives them back. */
struct writing {
    const hunch_io *io;
    hunch_allocator memory;
    const char *path;
    char *name; /* [name_bytes]: the temporary file's */
    size_t name_bytes;
    unsigned char *head; /* [head_bytes]: header, table and the padding behind it */
    size_t head_bytes;
    void *file;
    uint64_t at;  /* bytes in the file so far */
    bool is_open; /* `file` is to be closed */
    bool exists;  /* `name` is there, and ours to remove */
};

static hunch_status parts_check(const struct hunch__part *parts, size_t count, hunch_diag *diag);
static hunch_status writing_prepare(struct writing *w, size_t count, hunch_diag *diag);
static void head_fill(struct writing *w, uint32_t kind, const struct hunch__part *parts,
                      size_t count);
static hunch_status file_create(struct writing *w, hunch_diag *diag);
static hunch_status file_fill(struct writing *w, const struct hunch__part *parts, size_t count,
                              hunch_diag *diag);
static int file_put_part(struct writing *w, const struct hunch__part *part);
static int file_put_zeros(struct writing *w, uint64_t n);
static int file_put(struct writing *w, const void *bytes, size_t n);
static hunch_status file_publish(struct writing *w, hunch_diag *diag);
static int file_close(struct writing *w);
static void writing_end(struct writing *w);

hunch_status hunch__container_write(const char *path, uint32_t kind,
                                    const struct hunch__part *parts, size_t count,
                                    const hunch_io *io, const hunch_allocator *allocator,
                                    hunch_diag *diag)
{
    struct writing w = {.io = hunch__io_or_default(io),
                        .memory = hunch__allocator_or_default(allocator),
                        .path = path};
    HUNCH_ASSERT(path != NULL && (parts != NULL || count == 0));

    hunch_status status = parts_check(parts, count, diag);
    if (status == HUNCH_OK) {
        status = writing_prepare(&w, count, diag);
    }
    if (status == HUNCH_OK) {
        head_fill(&w, kind, parts, count);
        status = file_create(&w, diag);
    }
    if (status == HUNCH_OK) {
        status = file_fill(&w, parts, count, diag);
    }
    if (status == HUNCH_OK) {
        status = file_publish(&w, diag);
    }
    writing_end(&w);
    return status;
}

/* Refuses what open() would refuse, so that no call leaves a file that cannot be read. */
static hunch_status parts_check(const struct hunch__part *parts, size_t count, hunch_diag *diag)
{
    uint64_t end;
    if (!hunch__little_endian()) {
        return hunch__fail(diag, HUNCH_EUNSUPPORTED, 0,
                           "the format is little-endian, this host not");
    }
    if (count > UINT32_MAX || count > (SIZE_MAX - 256) / sizeof(struct hunch__entry)) {
        return hunch__fail(diag, HUNCH_EINVAL, count, "too many parts");
    }
    end = hunch__table_end((uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        const struct hunch__part *part = &parts[i];
        uint64_t element = hunch__element_bytes(part->type);
        uint64_t bytes;
        if (i > 0 && part->id <= parts[i - 1].id) {
            return hunch__fail(diag, HUNCH_EINVAL, i, "part %zu: id %u after id %u", i, part->id,
                               parts[i - 1].id);
        }
        if (!hunch__add(part->zeros, part->n, &bytes) || element == 0 || bytes % element != 0) {
            return hunch__fail(diag, HUNCH_EINVAL, i, "part %zu: not whole elements", i);
        }
        if (end > INT64_MAX - 64 || bytes > INT64_MAX - 64 - end) {
            return hunch__fail(diag, HUNCH_EINVAL, i, "part %zu: ends beyond 2^63 bytes", i);
        }
        end = hunch__align_up(end, HUNCH__SECTION_ALIGN) + bytes;
    }
    return HUNCH_OK;
}

static hunch_status writing_prepare(struct writing *w, size_t count, hunch_diag *diag)
{
    size_t head = (size_t)hunch__align_up(hunch__table_end((uint32_t)count), HUNCH__SECTION_ALIGN);
    w->name_bytes = strlen(w->path) + sizeof TEMPORARY_SUFFIX;
    w->name = hunch__alloc(&w->memory, w->name_bytes, 1);
    w->head_bytes = head;
    w->head = hunch__alloc(&w->memory, w->head_bytes, HUNCH__SECTION_ALIGN);
    if (w->name == NULL || w->head == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for a table of %zu sections", count);
    }
    return HUNCH_OK;
}

static void head_fill(struct writing *w, uint32_t kind, const struct hunch__part *parts,
                      size_t count)
{
    struct hunch__header header = {.major = HUNCH__FORMAT_MAJOR, .minor = HUNCH__FORMAT_MINOR};
    unsigned char *table = w->head + sizeof header;
    uint64_t end = w->head_bytes;

    memset(w->head, 0, w->head_bytes);
    for (size_t i = 0; i < count; i++) {
        struct hunch__entry entry = {.id = parts[i].id, .type = (uint32_t)parts[i].type};
        entry.offset = end;
        entry.bytes = parts[i].zeros + parts[i].n;
        entry.hash = hunch__xxh3_after_zeros(parts[i].zeros, parts[i].bytes, (size_t)parts[i].n);
        memcpy(table + i * sizeof entry, &entry, sizeof entry);
        end = hunch__align_up(entry.offset + entry.bytes, HUNCH__SECTION_ALIGN);
    }
    memcpy(header.magic, HUNCH__MAGIC, sizeof header.magic);
    header.kind = kind;
    header.size = end;
    header.sections = (uint32_t)count;
    header.library = HUNCH_VERSION;
    header.table_hash = hunch__xxh3(table, count * sizeof(struct hunch__entry));
    header.hash = hunch__xxh3(&header, offsetof(struct hunch__header, hash));
    memcpy(w->head, &header, sizeof header);
}

static hunch_status file_create(struct writing *w, hunch_diag *diag)
{
    for (unsigned i = 0; i < TEMPORARY_NAMES; i++) {
        (void)snprintf(w->name, w->name_bytes, "%s.tmp-%u", w->path, i);
        int error = w->io->open(w->io->ctx, w->name, HUNCH_IO_CREATE, &w->file);
        if (error == 0) {
            w->is_open = true;
            w->exists = true;
            return HUNCH_OK;
        }
        if (error != EEXIST) {
            return hunch__io_fail(diag, error, 0, "create a temporary file");
        }
    }
    return hunch__fail(diag, HUNCH_EIO, 0, "all names from .tmp-0 to .tmp-%d are taken",
                       TEMPORARY_NAMES - 1);
}

static hunch_status file_fill(struct writing *w, const struct hunch__part *parts, size_t count,
                              hunch_diag *diag)
{
    int error = file_put(w, w->head, w->head_bytes);
    for (size_t i = 0; i < count && error == 0; i++) {
        error = file_put_part(w, &parts[i]);
    }
    if (error != 0) {
        return hunch__io_fail(diag, error, w->at, "write the temporary file");
    }
    return HUNCH_OK;
}

static int file_put_part(struct writing *w, const struct hunch__part *part)
{
    int error = file_put_zeros(w, part->zeros);
    if (error == 0) {
        error = file_put(w, part->bytes, (size_t)part->n);
    }
    if (error == 0) {
        error = file_put_zeros(w, hunch__align_up(w->at, HUNCH__SECTION_ALIGN) - w->at);
    }
    return error;
}

/* Written, not left as a hole: an I/O table need not know holes. */
static int file_put_zeros(struct writing *w, uint64_t n)
{
    static const unsigned char zeros[4096];
    int error = 0;
    while (n > 0 && error == 0) {
        size_t now = n < sizeof zeros ? (size_t)n : sizeof zeros;
        error = file_put(w, zeros, now);
        n -= now;
    }
    return error;
}

static int file_put(struct writing *w, const void *bytes, size_t n)
{
    int error = hunch__io_write_all(w->io, w->file, bytes, n, w->at);
    if (error == 0) {
        w->at += n;
    }
    return error;
}

/* The order is the point: the bytes are on the medium before the name is, or a power cut could
 * leave the name on a file without its bytes. */
static hunch_status file_publish(struct writing *w, hunch_diag *diag)
{
    int error = w->io->sync(w->io->ctx, w->file);
    if (error != 0) {
        return hunch__io_fail(diag, error, w->at, "sync the temporary file");
    }
    error = file_close(w);
    if (error != 0) {
        return hunch__io_fail(diag, error, w->at, "close the temporary file");
    }
    error = w->io->rename(w->io->ctx, w->name, w->path);
    if (error != 0) {
        return hunch__io_fail(diag, error, 0, "rename the temporary file");
    }
    w->exists = false;
    error = w->io->sync_folder(w->io->ctx, w->path);
    if (error != 0) {
        return hunch__io_fail(diag, error, 0, "sync the folder; the new file is there");
    }
    return HUNCH_OK;
}

/* Once only: after a failed close() the descriptor may be gone, and another's by now. */
static int file_close(struct writing *w)
{
    w->is_open = false;
    return w->io->close(w->io->ctx, w->file);
}

static void writing_end(struct writing *w)
{
    if (w->is_open) {
        (void)file_close(w);
    }
    if (w->exists) {
        (void)w->io->remove(w->io->ctx, w->name);
    }
    hunch__free(&w->memory, w->head, w->head_bytes, HUNCH__SECTION_ALIGN);
    hunch__free(&w->memory, w->name, w->name_bytes, 1);
}
