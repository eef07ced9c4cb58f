/* The index as a file: sections of lib/format's container, searched where they are mapped. */
#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "diag.h"
#include "internal.h"
#include "pages.h"

#define SAVED_PARTS_MAX (HUNCH__MODEL_PARTS + 4)

static size_t list_parts(const hunch_index *index, const uint64_t *shape,
                         const struct hunch__pages *pages, struct hunch__part *parts);
static void sort_parts(struct hunch__part *parts, size_t count);
static hunch_status open_over(hunch_index *index, const void *bytes, uint64_t size, bool verify,
                              hunch_diag *diag);
static hunch_status adopt(hunch_index *index, const void *bytes, uint64_t size, hunch_diag *diag);
static hunch_status adopt_keys(hunch_index *index, const uint64_t *shape, hunch_diag *diag);
static hunch_status adopt_tree(hunch_index *index, const uint64_t *shape, hunch_diag *diag);
static hunch_status adopt_model(hunch_index *index, const uint64_t *shape, uint64_t count,
                                hunch_diag *diag);
static hunch_status check_tree_shape(const uint64_t *shape, hunch_diag *diag);
static hunch_status wrong_count(const char *section, uint64_t found, uint64_t expected,
                                hunch_diag *diag);

hunch_status hunch_index_save(const hunch_index *index, const char *path, hunch_diag *diag)
{
    HUNCH_ASSERT(index != NULL && path != NULL);
    struct hunch__part parts[SAVED_PARTS_MAX];
    struct hunch__pages pages;
    uint64_t shape[HUNCH__SHAPE_COUNT];
    memcpy(shape, index->shape, sizeof shape);
    shape[HUNCH__SHAPE_KEY_TYPE] = index->key_type;
    if (index->kind == HUNCH_INDEX_STREE) {
        shape[HUNCH__SHAPE_KIND] = HUNCH_INDEX_STREE;
        shape[HUNCH__SHAPE_N] = index->tree.n;
        shape[HUNCH__SHAPE_LEAD] = index->tree.lead;
        shape[HUNCH__SHAPE_NODE_KEYS] = index->tree.node_keys;
        shape[HUNCH__SHAPE_TABLE_BITS] = index->table_bits;
        shape[HUNCH__SHAPE_TABLE_SHIFT] = index->tree.table_shift;
    }
    hunch_status status = hunch__pages_new(&pages, index->tree.keys, index->tree.n,
                                           shape[HUNCH__SHAPE_LEAD], &index->allocator, diag);
    if (status == HUNCH_OK) {
        const size_t count = list_parts(index, shape, &pages, parts);
        status = hunch__container_write(path, HUNCH__KIND_INDEX, parts, count, index->io,
                                        &index->allocator, diag);
    }
    hunch__pages_free(&pages);
    return status;
}

hunch_status hunch_index_open(hunch_index **out, const char *path, const hunch_index_options *given,
                              hunch_diag *diag)
{
    HUNCH_ASSERT(out != NULL && path != NULL);
    hunch_index_options options;
    hunch_status status = hunch__index_new(out, &options, given, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    hunch_index *index = *out;
    status = hunch__mapping_open(&index->mapping, path, index->io, diag);
    if (status == HUNCH_OK) {
        status =
            open_over(index, index->mapping.bytes, index->mapping.size, options.verify != 0, diag);
    }
    if (status != HUNCH_OK) {
        hunch_index_free(index);
        *out = NULL;
    }
    return status;
}

hunch_status hunch_index_open_bytes(hunch_index **out, const void *bytes, size_t n,
                                    const hunch_index_options *given, hunch_diag *diag)
{
    HUNCH_ASSERT(out != NULL && (bytes != NULL || n == 0));
    hunch_index_options options;
    hunch_status status = hunch__index_new(out, &options, given, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    status = open_over(*out, bytes, n, options.verify != 0, diag);
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
        status = hunch__pages_validate(index, diag); /* first: it knows the place better */
        if (status == HUNCH_OK) {
            status = hunch__container_validate(&index->container, diag);
        }
    }
    if (status == HUNCH_OK) {
        status = hunch__keys_ascend(index->tree.keys, index->tree.n, 1, HUNCH_ECORRUPT, diag);
    }
    if (status == HUNCH_OK) {
        const struct hunch__form *form = hunch__form_of(index->kind);
        status = form != NULL ? form->validate(index, diag) : hunch__stree_validate(index, diag);
    }
    return status;
}

/* All sections, ids ascending. */
static size_t list_parts(const hunch_index *index, const uint64_t *shape,
                         const struct hunch__pages *pages, struct hunch__part *parts)
{
    const bool tree = index->kind == HUNCH_INDEX_STREE;
    const uint64_t lead = shape[HUNCH__SHAPE_LEAD];
    size_t count = 0;
    parts[count++] = (struct hunch__part){HUNCH__SECTION_SHAPE, HUNCH__U64, 0, shape,
                                          HUNCH__SHAPE_COUNT * sizeof *shape};
    /* The lead is written too, as zeros: so groups lie on lines in the file as in memory. */
    parts[count++] = (struct hunch__part){HUNCH__SECTION_KEYS, HUNCH__U64, lead * sizeof(uint64_t),
                                          index->tree.keys, index->tree.n * sizeof(uint64_t)};
    if (tree) {
        parts[count++] = (struct hunch__part){HUNCH__SECTION_INNER, HUNCH__U64, 0, index->inner,
                                              index->inner_bytes};
    }
    for (uint32_t i = 0; i < index->parts; i++) {
        const struct hunch__part_of_model *part = &index->part[i];
        parts[count++] = (struct hunch__part){part->id, part->type, 0, part->bytes, part->size};
    }
    parts[count++] = (struct hunch__part){HUNCH__SECTION_PAGES, HUNCH__U64, 0, pages->hash,
                                          pages->count * sizeof *pages->hash};
    sort_parts(parts, count);
    return count;
}

/* By insertion: there are a dozen. */
static void sort_parts(struct hunch__part *parts, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct hunch__part moved = parts[i];
        size_t at = i;
        for (; at > 0 && parts[at - 1].id > moved.id; at--) {
            parts[at] = parts[at - 1];
        }
        parts[at] = moved;
    }
}

