/* A disk in memory that can lose its power: the I/O table. */
#define _POSIX_C_SOURCE 200112L /* posix_memalign */
#include "memdisk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "memdisk_parts.h"
#include "test_memory.h"

enum { PAGE = 4096 };

/* An open file. */
struct handle {
    struct handle *next;
    struct file *file;
    hunch_io_mode mode;
};

struct mapping {
    struct mapping *next;
    void *p; /* owned */
};

struct memdisk {
    hunch_io io;
    struct file **files; /* [n_files], owned; they live as long as the disk */
    size_t n_files;
    struct names now;
    struct names durable;
    struct folder_log log;
    struct handle *handles;
    struct mapping *mappings;
    uint64_t calls_left; /* until the power goes; 0 = it stays */
    bool off;
};

static int disk_open(void *ctx, const char *path, hunch_io_mode mode, void **file);
static int disk_close(void *ctx, void *file);
static int disk_pread(void *ctx, void *file, void *buffer, size_t n, uint64_t offset, size_t *done);
static int disk_pwrite(void *ctx, void *file, const void *buffer, size_t n, uint64_t offset,
                       size_t *done);
static int disk_size(void *ctx, void *file, uint64_t *bytes);
static int disk_truncate(void *ctx, void *file, uint64_t bytes);
static int disk_sync(void *ctx, void *file);
static int disk_rename(void *ctx, const char *from, const char *to);
static int disk_remove(void *ctx, const char *path);
static int disk_sync_folder(void *ctx, const char *path);
static int disk_map(void *ctx, void *file, uint64_t bytes, const void **address);
static int disk_unmap(void *ctx, const void *address, uint64_t bytes);

static bool has_power(struct memdisk *disk);
static size_t add_file(struct memdisk *disk, struct file *file);

struct memdisk *memdisk_new(void)
{
    struct memdisk *disk = memory_new(sizeof *disk);
    memset(disk, 0, sizeof *disk);
    disk->io = (hunch_io){
        .struct_size = sizeof(hunch_io),
        .ctx = disk,
        .open = disk_open,
        .close = disk_close,
        .pread = disk_pread,
        .pwrite = disk_pwrite,
        .size = disk_size,
        .truncate = disk_truncate,
        .sync = disk_sync,
        .rename = disk_rename,
        .remove = disk_remove,
        .sync_folder = disk_sync_folder,
        .map = disk_map,
        .unmap = disk_unmap,
    };
    return disk;
}

void memdisk_free(struct memdisk *disk)
{
    while (disk->handles != NULL) {
        (void)disk_close(disk, disk->handles);
    }
    while (disk->mappings != NULL) {
        (void)disk_unmap(disk, disk->mappings->p, 0);
    }
    for (size_t i = 0; i < disk->n_files; i++) {
        file_free(disk->files[i]);
    }
    free(disk->files);
    names_free(&disk->now);
    names_free(&disk->durable);
    folder_log_free(&disk->log);
    free(disk);
}

const hunch_io *memdisk_io(struct memdisk *disk)
{
    return &disk->io;
}

void memdisk_power_off_at(struct memdisk *disk, uint64_t k)
{
    disk->calls_left = k;
}

bool memdisk_is_off(const struct memdisk *disk)
{
    return disk->off;
}

struct memdisk *memdisk_crash(const struct memdisk *disk, uint64_t seed)
{
    struct memdisk *after = memdisk_new();
    uint64_t random = seed;
    names_copy(&after->durable, seed == MEMDISK_LOSE_NOTHING ? &disk->now : &disk->durable);
    if (seed > MEMDISK_LOSE_NOTHING) {
        names_crash(&after->durable, &disk->log, &random);
    }
    names_copy(&after->now, &after->durable);
    for (size_t i = 0; i < disk->n_files; i++) {
        const struct file *file = disk->files[i];
        struct file *found = seed > MEMDISK_LOSE_NOTHING ? file_crash(file, &random) : file_new();
        if (seed <= MEMDISK_LOSE_NOTHING) {
            content_copy(&found->now, seed == MEMDISK_LOSE_NOTHING ? &file->now : &file->durable);
            file_sync(found);
        }
        (void)add_file(after, found);
    }
    return after;
}

void memdisk_put(struct memdisk *disk, const char *path, const void *bytes, size_t n)
{
    struct file *file = file_new();
    file_write(file, bytes, n, 0);
    file_sync(file);
    const size_t i = add_file(disk, file);
    names_set(&disk->now, path, i);
    names_set(&disk->durable, path, i);
}

const unsigned char *memdisk_get(const struct memdisk *disk, const char *path, size_t *n)
{
    const ptrdiff_t i = names_find(&disk->now, path);
    *n = 0;
    if (i == NO_FILE) {
        return NULL;
    }
    const struct content *content = &disk->files[i]->now;
    *n = content->size;
    return content->bytes != NULL ? content->bytes : (const unsigned char *)"";
}

size_t memdisk_files(const struct memdisk *disk)
{
    return disk->now.n;
}

size_t memdisk_open_files(const struct memdisk *disk)
{
    size_t n = 0;
    for (const struct handle *handle = disk->handles; handle != NULL; handle = handle->next) {
        n++;
    }
    return n;
}

size_t memdisk_live_mappings(const struct memdisk *disk)
{
    size_t n = 0;
    for (const struct mapping *mapping = disk->mappings; mapping != NULL; mapping = mapping->next) {
        n++;
    }
    return n;
}

/* Counts the call. */
static bool has_power(struct memdisk *disk)
{
    if (disk->calls_left > 0 && --disk->calls_left == 0) {
        disk->off = true;
    }
    return !disk->off;
}

