/* The index as a file: sections of lib/format's container, searched where they are mapped. */
#include <string.h>

#include "asserts.h"
#include "diag.h"
#include "internal.h"

/* Sections; README.md describes them. Numbers are never used again for something else. */
enum { SECTION_SHAPE = 1, SECTION_KEYS = 2, SECTION_INNER = 3 };

/* The shape section: u64 each. */
enum {
    SHAPE_KIND,
    SHAPE_N,
    SHAPE_LEAD,
    SHAPE_NODE_KEYS,
    SHAPE_TABLE_BITS,
    SHAPE_TABLE_SHIFT,
    SHAPE_COUNT
};

static hunch_status adopt(hunch_index *index, const void *bytes, uint64_t size, hunch_diag *diag);
static hunch_status check_shape(const uint64_t *shape, uint64_t count, hunch_diag *diag);
static hunch_status wrong_count(const char *section, uint64_t found, uint64_t expected,
                                hunch_diag *diag);

hunch_status hunch_index_save(const hunch_index *index, const char *path, hunch_diag *diag)
{
    HUNCH_ASSERT(index != NULL && path != NULL);
    const struct hunch__stree *tree = &index->tree;
    const uint64_t shape[SHAPE_COUNT] = {
        [SHAPE_KIND] = HUNCH_INDEX_STREE,
        [SHAPE_N] = tree->n,
        [SHAPE_LEAD] = tree->lead,
        [SHAPE_NODE_KEYS] = tree->node_keys,
        [SHAPE_TABLE_BITS] = index->table_bits,
        [SHAPE_TABLE_SHIFT] = tree->table_shift,
    };
    /* The lead is written too, as zeros: so groups lie on lines in the file as in memory. */
    const struct hunch__part parts[] = {
        {SECTION_SHAPE, HUNCH__U64, 0, shape, sizeof shape},
        {SECTION_KEYS, HUNCH__U64, tree->lead * sizeof *tree->keys, tree->keys,
         tree->n * sizeof *tree->keys},
        {SECTION_INNER, HUNCH__U64, 0, index->inner, index->inner_bytes},
    };
    return hunch__container_write(path, HUNCH__KIND_INDEX, parts, sizeof parts / sizeof parts[0],
                                  index->io, &index->allocator, diag);
}

