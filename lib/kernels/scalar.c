/* Plain C: the specification that the other tables must equal, and the fallback. */
#include "kernels.h"
#include "tables.h"

static size_t count_less(const uint64_t *keys, size_t n, uint64_t key)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += keys[i] < key;
    }
    return count;
}

static size_t rank_packed(const uint32_t *node, uint32_t key)
{
    size_t count = 0;
    for (size_t i = 0; i < 15; i++) {
        count += node[i] < key;
    }
    return count;
}

#define STREE_KEYS            8
#define STREE_RANK(node, q)   count_less((node), 7, (q))
#define STREE_RANK8(group, q) count_less((group), 8, (q))
#define STREE_NAME(f)         stree8_##f
#define STREE_TARGET
#include "stree_search.h"

#define STREE_KEYS            16
#define STREE_RANK(node, q)   count_less((node), 15, (q))
#define STREE_RANK8(group, q) count_less((group), 8, (q))
#define STREE_RANK_PACKED     rank_packed
#define STREE_NAME(f)         stree16_##f
#define STREE_TARGET
#include "stree_search.h"

const struct hunch__kernels hunch__kernels_scalar = {
    .name = "scalar",
    .count_less = count_less,
    .stree_lower_bound = {stree8_lower_bound, stree16_lower_bound},
    .stree_lower_bound_batch = {stree8_lower_bound_batch, stree16_lower_bound_batch},
};
