/* Making an index, and looking inside. */
#include <stddef.h>
#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "atomics.h"
#include "diag.h"
#include "internal.h"
#include "io.h"
#include "options.h"
#include "parallel.h"

/* Nodes of 16 need half the memory of nodes of 8 and a level less. 64 keys in flight hide a miss,
 * 128 gain little more. hunch-bench index --profile full --case sweep */
#define NODE_KEYS_DEFAULT   16
#define BATCH_WIDTH_DEFAULT 64
#define BATCH_WIDTH_MIN     16
#define BATCH_WIDTH_MAX     128
#define EPS_MIN             4
#define EPS_MAX             65536
#define CELL_KEYS_MIN       4
#define CELL_KEYS_MAX       256

/* The options' first released layout; never changes. */
#define OPTIONS_FLOOR (offsetof(hunch_index_options, io) + sizeof(const hunch_io *))

/* What the threads that check the order work on. */
struct order {
    const uint64_t *keys;
    size_t wrong[HUNCH__THREADS_MAX]; /* first position of a part that is too small; 0: none */
};

static hunch_status check_options(const hunch_index_options *options, hunch_diag *diag);
static hunch_status check_range(const char *name, uint64_t value, uint64_t least, uint64_t most,
                                hunch_diag *diag);
static void check_order(void *order, unsigned part, size_t from, size_t to);
static uint64_t router_bytes(const hunch_index *index);

