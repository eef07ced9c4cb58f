/* hunch_index in memory: answers, what is refused, memory, stats, threads and fork. */
#define _GNU_SOURCE /* fork, pthread_attr_setstacksize */
#include <check.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <hunch/index.h>

#include "faulty_alloc.h"
#include "index_answers.h"
#include "index_forms.h"
#include "prop.h"
#include "random.h"
#include "suite.h"

/* Enough keys for three levels above them, and for AUTO to measure. */
enum { MANY = 100000 };

/* Options of a caller that was compiled with a later version of the library. */
struct newer_options {
    hunch_index_options known;
    uint64_t later;
};

static uint64_t *keys_upto(size_t n);
static hunch_index_options of_form(const struct index_form *form, const hunch_allocator *allocator);
static void check_refused(const uint64_t *keys, size_t n, const void *options, hunch_status status,
                          uint64_t at);
static uint64_t answers_hash(const hunch_index *index, uint64_t seed, size_t n);
static void *ask_from_thread(void *arg);
static void *live_on_a_small_stack(void *arg);

static bool every_ask_agrees(struct prop *p, size_t n)
{
    uint64_t *keys = prop_sorted_keys(p, n, PROP_ALL_KEYS);
    const size_t m = 2 * n + 10;
    uint64_t *queries = prop_alloc(p, m * sizeof *queries);
    hunch_index *index = NULL;
    struct index_wrong wrong;
    const struct index_form *form = &index_forms[prop_below(p, INDEX_FORMS)];
    hunch_index_options options = index_form_options(form);
    options.batch_width = 16 + (uint32_t)prop_below(p, 113);
    PROP_ASSERT(p, hunch_index_build(&index, keys, n, &options, NULL) == HUNCH_OK, "not built");
    PROP_ASSERT(p, hunch_index_validate(index, NULL) == HUNCH_OK, "%s: not valid", form->name);
    for (size_t i = 0; i < m; i++) {
        queries[i] = prop_query(p, keys, n);
    }
    PROP_ASSERT(p,
                index_answers_agree(index, keys, n, queries, m, &wrong) &&
                    index_windows_hold(index, queries, m, &wrong) &&
                    index_pieces_ascend(index, &wrong),
                "%s: %s", form->name, wrong.text);
    hunch_index_free(index);
    return true;
}

START_TEST(index__agrees_with_binary_search)
{
    prop_check("every_ask_agrees", every_ask_agrees, _i, 0, 3000);
}
END_TEST

START_TEST(index__over_no_keys_answers_0)
{
    const hunch_index_options options = index_form_options(&index_forms[_i]);
    hunch_index *index = NULL;
    size_t position = 1;
    const uint64_t key = 5;
    ck_assert_int_eq(hunch_index_build(&index, NULL, 0, &options, NULL), HUNCH_OK);
    hunch_index_lower_bound_batch(index, &key, 1, &position);
    ck_assert_uint_eq(position, 0);
    ck_assert_uint_eq(hunch_index_lower_bound(index, 0), 0);
    ck_assert_uint_eq(hunch_index_upper_bound(index, UINT64_MAX), 0);
    ck_assert_uint_eq(hunch_index_find(index, 0), HUNCH_INDEX_NONE);
    ck_assert_uint_eq(hunch_index_count(index), 0);
    ck_assert_uint_eq(hunch_index_piece(index, 0), 0);
    ck_assert(index_answers_are_inside(index, 1));
    ck_assert_int_eq(hunch_index_validate(index, NULL), HUNCH_OK);
    hunch_index_free(index);
}
END_TEST

START_TEST(index__refuses_the_first_key_out_of_order)
{
    enum { N = 300 };
    uint64_t *keys = keys_upto(N);
    for (size_t i = 1; i < N; i++) {
        const uint64_t was = keys[i];
        keys[i] = keys[i - 1] - 1;
        check_refused(keys, N, NULL, HUNCH_EINVAL, i);
        keys[i] = was;
    }
    free(keys);
}
END_TEST

