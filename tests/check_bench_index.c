/* The index suite: who is wrong has no figure of any kind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "driver.h"
#include "figures.h"
#include "lookups.h"
#include "targets.h"

/* Not neighbours, so that the key after a key is never right by chance. */
enum { KEYS = 100, STEP = 10 };

static void report(struct bench *bench, const char *name, const struct bench_data *data,
                   const struct bench_value *values, size_t count);
static double ratio_of(const struct bench *bench, const char *target, const char *set);
static uint64_t zero_ns(void *ctx);
static hunch_status echo_build(void **out, const uint64_t *keys, size_t n,
                               const struct index_tuning *tuning, hunch_diag *diag);
static void echo(const void *self, const uint64_t *queries, size_t n, uint64_t *answers);
static size_t echo_bytes(const void *self);
static void echo_free(void *self);

static const struct index_contender echoing = {
    .name = "echo",
    .returns_keys = true,
    .build = echo_build,
    .fenced = echo,
    .independent = echo,
    .batched = echo,
    .bytes = echo_bytes,
    .free = echo_free,
};

START_TEST(answers__a_key_is_a_position_only_if_it_is_there)
{
    const uint64_t keys[] = {0, 10, 10, UINT64_MAX};
    ck_assert_uint_eq(queries_position(keys, 4, 0, 0), 0);
    ck_assert_uint_eq(queries_position(keys, 4, 5, 10), 1);
    ck_assert_uint_eq(queries_position(keys, 4, 5, 5), UINT64_MAX);
    ck_assert_uint_eq(queries_position(keys, 4, 11, UINT64_MAX), 3);
    /* "None" is not the last key, nor the key below the query. */
    ck_assert_uint_eq(queries_position(keys, 4, 11, 10), 4);
    ck_assert_uint_eq(queries_position(keys, 4, UINT64_MAX, UINT64_MAX - 1), 4);
    ck_assert_uint_eq(queries_position(keys, 3, 11, UINT64_MAX), UINT64_MAX);
    ck_assert_uint_eq(queries_position(keys, 0, 0, UINT64_MAX), 0);
}
END_TEST

START_TEST(panel__an_echo_has_no_figures)
{
    const struct bench_options options = {.suite = "index", .reps = 1, .seed = 1};
    const struct bench_suite suite = {.name = "index"};
    const struct bench_data data = {.name = "keys", .n = KEYS};
    const hunch_clock clock = {NULL, zero_ns};
    struct panel panel = {.count = 0};
    struct bench bench;
    uint64_t keys[KEYS];
    for (size_t i = 0; i < KEYS; i++) {
        keys[i] = STEP * (i + 1);
    }
    ck_assert_int_eq(bench__open(&bench, &options, &clock, NULL), HUNCH_OK);
    bench.suite = &suite;
    bench.table = tmpfile();
    panel_add(&panel, index_contenders[0], NULL, index_contenders[0]->tuning);
    panel_add(&panel, &echoing, NULL, (struct index_tuning){1, 0});
    panel_build(&panel, &bench, keys, KEYS, 1);
    ck_assert_int_eq(panel_check(&panel, keys, KEYS, 1, NULL), HUNCH_OK);
    ck_assert_ptr_null(panel.entries[0].error);
    ck_assert_int_eq(figures_size(&bench, &panel, &data, NULL), HUNCH_OK);
    ck_assert_int_eq(figures_build(&bench, &panel, &data, NULL), HUNCH_OK);
    /* The loops find it too, without the check before them. */
    panel.entries[1].error = NULL;
    ck_assert_int_eq(lookups_measure(&bench, &panel, &data, QUERY_ABSENT_UNIFORM, keys, KEYS, NULL),
                     HUNCH_OK);
    size_t seen = 0;
    for (size_t i = 0; i < bench.rows.count; i++) {
        const struct bench_row *row = &bench.rows.items[i];
        if (strcmp(row->impl, "echo") == 0) {
            ck_assert_str_eq(row->error, BENCH_ANSWERS_DIFFER);
            seen++;
        }
    }
    ck_assert_uint_eq(seen, 3 + LOOPS);
    ck_assert(bench.answers_differ);
    panel_free(&panel);
    (void)fclose(bench.table);
    bench__close(&bench);
}
END_TEST

