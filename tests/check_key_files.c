/* datasets/: key files read and written, and other formats converted to them. */
#define _XOPEN_SOURCE 700 /* symlink, lstat */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "convert.h"
#include "faulty_alloc.h"
#include "faulty_io.h"
#include "format_sample.h"
#include "oracle.h"
#include "prop.h"
#include "sosd.h"
#include "suite.h"
#include "test_memory.h"

static const uint64_t three[] = {5, 7, UINT64_MAX};

/* The file of these three keys, as it is and as gzip -9n and zstd -19 pack it. */
static const unsigned char plain[] = {
    3, 0, 0, 0, 0, 0, 0, 0, 5,    0,    0,    0,    0,    0,    0,    0,
    7, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};
static const unsigned char gzipped[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63, 0x66, 0x80, 0x00, 0x56, 0x28,
    0xcd, 0x0e, 0xa5, 0xff, 0x43, 0x01, 0x00, 0x6a, 0x5e, 0xa9, 0x81, 0x20, 0x00, 0x00, 0x00};
static const unsigned char zstded[] = {0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x20, 0xb5, 0x00, 0x00,
                                       0x02, 0x82, 0x04, 0x0a, 0xf0, 0x19, 0x03, 0xff, 0xff,
                                       0xbf, 0x90, 0x72, 0xd9, 0x14, 0xdb, 0xb6, 0x6d, 0x7f,
                                       0xfd, 0xf3, 0x47, 0x00, 0xe1, 0x13, 0xcf, 0x23};

static const struct packing {
    const char *name;
    const unsigned char *bytes;
    size_t size;
    bool readable; /* by this build */
} packings[] = {
    {"three.u64", plain, sizeof plain, true},
#ifdef HUNCH_HAVE_ZLIB
    {"three_uint64.gz", gzipped, sizeof gzipped, true},
#else
    {"three_uint64.gz", gzipped, sizeof gzipped, false},
#endif
#ifdef HUNCH_HAVE_ZSTD
    {"three_uint64.zst", zstded, sizeof zstded, true},
#else
    {"three_uint64.zst", zstded, sizeof zstded, false},
#endif
};

static const char *put(const char *folder, const char *name, const void *bytes, size_t n);
static hunch_status convert(struct key_list *keys, const char *format, const char *text,
                            const struct conversion *c, hunch_diag *diag);
static void check_keys(const uint64_t *keys, size_t n, const uint64_t *expected, size_t m);
static uint64_t first_key(const char *path);

