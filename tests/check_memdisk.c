/* The disk in memory: a plain disk as long as it has power, and afterwards as bad as real ones. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "memdisk.h"
#include "prop.h"
#include "suite.h"

enum { SEEDS = 400, BYTES = 2000 };

/* What a careless program leaves out when it replaces a file. */
enum habit { CAREFUL, NO_SYNC, NO_FOLDER_SYNC, IN_PLACE };

/* How often a crash leaves what. */
struct found {
    unsigned old, fresh, missing, mixed;
};

static int replace(const hunch_io *io, enum habit habit);
static struct memdisk *disk_with_old(void);
static struct found crash_everywhere(enum habit habit, bool *returned_is_durable);
static void classify(const struct memdisk *disk, struct found *found);
static void *create(struct memdisk *disk, const char *path);
static void put(struct memdisk *disk, void *file, const char *text, uint64_t offset);
static const unsigned char *contents(unsigned char fill);

/* -- with power -------------------------------------------------------------------------------- */

/* A file against an array. */
static bool is_a_file(struct prop *p, size_t n)
{
    static unsigned char model[4096];
    unsigned char buffer[700];
    size_t size = 0;
    struct memdisk *disk = memdisk_new();
    const hunch_io *io = memdisk_io(disk);
    void *file = create(disk, "f");
    memset(model, 0, sizeof model);
    for (size_t i = 0; i < n; i++) {
        const size_t at = (size_t)prop_below(p, 3000);
        const size_t length = (size_t)prop_below(p, sizeof buffer);
        if (prop_below(p, 4) == 0) {
            PROP_ASSERT(p, io->truncate(io->ctx, file, at) == 0, "truncate");
            memset(model + at, 0, sizeof model - at);
            size = at;
        } else if (length > 0) {
            memset(buffer, (int)(i % 256), length);
            PROP_ASSERT(p, hunch__io_write_all(io, file, buffer, length, at) == 0, "write");
            memcpy(model + at, buffer, length);
            size = at + length > size ? at + length : size;
        }
        size_t found_size = 0;
        const unsigned char *found = memdisk_get(disk, "f", &found_size);
        PROP_ASSERT(p, found_size == size, "size %zu, expected %zu", found_size, size);
        PROP_ASSERT(p, memcmp(found, model, size) == 0, "contents after %zu operations", i + 1);
    }
    memdisk_free(disk);
    return true;
}

START_TEST(memdisk__a_file_is_an_array_of_bytes)
{
    prop_check("is_a_file", is_a_file, _i, 0, 60);
}
END_TEST

START_TEST(memdisk__names_are_as_posix_has_them)
{
    struct memdisk *disk = memdisk_new();
    const hunch_io *io = memdisk_io(disk);
    void *file;
    size_t n;
    ck_assert_int_eq(io->open(io->ctx, "d/a", HUNCH_IO_READ, &file), ENOENT);
    put(disk, create(disk, "d/a"), "one", 0);
    ck_assert_int_eq(io->open(io->ctx, "d/a", HUNCH_IO_CREATE, &file), EEXIST);
    ck_assert_int_eq(io->rename(io->ctx, "d/x", "d/b"), ENOENT);
    ck_assert_int_eq(io->rename(io->ctx, "d/a", "e/a"), EXDEV);
    put(disk, create(disk, "d/b"), "second", 0);
    ck_assert_int_eq(io->rename(io->ctx, "d/a", "d/b"), 0);
    ck_assert_uint_eq(memdisk_files(disk), 1);
    ck_assert_ptr_null(memdisk_get(disk, "d/a", &n));
    ck_assert_int_eq(memcmp(memdisk_get(disk, "d/b", &n), "one", 3), 0);
    ck_assert_uint_eq(n, 3);
    ck_assert_int_eq(io->remove(io->ctx, "d/b"), 0);
    ck_assert_int_eq(io->remove(io->ctx, "d/b"), ENOENT);
    ck_assert_uint_eq(memdisk_files(disk), 0);
    memdisk_free(disk);
}
END_TEST

