/* The container: the checksummed, versioned, mappable file that every component saves itself in.
 * README.md of this folder is the byte-exact specification. */
#ifndef HUNCH_FORMAT_FORMAT_H
#define HUNCH_FORMAT_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/io.h>
#include <hunch/status.h>

/* Who wrote a file: four letters, little-endian. */
#define HUNCH__KIND(a, b, c, d)                                                                    \
    ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define HUNCH__KIND_INDEX   HUNCH__KIND('I', 'D', 'X', ' ')
#define HUNCH__KIND_CHOOSER HUNCH__KIND('C', 'H', 'O', ' ')

/* Type of a section's elements. */
enum hunch__element {
    HUNCH__U8 = 1,
    HUNCH__U32 = 2,
    HUNCH__U64 = 3,
    HUNCH__F32 = 4,
    HUNCH__F64 = 5
};

/* A container in memory. Everything in it points into the caller's bytes. */
struct hunch__container {
    const unsigned char *bytes; /* [size], 64-aligned, borrowed */
    uint64_t size;
    uint32_t sections;
    uint32_t minor; /* format minor version of the file */
};

/* Look at bytes[size] as a container of `kind`: checks magic, versions, sizes and the checksums of
 * header and section table, and that every section is inside, aligned, in order and apart from the
 * others. O(sections). Afterwards every function below is memory-safe whatever the bytes are, as
 * long as they stay what they are. On failure *out is empty.
 * Errors: ECORRUPT (diag->at is a byte offset), EVERSION, EINVAL (not 64-aligned, other kind),
 * EUNSUPPORTED (big-endian host). */
HUNCH_MUST_USE hunch_status hunch__container_open(struct hunch__container *out, const void *bytes,
                                                  uint64_t size, uint32_t kind, hunch_diag *diag);

/* The elements of section `id`, 64-aligned, and in *count how many; NULL when there is no such
 * section or its elements are of another type. A section of no elements is not NULL. */
const void *hunch__container_section(const struct hunch__container *container, uint32_t id,
                                     enum hunch__element type, uint64_t *count);

/* Check what open leaves out: each section's checksum, and that all padding is zero. O(size).
 * Errors: ECORRUPT with the section and the offset. */
HUNCH_MUST_USE hunch_status hunch__container_validate(const struct hunch__container *container,
                                                      hunch_diag *diag);

/* A section to be written: `zeros` zero bytes, then bytes[n]; zeros + n is a multiple of the
 * element's size. */
struct hunch__part {
    uint32_t id; /* ascending from part to part */
    enum hunch__element type;
    uint64_t zeros;
    const void *bytes; /* borrowed for the call */
    uint64_t n;
};

/* Write parts[count] as a container to `path`, atomically: to a temporary name beside it, synced,
 * renamed, the folder synced. On failure `path` is as it was, and the temporary file is gone if it
 * can be removed at all; only when the last step fails, the sync of the folder, is the new file
 * there, whole, and either may be after a power cut. Two writers of one path at once: one wins,
 * both see a whole file. The parts may lie in a mapping of the file that is replaced.
 * Equal parts make equal bytes. `io` and `allocator` may be NULL for the default ones.
 * Errors: EIO, ENOMEM, ENOENT (no such folder), EINVAL (ids do not ascend, parts of elements),
 * EUNSUPPORTED (big-endian host). */
HUNCH_MUST_USE hunch_status hunch__container_write(const char *path, uint32_t kind,
                                                   const struct hunch__part *parts, size_t count,
                                                   const hunch_io *io,
                                                   const hunch_allocator *allocator,
                                                   hunch_diag *diag);

/* A file in memory, mapped through `io`. */
struct hunch__mapping {
    const void *bytes;
    uint64_t size;
};

/* Map the whole of `path`; on failure *out is empty. `io` may be NULL for the default one.
 * Errors: ENOENT, EIO, ENOMEM, ECORRUPT (the file is empty). */
HUNCH_MUST_USE hunch_status hunch__mapping_open(struct hunch__mapping *out, const char *path,
                                                const hunch_io *io, hunch_diag *diag);

/* Unmap; a mapping of NULL bytes is fine. */
void hunch__mapping_close(struct hunch__mapping *mapping, const hunch_io *io);

#endif
