/* lib/format under failing memory, failing I/O and power cuts. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "faulty_alloc.h"
#include "faulty_io.h"
#include "format_numbers.h"
#include "format_sample.h"
#include "memdisk.h"

#define PATH "folder/numbers"

/* Crash images looked at for each moment of the crash. */
enum { IMAGES = 200 };

/* How the k-th call fails. */
struct fault {
    int error;
    bool onwards;
    bool late;
    size_t most;
};

static const struct fault faults[] = {
    {EIO, false, false, 0},    {EIO, true, false, 0},     {EIO, false, true, 0},
    {ENOSPC, false, false, 0}, {ENOSPC, true, false, 0},  {EINTR, false, false, 1000},
    {ENOMEM, false, false, 0}, {EEXIST, false, false, 0}, {EIO, false, false, 1000},
};

static struct memdisk *disk_with(uint64_t number);
static uint64_t fail_write_at(const struct fault *fault, uint64_t k);
static bool may_succeed(const struct faulty_io *io);
static bool may_leave_a_file(const struct faulty_io *io);
static bool may_replace(const struct faulty_io *io);
static void check_images(const struct memdisk *disk, uint64_t least, uint64_t most, uint64_t k);

START_TEST(faults__memory_failing_at_every_call)
{
    uint64_t failed = 1;
    for (uint64_t k = 1; failed > 0; k++) {
        struct memdisk *disk = disk_with(1);
        struct faulty_alloc memory;
        hunch_diag diag = {0};
        faulty_alloc_begin(&memory, k, _i == 0 ? FAULTY_ONCE : FAULTY_ONWARDS);
        hunch_status status = numbers_write(PATH, 2, memdisk_io(disk), &memory.allocator, &diag);
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
        failed = memory.failed;
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        ck_assert_int_eq(diag.status, status);
        ck_assert_uint_eq(numbers_read(PATH, memdisk_io(disk)), failed > 0 ? 1 : 2);
        ck_assert_uint_eq(memdisk_files(disk), 1);
        memdisk_free(disk);
    }
}
END_TEST

START_TEST(faults__writing_with_io_failing_at_every_call)
{
    uint64_t k = 1;
    while (fail_write_at(&faults[_i], k) > 0) {
        k++;
    }
    ck_assert_uint_gt(k, 7); /* open, two writes, sync, close, rename, sync of the folder */
}
END_TEST

START_TEST(faults__reading_with_io_failing_at_every_call)
{
    uint64_t failed = 1;
    for (uint64_t k = 1; failed > 0; k++) {
        struct memdisk *disk = disk_with(1);
        struct faulty_io io;
        struct hunch__mapping mapping;
        faulty_io_begin(&io, memdisk_io(disk), k, faults[_i].error);
        io.onwards = faults[_i].onwards;
        io.late = faults[_i].late;
        hunch_status status = hunch__mapping_open(&mapping, PATH, &io.io, NULL);
        ck_assert_int_eq(status != HUNCH_OK, io.failed > 0 && io.first_fail != FAULTY_CLOSE);
        ck_assert_int_eq(mapping.bytes != NULL, status == HUNCH_OK);
        hunch__mapping_close(&mapping, &io.io);
        ck_assert_uint_eq(io.open_files + io.live_mappings, 0);
        failed = io.failed;
        memdisk_free(disk);
    }
}
END_TEST

START_TEST(crash__the_old_container_or_the_new_one)
{
    bool off = true;
    for (uint64_t k = 1; off; k++) {
        struct memdisk *disk = disk_with(1);
        uint64_t done = 1;
        memdisk_power_off_at(disk, k);
        while (done < 4 && numbers_write(PATH, done + 1, memdisk_io(disk), NULL, NULL) == 0) {
            done++;
        }
        off = memdisk_is_off(disk);
        check_images(disk, done, off ? done + 1 : done, k);
        memdisk_free(disk);
    }
}
END_TEST

