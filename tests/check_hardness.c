/* How hard keys are: in one pass or in pieces, over distinct keys. */
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "faulty_alloc.h"
#include "hardness.h"
#include "prop.h"
#include "segments.h"
#include "suite.h"
#include "test_memory.h"

static const uint32_t bounds[] = {0, 1, 8, 32, 128};
enum { BOUNDS = sizeof bounds / sizeof bounds[0] };

static struct hunch__hardness measured(const uint64_t *keys, size_t n);
static bool is_same(const struct hunch__hardness *a, const struct hunch__hardness *b);

static bool agrees_with_the_plain_way(struct prop *p, size_t n)
{
    const uint64_t *keys = prop_sorted_keys(p, n, PROP_ALL_KEYS);
    uint64_t *kept = prop_alloc(p, n * sizeof *kept);
    size_t distinct = 0;
    size_t longest = 0;
    for (size_t i = 0, run = 0; i < n; i++) {
        run = i > 0 && keys[i] == keys[i - 1] ? run + 1 : 1;
        longest = run > longest ? run : longest;
        if (run == 1) {
            kept[distinct++] = keys[i];
        }
    }
    const struct hunch__hardness found = measured(keys, n);
    PROP_ASSERT(p, found.n == n && found.distinct == distinct, "%" PRIu64 " distinct",
                found.distinct);
    PROP_ASSERT(p, found.longest_run == longest, "longest run %" PRIu64, found.longest_run);
    for (size_t i = 0; i < BOUNDS; i++) {
        PROP_ASSERT(p, found.segments[i] == segments_least(kept, distinct, bounds[i]),
                    "eps %u: %" PRIu64 " segments", bounds[i], found.segments[i]);
    }
    return true;
}

START_TEST(hardness__agrees_with_the_plain_way)
{
    prop_check("agrees_with_the_plain_way", agrees_with_the_plain_way, _i, 0, 3000);
}
END_TEST

static bool in_pieces_is_as_at_once(struct prop *p, size_t n)
{
    const uint64_t *keys = prop_sorted_keys(p, n, PROP_ALL_KEYS);
    const struct hunch__hardness whole = measured(keys, n);
    struct hunch__hardness_meter meter;
    struct hunch__hardness found;
    hunch__hardness_begin(&meter, bounds, BOUNDS, hunch_allocator_default());
    for (size_t from = 0; from < n;) {
        const size_t piece = 1 + (size_t)prop_below(p, n - from);
        PROP_ASSERT(p, hunch__hardness_add(&meter, keys + from, piece, NULL) == HUNCH_OK, "add");
        from += piece;
    }
    PROP_ASSERT(p, hunch__hardness_end(&meter, &found, NULL) == HUNCH_OK, "end");
    PROP_ASSERT(p, is_same(&found, &whole), "another");
    return true;
}

START_TEST(hardness__in_pieces_is_as_at_once)
{
    prop_check("in_pieces_is_as_at_once", in_pieces_is_as_at_once, _i, 0, 3000);
}
END_TEST

START_TEST(hardness__tells_the_regimes_apart)
{
    enum { N = 1000000 };
    uint64_t *keys = memory_new(N * sizeof *keys);
    uint64_t key = 0;
    for (size_t i = 0; i < N; i++) {
        key += i / 10000 % 2 == 0 ? 1 : 1000; /* the rate changes a hundred times */
        keys[i] = key;
    }
    struct hunch__hardness found = measured(keys, N);
    ck_assert_double_lt(found.exponent, 0.1);
    ck_assert_uint_eq(found.bits, 29);
    for (size_t i = 0; i < N; i++) {
        keys[i] = i * i; /* a segment grows as the root of the bound */
    }
    found = measured(keys, N);
    ck_assert_double_eq_tol(found.exponent, 0.5, 0.02);
    free(keys);
}
END_TEST

START_TEST(hardness__of_few_keys)
{
    const uint64_t ends[] = {0, 0, UINT64_MAX};
    struct hunch__hardness found = measured(ends, 0);
    ck_assert_uint_eq(found.n + found.distinct + found.longest_run + found.bits, 0);
    ck_assert_uint_eq(found.segments[0], 0);
    ck_assert(isnan(found.exponent));
    found = measured(ends, 2);
    ck_assert_uint_eq(found.bits, 0);
    ck_assert_uint_eq(found.longest_run, 2);
    found = measured(ends, 3);
    ck_assert_uint_eq(found.bits, 64);
    ck_assert_uint_eq(found.segments[0], 1);
    ck_assert_double_eq(found.exponent, 0);
}
END_TEST

START_TEST(hardness__refuses_the_first_key_out_of_order)
{
    uint64_t keys[1000];
    for (size_t i = 0; i < 1000; i++) {
        keys[i] = i / 3 + 7;
    }
    for (size_t i = 1; i < 1000; i++) {
        struct hunch__hardness found;
        hunch_diag diag;
        const uint64_t was = keys[i];
        keys[i] = keys[i - 1] - 1;
        ck_assert_int_eq(hunch__hardness_measure(&found, keys, 1000, bounds, BOUNDS,
                                                 hunch_allocator_default(), &diag),
                         HUNCH_EINVAL);
        ck_assert_uint_eq(diag.at, i);
        keys[i] = was;
    }
}
END_TEST

START_TEST(hardness__memory_failing_at_every_call)
{
    uint64_t keys[2000];
    uint64_t failed = 1;
    for (size_t i = 0; i < 2000; i++) {
        keys[i] = i * i;
    }
    for (uint64_t k = 1; failed > 0; k++) {
        const uint32_t eps[] = {8, 100000, 100};
        struct faulty_alloc memory;
        struct hunch__hardness found;
        hunch_diag diag = {.text = ""};
        faulty_alloc_begin(&memory, k, FAULTY_ONCE);
        const hunch_status status =
            hunch__hardness_measure(&found, keys, 2000, eps, 3, &memory.allocator, &diag);
        failed = memory.failed;
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        ck_assert_int_eq(diag.status, status);
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
    }
}
END_TEST

static struct hunch__hardness measured(const uint64_t *keys, size_t n)
{
    struct hunch__hardness found;
    ck_assert_int_eq(
        hunch__hardness_measure(&found, keys, n, bounds, BOUNDS, hunch_allocator_default(), NULL),
        HUNCH_OK);
    return found;
}

static bool is_same(const struct hunch__hardness *a, const struct hunch__hardness *b)
{
    bool same = a->n == b->n && a->distinct == b->distinct && a->longest_run == b->longest_run &&
                a->bits == b->bits;
    for (size_t i = 0; i < BOUNDS; i++) {
        same = same && a->segments[i] == b->segments[i];
    }
    return same;
}

int main(void)
{
    Suite *suite = suite_create("hardness");
    TCase *cases = tcase_create("hardness");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, hardness__agrees_with_the_plain_way, 0, 100);
    tcase_add_loop_test(cases, hardness__in_pieces_is_as_at_once, 0, 100);
    tcase_add_test(cases, hardness__tells_the_regimes_apart);
    tcase_add_test(cases, hardness__of_few_keys);
    tcase_add_test(cases, hardness__refuses_the_first_key_out_of_order);
    tcase_add_test(cases, hardness__memory_failing_at_every_call);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
