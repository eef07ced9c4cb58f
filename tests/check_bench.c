/* The bench driver's measuring: order, medians, ratios, and what happens to wrong answers. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "bench_toy.h"
#include "driver.h"
#include "number.h"
#include "progress.h"
#include "quartiles.h"
#include "svg.h"

#define REPS 5

/* A bench and the case that it measures. */
struct stand {
    struct toy_world world;
    hunch_clock clock;
    struct bench bench;
    struct bench_suite suite;
    struct bench_data data;
    struct bench_case c;
};

static void stand_begin(struct stand *s, const char *impl_regex);
static void stand_end(struct stand *s);
static void stand_measure(struct stand *s, const struct bench_contender *contenders, size_t count);
static const struct bench_row *stand_row(const struct stand *s, const char *impl);

START_TEST(stats__quartiles_of_known_samples)
{
    double nine[] = {9, 1, 8, 2, 7, 3, 6, 4, 5};
    double four[] = {4, 1, 3, 2};
    double two[] = {10, 20};
    double one[] = {7};
    const struct bench_quartiles of_nine = bench__quartiles(nine, 9);
    const struct bench_quartiles of_four = bench__quartiles(four, 4);
    const struct bench_quartiles of_two = bench__quartiles(two, 2);
    const struct bench_quartiles of_one = bench__quartiles(one, 1);
    ck_assert_double_eq(of_nine.q1, 3);
    ck_assert_double_eq(of_nine.median, 5);
    ck_assert_double_eq(of_nine.q3, 7);
    ck_assert_double_eq(of_four.q1, 1.75);
    ck_assert_double_eq(of_four.median, 2.5);
    ck_assert_double_eq(of_four.q3, 3.25);
    ck_assert_double_eq(of_two.q1, 12.5);
    ck_assert_double_eq(of_two.median, 15);
    ck_assert_double_eq(of_one.q1, 7);
    ck_assert_double_eq(of_one.q3, 7);
}
END_TEST

START_TEST(number__digits_that_matter)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},           {0.01234, "0.0123"},    {0.1, "0.100"},  {9.994, "9.99"},
        {9.996, "10.0"},    {99.94, "99.9"},        {99.96, "100"},  {9999.4, "9999"},
        {9999.6, "10 000"}, {1234567, "1 234 567"}, {1e20, "1e+20"}, {-12345, "-12345"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[BENCH_NUMBER_BYTES];
        ck_assert_str_eq(bench__number(text, cases[i].value), cases[i].text);
    }
    char text[BENCH_NUMBER_BYTES];
    ck_assert_str_eq(bench__count(text, UINT64_MAX), "18 446 744 073 709 551 615");
}
END_TEST

START_TEST(progress__says_how_far_and_how_long)
{
    char text[80];
    bench__progress_text(text, sizeof text, 30000000000u, "x", 0.25);
    ck_assert_str_eq(text, "[######..................]  25%  ETA 1:30  x");
    bench__progress_text(text, sizeof text, 30000000000u, "x", 0);
    ck_assert_str_eq(text, "[........................]   0%  ETA --:--  x");
}
END_TEST

START_TEST(measure__interleaves_behind_one_warm_up)
{
    struct stand s;
    stand_begin(&s, NULL);
    struct toy a = {&s.world, 'a', TOY_NEVER, 100, 0, 0};
    struct toy b = {&s.world, 'b', TOY_NEVER, 100, 0, 0};
    struct toy c = {&s.world, 'c', TOY_NEVER, 100, 0, 0};
    const struct bench_contender contenders[] = {
        toy_contender("a", &a),
        {.impl = "absent", .error = "not built"},
        toy_contender("b", &b),
        toy_contender("c", &c),
    };
    stand_measure(&s, contenders, 4);
    ck_assert_str_eq(s.world.order, "abc"
                                    "abcabcabcabcabc");
    ck_assert_uint_eq(s.bench.rows.count, 4);
    ck_assert_str_eq(stand_row(&s, "absent")->error, "not built");
    stand_end(&s);
}
END_TEST

START_TEST(measure__medians_and_ratios_are_exact)
{
    struct stand s;
    stand_begin(&s, NULL);
    /* Repetitions 1 to 5 of four look-ups: 104, 108 ... 120 ns, and 210, 220 ... 250. */
    struct toy ours = {&s.world, 'h', TOY_NEVER, 100, 4, 0};
    struct toy classic = {&s.world, 'c', TOY_NEVER, 200, 10, 0};
    struct toy floor = {&s.world, 'f', TOY_ALWAYS, 28, 0, 0};
    struct bench_contender contenders[] = {
        toy_contender("hunch", &ours),
        toy_contender("classic", &classic),
        toy_contender("floor-x", &floor),
    };
    contenders[2].floor = true;
    stand_measure(&s, contenders, 3);
    const struct bench_row *row = stand_row(&s, "hunch");
    ck_assert_double_eq(row->value, 28);
    ck_assert_double_eq(row->q1, 27);
    ck_assert_double_eq(row->q3, 29);
    ck_assert_double_eq(row->ratio, 112.0 / 230.0);
    ck_assert_uint_eq(row->reps, REPS);
    ck_assert_uint_eq(row->answers, toy_expected());
    ck_assert_double_eq(stand_row(&s, "classic")->ratio, 1);
    ck_assert_double_eq(bench__rows_floor(&s.bench.rows, 0, 3), 7);
    /* The floor's answers are wrong, and that is no matter. */
    ck_assert_ptr_null(stand_row(&s, "floor-x")->error);
    ck_assert(!s.bench.answers_differ);
    stand_end(&s);
}
END_TEST