START_TEST(crash__none_or_the_first_container)
{
    bool off = true;
    for (uint64_t k = 1; off; k++) {
        struct memdisk *disk = memdisk_new();
        memdisk_power_off_at(disk, k);
        hunch_status status = numbers_write(PATH, 1, memdisk_io(disk), NULL, NULL);
        off = memdisk_is_off(disk);
        check_images(disk, status == HUNCH_OK, 1, k);
        memdisk_free(disk);
    }
}
END_TEST

/* A disk with one container, durable. */
static struct memdisk *disk_with(uint64_t number)
{
    struct memdisk *disk = memdisk_new();
    ck_assert_int_eq(numbers_write(PATH, number, memdisk_io(disk), NULL, NULL), HUNCH_OK);
    return disk;
}

/* Replace 1 by 2 with the k-th call failing. Returns how many calls failed. */
static uint64_t fail_write_at(const struct fault *fault, uint64_t k)
{
    struct memdisk *disk = disk_with(1);
    struct faulty_io io;
    hunch_diag diag = {0};
    faulty_io_begin(&io, memdisk_io(disk), k, fault->error);
    io.onwards = fault->onwards;
    io.late = fault->late;
    io.most = fault->most;
    hunch_status status = numbers_write(PATH, 2, &io.io, NULL, &diag);
    const char *call = io.failed > 0 ? faulty_io_name(io.first_fail) : "none";
    uint64_t found = numbers_read(PATH, memdisk_io(disk));

    ck_assert_msg(status == diag.status, "%s: %s", call, diag.text);
    ck_assert_msg((status == HUNCH_OK) == may_succeed(&io), "%s: %s", call, diag.text);
    ck_assert_msg(found == 2 || (status != HUNCH_OK && found == 1), "%s: %s", call, diag.text);
    ck_assert_msg(found == 1 || status == HUNCH_OK || may_replace(&io), "%s: %s", call, diag.text);
    ck_assert_msg(memdisk_files(disk) == 1 || may_leave_a_file(&io), "%s: %s", call, diag.text);
    ck_assert_uint_eq(io.open_files + io.live_mappings, 0);
    memdisk_free(disk);
    return io.failed;
}

/* Where nothing failed, or what is tried again: an interrupted write, a name that is taken. */
static bool may_succeed(const struct faulty_io *io)
{
    return io->failed == 0 || (io->first_fail == FAULTY_PWRITE && io->error == EINTR) ||
           (io->first_fail == FAULTY_OPEN && io->error == EEXIST);
}

/* Where removing fails too, and where a file was made though open says that it was not. */
static bool may_leave_a_file(const struct faulty_io *io)
{
    return io->onwards || (io->late && io->first_fail == FAULTY_OPEN);
}

/* When the new file is there though the write says that it failed. */
static bool may_replace(const struct faulty_io *io)
{
    return io->first_fail == FAULTY_SYNC_FOLDER || (io->late && io->first_fail == FAULTY_RENAME);
}

/* Whatever the power cut left, `path` is a whole container of least..most. */
static void check_images(const struct memdisk *disk, uint64_t least, uint64_t most, uint64_t k)
{
    for (uint64_t seed = 0; seed < IMAGES; seed++) {
        struct memdisk *after = memdisk_crash(disk, seed);
        uint64_t found = numbers_read(PATH, memdisk_io(after));
        ck_assert_msg(found >= least && found <= most,
                      "power cut at call %" PRIu64 ", image %" PRIu64 ": %" PRIu64, k, seed, found);
        memdisk_free(after);
    }
}

int main(void)
{
    Suite *suite = suite_create("format_faults");
    TCase *cases = tcase_create("faults");
    int rows = (int)(sizeof faults / sizeof faults[0]);
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, faults__memory_failing_at_every_call, 0, 2);
    tcase_add_loop_test(cases, faults__writing_with_io_failing_at_every_call, 0, rows);
    tcase_add_loop_test(cases, faults__reading_with_io_failing_at_every_call, 0, rows);
    tcase_add_test(cases, crash__the_old_container_or_the_new_one);
    tcase_add_test(cases, crash__none_or_the_first_container);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
