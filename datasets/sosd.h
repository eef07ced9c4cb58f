/* Key files in the format that the benchmarks of learned indexes share (SOSD, arXiv 1911.13014):
 * a little-endian u64 count, then that many little-endian keys, ascending. Keys are u64, or u32 in
 * a file whose name says so (books_200M_uint32, x.u32). Any of them may be .zst or .gz. */
#ifndef HUNCH_DATASETS_SOSD_H
#define HUNCH_DATASETS_SOSD_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/io.h>
#include <hunch/status.h>

#include "format.h"
#include "key_list.h"

/* Keys of a file, as long as it is open. */
struct sosd {
    const uint64_t *keys; /* [n]; never NULL */
    size_t n;
    struct hunch__mapping mapping; /* of a plain u64 file, else of NULL bytes */
    struct key_list list;          /* of any other */
};

/* Open the file: mapped when that can be, else read. Checks the count against the file's size, not
 * the order: see hunch__sosd_unsorted(). `allocator` NULL is the default.
 * Errors: ENOENT, EINVAL (a folder), EIO, ENOMEM, ECORRUPT (diag->at is an offset into the
 * decompressed file), EUNSUPPORTED (big-endian host, compression not built in). */
HUNCH_MUST_USE hunch_status hunch__sosd_open(struct sosd *out, const char *path,
                                             const hunch_allocator *allocator, hunch_diag *diag);

/* The same, always read into memory, and at most `limit` keys of it; 0 is all. */
HUNCH_MUST_USE hunch_status hunch__sosd_read(struct sosd *out, const char *path, size_t limit,
                                             const hunch_allocator *allocator, hunch_diag *diag);

/* A zeroed one is fine. */
void hunch__sosd_close(struct sosd *file);

/* The first position whose key is below the one before it; n when the keys ascend. */
size_t hunch__sosd_unsorted(const uint64_t *keys, size_t n);

/* ECORRUPT, with the offset in a u64 file, unless the keys ascend. */
HUNCH_MUST_USE hunch_status hunch__sosd_check_order(const uint64_t *keys, size_t n,
                                                    hunch_diag *diag);

/* Bytes of a key in the file of this name: 4 or 8. */
size_t hunch__sosd_key_bytes(const char *path);

/* Write keys[n] to `path`, atomically. Errors: as of the three functions below. */
HUNCH_MUST_USE hunch_status hunch__sosd_write(const char *path, const uint64_t *keys, size_t n,
                                              hunch_diag *diag);

/* A file being written, front to back, whose number of keys need not be known before. */
struct sosd_writer;

/* Begin. The keys go to a temporary file beside `path`, which takes that name at the end only.
 * Where a link stands, the file that it leads to is replaced. `io` NULL is POSIX.
 * Errors: EINVAL (no regular file stands there), EIO, ENOENT (no such folder), ENOMEM,
 * EUNSUPPORTED. */
HUNCH_MUST_USE hunch_status hunch__sosd_writer_open(struct sosd_writer **out, const char *path,
                                                    const hunch_io *io, hunch_diag *diag);

/* Append keys[n]. Errors: EIO. */
HUNCH_MUST_USE hunch_status hunch__sosd_writer_add(struct sosd_writer *w, const uint64_t *keys,
                                                   size_t n, hunch_diag *diag);

/* Write the count, sync, and put the file in the place of `path`. Frees the writer, and on failure
 * removes the temporary file; `path` is then as it was. Errors: EIO. */
HUNCH_MUST_USE hunch_status hunch__sosd_writer_finish(struct sosd_writer *w, hunch_diag *diag);

/* Give up: remove the temporary file and free the writer. NULL is fine. */
void hunch__sosd_writer_abandon(struct sosd_writer *w);

#endif
