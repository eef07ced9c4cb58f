/* AUTO: what it takes is right and fits, whatever the clock says; and when it asks the clock. */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <hunch/index.h>

#include "faulty_alloc.h"
#include "index_answers.h"
#include "index_forms.h"
#include "index_keys.h"
#include "index_sample.h"
#include "random.h"
#include "suite.h"
#include "test_memory.h"

/* Measured, and not. */
enum { MANY = 70000, FEW = 60000, SHARES = 4 };

/* A clock and how often it was asked. */
struct counter {
    hunch_clock clock;
    uint64_t calls;
    uint64_t step; /* ns that pass between two calls */
};

static void counter_begin(struct counter *counter, uint64_t step);
static uint64_t *keys_of(size_t family, size_t n);
static hunch_index_stats stats_of(const uint64_t *keys, size_t n,
                                  const hunch_index_options *options);
static uint64_t bytes_of(const uint64_t *keys, size_t n, const struct index_form *form);

START_TEST(auto__answers_are_right_over_every_family)
{
    uint64_t *keys = keys_of((size_t)_i, MANY);
    for (uint32_t workload = HUNCH_INDEX_MIXED; workload <= HUNCH_INDEX_BATCHED; workload++) {
        const hunch_index_options options = {
            .struct_size = sizeof options, .workload = workload, .no_measuring = workload % 2};
        const hunch_index_stats stats = stats_of(keys, MANY, &options);
        ck_assert_uint_ne(stats.kind, HUNCH_INDEX_AUTO);
    }
    free(keys);
}
END_TEST

START_TEST(auto__measures_many_keys_unless_told_not_to)
{
    uint64_t *keys = keys_of(2, MANY);
    struct counter counter;
    counter_begin(&counter, 100);
    hunch_index_options options = {.struct_size = sizeof options, .clock = &counter.clock};
    ck_assert_uint_ge(stats_of(keys, MANY, &options).tried, 1);
    ck_assert_uint_le(stats_of(keys, MANY, &options).tried, 6);
    ck_assert_uint_gt(counter.calls, 0);
    counter_begin(&counter, 100);
    ck_assert_uint_eq(stats_of(keys, FEW, &options).tried, 0);
    options.no_measuring = 1;
    ck_assert_uint_eq(stats_of(keys, MANY, &options).tried, 0);
    options.no_measuring = 0;
    options.kind = HUNCH_INDEX_CELLS;
    ck_assert_uint_eq(stats_of(keys, MANY, &options).tried, 0);
    ck_assert_uint_eq(counter.calls, 0);
    free(keys);
}
END_TEST

/* A clock that stands still, and one that runs away. */
START_TEST(auto__ends_whatever_the_clock_says)
{
    static const uint64_t steps[] = {0, 1, UINT64_C(1) << 40, UINT64_MAX, UINT64_MAX / 2};
    uint64_t *keys = keys_of(2, MANY);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct counter counter;
        counter_begin(&counter, steps[i]);
        const hunch_index_options options = {.struct_size = sizeof options,
                                             .clock = &counter.clock};
        ck_assert_uint_ge(stats_of(keys, MANY, &options).tried, 1);
    }
    free(keys);
}
END_TEST

START_TEST(auto__without_measuring_same_keys_make_the_same_file)
{
    struct index_sample sample = index_sample_new(MANY, 0);
    hunch_index_options options = {.struct_size = sizeof options, .no_measuring = 1};
    struct sample_bytes expected = index_sample_saved_as(sample, &options);
    for (options.seed = 1; options.seed < 5; options.seed++) {
        struct sample_bytes found = index_sample_saved_as(sample, &options);
        ck_assert_uint_eq(found.size, expected.size);
        SUITE_ASSERT(memcmp(found.p, expected.p, found.size) == 0);
        sample_free(found);
    }
    sample_free(expected);
    index_sample_free(sample);
}
END_TEST

/* A budget that some form keeps to is kept to. */
START_TEST(auto__keeps_to_the_budget_when_a_form_does)
{
    const size_t n = _i % 2 == 0 ? MANY : FEW;
    uint64_t *keys = keys_of((size_t)_i / 2, n);
    for (size_t i = 0; i < INDEX_FORMS_FEW; i++) {
        hunch_index_options options = {.struct_size = sizeof options, .no_measuring = i % 2};
        options.budget_bytes = bytes_of(keys, n, index_forms_few[i]);
        const hunch_index_stats stats = stats_of(keys, n, &options);
        if (stats.index_bytes > options.budget_bytes) {
            ck_abort_msg("%s: %s of %" PRIu64 " bytes, %s takes %" PRIu64, index_keys[_i / 2].name,
                         stats.model, stats.index_bytes, index_forms_few[i]->name,
                         options.budget_bytes);
        }
    }
    free(keys);
}
END_TEST

