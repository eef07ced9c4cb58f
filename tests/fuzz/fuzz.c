/* What the fuzz targets share. */
#define _POSIX_C_SOURCE 200809L /* posix_memalign */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "container_repair.h"

_Noreturn void fuzz_fail(const char *condition, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: not true: %s\n", file, line, condition);
    abort();
}

struct fuzz_file fuzz_file_new(const uint8_t *data, size_t size)
{
    struct fuzz_file file = {.flags = size > 0 ? data[0] : 0, .size = size > 0 ? size - 1 : 0};
    void *memory = NULL;
    FUZZ_ASSERT(posix_memalign(&memory, 64, file.size) == 0);
    file.bytes = memory;
    if (file.size > 0) {
        memcpy(file.bytes, data + 1, file.size);
    }
    if ((file.flags & 3u) != 0) {
        container_repair(file.bytes, file.size, (file.flags & 2u) != 0);
    }
    return file;
}
