/* Indexes over signed keys and over doubles: the maps to u64 keep the order, and what is asked for
 * through them is found where a search among the keys themselves finds it. */
#include <check.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <hunch/index.h>

#include "faulty_alloc.h"
#include "index_forms.h"
#include "memdisk.h"
#include "random.h"
#include "suite.h"
#include "test_memory.h"

enum { MANY = 20000 };

static int64_t *signed_keys(size_t n);
static double *double_keys(size_t n);
static double any_double(uint64_t *state);
static bool is_less(double a, double b);
static size_t lower_bound_i64(const int64_t *keys, size_t n, int64_t key);
static size_t lower_bound_f64(const double *keys, size_t n, double key);
static void check_i64(const hunch_index *index, const int64_t *keys, size_t n, int64_t key);
static void check_f64(const hunch_index *index, const double *keys, size_t n, double key);
static hunch_index *reopened(hunch_index *index, struct memdisk *disk);
static void check_type(hunch_index *index, struct memdisk *disk, uint32_t type);
static double of_bits(uint64_t bits);
static uint64_t to_bits(double number);

/* Ascending, and no two are the same. */
static const double ladder[] = {-(double)INFINITY,
                                -DBL_MAX,
                                -1e300,
                                -2.0,
                                -1.0,
                                -0.5,
                                -DBL_MIN,
                                -0x1p-1023,
                                -0x1p-1074,
                                0.0,
                                0x1p-1074,
                                0x1p-1023,
                                DBL_MIN,
                                1.0,
                                1.0 + DBL_EPSILON,
                                0x1p53,
                                0x1p53 + 2,
                                1e300,
                                DBL_MAX,
                                (double)INFINITY,
                                (double)NAN};

enum { LADDER = sizeof ladder / sizeof ladder[0] };

START_TEST(keys__signed_numbers_map_in_order_and_back)
{
    static const int64_t numbers[] = {INT64_MIN, INT64_MIN + 1, -2,       -1, 0, 1, 2,
                                      9,         INT64_MAX - 1, INT64_MAX};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        ck_assert_int_eq(hunch_key_to_i64(hunch_key_from_i64(numbers[i])), numbers[i]);
        if (i > 0) {
            ck_assert_uint_lt(hunch_key_from_i64(numbers[i - 1]), hunch_key_from_i64(numbers[i]));
        }
    }
    ck_assert_uint_eq(hunch_key_from_i64(INT64_MIN), 0);
    ck_assert_uint_eq(hunch_key_from_i64(INT64_MAX), UINT64_MAX);
}
END_TEST

START_TEST(keys__doubles_map_in_order_and_back)
{
    for (size_t i = 0; i < LADDER; i++) {
        const uint64_t key = hunch_key_from_f64(ladder[i]);
        const double back = hunch_key_to_f64(key);
        if (i + 1 < LADDER) {
            ck_assert_uint_eq(to_bits(back), to_bits(ladder[i]));
        } else {
            ck_assert(isnan(back));
        }
        if (i > 0) {
            ck_assert_uint_lt(hunch_key_from_f64(ladder[i - 1]), key);
        }
    }
}
END_TEST

/* Over a million pairs of any bits. */
START_TEST(keys__any_doubles_are_ordered_as_their_keys)
{
    uint64_t state = 3;
    for (size_t i = 0; i < 1000000; i++) {
        const double a = any_double(&state);
        const double b = hunch__splitmix64(&state) % 4 == 0 ? a : any_double(&state);
        const uint64_t key_a = hunch_key_from_f64(a);
        const uint64_t key_b = hunch_key_from_f64(b);
        SUITE_ASSERT(is_less(a, b) == (key_a < key_b));
        SUITE_ASSERT(is_less(b, a) == (key_b < key_a));
        SUITE_ASSERT(isnan(a) || hunch_key_to_f64(key_a) == a);
    }
}
END_TEST

START_TEST(keys__zeros_are_one_key)
{
    ck_assert_uint_eq(hunch_key_from_f64(-0.0), hunch_key_from_f64(0.0));
    ck_assert_uint_eq(to_bits(hunch_key_to_f64(hunch_key_from_f64(-0.0))), 0);
}
END_TEST

