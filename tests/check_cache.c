/* The caches of the choice suite: each policy decides as a slow model of it does; the steered one,
 * which has no model, is never better than the optimum and seldom worse than LRU. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "cache.h"
#include "cache_models.h"
#include "faulty_alloc.h"
#include "prop.h"
#include "random.h"

enum { CASES = 300, POLICIES = 7, KEYS_MOST = 48, CAPACITY_MOST = 30 };

/* Requests of a made trace, and its shapes. */
enum { REQUESTS = 100000, LOOP, SHORT_LOOP, ZIPF, DRIFT, ZIPF_AND_SCANS, PHASES, SWINGS };

static bool policy_decides_as_its_model(struct prop *p, size_t n);
static bool steered_is_a_cache(struct prop *p, size_t n);
static bool agrees(struct prop *p, const struct cache_policy_ops *policy, const uint64_t *keys,
                   size_t n, size_t capacity);
static const uint64_t *draw_requests(struct prop *p, size_t n);
static uint64_t misses(const char *name, const uint64_t *keys, size_t n, size_t capacity);
static uint64_t *make_requests(int shape, size_t capacity);
static uint64_t make_request(int shape, size_t i, size_t capacity, uint64_t *state);
static uint64_t zipf(uint64_t keys, uint64_t *state);

static const char *const modelled[POLICIES] = {"lru",       "sieve", "s3-fifo", "arc",
                                               "w-tinylfu", "lirs",  "optimum"};

START_TEST(policies__decide_as_their_models)
{
    prop_check("policy_decides_as_its_model", policy_decides_as_its_model, _i, 1, 400);
}
END_TEST

START_TEST(hunch__is_a_cache)
{
    prop_check("steered_is_a_cache", steered_is_a_cache, _i, 1, 2000);
}
END_TEST

/* Loops, popularity with and without scans, and changes from one to the other are what it is for.
 * Swings, forth and back over half as many keys again as fit, are what LRU is best at, nobody
 * better; a small cache has no copies that would show it. */
static const struct {
    int shape;
    size_t capacity;
    double most; /* misses, in units of LRU's */
} bounds[] = {
    {LOOP, 30, 0.5},   {LOOP, 500, 0.5},   {SHORT_LOOP, 30, 1.0},      {SHORT_LOOP, 500, 1.0},
    {ZIPF, 30, 0.95},  {ZIPF, 500, 0.95},  {ZIPF_AND_SCANS, 30, 0.95}, {ZIPF_AND_SCANS, 500, 0.95},
    {DRIFT, 30, 1.0},  {DRIFT, 500, 1.0},  {PHASES, 30, 0.9},          {PHASES, 500, 0.9},
    {SWINGS, 30, 1.9}, {SWINGS, 500, 1.2},
};

START_TEST(hunch__is_not_far_behind_lru)
{
    const size_t capacity = bounds[_i].capacity;
    uint64_t *keys = make_requests(bounds[_i].shape, capacity);
    const uint64_t lru = misses("lru", keys, REQUESTS, capacity);
    const uint64_t ours = misses("hunch", keys, REQUESTS, capacity);
    free(keys);
    ck_assert_msg((double)ours <= bounds[_i].most * (double)lru,
                  "shape %d, %zu objects: %" PRIu64 " misses, LRU has %" PRIu64, bounds[_i].shape,
                  capacity, ours, lru);
}
END_TEST

/* With rewards that belong to other choices, or with choices at random, it is worse; and no length
 * of the small queue that is held fixed does for what LRU is good at and for what it is not. */
START_TEST(hunch__learns_what_its_rewards_say)
{
    uint64_t *scans = make_requests(ZIPF_AND_SCANS, 500);
    uint64_t *swings = make_requests(SWINGS, 500);
    const uint64_t learned = misses("hunch", scans, REQUESTS, 500);
    ck_assert_uint_lt(learned, misses("hunch-reward-shuffled", scans, REQUESTS, 500));
    ck_assert_uint_lt(learned, misses("hunch-uniform", scans, REQUESTS, 500));
    const uint64_t swung = misses("hunch", swings, REQUESTS, 500);
    ck_assert_uint_lt(3 * swung, 2 * misses("hunch-fixed-5%", swings, REQUESTS, 500));
    ck_assert_uint_lt(learned, misses("hunch-fixed-50%", scans, REQUESTS, 500));
    free(scans);
    free(swings);
}
END_TEST

