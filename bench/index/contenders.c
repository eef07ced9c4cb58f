/* The table of contenders. */
#include "contenders.h"

#ifndef HUNCH_HAVE_CXX
const struct index_contender index_std_lower_bound = {.name = "std-lower-bound", .absent = true};
#endif
#ifndef HUNCH_HAVE_ABSL
const struct index_contender index_absl_btree = {.name = "absl-btree", .absent = true};
#endif

const struct index_contender *const index_contenders[] = {
    &index_hunch,           &index_hunch_stree16, &index_hunch_stree8, &index_hunch_segments,
    &index_std_lower_bound, &index_branchless,    &index_eytzinger,    &index_absl_btree,
    &index_btree_pages,     &index_interpolation, &index_radix_binary, NULL,
};
