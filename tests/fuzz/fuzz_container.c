/* Any bytes as a container: refused with a reason, or every section is inside.
 *
 * The input is a byte of flags, see fuzz.h, and the container. Bit 2: an index is asked for, else
 * whatever kind the container says that it is. */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "fuzz.h"
#include "layout.h"

static uint32_t kind_of(const struct fuzz_file *file);
static void touch(const struct hunch__container *container);
static void touch_section(const struct hunch__container *container, uint32_t id);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct fuzz_file file = fuzz_file_new(data, size);
    struct hunch__container container;
    hunch_diag diag = {.text = ""};
    hunch_status status =
        hunch__container_open(&container, file.bytes, file.size, kind_of(&file), &diag);
    if (status == HUNCH_OK) {
        touch(&container);
        status = hunch__container_validate(&container, &diag);
    }
    if (status != HUNCH_OK) {
        FUZZ_ASSERT(diag.status == status && diag.text[0] != '\0');
        FUZZ_ASSERT(memchr(diag.text, '\0', sizeof diag.text) != NULL);
    }
    free(file.bytes);
    return 0;
}

static uint32_t kind_of(const struct fuzz_file *file)
{
    uint32_t kind = HUNCH__KIND_INDEX;
    if ((file->flags & 4u) == 0 && file->size >= sizeof(struct hunch__header)) {
        memcpy(&kind, file->bytes + offsetof(struct hunch__header, kind), sizeof kind);
    }
    return kind;
}

static void touch(const struct hunch__container *container)
{
    touch_section(container, 0);
    touch_section(container, UINT32_MAX);
    for (uint32_t k = 0; k < container->sections; k++) {
        struct hunch__entry entry;
        memcpy(&entry, container->bytes + hunch__table_end(k), sizeof entry);
        touch_section(container, entry.id);
    }
}

static void touch_section(const struct hunch__container *container, uint32_t id)
{
    static const uint64_t bytes[] = {
        [HUNCH__U8] = 1, [HUNCH__U32] = 4, [HUNCH__U64] = 8, [HUNCH__F32] = 4, [HUNCH__F64] = 8};
    volatile unsigned char sink = 0;
    for (uint32_t type = HUNCH__U8; type <= HUNCH__F64; type++) {
        uint64_t count = 1;
        const unsigned char *p =
            hunch__container_section(container, id, (enum hunch__element)type, &count);
        FUZZ_ASSERT(p != NULL || count == 0);
        for (uint64_t i = 0; i < count * bytes[type]; i++) {
            sink = (unsigned char)(sink + p[i]);
        }
    }
}
