/* The default I/O table: POSIX files. */
#define _POSIX_C_SOURCE   200809L
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <hunch/io.h>

/* A file is its descriptor in the pointer's bits: no memory to allocate, none to lose. */
static void *file_of(int fd);
static int fd_of(void *file);
static int result(int returned);

static int posix_open(void *ctx, const char *path, hunch_io_mode mode, void **file);
static int posix_close(void *ctx, void *file);
static int posix_pread(void *ctx, void *file, void *buffer, size_t n, uint64_t offset,
                       size_t *done);
static int posix_pwrite(void *ctx, void *file, const void *buffer, size_t n, uint64_t offset,
                        size_t *done);
static int posix_size(void *ctx, void *file, uint64_t *bytes);
static int posix_truncate(void *ctx, void *file, uint64_t bytes);
static int posix_sync(void *ctx, void *file);
static int posix_rename(void *ctx, const char *from, const char *to);
static int posix_remove(void *ctx, const char *path);
static int posix_sync_folder(void *ctx, const char *path);
static int posix_map(void *ctx, void *file, uint64_t bytes, const void **address);
static int posix_unmap(void *ctx, const void *address, uint64_t bytes);

const hunch_io *hunch_io_posix(void)
{
    static const hunch_io io = {
        .struct_size = sizeof(hunch_io),
        .open = posix_open,
        .close = posix_close,
        .pread = posix_pread,
        .pwrite = posix_pwrite,
        .size = posix_size,
        .truncate = posix_truncate,
        .sync = posix_sync,
        .rename = posix_rename,
        .remove = posix_remove,
        .sync_folder = posix_sync_folder,
        .map = posix_map,
        .unmap = posix_unmap,
    };
    return &io;
}

static void *file_of(int fd)
{
    return (void *)((intptr_t)fd + 1); /* descriptor 0 is not NULL */
}

static int fd_of(void *file)
{
    return (int)((intptr_t)file - 1);
}

static int result(int returned)
{
    return returned == 0 ? 0 : errno;
}

static int posix_open(void *ctx, const char *path, hunch_io_mode mode, void **file)
{
    (void)ctx;
    /* O_NONBLOCK: opening a pipe that nobody writes fails later instead of hanging here. */
    int flags = mode == HUNCH_IO_CREATE ? O_RDWR | O_CREAT | O_EXCL : O_RDONLY | O_NONBLOCK;
    int fd = -1;
    do {
        fd = open(path, flags | O_CLOEXEC, 0666);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0) {
        return errno;
    }
    *file = file_of(fd);
    return 0;
}

static int posix_close(void *ctx, void *file)
{
    (void)ctx;
    return result(close(fd_of(file)));
}

static int posix_pread(void *ctx, void *file, void *buffer, size_t n, uint64_t offset, size_t *done)
{
    (void)ctx;
    ssize_t got = pread(fd_of(file), buffer, n, (off_t)offset);
    *done = got < 0 ? 0 : (size_t)got;
    return got < 0 ? errno : 0;
}

static int posix_pwrite(void *ctx, void *file, const void *buffer, size_t n, uint64_t offset,
                        size_t *done)
{
    (void)ctx;
    ssize_t put = pwrite(fd_of(file), buffer, n, (off_t)offset);
    *done = put < 0 ? 0 : (size_t)put;
    return put < 0 ? errno : 0;
}

static int posix_size(void *ctx, void *file, uint64_t *bytes)
{
    (void)ctx;
    struct stat facts;
    if (fstat(fd_of(file), &facts) != 0) {
        return errno;
    }
    if (!S_ISREG(facts.st_mode)) {
        return EINVAL; /* a folder or a pipe has no bytes to map */
    }
    *bytes = (uint64_t)facts.st_size;
    return 0;
}

static int posix_truncate(void *ctx, void *file, uint64_t bytes)
{
    (void)ctx;
    int returned = 0;
    do {
        returned = ftruncate(fd_of(file), (off_t)bytes);
    } while (returned != 0 && errno == EINTR);
    return result(returned);
}

static int posix_sync(void *ctx, void *file)
{
    (void)ctx;
    int returned = 0;
    do {
        returned = fsync(fd_of(file));
    } while (returned != 0 && errno == EINTR);
    return result(returned);
}

static int posix_rename(void *ctx, const char *from, const char *to)
{
    (void)ctx;
    struct stat facts;
    if (lstat(to, &facts) == 0 && !S_ISREG(facts.st_mode) && !S_ISLNK(facts.st_mode)) {
        return EEXIST; /* renamed over by root, a device would be gone */
    }
    return result(rename(from, to));
}

static int posix_remove(void *ctx, const char *path)
{
    (void)ctx;
    return result(unlink(path));
}

static int posix_sync_folder(void *ctx, const char *path)
{
    (void)ctx;
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    if (folder == NULL) {
        return ENOMEM;
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = fd < 0 ? errno : result(fsync(fd));
    if (fd >= 0) {
        (void)close(fd);
    }
    free(folder);
    return error;
}

static int posix_map(void *ctx, void *file, uint64_t bytes, const void **address)
{
    (void)ctx;
    if (bytes == 0 || bytes > SIZE_MAX) {
        return EINVAL;
    }
    void *p = mmap(NULL, (size_t)bytes, PROT_READ, MAP_SHARED, fd_of(file), 0);
    if (p == MAP_FAILED) {
        return errno;
    }
    *address = p;
    return 0;
}

static int posix_unmap(void *ctx, const void *address, uint64_t bytes)
{
    (void)ctx;
    union {
        const void *in;
        void *out; /* munmap takes no const, and a cast would hide other mistakes */
    } p = {.in = address};
    return result(munmap(p.out, (size_t)bytes));
}
