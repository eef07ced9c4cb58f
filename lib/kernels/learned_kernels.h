/* The searches of the learned forms in one instruction set. Beside what stree_kernels.h asks for,
 * the includer defines
 *   rank16(keys, q)          how many of the u64 keys[16], ascending, are < q
 *   rank32_i16(line, q)      how many of the i16 line[32] are < q
 *   rank15_i32(line, q)      how many of the first 15 of the i32 line[16] are < q */

/* Keys that a batch may have on their way: more than the widest batch, and a power of two. */
#define LEARNED_RING  256
/* hunch_index_search's COUNT. */
#define LEARNED_COUNT 2u
/* Keys of a window whose lines are all asked for at once, and which are all compared. */
#define LEARNED_WHOLE 72u
#define LEARNED_FEW   16u

#include "learned_parts.h"

#include "route_search.h"

#include "cells_search.h"

#define ROUTE(f) route_cells_##f
#define NAME(f)  blocks_cells_##f
#include "blocks_search.h"
#undef NAME
#define NAME(f) segments_cells_##f
#include "segments_search.h"
#undef NAME
#undef ROUTE

#define ROUTE(f) route_tree_##f
#define NAME(f)  blocks_tree_##f
#include "blocks_search.h"
#undef NAME
#define NAME(f) segments_tree_##f
#include "segments_search.h"
#undef NAME
#undef ROUTE

#define ROUTE(f) route_lines_##f
#define NAME(f)  blocks_lines_##f
#include "blocks_search.h"
#undef NAME
#define NAME(f) segments_lines_##f
#include "segments_search.h"
#undef NAME
#undef ROUTE
