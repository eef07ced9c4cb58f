/* Reading a container. Nothing in the bytes is believed before it is checked: a number that comes
 * from them is compared with the size before it is used as an offset, and a sum before it can
 * overflow. */
#include <string.h>

#include "asserts.h"
#include "bits.h"
#include "diag.h"
#include "format.h"
#include "hash.h"
#include "layout.h"

static hunch_status magic_check(const unsigned char *bytes, uint64_t size, hunch_diag *diag);
static hunch_status header_check(const struct hunch__header *header, uint64_t size, uint32_t kind,
                                 hunch_diag *diag);
static hunch_status kind_fail(uint32_t found, uint32_t wanted, hunch_diag *diag);
static hunch_status reserved_check(const struct hunch__header *header, hunch_diag *diag);
static hunch_status size_check(const struct hunch__header *header, uint64_t size, hunch_diag *diag);
static hunch_status table_check(const struct hunch__container *c, uint64_t hash, hunch_diag *diag);
static struct hunch__entry entry_at(const struct hunch__container *c, uint32_t k);
static hunch_status entry_id_check(const struct hunch__container *c, uint32_t k, hunch_diag *diag);
static hunch_status entry_place_check(const struct hunch__container *c, uint32_t k, uint64_t from,
                                      hunch_diag *diag);
static hunch_status entry_type_check(const struct hunch__container *c, uint32_t k,
                                     hunch_diag *diag);
static uint64_t entry_field(uint32_t k, size_t field);
static hunch_status contents_check(const struct hunch__container *c, uint32_t k, hunch_diag *diag);
static hunch_status padding_check(const struct hunch__container *c, uint64_t from, uint64_t to,
                                  hunch_diag *diag);

hunch_status hunch__container_open(struct hunch__container *out, const void *bytes, uint64_t size,
                                   uint32_t kind, hunch_diag *diag)
{
    struct hunch__header header;
    struct hunch__container c = {.bytes = bytes, .size = size};
    HUNCH_ASSERT(out != NULL && (bytes != NULL || size == 0));
    memset(out, 0, sizeof *out);

    hunch_status status = magic_check(c.bytes, size, diag);
    if (status == HUNCH_OK) {
        memcpy(&header, bytes, sizeof header);
        c.sections = header.sections;
        c.minor = header.minor;
        status = header_check(&header, size, kind, diag);
    }
    if (status == HUNCH_OK) {
        status = table_check(&c, header.table_hash, diag);
    }
    if (status == HUNCH_OK) {
        *out = c;
    }
    return status;
}

