/* The policies, one a file. */
#ifndef HUNCH_BENCH_CHOICE_CACHE_POLICIES_H
#define HUNCH_BENCH_CHOICE_CACHE_POLICIES_H

#include "cache.h"

extern const struct cache_policy_ops cache_lru;
extern const struct cache_policy_ops cache_sieve;
extern const struct cache_policy_ops cache_s3_fifo;
extern const struct cache_policy_ops cache_arc;
extern const struct cache_policy_ops cache_w_tinylfu;
extern const struct cache_policy_ops cache_lirs;
extern const struct cache_policy_ops cache_optimum;

extern const struct cache_policy_ops cache_hunch;
extern const struct cache_policy_ops cache_hunch_small_1;
extern const struct cache_policy_ops cache_hunch_small_5;
extern const struct cache_policy_ops cache_hunch_small_20;
extern const struct cache_policy_ops cache_hunch_small_50;
extern const struct cache_policy_ops cache_hunch_sizer_only;
extern const struct cache_policy_ops cache_hunch_judges_only;
extern const struct cache_policy_ops cache_hunch_uniform;
extern const struct cache_policy_ops cache_hunch_reward_shuffled;
extern const struct cache_policy_ops cache_hunch_context_shuffled;

#endif
