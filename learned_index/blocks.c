/* The form BLOCKS: blocks of 256 or 512 keys, and a line of 32 separators of 16 bits in each.
 *
 * A group is a line of 8 keys, or two of 16. Its separator is f(its last key), where f(key) is the
 * distance from the edge before the block, shifted so that the block's own edge takes 16 bits. A
 * key q belongs right of a group when s < f(q): then q is larger than the group's last key,
 * exactly. Otherwise it may still be, where both are the same in 16 bits; then all keys of the
 * group turn out to be < q, and the look-up walks on. Short separators between two children are
 * those of Bayer and Unterauer, "Prefix B-trees", ACM TODS 2(1), 1977. */
#include <string.h>

#include "bits.h"
#include "diag.h"
#include "divide.h"
#include "parallel.h"
#include "router.h"

#define BLOCK_GROUPS HUNCH__BLOCK_GROUPS
/* log2 of the keys of a group: one line, and two. */
#define ONE_LINE     3u
#define TWO_LINES    4u
/* Keys of the wider blocks; a file says 0 of the others. */
#define WIDE         (BLOCK_GROUPS << TWO_LINES)

/* What the threads of a build work on. */
struct filling {
    const struct hunch__learned *learned;
    uint64_t *edges;
    int16_t *separators;
};

static hunch_status build(hunch_index *index, const hunch_index_options *options, hunch_diag *diag);
static hunch_status place(hunch_index *index, hunch_diag *diag);
static hunch_status validate(const hunch_index *index, hunch_diag *diag);
static size_t blocks_of(const struct hunch__learned *learned);
static uint64_t edge_of(const struct hunch__learned *learned, size_t block);
static void fill_edges(void *filling, unsigned part, size_t from, size_t to);
static void fill_separators(void *filling, unsigned part, size_t from, size_t to);
static void fill_block(const struct hunch__learned *learned, const uint64_t *edge, size_t block,
                       int16_t *separators);

const struct hunch__form hunch__blocks_form = {build, place, validate};

static hunch_status build(hunch_index *index, const hunch_index_options *options, hunch_diag *diag)
{
    index->learned.group_bits = options->block_keys == WIDE ? TWO_LINES : ONE_LINE;
    index->shape[HUNCH__SHAPE_ASKED] = options->block_keys == WIDE ? WIDE : 0;
    const size_t blocks = blocks_of(&index->learned);
    struct filling filling = {.learned = &index->learned};
    index->shape[HUNCH__SHAPE_PIECES] = blocks;
    index->shape[HUNCH__SHAPE_ROUTER] = options->router != HUNCH_INDEX_ROUTER_AUTO
                                            ? options->router
                                            : (uint32_t)HUNCH_INDEX_ROUTER_CELLS;
    hunch_status status = hunch__router_edges(index, blocks, &filling.edges, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    filling.separators = hunch__model_new(index, HUNCH__SECTION_SEPARATORS, HUNCH__U32,
                                          blocks * BLOCK_GROUPS / 2, diag);
    if (filling.separators == NULL) {
        return HUNCH_ENOMEM;
    }
    hunch__parallel(options->threads, blocks, fill_edges, &filling);
    hunch__parallel(options->threads, blocks, fill_separators, &filling);
    return hunch__router_build(index, filling.edges, blocks, diag);
}

static hunch_status place(hunch_index *index, hunch_diag *diag)
{
    const struct hunch__part_of_model *part = hunch__model_part(index, HUNCH__SECTION_SEPARATORS);
    const uint64_t keys = index->shape[HUNCH__SHAPE_ASKED];
    if (keys != 0 && keys != WIDE) {
        return hunch__fail(diag, HUNCH_ECORRUPT, keys, "section shape: blocks of %llu keys",
                           (unsigned long long)keys);
    }
    index->learned.group_bits = keys == WIDE ? TWO_LINES : ONE_LINE;
    const size_t blocks = blocks_of(&index->learned);
    if (index->shape[HUNCH__SHAPE_PIECES] != blocks || part == NULL ||
        part->size != blocks * BLOCK_GROUPS * sizeof(int16_t)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, blocks,
                           "section separators: not those of %zu blocks", blocks);
    }
    index->learned.separator = part->bytes;
    return hunch__router_place(index, blocks, diag);
}

static hunch_status validate(const hunch_index *index, hunch_diag *diag)
{
    const struct hunch__learned *learned = &index->learned;
    int16_t expected[BLOCK_GROUPS];
    for (size_t block = 0; block < learned->router.count; block++) {
        if (learned->router.edges[block] != edge_of(learned, block)) {
            return hunch__fail(diag, HUNCH_ECORRUPT, block,
                               "section edges: number %zu is not its block's last key", block);
        }
        fill_block(learned, learned->router.edges + block, block, expected);
        if (memcmp(expected, learned->separator + block * BLOCK_GROUPS, sizeof expected) != 0) {
            return hunch__fail(diag, HUNCH_ECORRUPT, block,
                               "section separators: block %zu does not fit its keys", block);
        }
    }
    return hunch__router_validate(index, diag);
}

static size_t blocks_of(const struct hunch__learned *learned)
{
    return (size_t)hunch__div_up(learned->n + learned->lead, BLOCK_GROUPS << learned->group_bits);
}

/* The last key of a block. */
static uint64_t edge_of(const struct hunch__learned *learned, size_t block)
{
    const uint64_t end =
        ((uint64_t)(block + 1) * BLOCK_GROUPS << learned->group_bits) - learned->lead;
    return learned->keys[(end < learned->n ? end : learned->n) - 1];
}

static void fill_edges(void *ctx, unsigned part, size_t from, size_t to)
{
    const struct filling *filling = ctx;
    (void)part;
    for (size_t block = from; block < to; block++) {
        filling->edges[block] = edge_of(filling->learned, block);
    }
}

static void fill_separators(void *ctx, unsigned part, size_t from, size_t to)
{
    const struct filling *filling = ctx;
    (void)part;
    for (size_t block = from; block < to; block++) {
        fill_block(filling->learned, filling->edges + block, block,
                   filling->separators + block * BLOCK_GROUPS);
    }
}

/* edge[-1] and edge[0] are the edges around the block. Groups beyond the keys end with the last. */
static void fill_block(const struct hunch__learned *learned, const uint64_t *edge, size_t block,
                       int16_t *separators)
{
    const uint64_t low = edge[-1];
    const unsigned scale = hunch__scale16(low, edge[0]);
    for (size_t i = 0; i < BLOCK_GROUPS; i++) {
        const uint64_t end =
            ((uint64_t)(block * BLOCK_GROUPS + i + 1) << learned->group_bits) - learned->lead;
        const uint64_t last = learned->keys[(end < learned->n ? end : learned->n) - 1];
        const uint16_t distance = (uint16_t)((last - low) >> scale);
        separators[i] = (int16_t)(distance ^ 0x8000u);
    }
}