START_TEST(auto__takes_a_small_form_when_none_fits)
{
    const size_t n = _i % 2 == 0 ? MANY : FEW;
    uint64_t *keys = keys_of((size_t)_i / 2, n);
    const hunch_index_options options = {.struct_size = sizeof options, .budget_bytes = 1};
    const hunch_index_stats stats = stats_of(keys, n, &options);
    for (size_t i = 0; i < INDEX_FORMS_FEW; i++) {
        ck_assert_uint_le(stats.index_bytes, bytes_of(keys, n, index_forms_few[i]));
    }
    free(keys);
}
END_TEST

/* Of so many keys not every form is built to find the smallest. */
START_TEST(auto__of_many_keys_a_hopeless_budget_ends_soon)
{
    const size_t n = (size_t)1 << 20;
    uint64_t *keys = keys_of(2, n);
    const uint64_t plain = bytes_of(keys, n, &index_forms[0]);
    for (uint32_t no_measuring = 0; no_measuring < 2; no_measuring++) {
        struct counter counter;
        counter_begin(&counter, 1);
        const hunch_index_options options = {.struct_size = sizeof options,
                                             .budget_bytes = 1,
                                             .no_measuring = no_measuring,
                                             .clock = &counter.clock};
        const hunch_index_stats stats = stats_of(keys, n, &options);
        ck_assert_uint_lt(stats.index_bytes, plain / 100);
        ck_assert_uint_eq(counter.calls, 0);
    }
    free(keys);
}
END_TEST

START_TEST(auto__with_node_keys_is_a_tree)
{
    uint64_t *keys = keys_of(2, MANY);
    for (uint32_t node_keys = 8; node_keys <= 16; node_keys += 8) {
        const hunch_index_options options = {.struct_size = sizeof options, .node_keys = node_keys};
        const hunch_index_stats stats = stats_of(keys, MANY, &options);
        ck_assert_uint_eq(stats.kind, HUNCH_INDEX_STREE);
        ck_assert_uint_eq(stats.node_keys, node_keys);
        ck_assert_uint_eq(stats.tried, 0);
    }
    free(keys);
}
END_TEST

START_TEST(auto__an_advisor_learns_from_each_build)
{
    uint64_t *keys = keys_of(2, MANY);
    hunch_chooser *advisor = NULL;
    uint64_t rewards = 0;
    ck_assert_int_eq(hunch_index_advisor_new(&advisor, NULL, NULL), HUNCH_OK);
    for (int i = 0; i < 3; i++) {
        const hunch_index_options options = {.struct_size = sizeof options, .advisor = advisor};
        hunch_chooser_stats stats = {.struct_size = sizeof stats};
        (void)stats_of(keys, MANY, &options);
        hunch_chooser_read_stats(advisor, &stats);
        ck_assert_uint_gt(stats.rewards, rewards);
        ck_assert_uint_eq(stats.not_finite, 0);
        ck_assert_uint_eq(stats.refused, 0);
        rewards = stats.rewards;
    }
    hunch_chooser_free(advisor);
    free(keys);
}
END_TEST

/* One that was saved goes on. */
START_TEST(auto__an_advisor_may_be_saved_and_opened)
{
    uint64_t *keys = keys_of(2, MANY);
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "advisor");
    hunch_chooser *advisor = NULL;
    hunch_chooser *opened = NULL;
    ck_assert_int_eq(hunch_index_advisor_new(&advisor, NULL, NULL), HUNCH_OK);
    hunch_index_options options = {.struct_size = sizeof options, .advisor = advisor};
    (void)stats_of(keys, MANY, &options);
    ck_assert_int_eq(hunch_chooser_save(advisor, path, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch_chooser_open(&opened, path, NULL, NULL), HUNCH_OK);
    options.advisor = opened;
    ck_assert_uint_ge(stats_of(keys, MANY, &options).tried, 1);
    hunch_chooser_free(opened);
    hunch_chooser_free(advisor);
    sample_folder_remove(folder);
    free(keys);
}
END_TEST

/* One that chooses between other things is no advisor. */
START_TEST(auto__a_chooser_of_another_shape_is_refused)
{
    uint64_t *keys = keys_of(2, MANY);
    const hunch_chooser_options shape = {.struct_size = sizeof shape, .arms = 2};
    hunch_chooser *chooser = NULL;
    hunch_index *index = (hunch_index *)&chooser; /* any pointer: it must not stay */
    hunch_diag diag = {.text = ""};
    ck_assert_int_eq(hunch_chooser_new(&chooser, &shape, NULL), HUNCH_OK);
    const hunch_index_options options = {.struct_size = sizeof options, .advisor = chooser};
    ck_assert_int_eq(hunch_index_build(&index, keys, MANY, &options, &diag), HUNCH_EINVAL);
    ck_assert_ptr_null(index);
    ck_assert_str_ne(diag.text, "");
    hunch_chooser_free(chooser);
    free(keys);
}
END_TEST

