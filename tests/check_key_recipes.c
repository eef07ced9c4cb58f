/* datasets/: the converters behind the recipes, on small files of their formats. */
#define _GNU_SOURCE /* setenv */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "angle.h"
#include "convert.h"
#include "dataset.h"
#include "double_key.h"
#include "faulty_alloc.h"
#include "format_sample.h"
#include "oracle.h"
#include "random.h"
#include "space_curve.h"
#include "suite.h"
#include "test_memory.h"

/* 31 bases and what they are as a key: C first, then 29 times A, then T. */
#define BASES     "CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAT"
#define BASES_KEY (((uint64_t)1 << 60) | 3)

enum { BLOCK = 2880, CARD = 80, FITS_ROOM = 9 * BLOCK };

static const char *put(const char *folder, const char *name, const void *bytes, size_t n);
static hunch_status convert(struct key_list *keys, const char *format, const void *bytes, size_t n,
                            const struct conversion *c, hunch_diag *diag);
static void check_keys(const struct key_list *keys, const uint64_t *expected, size_t n);
static size_t fits_sample(char *file, const char *endian, const char *data, const char *rows);
static size_t fits_unit(char *file, size_t at, const char *const *cards, const void *data,
                        size_t bytes);

/* What is read of texts; `expected` keys, or the beginning of the message. */
static const struct text_case {
    const char *format, *key;
    const char *text;
    uint64_t step;
    const char *message; /* NULL: it is read */
    uint64_t expected[3];
    size_t n;
} texts[] = {
    {"kmers", NULL, ">a\n" BASES "\n", 31, NULL, {BASES_KEY}, 1},
    {"kmers", NULL, ">a\nCAAAAAAAA\nAAAAAAAAAAAAAAAAAAAAA\r\nt\n\n", 31, NULL, {BASES_KEY}, 1},
    {"kmers",
     NULL,
     ">a\n" BASES "CG\n>b\n" BASES BASES,
     31,
     NULL,
     {BASES_KEY, BASES_KEY, BASES_KEY},
     3},
    {"kmers", NULL, ">a\nC\n>b\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAT\n", 31, NULL, {0}, 0},
    {"kmers", NULL, ">a\n" BASES "G", 1, NULL, {BASES_KEY, 14}, 2},
    {"kmers", NULL, ">a\nNG" BASES "\n", 2, NULL, {BASES_KEY}, 1},
    {"kmers", NULL, ">a\nN" BASES "\n", 31, NULL, {0}, 0},
    {"kmers", NULL, ">a\n-*" BASES, 1, NULL, {BASES_KEY}, 1},
    {"kmers", NULL, "", 31, NULL, {0}, 0},
    {"kmers", NULL, BASES "\n", 31, "line 1: a header '>...' expected, found 'CAAAA", {0}, 0},
    {"kmers",
     NULL,
     ">a\nCA7\n",
     31,
     "line 2: a letter, '-' or '*' expected, found byte 0x37",
     {0},
     0},
    {"kmers", NULL, ">a\nCA\n>b\n", 31, "line 3: the last header has no sequence below it", {0}, 0},
    {"ranges",
     NULL,
     ">gi|7|ref|X.1|:5-9\nA\n>gi|8|x:c300-20\nC\n",
     0,
     NULL,
     {(uint64_t)7 << 32 | 5, (uint64_t)8 << 32 | 20},
     2},
    {"ranges",
     NULL,
     ">gi|7|x:1-2,8-9\nA\n>gi|8|x\nC\n>GeneID:4\nC\n>gi|9|x:-2\nA",
     0,
     NULL,
     {(uint64_t)7 << 32 | 1},
     1},
    {"ranges", NULL, ">gi|4294967296|x:1-2\nA\n>gi|1|x:4294967296-4294967297\nA", 0, NULL, {0}, 0},
    {"ranges", NULL, ">gi|1|x:1-\nA\n>gi|\nA\n>gi|1\nA\n>gi|1|:\nA\n>gi|1|:c\nA", 0, NULL, {0}, 0},
    {"ranges", NULL, "gi|7|ref|X.1|:5-9\n", 0, "line 1: a header", {0}, 0},
    {"pairs",
     NULL,
     "#columns: x\n.\tchr1\t5\tchrX\t7\t+\t-\n\nr\tM\t1\tchr6_hap\t2\n",
     0,
     NULL,
     {((uint64_t)1 << 27 | 5) << 32 | (uint64_t)23 << 27 | 7,
      ((uint64_t)25 << 27 | 1) << 32 | (uint64_t)26 << 27 | 2},
     2},
    {"pairs",
     NULL,
     "r\tchr0\t5\tchr23\t7\n",
     0,
     NULL,
     {((uint64_t)26 << 27 | 5) << 32 | (uint64_t)26 << 27 | 7},
     1},
    {"pairs",
     NULL,
     "r\tchr1\t5\tchr2\n",
     0,
     "line 1: 'read chr1 pos1 chr2 pos2' with tabs",
     {0},
     0},
    {"pairs", NULL, "#\nr chr1 5 chr2 7\n", 0, "line 2: 'read", {0}, 0},
    {"pairs", NULL, "r\tchr1\t268435456\tchr2\t7\n", 0, "line 1: 'read", {0}, 0},
    {"pairs", NULL, "r\t\t5\tchr2\t7\n", 0, "line 1: 'read", {0}, 0},
    {"pairs", NULL, "r\tchr1\t5\tchr2\t7x\n", 0, "line 1: 'read", {0}, 0},
    {"text",
     "ipv6",
     "2001:db8::1 x\n::\nffff:ffff:ffff:ffff::\n",
     0,
     NULL,
     {0x20010db800000000, 0, UINT64_MAX},
     3},
    {"text", "ipv6", "::ffff:1.2.3.4\n", 0, NULL, {0}, 1},
    {"text",
     "ipv6",
     "::1\n1234\n",
     0,
     "line 2: an IPv6 address in the column expected, found '12",
     {0},
     0},
    {"text", "ipv6", "::1::\n", 0, "line 1: an IPv6", {0}, 0},
    {"text",
     "ipv6",
     "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000\n",
     0,
     "line 1: an IPv6",
     {0},
     0},
};

