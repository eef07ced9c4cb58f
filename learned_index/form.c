/* What the learned forms have in common: parts, and where look-ups go. */
#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "bits.h"
#include "diag.h"
#include "internal.h"

static hunch_status build_learned(hunch_index *index, const hunch_index_options *options,
                                  hunch_diag *diag);
static hunch_status build_tree(hunch_index *index, const hunch_index_options *options,
                               hunch_diag *diag);
static size_t rounded(size_t size);

const struct hunch__form *hunch__form_of(uint64_t kind)
{
    switch (kind) {
    case HUNCH_INDEX_CELLS:
        return &hunch__cells_form;
    case HUNCH_INDEX_BLOCKS:
        return &hunch__blocks_form;
    case HUNCH_INDEX_SEGMENTS:
        return &hunch__segments_form;
    default:
        return NULL;
    }
}

hunch_status hunch__index_form(hunch_index *index, const uint64_t *keys, size_t n,
                               const hunch_index_options *options, hunch_diag *diag)
{
    HUNCH_ASSERT(options->kind != HUNCH_INDEX_AUTO);
    hunch__index_drop(index);
    index->tree.keys = keys;
    index->tree.n = n;
    /* Too few keys to learn from: what was asked for is what the classic does at least as well. */
    const bool learns = options->kind != HUNCH_INDEX_STREE && n >= HUNCH__LEARNED_MIN;
    hunch_status status =
        learns ? build_learned(index, options, diag) : build_tree(index, options, diag);
    if (status != HUNCH_OK) {
        hunch__index_drop(index);
        return status;
    }
    index->trusted = 1;
    hunch__index_aim(index);
    return HUNCH_OK;
}

void hunch__index_drop(hunch_index *index)
{
    for (uint32_t i = 0; i < index->parts; i++) {
        hunch__free(&index->allocator, index->part[i].owned, rounded(index->part[i].size),
                    HUNCH__CACHE_LINE);
    }
    index->parts = 0;
    hunch__free(&index->allocator, index->owned, index->inner_bytes, HUNCH__CACHE_LINE);
    index->owned = NULL;
    index->inner = NULL;
    index->inner_bytes = 0;
    index->packed_nodes = 0;
    index->table_bits = 0;
    index->learned_bound = NULL;
}

size_t hunch__index_bytes(const hunch_index *index)
{
    size_t bytes = sizeof *index + index->inner_bytes;
    for (uint32_t i = 0; i < index->parts; i++) {
        bytes += rounded(index->part[i].size);
    }
    return bytes;
}

void hunch__index_aim(hunch_index *index)
{
    const struct hunch__kernels *kernels = index->kernels;
    const size_t router = index->shape[HUNCH__SHAPE_ROUTER] - 1;
    index->learned_bound = NULL;
    if (!index->trusted) {
        return;
    }
    switch (index->kind) {
    case HUNCH_INDEX_CELLS:
        index->learned_bound = kernels->cells_lower_bound;
        break;
    case HUNCH_INDEX_BLOCKS:
        index->learned_bound = kernels->blocks_lower_bound[router];
        break;
    case HUNCH_INDEX_SEGMENTS:
        index->learned_bound = kernels->segments_lower_bound[router];
        break;
    default:
        break;
    }
}

void *hunch__model_new(hunch_index *index, uint32_t id, enum hunch__element type, uint64_t count,
                       hunch_diag *diag)
{
    HUNCH_ASSERT(index->parts < HUNCH__MODEL_PARTS);
    const size_t element = type == HUNCH__U8 ? 1 : type == HUNCH__U32 ? 4 : 8;
    uint64_t bytes;
    unsigned char *owned = NULL;
    if (hunch__mul(count, element, &bytes) && bytes < SIZE_MAX / 2) {
        owned = hunch__alloc(&index->allocator, rounded(bytes), HUNCH__CACHE_LINE);
    }
    if (owned == NULL) {
        (void)hunch__fail(diag, HUNCH_ENOMEM, id, "no %llu elements for the model",
                          (unsigned long long)count);
        return NULL;
    }
    memset(owned + bytes, 0, rounded(bytes) - bytes);
    index->part[index->parts++] = (struct hunch__part_of_model){
        .id = id, .type = type, .bytes = owned, .size = bytes, .owned = owned};
    return owned;
}

const struct hunch__part_of_model *hunch__model_part(const hunch_index *index, uint32_t id)
{
    for (uint32_t i = 0; i < index->parts; i++) {
        if (index->part[i].id == id) {
            return &index->part[i];
        }
    }
    return NULL;
}

void hunch__learned_keys(struct hunch__learned *learned, const uint64_t *keys, size_t n)
{
    HUNCH_ASSERT(n >= HUNCH__LEARNED_MIN);
    learned->keys = keys;
    learned->n = n;
    learned->low = keys[0];
    learned->range = keys[n - 1] - keys[0];
}

static hunch_status build_learned(hunch_index *index, const hunch_index_options *options,
                                  hunch_diag *diag)
{
    const struct hunch__form *form = hunch__form_of(options->kind);
    index->kind = options->kind;
    memset(index->shape, 0, sizeof index->shape);
    memset(&index->learned, 0, sizeof index->learned);
    index->learned.fallbacks = &index->fallbacks;
    hunch__learned_keys(&index->learned, index->tree.keys, index->tree.n);
    index->learned.lead = hunch__lead_of(index->tree.keys, index->tree.n);
    index->shape[HUNCH__SHAPE_KIND] = options->kind;
    index->shape[HUNCH__SHAPE_N] = index->tree.n;
    index->shape[HUNCH__SHAPE_LEAD] = index->learned.lead;
    hunch_status status = form->build(index, options, diag);
    if (status == HUNCH_OK) {
        status = form->place(index, diag);
        HUNCH_ASSERT(status == HUNCH_OK);
        HUNCH_ASSERT_DEEP(form->validate(index, NULL) == HUNCH_OK);
    }
    return status;
}

static hunch_status build_tree(hunch_index *index, const hunch_index_options *options,
                               hunch_diag *diag)
{
    struct hunch__stree_shape shape = {.keys = index->tree.keys,
                                       .n = index->tree.n,
                                       .lead = hunch__lead_of(index->tree.keys, index->tree.n),
                                       .node_keys = options->node_keys};
    index->kind = HUNCH_INDEX_STREE;
    memset(index->shape, 0, sizeof index->shape);
    hunch__stree_plan_table(&shape);
    hunch__stree_set_shape(index, &shape);
    hunch_status status = hunch__stree_fill(index, diag);
    HUNCH_ASSERT_DEEP(status != HUNCH_OK || hunch__stree_validate(index, NULL) == HUNCH_OK);
    return status;
}

/* Whole lines, at least one. */
static size_t rounded(size_t size)
{
    return (size_t)hunch__align_up(size > 0 ? size : 1, HUNCH__CACHE_LINE);
}
