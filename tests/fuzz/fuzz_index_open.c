/* Any bytes as a saved index: refused with a reason, or every ask is safe, and right when the keys
 * are sorted, of which validate makes sure.
 *
 * The input is a byte of flags, see fuzz.h, and the file. Bit 2: it is opened by its path. Bit 3:
 * it is verified. */
#include <stdlib.h>

#include "fuzz.h"
#include "index_answers.h"
#include "memdisk.h"
#include "oracle.h"

static hunch_status open_file(hunch_index **out, const struct fuzz_file *file, struct memdisk *disk,
                              hunch_diag *diag);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct fuzz_file file = fuzz_file_new(data, size);
    struct memdisk *disk = memdisk_new();
    hunch_index *index = NULL;
    hunch_diag diag = {.text = ""};
    const hunch_status status = open_file(&index, &file, disk, &diag);
    FUZZ_ASSERT((status == HUNCH_OK) == (index != NULL));
    if (status == HUNCH_OK) {
        const size_t n = hunch_index_count(index);
        const uint64_t *keys = hunch_index_keys(index);
        const bool sorted = oracle_is_sorted(keys, n);
        const bool valid = hunch_index_validate(index, &diag) == HUNCH_OK;
        FUZZ_ASSERT(index_answers_are_inside(index, size));
        FUZZ_ASSERT(sorted || !valid);
        FUZZ_ASSERT(valid || (file.flags & 8u) == 0);
        FUZZ_ASSERT(!sorted || index_answers_are_right(index, keys, n));
    }
    FUZZ_ASSERT(diag.status == HUNCH_OK || diag.text[0] != '\0');
    hunch_index_free(index);
    memdisk_free(disk);
    free(file.bytes);
    return 0;
}

static hunch_status open_file(hunch_index **out, const struct fuzz_file *file, struct memdisk *disk,
                              hunch_diag *diag)
{
    const hunch_index_options options = {
        .struct_size = sizeof options, .io = memdisk_io(disk), .verify = file->flags & 8u};
    if ((file->flags & 4u) == 0) {
        return hunch_index_open_bytes(out, file->bytes, file->size, &options, diag);
    }
    memdisk_put(disk, "index", file->bytes, file->size);
    return hunch_index_open(out, "index", &options, diag);
}