START_TEST(convert__texts_of_recipes)
{
    const struct text_case *t = &texts[_i];
    const struct format *format = hunch__format_find(t->format);
    struct conversion c = {.column = 1, .separator = ' ', .step = t->step};
    struct key_list keys;
    hunch_diag diag = {0};
    c.key = t->key != NULL ? (unsigned)hunch__format_key(format, t->key) : 0;
    hunch_status status = convert(&keys, t->format, t->text, strlen(t->text), &c, &diag);
    if (t->message == NULL) {
        ck_assert_msg(status == HUNCH_OK, "%s", diag.text);
        check_keys(&keys, t->expected, t->n);
    } else {
        ck_assert_int_eq(status, HUNCH_ECORRUPT);
        ck_assert_msg(strncmp(diag.text, t->message, strlen(t->message)) == 0, "%s", diag.text);
    }
    hunch__key_list_free(&keys);
}
END_TEST

/* Against what the definition says, for every step and an N in every place. */
START_TEST(kmers__are_the_windows_at_multiples_of_the_step)
{
    enum { LENGTH = 100, K = 31 };
    static const char letters[] = "ACGT";
    uint64_t state = 1;
    for (size_t n_at = 0; n_at < LENGTH; n_at++) {
        char text[LENGTH + 4] = ">\n";
        uint64_t expected[LENGTH];
        size_t count = 0;
        struct key_list keys;
        struct conversion c = {.step = 1 + n_at % 40};
        for (size_t i = 0; i < LENGTH; i++) {
            text[2 + i] = i == n_at ? 'N' : letters[hunch__splitmix64(&state) % 4];
        }
        for (size_t from = 0; from + K <= LENGTH; from += c.step) {
            uint64_t key = 0;
            for (size_t i = 0; i < K; i++) {
                key = 4 * key + (uint64_t)(strchr(letters, text[2 + from + i]) - letters) % 4;
            }
            if (n_at < from || n_at >= from + K) {
                expected[count++] = key;
            }
        }
        ck_assert_int_eq(convert(&keys, "kmers", text, LENGTH + 2, &c, NULL), HUNCH_OK);
        check_keys(&keys, expected, count);
        hunch__key_list_free(&keys);
    }
}
END_TEST