START_TEST(index__refuses_keys_that_no_array_can_hold)
{
    uint64_t keys[4] = {1, 2, 3, 4};
    check_refused(keys, SIZE_MAX, NULL, HUNCH_EINVAL, 0);
    check_refused((const uint64_t *)(uintptr_t)((uintptr_t)keys + 4), 2, NULL, HUNCH_EINVAL, 0);
}
END_TEST

START_TEST(index__refuses_options_out_of_range)
{
    static const hunch_index_options wrong[] = {{.kind = 5},
                                                {.kind = UINT32_MAX},
                                                {.node_keys = 1},
                                                {.node_keys = 9},
                                                {.node_keys = 32},
                                                {.node_keys = UINT32_MAX},
                                                {.batch_width = 1},
                                                {.batch_width = 15},
                                                {.batch_width = 129},
                                                {.batch_width = 512},
                                                {.batch_width = UINT32_MAX},
                                                {.router = 4},
                                                {.router = UINT32_MAX},
                                                {.search = 3},
                                                {.search = UINT32_MAX},
                                                {.eps = 3},
                                                {.eps = 65537},
                                                {.eps = UINT32_MAX},
                                                {.cell_keys = 3},
                                                {.block_keys = 255},
                                                {.block_keys = 1024},
                                                {.cell_keys = 257},
                                                {.cell_keys = UINT32_MAX},
                                                {.workload = 3},
                                                {.workload = UINT32_MAX},
                                                {.threads = 65},
                                                {.threads = UINT32_MAX}};
    uint64_t keys[2] = {1, 2};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        hunch_index_options options = wrong[i];
        options.struct_size = sizeof options;
        const uint32_t at = options.kind | options.node_keys | options.batch_width |
                            options.router | options.search | options.eps | options.cell_keys |
                            options.block_keys | options.workload | options.threads;
        check_refused(keys, 2, &options, HUNCH_EINVAL, at);
    }
}
END_TEST

/* The ends of each range, and what other kinds do not look at. */
START_TEST(index__accepts_options_at_the_ends_of_their_ranges)
{
    static const hunch_index_options right[] = {
        {.kind = HUNCH_INDEX_SEGMENTS, .eps = 4},
        {.kind = HUNCH_INDEX_SEGMENTS, .eps = 65536, .cell_keys = 4},
        {.kind = HUNCH_INDEX_CELLS, .cell_keys = 4, .eps = 4},
        {.kind = HUNCH_INDEX_CELLS, .cell_keys = 256, .router = HUNCH_INDEX_ROUTER_TREE},
        {.kind = HUNCH_INDEX_BLOCKS, .batch_width = 16, .threads = 64},
        {.kind = HUNCH_INDEX_BLOCKS, .batch_width = 128, .search = HUNCH_INDEX_SEARCH_COUNT},
        {.workload = HUNCH_INDEX_BATCHED, .no_measuring = UINT32_MAX, .budget_bytes = 1},
        {.workload = HUNCH_INDEX_SINGLE, .no_measuring = 1, .budget_bytes = UINT64_MAX}};
    uint64_t *keys = keys_upto(1000);
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        hunch_index_options options = right[i];
        hunch_index *index = NULL;
        hunch_diag diag = {.text = ""};
        options.struct_size = sizeof options;
        ck_assert_msg(hunch_index_build(&index, keys, 1000, &options, &diag) == HUNCH_OK, "%s",
                      diag.text);
        SUITE_ASSERT(index_answers_are_right(index, keys, 1000));
        hunch_index_free(index);
    }
    free(keys);
}
END_TEST

START_TEST(index__refuses_an_io_table_that_is_not_whole)
{
    uint64_t keys[2] = {1, 2};
    hunch_io io = *hunch_io_posix();
    const hunch_index_options options = {.struct_size = sizeof options, .io = &io};
    io.struct_size = (uint32_t)(offsetof(hunch_io, unmap) + sizeof io.unmap - 1);
    check_refused(keys, 2, &options, HUNCH_EINVAL, io.struct_size);
}
END_TEST

