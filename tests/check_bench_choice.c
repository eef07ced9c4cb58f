/* The choice suite: who is wrong has no figure of any kind, what is recorded gets no ratio, and the
 * things that its figures rest on are what they claim to be. */
#define _XOPEN_SOURCE 700 /* mkstemp, P_tmpdir */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "driver.h"
#include "live.h"
#include "menu.h"
#include "protocol.h"
#include "random.h"
#include "recorded.h"
#include "seeds.h"
#include "stream.h"
#include "turns.h"
#include "variant.h"

/* One run of the driver without outputs. */
struct run {
    struct bench bench;
    struct bench_options options;
    struct bench_suite suite;
    hunch_clock clock;
    uint64_t now_ns;
};

static void run_begin(struct run *run);
static void run_end(struct run *run);
static uint64_t next_ns(void *ctx);
static void do_nothing(void *self, size_t batch);
static bool is_wrong(void *self);
static hunch_status play_nothing(const struct seeds_case *c, const hunch_learner_ops *learner,
                                 uint64_t seed, double *figure);
static int compare_u32(const void *a, const void *b);
static int compare_u64(const void *a, const void *b);
static void small_set(struct class_set *set);
static hunch_status open_peers(struct live *live, struct run *run, const char *text);

START_TEST(turns__the_wrong_one_has_no_figure)
{
    struct run run;
    struct turn turns[] = {
        {.impl = "hunch", .run = do_nothing},
        {.impl = "wrong", .run = do_nothing, .right = is_wrong},
        {.impl = "absent", .error = "not built"},
        {.impl = "floor-nothing", .run = do_nothing},
    };
    const struct bench_data data = {.name = "nothing", .n = 1};
    size_t seen = 0;
    run_begin(&run);
    ck_assert_int_eq(turns_measure(&run.bench, "x/y", "floor-nothing", &data, turns, 4, NULL),
                     HUNCH_OK);
    ck_assert(run.bench.answers_differ);
    for (size_t i = 0; i < run.bench.rows.count; i++) {
        const struct bench_row *row = &run.bench.rows.items[i];
        const bool wrong = strcmp(row->impl, "wrong") == 0;
        ck_assert(!wrong || strcmp(row->error, BENCH_ANSWERS_DIFFER) == 0);
        ck_assert(strcmp(row->impl, "absent") != 0 || strcmp(row->error, "not built") == 0);
        seen += wrong;
    }
    ck_assert_uint_eq(seen, 4);
    run_end(&run);
}
END_TEST

START_TEST(recorded__figures_get_no_ratio)
{
    struct run run;
    const struct recorded_set *set = recorded_find("letter");
    const struct bench_data data = {.name = "letter", .n = 1};
    struct bench_value values[] = {{.impl = "hunch", .value = 0.25, .model = "mlp"},
                                   {.impl = "base", .value = 0.5},
                                   recorded_value(set, RECORDED_VW)};
    run_begin(&run);
    ck_assert_int_eq(bench_report_values(&run.bench, "csv/letter", "progressive_loss", "share",
                                         false, "base", &data, values, 3, NULL),
                     HUNCH_OK);
    const struct bench_row *rows = run.bench.rows.items;
    ck_assert(rows[0].has_ratio && rows[0].recorded == NULL);
    ck_assert_str_eq(rows[0].model, "mlp");
    ck_assert(!rows[2].has_ratio && rows[2].recorded != NULL);
    run_end(&run);
}
END_TEST

START_TEST(recorded__a_baseline_from_elsewhere_leaves_no_ratios)
{
    struct run run;
    const struct bench_data data = {.name = "letter", .n = 1};
    struct bench_value values[] = {{.impl = "hunch", .value = 0.25},
                                   recorded_value(recorded_find("letter"), RECORDED_VW)};
    run_begin(&run);
    ck_assert_int_eq(bench_report_values(&run.bench, "csv/letter", "progressive_loss", "share",
                                         false, recorded_impl(RECORDED_VW), &data, values, 2, NULL),
                     HUNCH_OK);
    ck_assert(!run.bench.rows.items[0].has_ratio);
    run_end(&run);
}
END_TEST