/* Allocations of a build fail once, those of forms that turn out too large and those of an
 * advisor's proposal among them. */
START_TEST(auto__memory_failing_within_a_budget)
{
    static const uint64_t shares[SHARES] = {0, 40, 400, 4000}; /* a byte to so many keys */
    uint64_t *keys = keys_of(2, MANY);
    const uint64_t share = shares[_i];
    hunch_chooser *advisor = NULL;
    struct counter still;
    counter_begin(&still, 0);
    ck_assert_int_eq(hunch_index_advisor_new(&advisor, NULL, NULL), HUNCH_OK);
    for (uint64_t k = 1, failed = 1; failed > 0; k += 1 + k / 8) {
        struct faulty_alloc memory;
        hunch_index *index = NULL;
        faulty_alloc_begin(&memory, k, FAULTY_ONCE);
        const hunch_index_options options = {.struct_size = sizeof options,
                                             .budget_bytes = share != 0 ? MANY / share : 0,
                                             .advisor = share % 100 == 0 ? advisor : NULL,
                                             .clock = &still.clock,
                                             .allocator = &memory.allocator};
        const hunch_status status = hunch_index_build(&index, keys, MANY, &options, NULL);
        failed = memory.failed;
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        ck_assert_int_eq(index == NULL, failed > 0);
        hunch_index_free(index);
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
    }
    hunch_chooser_free(advisor);
    free(keys);
}
END_TEST

/* Then each is timed in its turn. */
START_TEST(auto__when_choosing_is_switched_off)
{
    uint64_t *keys = keys_of(2, MANY);
    const hunch_index_options options = {.struct_size = sizeof options};
    ck_assert_int_eq(setenv("HUNCH_DISABLE", "1", 1), 0);
    ck_assert_uint_ge(stats_of(keys, MANY, &options).tried, 2);
    ck_assert_int_eq(unsetenv("HUNCH_DISABLE"), 0);
    free(keys);
}
END_TEST

static uint64_t now_of(void *ctx)
{
    struct counter *counter = ctx;
    return counter->calls++ * counter->step;
}

static void counter_begin(struct counter *counter, uint64_t step)
{
    *counter = (struct counter){.clock = {.ctx = counter, .now_ns = now_of}, .step = step};
}

static uint64_t *keys_of(size_t family, size_t n)
{
    uint64_t *keys = memory_new(n * sizeof *keys);
    index_keys[family].fill(keys, n);
    return keys;
}

/* Those of the index that is built, which must be right. */
static hunch_index_stats stats_of(const uint64_t *keys, size_t n,
                                  const hunch_index_options *options)
{
    hunch_index *index = NULL;
    hunch_diag diag = {.text = ""};
    hunch_index_stats stats = {.struct_size = sizeof stats};
    if (hunch_index_build(&index, keys, n, options, &diag) != HUNCH_OK) {
        ck_abort_msg("%s", diag.text);
    }
    SUITE_ASSERT(index_answers_are_right(index, keys, n));
    hunch_index_read_stats(index, &stats);
    hunch_index_free(index);
    return stats;
}

static uint64_t bytes_of(const uint64_t *keys, size_t n, const struct index_form *form)
{
    const hunch_index_options options = index_form_options(form);
    return stats_of(keys, n, &options).index_bytes;
}

int main(void)
{
    Suite *suite = suite_create("index_auto");
    TCase *cases = tcase_create("auto");
    const int families = (int)index_keys_count();
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, auto__answers_are_right_over_every_family, 0, families);
    tcase_add_test(cases, auto__measures_many_keys_unless_told_not_to);
    tcase_add_test(cases, auto__ends_whatever_the_clock_says);
    tcase_add_test(cases, auto__without_measuring_same_keys_make_the_same_file);
    tcase_add_loop_test(cases, auto__keeps_to_the_budget_when_a_form_does, 0, 2 * families);
    tcase_add_loop_test(cases, auto__takes_a_small_form_when_none_fits, 0, 2 * families);
    tcase_add_test(cases, auto__of_many_keys_a_hopeless_budget_ends_soon);
    tcase_add_test(cases, auto__with_node_keys_is_a_tree);
    tcase_add_test(cases, auto__an_advisor_learns_from_each_build);
    tcase_add_test(cases, auto__an_advisor_may_be_saved_and_opened);
    tcase_add_loop_test(cases, auto__memory_failing_within_a_budget, 0, SHARES);
    tcase_add_test(cases, auto__when_choosing_is_switched_off);
    tcase_add_test(cases, auto__a_chooser_of_another_shape_is_refused);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