/* Quiet and signalling, of either sign, with any payload. */
START_TEST(keys__nans_are_one_key_above_all)
{
    static const uint64_t nans[] = {0x7FF8000000000000, 0xFFF8000000000000, 0x7FF0000000000001,
                                    0xFFF0000000000001, 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF};
    const uint64_t key = hunch_key_from_f64((double)NAN);
    ck_assert_uint_gt(key, hunch_key_from_f64((double)INFINITY));
    for (size_t i = 0; i < sizeof nans / sizeof nans[0]; i++) {
        ck_assert_uint_eq(hunch_key_from_f64(of_bits(nans[i])), key);
    }
}
END_TEST

START_TEST(keys__what_no_double_maps_to_is_nan)
{
    const uint64_t infinity = hunch_key_from_f64((double)INFINITY);
    ck_assert(isinf(hunch_key_to_f64(infinity)));
    ck_assert(isnan(hunch_key_to_f64(infinity + 1)));
    ck_assert(isnan(hunch_key_to_f64(UINT64_MAX - 1)));
    ck_assert(isnan(hunch_key_to_f64(UINT64_MAX)));
}
END_TEST

START_TEST(keys__signed_index_finds_what_a_search_finds)
{
    static const size_t sizes[] = {0, 1, 2, 17, 63, 64, 300, MANY};
    hunch_index_options options = index_form_options(&index_forms[_i]);
    struct memdisk *disk = memdisk_new();
    options.io = memdisk_io(disk);
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        const size_t n = sizes[s];
        int64_t *keys = signed_keys(n);
        hunch_index *index = NULL;
        ck_assert_int_eq(hunch_index_build_i64(&index, keys, n, &options, NULL), HUNCH_OK);
        index = s % 2 == 0 ? index : reopened(index, disk);
        check_i64(index, keys, n, INT64_MIN);
        check_i64(index, keys, n, INT64_MAX);
        for (size_t i = 0; i < n; i += 1 + n / 1000) {
            check_i64(index, keys, n, keys[i]);
            check_i64(index, keys, n, keys[i] > INT64_MIN ? keys[i] - 1 : 0);
            check_i64(index, keys, n, keys[i] < INT64_MAX ? keys[i] + 1 : 0);
        }
        hunch_index_free(index);
        free(keys);
    }
    memdisk_free(disk);
}
END_TEST

START_TEST(keys__index_of_doubles_finds_what_a_search_finds)
{
    static const size_t sizes[] = {0, 1, 2, 17, 63, 64, 300, MANY};
    hunch_index_options options = index_form_options(&index_forms[_i]);
    struct memdisk *disk = memdisk_new();
    options.io = memdisk_io(disk);
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        const size_t n = sizes[s];
        double *keys = double_keys(n);
        hunch_index *index = NULL;
        ck_assert_int_eq(hunch_index_build_f64(&index, keys, n, &options, NULL), HUNCH_OK);
        index = s % 2 == 0 ? index : reopened(index, disk);
        for (size_t i = 0; i < LADDER; i++) {
            check_f64(index, keys, n, ladder[i]);
        }
        check_f64(index, keys, n, -0.0);
        for (size_t i = 0; i < n; i += 1 + n / 1000) {
            check_f64(index, keys, n, keys[i]);
            check_f64(index, keys, n, nextafter(keys[i], -(double)INFINITY));
            check_f64(index, keys, n, nextafter(keys[i], (double)INFINITY));
        }
        hunch_index_free(index);
        free(keys);
    }
    memdisk_free(disk);
}
END_TEST

START_TEST(keys__of_doubles_are_those_of_the_map)
{
    hunch_index *index = NULL;
    ck_assert_int_eq(hunch_index_build_f64(&index, ladder, LADDER, NULL, NULL), HUNCH_OK);
    ck_assert_uint_eq(hunch_index_count(index), LADDER);
    for (size_t i = 0; i < LADDER; i++) {
        ck_assert_uint_eq(hunch_index_keys(index)[i], hunch_key_from_f64(ladder[i]));
        ck_assert_uint_eq(hunch_index_find(index, hunch_key_from_f64(ladder[i])), i);
    }
    ck_assert_int_eq(hunch_index_validate(index, NULL), HUNCH_OK);
    hunch_index_free(index);
}
END_TEST