START_TEST(recorded__means_are_those_of_the_source)
{
    double sum[RECORDED_IMPLS] = {0};
    static const double means[RECORDED_IMPLS] = {.287, .258, .241, .249};
    for (size_t set = 0; set < RECORDED_SETS; set++) {
        for (size_t i = 0; i < RECORDED_IMPLS; i++) {
            sum[i] += recorded_sets[set].loss[i];
        }
    }
    for (size_t i = 0; i < RECORDED_IMPLS; i++) {
        ck_assert(fabs(sum[i] / RECORDED_SETS - means[i]) < .0006);
    }
}
END_TEST

START_TEST(seeds__a_learner_that_is_not_there_is_a_row)
{
    struct run run;
    static const struct seeds_impl impls[] = {{"hunch", NULL}, {"hunch-none", "no such learner"}};
    const struct seeds_case c = {.name = "a/b",
                                 .metric = "m",
                                 .unit = "u",
                                 .higher_is_better = true,
                                 .mark_metric = "n",
                                 .mark = 0.5,
                                 .impls = impls,
                                 .count = 2,
                                 .seeds = 4,
                                 .rounds = 1,
                                 .play = play_nothing};
    run_begin(&run);
    ck_assert_int_eq(seeds_measure(&run.bench, &c, NULL), HUNCH_OK);
    ck_assert_uint_eq(run.bench.rows.count, 4);
    ck_assert(run.bench.rows.items[0].value == 0.5);
    ck_assert(run.bench.rows.items[2].value == 1);
    ck_assert_str_eq(run.bench.rows.items[1].error, "not built");
    ck_assert_str_eq(run.bench.rows.items[3].error, "not built");
    run_end(&run);
}
END_TEST

/* bench/peers/vw.py draws the same. */
START_TEST(protocol__orders_are_golden)
{
    static const uint32_t first[10] = {9, 0, 1, 4, 8, 2, 3, 7, 6, 5};
    static const uint32_t fourth[10] = {9, 0, 1, 7, 5, 2, 3, 6, 8, 4};
    uint32_t order[10];
    protocol_order(order, 10, 0);
    for (uint32_t i = 0; i < 10; i++) {
        ck_assert_uint_eq(order[i], i);
    }
    protocol_order(order, 10, 1);
    ck_assert_mem_eq(order, first, sizeof first);
    protocol_order(order, 10, 4);
    ck_assert_mem_eq(order, fourth, sizeof fourth);
}
END_TEST

/* The class is the number: uniform play is wrong half of the time, a learner hardly ever. */
START_TEST(protocol__a_learner_is_scored_before_it_learns)
{
    struct class_set set;
    struct protocol_result result;
    struct protocol protocol = {.learner = "uniform", .seed = 1, .rounds = 4000};
    small_set(&set);
    ck_assert_int_eq(protocol_play(&result, &set, &protocol, NULL), HUNCH_OK);
    ck_assert(fabs(protocol_loss(&result, 0, 4000) - 0.5) < 0.05);
    protocol_free(&result);
    protocol.learner = "linear";
    ck_assert_int_eq(protocol_play(&result, &set, &protocol, NULL), HUNCH_OK);
    ck_assert(protocol_loss(&result, 2000, 4000) < 0.05);
    protocol_free(&result);
    /* A reward that never comes, or not before the end, teaches nothing. */
    protocol.missing = 1;
    ck_assert_int_eq(protocol_play(&result, &set, &protocol, NULL), HUNCH_OK);
    ck_assert_uint_eq(result.learned, 0);
    protocol_free(&result);
    protocol.missing = 0;
    protocol.delay = 4000;
    ck_assert_int_eq(protocol_play(&result, &set, &protocol, NULL), HUNCH_OK);
    ck_assert_uint_eq(result.learned, 0);
    protocol_free(&result);
    protocol.learner = "no such learner";
    ck_assert_int_eq(protocol_play(&result, &set, &protocol, NULL), HUNCH_EUNSUPPORTED);
    hunch__class_set_free(&set);
}
END_TEST