START_TEST(read__plain_and_packed)
{
    const struct packing *p = &packings[_i];
    const char *folder = sample_folder();
    const char *path = put(folder, p->name, p->bytes, p->size);
    struct sosd file;
    if (p->readable) {
        ck_assert_int_eq(hunch__sosd_open(&file, path, NULL, NULL), HUNCH_OK);
        check_keys(file.keys, file.n, three, 3);
        hunch__sosd_close(&file);
        ck_assert_int_eq(hunch__sosd_read(&file, path, 2, NULL, NULL), HUNCH_OK);
        check_keys(file.keys, file.n, three, 2);
    } else {
        ck_assert_int_eq(hunch__sosd_open(&file, path, NULL, NULL), HUNCH_EUNSUPPORTED);
    }
    hunch__sosd_close(&file);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(read__truncated_at_every_byte_is_refused)
{
    const struct packing *p = &packings[_i];
    const char *folder = sample_folder();
    for (size_t n = 0; n < p->size && p->readable; n++) {
        struct sosd file;
        hunch_diag diag = {0};
        const char *path = put(folder, p->name, p->bytes, n);
        ck_assert_msg(hunch__sosd_open(&file, path, NULL, &diag) == HUNCH_ECORRUPT, "%zu bytes", n);
        ck_assert_uint_gt(strlen(diag.text), 0);
        ck_assert_ptr_null(file.keys);
    }
    sample_folder_remove(folder);
}
END_TEST

/* Without a checksum a plain file's keys may be anything; its size may not. */
START_TEST(read__damaged_at_every_bit_never_reads_outside)
{
    const struct packing *p = &packings[_i];
    const char *folder = sample_folder();
    unsigned char *bytes = memory_new(p->size);
    for (size_t bit = 0; bit < 8 * p->size; bit++) {
        struct sosd file;
        memcpy(bytes, p->bytes, p->size);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        hunch_status status =
            hunch__sosd_open(&file, put(folder, p->name, bytes, p->size), NULL, NULL);
        if (status == HUNCH_OK) {
            ck_assert_uint_eq(file.n, 3);
            (void)hunch__sosd_unsorted(file.keys, file.n);
        }
        hunch__sosd_close(&file);
    }
    free(bytes);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(read__hostile_counts_are_refused_with_a_reason)
{
    static const struct {
        const char *name;
        uint64_t count;
        size_t size;
        const char *text;
    } bad[] = {
        {"a.u64", 2, 32, "the count is 2, but 24 bytes of 8-byte keys follow"},
        {"a.u64", 4, 32, "the count is 4, but 24 bytes of 8-byte keys follow"},
        {"a.u64", UINT64_MAX, 32,
         "the count is 18446744073709551615, but 24 bytes of 8-byte keys follow"},
        {"a.u64", (uint64_t)1 << 61, 8,
         "the count is 2305843009213693952, but 0 bytes of 8-byte keys follow"},
        {"a.u64", 3, 33, "the count is 3, but 25 bytes of 8-byte keys follow"},
        {"a.u64", 3, 7, "7 bytes: a count of 8 bytes expected at the front"},
        {"a_uint32", 3, 32, "the count is 3, but 24 bytes of 4-byte keys follow"},
        {"a.u32", 3, 19, "the count is 3, but 11 bytes of 4-byte keys follow"},
    };
    const char *folder = sample_folder();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct sosd file;
        hunch_diag diag;
        unsigned char bytes[64] = {0};
        memcpy(bytes, &bad[i].count, sizeof bad[i].count);
        const char *path = put(folder, bad[i].name, bytes, bad[i].size);
        ck_assert_int_eq(hunch__sosd_open(&file, path, NULL, &diag), HUNCH_ECORRUPT);
        ck_assert_str_eq(diag.text, bad[i].text);
        ck_assert_int_eq(hunch__sosd_read(&file, path, 0, NULL, &diag), HUNCH_ECORRUPT);
        ck_assert_str_eq(diag.text, bad[i].text);
        hunch__sosd_close(&file);
    }
    sample_folder_remove(folder);
}
END_TEST

/* A pipe has no size to compare the count with. */
START_TEST(read__a_pipe_that_lies_takes_no_more_than_it_gives)
{
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "pipe.u64");
    uint64_t lie[3] = {(uint64_t)1 << 60, 1, 2};
    struct faulty_alloc memory;
    struct sosd file;
    hunch_diag diag;
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        int fd = open(path, O_WRONLY);
        _exit(write(fd, lie, sizeof lie) == (ssize_t)sizeof lie ? 0 : 1);
    }
    faulty_alloc_begin(&memory, 0, FAULTY_ONCE);
    ck_assert_int_eq(hunch__sosd_open(&file, path, &memory.allocator, &diag), HUNCH_ECORRUPT);
    ck_assert_uint_eq(diag.at, sizeof lie);
    ck_assert_uint_lt(memory.peak_bytes, 1 << 20);
    ck_assert_ptr_null(faulty_alloc_end(&memory));
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(read__u32_keys_are_widened)
{
    unsigned char bytes[8 + 4 * 3] = {3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0};
    uint64_t expected[] = {1, 2, UINT32_MAX};
    const char *folder = sample_folder();
    struct sosd file;
    memset(bytes + 16, 0xff, 4);
    ck_assert_int_eq(
        hunch__sosd_open(&file, put(folder, "books_uint32", bytes, sizeof bytes), NULL, NULL),
        HUNCH_OK);
    check_keys(file.keys, file.n, expected, 3);
    hunch__sosd_close(&file);
    ck_assert_uint_eq(hunch__sosd_key_bytes("x_uint32.zst"), 4);
    ck_assert_uint_eq(hunch__sosd_key_bytes("x.u32.gz"), 4);
    ck_assert_uint_eq(hunch__sosd_key_bytes("x_uint32_old"), 8);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(read__memory_failing_at_every_call)
{
    const struct packing *p = &packings[_i];
    const char *folder = sample_folder();
    const char *path = put(folder, p->name, p->bytes, p->size);
    uint64_t failed = 1;
    for (uint64_t k = 1; failed > 0 && p->readable; k++) {
        struct sosd file;
        struct faulty_alloc memory;
        faulty_alloc_begin(&memory, k, FAULTY_ONCE);
        hunch_status status = hunch__sosd_read(&file, path, 0, &memory.allocator, NULL);
        hunch__sosd_close(&file);
        failed = memory.failed;
        ck_assert_ptr_null(faulty_alloc_end(&memory));
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
    }
    sample_folder_remove(folder);
}
END_TEST

static bool what_is_written_is_read(struct prop *p, size_t n)
{
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "keys.u64");
    uint64_t *keys = prop_sorted_keys(p, n, PROP_ALL_KEYS);
    struct sosd_writer *w;
    struct sosd file;
    bool good = hunch__sosd_writer_open(&w, path, NULL, NULL) == HUNCH_OK &&
                hunch__sosd_writer_add(w, keys, n / 3, NULL) == HUNCH_OK &&
                hunch__sosd_writer_add(w, keys + n / 3, n - n / 3, NULL) == HUNCH_OK &&
                hunch__sosd_writer_finish(w, NULL) == HUNCH_OK &&
                hunch__sosd_open(&file, path, NULL, NULL) == HUNCH_OK;
    PROP_ASSERT(p, good, "not written and read");
    PROP_ASSERT(p, file.n == n && memcmp(file.keys, keys, n * sizeof *keys) == 0, "other keys");
    hunch__sosd_close(&file);
    sample_folder_remove(folder);
    return true;
}