static hunch_status open_over(hunch_index *index, const void *bytes, uint64_t size, bool verify,
                              hunch_diag *diag)
{
    hunch_status status = adopt(index, bytes, size, diag);
    if (status != HUNCH_OK && verify && index->container.bytes != NULL) {
        /* What does not fit together may be damage that a checksum knows better. */
        hunch_diag damage;
        if (hunch__container_validate(&index->container, &damage) != HUNCH_OK) {
            return hunch__fail(diag, damage.status, damage.at, "%s", damage.text);
        }
    }
    if (status == HUNCH_OK && verify) {
        status = hunch_index_validate(index, diag);
        index->trusted = status == HUNCH_OK;
    }
    if (status == HUNCH_OK) {
        hunch__index_aim(index);
    }
    return status;
}

/* Search the container in bytes[size] from now on. Everything that a search relies on for its
 * safety is checked here, in time that does not depend on n. */
static hunch_status adopt(hunch_index *index, const void *bytes, uint64_t size, hunch_diag *diag)
{
    uint64_t count = 0;
    hunch_status status =
        hunch__container_open(&index->container, bytes, size, HUNCH__KIND_INDEX, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    const uint64_t *shape =
        hunch__container_section(&index->container, HUNCH__SECTION_SHAPE, HUNCH__U64, &count);
    if (shape == NULL) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "section shape is missing");
    }
    if (count < HUNCH__SHAPE_TREE_COUNT) {
        return wrong_count("shape", count, HUNCH__SHAPE_TREE_COUNT, diag);
    }
    const uint64_t kind = shape[HUNCH__SHAPE_KIND];
    if (kind != HUNCH_INDEX_STREE && hunch__form_of(kind) == NULL) {
        return hunch__fail(diag, HUNCH_EVERSION, HUNCH__SHAPE_KIND,
                           "section shape: kind %llu is not known to this version",
                           (unsigned long long)kind);
    }
    const uint64_t key_type = count > HUNCH__SHAPE_KEY_TYPE ? shape[HUNCH__SHAPE_KEY_TYPE] : 0;
    if (key_type > HUNCH_INDEX_F64) {
        return hunch__fail(diag, HUNCH_EVERSION, HUNCH__SHAPE_KEY_TYPE,
                           "section shape: keys of type %llu are not known to this version",
                           (unsigned long long)key_type);
    }
    index->kind = (uint32_t)kind;
    index->key_type = (uint32_t)key_type;
    status = adopt_keys(index, shape, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    return kind == HUNCH_INDEX_STREE ? adopt_tree(index, shape, diag)
                                     : adopt_model(index, shape, count, diag);
}

static hunch_status adopt_keys(hunch_index *index, const uint64_t *shape, hunch_diag *diag)
{
    uint64_t count = 0;
    const uint64_t *keys =
        hunch__container_section(&index->container, HUNCH__SECTION_KEYS, HUNCH__U64, &count);
    const uint64_t lead = shape[HUNCH__SHAPE_LEAD];
    const uint64_t n = shape[HUNCH__SHAPE_N];
    if (keys == NULL) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "section keys is missing");
    }
    if (lead >= HUNCH__STREE_GROUP || n > HUNCH__INDEX_KEYS_MAX) {
        return hunch__fail(diag, HUNCH_ECORRUPT, n, "section shape: lead %llu, %llu keys",
                           (unsigned long long)lead, (unsigned long long)n);
    }
    if (count != lead + n) {
        return wrong_count("keys", count, lead + n, diag);
    }
    index->tree.keys = keys + lead;
    index->tree.n = n;
    index->tree.lead = lead;
    return HUNCH_OK;
}