START_TEST(formats__name_their_keys)
{
    const struct format *coast = hunch__format_find("coast");
    ck_assert_int_eq(hunch__format_key(coast, "hilbert"), COAST_HILBERT);
    ck_assert_int_eq(hunch__format_key(coast, "morton"), COAST_MORTON);
    ck_assert_int_eq(hunch__format_key(coast, "lon"), COAST_LON);
    ck_assert_int_eq(hunch__format_key(coast, "longlat"), COAST_LONGLAT);
    ck_assert_int_eq(hunch__format_key(coast, "long"), -1);
    ck_assert_int_eq(hunch__format_key(coast, ""), -1);
    ck_assert_int_eq(hunch__format_key(coast, "lon|longlat"), -1);
    ck_assert_int_eq(hunch__format_key(hunch__format_find("text"), "ipv6"), TEXT_IPV6);
    ck_assert_int_eq(hunch__format_key(hunch__format_find("astrometry"), "stars"),
                     ASTROMETRY_STARS);
    ck_assert_int_eq(hunch__format_key(hunch__format_find("per-second"), "composite"),
                     PER_SECOND_COMPOSITE);
    ck_assert_int_eq(hunch__format_key(hunch__format_find("u64"), "u64"), -1);
}
END_TEST

START_TEST(doubles__keep_their_order_as_keys)
{
    static const double ascending[] = {-HUGE_VAL, -180, -1,  -0x1p-1074, 0,
                                       0x1p-1074, 1,    180, 1e300};
    for (size_t i = 1; i < sizeof ascending / sizeof ascending[0]; i++) {
        ck_assert_uint_lt(hunch__key_of_double(ascending[i - 1]),
                          hunch__key_of_double(ascending[i]));
    }
    ck_assert_uint_eq(hunch__key_of_double(-0.0), hunch__key_of_double(0.0));
    ck_assert_uint_eq(hunch__key_of_double(0.0), (uint64_t)1 << 63);
}
END_TEST

START_TEST(angles__are_near_those_of_libm)
{
    uint64_t state = 3;
    for (size_t i = 0; i < 100000; i++) {
        double x = (double)hunch__splitmix64(&state) * 0x1p-63 - 1;
        double y = (double)hunch__splitmix64(&state) * 0x1p-63 - 1;
        double expected = atan2(y, x) / (2 * acos(-1));
        double turn = hunch__turn(x, y);
        SUITE_ASSERT(turn >= 0 && turn < 1);
        SUITE_ASSERT(fabs(turn - (expected < 0 ? expected + 1 : expected)) < 1e-15);
    }
    ck_assert(hunch__turn(1, 0) == 0 && hunch__turn(0, 1) == 0.25 && hunch__turn(-1, 0) == 0.5);
    ck_assert(hunch__turn(0, -1) == 0.75 && hunch__turn(0, 0) == 0 && hunch__turn(1, -1e-300) == 0);
}
END_TEST

