/* hunch_chooser when memory, I/O or the power fails: nothing is lost that was there, nothing leaks,
 * and what is at the path is the old chooser or the new one. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "choice_kinds.h"
#include "choice_sample.h"
#include "chooser.h"
#include "faulty_alloc.h"
#include "faulty_io.h"
#include "memdisk.h"
#include "suite.h"

#define PATH "folder/chooser"

/* Choices of the old chooser and of the new one: how they are told apart. */
enum { OLD = 40, NEW = 90, IMAGES = 40 };

/* How the k-th call fails. */
struct fault {
    int error;
    bool onwards;
    bool late;
    size_t most;
};

static const struct fault faults[] = {
    {EIO, false, false, 0},    {EIO, true, false, 0},        {EIO, false, true, 0},
    {ENOSPC, false, false, 0}, {EINTR, false, false, 1000},  {ENOMEM, false, false, 0},
    {EACCES, true, false, 0},  {ENOENT, false, false, 1000},
};

enum { FAULTS = sizeof faults / sizeof faults[0] };

static struct memdisk *disk_with_old(int kind);
static void faulty_begin(struct faulty_io *io, struct memdisk *disk, uint64_t k, int row);
static uint64_t choices_at(const char *path, const hunch_io *io);
static void check_images(const struct memdisk *disk, bool saved, uint64_t k);

START_TEST(faults__making_with_memory_failing_at_every_call)
{
    const int kind = _i / 2;
    uint64_t failed = 1;
    uint64_t k = 0;
    while (failed > 0) {
        struct faulty_alloc memory;
        hunch_diag diag = {.text = ""};
        hunch_chooser_options options = choice_kind_options(kind);
        hunch_chooser *chooser = (hunch_chooser *)&diag; /* any pointer: it must not stay */
        faulty_alloc_begin(&memory, ++k, _i % 2 == 0 ? FAULTY_ONCE : FAULTY_ONWARDS);
        options.allocator = &memory.allocator;
        const hunch_status status = hunch_chooser_new(&chooser, &options, &diag);
        failed = memory.failed;
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        ck_assert_int_eq(chooser == NULL, failed > 0);
        ck_assert(failed == 0 || (diag.status == HUNCH_ENOMEM && diag.text[0] != '\0'));
        if (chooser != NULL) {
            ck_assert_uint_eq(choice_stats(chooser).chooser_bytes, memory.live_bytes);
        }
        hunch_chooser_free(chooser);
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
    }
    ck_assert_uint_gt(k, 6); /* chooser, tables, state, snapshots, lanes, two lanes' blocks */
}
END_TEST

START_TEST(faults__opening_with_memory_failing_at_every_call)
{
    const int kind = _i / 2;
    uint64_t failed = 1;
    for (uint64_t k = 1; failed > 0; k++) {
        struct memdisk *disk = disk_with_old(kind);
        struct faulty_alloc memory;
        hunch_chooser *chooser = (hunch_chooser *)&memory;
        faulty_alloc_begin(&memory, k, _i % 2 == 0 ? FAULTY_ONCE : FAULTY_ONWARDS);
        const hunch_chooser_options options = {.struct_size = sizeof options,
                                               .pending = 4,
                                               .threads = 1,
                                               .allocator = &memory.allocator,
                                               .io = memdisk_io(disk)};
        const hunch_status status = hunch_chooser_open(&chooser, PATH, &options, NULL);
        failed = memory.failed;
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        ck_assert_int_eq(chooser == NULL, failed > 0);
        hunch_chooser_free(chooser);
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
        ck_assert_uint_eq(memdisk_open_files(disk) + memdisk_live_mappings(disk), 0);
        memdisk_free(disk);
    }
}
END_TEST

START_TEST(faults__saving_with_memory_failing_at_every_call)
{
    uint64_t failed = 1;
    for (uint64_t k = 1; failed > 0; k++) {
        struct memdisk *disk = disk_with_old(KIND_SCHEMA);
        struct faulty_alloc memory;
        hunch_diag diag = {.text = ""};
        faulty_alloc_begin(&memory, 0, _i == 0 ? FAULTY_ONCE : FAULTY_ONWARDS);
        hunch_chooser *chooser =
            choice_kind_new(KIND_SCHEMA, &memory.allocator, memdisk_io(disk), NEW, false);
        memory.fail_at = memory.calls + k;
        const hunch_status status = hunch_chooser_save(chooser, PATH, &diag);
        failed = memory.failed;
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        ck_assert_uint_eq(choices_at(PATH, memdisk_io(disk)), failed > 0 ? OLD : NEW);
        ck_assert_uint_eq(memdisk_files(disk), 1);
        hunch_chooser_free(chooser);
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
        memdisk_free(disk);
    }
}
END_TEST