/* Of the rows that are there, and of sets that are large enough. */
START_TEST(targets__are_compared_with_what_was_measured)
{
    static const struct bench_value values[] = {
        {.impl = "hunch", .value = 20},         {.impl = "hunch-stree8", .value = 50},
        {.impl = "hunch-stree16", .value = 40}, {.impl = "hunch-segments", .value = 1},
        {.impl = "eytzinger", .error = "none"}, {.impl = "floor-prefetched-load", .value = 8},
    };
    const struct bench_options options = {.suite = "index", .reps = 1, .seed = 1};
    const struct bench_suite suite = {.name = "index"};
    const struct bench_data large = {.name = "uniform_20M", .n = 20000000};
    const struct bench_data small = {.name = "kmer31", .n = 9999999};
    const hunch_clock clock = {NULL, zero_ns};
    struct bench bench;
    ck_assert_int_eq(bench__open(&bench, &options, &clock, NULL), HUNCH_OK);
    bench.suite = &suite;
    bench.table = tmpfile();
    report(&bench, "uniform_20M/lookup-present/batched", &large, values, 6);
    report(&bench, "kmer31/lookup-present/batched", &small, values, 6);
    const size_t before = bench.rows.count;
    ck_assert_int_eq(targets_report(&bench, key_sets, NULL), HUNCH_OK);
    ck_assert_double_eq_tol(ratio_of(&bench, "batched-floor-smooth", "uniform_20M"), 2.5 / 2.6,
                            1e-9);
    ck_assert_double_eq_tol(ratio_of(&bench, "batched-stree-smooth", "uniform_20M"), 0.5 / 0.85,
                            1e-9);
    ck_assert_double_eq_tol(ratio_of(&bench, "batched-stree", "uniform_20M"), 0.5 / 1.05, 1e-9);
    ck_assert_double_eq_tol(ratio_of(&bench, "batched-stree", "kmer31"), 0.5 / 1.05, 1e-9);
    ck_assert_uint_eq(bench.rows.count - before, 2 + 2 + 3);
    (void)fclose(bench.table);
    bench__close(&bench);
}
END_TEST

static void report(struct bench *bench, const char *name, const struct bench_data *data,
                   const struct bench_value *values, size_t count)
{
    ck_assert_int_eq(
        bench_report_values(bench, name, "ns_per_op", "ns", false, NULL, data, values, count, NULL),
        HUNCH_OK);
}

/* To the limit; 0 when there is no such row. */
static double ratio_of(const struct bench *bench, const char *target, const char *set)
{
    char name[CASE_NAME_MAX];
    (void)snprintf(name, sizeof name, "targets/%s", target);
    for (size_t i = 0; i < bench->rows.count; i++) {
        const struct bench_row *row = &bench->rows.items[i];
        if (strcmp(row->case_name, name) == 0 && strcmp(row->impl, set) == 0) {
            return row->ratio;
        }
    }
    return 0;
}

static uint64_t zero_ns(void *ctx)
{
    (void)ctx;
    return 0;
}

static hunch_status echo_build(void **out, const uint64_t *keys, size_t n,
                               const struct index_tuning *tuning, hunch_diag *diag)
{
    (void)keys;
    (void)n;
    (void)tuning;
    (void)diag;
    *out = malloc(1);
    return *out == NULL ? HUNCH_ENOMEM : HUNCH_OK;
}

static void echo(const void *self, const uint64_t *queries, size_t n, uint64_t *answers)
{
    (void)self;
    memcpy(answers, queries, n * sizeof *answers);
}

static size_t echo_bytes(const void *self)
{
    (void)self;
    return 1;
}

static void echo_free(void *self)
{
    free(self);
}

int main(void)
{
    Suite *suite = suite_create("bench_index");
    TCase *all = tcase_create("answers");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, answers__a_key_is_a_position_only_if_it_is_there);
    tcase_add_test(all, panel__an_echo_has_no_figures);
    tcase_add_test(all, targets__are_compared_with_what_was_measured);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
