/* lib/format as a writer: `path` holds the old container or the new one, whole, whatever fails and
 * whoever writes at the same time. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "format.h"
#include "format_numbers.h"
#include "format_sample.h"

enum { WRITERS = 2, ROUNDS = 300 };

struct writer {
    const char *path;
    uint64_t number;
    _Atomic int *running;
    hunch_status status;
};

static hunch_status write_rounds(const char *path, uint64_t number);
static void *writer_thread(void *argument);
static void check_parts_refused(const struct hunch__part *parts, size_t count, const char *text);
static int no_sync(void *ctx, void *file);
static int always_exists(void *ctx, const char *path, hunch_io_mode mode, void **file);

START_TEST(writer__equal_parts_make_equal_bytes)
{
    struct sample_bytes first = sample_written();
    struct sample_bytes second = sample_written();
    ck_assert_uint_eq(first.size, second.size);
    ck_assert_int_eq(memcmp(first.p, second.p, first.size), 0);
    sample_free(second);
    sample_free(first);
}
END_TEST

START_TEST(writer__leaves_one_file)
{
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "numbers");
    for (uint64_t round = 1; round <= 3; round++) {
        ck_assert_int_eq(numbers_write(path, round, NULL, NULL, NULL), HUNCH_OK);
        ck_assert_uint_eq(numbers_read(path, NULL), round);
        ck_assert_uint_eq(sample_folder_count(folder), 1);
    }
    sample_folder_remove(folder);
}
END_TEST

START_TEST(writer__a_left_over_temporary_is_passed_by)
{
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "numbers");
    const char *left = sample_path(folder, "numbers.tmp-0");
    struct sample_bytes bytes = sample_copy("left", 4);
    sample_write_file(left, bytes);
    ck_assert_int_eq(numbers_write(path, 1, NULL, NULL, NULL), HUNCH_OK);
    struct sample_bytes found = sample_read_file(left);
    ck_assert_uint_eq(found.size, 4);
    ck_assert_int_eq(memcmp(found.p, "left", 4), 0);
    ck_assert_uint_eq(sample_folder_count(folder), 2);
    sample_free(found);
    sample_free(bytes);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(writer__gives_up_when_every_temporary_name_is_taken)
{
    hunch_diag diag;
    hunch_io io = *hunch_io_posix();
    io.open = always_exists;
    ck_assert_int_eq(
        hunch__container_write("x", SAMPLE_KIND, sample_parts, SAMPLE_PARTS, &io, NULL, &diag),
        HUNCH_EIO);
    ck_assert_str_eq(diag.text, "all names from .tmp-0 to .tmp-999 are taken");
}
END_TEST

START_TEST(writer__a_missing_folder_is_named_so)
{
    hunch_diag diag;
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "none/numbers");
    ck_assert_int_eq(
        hunch__container_write(path, SAMPLE_KIND, sample_parts, SAMPLE_PARTS, NULL, NULL, &diag),
        HUNCH_ENOENT);
    ck_assert_str_eq(diag.text, "cannot create a temporary file: No such file or directory");
    sample_folder_remove(folder);
}
END_TEST

START_TEST(writer__wrong_parts_write_nothing)
{
    static const uint32_t word = 7;
    const struct hunch__part equal[] = {{3, HUNCH__U32, 0, &word, 4}, {3, HUNCH__U32, 0, NULL, 0}};
    const struct hunch__part half[] = {{3, HUNCH__U64, 0, &word, 4}};
    const struct hunch__part type[] = {{3, (enum hunch__element)6, 0, &word, 4}};
    const struct hunch__part round[] = {{3, HUNCH__U32, UINT64_MAX - 3, &word, 4}};
    const struct hunch__part huge[] = {{3, HUNCH__U8, UINT64_MAX / 2, NULL, 0}};
    check_parts_refused(equal, 2, "part 1: id 3 after id 3");
    check_parts_refused(half, 1, "part 0: not whole elements");
    check_parts_refused(type, 1, "part 0: not whole elements");
    check_parts_refused(round, 1, "part 0: not whole elements");
    check_parts_refused(huge, 1, "part 0: ends beyond 2^63 bytes");
}
END_TEST

START_TEST(writer__parts_may_lie_in_the_file_that_is_replaced)
{
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "numbers");
    struct hunch__mapping mapping;
    struct hunch__container c;
    uint64_t count = 0;
    ck_assert_int_eq(numbers_write(path, 5, NULL, NULL, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch__mapping_open(&mapping, path, NULL, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch__container_open(&c, mapping.bytes, mapping.size, SAMPLE_KIND, NULL),
                     HUNCH_OK);
    const void *numbers = hunch__container_section(&c, 1, HUNCH__U64, &count);
    const struct hunch__part part = {1, HUNCH__U64, 0, numbers, count * sizeof(uint64_t)};
    ck_assert_int_eq(hunch__container_write(path, SAMPLE_KIND, &part, 1, NULL, NULL, NULL),
                     HUNCH_OK);
    hunch__mapping_close(&mapping, NULL);
    ck_assert_uint_eq(numbers_read(path, NULL), 5);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(writer__threads_on_one_path_do_not_mix)
{
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "numbers");
    pthread_t threads[WRITERS];
    struct writer writers[WRITERS];
    _Atomic int running = WRITERS;
    ck_assert_int_eq(numbers_write(path, 1, NULL, NULL, NULL), HUNCH_OK);
    for (unsigned i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){path, i + 1, &running, HUNCH_OK};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, writer_thread, &writers[i]), 0);
    }
    while (atomic_load_explicit(&running, memory_order_relaxed) > 0) {
        uint64_t number = numbers_read(path, NULL);
        ck_assert(number >= 1 && number <= WRITERS);
    }
    for (unsigned i = 0; i < WRITERS; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert_int_eq(writers[i].status, HUNCH_OK);
    }
    ck_assert_uint_eq(sample_folder_count(folder), 1);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(writer__processes_on_one_path_do_not_mix)
{
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "numbers");
    pid_t children[WRITERS];
    ck_assert_int_eq(numbers_write(path, 1, NULL, NULL, NULL), HUNCH_OK);
    for (unsigned i = 0; i < WRITERS; i++) {
        children[i] = fork();
        ck_assert_int_ge(children[i], 0);
        if (children[i] == 0) {
            _exit(write_rounds(path, i + 1) == HUNCH_OK ? 0 : 1);
        }
    }
    for (unsigned i = 0; i < WRITERS; i++) {
        int status = 0;
        while (waitpid(children[i], &status, WNOHANG) == 0) {
            uint64_t number = numbers_read(path, NULL);
            ck_assert(number >= 1 && number <= WRITERS);
        }
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    ck_assert_uint_eq(sample_folder_count(folder), 1);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(mapping__what_is_no_file_is_refused)
{
    const char *folder = sample_folder();
    const char *empty = sample_path(folder, "empty");
    const char *pipe = sample_path(folder, "pipe");
    const char *none = sample_path(folder, "none");
    struct hunch__mapping mapping = {"", 1};
    hunch_diag diag;
    sample_write_file(empty, (struct sample_bytes){NULL, 0});
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    ck_assert_int_eq(hunch__mapping_open(&mapping, empty, NULL, &diag), HUNCH_ECORRUPT);
    ck_assert_str_eq(diag.text, "the file is empty");
    ck_assert_int_eq(hunch__mapping_open(&mapping, pipe, NULL, &diag), HUNCH_EIO);
    ck_assert_int_eq(hunch__mapping_open(&mapping, folder, NULL, &diag), HUNCH_EIO);
    ck_assert_int_eq(hunch__mapping_open(&mapping, none, NULL, &diag), HUNCH_ENOENT);
    ck_assert_str_eq(diag.text, "cannot open the file: No such file or directory");
    ck_assert_ptr_null(mapping.bytes);
    hunch__mapping_close(&mapping, NULL);
    sample_folder_remove(folder);
}
END_TEST

static hunch_status write_rounds(const char *path, uint64_t number)
{
    hunch_status status = HUNCH_OK;
    hunch_io io = *hunch_io_posix();
    io.sync = no_sync; /* many short rounds meet more often than few long ones */
    for (unsigned round = 0; round < ROUNDS && status == HUNCH_OK; round++) {
        status = numbers_write(path, number, &io, NULL, NULL);
    }
    return status;
}

