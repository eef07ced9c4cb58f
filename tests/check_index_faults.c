/* hunch_index as a file when memory, I/O, the power or the process fails: what is at the path is
 * the old index or the new one, and nothing is lost. */
#define _GNU_SOURCE /* fork, kill, nanosleep */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "faulty_alloc.h"
#include "faulty_io.h"
#include "index_answers.h"
#include "index_sample.h"
#include "memdisk.h"
#include "random.h"
#include "suite.h"

#define PATH "folder/index"

/* Two indexes that cannot be taken for one another; several sectors each. */
enum { OLD = 700, NEW = 900 };

/* Crash images looked at for each moment of the crash. */
enum { IMAGES = 40 };

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

static struct memdisk *disk_with_old(void);
static void faulty_begin(struct faulty_io *io, struct memdisk *disk, uint64_t k, int row);
static hunch_index *built(size_t n, const hunch_io *io, const hunch_allocator *allocator);
static size_t count_at(const char *path, const hunch_io *io);
static void check_images(const struct memdisk *disk, bool saved, uint64_t k);
static void remove_leftovers(const char *path);
static void save_for_ever(const char *path);
static void kill_while_it_saves(const char *path, uint64_t nanoseconds);

static struct index_sample samples[2];

/* The keys stay the same from test to test; the indexes over them do not. */
static void make_samples(void)
{
    samples[0] = index_sample_new(OLD, INDEX_SAMPLE_OFFSET);
    samples[1] = index_sample_new(NEW, 0);
}

static void free_samples(void)
{
    index_sample_free(samples[0]);
    index_sample_free(samples[1]);
}

START_TEST(faults__saving_with_io_failing_at_every_call)
{
    uint64_t failed = 1;
    uint64_t k = 0;
    while (failed > 0) {
        struct memdisk *disk = disk_with_old();
        struct faulty_io io;
        hunch_diag diag = {.text = ""};
        faulty_begin(&io, disk, ++k, _i);
        hunch_index *index = built(NEW, &io.io, NULL);
        const hunch_status status = hunch_index_save(index, PATH, &diag);
        const size_t found = count_at(PATH, memdisk_io(disk));
        hunch_index_free(index);
        failed = io.failed;
        ck_assert_int_eq(status, diag.status);
        ck_assert_msg(status == HUNCH_OK || failed > 0, "%s", diag.text);
        ck_assert_msg(found == NEW || (status != HUNCH_OK && found == OLD), "%s", diag.text);
        ck_assert_uint_eq(io.open_files + io.live_mappings, 0);
        /* A file stays only where removing it fails too, or where it was made by an open that said
         * that it failed. */
        ck_assert(memdisk_files(disk) == 1 || io.onwards || io.late);
        memdisk_free(disk);
    }
    ck_assert_uint_gt(k, 7); /* open, writes, sync, close, rename, sync of the folder */
}
END_TEST

START_TEST(faults__opening_with_io_failing_at_every_call)
{
    uint64_t failed = 1;
    for (uint64_t k = 1; failed > 0; k++) {
        struct memdisk *disk = disk_with_old();
        struct faulty_io io;
        hunch_index *index = NULL;
        const hunch_index_options options = {.struct_size = sizeof options, .io = &io.io};
        faulty_begin(&io, disk, k, _i);
        const hunch_status status = hunch_index_open(&index, PATH, &options, NULL);
        ck_assert_int_eq(status == HUNCH_OK, index != NULL);
        ck_assert_int_eq(status == HUNCH_OK, io.failed == 0 || io.first_fail == FAULTY_CLOSE);
        if (index != NULL) {
            SUITE_ASSERT(index_answers_are_right(index, samples[0].keys, OLD));
        }
        hunch_index_free(index);
        ck_assert_uint_eq(io.open_files + io.live_mappings, 0);
        failed = io.failed;
        memdisk_free(disk);
    }
}
END_TEST

