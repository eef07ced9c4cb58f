/* The table of one instruction set, with the search of stree_search.h for both node sizes.
 *
 * The includer defines TARGET, attributes that select the instruction set, KERNELS, the set's name,
 * and the functions
 *   count_less(keys, n, q)   how many of the u64 keys[n] are < q
 *   rank7of8(node, q)        how many of the first 7 of the u64 node[8] are < q
 *   rank8(group, q)          how many of the u64 group[8] are < q
 *   rank15of16(node, q)      how many of the first 15 of the u64 node[16] are < q
 *   rank_packed(node, t)     how many of the first 15 of the u32 node[16] are < t
 * and what learned_kernels.h asks for. */

#define STREE_KEYS    8
#define STREE_RANK    rank7of8
#define STREE_NAME(f) stree8_##f
#include "stree_search.h"

#define STREE_KEYS    16
#define STREE_RANK    rank15of16
#define STREE_NAME(f) stree16_##f
#include "stree_search.h"

#include "learned_kernels.h"

#define KERNELS_TEXT(name)    KERNELS_TEXT_2(name)
#define KERNELS_TEXT_2(name)  #name
#define KERNELS_TABLE(name)   KERNELS_TABLE_2(name)
#define KERNELS_TABLE_2(name) hunch__kernels_##name

/* A function of this set that has a file of its own: hunch__linear_scores_avx2. */
#define KERNELS_OTHER(f)         KERNELS_OTHER_2(f, KERNELS)
#define KERNELS_OTHER_2(f, name) KERNELS_OTHER_3(f, name)
#define KERNELS_OTHER_3(f, name) hunch__##f##_##name

const struct hunch__kernels KERNELS_TABLE(KERNELS) = {
    .name = KERNELS_TEXT(KERNELS),
    .count_less = count_less,
    .stree_lower_bound = {stree8_lower_bound, stree16_lower_bound},
    .stree_lower_bound_batch = {stree8_lower_bound_batch, stree16_lower_bound_batch},
    .cells_lower_bound = cells_lower_bound,
    .cells_lower_bound_batch = cells_lower_bound_batch,
    .blocks_lower_bound = {blocks_cells_lower_bound, blocks_tree_lower_bound,
                           blocks_lines_lower_bound},
    .blocks_lower_bound_batch = {blocks_cells_lower_bound_batch, blocks_tree_lower_bound_batch,
                                 blocks_lines_lower_bound_batch},
    .segments_lower_bound = {segments_cells_lower_bound, segments_tree_lower_bound,
                             segments_lines_lower_bound},
    .segments_lower_bound_batch = {segments_cells_lower_bound_batch,
                                   segments_tree_lower_bound_batch,
                                   segments_lines_lower_bound_batch},
    .linear_scores = KERNELS_OTHER(linear_scores),
    .linear_choose = KERNELS_OTHER(linear_choose),
    .explore = KERNELS_OTHER(explore),
    .explore_choose = KERNELS_OTHER(explore_choose),
    .mlp_scores = KERNELS_OTHER(mlp_scores),
    .mlp8_scores = KERNELS_OTHER(mlp8_scores),
    .f64_rank1 = KERNELS_OTHER(f64_rank1),
    .f64_dot = KERNELS_OTHER(f64_dot),
    .f64_axpy = KERNELS_OTHER(f64_axpy),
    .f32_matmul = KERNELS_OTHER(f32_matmul),
    .f32_adam = KERNELS_OTHER(f32_adam),
};
