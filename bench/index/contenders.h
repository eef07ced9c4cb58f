/* Every contender by name. A peer that was not found has `absent` set. */
#ifndef HUNCH_BENCH_INDEX_CONTENDERS_H
#define HUNCH_BENCH_INDEX_CONTENDERS_H

#include "contender.h"

HUNCH_API_BEGIN

extern const struct index_contender index_hunch;
extern const struct index_contender index_hunch_stree16;
extern const struct index_contender index_hunch_stree8;
extern const struct index_contender index_hunch_segments;
extern const struct index_contender index_hunch_within;
extern const struct index_contender index_std_lower_bound; /* bench/peers */
extern const struct index_contender index_branchless;
extern const struct index_contender index_eytzinger;
extern const struct index_contender index_absl_btree; /* bench/peers */
extern const struct index_contender index_btree_pages;
extern const struct index_contender index_interpolation;
extern const struct index_contender index_radix_binary;

HUNCH_API_END

#endif