START_TEST(astrometry__reads_each_of_its_tables)
{
    static char file[FITS_ROOM];
    size_t n = fits_sample(file, "'04:03:02:01'", "16", "2");
    uint64_t codes[] = {0x0001000200030004, 0x1111222233334444};
    uint64_t quads[] = {(uint64_t)1 << 32 | 2, (uint64_t)0x05060708 << 32 | 6};
    uint64_t stars[] = {hunch__hilbert(0, (uint32_t)1 << 31), hunch__hilbert(0, UINT32_MAX)};
    const uint64_t *const expected[] = {codes, quads, stars};
    for (unsigned key = ASTROMETRY_CODES; key <= ASTROMETRY_STARS; key++) {
        struct conversion c = {.key = key};
        struct key_list keys;
        hunch_diag diag = {0};
        hunch_status status = convert(&keys, "astrometry", file, n, &c, &diag);
        ck_assert_msg(status == HUNCH_OK, "%s", diag.text);
        check_keys(&keys, expected[key], 2);
        hunch__key_list_free(&keys);
    }
}
END_TEST

/* The padding behind the last table may be missing. */
START_TEST(astrometry__truncated_at_every_byte_is_refused)
{
    static char file[FITS_ROOM];
    size_t whole = fits_sample(file, "'04:03:02:01'", "16", "2");
    size_t needed = whole - BLOCK + 24;
    struct conversion c = {.key = ASTROMETRY_STARS};
    const char *folder = sample_folder();
    for (size_t n = 0; n < whole; n += n + 40 < needed ? 37 : 1) {
        const char *path = put(folder, "x.fits", file, n);
        const char *bad;
        hunch_diag diag = {0};
        struct key_list keys = {.allocator = *hunch_allocator_default()};
        hunch_status status = hunch__convert_astrometry(&keys, &path, &c, &bad, &diag);
        ck_assert_msg(status == (n < needed ? HUNCH_ECORRUPT : HUNCH_OK), "%zu bytes", n);
        ck_assert(status == HUNCH_OK || strlen(diag.text) > 0);
        hunch__key_list_free(&keys);
    }
    sample_folder_remove(folder);
}
END_TEST

/* Headers that lie: more rows than there is data, sizes that overflow, an order of bytes that is
 * not said. */
START_TEST(astrometry__hostile_headers_are_refused)
{
    static const struct {
        const char *endian, *columns, *rows, *message;
    } bad[] = {
        {"'01:02:03:04'", "16", "2", "offset 0: ENDIAN = '04:03:02:01' expected in the header"},
        {"'04:03:02:01'", "16", "2000", "offset 2880: more data than the 20160 bytes that follow"},
        {"'04:03:02:01'", "16", "18446744073709551615", "offset 2880: more data than"},
        {"'04:03:02:01'", "16", "1152921504606846976", "offset 2880: more data than"},
        {"'04:03:02:01'", "16", "18446744073709551616", "offset 2880: a whole header with BITPIX"},
        {"'04:03:02:01'", "16", "-", "offset 2880: a whole header with BITPIX"},
        {"'04:03:02:01'", "12", "2",
         "offset 2880: table quads: 2 rows of 12 bytes, of 16 expected"},
    };
    static char file[FITS_ROOM];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t n = fits_sample(file, bad[i].endian, bad[i].columns, bad[i].rows);
        struct conversion c = {.key = ASTROMETRY_QUADS};
        struct key_list keys;
        hunch_diag diag = {0};
        ck_assert_int_eq(convert(&keys, "astrometry", file, n, &c, &diag), HUNCH_ECORRUPT);
        ck_assert_msg(strncmp(diag.text, bad[i].message, strlen(bad[i].message)) == 0, "%s",
                      diag.text);
        hunch__key_list_free(&keys);
    }
}
END_TEST

/* Every byte of the headers, changed to what is likely to hurt. */
START_TEST(astrometry__damaged_at_every_byte_never_reads_outside)
{
    static const char worse[] = {'9', '0', '-', ' ', '\'', '\0'};
    static char file[FITS_ROOM];
    size_t n = fits_sample(file, "'04:03:02:01'", "16", "2");
    const char *folder = sample_folder();
    for (size_t at = 0; at < n; at++) {
        char good = file[at];
        struct conversion c = {.key = (unsigned)at % 3};
        if (at > 0 && good == file[at - 1]) {
            continue; /* within blanks, and within zeros of the data */
        }
        for (size_t i = 0; i < sizeof worse; i++) {
            struct key_list keys = {.allocator = *hunch_allocator_default()};
            const char *bad;
            file[at] = worse[i];
            const char *path = put(folder, "x.fits", file, n);
            hunch_status status = hunch__convert_astrometry(&keys, &path, &c, &bad, NULL);
            ck_assert(status == HUNCH_OK || status == HUNCH_ECORRUPT);
            hunch__key_list_free(&keys);
        }
        file[at] = good;
    }
    sample_folder_remove(folder);
}
END_TEST

