/* Checksums made right again. */
#include "container_repair.h"

#include <string.h>

#include "hash.h"
#include "layout.h"

static void repair_contents(unsigned char *bytes, size_t size, uint32_t sections);

void container_repair(unsigned char *bytes, size_t size, bool contents)
{
    struct hunch__header header;
    if (size < sizeof header) {
        return;
    }
    memcpy(&header, bytes, sizeof header);
    const uint64_t end = hunch__table_end(header.sections);
    if (end <= size) {
        if (contents) {
            repair_contents(bytes, size, header.sections);
        }
        header.table_hash = hunch__xxh3(bytes + sizeof header, (size_t)(end - sizeof header));
    }
    header.hash = hunch__xxh3(&header, offsetof(struct hunch__header, hash));
    memcpy(bytes, &header, sizeof header);
}

static void repair_contents(unsigned char *bytes, size_t size, uint32_t sections)
{
    for (uint32_t k = 0; k < sections; k++) {
        struct hunch__entry entry;
        unsigned char *place = bytes + hunch__table_end(k);
        memcpy(&entry, place, sizeof entry);
        if (entry.offset <= size && entry.bytes <= size - entry.offset) {
            entry.hash = hunch__xxh3(bytes + entry.offset, (size_t)entry.bytes);
            memcpy(place, &entry, sizeof entry);
        }
    }
}