START_TEST(write__round_trip)
{
    prop_check("what_is_written_is_read", what_is_written_is_read, _i, 0, 3000);
}
END_TEST

START_TEST(write__io_failing_at_every_call_leaves_the_old_file_or_the_new)
{
    static const int errors[] = {EIO, ENOSPC, EINTR, EEXIST};
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "keys.u64");
    uint64_t failed = 1;
    for (uint64_t k = 1; failed > 0; k++) {
        struct faulty_io io;
        struct sosd_writer *w;
        uint64_t old = 1;
        ck_assert_int_eq(hunch__sosd_write(path, &old, 1, NULL), HUNCH_OK);
        faulty_io_begin(&io, hunch_io_posix(), k, errors[_i]);
        io.most = 5;
        hunch_status status = hunch__sosd_writer_open(&w, path, &io.io, NULL);
        if (status == HUNCH_OK) {
            status = hunch__sosd_writer_add(w, three, 3, NULL);
            if (status == HUNCH_OK) {
                status = hunch__sosd_writer_finish(w, NULL);
            } else {
                hunch__sosd_writer_abandon(w);
            }
        }
        failed = io.failed;
        bool synced = failed > 0 && io.first_fail == FAULTY_SYNC_FOLDER;
        ck_assert_uint_eq(io.open_files, 0);
        ck_assert_uint_eq(first_key(path), status == HUNCH_OK || synced ? three[0] : old);
        ck_assert_uint_eq(sample_folder_count(folder), 1);
        ck_assert(failed > 0 || status == HUNCH_OK);
    }
    sample_folder_remove(folder);
}
END_TEST