/* What they were is told by the index, and by its file, whatever the form. */
START_TEST(keys__what_they_were_is_kept)
{
    static const size_t sizes[] = {0, 1, 10, MANY};
    struct memdisk *disk = memdisk_new();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        int64_t *whole = signed_keys(sizes[i]);
        double *real = double_keys(sizes[i]);
        hunch_index_options options = index_form_options(&index_forms[_i]);
        options.io = memdisk_io(disk);
        hunch_index_options told = options;
        hunch_index *index = NULL;
        ck_assert_int_eq(hunch_index_build_i64(&index, whole, sizes[i], &options, NULL), HUNCH_OK);
        check_type(index, disk, HUNCH_INDEX_I64);
        ck_assert_int_eq(hunch_index_build_f64(&index, real, sizes[i], &options, NULL), HUNCH_OK);
        check_type(index, disk, HUNCH_INDEX_F64);
        ck_assert_int_eq(hunch_index_build(&index, NULL, 0, &options, NULL), HUNCH_OK);
        check_type(index, disk, HUNCH_INDEX_U64);
        told.key_type = HUNCH_INDEX_F64;
        ck_assert_int_eq(hunch_index_build(&index, NULL, 0, &told, NULL), HUNCH_OK);
        check_type(index, disk, HUNCH_INDEX_F64);
        told.key_type++;
        ck_assert_int_eq(hunch_index_build(&index, NULL, 0, &told, NULL), HUNCH_EVERSION);
        free(whole);
        free(real);
    }
    memdisk_free(disk);
}
END_TEST

/* They are copied: what happens to the array afterwards does not matter. */
START_TEST(keys__typed_arrays_may_go_after_the_build)
{
    int64_t *numbers = signed_keys(MANY);
    int64_t *gone = memory_new(MANY * sizeof *gone);
    hunch_index *index = NULL;
    memcpy(gone, numbers, MANY * sizeof *gone);
    ck_assert_int_eq(hunch_index_build_i64(&index, gone, MANY, NULL, NULL), HUNCH_OK);
    memset(gone, 0x5A, MANY * sizeof *gone);
    free(gone);
    for (size_t i = 0; i < MANY; i += 7) {
        check_i64(index, numbers, MANY, numbers[i]);
    }
    hunch_index_free(index);
    free(numbers);
}
END_TEST

static void check_refused_f64(const double *keys, size_t n, uint64_t at)
{
    hunch_diag diag = {.text = ""};
    hunch_index *index = (hunch_index *)&diag; /* any pointer: it must not stay */
    ck_assert_int_eq(hunch_index_build_f64(&index, keys, n, NULL, &diag), HUNCH_EINVAL);
    ck_assert_ptr_null(index);
    ck_assert_uint_eq(diag.at, at);
    ck_assert_str_ne(diag.text, "");
}

START_TEST(keys__doubles_out_of_order_are_refused)
{
    for (size_t i = 1; i < LADDER; i++) {
        double keys[LADDER];
        memcpy(keys, ladder, sizeof keys);
        keys[i] = ladder[i - 1];
        keys[i - 1] = ladder[i];
        check_refused_f64(keys, LADDER, i);
    }
    check_refused_f64((const double[]){1.0, (double)NAN, (double)INFINITY}, 3, 2);
    check_refused_f64((const double[]){0.0, -0x1p-1074}, 2, 1);
}
END_TEST

START_TEST(keys__signed_numbers_out_of_order_are_refused)
{
    static const int64_t keys[] = {-5, 3, 7, -1, 9};
    hunch_diag diag = {.text = ""};
    hunch_index *index = (hunch_index *)&diag;
    ck_assert_int_eq(hunch_index_build_i64(&index, keys, 5, NULL, &diag), HUNCH_EINVAL);
    ck_assert_ptr_null(index);
    ck_assert_uint_eq(diag.at, 3);
}
END_TEST

