/* The tables of policies. */
#include "policies.h"

#include <string.h>

const struct cache_policy_ops *const cache_policies[] = {
    &cache_hunch,     &cache_lru,  &cache_sieve,   &cache_s3_fifo, &cache_arc,
    &cache_w_tinylfu, &cache_lirs, &cache_optimum, NULL,
};

const struct cache_policy_ops *const cache_ablations[] = {
    &cache_hunch_small_1,          &cache_hunch_small_5,
    &cache_hunch_small_20,         &cache_hunch_small_50,
    &cache_hunch_sizer_only,       &cache_hunch_judges_only,
    &cache_hunch_uniform,          &cache_hunch_reward_shuffled,
    &cache_hunch_context_shuffled, NULL,
};

static const struct cache_policy_ops *find(const struct cache_policy_ops *const *table,
                                           const char *name);

const struct cache_policy_ops *cache_policy_find(const char *name)
{
    const struct cache_policy_ops *policy = find(cache_policies, name);
    return policy != NULL ? policy : find(cache_ablations, name);
}

static const struct cache_policy_ops *find(const struct cache_policy_ops *const *table,
                                           const char *name)
{
    while (*table != NULL && strcmp((*table)->name, name) != 0) {
        table++;
    }
    return *table;
}
