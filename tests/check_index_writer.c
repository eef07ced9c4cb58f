/* An index file from keys that come one after the other: the bytes of a build and a save, and
 * nothing at all when something fails. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "faulty_alloc.h"
#include "faulty_io.h"
#include "index_answers.h"
#include "index_forms.h"
#include "index_sample.h"
#include "memdisk.h"
#include "random.h"
#include "suite.h"

#define PATH "folder/index"

/* Two files that cannot be taken for one another. */
enum { OLD = 700, NEW = 9000 };

/* Crash images looked at for each moment of the crash. */
enum { IMAGES = 10 };

/* How the k-th call fails. */
struct fault {
    int error;
    bool onwards;
    bool late;
    size_t most;
};

static const struct fault faults[] = {
    {EIO, false, false, 0},    {EIO, true, false, 0},         {EIO, false, true, 0},
    {ENOSPC, false, false, 0}, {EINTR, false, false, 50000},  {ENOMEM, false, false, 0},
    {EACCES, true, false, 0},  {ENOENT, false, false, 50000},
};

static struct index_sample samples[2];

/* How the keys are cut: after each key, at places of a seed, or not at all. */
enum cut { CUT_EACH, CUT_RANDOM, CUT_NONE };

static hunch_index_options options_of(const struct index_form *form, const hunch_io *io);
static hunch_status write_keys(struct index_sample sample, const hunch_index_options *options,
                               enum cut cut, hunch_diag *diag);
static struct sample_bytes written(struct index_sample sample, const struct index_form *form,
                                   enum cut cut);
static struct memdisk *disk_with_old(void);
static size_t count_at(const hunch_io *io);
static void check_images(const struct memdisk *disk, bool finished, uint64_t k);

static void make_samples(void)
{
    samples[0] = index_sample_new(OLD, 0);
    samples[1] = index_sample_new(NEW, 0);
}

static void free_samples(void)
{
    index_sample_free(samples[0]);
    index_sample_free(samples[1]);
}

START_TEST(writer__any_cut_gives_the_bytes_of_a_saved_build)
{
    static const size_t sizes[] = {0, 1, 2, 63, 64, 65, 255, 257, 1000, 8191, 8192, 8193, 20000};
    const struct index_form *form = &index_forms[_i];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct index_sample sample = index_sample_new(sizes[i], 0);
        const hunch_index_options options = index_form_options(form);
        struct sample_bytes expected = index_sample_saved_as(sample, &options);
        for (enum cut cut = CUT_EACH; cut <= CUT_NONE; cut++) {
            struct sample_bytes found = written(sample, form, cut);
            ck_assert_uint_eq(found.size, expected.size);
            SUITE_ASSERT(memcmp(found.p, expected.p, found.size) == 0);
            sample_free(found);
        }
        sample_free(expected);
        index_sample_free(sample);
    }
}
END_TEST

START_TEST(writer__what_measures_gives_right_answers)
{
    struct index_sample sample = index_sample_new_even(100000, 0);
    struct memdisk *disk = memdisk_new();
    const hunch_index_options options = {
        .struct_size = sizeof options, .io = memdisk_io(disk), .verify = 1};
    hunch_index *index = NULL;
    hunch_diag diag = {.text = ""};
    ck_assert_msg(write_keys(sample, &options, CUT_RANDOM, &diag) == HUNCH_OK, "%s", diag.text);
    ck_assert_msg(hunch_index_open(&index, PATH, &options, &diag) == HUNCH_OK, "%s", diag.text);
    SUITE_ASSERT(index_answers_are_right(index, sample.keys, sample.n));
    hunch_index_free(index);
    memdisk_free(disk);
    index_sample_free(sample);
}
END_TEST