START_TEST(index__accepts_options_of_older_and_newer_callers)
{
    uint64_t keys[2] = {1, 2};
    struct newer_options newer = {.known = {.struct_size = sizeof newer, .node_keys = 8}};
    const hunch_index_options none = {.struct_size = 0};
    const uint32_t first = offsetof(hunch_index_options, io) + sizeof(const hunch_io *);
    const hunch_index_options small = {.struct_size = first - 1};
    const hunch_index_options oldest = {.struct_size = first, .node_keys = 8, .threads = 1000};
    hunch_index *index = NULL;
    hunch_index_stats stats = {.struct_size = sizeof stats};
    ck_assert_int_eq(hunch_index_build(&index, keys, 2, &newer.known, NULL), HUNCH_OK);
    hunch_index_read_stats(index, &stats);
    ck_assert_uint_eq(stats.node_keys, 8);
    hunch_index_free(index);
    ck_assert_int_eq(hunch_index_build(&index, keys, 2, &oldest, NULL), HUNCH_OK);
    hunch_index_free(index);
    newer.later = 1;
    check_refused(keys, 2, &newer, HUNCH_EVERSION, sizeof newer.known);
    check_refused(keys, 2, &none, HUNCH_EINVAL, 0);
    check_refused(keys, 2, &small, HUNCH_EINVAL, first - 1);
}
END_TEST

START_TEST(index__memory_failing_at_every_call)
{
    uint64_t *keys = keys_upto(MANY);
    uint64_t failed = 1;
    for (uint64_t k = 1; failed > 0; k++) {
        struct faulty_alloc memory;
        hunch_diag diag = {.text = ""};
        hunch_index *index = (hunch_index *)keys; /* any pointer: it must not stay */
        faulty_alloc_begin(&memory, k, _i % 2 == 0 ? FAULTY_ONCE : FAULTY_ONWARDS);
        const hunch_index_options options = of_form(&index_forms[_i / 2], &memory.allocator);
        const hunch_status status = hunch_index_build(&index, keys, MANY, &options, &diag);
        failed = memory.failed;
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        ck_assert_int_eq(diag.status, status);
        ck_assert_int_eq(index == NULL, failed > 0);
        hunch_index_free(index);
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
    }
    free(keys);
}
END_TEST

START_TEST(index__counts_its_memory_to_the_byte)
{
    static const size_t sizes[] = {0, 1, 16, 17, 1000, MANY, 3 * MANY};
    uint64_t *keys = keys_upto(3 * MANY);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct faulty_alloc memory;
        hunch_index *index = NULL;
        hunch_index_stats stats = {.struct_size = sizeof stats};
        faulty_alloc_begin(&memory, 0, FAULTY_ONCE);
        const hunch_index_options options = of_form(&index_forms[_i], &memory.allocator);
        ck_assert_int_eq(hunch_index_build(&index, keys, sizes[i], &options, NULL), HUNCH_OK);
        hunch_index_read_stats(index, &stats);
        ck_assert_uint_eq(stats.index_bytes, memory.live_bytes);
        ck_assert_uint_le(stats.router_bytes + stats.model_bytes, stats.index_bytes);
        if (options.node_keys == 16 && sizes[i] >= MANY) {
            ck_assert_double_le((double)stats.index_bytes / (double)sizes[i], 0.6);
        }
        hunch_index_free(index);
        ck_assert_ptr_null(faulty_alloc_end(&memory));
    }
    free(keys);
}
END_TEST

START_TEST(index__asking_allocates_nothing)
{
    uint64_t *keys = keys_upto(MANY);
    struct faulty_alloc memory;
    hunch_index *index = NULL;
    hunch_index_stats stats = {.struct_size = sizeof stats};
    faulty_alloc_begin(&memory, 0, FAULTY_ONCE);
    const hunch_index_options options = of_form(&index_forms[_i], &memory.allocator);
    ck_assert_int_eq(hunch_index_build(&index, keys, MANY, &options, NULL), HUNCH_OK);
    const uint64_t calls = memory.calls;
    const uint64_t frees = memory.frees;
    SUITE_ASSERT(index_answers_are_right(index, keys, MANY));
    hunch_index_read_stats(index, &stats);
    ck_assert_int_eq(hunch_index_validate(index, NULL), HUNCH_OK);
    ck_assert_uint_eq(memory.calls, calls);
    ck_assert_uint_eq(memory.frees, frees);
    hunch_index_free(index);
    ck_assert_ptr_null(faulty_alloc_end(&memory));
    free(keys);
}
END_TEST

