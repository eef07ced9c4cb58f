/* The policy `hunch`: a guided cache whose questions are answered by choosers. And what it is
 * compared with: the same with some or all of the learning taken away. */
#include <string.h>

#include "alloc.h"
#include "bits.h"
#include "diag.h"
#include "policies.h"
#include "sizer.h"

struct steered {
    struct guided *cache; /* owned */
    struct sizer sizer;
    hunch_allocator allocator;
};

/* What a variant takes away. */
struct variant {
    enum sizer_mode sizer;
    uint32_t arm;
    bool judged;
    enum judge_mode judges;
};

enum { SEED = 1, FIRST_ARM = 0 };

static hunch_status make(void **out, size_t capacity, const struct variant *variant,
                         const hunch_allocator *allocator, hunch_diag *diag);
static bool access_key(void *self, uint64_t key);
static size_t bytes(const void *self);
static void release(void *self);

/* Defines the policy NAME, called `called`, as the variant. */
#define STEERED(NAME, called, ...)                                                                 \
    static hunch_status make_##NAME(void **out, size_t capacity, const uint64_t *keys, size_t n,   \
                                    const hunch_allocator *allocator, hunch_diag *diag)            \
    {                                                                                              \
        static const struct variant variant = {__VA_ARGS__};                                       \
        (void)keys;                                                                                \
        (void)n;                                                                                   \
        return make(out, capacity, &variant, allocator, diag);                                     \
    }                                                                                              \
    const struct cache_policy_ops NAME = {                                                         \
        .name = called,                                                                            \
        .make = make_##NAME,                                                                       \
        .access = access_key,                                                                      \
        .bytes = bytes,                                                                            \
        .free = release,                                                                           \
    };

STEERED(cache_hunch, "hunch", SIZER_LEARNS, FIRST_ARM, true, JUDGE_LEARNS)
STEERED(cache_hunch_small_1, "hunch-fixed-1%", SIZER_FIXED, 1, false, JUDGE_CLASSIC)
STEERED(cache_hunch_small_5, "hunch-fixed-5%", SIZER_FIXED, 0, false, JUDGE_CLASSIC)
STEERED(cache_hunch_small_20, "hunch-fixed-20%", SIZER_FIXED, 2, false, JUDGE_CLASSIC)
STEERED(cache_hunch_small_50, "hunch-fixed-50%", SIZER_FIXED, 3, false, JUDGE_CLASSIC)
STEERED(cache_hunch_uniform, "hunch-uniform", SIZER_UNIFORM, FIRST_ARM, true, JUDGE_UNIFORM)
STEERED(cache_hunch_reward_shuffled, "hunch-reward-shuffled", SIZER_REWARDS_SHUFFLED, FIRST_ARM,
        true, JUDGE_REWARDS_SHUFFLED)
STEERED(cache_hunch_context_shuffled, "hunch-context-shuffled", SIZER_LEARNS, FIRST_ARM, true,
        JUDGE_CONTEXTS_SHUFFLED)
STEERED(cache_hunch_sizer_only, "hunch-sizer-only", SIZER_LEARNS, FIRST_ARM, false, JUDGE_CLASSIC)
STEERED(cache_hunch_judges_only, "hunch-judges-only", SIZER_FIXED, FIRST_ARM, true, JUDGE_LEARNS)

static hunch_status make(void **out, size_t capacity, const struct variant *variant,
                         const hunch_allocator *allocator, hunch_diag *diag)
{
    const hunch_allocator a = hunch__allocator_or_default(allocator);
    struct steered *steered = hunch__alloc(&a, sizeof *steered, HUNCH__CACHE_LINE);
    *out = NULL;
    if (steered == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for a cache of %zu objects", capacity);
    }
    memset(steered, 0, sizeof *steered);
    steered->allocator = a;
    const struct sizer_plan sizer = {variant->sizer, variant->arm, SEED};
    const struct guided_plan plan = {
        .judged = variant->judged,
        .mode = variant->judges,
        .small_share = sizer_shares[variant->arm],
        .seed = SEED + 1,
    };
    hunch_status status = guided_make(&steered->cache, capacity, &plan, &a, diag);
    if (status == HUNCH_OK) {
        status = sizer_open(&steered->sizer, capacity, &sizer, &a, diag);
    }
    if (status != HUNCH_OK) {
        release(steered);
        return status;
    }
    *out = steered;
    return HUNCH_OK;
}

static bool access_key(void *self, uint64_t key)
{
    struct steered *steered = self;
    const uint32_t hash = object_hash(key);
    double share = 0;
    const bool hit = guided_access(steered->cache, key, hash);
    if (sizer_request(&steered->sizer, key, hash, &share)) {
        guided_set_small_share(steered->cache, share);
    }
    return hit;
}

static size_t bytes(const void *self)
{
    const struct steered *steered = self;
    return sizeof *steered + guided_bytes(steered->cache) + sizer_bytes(&steered->sizer);
}

static void release(void *self)
{
    struct steered *steered = self;
    if (steered != NULL) {
        const hunch_allocator a = steered->allocator;
        sizer_close(&steered->sizer);
        guided_free(steered->cache);
        hunch__free(&a, steered, sizeof *steered, HUNCH__CACHE_LINE);
    }
}