static const unsigned char counts[] = {2, 0, 0, 0, 1, 0, 3, 0};

START_TEST(per_second__becomes_seconds_or_composite_keys)
{
    uint64_t seconds[] = {100, 100, 102, 500, 500, 500};
    uint64_t composite[] = {100 << 16,       100 << 16 | 1,   102 << 16,
                            (500 << 16) | 0, (500 << 16) | 1, (500 << 16) | 2};
    struct conversion c = {.key = PER_SECOND_SECONDS, .epoch = {100, 3, 500}};
    struct key_list keys;
    ck_assert_int_eq(convert(&keys, "per-second", counts, sizeof counts, &c, NULL), HUNCH_OK);
    check_keys(&keys, seconds, 6);
    hunch__key_list_free(&keys);
    c.key = PER_SECOND_COMPOSITE;
    ck_assert_int_eq(convert(&keys, "per-second", counts, sizeof counts, &c, NULL), HUNCH_OK);
    check_keys(&keys, composite, 6);
    hunch__key_list_free(&keys);
}
END_TEST

START_TEST(per_second__half_a_count_is_refused)
{
    struct conversion c = {.key = PER_SECOND_SECONDS};
    struct key_list keys;
    hunch_diag diag = {0};
    for (size_t n = 1; n < sizeof counts; n += 2) {
        char text[80];
        ck_assert_int_eq(convert(&keys, "per-second", counts, n, &c, &diag), HUNCH_ECORRUPT);
        (void)snprintf(text, sizeof text, "%zu bytes: whole counts of 2 bytes expected", n);
        ck_assert_str_eq(diag.text, text);
        ck_assert_uint_eq(diag.at, n - 1);
        hunch__key_list_free(&keys);
    }
}
END_TEST

START_TEST(per_second__across_every_border_of_the_buffer)
{
    enum { SECONDS = 100000 };
    unsigned char *bytes = memory_new(2 * SECONDS);
    struct conversion c = {.key = PER_SECOND_SECONDS};
    struct key_list keys;
    for (size_t i = 0; i < SECONDS; i++) {
        bytes[2 * i] = 1;
        bytes[2 * i + 1] = 0;
    }
    ck_assert_int_eq(convert(&keys, "per-second", bytes, 2 * SECONDS, &c, NULL), HUNCH_OK);
    ck_assert_uint_eq(keys.n, SECONDS);
    for (size_t i = 0; i < SECONDS; i++) {
        SUITE_ASSERT(keys.keys[i] == i);
    }
    hunch__key_list_free(&keys);
    free(bytes);
}
END_TEST

START_TEST(per_second__epochs_are_parsed)
{
    static const char *const bad[] = {"",
                                      "x",
                                      "-1",
                                      "1,",
                                      "1,2",
                                      "1,2:",
                                      "1,0:3",
                                      "1,2:3x",
                                      "1 ",
                                      "140737488355329",
                                      "1,2:140737488355329"};
    struct epochs epoch;
    ck_assert(hunch__epochs_parse(&epoch, "804571201"));
    ck_assert(epoch.start == 804571201 && epoch.later_from == 0);
    ck_assert(hunch__epochs_parse(&epoch, "1,2:140737488355328"));
    ck_assert(epoch.start == 1 && epoch.later_from == 2 && epoch.later_start == (uint64_t)1 << 47);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_msg(!hunch__epochs_parse(&epoch, bad[i]), "'%s'", bad[i]);
    }
}
END_TEST