START_TEST(faults__opening_with_memory_failing_at_every_call)
{
    uint64_t failed = 1;
    for (uint64_t k = 1; failed > 0; k++) {
        struct memdisk *disk = disk_with_old();
        struct faulty_alloc memory;
        hunch_index *index = (hunch_index *)&memory; /* any pointer: it must not stay */
        faulty_alloc_begin(&memory, k, _i == 0 ? FAULTY_ONCE : FAULTY_ONWARDS);
        const hunch_index_options options = {
            .struct_size = sizeof options, .allocator = &memory.allocator, .io = memdisk_io(disk)};
        const hunch_status status = hunch_index_open(&index, PATH, &options, NULL);
        failed = memory.failed;
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        ck_assert_int_eq(index == NULL, failed > 0);
        hunch_index_free(index);
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
        struct memdisk *disk = disk_with_old();
        struct faulty_alloc memory;
        hunch_diag diag = {.text = ""};
        faulty_alloc_begin(&memory, 0, _i == 0 ? FAULTY_ONCE : FAULTY_ONWARDS);
        hunch_index *index = built(NEW, memdisk_io(disk), &memory.allocator);
        memory.fail_at = memory.calls + k;
        const hunch_status status = hunch_index_save(index, PATH, &diag);
        failed = memory.failed;
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
        ck_assert_int_eq(status, diag.status);
        ck_assert_uint_eq(count_at(PATH, memdisk_io(disk)), failed > 0 ? OLD : NEW);
        ck_assert_uint_eq(memdisk_files(disk), 1);
        hunch_index_free(index);
        const char *wrong = faulty_alloc_end(&memory);
        ck_assert_msg(wrong == NULL, "allocation %" PRIu64 ": %s", k, wrong);
        memdisk_free(disk);
    }
}
END_TEST

START_TEST(crash__the_old_index_or_the_new_one)
{
    bool off = true;
    for (uint64_t k = 1; off; k++) {
        struct memdisk *disk = disk_with_old();
        hunch_index *index = built(NEW, memdisk_io(disk), NULL);
        memdisk_power_off_at(disk, k);
        const hunch_status status = hunch_index_save(index, PATH, NULL);
        off = memdisk_is_off(disk);
        check_images(disk, status == HUNCH_OK, k);
        hunch_index_free(index);
        memdisk_free(disk);
    }
}
END_TEST

START_TEST(kill__the_old_index_or_the_new_one)
{
    const int kills = getenv("HUNCH_SOAK") != NULL ? 5000 : 300;
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "index");
    uint64_t random = 1;
    size_t seen[2] = {0, 0};
    index_sample_save(samples[0], 16, NULL, path);
    for (int i = 0; i < kills; i++) {
        if (i % 500 == 499) {
            remove_leftovers(path);
        }
        /* Sometimes up to 48 ms: two saves take as long on a slow or busy machine. */
        kill_while_it_saves(path, hunch__splitmix64(&random) % 3000000 << i % 5);
        seen[count_at(path, NULL) == NEW]++;
    }
    /* Where a disk takes longer still, until both have been seen. */
    for (uint64_t wait = 1 << 26; seen[0] * seen[1] == 0 && wait < (uint64_t)1 << 34; wait *= 2) {
        kill_while_it_saves(path, wait);
        seen[count_at(path, NULL) == NEW]++;
    }
    ck_assert_uint_gt(seen[0], 0);
    ck_assert_uint_gt(seen[1], 0);
    sample_folder_remove(folder);
}
END_TEST

static struct memdisk *disk_with_old(void)
{
    struct memdisk *disk = memdisk_new();
    index_sample_save(samples[0], 16, memdisk_io(disk), PATH);
    return disk;
}

/* The disk, its k-th call failing as the row says. */
static void faulty_begin(struct faulty_io *io, struct memdisk *disk, uint64_t k, int row)
{
    faulty_io_begin(io, memdisk_io(disk), k, faults[row].error);
    io->onwards = faults[row].onwards;
    io->late = faults[row].late;
    io->most = faults[row].most;
}