START_TEST(variant__columns_that_are_no_news)
{
    struct class_set set;
    struct class_set made;
    small_set(&set);
    ck_assert_int_eq(variant_make(&made, &set, VARIANT_SCALED, NULL), HUNCH_OK);
    ck_assert(made.x[1 * 2] == set.x[1 * 2] * 1e6F && made.x[1 * 2 + 1] == set.x[1 * 2 + 1]);
    hunch__class_set_free(&made);
    ck_assert_int_eq(variant_make(&made, &set, VARIANT_DUPLICATED, NULL), HUNCH_OK);
    ck_assert_uint_eq(made.columns, 3);
    ck_assert(made.x[1 * 3 + 2] == set.x[1 * 2]);
    hunch__class_set_free(&made);
    ck_assert_int_eq(variant_make(&made, &set, VARIANT_CONSTANT, NULL), HUNCH_OK);
    ck_assert_uint_eq(made.columns, 32);
    ck_assert(made.x[2] == made.x[31] && made.classes == set.classes && made.n == set.n);
    hunch__class_set_free(&made);
    hunch__class_set_free(&set);
}
END_TEST

START_TEST(sort__every_arm_sorts_every_kind)
{
    for (unsigned kind = 0; kind < SORT_KINDS; kind++) {
        for (unsigned width = 4; width <= 8; width += 4) {
            const struct stream_plan plan = {
                .keys = 20000, .kind = (enum sort_kind)kind, .width = width};
            struct sort_stream expected;
            struct sort_stream stream;
            ck_assert_int_eq(stream_draw(&expected, &plan, kind + 1, NULL), HUNCH_OK);
            ck_assert_int_eq(stream_draw(&stream, &plan, kind + 1, NULL), HUNCH_OK);
            ck_assert_uint_eq(stream.xxh3, expected.xxh3);
            for (size_t i = 0; i < expected.count; i++) {
                qsort(expected.arrays[i].keys, expected.arrays[i].n, width,
                      width == 4 ? compare_u32 : compare_u64);
            }
            for (unsigned arm = 0; arm < SORT_ARMS; arm++) {
                stream_restore(&stream);
                for (size_t i = 0; i < stream.count; i++) {
                    sort_run((enum sort_arm)arm, &stream.arrays[i], stream.scratch);
                }
                ck_assert_mem_eq(stream.work, expected.work, stream.bytes);
            }
            stream_free(&stream);
            stream_free(&expected);
        }
    }
}
END_TEST

START_TEST(sort__short_arrays)
{
    uint64_t random = 7;
    for (unsigned round = 0; round < 20000; round++) {
        uint64_t keys[80];
        uint64_t sorted[80];
        uint64_t scratch[80];
        const size_t n = (size_t)hunch__below(hunch__splitmix64(&random), 80);
        const uint64_t range = (uint64_t)1 << (hunch__splitmix64(&random) % 64);
        for (size_t i = 0; i < n; i++) {
            keys[i] = hunch__splitmix64(&random) % range;
        }
        for (unsigned arm = 0; arm < SORT_ARMS; arm++) {
            const struct sort_array array = {sorted, n, 8};
            uint64_t expected[80];
            memcpy(sorted, keys, sizeof keys);
            memcpy(expected, keys, sizeof keys);
            qsort(expected, n, 8, compare_u64);
            sort_run((enum sort_arm)arm, &array, scratch);
            ck_assert_mem_eq(sorted, expected, n * 8);
        }
    }
}
END_TEST

