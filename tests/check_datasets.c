/* datasets/: what the generators make, and sets by name. */
#define _GNU_SOURCE /* setenv */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cascade.h"
#include "dataset.h"
#include "faulty_alloc.h"
#include "format_sample.h"
#include "generate.h"
#include "hash.h"
#include "manifest.h"
#include "oracle.h"
#include "prop.h"
#include "random.h"
#include "real.h"
#include "segments.h"
#include "sort.h"
#include "sosd.h"
#include "space_curve.h"
#include "suite.h"
#include "test_memory.h"
#include "variates.h"

enum { MILLION = 1000000 };

/* The bytes of a million keys, on every machine and for ever. */
static const struct golden {
    const char *generator;
    uint64_t seed;
    uint64_t xxh3;
} goldens[] = {
    {"uniform", 0, 0x783d455720aba999},       {"uniform", 1, 0xe1ccee8c449f2bff},
    {"lognormal", 0, 0x606cc7157b8a819a},     {"dense", 0, 0x86cd74fdbe48bdec},
    {"duplicates", 0, 0xb6ede3226e9374a8},    {"duplicates(100)", 0, 0x9475e0c19c9bc2ef},
    {"cascade(1.0)", 0, 0x51ab2acd29f27772},  {"cascade(1.0)", 1, 0x61c5077ac39ec7b8},
    {"cascade(0.3)", 0, 0xd8210859011ee9b9},  {"pareto(0.5)", 0, 0x68cbbe14cb42a831},
    {"outliers", 0, 0xff74b87414ee7b0b},      {"normal", 0, 0x3cb0657898c953bd},
    {"sparse", 0, 0x22d5cd0aa8d6d667},        {"log_seconds", 0, 0x8df001010d12be0a},
    {"log_us", 0, 0xa07e1782d7766d81},        {"log_us(1000)", 0, 0xce6f0123685c33fe},
    {"log_composite", 0, 0x4634a7b662e7492c}, {"powers", 0, 0x8f56badab0e34584},
    {"two_slopes", 0, 0x23d53ae758f4ea68},    {"edges", 0, 0xedfdff25e035dd13},
};

static struct key_list made(const char *generator, size_t n);
static size_t distinct(const uint64_t *keys, size_t n);
static void check_hardness(const char *generator, size_t eps, double expected, double tolerance);
static void check_binomial(uint64_t n, uint64_t p);
static uint64_t hilbert_by_quadrants(unsigned order, uint64_t x, uint64_t y);
static double ulps(double a, double b);
static void check_set(const struct dataset *set, const char *name, size_t n, const char *note);

START_TEST(generators__make_the_same_keys_for_ever)
{
    struct key_list list;
    const struct golden *g = &goldens[_i];
    ck_assert_int_eq(hunch__generate(&list, g->generator, MILLION, g->seed, NULL, NULL), HUNCH_OK);
    ck_assert_uint_eq(list.n, MILLION);
    ck_assert(oracle_is_sorted(list.keys, list.n));
    uint64_t xxh3 = hunch__xxh3(list.keys, list.n * sizeof *list.keys);
    ck_assert_msg(xxh3 == g->xxh3, "%s, seed %" PRIu64 ": 0x%016" PRIx64, g->generator, g->seed,
                  xxh3);
    hunch__key_list_free(&list);
}
END_TEST

START_TEST(generators__all_have_a_golden)
{
    size_t count;
    const struct generator *all = hunch__generators(&count);
    for (size_t i = 0; i < count; i++) {
        size_t found = 0;
        for (size_t j = 0; j < sizeof goldens / sizeof goldens[0]; j++) {
            found += strncmp(goldens[j].generator, all[i].name, strlen(all[i].name)) == 0;
        }
        ck_assert_msg(found > 0, "%s", all[i].name);
    }
}
END_TEST

START_TEST(generators__make_as_few_as_are_asked_for)
{
    size_t count;
    const struct generator *all = hunch__generators(&count);
    for (size_t n = 0; n < 70; n++) {
        struct key_list list = made(all[_i].name, n);
        ck_assert_uint_eq(list.n, n);
        ck_assert_ptr_nonnull(list.keys);
        hunch__key_list_free(&list);
    }
}
END_TEST

