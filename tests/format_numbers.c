/* Containers that are full of one number. */
#include "format_numbers.h"

#include "format_sample.h"

hunch_status numbers_write(const char *path, uint64_t number, const hunch_io *io,
                           const hunch_allocator *allocator, hunch_diag *diag)
{
    uint64_t numbers[NUMBERS];
    for (size_t i = 0; i < NUMBERS; i++) {
        numbers[i] = number;
    }
    const struct hunch__part part = {1, HUNCH__U64, 0, numbers, sizeof numbers};
    return hunch__container_write(path, SAMPLE_KIND, &part, 1, io, allocator, diag);
}

uint64_t numbers_read(const char *path, const hunch_io *io)
{
    struct hunch__mapping mapping;
    struct hunch__container c;
    hunch_diag diag = {0};
    uint64_t count = 0;
    hunch_status status = hunch__mapping_open(&mapping, path, io, &diag);
    if (status == HUNCH_ENOENT) {
        return 0;
    }
    if (status == HUNCH_OK) {
        status = hunch__container_open(&c, mapping.bytes, mapping.size, SAMPLE_KIND, &diag);
    }
    if (status == HUNCH_OK) {
        status = hunch__container_validate(&c, &diag);
    }
    ck_assert_msg(status == HUNCH_OK, "%s", diag.text);
    const uint64_t *numbers = hunch__container_section(&c, 1, HUNCH__U64, &count);
    SAMPLE_CHECK(numbers != NULL && count == NUMBERS);
    uint64_t number = numbers[0];
    for (size_t i = 0; i < count; i++) {
        SAMPLE_CHECK(numbers[i] == number);
    }
    hunch__mapping_close(&mapping, io);
    return number;
}
