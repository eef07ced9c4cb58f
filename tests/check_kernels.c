/* lib/kernels: every table that this processor can run equals the scalar one and the oracle, and
 * HUNCH_ISA chooses. The searches of the tree are tested with the index.
 *
 * check_kernels --isa prints the name of the table in use; the tests run themselves so. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <hunch/version.h>

#include "kernels.h"
#include "oracle.h"
#include "prop.h"
#include "random.h"
#include "suite.h"

enum { LENGTHS = 258, OFFSETS = 8, AROUND = 8 };

static const char *const names[] = {"avx512", "avx2", "neon", "scalar"}; /* best first */
enum { NAMES = sizeof names / sizeof names[0] };

static const uint64_t extremes[] = {0,
                                    1,
                                    INT64_MAX - 1,
                                    INT64_MAX,
                                    (uint64_t)INT64_MAX + 1,
                                    (uint64_t)INT64_MAX + 2,
                                    UINT64_MAX - 1,
                                    UINT64_MAX};
enum { EXTREMES = sizeof extremes / sizeof extremes[0] };

static const char *best_name(void);
static void check_lengths(const struct hunch__kernels *kernels, size_t offset, uint64_t around);
static void check_count(const struct hunch__kernels *kernels, const uint64_t *keys, size_t n,
                        uint64_t query);
static uint64_t some_key(uint64_t *random);
static const char *isa_of_child(const char *forced);

START_TEST(kernels__a_table_is_complete_or_not_there)
{
    const struct hunch__kernels *kernels = hunch__kernels_find(names[_i]);
    if (kernels != NULL) {
        ck_assert_str_eq(kernels->name, names[_i]);
        ck_assert(kernels->count_less != NULL);
        for (int i = 0; i < 2; i++) {
            ck_assert(kernels->stree_lower_bound[i] != NULL);
            ck_assert(kernels->stree_lower_bound_batch[i] != NULL);
        }
    }
    ck_assert(kernels != NULL || strcmp(names[_i], "scalar") != 0);
}
END_TEST

START_TEST(kernels__no_other_name_is_a_table)
{
    static const char *const others[] = {"", "SCALAR", "scalar ", "avx", "avx5120", "sse2"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        ck_assert_ptr_null(hunch__kernels_find(others[i]));
    }
}
END_TEST

/* Every length, every misalignment, and around the keys either what would be counted or what would
 * not, so that one key too many or too few shows. */
START_TEST(kernels__count_less_equals_scalar)
{
    const struct hunch__kernels *kernels = hunch__kernels_find(names[_i / OFFSETS]);
    if (kernels != NULL) {
        check_lengths(kernels, (size_t)_i % OFFSETS, 0);
        check_lengths(kernels, (size_t)_i % OFFSETS, UINT64_MAX);
    }
}
END_TEST

/* Memory that ends with the keys: a sanitizer sees one read too many. */
static bool counts_like_the_oracle(struct prop *p, size_t n)
{
    const uint64_t *keys = prop_sorted_keys(p, n, PROP_ALL_KEYS);
    for (unsigned i = 0; i < 10; i++) {
        const uint64_t q = prop_query(p, keys, n);
        const size_t expected = oracle_lower_bound(keys, n, q);
        for (size_t j = 0; j < NAMES; j++) {
            const struct hunch__kernels *kernels = hunch__kernels_find(names[j]);
            PROP_ASSERT(p, kernels == NULL || kernels->count_less(keys, n, q) == expected,
                        "%s, key %" PRIu64, names[j], q);
        }
    }
    return true;
}

START_TEST(kernels__count_less_equals_the_oracle)
{
    prop_check("counts_like_the_oracle", counts_like_the_oracle, _i, 0, 3000);
}
END_TEST

START_TEST(isa__the_best_is_the_default)
{
    ck_assert_str_eq(isa_of_child(NULL), best_name());
}
END_TEST