START_TEST(generators__distinct_ones_are_distinct)
{
    static const char *const names[] = {"uniform", "dense", "cascade(1.0)", "pareto", "outliers"};
    struct key_list list = made(names[_i], MILLION);
    ck_assert_uint_eq(distinct(list.keys, list.n), MILLION);
    hunch__key_list_free(&list);
}
END_TEST

START_TEST(generators__longest_run_is_as_asked)
{
    static const size_t longest[] = {1, 2, 1000, 400000};
    char name[40];
    (void)snprintf(name, sizeof name, "duplicates(%zu)", longest[_i]);
    struct key_list list = made(name, MILLION);
    size_t most = 0;
    for (size_t i = 0; i < list.n; i = oracle_upper_bound(list.keys, list.n, list.keys[i])) {
        size_t end = oracle_upper_bound(list.keys, list.n, list.keys[i]);
        most = end - i > most ? end - i : most;
    }
    ck_assert_uint_eq(most, longest[_i]);
    hunch__key_list_free(&list);
}
END_TEST

START_TEST(generators__refuse_what_they_do_not_know)
{
    static const struct {
        const char *text;
        hunch_status status;
    } bad[] = {
        {"zipf", HUNCH_ENOENT},          {"", HUNCH_ENOENT},
        {"(1)", HUNCH_ENOENT},           {"cascad", HUNCH_ENOENT},
        {"cascade(", HUNCH_EINVAL},      {"cascade()", HUNCH_EINVAL},
        {"cascade(1.01)", HUNCH_EINVAL}, {"cascade(nan)", HUNCH_EINVAL},
        {"cascade(-1)", HUNCH_EINVAL},   {"cascade(0.5) ", HUNCH_EINVAL},
        {"uniform(1)", HUNCH_EINVAL},    {"duplicates(0)", HUNCH_EINVAL},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct key_list list;
        hunch_diag diag = {0};
        hunch_status status = hunch__generate(&list, bad[i].text, 10, 0, NULL, &diag);
        ck_assert_msg(status == bad[i].status, "'%s': %d", bad[i].text, status);
        ck_assert_int_eq(diag.status, status);
        ck_assert_ptr_null(list.keys);
    }
}
END_TEST

START_TEST(generators__memory_failing_at_every_call)
{
    size_t count;
    const struct generator *all = hunch__generators(&count);
    uint64_t failed = 1;
    for (uint64_t k = 1; failed > 0; k++) {
        struct key_list list;
        struct faulty_alloc memory;
        faulty_alloc_begin(&memory, k, FAULTY_ONCE);
        hunch_status status =
            hunch__generate(&list, all[_i].name, 5000, 0, &memory.allocator, NULL);
        hunch__key_list_free(&list);
        const char *wrong = faulty_alloc_end(&memory);
        failed = memory.failed;
        ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
    }
}
END_TEST

/* The figures of real sets that the cascade imitates: a coast line at every error bound, and
 * k-mers. Uniform keys are known to take 1/3690 and 1/14085 lines a key. */
START_TEST(generators__are_as_hard_as_they_say)
{
    check_hardness("cascade(1.0)", 8, 23634, 0.03);
    check_hardness("cascade(1.0)", 32, 5823, 0.03);
    check_hardness("cascade(1.0)", 128, 1439, 0.05);
    check_hardness("cascade(0.3)", 32, 1766, 0.04);
    check_hardness("pareto(0.5)", 32, 7637, 0.03);
    check_hardness("uniform", 32, 271, 0.05);
    check_hardness("uniform", 64, 71, 0.10);
}
END_TEST

START_TEST(cascade__fills_all_there_is_room_for)
{
    uint64_t keys[64];
    for (size_t n = 0; n <= 64; n++) {
        hunch__cascade(keys, n, 6, 1, n);
        ck_assert_uint_eq(distinct(keys, n), n);
        ck_assert(n == 0 || (oracle_is_sorted(keys, n) && keys[n - 1] < 64));
    }
}
END_TEST

