/* The index suite: who is wrong has no figure of any kind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "driver.h"
#include "figures.h"
#include "lookups.h"

/* Not neighbours, so that the key after a key is never right by chance. */
enum { KEYS = 100, STEP = 10 };

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
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