START_TEST(write__abandoned_leaves_nothing)
{
    const char *folder = sample_folder();
    struct sosd_writer *w;
    ck_assert_int_eq(hunch__sosd_writer_open(&w, sample_path(folder, "x"), NULL, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch__sosd_writer_add(w, three, 3, NULL), HUNCH_OK);
    hunch__sosd_writer_abandon(w);
    hunch__sosd_writer_abandon(NULL);
    ck_assert_uint_eq(sample_folder_count(folder), 0);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(write__what_a_link_leads_to_is_replaced_and_the_link_stays)
{
    const char *folder = sample_folder();
    char *link = memory_copy_text(sample_path(folder, "link.u64"));
    struct stat facts;
    uint64_t old = 1;
    ck_assert_int_eq(hunch__sosd_write(sample_path(folder, "file.u64"), &old, 1, NULL), HUNCH_OK);
    ck_assert_int_eq(symlink("file.u64", link), 0);
    ck_assert_int_eq(hunch__sosd_write(link, three, 3, NULL), HUNCH_OK);
    ck_assert_int_eq(lstat(link, &facts), 0);
    ck_assert(S_ISLNK(facts.st_mode));
    ck_assert_uint_eq(first_key(sample_path(folder, "file.u64")), three[0]);
    ck_assert_uint_eq(sample_folder_count(folder), 2);
    free(link);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(write__what_is_no_regular_file_stays)
{
    static const char *const messages[] = {
        "a pipe is there: only a regular file is replaced",
        "a link that leads nowhere is there: only a regular file is replaced",
        "a folder is there: only a regular file is replaced",
    };
    const char *folder = sample_folder();
    char *path = memory_copy_text(sample_path(folder, "taken"));
    struct stat before;
    struct stat after;
    hunch_diag diag = {0};
    ck_assert_int_eq(_i == 0   ? mkfifo(path, 0600)
                     : _i == 1 ? symlink("nothing", path)
                               : mkdir(path, 0700),
                     0);
    ck_assert_int_eq(lstat(path, &before), 0);
    ck_assert_int_eq(hunch__sosd_write(path, three, 3, &diag), HUNCH_EINVAL);
    ck_assert_str_eq(diag.text, messages[_i]);
    ck_assert_int_eq(lstat(path, &after), 0);
    ck_assert_uint_eq(after.st_ino, before.st_ino);
    ck_assert_uint_eq(sample_folder_count(folder), 1);
    ck_assert_int_eq(_i == 2 ? rmdir(path) : unlink(path), 0);
    free(path);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(read__a_folder_is_called_one)
{
    const char *folder = sample_folder();
    struct sosd file;
    hunch_diag diag = {0};
    ck_assert_int_eq(hunch__sosd_open(&file, folder, NULL, &diag), HUNCH_EINVAL);
    ck_assert_str_eq(diag.text, "is a folder, not a file");
    sample_folder_remove(folder);
}
END_TEST

#ifdef HUNCH_HAVE_ZLIB
START_TEST(read__damaged_gzip_is_told_in_our_words)
{
    const char *folder = sample_folder();
    unsigned char bytes[sizeof gzipped];
    struct sosd file;
    hunch_diag diag = {0};
    memcpy(bytes, gzipped, sizeof bytes);
    bytes[sizeof bytes - 8] ^= 1; /* of the checksum */
    const char *path = put(folder, "a.u64.gz", bytes, sizeof bytes);
    ck_assert_int_eq(hunch__sosd_open(&file, path, NULL, &diag), HUNCH_ECORRUPT);
    ck_assert_str_eq(diag.text, "gzip: the data is damaged");
    path = put(folder, "a.u64.gz", gzipped, sizeof gzipped - 1);
    ck_assert_int_eq(hunch__sosd_open(&file, path, NULL, &diag), HUNCH_ECORRUPT);
    ck_assert_str_eq(diag.text, "gzip: the file ends inside the data");
    sample_folder_remove(folder);
}
END_TEST
#endif

/* What convert reads, from texts; `expected` of keys, or a part of the message. */
static const struct text_case {
    const char *format;
    const char *text;
    unsigned column;
    char separator;
    const char *message; /* NULL: it is read */
    uint64_t expected[3];
    size_t n;
} texts[] = {
    {"text", "7\n3\n5", 1, ' ', NULL, {7, 3, 5}, 3},
    {"text", "# a comment\r\n7\r\n\r\n3 \r\n\t5", 1, ' ', NULL, {7, 3, 5}, 3},
    {"text", "18446744073709551615\n0\n", 1, ' ', NULL, {UINT64_MAX, 0}, 2},
    {"text", "a,7,x\nb, 3 ,y\nc,5", 2, ',', NULL, {7, 3, 5}, 3},
    {"text", "a\t\t7\n\t\t3\n", 3, '\t', NULL, {7, 3}, 2},
    {"text", "a   b \t 7\n", 3, ' ', NULL, {7}, 1},
    {"text", "", 1, ' ', NULL, {0}, 0},
    {"text", "1\n18446744073709551616\n", 1, ' ', "line 2: a whole number below 2^64", {0}, 0},
    {"text", "1\n-1\n", 1, ' ', "line 2: ", {0}, 0},
    {"text", "1\n+1\n", 1, ' ', "line 2: ", {0}, 0},
    {"text", "1.5\n", 1, ' ', "line 1: ", {0}, 0},
    {"text", "1\n2 3\n4\n", 2, ' ', "line 1: ", {0}, 0},
    {"text", "1,2\n", 3, ',', "line 1: ", {0}, 0},
    {"text", "1,\n", 2, ',', "line 1: ", {0}, 0},
    {"text", " \n", 1, ' ', "line 1: ", {0}, 0},
    {"blkreplay",
     "Notice; of\nstart ; sector\n 1.000000002 ; 8 ; 1 ; R\n2.500000000;9;",
     1,
     ' ',
     NULL,
     {1000000002, 2500000000},
     2},
    {"blkreplay", " 1.000000002 ; 8 ; 1 ; R\n2.5 ;9;", 2, ' ', "line 2: 'seconds.nanosec", {0}, 0},
    {"blkreplay", " 1.000000002 ; 8 ; 1 ; R\n2.500000000;9;\n", 2, ' ', NULL, {8, 9}, 2},
    {"blkreplay", " 1.000000002 ; 8 ; 1 ; R\nend\n", 2, ' ', "line 2: ", {0}, 0},
    {"blkreplay", "18446744074.000000000 ; 8 ;\n", 1, ' ', "line 1: ", {0}, 0},
    {"u64", "12345678", 1, ' ', NULL, {0x3837363534333231}, 1},
    {"u64", "123456789", 1, ' ', "9 bytes: whole keys of 8 bytes", {0}, 0},
};

START_TEST(convert__texts)
{
    const struct text_case *t = &texts[_i];
    struct conversion c = {.column = t->column, .separator = t->separator};
    struct key_list keys;
    hunch_diag diag = {0};
    hunch_status status = convert(&keys, t->format, t->text, &c, &diag);
    if (t->message == NULL) {
        ck_assert_msg(status == HUNCH_OK, "%s", diag.text);
        check_keys(keys.keys, keys.n, t->expected, t->n);
    } else {
        ck_assert_int_eq(status, HUNCH_ECORRUPT);
        ck_assert_msg(strncmp(diag.text, t->message, strlen(t->message)) == 0, "%s", diag.text);
    }
    hunch__key_list_free(&keys);
}
END_TEST

START_TEST(convert__lines_across_every_border_of_the_buffer)
{
    enum { LINES = 100000 };
    char *text = memory_new(LINES * 8 + 1);
    struct conversion c = {.column = 1, .separator = ' '};
    struct key_list keys;
    for (size_t i = 0; i < LINES; i++) {
        (void)snprintf(text + 8 * i, 9, "%7zu\n", i);
    }
    ck_assert_int_eq(convert(&keys, "text", text + _i, &c, NULL), HUNCH_OK);
    ck_assert_uint_eq(keys.n, LINES);
    for (size_t i = 0; i < LINES; i++) {
        SUITE_ASSERT(keys.keys[i] == i);
    }
    hunch__key_list_free(&keys);
    free(text);
}
END_TEST

START_TEST(convert__an_endless_line_is_refused)
{
    enum { LENGTH = 1 << 20 };
    char *text = memory_new(LENGTH + 1);
    struct conversion c = {.column = 1, .separator = ' '};
    struct key_list keys;
    hunch_diag diag;
    memset(text, '1', LENGTH);
    text[LENGTH] = '\0';
    ck_assert_int_eq(convert(&keys, "text", text, &c, &diag), HUNCH_ECORRUPT);
    ck_assert_str_eq(diag.text, "line 1: longer than 65536 bytes");
    hunch__key_list_free(&keys);
    free(text);
}
END_TEST

/* Two segments of three points in bin 0, the north-west, and one point in the last bin. */
START_TEST(convert__coast_checks_its_arrays)
{
    enum { BINS = 64800 };
    static uint16_t bins[BINS + 1];
    uint32_t first[] = {0, 2, 3};
    uint16_t lon[] = {0, 65535, 1, 65535};
    uint16_t lat[] = {65535, 0, 1, 0};
    const char *folder = sample_folder();
    char *copies[4];
    const struct conversion c = {.key = COAST_MORTON};
    struct key_list keys = {.allocator = *hunch_allocator_default()};
    const char *bad = NULL;
    hunch_diag diag;
    bins[0] = 2;
    bins[BINS - 1] = 1;
    copies[0] = memory_copy_text(put(folder, "bins", bins, 2 * BINS));
    copies[1] = memory_copy_text(put(folder, "first", first, sizeof first));
    copies[2] = memory_copy_text(put(folder, "lon", lon, sizeof lon));
    copies[3] = memory_copy_text(put(folder, "lat", lat, sizeof lat));
    const char *const paths[] = {copies[0], copies[1], copies[2], copies[3]};
    ck_assert_int_eq(hunch__convert_coast(&keys, paths, &c, &bad, &diag), HUNCH_OK);
    ck_assert_uint_eq(keys.n, 4);
    ck_assert_uint_eq(keys.keys[0] & 0x5555555555555555, 0); /* x of the first is 0 */
    ck_assert_uint_eq(keys.keys[3] & 0xAAAAAAAAAAAAAAAA, 0); /* y of the last is 0  */

    first[2] = 5;
    (void)put(folder, "first", first, sizeof first);
    ck_assert_int_eq(hunch__convert_coast(&keys, paths, &c, &bad, &diag), HUNCH_ECORRUPT);
    ck_assert_str_eq(diag.text, "segment 2: begins at point 5 of 4, after 2");
    ck_assert_str_eq(bad, paths[1]);
    (void)put(folder, "first", first, 8);
    ck_assert_int_eq(hunch__convert_coast(&keys, paths, &c, &bad, &diag), HUNCH_ECORRUPT);
    ck_assert_str_eq(diag.text, "3 segments in the bins, 2 with points");
    (void)put(folder, "lat", lat, 6);
    ck_assert_int_eq(hunch__convert_coast(&keys, paths, &c, &bad, &diag), HUNCH_ECORRUPT);
    ck_assert_str_eq(diag.text, "as many latitudes as longitudes expected");
    (void)put(folder, "bins", bins, 2 * BINS + 2);
    ck_assert_int_eq(hunch__convert_coast(&keys, paths, &c, &bad, &diag), HUNCH_ECORRUPT);
    ck_assert_str_eq(diag.text, "64800 bins of one degree expected");
    for (size_t i = 0; i < 4; i++) {
        free(copies[i]);
    }
    hunch__key_list_free(&keys);
    sample_folder_remove(folder);
}
END_TEST

static const char *put(const char *folder, const char *name, const void *bytes, size_t n)
{
    const char *path = sample_path(folder, name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, n, file), n);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

static hunch_status convert(struct key_list *keys, const char *format, const char *text,
                            const struct conversion *c, hunch_diag *diag)
{
    const char *folder = sample_folder();
    const char *path = put(folder, "input", text, strlen(text));
    const char *bad = NULL;
    *keys = (struct key_list){.allocator = *hunch_allocator_default()};
    hunch_status status = hunch__format_find(format)->read(keys, &path, c, &bad, diag);
    ck_assert_str_eq(bad, path);
    sample_folder_remove(folder);
    return status;
}

static void check_keys(const uint64_t *keys, size_t n, const uint64_t *expected, size_t m)
{
    ck_assert_uint_eq(n, m);
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_eq(keys[i], expected[i]);
    }
}

static uint64_t first_key(const char *path)
{
    struct sosd file;
    ck_assert_int_eq(hunch__sosd_open(&file, path, NULL, NULL), HUNCH_OK);
    uint64_t key = file.keys[0];
    hunch__sosd_close(&file);
    return key;
}

int main(void)
{
    Suite *suite = suite_create("key_files");
    TCase *cases = tcase_create("key_files");
    int packed = (int)(sizeof packings / sizeof packings[0]);
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, read__plain_and_packed, 0, packed);
    tcase_add_loop_test(cases, read__truncated_at_every_byte_is_refused, 0, packed);
    tcase_add_loop_test(cases, read__damaged_at_every_bit_never_reads_outside, 0, packed);
    tcase_add_test(cases, read__hostile_counts_are_refused_with_a_reason);
    tcase_add_test(cases, read__a_pipe_that_lies_takes_no_more_than_it_gives);
    tcase_add_test(cases, read__u32_keys_are_widened);
    tcase_add_loop_test(cases, read__memory_failing_at_every_call, 0, packed);
    tcase_add_loop_test(cases, write__round_trip, 0, 60);
    tcase_add_loop_test(cases, write__io_failing_at_every_call_leaves_the_old_file_or_the_new, 0,
                        4);
    tcase_add_test(cases, write__abandoned_leaves_nothing);
    tcase_add_test(cases, write__what_a_link_leads_to_is_replaced_and_the_link_stays);
    tcase_add_loop_test(cases, write__what_is_no_regular_file_stays, 0, 3);
    tcase_add_test(cases, read__a_folder_is_called_one);
#ifdef HUNCH_HAVE_ZLIB
    tcase_add_test(cases, read__damaged_gzip_is_told_in_our_words);
#endif
    tcase_add_loop_test(cases, convert__texts, 0, (int)(sizeof texts / sizeof texts[0]));
    tcase_add_loop_test(cases, convert__lines_across_every_border_of_the_buffer, 0, 7);
    tcase_add_test(cases, convert__an_endless_line_is_refused);
    tcase_add_test(cases, convert__coast_checks_its_arrays);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