START_TEST(real__exp_and_log_are_near_those_of_libm)
{
    uint64_t state = 1;
    for (size_t i = 0; i < MILLION / 10; i++) {
        double x = (hunch__unit(hunch__splitmix64(&state)) - 0.5) * 1400;
        SUITE_ASSERT(ulps(hunch__exp(x), exp(x)) <= 2);
        double y = exp(x);
        SUITE_ASSERT(fabs(hunch__log(y) - log(y)) <= 2 * 0x1p-52 * fmax(1, fabs(log(y))));
    }
    ck_assert(hunch__exp(0) == 1 && hunch__log(1) == 0);
}
END_TEST

/* Mean and variance of 10^5 draws, each within five standard errors: a false alarm in 10^6 runs,
 * had the seed not been fixed. */
START_TEST(real__binomial_has_the_right_mean_and_variance)
{
    check_binomial(1, (uint64_t)1 << 31);
    check_binomial(7, (uint64_t)1 << 30);
    check_binomial(50, (uint64_t)3 << 30);
    check_binomial(1000000, 40000);
    check_binomial(1000, (uint64_t)1 << 31);
    check_binomial(100000000, (uint64_t)5 << 29);
    uint64_t state = 1;
    ck_assert_uint_eq(hunch__binomial(10, 0, &state), 0);
    ck_assert_uint_eq(hunch__binomial(10, (uint64_t)1 << 32, &state), 10);
    ck_assert_uint_eq(hunch__binomial(0, 5, &state), 0);
}
END_TEST

START_TEST(curves__agree_with_their_definitions)
{
    uint64_t state = 7;
    for (size_t i = 0; i < 10000; i++) {
        uint64_t both = hunch__splitmix64(&state) >> (i % 64);
        uint32_t x = (uint32_t)both;
        uint32_t y = (uint32_t)(both >> 32);
        uint64_t morton = 0;
        for (unsigned b = 0; b < 32; b++) {
            morton |= (uint64_t)(x >> b & 1) << (2 * b) | (uint64_t)(y >> b & 1) << (2 * b + 1);
        }
        SUITE_ASSERT(hunch__morton(x, y) == morton);
        SUITE_ASSERT(hunch__hilbert(x, y) == hilbert_by_quadrants(32, x, y));
    }
}
END_TEST

static bool sort_sorts(struct prop *p, size_t n)
{
    uint64_t *keys = prop_sorted_keys(p, n, PROP_ALL_KEYS);
    uint64_t *mixed = prop_alloc(p, n * sizeof *keys);
    for (size_t i = 0; i < n; i++) { /* inside-out shuffle */
        size_t j = (size_t)prop_below(p, i + 1);
        mixed[i] = mixed[j];
        mixed[j] = keys[i];
    }
    PROP_ASSERT(p, hunch__sort_keys(mixed, n, NULL, NULL) == HUNCH_OK, "no memory");
    PROP_ASSERT(p, n == 0 || memcmp(mixed, keys, n * sizeof *keys) == 0, "another order");
    size_t kept = hunch__drop_duplicates(mixed, n);
    PROP_ASSERT(p, kept == distinct(keys, n), "kept %zu", kept);
    PROP_ASSERT(p, distinct(mixed, kept) == kept, "one twice");
    return true;
}

START_TEST(sort__sorts_and_drops_repetitions)
{
    prop_check("sort_sorts", sort_sorts, _i, 0, 5000);
}
END_TEST

START_TEST(manifest__names_generators_that_exist)
{
    size_t count;
    const struct manifest_row *rows = hunch__manifest(&count);
    ck_assert_uint_gt(count, 0);
    for (size_t i = 0; i < count; i++) {
        const struct generator *g;
        double parameter;
        ck_assert_ptr_eq(hunch__manifest_find(rows[i].name), &rows[i]);
        ck_assert_uint_gt(strtoull(rows[i].n, NULL, 10), 0);
        ck_assert_ptr_nonnull(rows[i].recipe);
        ck_assert(strcmp(rows[i].form, "keys") != 0 || strcmp(rows[i].stand_in, "-") == 0 ||
                  hunch__generator_find(&g, &parameter, rows[i].stand_in, NULL) == HUNCH_OK);
    }
    ck_assert_ptr_null(hunch__manifest_find("no such set"));
}
END_TEST