const void *hunch__container_section(const struct hunch__container *container, uint32_t id,
                                     enum hunch__element type, uint64_t *count)
{
    uint32_t low = 0;
    uint32_t high = container->sections;
    HUNCH_ASSERT(hunch__element_bytes(type) > 0);
    *count = 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        struct hunch__entry entry = entry_at(container, middle);
        if (entry.id == id) {
            if (entry.type != (uint32_t)type) {
                return NULL;
            }
            *count = entry.bytes / hunch__element_bytes(type);
            return container->bytes + entry.offset;
        }
        if (entry.id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

hunch_status hunch__container_validate(const struct hunch__container *container, hunch_diag *diag)
{
    uint64_t end = hunch__table_end(container->sections);
    for (uint32_t k = 0; k < container->sections; k++) {
        struct hunch__entry entry = entry_at(container, k);
        hunch_status status = padding_check(container, end, entry.offset, diag);
        if (status == HUNCH_OK) {
            status = contents_check(container, k, diag);
        }
        if (status != HUNCH_OK) {
            return status;
        }
        end = entry.offset + entry.bytes;
    }
    return padding_check(container, end, container->size, diag);
}

/* What must hold before the rest of the header means anything. */
static hunch_status magic_check(const unsigned char *bytes, uint64_t size, hunch_diag *diag)
{
    static const unsigned char magic[] = HUNCH__MAGIC;
    if (!hunch__little_endian()) {
        return hunch__fail(diag, HUNCH_EUNSUPPORTED, 0,
                           "the format is little-endian, this host not");
    }
    if (size < sizeof(struct hunch__header)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, size, "header: ends at byte %llu of 64",
                           (unsigned long long)size);
    }
    for (size_t i = 0; i < sizeof magic - 1; i++) {
        if (bytes[i] != magic[i]) {
            return hunch__fail(diag, HUNCH_ECORRUPT, i, "magic: byte %zu is %02x, not %02x", i,
                               bytes[i], magic[i]);
        }
    }
    if ((uintptr_t)bytes % HUNCH__SECTION_ALIGN != 0) {
        return hunch__fail(diag, HUNCH_EINVAL, 0, "the bytes are not aligned to 64");
    }
    return HUNCH_OK;
}

/* The major version first, since another one may put the checksum elsewhere; then the checksum,
 * so that damage is called damage and not another kind or version. */
static hunch_status header_check(const struct hunch__header *header, uint64_t size, uint32_t kind,
                                 hunch_diag *diag)
{
    if (header->major != HUNCH__FORMAT_MAJOR) {
        return hunch__fail(diag, HUNCH_EVERSION, offsetof(struct hunch__header, major),
                           "format version %u.%u, this library reads %u", header->major,
                           header->minor, HUNCH__FORMAT_MAJOR);
    }
    if (hunch__xxh3(header, offsetof(struct hunch__header, hash)) != header->hash) {
        return hunch__fail(diag, HUNCH_ECORRUPT, offsetof(struct hunch__header, hash),
                           "header: checksum differs");
    }
    if (header->flags != 0) {
        return hunch__fail(diag, HUNCH_EVERSION, offsetof(struct hunch__header, flags),
                           "unknown flags %#x are set", header->flags);
    }
    if (header->kind != kind) {
        return kind_fail(header->kind, kind, diag);
    }
    hunch_status status = reserved_check(header, diag);
    return status != HUNCH_OK ? status : size_check(header, size, diag);
}

/* Letters that cannot be shown are points, so that the text stays one line. */
static hunch_status kind_fail(uint32_t found, uint32_t wanted, hunch_diag *diag)
{
    char text[2][5] = {{0}};
    const uint32_t kinds[2] = {found, wanted};
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned j = 0; j < 4; j++) {
            unsigned char letter = (unsigned char)(kinds[i] >> (8 * j));
            text[i][j] = letter >= 0x20 && letter < 0x7F ? (char)letter : '.';
        }
    }
    return hunch__fail(diag, HUNCH_EINVAL, offsetof(struct hunch__header, kind),
                       "a file of kind \"%s\", wanted is \"%s\"", text[0], text[1]);
}

static hunch_status reserved_check(const struct hunch__header *header, hunch_diag *diag)
{
    if (header->reserved_a != 0) {
        return hunch__fail(diag, HUNCH_ECORRUPT, offsetof(struct hunch__header, reserved_a),
                           "header: bytes 36..39 are not zero");
    }
    if (header->reserved_b != 0) {
        return hunch__fail(diag, HUNCH_ECORRUPT, offsetof(struct hunch__header, reserved_b),
                           "header: bytes 48..55 are not zero");
    }
    return HUNCH_OK;
}

static hunch_status size_check(const struct hunch__header *header, uint64_t size, hunch_diag *diag)
{
    uint64_t table_end = hunch__table_end(header->sections);
    if (header->size != size) {
        return hunch__fail(diag, HUNCH_ECORRUPT, header->size < size ? header->size : size,
                           "the file has %llu bytes, its header says %llu",
                           (unsigned long long)size, (unsigned long long)header->size);
    }
    if (size % HUNCH__SECTION_ALIGN != 0) {
        return hunch__fail(diag, HUNCH_ECORRUPT, offsetof(struct hunch__header, size),
                           "the size of %llu bytes is no multiple of 64", (unsigned long long)size);
    }
    if (table_end > size) {
        return hunch__fail(diag, HUNCH_ECORRUPT, offsetof(struct hunch__header, sections),
                           "table of %u sections: ends at byte %llu, file has %llu",
                           header->sections, (unsigned long long)table_end,
                           (unsigned long long)size);
    }
    return HUNCH_OK;
}

static hunch_status table_check(const struct hunch__container *c, uint64_t hash, hunch_diag *diag)
{
    uint64_t from = hunch__table_end(c->sections);
    const unsigned char *table = c->bytes + sizeof(struct hunch__header);
    if (hunch__xxh3(table, (size_t)(from - sizeof(struct hunch__header))) != hash) {
        return hunch__fail(diag, HUNCH_ECORRUPT, offsetof(struct hunch__header, table_hash),
                           "section table: checksum differs");
    }
    for (uint32_t k = 0; k < c->sections; k++) {
        struct hunch__entry entry = entry_at(c, k);
        hunch_status status = entry_id_check(c, k, diag);
        if (status == HUNCH_OK) {
            status = entry_place_check(c, k, from, diag);
        }
        if (status == HUNCH_OK) {
            status = entry_type_check(c, k, diag);
        }
        if (status != HUNCH_OK) {
            return status;
        }
        from = entry.offset + entry.bytes;
    }
    return HUNCH_OK;
}