START_TEST(policies__survive_failing_allocations)
{
    const uint64_t keys[] = {1, 2, 3, 1};
    const struct cache_policy_ops *policy = cache_policies[_i];
    for (uint64_t k = 1;; k++) {
        struct faulty_alloc memory;
        void *cache = NULL;
        faulty_alloc_begin(&memory, k, FAULTY_ONCE);
        const hunch_status status = policy->make(&cache, 100, keys, 4, &memory.allocator, NULL);
        ck_assert_int_eq(status, memory.failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        ck_assert(memory.failed == 0 || cache == NULL);
        if (cache != NULL) {
            ck_assert_uint_gt(policy->bytes(cache), 4 * sizeof(uint64_t));
        }
        policy->free(cache);
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "%s, allocation %" PRIu64 ": %s", policy->name, k, wrong);
        if (memory.failed == 0) {
            break;
        }
    }
}
END_TEST

START_TEST(policies__have_their_own_names)
{
    for (size_t i = 0; cache_policies[i] != NULL; i++) {
        ck_assert_ptr_eq(cache_policy_find(cache_policies[i]->name), cache_policies[i]);
    }
    for (size_t i = 0; cache_ablations[i] != NULL; i++) {
        ck_assert_ptr_eq(cache_policy_find(cache_ablations[i]->name), cache_ablations[i]);
    }
    ck_assert_ptr_null(cache_policy_find("no such policy"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cache");
    TCase *models = tcase_create("models");
    TCase *steered = tcase_create("steered");
    tcase_add_loop_test(models, policies__decide_as_their_models, 0, CASES);
    tcase_add_loop_test(models, policies__survive_failing_allocations, 0, POLICIES + 1);
    tcase_add_test(models, policies__have_their_own_names);
    suite_add_tcase(suite, models);
    tcase_add_loop_test(steered, hunch__is_a_cache, 0, CASES / 3);
    tcase_add_loop_test(steered, hunch__is_not_far_behind_lru, 0,
                        (int)(sizeof bounds / sizeof *bounds));
    tcase_add_test(steered, hunch__learns_what_its_rewards_say);
    tcase_set_timeout(steered, 60);
    suite_add_tcase(suite, steered);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static bool policy_decides_as_its_model(struct prop *p, size_t n)
{
    const size_t capacity = 1 + prop_below(p, CAPACITY_MOST);
    const uint64_t *keys = draw_requests(p, n);
    for (size_t i = 0; i < POLICIES; i++) {
        if (!agrees(p, cache_policy_find(modelled[i]), keys, n, capacity)) {
            return false;
        }
    }
    return true;
}

static bool agrees(struct prop *p, const struct cache_policy_ops *policy, const uint64_t *keys,
                   size_t n, size_t capacity)
{
    model_access *access = model_find(policy->name);
    struct model *model = prop_alloc(p, sizeof *model);
    void *cache = NULL;
    memset(model, 0, sizeof *model);
    model->capacity = capacity;
    model->future = keys;
    model->requests = n;
    PROP_ASSERT(p, policy->make(&cache, capacity, keys, n, NULL, NULL) == HUNCH_OK, "make");
    size_t differ = n;
    for (size_t i = 0; i < n && differ == n; i++) {
        differ = policy->access(cache, keys[i]) == access(model, keys[i]) ? n : i;
    }
    policy->free(cache);
    PROP_ASSERT(p, differ == n, "%s, %zu objects: request %zu for key %" PRIu64, policy->name,
                capacity, differ, keys[differ]);
    return true;
}

/* Never a hit before the first request, always one right after; not below the optimum, so it holds
 * no more objects than it may; twice the same. */
static bool steered_is_a_cache(struct prop *p, size_t n)
{
    const struct cache_policy_ops *policy = cache_policy_find("hunch");
    const size_t capacity = 1 + prop_below(p, CAPACITY_MOST);
    const uint64_t *keys = draw_requests(p, n);
    bool seen[KEYS_MOST] = {false};
    void *cache = NULL;
    uint64_t missed = 0;
    bool phantom = false;
    bool lost = false;
    PROP_ASSERT(p, policy->make(&cache, capacity, NULL, 0, NULL, NULL) == HUNCH_OK, "make");
    for (size_t i = 0; i < n; i++) {
        const bool hit = policy->access(cache, keys[i]);
        phantom = phantom || (hit && !seen[keys[i]]);
        lost = lost || (i > 0 && keys[i - 1] == keys[i] && !hit);
        seen[keys[i]] = true;
        missed += !hit;
    }
    policy->free(cache);
    PROP_ASSERT(p, !phantom && !lost, "%s", phantom ? "a hit too early" : "an object was lost");
    PROP_ASSERT(p, missed >= misses("optimum", keys, n, capacity), "better than the optimum");
    PROP_ASSERT(p, missed == misses("hunch", keys, n, capacity), "not the same again");
    return true;
}

/* Pieces of loops, of a few keys, and of any keys. */
static const uint64_t *draw_requests(struct prop *p, size_t n)
{
    uint64_t *keys = prop_alloc(p, n * sizeof *keys);
    const uint64_t range = 1 + prop_below(p, KEYS_MOST);
    uint64_t loop = 1;
    uint64_t kind = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || prop_below(p, 50) == 0) {
            kind = prop_below(p, 3);
            loop = 1 + prop_below(p, range);
        }
        keys[i] = kind == 0 ? i % loop : prop_below(p, kind == 1 ? loop : range);
    }
    return keys;
}

static uint64_t misses(const char *name, const uint64_t *keys, size_t n, size_t capacity)
{
    const struct cache_policy_ops *policy = cache_policy_find(name);
    uint64_t count = 0;
    void *cache = NULL;
    ck_assert_int_eq(policy->make(&cache, capacity, keys, n, NULL, NULL), HUNCH_OK);
    for (size_t i = 0; i < n; i++) {
        count += !policy->access(cache, keys[i]);
    }
    policy->free(cache);
    return count;
}

static uint64_t *make_requests(int shape, size_t capacity)
{
    uint64_t *keys = malloc(REQUESTS * sizeof *keys);
    uint64_t state = 1;
    ck_assert_ptr_nonnull(keys);
    for (size_t i = 0; i < REQUESTS; i++) {
        keys[i] = make_request(shape, i, capacity, &state);
    }
    return keys;
}

static uint64_t make_request(int shape, size_t i, size_t capacity, uint64_t *state)
{
    const uint64_t fresh = (uint64_t)1 << 40;
    const size_t phase = i / (10 * capacity);
    const size_t swing = 3 * capacity / 2;
    switch (shape) {
    case LOOP:
        return i % (capacity * 5 / 4);
    case SHORT_LOOP:
        return i % (capacity * 9 / 10);
    case ZIPF:
        return zipf(10 * capacity, state);
    case DRIFT:
        return i / 50 + zipf(10 * capacity, state);
    case ZIPF_AND_SCANS:
        return i / capacity % 3 == 2 ? fresh + i : zipf(10 * capacity, state);
    case PHASES:
        return phase % 2 == 1 ? fresh + i % (capacity * 5 / 4)
                              : phase * 10 * fresh + zipf(2 * capacity, state);
    default:
        return i % (2 * swing) < swing ? i % swing : swing - 1 - i % swing;
    }
}

/* About as 1 / rank: the logarithm of the rank is uniform. */
static uint64_t zipf(uint64_t keys, uint64_t *state)
{
    const double u = (double)(hunch__splitmix64(state) >> 11) * 0x1p-53;
    return (uint64_t)exp(u * log((double)keys)) - 1;
}
