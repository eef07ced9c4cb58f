/* The index as its users see it. */
#include <stddef.h>
#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "diag.h"
#include "internal.h"
#include "io.h"
#include "options.h"

/* Nodes of 16 need half the memory of nodes of 8 and a level less. 64 keys in flight hide a miss,
 * 128 gain little more. hunch-bench index --profile full --case sweep */
#define NODE_KEYS_DEFAULT   16
#define BATCH_WIDTH_DEFAULT 64
#define BATCH_WIDTH_MIN     16
#define BATCH_WIDTH_MAX     128

/* The options' first released layout; never changes. */
#define OPTIONS_FLOOR (offsetof(hunch_index_options, io) + sizeof(const hunch_io *))

static hunch_status check_options(const hunch_index_options *options, hunch_diag *diag);
static size_t lead_of(const uint64_t *keys, size_t n);

hunch_status hunch_index_build(hunch_index **out, const uint64_t *keys, size_t n,
                               const hunch_index_options *options, hunch_diag *diag)
{
    HUNCH_ASSERT(out != NULL && (keys != NULL || n == 0));
    uint32_t node_keys = 0;
    hunch_status status = hunch__index_new(out, &node_keys, options, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    if (n > HUNCH__INDEX_KEYS_MAX || (uintptr_t)keys % sizeof *keys != 0) {
        status = hunch__fail(diag, HUNCH_EINVAL, 0, "keys: more than 2^38, or not aligned to 8");
        goto done;
    }
    status = hunch__keys_ascend(keys, n, HUNCH_EINVAL, diag);
    if (status != HUNCH_OK) {
        goto done;
    }
    struct hunch__stree_shape shape = {
        .keys = keys, .n = n, .lead = lead_of(keys, n), .node_keys = node_keys};
    hunch__stree_plan_table(&shape);
    hunch__stree_set_shape(*out, &shape);
    status = hunch__stree_fill(*out, diag);
    HUNCH_ASSERT_DEEP(status != HUNCH_OK || hunch__stree_validate(*out, NULL) == HUNCH_OK);
done:
    if (status != HUNCH_OK) {
        hunch_index_free(*out);
        *out = NULL;
    }
    return status;
}

size_t hunch_index_lower_bound(const hunch_index *index, uint64_t key)
{
    HUNCH_ASSERT(index != NULL);
    return index->lower_bound(&index->tree, key);
}

size_t hunch_index_upper_bound(const hunch_index *index, uint64_t key)
{
    return key == UINT64_MAX ? index->tree.n : hunch_index_lower_bound(index, key + 1);
}

void hunch_index_lower_bound_batch(const hunch_index *index, const uint64_t *keys, size_t n,
                                   size_t *positions)
{
    HUNCH_ASSERT(index != NULL && (n == 0 || (keys != NULL && positions != NULL)));
    HUNCH_ASSERT(n == 0 || (uintptr_t)(keys + n) <= (uintptr_t)positions ||
                 (uintptr_t)(positions + n) <= (uintptr_t)keys);
    index->kernels->stree_lower_bound_batch[index->tree.node_keys == 16](
        &index->tree, keys, n, index->batch_width, positions);
}

size_t hunch_index_count(const hunch_index *index)
{
    HUNCH_ASSERT(index != NULL);
    return index->tree.n;
}

const uint64_t *hunch_index_keys(const hunch_index *index)
{
    HUNCH_ASSERT(index != NULL);
    return index->tree.keys;
}

void hunch_index_read_stats(const hunch_index *index, hunch_index_stats *stats)
{
    HUNCH_ASSERT(index != NULL && stats != NULL && stats->struct_size >= sizeof(uint32_t));
    const uint32_t known = sizeof *stats;
    const uint32_t size = stats->struct_size < known ? stats->struct_size : known;
    const hunch_index_stats all = {
        .struct_size = size,
        .kind = HUNCH_INDEX_STREE,
        .n = index->tree.n,
        .index_bytes = sizeof *index + index->inner_bytes,
        .levels = index->tree.levels,
        .node_keys = index->tree.node_keys,
        .batch_width = index->batch_width,
        .isa = index->kernels->name,
    };
    memcpy(stats, &all, size);
}

void hunch_index_free(hunch_index *index)
{
    if (index == NULL) {
        return;
    }
    const hunch_allocator allocator = index->allocator;
    hunch__mapping_close(&index->mapping, index->io);
    hunch__free(&allocator, index->owned, index->inner_bytes, HUNCH__CACHE_LINE);
    hunch__free(&allocator, index, sizeof *index, HUNCH__CACHE_LINE);
}

hunch_status hunch__index_new(hunch_index **out, uint32_t *node_keys,
                              const hunch_index_options *given, hunch_diag *diag)
{
    hunch_index_options options;
    *out = NULL;
    hunch_status status = hunch__options_copy(&options, sizeof options, OPTIONS_FLOOR, given, diag);
    if (status == HUNCH_OK) {
        status = check_options(&options, diag);
    }
    if (status == HUNCH_OK) {
        status = hunch__io_check(options.io, diag);
    }
    if (status != HUNCH_OK) {
        return status;
    }
    const hunch_allocator allocator = hunch__allocator_or_default(options.allocator);
    hunch_index *index = hunch__alloc(&allocator, sizeof *index, HUNCH__CACHE_LINE);
    if (index == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no %zu bytes for the index", sizeof *index);
    }
    *index = (hunch_index){
        .kernels = hunch__kernels_get(),
        .batch_width = options.batch_width != 0 ? options.batch_width : BATCH_WIDTH_DEFAULT,
        .allocator = allocator,
        .io = hunch__io_or_default(options.io),
    };
    *node_keys = options.node_keys != 0 ? options.node_keys : NODE_KEYS_DEFAULT;
    *out = index;
    return HUNCH_OK;
}

hunch_status hunch__keys_ascend(const uint64_t *keys, size_t n, hunch_status status,
                                hunch_diag *diag)
{
    for (size_t i = 1; i < n; i++) {
        if (keys[i] < keys[i - 1]) {
            return hunch__fail(diag, status, i, "keys: position %zu is smaller than the one before",
                               i);
        }
    }
    return HUNCH_OK;
}

static hunch_status check_options(const hunch_index_options *options, hunch_diag *diag)
{
    if (options->kind > HUNCH_INDEX_STREE) {
        return hunch__fail(diag, HUNCH_EINVAL, options->kind, "options: kind %u is none",
                           options->kind);
    }
    if (options->node_keys != 0 && options->node_keys != 8 && options->node_keys != 16) {
        return hunch__fail(diag, HUNCH_EINVAL, options->node_keys,
                           "options: node_keys is %u, 8 or 16 expected", options->node_keys);
    }
    if (options->batch_width != 0 &&
        (options->batch_width < BATCH_WIDTH_MIN || options->batch_width > BATCH_WIDTH_MAX)) {
        return hunch__fail(diag, HUNCH_EINVAL, options->batch_width,
                           "options: batch_width is %u, %d to %d expected", options->batch_width,
                           BATCH_WIDTH_MIN, BATCH_WIDTH_MAX);
    }
    return HUNCH_OK;
}

/* Keys that the first group lacks, so that every other group is a cache line. */
static size_t lead_of(const uint64_t *keys, size_t n)
{
    const size_t group = HUNCH__STREE_GROUP;
    return n > group ? (uintptr_t)keys / sizeof *keys % group : 0;
}