START_TEST(index__says_what_a_tree_is_made_of)
{
    uint64_t *keys = keys_upto(MANY);
    hunch_index *index = NULL;
    hunch_index_stats stats = {.struct_size = sizeof stats};
    const hunch_index_options options = {
        .struct_size = sizeof options, .node_keys = 8, .batch_width = 32};
    ck_assert_int_eq(hunch_index_build(&index, keys, MANY, &options, NULL), HUNCH_OK);
    hunch_index_read_stats(index, &stats);
    ck_assert_uint_eq(stats.struct_size, sizeof stats);
    ck_assert_uint_eq(stats.kind, HUNCH_INDEX_STREE);
    ck_assert_str_eq(stats.model, "stree");
    ck_assert_uint_eq(stats.n, MANY);
    ck_assert_uint_eq(stats.node_keys, 8);
    ck_assert_uint_eq(stats.batch_width, 32);
    ck_assert_uint_eq(stats.levels, 5); /* 100000 / 8 = 12500 groups; 9^4 < 12500 <= 9^5 */
    ck_assert_uint_eq(stats.router, HUNCH_INDEX_ROUTER_AUTO);
    ck_assert_uint_eq(stats.pieces, 0);
    ck_assert_uint_eq(stats.eps | stats.search | stats.cell_keys | stats.tried, 0);
    ck_assert_uint_eq(stats.trusted, 1);
    ck_assert_str_eq(stats.isa, hunch_isa());
    ck_assert_uint_eq(hunch_index_count(index), MANY);
    ck_assert_ptr_eq(hunch_index_keys(index), keys);
    hunch_index_free(index);
    free(keys);
}
END_TEST

START_TEST(index__is_of_the_form_that_was_asked_for)
{
    static const char *const models[] = {"", "stree", "cells", "blocks", "segments"};
    const struct index_form *form = &index_forms[_i];
    const hunch_index_options options = index_form_options(form);
    uint64_t *keys = keys_upto(MANY);
    hunch_index *index = NULL;
    hunch_index_stats stats = {.struct_size = sizeof stats};
    ck_assert_int_eq(hunch_index_build(&index, keys, MANY, &options, NULL), HUNCH_OK);
    hunch_index_read_stats(index, &stats);
    if (form->kind != HUNCH_INDEX_AUTO) {
        ck_assert_uint_eq(stats.kind, form->kind);
        ck_assert_uint_eq(stats.router, form->router);
        ck_assert_uint_eq(stats.search, form->search);
        ck_assert_uint_eq(stats.cell_keys, form->cell_keys);
        ck_assert_uint_eq(stats.block_keys, form->block_keys);
        ck_assert_uint_eq(stats.node_keys, form->node_keys);
        /* What is behind a run of equal keys is as far off as the run is long. */
        const uint32_t eps = 32;
        hunch_index_hardness hardness = {.struct_size = sizeof hardness};
        ck_assert_int_eq(hunch_index_measure(&hardness, keys, MANY, &eps, 1, NULL), HUNCH_OK);
        ck_assert_uint_le(stats.eps, form->eps + form->eps / 2 + hardness.longest_run);
        ck_assert_uint_eq(stats.tried, 0);
    }
    ck_assert_uint_ne(stats.kind, HUNCH_INDEX_AUTO);
    ck_assert_str_eq(stats.model, models[stats.kind]);
    ck_assert_int_eq(stats.pieces > 0, stats.kind != HUNCH_INDEX_STREE);
    ck_assert_int_eq(stats.eps > 0, stats.kind == HUNCH_INDEX_SEGMENTS);
    ck_assert_uint_eq(stats.trusted, 1);
    ck_assert_uint_eq(stats.n, MANY);
    ck_assert_ptr_eq(hunch_index_keys(index), keys);
    hunch_index_free(index);
    free(keys);
}
END_TEST