START_TEST(memdisk__a_mapping_outlives_file_and_name)
{
    struct memdisk *disk = memdisk_new();
    const hunch_io *io = memdisk_io(disk);
    const void *bytes;
    void *file;
    memdisk_put(disk, "a", "abc", 3);
    ck_assert_int_eq(io->open(io->ctx, "a", HUNCH_IO_READ, &file), 0);
    ck_assert_int_eq(io->map(io->ctx, file, 0, &bytes), EINVAL);
    ck_assert_int_eq(io->map(io->ctx, file, 4, &bytes), EINVAL);
    ck_assert_int_eq(io->map(io->ctx, file, 3, &bytes), 0);
    ck_assert_int_eq(io->close(io->ctx, file), 0);
    ck_assert_int_eq(io->remove(io->ctx, "a"), 0);
    ck_assert(memcmp(bytes, "abc", 3) == 0 && (uintptr_t)bytes % 4096 == 0);
    ck_assert_uint_eq(memdisk_live_mappings(disk), 1);
    ck_assert_int_eq(io->unmap(io->ctx, bytes, 3), 0);
    ck_assert_int_eq(io->unmap(io->ctx, bytes, 3), EINVAL);
    ck_assert_uint_eq(memdisk_live_mappings(disk) + memdisk_open_files(disk), 0);
    memdisk_free(disk);
}
END_TEST

/* -- without ----------------------------------------------------------------------------------- */

START_TEST(memdisk__nothing_works_without_power_but_releasing)
{
    struct memdisk *disk = memdisk_new();
    const hunch_io *io = memdisk_io(disk);
    void *file = create(disk, "a");
    void *other;
    memdisk_power_off_at(disk, 2);
    ck_assert_int_eq(io->sync(io->ctx, file), 0);
    ck_assert(!memdisk_is_off(disk));
    ck_assert_int_eq(hunch__io_write_all(io, file, "x", 1, 0), EIO);
    ck_assert(memdisk_is_off(disk));
    ck_assert_int_eq(io->open(io->ctx, "a", HUNCH_IO_READ, &other), EIO);
    ck_assert_int_eq(io->rename(io->ctx, "a", "b"), EIO);
    ck_assert_int_eq(io->close(io->ctx, file), EIO);
    ck_assert_uint_eq(memdisk_open_files(disk), 0);
    memdisk_free(disk);
}
END_TEST

START_TEST(memdisk__what_was_synced_survives_every_crash)
{
    struct memdisk *disk = disk_with_old();
    const hunch_io *io = memdisk_io(disk);
    ck_assert_int_eq(replace(io, CAREFUL), 0);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct found found = {0, 0, 0, 0};
        struct memdisk *after = memdisk_crash(disk, seed);
        classify(after, &found);
        memdisk_free(after);
        ck_assert_msg(found.fresh == 1, "seed %" PRIu64, seed);
    }
    memdisk_free(disk);
}
END_TEST

START_TEST(memdisk__unsynced_sectors_are_lost_torn_and_reordered)
{
    struct memdisk *disk = memdisk_new();
    void *file = create(disk, "a");
    unsigned lost = 0;
    unsigned torn = 0;
    unsigned second_alone = 0;
    put(disk, file, (const char *)contents('o'), 0);
    ck_assert_int_eq(memdisk_io(disk)->sync(memdisk_io(disk)->ctx, file), 0);
    ck_assert_int_eq(memdisk_io(disk)->sync_folder(memdisk_io(disk)->ctx, "a"), 0);
    put(disk, file, (const char *)contents('n'), 0);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        size_t n;
        struct memdisk *after = memdisk_crash(disk, seed);
        const unsigned char *p = memdisk_get(after, "a", &n);
        ck_assert_uint_eq(n, BYTES - 1);
        lost += p[0] == 'o' && p[300] == 'o' && p[600] == 'o' && p[1100] == 'o' && p[1600] == 'o';
        torn += p[0] != p[511];
        second_alone += p[0] == 'o' && p[511] == 'o' && p[512] == 'n' && p[1023] == 'n';
        memdisk_free(after);
    }
    ck_assert_msg(lost > 10 && torn > 10 && second_alone > 10, "%u %u %u", lost, torn,
                  second_alone);
    memdisk_free(disk);
}
END_TEST