static hunch_index *built(size_t n, const hunch_io *io, const hunch_allocator *allocator)
{
    const struct index_sample sample = samples[n == NEW];
    const hunch_index_options options = {
        .struct_size = sizeof options, .allocator = allocator, .io = io};
    hunch_index *index = NULL;
    ck_assert_int_eq(hunch_index_build(&index, sample.keys, n, &options, NULL), HUNCH_OK);
    return index;
}

/* The number of keys of the index at `path`, which must be whole and right. */
static size_t count_at(const char *path, const hunch_io *io)
{
    const hunch_index_options options = {.struct_size = sizeof options, .io = io};
    hunch_index *index = NULL;
    hunch_diag diag = {.text = ""};
    ck_assert_msg(hunch_index_open(&index, path, &options, &diag) == HUNCH_OK, "%s", diag.text);
    ck_assert_msg(hunch_index_validate(index, &diag) == HUNCH_OK, "%s", diag.text);
    const size_t n = hunch_index_count(index);
    ck_assert(n == OLD || n == NEW);
    SUITE_ASSERT(index_answers_are_right(index, samples[n == NEW].keys, n));
    hunch_index_free(index);
    return n;
}

/* Whatever the power cut left is an index; the new one when saving had returned. */
static void check_images(const struct memdisk *disk, bool saved, uint64_t k)
{
    for (uint64_t seed = 0; seed < IMAGES; seed++) {
        struct memdisk *after = memdisk_crash(disk, seed);
        const size_t found = count_at(PATH, memdisk_io(after));
        ck_assert_msg(found == NEW || !saved, "power cut at call %" PRIu64 ", image %" PRIu64, k,
                      seed);
        memdisk_free(after);
    }
}

static void kill_while_it_saves(const char *path, uint64_t nanoseconds)
{
    const struct timespec pause = {.tv_sec = (time_t)(nanoseconds / 1000000000),
                                   .tv_nsec = (long)(nanoseconds % 1000000000)};
    int status = 0;
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        save_for_ever(path);
    }
    (void)nanosleep(&pause, NULL);
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(WIFSIGNALED(status), 1); /* or saving failed */
}

/* What killed writers leave is nobody's to remove but the user's; there are 1000 names. */
static void remove_leftovers(const char *path)
{
    for (int i = 0; i < 1000; i++) {
        char name[600];
        (void)snprintf(name, sizeof name, "%s.tmp-%d", path, i);
        (void)remove(name);
    }
}

static void save_for_ever(const char *path)
{
    hunch_status status = HUNCH_OK;
    for (size_t turn = 0; status == HUNCH_OK; turn++) {
        const struct index_sample sample = samples[turn % 2];
        hunch_index *index = NULL;
        status = hunch_index_build(&index, sample.keys, sample.n, NULL, NULL);
        if (status == HUNCH_OK) {
            status = hunch_index_save(index, path, NULL);
        }
        hunch_index_free(index);
    }
    _exit(EXIT_FAILURE);
}

int main(void)
{
    Suite *suite = suite_create("index_faults");
    TCase *cases = tcase_create("faults");
    const int rows = (int)(sizeof faults / sizeof faults[0]);
    tcase_set_timeout(cases, 300);
    tcase_add_checked_fixture(cases, make_samples, free_samples);
    tcase_add_loop_test(cases, faults__saving_with_io_failing_at_every_call, 0, rows);
    tcase_add_loop_test(cases, faults__opening_with_io_failing_at_every_call, 0, rows);
    tcase_add_loop_test(cases, faults__opening_with_memory_failing_at_every_call, 0, 2);
    tcase_add_loop_test(cases, faults__saving_with_memory_failing_at_every_call, 0, 2);
    tcase_add_test(cases, crash__the_old_index_or_the_new_one);
    tcase_add_test(cases, kill__the_old_index_or_the_new_one);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