START_TEST(index__stats_of_an_older_caller_stay_inside)
{
    uint64_t keys[2] = {1, 2};
    hunch_index *index = NULL;
    ck_assert_int_eq(hunch_index_build(&index, keys, 2, NULL, NULL), HUNCH_OK);
    for (uint32_t size = sizeof(uint32_t); size <= sizeof(hunch_index_stats); size++) {
        hunch_index_stats stats;
        memset(&stats, 0x5A, sizeof stats);
        stats.struct_size = size;
        hunch_index_read_stats(index, &stats);
        ck_assert_uint_eq(stats.struct_size, size);
        for (size_t i = size; i < sizeof stats; i++) {
            ck_assert_uint_eq(((const unsigned char *)&stats)[i], 0x5A);
        }
    }
    hunch_index_free(index);
}
END_TEST

START_TEST(index__stats_of_a_newer_caller_say_how_far_they_go)
{
    struct {
        hunch_index_stats known;
        uint64_t later;
    } stats = {.known = {.struct_size = sizeof stats}, .later = 0x5A};
    uint64_t keys[2] = {1, 2};
    hunch_index *index = NULL;
    ck_assert_int_eq(hunch_index_build(&index, keys, 2, NULL, NULL), HUNCH_OK);
    hunch_index_read_stats(index, &stats.known);
    ck_assert_uint_eq(stats.known.struct_size, sizeof stats.known);
    ck_assert_uint_eq(stats.known.n, 2);
    ck_assert_uint_eq(stats.later, 0x5A);
    hunch_index_free(index);
}
END_TEST

/* What one thread asks, and what it heard. */
struct asker {
    const hunch_index *index;
    uint64_t hash;
};

START_TEST(index__may_be_asked_from_several_threads)
{
    enum { THREADS = 4 };
    uint64_t *keys = keys_upto(MANY);
    hunch_index *index = NULL;
    pthread_t threads[THREADS];
    struct asker askers[THREADS];
    ck_assert_int_eq(hunch_index_build(&index, keys, MANY, NULL, NULL), HUNCH_OK);
    const uint64_t expected = answers_hash(index, 7, 20000);
    for (int i = 0; i < THREADS; i++) {
        askers[i] = (struct asker){index, 0};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, ask_from_thread, &askers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert_uint_eq(askers[i].hash, expected);
    }
    hunch_index_free(index);
    free(keys);
}
END_TEST

START_TEST(index__may_be_asked_after_fork)
{
    uint64_t *keys = keys_upto(MANY);
    hunch_index *index = NULL;
    int status = 0;
    ck_assert_int_eq(hunch_index_build(&index, keys, MANY, NULL, NULL), HUNCH_OK);
    const uint64_t expected = answers_hash(index, 7, 20000);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        const bool same = answers_hash(index, 7, 20000) == expected;
        hunch_index_free(index);
        _exit(same ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    ck_assert_uint_eq(answers_hash(index, 7, 20000), expected);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    hunch_index_free(index);
    free(keys);
}
END_TEST

START_TEST(index__needs_a_stack_of_64_kib_at_most)
{
    pthread_attr_t attributes;
    pthread_t thread;
    void *result = NULL;
    ck_assert_int_eq(pthread_attr_init(&attributes), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&attributes, 64 * 1024), 0);
    ck_assert_int_eq(pthread_create(&thread, &attributes, live_on_a_small_stack, NULL), 0);
    ck_assert_int_eq(pthread_join(thread, &result), 0);
    ck_assert_ptr_null(result);
    (void)pthread_attr_destroy(&attributes);
}
END_TEST

/* Ascending keys that leave gaps, with some duplicates. */
static uint64_t *keys_upto(size_t n)
{
    uint64_t *keys = malloc(n * sizeof *keys);
    ck_assert_ptr_nonnull(keys);
    uint64_t key = 1000;
    for (size_t i = 0; i < n; i++) {
        keys[i] = key;
        key += hunch__mix64(i) % 5 * 1000;
    }
    return keys;
}

static hunch_index_options of_form(const struct index_form *form, const hunch_allocator *allocator)
{
    hunch_index_options options = index_form_options(form);
    options.allocator = allocator;
    return options;
}

