/* The index that the tests of files look at. */
#define _POSIX_C_SOURCE 200809L /* posix_memalign */
#include "index_sample.h"

#include <stdlib.h>
#include <string.h>

#include "memdisk.h"
#include "oracle.h"
#include "random.h"

static struct index_sample allocated(size_t n, size_t offset);

struct index_sample index_sample_new(size_t n, size_t offset)
{
    const struct index_sample sample = allocated(n, offset);
    uint64_t key = 0;
    for (size_t i = 0; i < n; i++) {
        sample.keys[i] = key;
        key += hunch__mix64(i) >> (20 + hunch__mix64(~(uint64_t)i) % 44);
    }
    if (n > 1) {
        sample.keys[n - 1] = UINT64_MAX;
    }
    SAMPLE_CHECK(oracle_is_sorted(sample.keys, n));
    return sample;
}

struct index_sample index_sample_new_even(size_t n, size_t offset)
{
    const struct index_sample sample = allocated(n, offset);
    for (size_t i = 0; i < n; i++) {
        sample.keys[i] = 1000000 + 10 * i + hunch__mix64(i) % 10;
    }
    return sample;
}

void index_sample_free(struct index_sample sample)
{
    free(sample.block);
}

hunch_index *index_sample_build(struct index_sample sample, uint32_t node_keys, const hunch_io *io)
{
    const hunch_index_options options = {
        .struct_size = sizeof options, .node_keys = node_keys, .io = io};
    hunch_index *index = NULL;
    hunch_diag diag = {.text = ""};
    if (hunch_index_build(&index, sample.keys, sample.n, &options, &diag) != HUNCH_OK) {
        ck_abort_msg("%zu keys, nodes of %u: %s", sample.n, node_keys, diag.text);
    }
    return index;
}

void index_sample_save(struct index_sample sample, uint32_t node_keys, const hunch_io *io,
                       const char *path)
{
    hunch_index *index = index_sample_build(sample, node_keys, io);
    hunch_diag diag = {.text = ""};
    if (hunch_index_save(index, path, &diag) != HUNCH_OK) {
        ck_abort_msg("%zu keys, nodes of %u: %s", sample.n, node_keys, diag.text);
    }
    hunch_index_free(index);
}

struct sample_bytes index_sample_saved(struct index_sample sample, uint32_t node_keys)
{
    const hunch_index_options options = {.struct_size = sizeof options, .node_keys = node_keys};
    return index_sample_saved_as(sample, &options);
}

struct sample_bytes index_sample_file(size_t n, uint32_t node_keys)
{
    const struct index_sample sample = index_sample_new(n, INDEX_SAMPLE_OFFSET);
    const struct sample_bytes bytes = index_sample_saved(sample, node_keys);
    index_sample_free(sample);
    return bytes;
}

struct sample_bytes index_sample_saved_as(struct index_sample sample,
                                          const hunch_index_options *options)
{
    struct memdisk *disk = memdisk_new();
    hunch_index_options given = *options;
    hunch_index *index = NULL;
    hunch_diag diag = {.text = ""};
    size_t size = 0;
    given.io = memdisk_io(disk);
    if (hunch_index_build(&index, sample.keys, sample.n, &given, &diag) != HUNCH_OK ||
        hunch_index_save(index, "index", &diag) != HUNCH_OK) {
        ck_abort_msg("%zu keys: %s", sample.n, diag.text);
    }
    const unsigned char *saved = memdisk_get(disk, "index", &size);
    const struct sample_bytes bytes = sample_copy(saved, size);
    hunch_index_free(index);
    memdisk_free(disk);
    return bytes;
}

/* Keys that are not set yet. */
static struct index_sample allocated(size_t n, size_t offset)
{
    void *block = NULL;
    SAMPLE_CHECK(posix_memalign(&block, 128, (offset + n) * sizeof(uint64_t)) == 0);
    memset(block, 0xA5, offset * sizeof(uint64_t));
    return (struct index_sample){.block = block, .keys = (uint64_t *)block + offset, .n = n};
}
