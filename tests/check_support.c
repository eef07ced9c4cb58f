/* The test support itself: each part works, and finds the fault that it is there to find. */
#define _POSIX_C_SOURCE 200809L /* setenv */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "faulty_alloc.h"
#include "faulty_io.h"
#include "io.h"
#include "memdisk.h"
#include "oracle.h"
#include "prop.h"
#include "suite.h"

static bool is_distinct(const uint64_t *keys, size_t n);
static int copy_file(const hunch_io *io, const char *from, const char *to);

/* -- prop.h and oracle.h ----------------------------------------------------------------------- */

static bool fails_from_37_on(struct prop *p, size_t n)
{
    PROP_ASSERT(p, n < 37, "n is %zu", n);
    return true;
}

START_TEST(prop__shrinks_a_size_to_the_smallest)
{
    unsigned found = 0;
    for (int i = 0; i < 50; i++) {
        struct prop_case at;
        char why[160];
        if (prop_find("fails_from_37_on", fails_from_37_on, i, 0, 5000, &at, why)) {
            ck_assert_uint_eq(at.n, 37);
            ck_assert_str_eq(why, "n is 37");
            found++;
        }
    }
    ck_assert_uint_gt(found, 10);
}
END_TEST

/* A fault that needs two equal neighbours, wherever they are. */
static bool has_no_equal_keys(struct prop *p, size_t n)
{
    const uint64_t *keys = prop_sorted_keys(p, n, PROP_DUPLICATES);
    PROP_ASSERT(p, is_distinct(keys, n), "equal keys");
    return true;
}

START_TEST(prop__shrinks_data_to_the_piece_that_matters)
{
    struct prop_case at = {0, 0, 0, 0};
    char why[160];
    int i = 0;
    while (!prop_find("has_no_equal_keys", has_no_equal_keys, i, 0, 5000, &at, why)) {
        ck_assert_int_lt(i++, 50);
    }
    ck_assert_uint_eq(at.n, 2);
    ck_assert_uint_gt(at.full, 2);
}
END_TEST

START_TEST(prop__replays_what_it_printed)
{
    struct prop_case first = {0, 0, 0, 0};
    struct prop_case again = {0, 0, 0, 0};
    char why[160];
    char text[128];
    int i = 0;
    while (!prop_find("has_no_equal_keys", has_no_equal_keys, i, 0, 5000, &first, why)) {
        i++;
    }
    (void)snprintf(text, sizeof text, "%" PRIu64 ":%zu:%zu:%zu", first.seed, first.full, first.from,
                   first.n);
    ck_assert_int_eq(setenv("HUNCH_SEED", text, 1), 0);
    const bool found = prop_find("other", has_no_equal_keys, 0, 0, 5000, &again, why);
    const bool only_once = !prop_find("other", has_no_equal_keys, 1, 0, 5000, &again, why);
    ck_assert_int_eq(unsetenv("HUNCH_SEED"), 0);
    ck_assert(found && only_once);
    ck_assert(again.seed == first.seed && again.full == first.full && again.n == first.n &&
              again.from == first.from);
}
END_TEST

START_TEST(prop__numbers_out_of_range_are_brought_into_it)
{
    static const char *const texts[] = {"1:99:0:99", "1:3:9:2", "1:3:18446744073709551615:9",
                                        "1:4",       "1:",      "1:2:3:4:5:6"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct prop_case at;
        char why[160];
        ck_assert_int_eq(setenv("HUNCH_SEED", texts[i], 1), 0);
        (void)prop_find("has_no_equal_keys", has_no_equal_keys, 0, 0, 10, &at, why);
        ck_assert_int_eq(unsetenv("HUNCH_SEED"), 0);
        ck_assert_msg(at.full <= 10 && at.from + at.n <= at.full, "%s", texts[i]);
    }
}
END_TEST