START_TEST(measure__who_is_wrong_once_has_no_value)
{
    static const int wrong_at[] = {TOY_ALWAYS, TOY_SILENT, TOY_WARMUP, 1, 3, REPS};
    struct stand s;
    stand_begin(&s, NULL);
    struct toy classic = {&s.world, 'c', TOY_NEVER, 200, 0, 0};
    struct toy liar = {&s.world, 'l', wrong_at[_i], 1, 0, 0};
    const struct bench_contender contenders[] = {
        toy_contender("classic", &classic),
        toy_contender("liar", &liar),
    };
    stand_measure(&s, contenders, 2);
    const struct bench_row *row = stand_row(&s, "liar");
    ck_assert_str_eq(row->error, "answers differ");
    ck_assert_double_eq(row->value, 0);
    ck_assert(!row->has_ratio);
    ck_assert(row->answers != toy_expected());
    ck_assert(s.bench.answers_differ);
    ck_assert_ptr_null(stand_row(&s, "classic")->error);
    stand_end(&s);
}
END_TEST

START_TEST(measure__wrong_baseline_leaves_no_ratios)
{
    struct stand s;
    stand_begin(&s, NULL);
    struct toy classic = {&s.world, 'c', 2, 200, 0, 0};
    struct toy ours = {&s.world, 'h', TOY_NEVER, 100, 0, 0};
    const struct bench_contender contenders[] = {
        toy_contender("hunch", &ours),
        toy_contender("classic", &classic),
    };
    stand_measure(&s, contenders, 2);
    ck_assert_str_eq(stand_row(&s, "classic")->error, "answers differ");
    ck_assert(!stand_row(&s, "hunch")->has_ratio);
    ck_assert_double_eq(stand_row(&s, "hunch")->value, 25);
    stand_end(&s);
}
END_TEST

START_TEST(measure__without_an_oracle_the_baseline_is_right)
{
    struct stand s;
    stand_begin(&s, NULL);
    struct toy classic = {&s.world, 'c', TOY_ALWAYS, 200, 0, 0};
    struct toy ours = {&s.world, 'h', TOY_NEVER, 100, 0, 0};
    struct bench_contender contenders[] = {
        toy_contender("hunch", &ours),
        toy_contender("classic", &classic),
    };
    s.c.has_expected = false;
    stand_measure(&s, contenders, 2);
    ck_assert_str_eq(stand_row(&s, "hunch")->error, "answers differ");
    ck_assert_ptr_null(stand_row(&s, "classic")->error);
    stand_end(&s);

    /* Nor is there a baseline: the first that runs stands in. */
    stand_begin(&s, NULL);
    contenders[0] = toy_contender("hunch", &ours);
    contenders[1] = (struct bench_contender){.impl = "classic", .error = "not built"};
    ours = (struct toy){&s.world, 'h', TOY_NEVER, 100, 0, 0};
    s.c.has_expected = false;
    stand_measure(&s, contenders, 2);
    ck_assert_ptr_null(stand_row(&s, "hunch")->error);
    ck_assert(!stand_row(&s, "hunch")->has_ratio);
    stand_end(&s);
}
END_TEST

START_TEST(measure__filtered_baseline_still_gives_ratios)
{
    struct stand s;
    stand_begin(&s, "^hunch$");
    struct toy classic = {&s.world, 'c', TOY_NEVER, 200, 0, 0};
    struct toy ours = {&s.world, 'h', TOY_NEVER, 100, 0, 0};
    struct toy other = {&s.world, 'o', TOY_NEVER, 100, 0, 0};
    const struct bench_contender contenders[] = {
        toy_contender("hunch", &ours),
        toy_contender("classic", &classic),
        toy_contender("other", &other),
    };
    stand_measure(&s, contenders, 3);
    ck_assert_uint_eq(s.bench.rows.count, 1);
    ck_assert_double_eq(stand_row(&s, "hunch")->ratio, 0.5);
    ck_assert_ptr_null(strchr(s.world.order, 'o'));
    stand_end(&s);
}
END_TEST

