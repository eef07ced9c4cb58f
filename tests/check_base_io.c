/* The default I/O table: real files, and what stands in the way of them. */
#define _GNU_SOURCE /* seteuid, mkfifo, mkdtemp */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <hunch/io.h>

#include "io.h"
#include "suite.h"

enum { NOBODY = 65534 };

/* A new folder, the current one as long as a test runs. */
static char folder[256];
static int home = -1;

static int open_file(const char *name, hunch_io_mode mode, void **file);
static void make_file(const char *name, const char *text);
static int create_as_nobody(const char *name);

static void enter_folder(void)
{
    const char *parent = getenv("TMPDIR");
    (void)snprintf(folder, sizeof folder, "%s/hunch-io-XXXXXX", parent != NULL ? parent : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(home, 0);
    ck_assert_int_eq(chdir(folder), 0);
}

static void leave_folder(void)
{
    static const char *const names[] = {"a", "b", "pipe"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)unlink(names[i]);
    }
    (void)rmdir("inner");
    ck_assert_int_eq(fchdir(home), 0);
    ck_assert_int_eq(close(home), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(io_posix__what_was_written_is_read_and_mapped)
{
    const hunch_io *io = hunch__io_or_default(NULL);
    char buffer[16];
    const void *bytes;
    uint64_t size;
    size_t done;
    void *file;
    ck_assert_uint_eq(io->struct_size, sizeof *io);
    ck_assert_int_eq(open_file("a", HUNCH_IO_CREATE, &file), 0);
    ck_assert_int_eq(hunch__io_write_all(io, file, "0123456789", 10, 3), 0);
    ck_assert_int_eq(io->sync(io->ctx, file), 0);
    ck_assert_int_eq(io->pread(io->ctx, file, buffer, sizeof buffer, 8, &done), 0);
    ck_assert(done == 5 && memcmp(buffer, "56789", 5) == 0);
    ck_assert_int_eq(io->pread(io->ctx, file, buffer, sizeof buffer, 13, &done), 0);
    ck_assert_uint_eq(done, 0);
    ck_assert_int_eq(io->truncate(io->ctx, file, 6), 0);
    ck_assert_int_eq(io->size(io->ctx, file, &size), 0);
    ck_assert_uint_eq(size, 6);
    ck_assert_int_eq(io->map(io->ctx, file, 6, &bytes), 0);
    ck_assert_int_eq(io->close(io->ctx, file), 0);
    ck_assert_int_eq(memcmp(bytes,
                            "\0\0\0"
                            "012",
                            6),
                     0);
    ck_assert_int_eq(io->unmap(io->ctx, bytes, 6), 0);
}
END_TEST

START_TEST(io_posix__names)
{
    const hunch_io *io = hunch_io_posix();
    void *file;
    make_file("a", "old");
    ck_assert_int_eq(open_file("a", HUNCH_IO_CREATE, &file), EEXIST);
    make_file("b", "new");
    ck_assert_int_eq(io->rename(io->ctx, "b", "a"), 0);
    ck_assert_int_eq(io->rename(io->ctx, "b", "a"), ENOENT);
    ck_assert_int_eq(io->sync_folder(io->ctx, "a"), 0);
    ck_assert_int_eq(io->sync_folder(io->ctx, "./a"), 0);
    ck_assert_int_eq(io->sync_folder(io->ctx, "/no-such-file"), 0);
    ck_assert_int_eq(io->sync_folder(io->ctx, "missing/a"), ENOENT);
    ck_assert_int_eq(io->remove(io->ctx, "a"), 0);
    ck_assert_int_eq(io->remove(io->ctx, "a"), ENOENT);
}
END_TEST

START_TEST(io_posix__what_is_missing_is_enoent)
{
    void *file;
    ck_assert_int_eq(open_file("a", HUNCH_IO_READ, &file), ENOENT);
    ck_assert_int_eq(open_file("missing/a", HUNCH_IO_CREATE, &file), ENOENT);
    ck_assert_int_eq(open_file("", HUNCH_IO_READ, &file), ENOENT);
    ck_assert_int_eq(hunch__io_status(ENOENT), HUNCH_ENOENT);
    ck_assert_int_eq(hunch__io_status(ENOMEM), HUNCH_ENOMEM);
    ck_assert_int_eq(hunch__io_status(EACCES), HUNCH_EIO);
}
END_TEST

START_TEST(io_posix__a_folder_has_no_bytes)
{
    const hunch_io *io = hunch_io_posix();
    uint64_t size;
    void *file;
    ck_assert_int_eq(mkdir("inner", 0777), 0);
    ck_assert_int_eq(open_file("inner", HUNCH_IO_CREATE, &file), EEXIST);
    ck_assert_int_eq(open_file("inner", HUNCH_IO_READ, &file), 0);
    ck_assert_int_eq(io->size(io->ctx, file, &size), EINVAL);
    ck_assert_int_eq(io->close(io->ctx, file), 0);
}
END_TEST

START_TEST(io_posix__a_pipe_that_nobody_writes_does_not_hang)
{
    const hunch_io *io = hunch_io_posix();
    uint64_t size;
    void *file;
    ck_assert_int_eq(mkfifo("pipe", 0666), 0);
    ck_assert_int_eq(open_file("pipe", HUNCH_IO_READ, &file), 0);
    ck_assert_int_eq(io->size(io->ctx, file, &size), EINVAL);
    ck_assert_int_eq(io->close(io->ctx, file), 0);
}
END_TEST

START_TEST(io_posix__only_a_file_is_replaced)
{
    const hunch_io *io = hunch_io_posix();
    struct stat facts;
    void *file = NULL;
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    ck_assert_int_eq(open_file("a", HUNCH_IO_CREATE, &file), 0);
    ck_assert_int_eq(io->close(io->ctx, file), 0);
    ck_assert_int_eq(io->rename(io->ctx, "a", "pipe"), EEXIST);
    ck_assert_int_eq(lstat("pipe", &facts), 0);
    ck_assert(S_ISFIFO(facts.st_mode));
}
END_TEST

START_TEST(io_posix__a_folder_may_be_read_only)
{
    ck_assert_int_eq(chmod(folder, 0555), 0);
    const int error = create_as_nobody("a");
    ck_assert_int_eq(chmod(folder, 0700), 0);
    ck_assert_int_eq(error, EACCES);
}
END_TEST

START_TEST(io_posix__a_file_opened_to_read_cannot_be_written)
{
    const hunch_io *io = hunch_io_posix();
    const void *bytes;
    size_t done = 7;
    void *file;
    make_file("a", "text");
    ck_assert_int_eq(open_file("a", HUNCH_IO_READ, &file), 0);
    ck_assert_int_eq(io->pwrite(io->ctx, file, "x", 1, 0, &done), EBADF);
    ck_assert_uint_eq(done, 0);
    ck_assert_int_ne(io->truncate(io->ctx, file, 0), 0);
    ck_assert_int_eq(io->map(io->ctx, file, 0, &bytes), EINVAL);
    ck_assert_int_eq(io->close(io->ctx, file), 0);
}
END_TEST

static int write_nothing(void *ctx, void *file, const void *buffer, size_t n, uint64_t offset,
                         size_t *done)
{
    (void)ctx;
    (void)file;
    (void)buffer;
    (void)n;
    (void)offset;
    *done = 0;
    return 0;
}

START_TEST(io__a_medium_that_takes_nothing_is_full)
{
    const hunch_io io = {.struct_size = sizeof io, .pwrite = write_nothing};
    ck_assert_int_eq(hunch__io_write_all(&io, NULL, "x", 1, 0), ENOSPC);
    ck_assert_int_eq(hunch__io_write_all(&io, NULL, "", 0, 0), 0);
}
END_TEST

static int open_file(const char *name, hunch_io_mode mode, void **file)
{
    const hunch_io *io = hunch_io_posix();
    return io->open(io->ctx, name, mode, file);
}

static void make_file(const char *name, const char *text)
{
    const hunch_io *io = hunch_io_posix();
    void *file;
    ck_assert_int_eq(open_file(name, HUNCH_IO_CREATE, &file), 0);
    ck_assert_int_eq(hunch__io_write_all(io, file, text, strlen(text), 0), 0);
    ck_assert_int_eq(io->close(io->ctx, file), 0);
}

/* Root may write anywhere, so it becomes somebody else. */
static int create_as_nobody(const char *name)
{
    void *file;
    const uid_t user = geteuid();
    if (user == 0 && seteuid(NOBODY) != 0) {
        return EACCES; /* not allowed to find out */
    }
    const int error = open_file(name, HUNCH_IO_CREATE, &file);
    if (user == 0) {
        ck_assert_int_eq(seteuid(user), 0);
    }
    return error;
}

static Suite *base_io_suite(void)
{
    Suite *suite = suite_create("base_io");
    TCase *posix = tcase_create("posix");
    tcase_add_checked_fixture(posix, enter_folder, leave_folder);
    tcase_add_test(posix, io_posix__what_was_written_is_read_and_mapped);
    tcase_add_test(posix, io_posix__names);
    tcase_add_test(posix, io_posix__what_is_missing_is_enoent);
    tcase_add_test(posix, io_posix__a_folder_has_no_bytes);
    tcase_add_test(posix, io_posix__a_pipe_that_nobody_writes_does_not_hang);
    tcase_add_test(posix, io_posix__only_a_file_is_replaced);
    tcase_add_test(posix, io_posix__a_folder_may_be_read_only);
    tcase_add_test(posix, io_posix__a_file_opened_to_read_cannot_be_written);
    tcase_add_test(posix, io__a_medium_that_takes_nothing_is_full);
    suite_add_tcase(suite, posix);
    return suite;
}

int main(void)
{
    return suite_run(base_io_suite());
}