static bool keys_are_as_promised(struct prop *p, size_t n)
{
    const unsigned flags = (unsigned)prop_random(p) & PROP_ALL_KEYS;
    const uint64_t *keys = prop_sorted_keys(p, n, flags);
    const bool repeats = (flags & (PROP_DUPLICATES | PROP_LONG_RUNS)) != 0;
    PROP_ASSERT(p, oracle_is_sorted(keys, n), "flags %u: not sorted", flags);
    PROP_ASSERT(p, repeats || is_distinct(keys, n), "flags %u: equal keys", flags);
    return true;
}

START_TEST(prop__keys_are_sorted_and_repeat_only_when_they_may)
{
    prop_check("keys_are_as_promised", keys_are_as_promised, _i, 0, 3000);
}
END_TEST

/* Of 300 cases, how many sets of 1000 keys have a trait. */
struct seen {
    unsigned repeats, dense, low, high, whole;
};

static struct seen seen;

static bool look(struct prop *p, size_t n)
{
    const uint64_t *k = prop_sorted_keys(p, n, PROP_ALL_KEYS);
    seen.repeats += !is_distinct(k, n);
    seen.dense += k[n / 2] - k[1] == n / 2 - 1;
    seen.low += (uint32_t)k[1] == (uint32_t)k[n / 2] && k[1] != k[n / 2];
    seen.high += k[1] >> 32 == k[n - 2] >> 32;
    seen.whole += k[0] == 0 && k[n - 1] == UINT64_MAX;
    return true;
}

START_TEST(prop__every_trait_comes_up)
{
    seen = (struct seen){0, 0, 0, 0, 0};
    for (int i = 0; i < 300; i++) {
        prop_check("look", look, i, 1000, 1000);
    }
    ck_assert(seen.repeats > 5 && seen.dense > 5 && seen.low > 5 && seen.high > 5 &&
              seen.whole > 5);
}
END_TEST

static bool bounds_equal_a_count(struct prop *p, size_t n)
{
    const uint64_t *keys = prop_sorted_keys(p, n, PROP_ALL_KEYS);
    for (unsigned i = 0; i < 20; i++) {
        const uint64_t q = prop_query(p, keys, n);
        size_t less = 0;
        size_t not_more = 0;
        for (size_t j = 0; j < n; j++) {
            less += keys[j] < q;
            not_more += keys[j] <= q;
        }
        PROP_ASSERT(p, oracle_lower_bound(keys, n, q) == less, "lower bound of %" PRIu64, q);
        PROP_ASSERT(p, oracle_upper_bound(keys, n, q) == not_more, "upper bound of %" PRIu64, q);
    }
    return true;
}

START_TEST(oracle__bounds_equal_a_count)
{
    prop_check("bounds_equal_a_count", bounds_equal_a_count, _i, 0, 500);
}
END_TEST

START_TEST(oracle__set_holds_what_was_inserted)
{
    struct oracle_set set = {NULL, 0, 0};
    for (uint64_t i = 0; i < 1000; i++) {
        const uint64_t key = i * 7919 % 500 * 2;
        ck_assert_int_eq(oracle_set_insert(&set, key), i < 500);
    }
    ck_assert_uint_eq(set.n, 500);
    for (uint64_t key = 0; key < 1002; key++) {
        ck_assert_int_eq(oracle_set_contains(&set, key), key < 1000 && key % 2 == 0);
    }
    oracle_set_free(&set);
}
END_TEST

/* -- faulty_alloc.h ---------------------------------------------------------------------------- */