START_TEST(measure__nobody_wanted_is_no_work)
{
    struct stand s;
    stand_begin(&s, "^nobody$");
    struct toy classic = {&s.world, 'c', TOY_NEVER, 200, 0, 0};
    const struct bench_contender contenders[] = {toy_contender("classic", &classic)};
    stand_measure(&s, contenders, 1);
    ck_assert_uint_eq(s.bench.rows.count, 0);
    ck_assert_str_eq(s.world.order, "");
    stand_end(&s);
}
END_TEST

START_TEST(values__ratio_and_spread)
{
    struct stand s;
    stand_begin(&s, NULL);
    const struct bench_value values[] = {
        {.impl = "hunch", .value = 3, .q1 = 2, .q3 = 4, .reps = 9},
        {.impl = "classic", .value = 12},
        {.impl = "absent", .error = "not built"},
        {.impl = "floor-entropy", .value = 1},
    };
    ck_assert_int_eq(bench_report_values(&s.bench, "toys/size", "bytes_per_key", "B", false,
                                         "classic", &s.data, values, 4, NULL),
                     HUNCH_OK);
    ck_assert_double_eq(stand_row(&s, "hunch")->ratio, 0.25);
    ck_assert_double_eq(stand_row(&s, "hunch")->q3, 4);
    ck_assert_double_eq(stand_row(&s, "classic")->q1, 12);
    ck_assert_uint_eq(stand_row(&s, "classic")->reps, 1);
    ck_assert(!stand_row(&s, "absent")->has_ratio);
    ck_assert(stand_row(&s, "floor-entropy")->floor);
    stand_end(&s);
}
END_TEST

START_TEST(svg__colours_ids_and_definitions)
{
    static const char svg[] =
        "<?xml?>\n<svg viewBox=\"0 0 4 2\" xmlns=\"x\">\n<title>Gnuplot</title><defs><a "
        "id='gpPt1'/></defs><g id=\"plot\" fill='rgb( 10,   0,   2)' stroke=\"rgb(1,2,3)\"/></svg>";
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    ck_assert_ptr_nonnull(out);
    bench__svg_write(out, svg, "p7", "a < b");
    (void)fclose(out);
    ck_assert_str_eq(text, "<svg viewBox=\"0 0 4 2\" role=\"img\" aria-label=\"a &lt; b\">\n"
                           "<g id=\"p7-plot\" fill='var(--rival)' stroke=\"rgb(1,2,3)\"/></svg>");
    free(text);
}
END_TEST

static void stand_begin(struct stand *s, const char *impl_regex)
{
    const struct bench_options options = {
        .suite = "toy", .impl_regex = impl_regex, .reps = REPS, .seed = 1};
    *s = (struct stand){.suite = {.name = "toy"}, .data = {.name = "toys", .n = TOY_OPS}};
    s->clock = toy_clock(&s->world);
    ck_assert_int_eq(bench__open(&s->bench, &options, &s->clock, NULL), HUNCH_OK);
    s->bench.suite = &s->suite;
    s->bench.table = tmpfile();
    s->c = (struct bench_case){
        .name = "toys/lookup",
        .metric = "ns_per_op",
        .unit = "ns",
        .baseline = "classic",
        .data = &s->data,
        .work = toy_work,
        .ops = TOY_OPS,
        .has_expected = true,
        .expected = toy_expected(),
    };
    ck_assert_ptr_nonnull(s->bench.table);
}

static void stand_end(struct stand *s)
{
    (void)fclose(s->bench.table);
    bench__close(&s->bench);
}

static void stand_measure(struct stand *s, const struct bench_contender *contenders, size_t count)
{
    s->c.contenders = contenders;
    s->c.count = count;
    ck_assert_int_eq(bench_measure(&s->bench, &s->c, NULL), HUNCH_OK);
}

static const struct bench_row *stand_row(const struct stand *s, const char *impl)
{
    const struct bench_row *row = bench__rows_find(&s->bench.rows, 0, s->bench.rows.count, impl);
    ck_assert_ptr_nonnull(row);
    return row;
}

int main(void)
{
    Suite *suite = suite_create("bench");
    TCase *all = tcase_create("measuring");
    tcase_add_test(all, stats__quartiles_of_known_samples);
    tcase_add_test(all, number__digits_that_matter);
    tcase_add_test(all, progress__says_how_far_and_how_long);
    tcase_add_test(all, measure__interleaves_behind_one_warm_up);
    tcase_add_test(all, measure__medians_and_ratios_are_exact);
    tcase_add_loop_test(all, measure__who_is_wrong_once_has_no_value, 0, 6);
    tcase_add_test(all, measure__wrong_baseline_leaves_no_ratios);
    tcase_add_test(all, measure__without_an_oracle_the_baseline_is_right);
    tcase_add_test(all, measure__filtered_baseline_still_gives_ratios);
    tcase_add_test(all, measure__nobody_wanted_is_no_work);
    tcase_add_test(all, values__ratio_and_spread);
    tcase_add_test(all, svg__colours_ids_and_definitions);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