/* Zeros of either sign and NaNs of every kind stand in any order: they are equal. */
START_TEST(keys__equal_doubles_may_stand_in_any_order)
{
    const double keys[] = {-1.0, 0.0, -0.0, 0.0, 2.0, (double)NAN, -(double)NAN, (double)NAN};
    hunch_index *index = NULL;
    ck_assert_int_eq(hunch_index_build_f64(&index, keys, 8, NULL, NULL), HUNCH_OK);
    ck_assert_uint_eq(hunch_index_lower_bound(index, hunch_key_from_f64(-0.0)), 1);
    ck_assert_uint_eq(hunch_index_upper_bound(index, hunch_key_from_f64(-0.0)), 4);
    ck_assert_uint_eq(hunch_index_lower_bound(index, hunch_key_from_f64((double)NAN)), 5);
    ck_assert_uint_eq(hunch_index_upper_bound(index, hunch_key_from_f64((double)NAN)), 8);
    hunch_index_free(index);
}
END_TEST

START_TEST(keys__typed_builds_with_memory_failing_at_every_call)
{
    int64_t *numbers = signed_keys(MANY);
    double *doubles = double_keys(MANY);
    uint64_t failed = 1;
    for (uint64_t k = 1; failed > 0; k++) {
        struct faulty_alloc memory;
        hunch_index *index = (hunch_index *)&memory;
        faulty_alloc_begin(&memory, k, FAULTY_ONCE);
        hunch_index_options options = index_form_options(&index_forms[_i / 2]);
        options.allocator = &memory.allocator;
        const hunch_status status =
            _i % 2 == 0 ? hunch_index_build_i64(&index, numbers, MANY, &options, NULL)
                        : hunch_index_build_f64(&index, doubles, MANY, &options, NULL);
        failed = memory.failed;
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        ck_assert_int_eq(index == NULL, failed > 0);
        hunch_index_free(index);
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
    }
    free(numbers);
    free(doubles);
}
END_TEST

/* Around 0, with runs of equal keys and both ends of the domain. */
static int64_t *signed_keys(size_t n)
{
    int64_t *keys = memory_new(n * sizeof *keys);
    uint64_t key = 0;
    for (size_t i = 0; i < n; i++) {
        key +=
            hunch__mix64(i) % 5 == 0 ? 0 : 1 + hunch__below(hunch__mix64(~i), UINT64_MAX / n - 1);
        keys[i] = hunch_key_to_i64(key);
    }
    if (n > 1) {
        keys[0] = INT64_MIN;
        keys[n - 1] = INT64_MAX;
    }
    return keys;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return is_less(y, x) - is_less(x, y);
}

/* Of every size and sign; the ladder is among them when there is room. */
static double *double_keys(size_t n)
{
    double *keys = memory_new(n * sizeof *keys);
    uint64_t state = n;
    for (size_t i = 0; i < n; i++) {
        keys[i] = i < LADDER ? ladder[i] : any_double(&state);
    }
    if (n > 1) {
        qsort(keys, n, sizeof *keys, compare_doubles);
    }
    return keys;
}

/* Often one of the ladder, often near another; any bits. */
static double any_double(uint64_t *state)
{
    const uint64_t dice = hunch__splitmix64(state);
    const uint64_t any = hunch__splitmix64(state);
    if (dice % 8 == 0) {
        return ladder[any % LADDER];
    }
    return dice % 8 < 4 ? of_bits(any) : (double)(int64_t)any / 0x1p50;
}

/* The order of the index: IEEE 754's, and NaN is above all. */
static bool is_less(double a, double b)
{
    return isnan(a) ? false : isnan(b) ? true : a < b;
}

