/* What the fuzz targets share. Each defines LLVMFuzzerTestOneInput(): libFuzzer calls it in the
 * builds with HUNCH_FUZZ, driver.c in all others. */
#ifndef HUNCH_FUZZ_H
#define HUNCH_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stop with a line that says what was wrong. */
#define FUZZ_ASSERT(condition) ((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))

_Noreturn void fuzz_fail(const char *condition, const char *file, int line);

/* A container's bytes out of the input. The first byte says what is done to the checksums: bit 0
 * repairs those of header and table, bit 1 those of the sections too. */
struct fuzz_file {
    unsigned char *bytes; /* [size], 64-aligned, owned by the caller, not a byte more */
    size_t size;
    unsigned flags; /* the first byte */
};

struct fuzz_file fuzz_file_new(const uint8_t *data, size_t size);

/* The target. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