static void *writer_thread(void *argument)
{
    struct writer *writer = argument;
    writer->status = write_rounds(writer->path, writer->number);
    (void)atomic_fetch_sub_explicit(writer->running, 1, memory_order_relaxed);
    return NULL;
}

static void check_parts_refused(const struct hunch__part *parts, size_t count, const char *text)
{
    hunch_diag diag;
    const char *folder = sample_folder();
    ck_assert_int_eq(hunch__container_write(sample_path(folder, "parts"), SAMPLE_KIND, parts, count,
                                            NULL, NULL, &diag),
                     HUNCH_EINVAL);
    ck_assert_str_eq(diag.text, text);
    ck_assert_uint_eq(sample_folder_count(folder), 0);
    sample_folder_remove(folder);
}

static int no_sync(void *ctx, void *file)
{
    (void)ctx;
    (void)file;
    return 0;
}

static int always_exists(void *ctx, const char *path, hunch_io_mode mode, void **file)
{
    (void)ctx;
    (void)path;
    (void)mode;
    (void)file;
    return EEXIST;
}

int main(void)
{
    Suite *suite = suite_create("format_writer");
    TCase *writer = tcase_create("writer");
    tcase_set_timeout(writer, 120);
    tcase_add_test(writer, writer__equal_parts_make_equal_bytes);
    tcase_add_test(writer, writer__leaves_one_file);
    tcase_add_test(writer, writer__a_left_over_temporary_is_passed_by);
    tcase_add_test(writer, writer__gives_up_when_every_temporary_name_is_taken);
    tcase_add_test(writer, writer__a_missing_folder_is_named_so);
    tcase_add_test(writer, writer__wrong_parts_write_nothing);
    tcase_add_test(writer, writer__parts_may_lie_in_the_file_that_is_replaced);
    tcase_add_test(writer, writer__threads_on_one_path_do_not_mix);
    tcase_add_test(writer, writer__processes_on_one_path_do_not_mix);
    tcase_add_test(writer, mapping__what_is_no_file_is_refused);
    suite_add_tcase(suite, writer);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