static size_t lower_bound_i64(const int64_t *keys, size_t n, int64_t key)
{
    size_t low = 0;
    for (size_t high = n; low < high;) {
        const size_t middle = low + (high - low) / 2;
        if (keys[middle] < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static size_t lower_bound_f64(const double *keys, size_t n, double key)
{
    size_t low = 0;
    for (size_t high = n; low < high;) {
        const size_t middle = low + (high - low) / 2;
        if (is_less(keys[middle], key)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void check_i64(const hunch_index *index, const int64_t *keys, size_t n, int64_t key)
{
    const size_t expected = lower_bound_i64(keys, n, key);
    const bool there = expected < n && keys[expected] == key;
    const uint64_t mapped = hunch_key_from_i64(key);
    size_t batched = SIZE_MAX;
    hunch_index_lower_bound_batch(index, &mapped, 1, &batched);
    SUITE_ASSERT(hunch_index_lower_bound(index, mapped) == expected);
    SUITE_ASSERT(batched == expected);
    SUITE_ASSERT(hunch_index_find(index, mapped) == (there ? expected : HUNCH_INDEX_NONE));
}

static void check_f64(const hunch_index *index, const double *keys, size_t n, double key)
{
    const size_t expected = lower_bound_f64(keys, n, key);
    const bool there = expected < n && !is_less(key, keys[expected]);
    const uint64_t mapped = hunch_key_from_f64(key);
    size_t batched = SIZE_MAX;
    hunch_index_lower_bound_batch(index, &mapped, 1, &batched);
    SUITE_ASSERT(hunch_index_lower_bound(index, mapped) == expected);
    SUITE_ASSERT(batched == expected);
    SUITE_ASSERT(hunch_index_find(index, mapped) == (there ? expected : HUNCH_INDEX_NONE));
}

/* Of the index, which goes, and of its file. */
static void check_type(hunch_index *index, struct memdisk *disk, uint32_t type)
{
    hunch_index_stats stats = {.struct_size = sizeof stats};
    hunch_index_read_stats(index, &stats);
    ck_assert_uint_eq(stats.key_type, type);
    hunch_index *again = reopened(index, disk);
    hunch_index_read_stats(again, &stats);
    ck_assert_uint_eq(stats.key_type, type);
    hunch_index_free(again);
}

/* The index that its file gives; the other one is freed. */
static hunch_index *reopened(hunch_index *index, struct memdisk *disk)
{
    const hunch_index_options options = {
        .struct_size = sizeof options, .io = memdisk_io(disk), .verify = 1};
    hunch_index *opened = NULL;
    ck_assert_int_eq(hunch_index_save(index, "index", NULL), HUNCH_OK);
    hunch_index_free(index);
    ck_assert_int_eq(hunch_index_open(&opened, "index", &options, NULL), HUNCH_OK);
    return opened;
}

static double of_bits(uint64_t bits)
{
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static uint64_t to_bits(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

int main(void)
{
    Suite *suite = suite_create("index_keys");
    TCase *cases = tcase_create("keys");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, keys__signed_numbers_map_in_order_and_back);
    tcase_add_test(cases, keys__doubles_map_in_order_and_back);
    tcase_add_test(cases, keys__any_doubles_are_ordered_as_their_keys);
    tcase_add_test(cases, keys__zeros_are_one_key);
    tcase_add_test(cases, keys__nans_are_one_key_above_all);
    tcase_add_test(cases, keys__what_no_double_maps_to_is_nan);
    tcase_add_loop_test(cases, keys__signed_index_finds_what_a_search_finds, 0, INDEX_FORMS);
    tcase_add_loop_test(cases, keys__index_of_doubles_finds_what_a_search_finds, 0, INDEX_FORMS);
    tcase_add_test(cases, keys__of_doubles_are_those_of_the_map);
    tcase_add_loop_test(cases, keys__what_they_were_is_kept, 0, INDEX_FORMS_EXACT);
    tcase_add_test(cases, keys__typed_arrays_may_go_after_the_build);
    tcase_add_test(cases, keys__doubles_out_of_order_are_refused);
    tcase_add_test(cases, keys__signed_numbers_out_of_order_are_refused);
    tcase_add_test(cases, keys__equal_doubles_may_stand_in_any_order);
    tcase_add_loop_test(cases, keys__typed_builds_with_memory_failing_at_every_call, 0,
                        2 * INDEX_FORMS);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