START_TEST(isa__the_environment_forces_one_that_can_run)
{
    const bool runs = hunch__kernels_find(names[_i]) != NULL;
    ck_assert_str_eq(isa_of_child(names[_i]), runs ? names[_i] : best_name());
}
END_TEST

START_TEST(isa__an_unknown_one_is_ignored)
{
    static const char *const unknown[] = {"", "altivec", "Scalar", "avx2,avx512"};
    ck_assert_str_eq(isa_of_child(unknown[_i]), best_name());
}
END_TEST

static const char *best_name(void)
{
    size_t i = 0;
    while (hunch__kernels_find(names[i]) == NULL) {
        i++;
    }
    return names[i];
}

static void check_lengths(const struct hunch__kernels *kernels, size_t offset, uint64_t around)
{
    uint64_t block[AROUND + LENGTHS + 2 * AROUND];
    uint64_t random = 1;
    for (size_t n = 0; n < LENGTHS; n++) {
        uint64_t *keys = block + offset;
        for (size_t i = 0; i < sizeof block / sizeof block[0]; i++) {
            block[i] = around;
        }
        for (size_t i = 0; i < n; i++) {
            keys[i] = some_key(&random);
        }
        for (size_t i = 0; i < EXTREMES; i++) {
            check_count(kernels, keys, n, extremes[i]);
        }
        check_count(kernels, keys, n, some_key(&random));
    }
}

static void check_count(const struct hunch__kernels *kernels, const uint64_t *keys, size_t n,
                        uint64_t query)
{
    const size_t expected = hunch__kernels_find("scalar")->count_less(keys, n, query);
    const size_t found = kernels->count_less(keys, n, query);
    if (found != expected) {
        ck_abort_msg("%s: %zu of %zu keys < %" PRIu64 ", expected %zu", kernels->name, found, n,
                     query, expected);
    }
}

static uint64_t some_key(uint64_t *random)
{
    const uint64_t dice = hunch__splitmix64(random);
    return dice % 2 == 0 ? extremes[dice / 2 % EXTREMES] : hunch__mix64(dice);
}

/* What this program says when it is started anew with HUNCH_ISA = `forced`; NULL = not set. The
 * result is static. */
static const char *isa_of_child(const char *forced)
{
    static char text[64];
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (forced == NULL ? unsetenv("HUNCH_ISA") : setenv("HUNCH_ISA", forced, 1)) {
            _exit(1);
        }
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)execl("/proc/self/exe", "check_kernels", "--isa", (char *)NULL);
        _exit(1);
    }
    (void)close(ends[1]);
    const ssize_t n = read(ends[0], text, sizeof text - 1);
    (void)close(ends[0]);
    int status = 1;
    ck_assert(waitpid(child, &status, 0) == child && status == 0 && n > 0);
    text[n] = '\0';
    return text;
}

static Suite *kernels_suite(void)
{
    Suite *suite = suite_create("kernels");
    TCase *tables = tcase_create("tables");
    TCase *isa = tcase_create("isa");
    tcase_set_timeout(tables, 60);
    tcase_set_timeout(isa, 60);
    tcase_add_loop_test(tables, kernels__a_table_is_complete_or_not_there, 0, NAMES);
    tcase_add_test(tables, kernels__no_other_name_is_a_table);
    tcase_add_loop_test(tables, kernels__count_less_equals_scalar, 0, NAMES * OFFSETS);
    tcase_add_loop_test(tables, kernels__count_less_equals_the_oracle, 0, 100);
    tcase_add_test(isa, isa__the_best_is_the_default);
    tcase_add_loop_test(isa, isa__the_environment_forces_one_that_can_run, 0, NAMES);
    tcase_add_loop_test(isa, isa__an_unknown_one_is_ignored, 0, 4);
    suite_add_tcase(suite, tables);
    suite_add_tcase(suite, isa);
    return suite;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--isa") == 0) {
        (void)fputs(hunch_isa(), stdout);
        return EXIT_SUCCESS;
    }
    return suite_run(kernels_suite());
}
