/* The bytes of a container, as README.md specifies them. On disk little-endian; the structs are
 * filled and read by memcpy on little-endian hosts only, so no field is ever cast out of place. */
#ifndef HUNCH_FORMAT_LAYOUT_H
#define HUNCH_FORMAT_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

/* The first byte catches a seven-bit channel, the line ends a text-mode copy, the last a terminal.
 */
#define HUNCH__MAGIC "\x89HNCH\r\n\x1A"

#define HUNCH__FORMAT_MAJOR 1u
#define HUNCH__FORMAT_MINOR 0u

/* Sections, and the file's end, lie on cache lines: every line of a section can be loaded whole. */
#define HUNCH__SECTION_ALIGN 64u

struct hunch__header {
    unsigned char magic[8];
    uint16_t major;
    uint16_t minor;
    uint32_t kind;
    uint64_t size;
    uint32_t sections;
    uint32_t flags;
    uint32_t library;
    uint32_t reserved_a;
    uint64_t table_hash;
    uint64_t reserved_b;
    uint64_t hash; /* of the bytes before it */
};

_Static_assert(sizeof(struct hunch__header) == 64, "header");
_Static_assert(offsetof(struct hunch__header, magic) == 0, "magic");
_Static_assert(offsetof(struct hunch__header, major) == 8, "major");
_Static_assert(offsetof(struct hunch__header, minor) == 10, "minor");
_Static_assert(offsetof(struct hunch__header, kind) == 12, "kind");
_Static_assert(offsetof(struct hunch__header, size) == 16, "total bytes");
_Static_assert(offsetof(struct hunch__header, sections) == 24, "section count");
_Static_assert(offsetof(struct hunch__header, flags) == 28, "flags");
_Static_assert(offsetof(struct hunch__header, library) == 32, "library version");
_Static_assert(offsetof(struct hunch__header, reserved_a) == 36, "zero");
_Static_assert(offsetof(struct hunch__header, table_hash) == 40, "table checksum");
_Static_assert(offsetof(struct hunch__header, reserved_b) == 48, "zero");
_Static_assert(offsetof(struct hunch__header, hash) == 56, "header checksum");

/* One of the table, which follows the header. */
struct hunch__entry {
    uint32_t id;
    uint32_t type;
    uint64_t offset;
    uint64_t bytes;
    uint64_t hash;
};

_Static_assert(sizeof(struct hunch__entry) == 32, "entry");
_Static_assert(offsetof(struct hunch__entry, id) == 0, "id");
_Static_assert(offsetof(struct hunch__entry, type) == 4, "element type");
_Static_assert(offsetof(struct hunch__entry, offset) == 8, "offset");
_Static_assert(offsetof(struct hunch__entry, bytes) == 16, "bytes");
_Static_assert(offsetof(struct hunch__entry, hash) == 24, "checksum");

/* Bytes of one element; 0 when the type is none that this version knows. */
static inline uint64_t hunch__element_bytes(uint32_t type)
{
    static const unsigned char bytes[] = {0, 1, 4, 8, 4, 8}; /* by enum hunch__element */
    return type < sizeof bytes ? bytes[type] : 0;
}

/* Where the table of `sections` entries ends. Cannot overflow. */
static inline uint64_t hunch__table_end(uint32_t sections)
{
    return sizeof(struct hunch__header) + sizeof(struct hunch__entry) * (uint64_t)sections;
}

#endif