START_TEST(faulty_alloc__fails_when_it_is_told_to)
{
    struct faulty_alloc once;
    struct faulty_alloc onwards;
    faulty_alloc_begin(&once, 2, FAULTY_ONCE);
    faulty_alloc_begin(&onwards, 2, FAULTY_ONWARDS);
    for (int i = 1; i <= 4; i++) {
        unsigned char *p = hunch__alloc(&once.allocator, 100, 64);
        ck_assert_int_eq(p == NULL, i == 2);
        ck_assert(p == NULL || (p[0] == 0xA5 && p[99] == 0xA5 && (uintptr_t)p % 64 == 0));
        hunch__free(&once.allocator, p, 100, 64);
        p = hunch__alloc(&onwards.allocator, 100, 64);
        ck_assert_int_eq(p == NULL, i >= 2);
        hunch__free(&onwards.allocator, p, 100, 64);
    }
    ck_assert(once.failed == 1 && once.calls == 4 && once.frees == 3 && once.peak_bytes == 100);
    ck_assert_uint_eq(onwards.failed, 3);
    ck_assert_ptr_null(faulty_alloc_end(&once));
    ck_assert_ptr_null(faulty_alloc_end(&onwards));
}
END_TEST

START_TEST(faulty_alloc__finds_every_misuse)
{
    static const char *const expected[] = {
        "a block was not freed",
        "a block was freed with another size",
        "a block was freed with another alignment",
        "a pointer was freed that is not, or no longer, live",
        "a pointer was freed that is not, or no longer, live",
        "zero bytes were asked for",
        "an alignment is no power of two",
    };
    struct faulty_alloc f;
    int foreign;
    faulty_alloc_begin(&f, 0, FAULTY_ONCE);
    void *p = hunch__alloc(&f.allocator, 24, 8);
    if (_i != 0) {
        hunch__free(&f.allocator, p, _i == 1 ? 23 : 24, _i == 2 ? 16 : 8);
    }
    if (_i == 3) {
        f.allocator.free(f.allocator.ctx, p, 24, 8);
    } else if (_i == 4) {
        f.allocator.free(f.allocator.ctx, &foreign, sizeof foreign, sizeof foreign);
    } else if (_i >= 5) {
        ck_assert_ptr_null(hunch__alloc(&f.allocator, _i == 5 ? 0 : 24, _i == 5 ? 8 : 24));
    }
    ck_assert_str_eq(faulty_alloc_end(&f), expected[_i]);
    ck_assert_uint_eq(f.live_blocks, _i == 0);
}
END_TEST

/* -- faulty_io.h ------------------------------------------------------------------------------- */

/* What copy_file() calls, so that its failing call is known. */
START_TEST(faulty_io__every_call_can_fail)
{
    static const enum faulty_io_call order[] = {
        FAULTY_OPEN, FAULTY_OPEN,  FAULTY_SIZE,  FAULTY_MAP,    FAULTY_PWRITE,     FAULTY_UNMAP,
        FAULTY_SYNC, FAULTY_CLOSE, FAULTY_CLOSE, FAULTY_RENAME, FAULTY_SYNC_FOLDER};
    enum { CALLS = sizeof order / sizeof order[0] };
    for (uint64_t k = 1; k <= CALLS + 1; k++) {
        struct memdisk *disk = memdisk_new();
        struct faulty_io io;
        memdisk_put(disk, "a", "abc", 3);
        faulty_io_begin(&io, memdisk_io(disk), k, ENOSPC);
        io.late = _i == 1;
        ck_assert_int_eq(copy_file(&io.io, "a", "b"), k <= CALLS ? ENOSPC : 0);
        ck_assert_uint_eq(io.failed, k <= CALLS);
        ck_assert(k > CALLS || io.first_fail == order[k - 1]);
        ck_assert_uint_eq(io.open_files + io.live_mappings, 0);
        ck_assert_uint_eq(memdisk_open_files(disk) + memdisk_live_mappings(disk), 0);
        memdisk_free(disk);
    }
}
END_TEST