START_TEST(dataset__is_found_in_the_nearest_place)
{
    char *near = memory_copy_text(sample_folder());
    char *far = memory_copy_text(sample_folder());
    uint64_t keys[] = {1, 2, 2, UINT64_MAX};
    struct dataset set;
    ck_assert_int_eq(setenv("HUNCH_DATA", far, 1), 0);
    ck_assert_int_eq(hunch__sosd_write(sample_path(near, "mine_uint64"), keys, 4, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch__sosd_write(sample_path(far, "mine.u64"), keys, 2, NULL), HUNCH_OK);

    ck_assert_int_eq(hunch__dataset_load(&set, "mine", 0, near, NULL, NULL), HUNCH_OK);
    check_set(&set, "mine", 4, "");
    ck_assert_int_eq(memcmp(set.keys, keys, sizeof keys), 0);
    ck_assert_uint_eq(set.xxh3, hunch__xxh3(keys, sizeof keys));
    hunch__dataset_free(&set);
    ck_assert_int_eq(hunch__dataset_load(&set, "mine", 3, near, NULL, NULL), HUNCH_OK);
    check_set(&set, "mine", 3, "at most its first 3 keys");
    hunch__dataset_free(&set);
    ck_assert_int_eq(hunch__dataset_load(&set, "mine", 0, NULL, NULL, NULL), HUNCH_OK);
    check_set(&set, "mine", 2, "");
    hunch__dataset_free(&set);
    sample_folder_remove(near);
    sample_folder_remove(far);
    free(near);
    free(far);
}
END_TEST

/* No recipe makes these two, so that they are in no cache. */
START_TEST(dataset__absent_is_generated_and_says_so)
{
    struct dataset set;
    hunch_diag diag;
    ck_assert_int_eq(unsetenv("HUNCH_DATA"), 0);
    ck_assert_int_eq(hunch__dataset_load(&set, "osm_node_ids_711k", 5000, NULL, NULL, NULL),
                     HUNCH_OK);
    check_set(&set, "osm_node_ids_711k", 5000, "generated stand-in: cascade(1.0), n 5000");
    hunch__dataset_free(&set);
    ck_assert_int_eq(hunch__dataset_load(&set, "cascade(0.5)", 5000, NULL, NULL, NULL), HUNCH_OK);
    check_set(&set, "cascade(0.5)", 5000, "generated");
    hunch__dataset_free(&set);
    ck_assert_int_eq(hunch__dataset_load(&set, "git_author_ts_dup_203k", 0, NULL, NULL, &diag),
                     HUNCH_ENOENT);
    ck_assert_int_eq(hunch__dataset_load(&set, "../etc", 0, "/", NULL, &diag), HUNCH_ENOENT);
    ck_assert_int_eq(hunch__dataset_load(&set, "cascade(2)", 0, NULL, NULL, &diag), HUNCH_EINVAL);
    hunch__dataset_free(&set);
}
END_TEST

START_TEST(dataset__damaged_names_its_file)
{
    const char *folder = sample_folder();
    uint64_t keys[] = {1, 3, 2};
    struct dataset set;
    hunch_diag diag;
    ck_assert_int_eq(hunch__sosd_write(sample_path(folder, "bad.u64"), keys, 3, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch__dataset_load(&set, "bad", 0, folder, NULL, &diag), HUNCH_ECORRUPT);
    ck_assert_str_eq(diag.text, "bad.u64: key 2 is 2, after 3: ascending keys expected");
    ck_assert_uint_eq(diag.at, 24);
    ck_assert_ptr_null(set.keys);
    ck_assert_int_eq(
        hunch__dataset_load_file(&set, sample_path(folder, "none.u64"), 0, NULL, &diag),
        HUNCH_ENOENT);
    sample_folder_remove(folder);
}
END_TEST

static struct key_list made(const char *generator, size_t n)
{
    struct key_list list;
    ck_assert_int_eq(hunch__generate(&list, generator, n, 0, NULL, NULL), HUNCH_OK);
    ck_assert(oracle_is_sorted(list.keys, list.n));
    return list;
}

static size_t distinct(const uint64_t *keys, size_t n)
{
    size_t count = n > 0;
    for (size_t i = 1; i < n; i++) {
        count += keys[i] != keys[i - 1];
    }
    return count;
}

/* `expected` segments a million keys. */
static void check_hardness(const char *generator, size_t eps, double expected, double tolerance)
{
    struct key_list list = made(generator, MILLION);
    double found = (double)segments_least(list.keys, list.n, eps);
    ck_assert_msg(fabs(found - expected) <= tolerance * expected, "%s, eps %zu: %g, not %g",
                  generator, eps, found, expected);
    hunch__key_list_free(&list);
}

static void check_binomial(uint64_t n, uint64_t p)
{
    enum { DRAWS = 100000 };
    uint64_t state = n;
    double probability = (double)p * 0x1p-32;
    double mean = (double)n * probability;
    double variance = mean * (1 - probability);
    double sum = 0;
    double squares = 0;
    for (size_t i = 0; i < DRAWS; i++) {
        uint64_t k = hunch__binomial(n, p, &state);
        SUITE_ASSERT(k <= n);
        double off = (double)k - mean;
        sum += off;
        squares += off * off;
    }
    /* The variance of a squared deviation is at most 2 variance^2 + variance. */
    double error = sqrt((2 * variance * variance + variance) / DRAWS);
    ck_assert_double_le(fabs(sum / DRAWS), 5 * sqrt(variance / DRAWS));
    ck_assert_double_le(fabs(squares / DRAWS - variance), 5 * error);
}

/* The curve as it is drawn: four half-sized ones, the first and the last turned over. */
static uint64_t hilbert_by_quadrants(unsigned order, uint64_t x, uint64_t y)
{
    if (order == 0) {
        return 0;
    }
    uint64_t half = (uint64_t)1 << (order - 1);
    uint64_t quarter = half * half;
    if (x < half) {
        return y < half ? hilbert_by_quadrants(order - 1, y, x)
                        : quarter + hilbert_by_quadrants(order - 1, x, y - half);
    }
    return y < half ? 3 * quarter + hilbert_by_quadrants(order - 1, half - 1 - y, 2 * half - 1 - x)
                    : 2 * quarter + hilbert_by_quadrants(order - 1, x - half, y - half);
}

static double ulps(double a, double b)
{
    return fabs(a - b) / (fabs(b) * 0x1p-52);
}

static void check_set(const struct dataset *set, const char *name, size_t n, const char *note)
{
    ck_assert_str_eq(set->name, name);
    ck_assert_uint_eq(set->n, n);
    ck_assert_str_eq(set->note, note);
    ck_assert(oracle_is_sorted(set->keys, set->n));
}

int main(void)
{
    Suite *suite = suite_create("datasets");
    TCase *cases = tcase_create("datasets");
    size_t generators;
    (void)hunch__generators(&generators);
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, generators__make_the_same_keys_for_ever, 0,
                        (int)(sizeof goldens / sizeof goldens[0]));
    tcase_add_test(cases, generators__all_have_a_golden);
    tcase_add_loop_test(cases, generators__make_as_few_as_are_asked_for, 0, (int)generators);
    tcase_add_loop_test(cases, generators__distinct_ones_are_distinct, 0, 5);
    tcase_add_loop_test(cases, generators__longest_run_is_as_asked, 0, 4);
    tcase_add_test(cases, generators__refuse_what_they_do_not_know);
    tcase_add_loop_test(cases, generators__memory_failing_at_every_call, 0, (int)generators);
    tcase_add_test(cases, generators__are_as_hard_as_they_say);
    tcase_add_test(cases, cascade__fills_all_there_is_room_for);
    tcase_add_test(cases, real__exp_and_log_are_near_those_of_libm);
    tcase_add_test(cases, real__binomial_has_the_right_mean_and_variance);
    tcase_add_test(cases, curves__agree_with_their_definitions);
    tcase_add_loop_test(cases, sort__sorts_and_drops_repetitions, 0, 60);
    tcase_add_test(cases, manifest__names_generators_that_exist);
    tcase_add_test(cases, dataset__is_found_in_the_nearest_place);
    tcase_add_test(cases, dataset__absent_is_generated_and_says_so);
    tcase_add_test(cases, dataset__damaged_names_its_file);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