static hunch_status adopt_tree(hunch_index *index, const uint64_t *shape, hunch_diag *diag)
{
    uint64_t count = 0;
    const uint64_t *inner =
        hunch__container_section(&index->container, HUNCH__SECTION_INNER, HUNCH__U64, &count);
    if (inner == NULL) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "section inner is missing");
    }
    hunch_status status = check_tree_shape(shape, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    hunch__stree_set_shape(index, &(struct hunch__stree_shape){
                                      .keys = index->tree.keys,
                                      .n = index->tree.n,
                                      .lead = index->tree.lead,
                                      .node_keys = (uint32_t)shape[HUNCH__SHAPE_NODE_KEYS],
                                      .table_bits = (uint32_t)shape[HUNCH__SHAPE_TABLE_BITS],
                                      .table_shift = (uint32_t)shape[HUNCH__SHAPE_TABLE_SHIFT],
                                  });
    if (count != index->inner_bytes / sizeof *inner) {
        return wrong_count("inner", count, index->inner_bytes / sizeof *inner, diag);
    }
    hunch__stree_place(index, inner);
    return HUNCH_OK;
}

static hunch_status adopt_model(hunch_index *index, const uint64_t *shape, uint64_t count,
                                hunch_diag *diag)
{
    static const struct {
        uint32_t id;
        enum hunch__element type;
        uint32_t element;
    } known[] = {
        {HUNCH__SECTION_TOP, HUNCH__U64, 8},        {HUNCH__SECTION_FIRST, HUNCH__U32, 4},
        {HUNCH__SECTION_EDGES, HUNCH__U64, 8},      {HUNCH__SECTION_LINE_KEYS, HUNCH__U64, 8},
        {HUNCH__SECTION_LINES, HUNCH__U64, 8},      {HUNCH__SECTION_SEPARATORS, HUNCH__U32, 4},
        {HUNCH__SECTION_BOUNDARIES, HUNCH__U32, 4}, {HUNCH__SECTION_SEGMENTS, HUNCH__U64, 8},
        {HUNCH__SECTION_HEADERS, HUNCH__U64, 8},    {HUNCH__SECTION_CORRECTIONS, HUNCH__U8, 1},
    };
    if (count < HUNCH__SHAPE_LEARNED_COUNT) {
        return wrong_count("shape", count, HUNCH__SHAPE_LEARNED_COUNT, diag);
    }
    if (index->tree.n < HUNCH__LEARNED_MIN) {
        return hunch__fail(diag, HUNCH_ECORRUPT, index->tree.n,
                           "section shape: %zu keys are too few", index->tree.n);
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint64_t elements = 0;
        const void *bytes =
            hunch__container_section(&index->container, known[i].id, known[i].type, &elements);
        if (bytes != NULL && index->parts < HUNCH__MODEL_PARTS) {
            index->part[index->parts++] =
                (struct hunch__part_of_model){.id = known[i].id,
                                              .type = known[i].type,
                                              .bytes = bytes,
                                              .size = elements * known[i].element};
        }
    }
    memcpy(index->shape, shape, HUNCH__SHAPE_LEARNED_COUNT * sizeof *shape);
    hunch__learned_keys(&index->learned, index->tree.keys, index->tree.n);
    index->learned.lead = index->tree.lead;
    return hunch__form_of(index->kind)->place(index, diag);
}

static hunch_status check_tree_shape(const uint64_t *shape, hunch_diag *diag)
{
    const uint64_t node_keys = shape[HUNCH__SHAPE_NODE_KEYS];
    if (node_keys != 8 && node_keys != 16) {
        return hunch__fail(diag, HUNCH_ECORRUPT, HUNCH__SHAPE_NODE_KEYS,
                           "section shape: nodes of %llu keys", (unsigned long long)node_keys);
    }
    const uint64_t bits = shape[HUNCH__SHAPE_TABLE_BITS];
    const uint64_t shift = shape[HUNCH__SHAPE_TABLE_SHIFT];
    if (bits > (node_keys == 16 ? HUNCH__STREE_TABLE_BITS_MAX : 0) || shift > 64 - bits ||
        shift > 63) {
        return hunch__fail(diag, HUNCH_ECORRUPT, HUNCH__SHAPE_TABLE_BITS,
                           "section shape: a table of 2^%llu cells, shift %llu",
                           (unsigned long long)bits, (unsigned long long)shift);
    }
    return HUNCH_OK;
}

static hunch_status wrong_count(const char *section, uint64_t found, uint64_t expected,
                                hunch_diag *diag)
{
    return hunch__fail(diag, HUNCH_ECORRUPT, found, "section %s: %llu numbers found, %llu expected",
                       section, (unsigned long long)found, (unsigned long long)expected);
}