START_TEST(faulty_io__short_writes_and_interrupts_are_survived)
{
    struct memdisk *disk = memdisk_new();
    struct faulty_io io;
    void *file;
    size_t n;
    faulty_io_begin(&io, memdisk_io(disk), 4, EINTR);
    io.most = 3;
    io.late = _i == 1;
    ck_assert_int_eq(io.io.open(io.io.ctx, "x", HUNCH_IO_CREATE, &file), 0);
    ck_assert_int_eq(hunch__io_write_all(&io.io, file, "0123456789", 10, 5), 0);
    ck_assert_uint_eq(io.open_files, 1);
    ck_assert_int_eq(io.io.close(io.io.ctx, file), 0);
    ck_assert(io.failed == 1 && io.count[FAULTY_PWRITE] == 5);
    const unsigned char *bytes = memdisk_get(disk, "x", &n);
    ck_assert_uint_eq(n, 15);
    ck_assert_int_eq(memcmp(bytes,
                            "\0\0\0\0\0"
                            "0123456789",
                            15),
                     0);
    memdisk_free(disk);
}
END_TEST

static bool is_distinct(const uint64_t *keys, size_t n)
{
    struct oracle_set set = {NULL, 0, 0};
    bool distinct = true;
    for (size_t i = 0; i < n; i++) {
        distinct = oracle_set_insert(&set, keys[i]) && distinct;
    }
    oracle_set_free(&set);
    return distinct;
}

/* By way of "tmp"; releases all that it took, whatever fails. The first error. */
static int copy_file(const hunch_io *io, const char *from, const char *to)
{
    void *in = NULL;
    void *out = NULL;
    const void *bytes = NULL;
    uint64_t n = 0;
    int error = io->open(io->ctx, from, HUNCH_IO_READ, &in);
    error = error != 0 ? error : io->open(io->ctx, "tmp", HUNCH_IO_CREATE, &out);
    error = error != 0 ? error : io->size(io->ctx, in, &n);
    error = error != 0 ? error : io->map(io->ctx, in, n, &bytes);
    error = error != 0 ? error : hunch__io_write_all(io, out, bytes, (size_t)n, 0);
    if (bytes != NULL) {
        const int unmapped = io->unmap(io->ctx, bytes, n);
        error = error != 0 ? error : unmapped;
    }
    error = error != 0 ? error : io->sync(io->ctx, out);
    for (int i = 0; i < 2; i++) {
        void *file = i == 0 ? in : out;
        const int closed = file != NULL ? io->close(io->ctx, file) : 0;
        error = error != 0 ? error : closed;
    }
    error = error != 0 ? error : io->rename(io->ctx, "tmp", to);
    return error != 0 ? error : io->sync_folder(io->ctx, to);
}

static Suite *support_suite(void)
{
    Suite *suite = suite_create("support");
    TCase *prop = tcase_create("prop");
    TCase *alloc = tcase_create("faulty_alloc");
    TCase *io = tcase_create("faulty_io");
    tcase_set_timeout(prop, 60);
    tcase_add_test(prop, prop__shrinks_a_size_to_the_smallest);
    tcase_add_test(prop, prop__shrinks_data_to_the_piece_that_matters);
    tcase_add_test(prop, prop__replays_what_it_printed);
    tcase_add_test(prop, prop__numbers_out_of_range_are_brought_into_it);
    tcase_add_loop_test(prop, prop__keys_are_sorted_and_repeat_only_when_they_may, 0, 100);
    tcase_add_test(prop, prop__every_trait_comes_up);
    tcase_add_loop_test(prop, oracle__bounds_equal_a_count, 0, 100);
    tcase_add_test(prop, oracle__set_holds_what_was_inserted);
    tcase_add_test(alloc, faulty_alloc__fails_when_it_is_told_to);
    tcase_add_loop_test(alloc, faulty_alloc__finds_every_misuse, 0, 7);
    tcase_add_loop_test(io, faulty_io__every_call_can_fail, 0, 2);
    tcase_add_loop_test(io, faulty_io__short_writes_and_interrupts_are_survived, 0, 2);
    suite_add_tcase(suite, prop);
    suite_add_tcase(suite, alloc);
    suite_add_tcase(suite, io);
    return suite;
}

int main(void)
{
    return suite_run(support_suite());
}