START_TEST(faults__saving_with_io_failing_at_every_call)
{
    uint64_t failed = 1;
    uint64_t k = 0;
    while (failed > 0) {
        struct memdisk *disk = disk_with_old(KIND_METRICS);
        struct faulty_io io;
        hunch_diag diag = {.text = ""};
        faulty_begin(&io, disk, ++k, _i);
        hunch_chooser *chooser = choice_kind_new(KIND_METRICS, NULL, &io.io, NEW, false);
        const hunch_status status = hunch_chooser_save(chooser, PATH, &diag);
        const uint64_t found = choices_at(PATH, memdisk_io(disk));
        failed = io.failed;
        ck_assert_int_eq(status, diag.status);
        ck_assert_msg(status == HUNCH_OK || failed > 0, "%s", diag.text);
        ck_assert_msg(found == NEW || (status != HUNCH_OK && found == OLD), "%s", diag.text);
        ck_assert_uint_eq(io.open_files + io.live_mappings, 0);
        ck_assert(memdisk_files(disk) == 1 || io.onwards || io.late);
        hunch_chooser_free(chooser);
        memdisk_free(disk);
    }
    ck_assert_uint_gt(k, 7); /* open, writes, sync, close, rename, sync of the folder */
}
END_TEST

START_TEST(faults__opening_with_io_failing_at_every_call)
{
    uint64_t failed = 1;
    for (uint64_t k = 1; failed > 0; k++) {
        struct memdisk *disk = disk_with_old(KIND_SPARSE);
        struct faulty_io io;
        hunch_chooser *chooser = NULL;
        const hunch_chooser_options options = {
            .struct_size = sizeof options, .pending = 4, .threads = 1, .io = &io.io};
        faulty_begin(&io, disk, k, _i);
        const hunch_status status = hunch_chooser_open(&chooser, PATH, &options, NULL);
        failed = io.failed;
        ck_assert_int_eq(status == HUNCH_OK, chooser != NULL);
        /* Closing and unmapping come when everything is known, and release what they can. */
        ck_assert(status == HUNCH_OK ||
                  (failed > 0 && io.first_fail != FAULTY_CLOSE && io.first_fail != FAULTY_UNMAP));
        ck_assert(chooser == NULL || choice_stats(chooser).choices == OLD);
        hunch_chooser_free(chooser);
        ck_assert_uint_eq(io.open_files + io.live_mappings, 0);
        memdisk_free(disk);
    }
}
END_TEST

START_TEST(faults__the_power_fails_while_saving)
{
    bool done = false;
    for (uint64_t k = 1; !done; k++) {
        struct memdisk *disk = disk_with_old(KIND_PLAIN);
        hunch_chooser *chooser = choice_kind_new(KIND_PLAIN, NULL, memdisk_io(disk), NEW, false);
        memdisk_power_off_at(disk, k);
        const bool saved = hunch_chooser_save(chooser, PATH, NULL) == HUNCH_OK;
        done = !memdisk_is_off(disk);
        ck_assert_int_eq(saved, done);
        check_images(disk, saved, k);
        hunch_chooser_free(chooser);
        memdisk_free(disk);
    }
}
END_TEST

static struct memdisk *disk_with_old(int kind)
{
    struct memdisk *disk = memdisk_new();
    struct sample_bytes bytes = choice_kind_file(kind, OLD, false);
    memdisk_put(disk, PATH, bytes.p, bytes.size);
    sample_free(bytes);
    return disk;
}

static void faulty_begin(struct faulty_io *io, struct memdisk *disk, uint64_t k, int row)
{
    faulty_io_begin(io, memdisk_io(disk), k, faults[row].error);
    io->onwards = faults[row].onwards;
    io->late = faults[row].late;
    io->most = faults[row].most;
}

/* How many choices the chooser at the path has made; the test fails when it cannot be opened. */
static uint64_t choices_at(const char *path, const hunch_io *io)
{
    const hunch_chooser_options options = {
        .struct_size = sizeof options, .pending = 4, .threads = 1, .io = io};
    hunch_chooser *chooser = NULL;
    hunch_diag diag = {.text = ""};
    if (hunch_chooser_open(&chooser, path, &options, &diag) != HUNCH_OK) {
        ck_abort_msg("%s", diag.text);
    }
    const uint64_t choices = choice_stats(chooser).choices;
    hunch_chooser_free(chooser);
    return choices;
}

/* What may be found when the power comes back. */
static void check_images(const struct memdisk *disk, bool saved, uint64_t k)
{
    for (uint64_t seed = 0; seed < IMAGES; seed++) {
        struct memdisk *after = memdisk_crash(disk, seed);
        const uint64_t found = choices_at(PATH, memdisk_io(after));
        ck_assert_msg(found == NEW || (found == OLD && !saved),
                      "call %" PRIu64 ", image %" PRIu64 ": %" PRIu64 " choices", k, seed, found);
        memdisk_free(after);
    }
}

static Suite *choice_faults_suite(void)
{
    Suite *suite = suite_create("choice_faults");
    TCase *cases = tcase_create("choice_faults");
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, faults__making_with_memory_failing_at_every_call, 0, 2 * KINDS);
    tcase_add_loop_test(cases, faults__opening_with_memory_failing_at_every_call, 0, 2 * KINDS);
    tcase_add_loop_test(cases, faults__saving_with_memory_failing_at_every_call, 0, 2);
    tcase_add_loop_test(cases, faults__saving_with_io_failing_at_every_call, 0, FAULTS);
    tcase_add_loop_test(cases, faults__opening_with_io_failing_at_every_call, 0, FAULTS);
    tcase_add_test(cases, faults__the_power_fails_while_saving);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return suite_run(choice_faults_suite());
}
