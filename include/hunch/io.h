/* hunch/io.h — files, time and randomness, handed in from outside.
 *
 * The library touches the world only through these tables. The default ones are the system's; a
 * test, an engine with its own file layer or a simulator hands in others. The fault injection and
 * the crash simulation of the test suite work through them.
 *
 * A table must stay valid for the life of every object that was given it. Its functions are
 * called from whichever thread called the library.
 */
#ifndef HUNCH_IO_H
#define HUNCH_IO_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/version.h>

HUNCH_API_BEGIN

/* How hunch_io.open opens a file. */
typedef enum hunch_io_mode {
    HUNCH_IO_READ = 0,  /* an existing file, to read                      */
    HUNCH_IO_CREATE = 1 /* a new file, to write; EEXIST when it is there  */
} hunch_io_mode;

/* Files. Every function returns 0 or a positive errno value; only pread and pwrite may return
 * EINTR. All must be there: what one version of the library does not call, the next may. */
typedef struct hunch_io {
    uint32_t struct_size; /* sizeof(hunch_io); a smaller one is refused */
    void *ctx;            /* first argument of every function; borrowed */

    /* Open `path`; *file is what the other functions are handed. */
    int (*open)(void *ctx, const char *path, hunch_io_mode mode, void **file);
    int (*close)(void *ctx, void *file);

    /* At most n bytes at `offset`; *done says how many, 0 at the end of the file. May do less
     * than was asked and may fail with EINTR: the library goes on. */
    int (*pread)(void *ctx, void *file, void *buffer, size_t n, uint64_t offset, size_t *done);
    int (*pwrite)(void *ctx, void *file, const void *buffer, size_t n, uint64_t offset,
                  size_t *done);

    /* The file's length: to ask for, and to change; what is added is zero. */
    int (*size)(void *ctx, void *file, uint64_t *bytes);
    int (*truncate)(void *ctx, void *file, uint64_t bytes);

    /* The file's bytes and length are on the medium when it returns 0. */
    int (*sync)(void *ctx, void *file);
    /* Atomic: afterwards `to` is the old file or the new one, never a mixture. The default table
     * replaces files and links only: EEXIST for a device or a pipe. */
    int (*rename)(void *ctx, const char *from, const char *to);
    int (*remove)(void *ctx, const char *path);
    /* The names in the folder that holds `path` are on the medium when it returns 0. */
    int (*sync_folder)(void *ctx, const char *path);

    /* Read-only view of the file's first `bytes` bytes, page aligned. It outlives close(). */
    int (*map)(void *ctx, void *file, uint64_t bytes, const void **address);
    int (*unmap)(void *ctx, const void *address, uint64_t bytes);
} hunch_io;

/* Time that never goes back. */
typedef struct hunch_clock {
    void *ctx;                     /* first argument; borrowed           */
    uint64_t (*now_ns)(void *ctx); /* nanoseconds since any fixed moment */
} hunch_clock;

/* A source of 64 random bits. */
typedef struct hunch_random {
    void *ctx;                   /* first argument; borrowed                     */
    uint64_t (*next)(void *ctx); /* uniform, independent of all that came before */
} hunch_random;

/* POSIX files. The result is static.                                       Threads: immutable. */
HUNCH_API const hunch_io *hunch_io_posix(void);

/* CLOCK_MONOTONIC. The result is static.                                   Threads: immutable. */
HUNCH_API const hunch_clock *hunch_clock_monotonic(void);

/* SplitMix64 (Steele, Lea, Flood 2014) over *state, which is the seed at the start and borrowed
 * for as long as the source is used. Reproducible on every machine; not for secrets.
 *                                                                           Threads: confined. */
HUNCH_API hunch_random hunch_random_splitmix64(uint64_t *state);

HUNCH_API_END

#endif