/* Two files in a folder and one in another, which alone is synced. */
START_TEST(memdisk__unsynced_names_come_in_any_order_or_not_at_all)
{
    struct memdisk *disk = memdisk_new();
    unsigned count[4] = {0, 0, 0, 0};
    (void)create(disk, "d/a");
    (void)create(disk, "e/a");
    (void)create(disk, "d/b");
    ck_assert_int_eq(memdisk_io(disk)->sync_folder(memdisk_io(disk)->ctx, "e/any"), 0);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        size_t n;
        struct memdisk *after = memdisk_crash(disk, seed);
        ck_assert_ptr_nonnull(memdisk_get(after, "e/a", &n));
        const size_t a = memdisk_get(after, "d/a", &n) != NULL;
        const size_t b = memdisk_get(after, "d/b", &n) != NULL;
        count[2 * a + b]++;
        memdisk_free(after);
    }
    for (size_t i = 0; i < 4; i++) {
        ck_assert_msg(count[i] > 20, "%zu: %u of %d", i, count[i], SEEDS);
    }
    memdisk_free(disk);
}
END_TEST

START_TEST(memdisk__the_extremes_are_all_and_nothing)
{
    struct memdisk *disk = disk_with_old();
    size_t n;
    put(disk, create(disk, "new"), "n", 0);
    ck_assert_int_eq(memdisk_io(disk)->remove(memdisk_io(disk)->ctx, "d/x"), 0);
    struct memdisk *all = memdisk_crash(disk, MEMDISK_LOSE_ALL);
    struct memdisk *nothing = memdisk_crash(disk, MEMDISK_LOSE_NOTHING);
    ck_assert_ptr_null(memdisk_get(all, "new", &n));
    ck_assert_ptr_nonnull(memdisk_get(all, "d/x", &n));
    ck_assert_uint_eq(n, BYTES - 1);
    ck_assert_ptr_null(memdisk_get(nothing, "d/x", &n));
    ck_assert_int_eq(*memdisk_get(nothing, "new", &n), 'n');
    memdisk_free(all);
    memdisk_free(nothing);
    memdisk_free(disk);
}
END_TEST

/* The tests of the library look for anything but `old` and `new`: these show that they could find
 * it. */
START_TEST(memdisk__a_careful_program_leaves_the_old_or_the_new_file)
{
    bool durable = false;
    const struct found found = crash_everywhere(CAREFUL, &durable);
    ck_assert(found.old > 0 && found.fresh > 0 && found.missing == 0 && found.mixed == 0);
    ck_assert(durable);
}
END_TEST

START_TEST(memdisk__a_file_renamed_before_it_is_synced_may_hold_anything)
{
    bool durable = false;
    const struct found found = crash_everywhere(NO_SYNC, &durable);
    ck_assert(found.mixed > 0 && found.missing == 0);
}
END_TEST

START_TEST(memdisk__a_rename_is_not_durable_before_the_folder_is_synced)
{
    bool durable = false;
    const struct found found = crash_everywhere(NO_FOLDER_SYNC, &durable);
    ck_assert(found.old > 0 && found.fresh > 0 && found.missing == 0 && found.mixed == 0);
    ck_assert(!durable);
}
END_TEST

START_TEST(memdisk__writing_in_place_tears_and_loses)
{
    bool durable = false;
    const struct found found = crash_everywhere(IN_PLACE, &durable);
    ck_assert(found.mixed > 0 && found.missing > 0);
}
END_TEST

/* Put the new contents at d/x. The first error. */
static int replace(const hunch_io *io, enum habit habit)
{
    const char *path = habit == IN_PLACE ? "d/x" : "d/tmp";
    void *file = NULL;
    int error = habit == IN_PLACE ? io->remove(io->ctx, path) : 0;
    error = error != 0 ? error : io->open(io->ctx, path, HUNCH_IO_CREATE, &file);
    if (error == 0) {
        error = hunch__io_write_all(io, file, contents('n'), BYTES - 1, 0);
        error = error == 0 && habit != NO_SYNC ? io->sync(io->ctx, file) : error;
        const int closed = io->close(io->ctx, file);
        error = error != 0 ? error : closed;
    }
    if (error == 0 && habit != IN_PLACE) {
        error = io->rename(io->ctx, path, "d/x");
    }
    return error == 0 && habit != NO_FOLDER_SYNC ? io->sync_folder(io->ctx, "d/x") : error;
}