START_TEST(dataset__is_expanded_from_counts)
{
    const char *folder = sample_folder();
    struct dataset set;
    hunch_diag diag;
    ck_assert_int_eq(unsetenv("HUNCH_DATA"), 0);
    (void)put(folder, "weblog_nasa1995_per_second_u16", counts, sizeof counts);
    ck_assert_int_eq(hunch__dataset_load(&set, "weblog_nasa1995_composite", 0, folder, NULL, NULL),
                     HUNCH_OK);
    ck_assert_uint_eq(set.n, 6);
    ck_assert_uint_eq(set.keys[5], (uint64_t)804571204 << 16 | 2);
    ck_assert_str_eq(set.name, "weblog_nasa1995_composite");
    ck_assert_str_eq(set.note, "6 keys where the manifest has 3461610: another release?");
    hunch__dataset_free(&set);
    ck_assert_int_eq(hunch__dataset_load(&set, "weblog_nasa1995_seconds", 3, folder, NULL, NULL),
                     HUNCH_OK);
    ck_assert_uint_eq(set.n, 3);
    ck_assert_uint_eq(set.keys[1], 804571201);
    ck_assert_str_eq(set.note, "at most its first 3 keys");
    hunch__dataset_free(&set);

    (void)put(folder, "weblog_nasa1995_per_second_u16", counts, 3);
    ck_assert_int_eq(hunch__dataset_load(&set, "weblog_nasa1995_seconds", 0, folder, NULL, &diag),
                     HUNCH_ECORRUPT);
    ck_assert_str_eq(diag.text, "weblog_nasa1995_per_second_u16: 3 bytes: whole counts of 2 bytes "
                                "expected");
    ck_assert_ptr_null(set.keys);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(dataset__memory_failing_at_every_call_of_an_expansion)
{
    const char *folder = sample_folder();
    uint64_t failed = 1;
    (void)put(folder, "weblog_nasa1995_per_second_u16", counts, sizeof counts);
    for (uint64_t k = 1; failed > 0; k++) {
        struct dataset set;
        struct faulty_alloc memory;
        faulty_alloc_begin(&memory, k, FAULTY_ONCE);
        hunch_status status = hunch__dataset_load(&set, "weblog_nasa1995_seconds", 4, folder,
                                                  &memory.allocator, NULL);
        hunch__dataset_free(&set);
        failed = memory.failed;
        ck_assert_ptr_null(faulty_alloc_end(&memory));
        ck_assert_int_eq(status, failed > 0 ? HUNCH_ENOMEM : HUNCH_OK);
    }
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

static hunch_status convert(struct key_list *keys, const char *format, const void *bytes, size_t n,
                            const struct conversion *c, hunch_diag *diag)
{
    const char *folder = sample_folder();
    const char *path = put(folder, "input", bytes, n);
    const char *bad = NULL;
    *keys = (struct key_list){.allocator = *hunch_allocator_default()};
    hunch_status status = hunch__format_find(format)->read(keys, &path, c, &bad, diag);
    ck_assert_str_eq(bad, path);
    sample_folder_remove(folder);
    return status;
}

static void check_keys(const struct key_list *keys, const uint64_t *expected, size_t n)
{
    ck_assert_uint_eq(keys->n, n);
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_eq(keys->keys[i], expected[i]);
    }
}

/* An index file as astrometry.net writes them, with two of everything; of the table of quads the
 * length of a row and the number of rows are as given. */
static size_t fits_sample(char *file, const char *endian, const char *columns, const char *rows)
{
    static const unsigned char quads[32] = {1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0,
                                            0, 8, 7, 6, 5, 6, 0, 0, 0, 7, 0, 0, 0, 8};
    static const uint16_t codes[] = {1, 2, 3, 4, 0x1111, 0x2222, 0x3333, 0x4444};
    static const double range[] = {-1, -1, -1, 1, 1, 1, 1};
    static const uint32_t stars[] = {2, 1, 1, 1, 1, 2}; /* (1, 0, 0) and (0, 0, 1) */
    char first[CARD + 1];
    char second[CARD + 1];
    char third[CARD + 1];
    (void)snprintf(first, sizeof first, "ENDIAN  = %s / of u32", endian);
    (void)snprintf(second, sizeof second, "NAXIS1  = %20.40s / bytes", columns);
    (void)snprintf(third, sizeof third, "NAXIS2  = %20.40s / rows", rows);
    const char *const primary[] = {"SIMPLE  =                    T",
                                   "BITPIX  =                    8",
                                   "NAXIS   =                    0", first, NULL};
    const char *const a[] = {
        "XTENSION= 'BINTABLE'", "BITPIX  = 8", "NAXIS   = 2",          second, third,
        "PCOUNT  = 0",          "GCOUNT  = 1", "TTYPE1  = 'quads   '", NULL};
    const char *const b[] = {
        "XTENSION= 'BINTABLE'",          "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 8", "NAXIS2  = 2",
        "TTYPE1  = 'kdtree_data_codes'", NULL};
    const char *const c[] = {"XTENSION= 'BINTABLE'",
                             "BITPIX  = 8",
                             "NAXIS   = 2",
                             "NAXIS1  = 8",
                             "NAXIS2  = 7",
                             "TTYPE1  = 'kdtree_range_stars'",
                             NULL};
    const char *const d[] = {"XTENSION= 'BINTABLE'",
                             "BITPIX  = 8",
                             "NAXIS   = 2",
                             "NAXIS1  = 12",
                             "NAXIS2  = 2",
                             "TTYPE1  = 'kdtree_data_stars'",
                             NULL};
    size_t n = fits_unit(file, 0, primary, NULL, 0);
    n = fits_unit(file, n, a, quads, sizeof quads);
    n = fits_unit(file, n, b, codes, sizeof codes);
    n = fits_unit(file, n, c, range, sizeof range);
    return fits_unit(file, n, d, stars, sizeof stars);
}

/* Where the next one begins. */
static size_t fits_unit(char *file, size_t at, const char *const *cards, const void *data,
                        size_t bytes)
{
    memset(file + at, ' ', BLOCK);
    size_t card = at;
    for (; *cards != NULL; cards++, card += CARD) {
        memcpy(file + card, *cards, strlen(*cards));
    }
    memcpy(file + card, "END", 3);
    at += BLOCK;
    if (bytes > 0) {
        memset(file + at, 0, BLOCK);
        memcpy(file + at, data, bytes);
        at += BLOCK;
    }
    ck_assert_uint_le(at, FITS_ROOM);
    return at;
}

int main(void)
{
    Suite *suite = suite_create("key_recipes");
    TCase *cases = tcase_create("key_recipes");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, convert__texts_of_recipes, 0, (int)(sizeof texts / sizeof texts[0]));
    tcase_add_test(cases, kmers__are_the_windows_at_multiples_of_the_step);
    tcase_add_test(cases, formats__name_their_keys);
    tcase_add_test(cases, doubles__keep_their_order_as_keys);
    tcase_add_test(cases, angles__are_near_those_of_libm);
    tcase_add_test(cases, astrometry__reads_each_of_its_tables);
    tcase_add_test(cases, astrometry__truncated_at_every_byte_is_refused);
    tcase_add_test(cases, astrometry__hostile_headers_are_refused);
    tcase_add_test(cases, astrometry__damaged_at_every_byte_never_reads_outside);
    tcase_add_test(cases, per_second__becomes_seconds_or_composite_keys);
    tcase_add_test(cases, per_second__half_a_count_is_refused);
    tcase_add_test(cases, per_second__across_every_border_of_the_buffer);
    tcase_add_test(cases, per_second__epochs_are_parsed);
    tcase_add_test(cases, dataset__is_expanded_from_counts);
    tcase_add_test(cases, dataset__memory_failing_at_every_call_of_an_expansion);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
