/* The container that the tests of lib/format look at. */
#define _GNU_SOURCE /* mkdtemp */
#include "format_sample.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container_repair.h"
#include "layout.h"
#include "memdisk.h"

static uint64_t touch_section(const struct hunch__container *c, struct hunch__entry entry);

static const uint64_t words[] = {0, 1, (uint64_t)1 << 63, UINT64_MAX};
static const unsigned char letters[] = {'h', 'u', 'n', 'c', 'h'};
static const double reals[] = {0.0, -0.0, 1.0, -1.5, 0.1, 1e300, -1e-300, 3.25, 42.0};
static const uint32_t halves[] = {0xDEADBEEF, 7};

const struct hunch__part sample_parts[SAMPLE_PARTS] = {{1, HUNCH__U64, 0, words, sizeof words},
                                                       {2, HUNCH__U8, 3, letters, sizeof letters},
                                                       {5, HUNCH__F32, 0, NULL, 0},
                                                       {7, HUNCH__F64, 0, reals, sizeof reals},
                                                       {9, HUNCH__U32, 8, halves, sizeof halves}};

struct sample_bytes sample_copy(const void *p, size_t size)
{
    void *memory = NULL;
    SAMPLE_CHECK(posix_memalign(&memory, 64, size > 0 ? size : 1) == 0);
    memset(memory, 0, size);
    if (p != NULL && size > 0) {
        memcpy(memory, p, size);
    }
    return (struct sample_bytes){memory, size};
}

void sample_free(struct sample_bytes bytes)
{
    free(bytes.p);
}

struct sample_bytes sample_written(void)
{
    struct memdisk *disk = memdisk_new();
    size_t size = 0;
    ck_assert_int_eq(hunch__container_write("sample", SAMPLE_KIND, sample_parts, SAMPLE_PARTS,
                                            memdisk_io(disk), NULL, NULL),
                     HUNCH_OK);
    const unsigned char *p = memdisk_get(disk, "sample", &size);
    ck_assert_ptr_nonnull(p);
    struct sample_bytes bytes = sample_copy(p, size);
    memdisk_free(disk);
    return bytes;
}

struct sample_bytes sample_read_file(const char *path)
{
    struct hunch__mapping mapping;
    hunch_diag diag = {0};
    ck_assert_msg(hunch__mapping_open(&mapping, path, NULL, &diag) == HUNCH_OK, "%s: %s", path,
                  diag.text);
    struct sample_bytes bytes = sample_copy(mapping.bytes, (size_t)mapping.size);
    hunch__mapping_close(&mapping, NULL);
    return bytes;
}

void sample_write_file(const char *path, struct sample_bytes bytes)
{
    FILE *file = fopen(path, "wb");
    ck_assert_msg(file != NULL, "%s cannot be written", path);
    ck_assert_uint_eq(fwrite(bytes.p, 1, bytes.size, file), bytes.size);
    ck_assert_int_eq(fclose(file), 0);
}

void sample_repair(struct sample_bytes bytes, bool contents)
{
    container_repair(bytes.p, bytes.size, contents);
}

uint64_t sample_touch(const struct hunch__container *container)
{
    uint64_t read = 0;
    for (uint32_t k = 0; k < container->sections; k++) {
        struct hunch__entry entry;
        memcpy(&entry, container->bytes + hunch__table_end(k), sizeof entry);
        read += touch_section(container, entry);
    }
    return read;
}

static uint64_t touch_section(const struct hunch__container *c, struct hunch__entry entry)
{
    volatile unsigned char sink = 0;
    uint64_t read = 0;
    for (uint32_t type = HUNCH__U8; type <= HUNCH__F64; type++) {
        uint64_t count = 1;
        const unsigned char *p =
            hunch__container_section(c, entry.id, (enum hunch__element)type, &count);
        SAMPLE_CHECK((p != NULL) == (type == entry.type));
        if (p == NULL) {
            SAMPLE_CHECK(count == 0);
            continue;
        }
        uint64_t n = count * hunch__element_bytes(type);
        SAMPLE_CHECK(n == entry.bytes && (uintptr_t)p % 64 == 0);
        SAMPLE_CHECK(p >= c->bytes && n <= c->size - (uint64_t)(p - c->bytes));
        for (uint64_t i = 0; i < n; i++) {
            sink = (unsigned char)(sink + p[i]);
        }
        read += n;
    }
    return read;
}

const char *sample_folder(void)
{
    static char folder[256];
    const char *parent = getenv("TMPDIR");
    (void)snprintf(folder, sizeof folder, "%s/hunch-format-XXXXXX", parent ? parent : P_tmpdir);
    ck_assert_msg(mkdtemp(folder) != NULL, "no folder %s", folder);
    return folder;
}

void sample_folder_remove(const char *folder)
{
    DIR *listing = opendir(folder);
    ck_assert_ptr_nonnull(listing);
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        (void)unlink(sample_path(folder, entry->d_name));
    }
    (void)closedir(listing);
    ck_assert_int_eq(rmdir(folder), 0);
}

const char *sample_path(const char *folder, const char *name)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];
    (void)snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

size_t sample_folder_count(const char *folder)
{
    size_t n = 0;
    DIR *listing = opendir(folder);
    ck_assert_ptr_nonnull(listing);
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        n += entry->d_name[0] != '.';
    }
    (void)closedir(listing);
    return n;
}