static struct memdisk *disk_with_old(void)
{
    struct memdisk *disk = memdisk_new();
    memdisk_put(disk, "d/x", contents('o'), BYTES - 1);
    return disk;
}

/* Cut the power before each call and after the last one. */
static struct found crash_everywhere(enum habit habit, bool *returned_is_durable)
{
    struct found found = {0, 0, 0, 0};
    bool off = true;
    *returned_is_durable = true;
    for (uint64_t k = 1; off; k++) {
        struct memdisk *disk = disk_with_old();
        memdisk_power_off_at(disk, k);
        const int error = replace(memdisk_io(disk), habit);
        off = memdisk_is_off(disk);
        ck_assert_int_eq(error, off ? EIO : 0);
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            const unsigned new_before = found.fresh;
            struct memdisk *after = memdisk_crash(disk, seed);
            classify(after, &found);
            memdisk_free(after);
            *returned_is_durable = *returned_is_durable && (off || found.fresh > new_before);
        }
        memdisk_free(disk);
    }
    return found;
}

static void classify(const struct memdisk *disk, struct found *found)
{
    size_t n;
    const unsigned char *p = memdisk_get(disk, "d/x", &n);
    if (p == NULL) {
        found->missing++;
    } else if (n == BYTES - 1 && memcmp(p, contents('o'), n) == 0) {
        found->old++;
    } else if (n == BYTES - 1 && memcmp(p, contents('n'), n) == 0) {
        found->fresh++;
    } else {
        found->mixed++;
    }
}

static void *create(struct memdisk *disk, const char *path)
{
    void *file = NULL;
    ck_assert_int_eq(memdisk_io(disk)->open(memdisk_io(disk)->ctx, path, HUNCH_IO_CREATE, &file),
                     0);
    return file;
}

static void put(struct memdisk *disk, void *file, const char *text, uint64_t offset)
{
    ck_assert_int_eq(hunch__io_write_all(memdisk_io(disk), file, text, strlen(text), offset), 0);
}

/* BYTES - 1 times the same letter, and a zero. Good until it is asked for another letter. */
static const unsigned char *contents(unsigned char fill)
{
    static unsigned char bytes[BYTES];
    memset(bytes, fill, BYTES - 1);
    return bytes;
}

static Suite *memdisk_suite(void)
{
    Suite *suite = suite_create("memdisk");
    TCase *powered = tcase_create("with power");
    TCase *crash = tcase_create("without");
    tcase_set_timeout(crash, 60);
    tcase_add_loop_test(powered, memdisk__a_file_is_an_array_of_bytes, 0, 40);
    tcase_add_test(powered, memdisk__names_are_as_posix_has_them);
    tcase_add_test(powered, memdisk__a_mapping_outlives_file_and_name);
    tcase_add_test(crash, memdisk__nothing_works_without_power_but_releasing);
    tcase_add_test(crash, memdisk__what_was_synced_survives_every_crash);
    tcase_add_test(crash, memdisk__unsynced_sectors_are_lost_torn_and_reordered);
    tcase_add_test(crash, memdisk__unsynced_names_come_in_any_order_or_not_at_all);
    tcase_add_test(crash, memdisk__the_extremes_are_all_and_nothing);
    tcase_add_test(crash, memdisk__a_careful_program_leaves_the_old_or_the_new_file);
    tcase_add_test(crash, memdisk__a_file_renamed_before_it_is_synced_may_hold_anything);
    tcase_add_test(crash, memdisk__a_rename_is_not_durable_before_the_folder_is_synced);
    tcase_add_test(crash, memdisk__writing_in_place_tears_and_loses);
    suite_add_tcase(suite, powered);
    suite_add_tcase(suite, crash);
    return suite;
}

int main(void)
{
    return suite_run(memdisk_suite());
}