static size_t add_file(struct memdisk *disk, struct file *file)
{
    disk->files = memory_resize(disk->files, (disk->n_files + 1) * sizeof(struct file *));
    disk->files[disk->n_files] = file;
    return disk->n_files++;
}

static int disk_open(void *ctx, const char *path, hunch_io_mode mode, void **file)
{
    struct memdisk *disk = ctx;
    if (!has_power(disk)) {
        return EIO;
    }
    ptrdiff_t i = names_find(&disk->now, path);
    if (mode == HUNCH_IO_READ && i == NO_FILE) {
        return ENOENT;
    }
    if (mode == HUNCH_IO_CREATE) {
        if (i != NO_FILE) {
            return EEXIST;
        }
        i = (ptrdiff_t)add_file(disk, file_new());
        names_change(&disk->now, &disk->log, NULL, path, (size_t)i);
    }
    struct handle *handle = memory_new(sizeof *handle);
    *handle = (struct handle){disk->handles, disk->files[i], mode};
    disk->handles = handle;
    *file = handle;
    return 0;
}

static int disk_close(void *ctx, void *file)
{
    struct memdisk *disk = ctx;
    const bool power = has_power(disk);
    struct handle **link = &disk->handles;
    while (*link != NULL && *link != file) {
        link = &(*link)->next;
    }
    if (*link == NULL) {
        return EBADF;
    }
    struct handle *handle = *link;
    *link = handle->next;
    free(handle);
    return power ? 0 : EIO;
}

static int disk_pread(void *ctx, void *file, void *buffer, size_t n, uint64_t offset, size_t *done)
{
    const struct handle *handle = file;
    const struct content *content = &handle->file->now;
    *done = 0;
    if (!has_power(ctx)) {
        return EIO;
    }
    if (offset < content->size && n > 0) {
        const size_t left = content->size - (size_t)offset;
        *done = n < left ? n : left;
        memcpy(buffer, content->bytes + offset, *done);
    }
    return 0;
}

static int disk_pwrite(void *ctx, void *file, const void *buffer, size_t n, uint64_t offset,
                       size_t *done)
{
    const struct handle *handle = file;
    *done = 0;
    if (!has_power(ctx)) {
        return EIO;
    }
    if (handle->mode != HUNCH_IO_CREATE) {
        return EBADF;
    }
    file_write(handle->file, buffer, n, (size_t)offset);
    *done = n;
    return 0;
}

static int disk_size(void *ctx, void *file, uint64_t *bytes)
{
    const struct handle *handle = file;
    *bytes = handle->file->now.size;
    return has_power(ctx) ? 0 : EIO;
}

static int disk_truncate(void *ctx, void *file, uint64_t bytes)
{
    const struct handle *handle = file;
    if (!has_power(ctx)) {
        return EIO;
    }
    if (handle->mode != HUNCH_IO_CREATE) {
        return EBADF;
    }
    file_set_size(handle->file, (size_t)bytes);
    return 0;
}

static int disk_sync(void *ctx, void *file)
{
    const struct handle *handle = file;
    if (!has_power(ctx)) {
        return EIO;
    }
    file_sync(handle->file);
    return 0;
}

/* Within a folder only: a rename between two would need both synced. */
static int disk_rename(void *ctx, const char *from, const char *to)
{
    struct memdisk *disk = ctx;
    if (!has_power(disk)) {
        return EIO;
    }
    const size_t folder = names_folder(from);
    if (folder != names_folder(to) || strncmp(from, to, folder) != 0) {
        return EXDEV;
    }
    const ptrdiff_t i = names_find(&disk->now, from);
    if (i == NO_FILE) {
        return ENOENT;
    }
    names_change(&disk->now, &disk->log, from, to, (size_t)i);
    return 0;
}

static int disk_remove(void *ctx, const char *path)
{
    struct memdisk *disk = ctx;
    if (!has_power(disk)) {
        return EIO;
    }
    if (names_find(&disk->now, path) == NO_FILE) {
        return ENOENT;
    }
    names_change(&disk->now, &disk->log, path, NULL, 0);
    return 0;
}

static int disk_sync_folder(void *ctx, const char *path)
{
    struct memdisk *disk = ctx;
    if (!has_power(disk)) {
        return EIO;
    }
    names_sync(&disk->durable, &disk->now, &disk->log, path);
    return 0;
}

/* As long as asked and not a byte more, so that AddressSanitizer sees what is read behind it. */
static int disk_map(void *ctx, void *file, uint64_t bytes, const void **address)
{
    struct memdisk *disk = ctx;
    const struct handle *handle = file;
    const struct content *content = &handle->file->now;
    void *p = NULL;
    if (!has_power(disk)) {
        return EIO;
    }
    if (bytes == 0 || bytes > content->size) {
        return EINVAL;
    }
    if (posix_memalign(&p, PAGE, (size_t)bytes) != 0) {
        return ENOMEM;
    }
    memcpy(p, content->bytes, (size_t)bytes);
    struct mapping *mapping = memory_new(sizeof *mapping);
    *mapping = (struct mapping){disk->mappings, p};
    disk->mappings = mapping;
    *address = p;
    return 0;
}

static int disk_unmap(void *ctx, const void *address, uint64_t bytes)
{
    struct memdisk *disk = ctx;
    const bool power = has_power(disk);
    (void)bytes;
    struct mapping **link = &disk->mappings;
    while (*link != NULL && (*link)->p != address) {
        link = &(*link)->next;
    }
    if (*link == NULL) {
        return EINVAL;
    }
    struct mapping *mapping = *link;
    *link = mapping->next;
    free(mapping->p);
    free(mapping);
    return power ? 0 : EIO;
}