/* With and without a diag; nothing is left behind. */
static void check_refused(const uint64_t *keys, size_t n, const void *options, hunch_status status,
                          uint64_t at)
{
    hunch_diag diag = {.text = ""};
    hunch_index *index = (hunch_index *)&diag;
    ck_assert_int_eq(hunch_index_build(&index, keys, n, options, NULL), status);
    ck_assert_ptr_null(index);
    index = (hunch_index *)&diag;
    ck_assert_int_eq(hunch_index_build(&index, keys, n, options, &diag), status);
    ck_assert_ptr_null(index);
    ck_assert_int_eq(diag.status, status);
    ck_assert_uint_eq(diag.at, at);
    ck_assert_str_ne(diag.text, "");
}

/* A number made of n answers, single and batched. */
static uint64_t answers_hash(const hunch_index *index, uint64_t seed, size_t n)
{
    enum { BATCH = 100 };
    const uint64_t *keys = hunch_index_keys(index);
    const uint64_t end = keys[hunch_index_count(index) - 1] + 1000;
    uint64_t hash = 0;
    for (size_t i = 0; i < n; i += BATCH) {
        uint64_t queries[BATCH];
        size_t positions[BATCH];
        for (size_t k = 0; k < BATCH; k++) {
            queries[k] = hunch__splitmix64(&seed) % end;
        }
        hunch_index_lower_bound_batch(index, queries, BATCH, positions);
        for (size_t k = 0; k < BATCH; k++) {
            hash = hunch__mix64(hash ^ positions[k]);
            hash = hunch__mix64(hash ^ hunch_index_lower_bound(index, queries[k]));
        }
    }
    return hash;
}

static void *ask_from_thread(void *arg)
{
    struct asker *asker = arg;
    asker->hash = answers_hash(asker->index, 7, 20000);
    return NULL;
}

/* NULL when all went well. */
static void *live_on_a_small_stack(void *arg)
{
    (void)arg;
    static uint64_t keys[MANY];
    hunch_index *index = NULL;
    for (size_t i = 0; i < MANY; i++) {
        keys[i] = i * 3;
    }
    if (hunch_index_build(&index, keys, MANY, NULL, NULL) != HUNCH_OK) {
        return keys;
    }
    const uint64_t hash = answers_hash(index, 3, 1000);
    const hunch_status status = hunch_index_validate(index, NULL);
    hunch_index_free(index);
    return hash != 0 && status == HUNCH_OK ? NULL : keys;
}

int main(void)
{
    Suite *suite = suite_create("index");
    TCase *cases = tcase_create("index");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, index__agrees_with_binary_search, 0, 1000);
    tcase_add_loop_test(cases, index__over_no_keys_answers_0, 0, INDEX_FORMS);
    tcase_add_test(cases, index__refuses_the_first_key_out_of_order);
    tcase_add_test(cases, index__refuses_keys_that_no_array_can_hold);
    tcase_add_test(cases, index__refuses_options_out_of_range);
    tcase_add_test(cases, index__accepts_options_at_the_ends_of_their_ranges);
    tcase_add_test(cases, index__refuses_an_io_table_that_is_not_whole);
    tcase_add_test(cases, index__accepts_options_of_older_and_newer_callers);
    tcase_add_loop_test(cases, index__memory_failing_at_every_call, 0, 2 * INDEX_FORMS);
    tcase_add_loop_test(cases, index__counts_its_memory_to_the_byte, 0, INDEX_FORMS);
    tcase_add_loop_test(cases, index__asking_allocates_nothing, 0, INDEX_FORMS);
    tcase_add_test(cases, index__says_what_a_tree_is_made_of);
    tcase_add_loop_test(cases, index__is_of_the_form_that_was_asked_for, 0, INDEX_FORMS);
    tcase_add_test(cases, index__stats_of_an_older_caller_stay_inside);
    tcase_add_test(cases, index__stats_of_a_newer_caller_say_how_far_they_go);
    tcase_add_test(cases, index__may_be_asked_from_several_threads);
    tcase_add_test(cases, index__may_be_asked_after_fork);
    tcase_add_test(cases, index__needs_a_stack_of_64_kib_at_most);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