hunch_status hunch_index_build(hunch_index **out, const uint64_t *keys, size_t n,
                               const hunch_index_options *given, hunch_diag *diag)
{
    HUNCH_ASSERT(out != NULL && (keys != NULL || n == 0));
    hunch_index_options options;
    hunch_status status = hunch__index_new(out, &options, given, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    if (n > HUNCH__INDEX_KEYS_MAX || (uintptr_t)keys % sizeof *keys != 0) {
        status = hunch__fail(diag, HUNCH_EINVAL, 0, "keys: more than 2^38, or not aligned to 8");
        goto done;
    }
    status = hunch__keys_ascend(keys, n, options.threads, HUNCH_EINVAL, diag);
    if (status == HUNCH_OK) {
        status = options.kind == HUNCH_INDEX_AUTO
                     ? hunch__index_auto(*out, keys, n, &options, diag)
                     : hunch__index_form(*out, keys, n, &options, diag);
    }
done:
    if (status != HUNCH_OK) {
        hunch_index_free(*out);
        *out = NULL;
    }
    return status;
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
    static const char *const models[] = {
        [HUNCH_INDEX_STREE] = "stree",
        [HUNCH_INDEX_CELLS] = "cells",
        [HUNCH_INDEX_BLOCKS] = "blocks",
        [HUNCH_INDEX_SEGMENTS] = "segments",
    };
    const uint32_t known = sizeof *stats;
    const uint32_t size = stats->struct_size < known ? stats->struct_size : known;
    const bool tree = index->kind == HUNCH_INDEX_STREE;
    const bool segments = index->kind == HUNCH_INDEX_SEGMENTS;
    const bool routed = segments || index->kind == HUNCH_INDEX_BLOCKS;
    const uint64_t bytes = hunch__index_bytes(index);
    const hunch_index_stats all = {
        .struct_size = size,
        .kind = index->kind,
        .n = index->tree.n,
        .index_bytes = bytes,
        .levels = tree ? index->tree.levels : index->learned.router.levels,
        .node_keys = tree ? index->tree.node_keys : 0,
        .batch_width = index->batch_width,
        .router = routed ? (uint32_t)index->shape[HUNCH__SHAPE_ROUTER] : 0,
        .isa = index->kernels->name,
        .model = models[index->kind],
        .pieces = tree ? 0 : index->shape[HUNCH__SHAPE_PIECES],
        .eps = segments ? hunch__div_up(index->learned.window, 2) : 0,
        .router_bytes = router_bytes(index),
        .model_bytes = bytes - sizeof *index - router_bytes(index),
        /* const_cast in spirit: C11 loads take no const. */
        .fallbacks = hunch__load_relaxed(&((hunch_index *)(uintptr_t)index)->fallbacks),
        .search = segments ? index->learned.search : 0,
        .trusted = index->trusted,
        .tried = index->tried,
        .cell_keys =
            index->kind == HUNCH_INDEX_CELLS ? (uint32_t)index->shape[HUNCH__SHAPE_ASKED] : 0,
        .block_keys = index->kind == HUNCH_INDEX_BLOCKS
                          ? HUNCH__BLOCK_GROUPS << index->learned.group_bits
                          : 0,
        .key_type = index->key_type,
    };
    memcpy(stats, &all, size);
}

void hunch_index_free(hunch_index *index)
{
    if (index == NULL) {
        return;
    }
    const hunch_allocator allocator = index->allocator;
    hunch__index_drop(index);
    hunch__mapping_close(&index->mapping, index->io);
    hunch__free(&allocator, index->mapped_keys, index->tree.n * sizeof(uint64_t),
                HUNCH__CACHE_LINE);
    hunch__free(&allocator, index, sizeof *index, HUNCH__CACHE_LINE);
}

hunch_status hunch__index_new(hunch_index **out, hunch_index_options *options,
                              const hunch_index_options *given, hunch_diag *diag)
{
    *out = NULL;
    hunch_status status = hunch__index_options(options, given, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    const hunch_allocator allocator = hunch__allocator_or_default(options->allocator);
    hunch_index *index = hunch__alloc(&allocator, sizeof *index, HUNCH__CACHE_LINE);
    if (index == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no %zu bytes for the index", sizeof *index);
    }
    memset(index, 0, sizeof *index);
    index->kind = HUNCH_INDEX_STREE;
    index->kernels = hunch__kernels_get();
    index->batch_width = options->batch_width;
    index->key_type = options->key_type;
    index->learned.fallbacks = &index->fallbacks;
    index->allocator = allocator;
    index->io = hunch__io_or_default(options->io);
    *out = index;
    return HUNCH_OK;
}

hunch_status hunch__index_options(hunch_index_options *options, const hunch_index_options *given,
                                  hunch_diag *diag)
{
    hunch_status status = hunch__options_copy(options, sizeof *options, OPTIONS_FLOOR, given, diag);
    if (status == HUNCH_OK) {
        status = check_options(options, diag);
    }
    if (status == HUNCH_OK) {
        status = hunch__io_check(options->io, diag);
    }
    if (status == HUNCH_OK) {
        status = hunch__advisor_check(options->advisor, diag);
    }
    if (status != HUNCH_OK) {
        return status;
    }
    if (options->kind == HUNCH_INDEX_AUTO && options->node_keys != 0) {
        options->kind = HUNCH_INDEX_STREE;
    }
    options->struct_size = sizeof *options;
    options->node_keys = options->node_keys != 0 ? options->node_keys : NODE_KEYS_DEFAULT;
    options->batch_width = options->batch_width != 0 ? options->batch_width : BATCH_WIDTH_DEFAULT;
    options->threads = options->threads != 0 ? options->threads : 1;
    return HUNCH_OK;
}

hunch_status hunch__keys_ascend(const uint64_t *keys, size_t n, unsigned threads,
                                hunch_status status, hunch_diag *diag)
{
    struct order order = {.keys = keys};
    if (n == 0) {
        return HUNCH_OK;
    }
    hunch__parallel(threads, n, check_order, &order);
    for (unsigned i = 0; i < HUNCH__THREADS_MAX; i++) {
        if (order.wrong[i] != 0) {
            return hunch__fail(diag, status, order.wrong[i],
                               "keys: position %zu is smaller than the one before", order.wrong[i]);
        }
    }
    return HUNCH_OK;
}

/* No early end within a block: the loop is as fast as the memory. */
static void check_order(void *ctx, unsigned part, size_t from, size_t to)
{
    struct order *order = ctx;
    const uint64_t *keys = order->keys;
    for (size_t at = from > 0 ? from : 1; at < to;) {
        const size_t end = to - at > 4096 ? at + 4096 : to;
        unsigned falls = 0;
        for (size_t i = at; i < end; i++) {
            falls |= keys[i] < keys[i - 1];
        }
        for (; falls != 0; at++) {
            if (keys[at] < keys[at - 1]) {
                order->wrong[part] = at;
                return;
            }
        }
        at = end;
    }
}

static hunch_status check_options(const hunch_index_options *options, hunch_diag *diag)
{
    hunch_status status =
        check_range("kind", options->kind, HUNCH_INDEX_STREE, HUNCH_INDEX_SEGMENTS, diag);
    if (status == HUNCH_OK && options->node_keys != 0 && options->node_keys != 8 &&
        options->node_keys != 16) {
        status = hunch__fail(diag, HUNCH_EINVAL, options->node_keys,
                             "options: node_keys is %u, 8 or 16 expected", options->node_keys);
    }
    if (status == HUNCH_OK && options->key_type > HUNCH_INDEX_F64) {
        status = hunch__fail(diag, HUNCH_EVERSION, options->key_type,
                             "options: key_type is %u, which this library does not know",
                             options->key_type);
    }
    if (status == HUNCH_OK && options->block_keys != 0 && options->block_keys != 256 &&
        options->block_keys != 512) {
        status = hunch__fail(diag, HUNCH_EINVAL, options->block_keys,
                             "options: block_keys is %u, 256 or 512 expected", options->block_keys);
    }
    const struct {
        const char *name;
        uint64_t value, least, most;
    } ranges[] = {
        {"batch_width", options->batch_width, BATCH_WIDTH_MIN, BATCH_WIDTH_MAX},
        {"router", options->router, HUNCH_INDEX_ROUTER_CELLS, HUNCH_INDEX_ROUTER_LINES},
        {"search", options->search, HUNCH_INDEX_SEARCH_HALVE, HUNCH_INDEX_SEARCH_COUNT},
        {"eps", options->eps, EPS_MIN, EPS_MAX},
        {"cell_keys", options->cell_keys, CELL_KEYS_MIN, CELL_KEYS_MAX},
        {"workload", options->workload, HUNCH_INDEX_SINGLE, HUNCH_INDEX_BATCHED},
        {"threads", options->threads, 1, HUNCH__THREADS_MAX},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0] && status == HUNCH_OK; i++) {
        status =
            check_range(ranges[i].name, ranges[i].value, ranges[i].least, ranges[i].most, diag);
    }
    return status;
}

/* 0 is the default of every option. */
static hunch_status check_range(const char *name, uint64_t value, uint64_t least, uint64_t most,
                                hunch_diag *diag)
{
    if (value != 0 && (value < least || value > most)) {
        return hunch__fail(diag, HUNCH_EINVAL, value, "options: %s is %llu, %llu to %llu expected",
                           name, (unsigned long long)value, (unsigned long long)least,
                           (unsigned long long)most);
    }
    return HUNCH_OK;
}

/* What leads to a piece: edges and what stands above them. */
static uint64_t router_bytes(const hunch_index *index)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < index->parts; i++) {
        const uint32_t id = index->part[i].id;
        const bool routes = id >= HUNCH__SECTION_TOP && id <= HUNCH__SECTION_LINES;
        bytes += routes ? index->part[i].size : 0;
    }
    return bytes;
}