/* k < sections, and the table is inside: size_check() has seen to it. */
static struct hunch__entry entry_at(const struct hunch__container *c, uint32_t k)
{
    struct hunch__entry entry;
    HUNCH_ASSERT(k < c->sections && hunch__table_end(k + 1) <= c->size);
    memcpy(&entry, c->bytes + hunch__table_end(k), sizeof entry);
    return entry;
}

static hunch_status entry_id_check(const struct hunch__container *c, uint32_t k, hunch_diag *diag)
{
    if (k > 0 && entry_at(c, k).id <= entry_at(c, k - 1).id) {
        return hunch__fail(diag, HUNCH_ECORRUPT, entry_field(k, offsetof(struct hunch__entry, id)),
                           "section %u of %u: id %u after id %u", k + 1, c->sections,
                           entry_at(c, k).id, entry_at(c, k - 1).id);
    }
    return HUNCH_OK;
}

/* Section k is aligned, begins at `from` or later, and ends inside the file. */
static hunch_status entry_place_check(const struct hunch__container *c, uint32_t k, uint64_t from,
                                      hunch_diag *diag)
{
    struct hunch__entry entry = entry_at(c, k);
    unsigned long long offset = entry.offset;
    if (offset % HUNCH__SECTION_ALIGN != 0) {
        return hunch__fail(
            diag, HUNCH_ECORRUPT, entry_field(k, offsetof(struct hunch__entry, offset)),
            "section %u of %u: begins at byte %llu, no multiple of 64", k + 1, c->sections, offset);
    }
    if (offset < from) {
        return hunch__fail(diag, HUNCH_ECORRUPT,
                           entry_field(k, offsetof(struct hunch__entry, offset)),
                           "section %u of %u: begins at byte %llu, what is before it ends at %llu",
                           k + 1, c->sections, offset, (unsigned long long)from);
    }
    if (offset > c->size || entry.bytes > c->size - offset) {
        return hunch__fail(
            diag, HUNCH_ECORRUPT, entry_field(k, offsetof(struct hunch__entry, bytes)),
            "section %u of %u: %llu bytes at byte %llu, file has %llu", k + 1, c->sections,
            (unsigned long long)entry.bytes, offset, (unsigned long long)c->size);
    }
    return HUNCH_OK;
}

/* A newer minor version may have types of its own; nobody here can ask for such a section. */
static hunch_status entry_type_check(const struct hunch__container *c, uint32_t k, hunch_diag *diag)
{
    struct hunch__entry entry = entry_at(c, k);
    uint64_t element = hunch__element_bytes(entry.type);
    if (element == 0 && c->minor > HUNCH__FORMAT_MINOR) {
        return HUNCH_OK;
    }
    if (element == 0) {
        return hunch__fail(
            diag, HUNCH_ECORRUPT, entry_field(k, offsetof(struct hunch__entry, type)),
            "section %u of %u: unknown element type %u", k + 1, c->sections, entry.type);
    }
    if (entry.bytes % element != 0) {
        return hunch__fail(diag, HUNCH_ECORRUPT,
                           entry_field(k, offsetof(struct hunch__entry, bytes)),
                           "section %u of %u: %llu bytes are no multiple of %u", k + 1, c->sections,
                           (unsigned long long)entry.bytes, (unsigned)element);
    }
    return HUNCH_OK;
}

/* Where in the file a field of entry k is. */
static uint64_t entry_field(uint32_t k, size_t field)
{
    return hunch__table_end(k) + field;
}

static hunch_status contents_check(const struct hunch__container *c, uint32_t k, hunch_diag *diag)
{
    struct hunch__entry entry = entry_at(c, k);
    if (hunch__xxh3(c->bytes + entry.offset, (size_t)entry.bytes) != entry.hash) {
        return hunch__fail(diag, HUNCH_ECORRUPT, entry.offset,
                           "section %u of %u (id %u): checksum differs", k + 1, c->sections,
                           entry.id);
    }
    return HUNCH_OK;
}

static hunch_status padding_check(const struct hunch__container *c, uint64_t from, uint64_t to,
                                  hunch_diag *diag)
{
    HUNCH_ASSERT(from <= to && to <= c->size);
    for (uint64_t at = from; at < to; at++) {
        if (c->bytes[at] != 0) {
            return hunch__fail(diag, HUNCH_ECORRUPT, at, "padding: byte %llu is %02x, not zero",
                               (unsigned long long)at, c->bytes[at]);
        }
    }
    return HUNCH_OK;
}