/* The allocator is copied: the caller's struct may go at once. */
START_TEST(writer__outlives_the_allocators_struct)
{
    struct index_sample sample = index_sample_new(NEW, 0);
    struct memdisk *disk = memdisk_new();
    hunch_allocator memory = *hunch_allocator_default();
    hunch_index_options options = options_of(&index_forms[0], memdisk_io(disk));
    hunch_index_writer *writer = NULL;
    options.allocator = &memory;
    ck_assert_int_eq(hunch_index_writer_new(&writer, PATH, &options, NULL), HUNCH_OK);
    memset(&memory, 0, sizeof memory);
    ck_assert_int_eq(hunch_index_writer_add(writer, sample.keys, sample.n, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch_index_writer_finish(writer, NULL), HUNCH_OK);
    hunch_index_writer_free(writer);
    ck_assert_uint_eq(count_at(memdisk_io(disk)), sample.n);
    memdisk_free(disk);
    index_sample_free(sample);
}
END_TEST

/* At the seam of two adds as inside of one; equal keys are fine. */
START_TEST(writer__the_first_key_out_of_order_is_refused)
{
    enum { N = 300 };
    for (size_t bad = 1; bad < N; bad++) {
        struct memdisk *disk = disk_with_old();
        const hunch_index_options options = options_of(&index_forms[0], memdisk_io(disk));
        hunch_index_writer *writer = NULL;
        hunch_diag diag = {.text = ""};
        uint64_t keys[N];
        hunch_status status = hunch_index_writer_new(&writer, PATH, &options, NULL);
        ck_assert_int_eq(status, HUNCH_OK);
        for (size_t i = 0; i < N; i++) {
            keys[i] = 1000 + i / 2 - (i == bad ? 2 : 0);
        }
        const size_t step = 1 + bad % 7;
        for (size_t i = 0; status == HUNCH_OK && i < N; i += step) {
            status = hunch_index_writer_add(writer, keys + i, i + step < N ? step : N - i, &diag);
        }
        ck_assert_int_eq(status, HUNCH_EINVAL);
        ck_assert_int_eq(diag.status, HUNCH_EINVAL);
        ck_assert_uint_eq(diag.at, bad);
        ck_assert_str_ne(diag.text, "");
        hunch_index_writer_free(writer);
        ck_assert_uint_eq(count_at(memdisk_io(disk)), OLD);
        ck_assert_uint_eq(memdisk_files(disk), 1);
        ck_assert_uint_eq(memdisk_open_files(disk) + memdisk_live_mappings(disk), 0);
        memdisk_free(disk);
    }
}
END_TEST

START_TEST(writer__options_out_of_range_are_refused)
{
    struct memdisk *disk = disk_with_old();
    hunch_index_options options = options_of(&index_forms[0], memdisk_io(disk));
    hunch_index_writer *writer = (hunch_index_writer *)disk; /* any pointer: it must not stay */
    hunch_diag diag = {.text = ""};
    options.kind = 77;
    ck_assert_int_eq(hunch_index_writer_new(&writer, PATH, &options, &diag), HUNCH_EINVAL);
    ck_assert_ptr_null(writer);
    ck_assert_str_ne(diag.text, "");
    /* And an advisor on other matters, before any key is written. */
    const hunch_chooser_options other = {.struct_size = sizeof other, .arms = 2};
    options.kind = HUNCH_INDEX_AUTO;
    ck_assert_int_eq(hunch_chooser_new(&options.advisor, &other, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch_index_writer_new(&writer, PATH, &options, &diag), HUNCH_EINVAL);
    ck_assert_ptr_null(writer);
    hunch_chooser_free(options.advisor);
    ck_assert_uint_eq(memdisk_files(disk), 1);
    memdisk_free(disk);
}
END_TEST

START_TEST(writer__freed_before_the_end_leaves_the_old_file)
{
    struct memdisk *disk = disk_with_old();
    const hunch_index_options options = options_of(&index_forms[0], memdisk_io(disk));
    hunch_index_writer *writer = NULL;
    ck_assert_int_eq(hunch_index_writer_new(&writer, PATH, &options, NULL), HUNCH_OK);
    if (_i > 0) {
        ck_assert_int_eq(hunch_index_writer_add(writer, samples[1].keys, NEW, NULL), HUNCH_OK);
    }
    hunch_index_writer_free(writer);
    ck_assert_uint_eq(memdisk_files(disk), 1);
    ck_assert_uint_eq(memdisk_open_files(disk) + memdisk_live_mappings(disk), 0);
    ck_assert_uint_eq(count_at(memdisk_io(disk)), OLD);
    memdisk_free(disk);
}
END_TEST

START_TEST(writer__freeing_null_is_fine)
{
    hunch_index_writer_free(NULL);
}
END_TEST

START_TEST(writer__two_of_one_path_do_not_disturb_each_other)
{
    struct memdisk *disk = memdisk_new();
    const hunch_index_options options = options_of(&index_forms[0], memdisk_io(disk));
    hunch_index_writer *writers[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(hunch_index_writer_new(&writers[i], PATH, &options, NULL), HUNCH_OK);
    }
    for (size_t i = 0; i < 2; i++) {
        ck_assert_int_eq(hunch_index_writer_add(writers[i], samples[i].keys, samples[i].n, NULL),
                         HUNCH_OK);
    }
    ck_assert_int_eq(hunch_index_writer_finish(writers[1], NULL), HUNCH_OK);
    ck_assert_uint_eq(count_at(memdisk_io(disk)), NEW);
    ck_assert_int_eq(hunch_index_writer_finish(writers[0], NULL), HUNCH_OK);
    ck_assert_uint_eq(count_at(memdisk_io(disk)), OLD);
    hunch_index_writer_free(writers[0]);
    hunch_index_writer_free(writers[1]);
    ck_assert_uint_eq(memdisk_files(disk), 1);
    memdisk_free(disk);
}
END_TEST

/* Through real files, of which a mapping is no copy. */
START_TEST(writer__works_on_the_files_of_the_system)
{
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "index");
    const hunch_index_options options = {.struct_size = sizeof options, .verify = 1};
    hunch_index_writer *writer = NULL;
    hunch_index *index = NULL;
    hunch_diag diag = {.text = ""};
    ck_assert_int_eq(hunch_index_writer_new(&writer, path, NULL, NULL), HUNCH_OK);
    for (size_t i = 0; i < NEW; i += 450) {
        ck_assert_int_eq(hunch_index_writer_add(writer, samples[1].keys + i, 450, NULL), HUNCH_OK);
    }
    ck_assert_msg(hunch_index_writer_finish(writer, &diag) == HUNCH_OK, "%s", diag.text);
    hunch_index_writer_free(writer);
    ck_assert_uint_eq(sample_folder_count(folder), 1);
    ck_assert_msg(hunch_index_open(&index, path, &options, &diag) == HUNCH_OK, "%s", diag.text);
    SUITE_ASSERT(index_answers_are_right(index, samples[1].keys, NEW));
    hunch_index_free(index);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(writer__says_where_there_is_no_folder)
{
    const char *folder = sample_folder();
    hunch_index_writer *writer = (hunch_index_writer *)&folder;
    hunch_diag diag = {.text = ""};
    ck_assert_int_eq(
        hunch_index_writer_new(&writer, sample_path(folder, "none/index"), NULL, &diag),
        HUNCH_ENOENT);
    ck_assert_ptr_null(writer);
    ck_assert_str_ne(diag.text, "");
    sample_folder_remove(folder);
}
END_TEST

START_TEST(writer__memory_does_not_grow_with_the_keys)
{
    enum { STEP = 1000, FEW = 300, MANY = 2000 };
    struct memdisk *disk = memdisk_new();
    struct faulty_alloc memory;
    hunch_index_writer *writer = NULL;
    size_t peak = 0;
    faulty_alloc_begin(&memory, 0, FAULTY_ONCE);
    hunch_index_options options = options_of(&index_forms[1], memdisk_io(disk));
    options.allocator = &memory.allocator;
    ck_assert_int_eq(hunch_index_writer_new(&writer, PATH, &options, NULL), HUNCH_OK);
    for (uint64_t i = 0; i < MANY; i++) {
        uint64_t keys[STEP];
        for (size_t k = 0; k < STEP; k++) {
            keys[k] = i * STEP + k;
        }
        ck_assert_int_eq(hunch_index_writer_add(writer, keys, STEP, NULL), HUNCH_OK);
        peak = i == FEW ? memory.peak_bytes : peak;
    }
    ck_assert_uint_eq(memory.peak_bytes, peak);
    hunch_index_writer_free(writer);
    ck_assert_ptr_null(faulty_alloc_end(&memory));
    memdisk_free(disk);
}
END_TEST

START_TEST(writer__io_failing_at_every_call)
{
    uint64_t failed = 1;
    uint64_t k = 0;
    while (failed > 0) {
        struct memdisk *disk = disk_with_old();
        struct faulty_io io;
        hunch_diag diag = {.text = ""};
        faulty_io_begin(&io, memdisk_io(disk), ++k, faults[_i].error);
        io.onwards = faults[_i].onwards;
        io.late = faults[_i].late;
        io.most = faults[_i].most;
        const hunch_index_options options = options_of(&index_forms[k % 2 == 0 ? 1 : 3], &io.io);
        const hunch_status status = write_keys(samples[1], &options, CUT_RANDOM, &diag);
        const size_t found = count_at(memdisk_io(disk));
        failed = io.failed;
        ck_assert_int_eq(status, diag.status);
        ck_assert_msg(status == HUNCH_OK || failed > 0, "%s", diag.text);
        ck_assert_msg(found == NEW || (status != HUNCH_OK && found == OLD), "call %" PRIu64 ": %s",
                      k, diag.text);
        ck_assert_uint_eq(io.open_files + io.live_mappings, 0);
        /* A file stays only where removing it fails too, or where it was made by an open that said
         * that it failed. */
        ck_assert_msg(memdisk_files(disk) == 1 || io.onwards || io.late ||
                          io.first_fail == FAULTY_REMOVE,
                      "call %" PRIu64 " (%s) left %zu files", k, faulty_io_name(io.first_fail),
                      memdisk_files(disk));
        memdisk_free(disk);
    }
    ck_assert_uint_gt(k, 9); /* two files are made */
}
END_TEST

START_TEST(writer__memory_failing_at_every_call)
{
    uint64_t failed = 1;
    for (uint64_t k = 1; failed > 0; k++) {
        struct memdisk *disk = disk_with_old();
        struct faulty_alloc memory;
        hunch_diag diag = {.text = ""};
        faulty_alloc_begin(&memory, k, _i % 2 == 0 ? FAULTY_ONCE : FAULTY_ONWARDS);
        hunch_index_options options = options_of(&index_forms[_i / 2], memdisk_io(disk));
        options.allocator = &memory.allocator;
        const hunch_status status = write_keys(samples[1], &options, CUT_RANDOM, &diag);
        failed = memory.failed;
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        ck_assert_int_eq(status, diag.status);
        ck_assert_uint_eq(count_at(memdisk_io(disk)), failed > 0 ? OLD : NEW);
        ck_assert_uint_eq(memdisk_files(disk), 1);
        ck_assert_uint_eq(memdisk_open_files(disk) + memdisk_live_mappings(disk), 0);
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
        memdisk_free(disk);
    }
}
END_TEST

START_TEST(writer__a_power_cut_leaves_the_old_file_or_the_new_one)
{
    bool off = true;
    for (uint64_t k = 1; off; k++) {
        struct memdisk *disk = disk_with_old();
        const hunch_index_options options = options_of(&index_forms[_i], memdisk_io(disk));
        memdisk_power_off_at(disk, k);
        const hunch_status status = write_keys(samples[1], &options, CUT_RANDOM, NULL);
        off = memdisk_is_off(disk);
        ck_assert(off || status == HUNCH_OK);
        check_images(disk, status == HUNCH_OK, k);
        memdisk_free(disk);
    }
}
END_TEST

static hunch_index_options options_of(const struct index_form *form, const hunch_io *io)
{
    hunch_index_options options = index_form_options(form);
    options.io = io;
    return options;
}

/* Write, all or as far as it goes, and end the writer. */
static hunch_status write_keys(struct index_sample sample, const hunch_index_options *options,
                               enum cut cut, hunch_diag *diag)
{
    hunch_index_writer *writer = NULL;
    uint64_t random = sample.n;
    hunch_status status = hunch_index_writer_new(&writer, PATH, options, diag);
    for (size_t i = 0; status == HUNCH_OK && i < sample.n;) {
        const size_t drawn = (size_t)(hunch__splitmix64(&random) >> (50 + random % 14));
        size_t step = cut == CUT_EACH ? 1 : cut == CUT_NONE ? sample.n : drawn;
        step = step < sample.n - i ? step : sample.n - i;
        status = hunch_index_writer_add(writer, sample.keys + i, step, diag);
        i += step;
    }
    if (status == HUNCH_OK) {
        status = hunch_index_writer_finish(writer, diag);
    }
    hunch_index_writer_free(writer);
    return status;
}

static struct sample_bytes written(struct index_sample sample, const struct index_form *form,
                                   enum cut cut)
{
    struct memdisk *disk = memdisk_new();
    const hunch_index_options options = options_of(form, memdisk_io(disk));
    hunch_diag diag = {.text = ""};
    size_t size = 0;
    ck_assert_msg(write_keys(sample, &options, cut, &diag) == HUNCH_OK, "%s", diag.text);
    ck_assert_uint_eq(memdisk_files(disk), 1);
    const unsigned char *p = memdisk_get(disk, PATH, &size);
    struct sample_bytes bytes = sample_copy(p, size);
    memdisk_free(disk);
    return bytes;
}

static struct memdisk *disk_with_old(void)
{
    struct memdisk *disk = memdisk_new();
    index_sample_save(samples[0], 16, memdisk_io(disk), PATH);
    return disk;
}

/* The number of keys of the index at the path, which must be whole and right. */
static size_t count_at(const hunch_io *io)
{
    const hunch_index_options options = {.struct_size = sizeof options, .io = io, .verify = 1};
    hunch_index *index = NULL;
    hunch_diag diag = {.text = ""};
    ck_assert_msg(hunch_index_open(&index, PATH, &options, &diag) == HUNCH_OK, "%s", diag.text);
    const size_t n = hunch_index_count(index);
    ck_assert(n == OLD || n == NEW);
    SUITE_ASSERT(memcmp(hunch_index_keys(index), samples[n == NEW].keys, n * sizeof(uint64_t)) ==
                 0);
    hunch_index_free(index);
    return n;
}

/* Whatever the power cut left is an index; the new one when the writer had finished. */
static void check_images(const struct memdisk *disk, bool finished, uint64_t k)
{
    for (uint64_t seed = 0; seed < IMAGES; seed++) {
        struct memdisk *after = memdisk_crash(disk, seed);
        const size_t found = count_at(memdisk_io(after));
        ck_assert_msg(found == NEW || !finished, "power cut at call %" PRIu64 ", image %" PRIu64, k,
                      seed);
        memdisk_free(after);
    }
}

int main(void)
{
    Suite *suite = suite_create("index_writer");
    TCase *cases = tcase_create("writer");
    tcase_set_timeout(cases, 300);
    tcase_add_checked_fixture(cases, make_samples, free_samples);
    tcase_add_loop_test(cases, writer__any_cut_gives_the_bytes_of_a_saved_build, 0,
                        INDEX_FORMS_EXACT);
    tcase_add_test(cases, writer__what_measures_gives_right_answers);
    tcase_add_test(cases, writer__outlives_the_allocators_struct);
    tcase_add_test(cases, writer__the_first_key_out_of_order_is_refused);
    tcase_add_test(cases, writer__options_out_of_range_are_refused);
    tcase_add_loop_test(cases, writer__freed_before_the_end_leaves_the_old_file, 0, 2);
    tcase_add_test(cases, writer__freeing_null_is_fine);
    tcase_add_test(cases, writer__two_of_one_path_do_not_disturb_each_other);
    tcase_add_test(cases, writer__works_on_the_files_of_the_system);
    tcase_add_test(cases, writer__says_where_there_is_no_folder);
    tcase_add_test(cases, writer__memory_does_not_grow_with_the_keys);
    tcase_add_loop_test(cases, writer__io_failing_at_every_call, 0,
                        sizeof faults / sizeof faults[0]);
    tcase_add_loop_test(cases, writer__memory_failing_at_every_call, 0, 2 * INDEX_FORMS_EXACT);
    tcase_add_loop_test(cases, writer__a_power_cut_leaves_the_old_file_or_the_new_one, 0, 4);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