hunch_status hunch_index_open(hunch_index **out, const char *path,
                              const hunch_index_options *options, hunch_diag *diag)
{
    HUNCH_ASSERT(out != NULL && path != NULL);
    uint32_t node_keys = 0;
    hunch_status status = hunch__index_new(out, &node_keys, options, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    hunch_index *index = *out;
    status = hunch__mapping_open(&index->mapping, path, index->io, diag);
    if (status == HUNCH_OK) {
        status = adopt(index, index->mapping.bytes, index->mapping.size, diag);
    }
    if (status != HUNCH_OK) {
        hunch_index_free(index);
        *out = NULL;
    }
    return status;
}

hunch_status hunch_index_open_bytes(hunch_index **out, const void *bytes, size_t n,
                                    const hunch_index_options *options, hunch_diag *diag)
{
    HUNCH_ASSERT(out != NULL && (bytes != NULL || n == 0));
    uint32_t node_keys = 0;
    hunch_status status = hunch__index_new(out, &node_keys, options, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    status = adopt(*out, bytes, n, diag);
    if (status != HUNCH_OK) {
        hunch_index_free(*out);
        *out = NULL;
    }
    return status;
}

hunch_status hunch_index_validate(const hunch_index *index, hunch_diag *diag)
{
    HUNCH_ASSERT(index != NULL);
    hunch_status status = HUNCH_OK;
    if (index->container.bytes != NULL) {
        status = hunch__container_validate(&index->container, diag);
    }
    if (status == HUNCH_OK) {
        status = hunch__keys_ascend(index->tree.keys, index->tree.n, HUNCH_ECORRUPT, diag);
    }
    if (status == HUNCH_OK) {
        status = hunch__stree_validate(index, diag);
    }
    return status;
}

/* Search the container in bytes[size] from now on. Everything that a search relies on for its
 * safety is checked here, in O(levels). */
static hunch_status adopt(hunch_index *index, const void *bytes, uint64_t size, hunch_diag *diag)
{
    uint64_t shape_count = 0;
    uint64_t key_count = 0;
    uint64_t inner_count = 0;
    hunch_status status =
        hunch__container_open(&index->container, bytes, size, HUNCH__KIND_INDEX, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    const uint64_t *shape =
        hunch__container_section(&index->container, SECTION_SHAPE, HUNCH__U64, &shape_count);
    const uint64_t *keys =
        hunch__container_section(&index->container, SECTION_KEYS, HUNCH__U64, &key_count);
    const uint64_t *inner =
        hunch__container_section(&index->container, SECTION_INNER, HUNCH__U64, &inner_count);
    if (shape == NULL || keys == NULL || inner == NULL) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "section %s is missing",
                           shape == NULL  ? "shape"
                           : keys == NULL ? "keys"
                                          : "inner");
    }
    status = check_shape(shape, shape_count, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    const uint64_t lead = shape[SHAPE_LEAD];
    if (key_count != lead + shape[SHAPE_N]) {
        return wrong_count("keys", key_count, lead + shape[SHAPE_N], diag);
    }
    hunch__stree_set_shape(index, &(struct hunch__stree_shape){
                                      .keys = keys + lead,
                                      .n = shape[SHAPE_N],
                                      .lead = lead,
                                      .node_keys = (uint32_t)shape[SHAPE_NODE_KEYS],
                                      .table_bits = (uint32_t)shape[SHAPE_TABLE_BITS],
                                      .table_shift = (uint32_t)shape[SHAPE_TABLE_SHIFT],
                                  });
    if (inner_count != index->inner_bytes / sizeof *inner) {
        return wrong_count("inner", inner_count, index->inner_bytes / sizeof *inner, diag);
    }
    hunch__stree_place(index, inner);
    return HUNCH_OK;
}

static hunch_status check_shape(const uint64_t *shape, uint64_t count, hunch_diag *diag)
{
    if (count < SHAPE_COUNT) {
        return wrong_count("shape", count, SHAPE_COUNT, diag);
    }
    if (shape[SHAPE_KIND] != HUNCH_INDEX_STREE) {
        return hunch__fail(diag, HUNCH_EVERSION, SHAPE_KIND,
                           "section shape: kind %llu is not known to this version",
                           (unsigned long long)shape[SHAPE_KIND]);
    }
    const uint64_t node_keys = shape[SHAPE_NODE_KEYS];
    if ((node_keys != 8 && node_keys != 16) || shape[SHAPE_LEAD] >= HUNCH__STREE_GROUP ||
        shape[SHAPE_N] > HUNCH__INDEX_KEYS_MAX) {
        return hunch__fail(diag, HUNCH_ECORRUPT, SHAPE_NODE_KEYS,
                           "section shape: nodes of %llu keys, lead %llu, %llu keys",
                           (unsigned long long)node_keys, (unsigned long long)shape[SHAPE_LEAD],
                           (unsigned long long)shape[SHAPE_N]);
    }
    const uint64_t table_bits_max = node_keys == 16 ? HUNCH__STREE_TABLE_BITS_MAX : 0;
    if (shape[SHAPE_TABLE_BITS] > table_bits_max ||
        shape[SHAPE_TABLE_SHIFT] > 64 - shape[SHAPE_TABLE_BITS] || shape[SHAPE_TABLE_SHIFT] > 63) {
        return hunch__fail(diag, HUNCH_ECORRUPT, SHAPE_TABLE_BITS,
                           "section shape: a table of 2^%llu cells, shift %llu",
                           (unsigned long long)shape[SHAPE_TABLE_BITS],
                           (unsigned long long)shape[SHAPE_TABLE_SHIFT]);
    }
    return HUNCH_OK;
}

static hunch_status wrong_count(const char *section, uint64_t found, uint64_t expected,
                                hunch_diag *diag)
{
    return hunch__fail(diag, HUNCH_ECORRUPT, found, "section %s: %llu numbers found, %llu expected",
                       section, (unsigned long long)found, (unsigned long long)expected);
}