START_TEST(live__only_of_the_same_rows)
{
    struct run run;
    struct live live;
    struct bench_value values[LIVE_MAX];
    run_begin(&run);
    ck_assert_int_eq(
        open_peers(&live, &run,
                   "{\"rows\": [{\"case\": \"csv/a\", \"impl\": \"vw\", \"value\": 0.5, \"n\": 10},"
                   "{\"case\": \"csv/b\", \"impl\": \"vw\", \"value\": 0.25, \"n\": 10},"
                   "{\"case\": \"csv/a\", \"impl\": \"bad\", \"value\": \"x\", \"n\": 10},"
                   "{\"case\": \"csv/a\", \"value\": 1}, 7]}"),
        HUNCH_OK);
    ck_assert_uint_eq(live_values(&live, "csv/a", 10, values), 2);
    ck_assert(values[0].error == NULL && values[0].value == 0.5);
    ck_assert_ptr_nonnull(values[1].error);
    ck_assert_uint_eq(live_values(&live, "csv/a", 11, values), 2);
    ck_assert_ptr_nonnull(values[0].error);
    ck_assert_uint_eq(live_values(&live, "csv/c", 10, values), 0);
    live_close(&live);
    static const char *const hostile[] = {"", "[]", "{\"rows\": 1}", "{\"rows\": [", "\xFF"};
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        ck_assert_int_eq(open_peers(&live, &run, hostile[i]), HUNCH_EINVAL);
    }
    run_end(&run);
}
END_TEST

static void run_begin(struct run *run)
{
    *run = (struct run){.options = {.suite = "choice", .reps = 1, .seed = 1}};
    run->clock = (hunch_clock){run, next_ns};
    run->suite = (struct bench_suite){.name = "choice"};
    ck_assert_int_eq(bench__open(&run->bench, &run->options, &run->clock, NULL), HUNCH_OK);
    run->bench.suite = &run->suite;
    run->bench.table = tmpfile();
}

static void run_end(struct run *run)
{
    (void)fclose(run->bench.table);
    bench__close(&run->bench);
}

static uint64_t next_ns(void *ctx)
{
    struct run *run = ctx;
    return run->now_ns++;
}

static void do_nothing(void *self, size_t batch)
{
    (void)self;
    (void)batch;
}

static bool is_wrong(void *self)
{
    (void)self;
    return false;
}

static hunch_status play_nothing(const struct seeds_case *c, const hunch_learner_ops *learner,
                                 uint64_t seed, double *figure)
{
    (void)c;
    (void)learner;
    (void)seed;
    *figure = 0.5;
    return HUNCH_OK;
}

static int compare_u32(const void *a, const void *b)
{
    const uint32_t *left = a;
    const uint32_t *right = b;
    return (*left > *right) - (*left < *right);
}

static int compare_u64(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;
    return (*left > *right) - (*left < *right);
}

/* Two columns, the class being the sign of the first. */
static void small_set(struct class_set *set)
{
    uint64_t random = 3;
    ck_assert_int_eq(hunch__class_set_begin(set, 2, NULL, NULL), HUNCH_OK);
    for (unsigned i = 0; i < 200; i++) {
        float *x = hunch__class_set_next(set, NULL);
        ck_assert_ptr_nonnull(x);
        x[0] = (i & 1) == 0 ? -1.0F : 1.0F;
        x[1] = (float)hunch__below(hunch__splitmix64(&random), 100);
        hunch__class_set_add(set, i & 1);
    }
    hunch__class_set_end(set);
}

static hunch_status open_peers(struct live *live, struct run *run, const char *text)
{
    char path[] = P_tmpdir "/hunch-peers-XXXXXX";
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    (void)close(fd);
    run->bench.options.peers = path;
    const hunch_status status = live_open(live, &run->bench, NULL);
    run->bench.options.peers = NULL;
    (void)unlink(path);
    return status;
}

int main(void)
{
    Suite *suite = suite_create("bench_choice");
    TCase *all = tcase_create("figures");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, turns__the_wrong_one_has_no_figure);
    tcase_add_test(all, recorded__figures_get_no_ratio);
    tcase_add_test(all, recorded__a_baseline_from_elsewhere_leaves_no_ratios);
    tcase_add_test(all, recorded__means_are_those_of_the_source);
    tcase_add_test(all, seeds__a_learner_that_is_not_there_is_a_row);
    tcase_add_test(all, protocol__orders_are_golden);
    tcase_add_test(all, protocol__a_learner_is_scored_before_it_learns);
    tcase_add_test(all, variant__columns_that_are_no_news);
    tcase_add_test(all, sort__every_arm_sorts_every_kind);
    tcase_add_test(all, sort__short_arrays);
    tcase_add_test(all, live__only_of_the_same_rows);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
