/* lib/format as a reader: what is written is read again, what is damaged is refused with a reason,
 * and no bytes at all lead outside themselves.
 *
 * check_format --write-golden FOLDER writes the golden files, for a new version of the format. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "format_golden.h"
#include "format_sample.h"
#include "hash.h"
#include "layout.h"
#include "random.h"

static hunch_status open_bytes(struct hunch__container *out, struct sample_bytes bytes,
                               hunch_diag *diag);
static bool is_refused(struct sample_bytes bytes);
static void check_section(const struct hunch__container *c, const struct hunch__part *part);
static bool opens_after_edits(struct sample_bytes sample, uint64_t seed);
static void edit(struct sample_bytes bytes, uint64_t *random);
static uint64_t odd_number(uint64_t *random, uint64_t size);
static struct sample_bytes golden_read(const char *name);

/* Where --write-golden writes. */
static const char *golden_folder;

START_TEST(container__what_was_written_is_read)
{
    struct sample_bytes bytes = sample_written();
    struct hunch__container c;
    ck_assert_uint_eq(bytes.size, SAMPLE_BYTES);
    ck_assert_int_eq(open_bytes(&c, bytes, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch__container_validate(&c, NULL), HUNCH_OK);
    ck_assert_uint_eq(c.sections, SAMPLE_PARTS);
    for (size_t i = 0; i < SAMPLE_PARTS; i++) {
        check_section(&c, &sample_parts[i]);
    }
    sample_free(bytes);
}
END_TEST

START_TEST(container__a_section_that_is_not_there_is_null)
{
    static const uint32_t missing[] = {0, 3, 8, 10, UINT32_MAX};
    struct sample_bytes bytes = sample_written();
    struct hunch__container c;
    ck_assert_int_eq(open_bytes(&c, bytes, NULL), HUNCH_OK);
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        uint64_t count = 7;
        ck_assert_ptr_null(hunch__container_section(&c, missing[i], HUNCH__U64, &count));
        ck_assert_uint_eq(count, 0);
    }
    sample_free(bytes);
}
END_TEST

START_TEST(container__without_sections_is_a_header)
{
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "empty");
    struct hunch__container c;
    ck_assert_int_eq(hunch__container_write(path, SAMPLE_KIND, NULL, 0, NULL, NULL, NULL),
                     HUNCH_OK);
    struct sample_bytes bytes = sample_read_file(path);
    ck_assert_uint_eq(bytes.size, sizeof(struct hunch__header));
    ck_assert_int_eq(open_bytes(&c, bytes, NULL), HUNCH_OK);
    ck_assert_int_eq(hunch__container_validate(&c, NULL), HUNCH_OK);
    sample_free(bytes);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(container__truncation_at_every_byte_is_refused)
{
    struct sample_bytes sample = sample_written();
    for (size_t size = 0; size < sample.size; size++) {
        struct hunch__container c;
        hunch_diag diag;
        struct sample_bytes bytes = sample_copy(sample.p, size);
        ck_assert_int_eq(open_bytes(&c, bytes, &diag), HUNCH_ECORRUPT);
        ck_assert_uint_eq(diag.at, size);
        ck_assert_ptr_null(c.bytes);
        sample_free(bytes);
    }
    sample_free(sample);
}
END_TEST

START_TEST(container__every_bit_flip_is_detected)
{
    struct sample_bytes bytes = sample_written();
    for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
        unsigned char mask = (unsigned char)(1u << (bit % 8));
        bytes.p[bit / 8] ^= mask;
        ck_assert_msg(is_refused(bytes), "bit %zu of byte %zu", bit % 8, bit / 8);
        bytes.p[bit / 8] ^= mask;
    }
    ck_assert(!is_refused(bytes));
    sample_free(bytes);
}
END_TEST

START_TEST(container__misaligned_bytes_are_refused)
{
    struct sample_bytes sample = sample_written();
    for (size_t shift = 1; shift < 64; shift++) {
        struct hunch__container c;
        struct sample_bytes room = sample_copy(NULL, sample.size + shift);
        memcpy(room.p + shift, sample.p, sample.size);
        ck_assert_int_eq(hunch__container_open(&c, room.p + shift, sample.size, SAMPLE_KIND, NULL),
                         HUNCH_EINVAL);
        sample_free(room);
    }
    sample_free(sample);
}
END_TEST

/* A million by default: seconds, also under the sanitizers. HUNCH_SEED moves them elsewhere. */
START_TEST(container__random_edits_stay_inside_or_are_refused)
{
    const char *given = getenv("HUNCH_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : 1;
    struct sample_bytes sample = sample_written();
    uint64_t opened = 0;
    for (uint64_t i = 0; i < 1000000; i++) {
        opened += opens_after_edits(sample, hunch__mix64(seed) + i);
    }
    ck_assert_uint_gt(opened, 100000); /* or the edits test the refusals alone */
    sample_free(sample);
}
END_TEST

START_TEST(golden__files_open_or_are_refused_as_ever)
{
    const struct golden *row = &golden_files[_i];
    struct sample_bytes bytes = golden_read(row->name);
    struct hunch__container c;
    hunch_diag diag = {0};
    ck_assert_msg(open_bytes(&c, bytes, &diag) == row->open, "%s: %s", row->name, diag.text);
    if (row->open == HUNCH_OK) {
        (void)sample_touch(&c);
        ck_assert_msg(hunch__container_validate(&c, &diag) == row->validate, "%s: %s", row->name,
                      diag.text);
    }
    ck_assert_str_eq(diag.text, row->text);
    ck_assert_uint_eq(diag.at, row->at);
    ck_assert_int_eq(diag.status, row->open != HUNCH_OK ? row->open : row->validate);
    sample_free(bytes);
}
END_TEST

START_TEST(golden__files_are_what_the_table_says)
{
    const struct golden *row = &golden_files[_i];
    struct sample_bytes sample = golden_read(golden_files[0].name);
    struct sample_bytes made = golden_make(row, sample);
    struct sample_bytes found = golden_read(row->name);
    ck_assert_uint_eq(found.size, made.size);
    ck_assert_msg(memcmp(found.p, made.p, made.size) == 0, "%s", row->name);
    sample_free(found);
    sample_free(made);
    sample_free(sample);
}
END_TEST

/* All but the version of the library that writes, which a release changes. */
START_TEST(golden__the_writer_still_makes_the_same_bytes)
{
    struct sample_bytes golden = golden_read(golden_files[0].name);
    struct sample_bytes written = sample_written();
    uint32_t library = 0;
    memcpy(&library, written.p + offsetof(struct hunch__header, library), sizeof library);
    ck_assert_uint_eq(library, HUNCH_VERSION);
    memcpy(written.p + offsetof(struct hunch__header, library),
           golden.p + offsetof(struct hunch__header, library), sizeof library);
    sample_repair(written, false);
    ck_assert_uint_eq(written.size, golden.size);
    ck_assert_int_eq(memcmp(written.p, golden.p, golden.size), 0);
    sample_free(written);
    sample_free(golden);
}
END_TEST

/* No test, but Check's asserts work only in one. */
START_TEST(golden__write)
{
    struct sample_bytes sample = sample_written();
    for (const struct golden *row = golden_files; row->name != NULL; row++) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/%s.hunch", golden_folder, row->name);
        struct sample_bytes bytes = golden_make(row, sample);
        sample_write_file(path, bytes);
        sample_free(bytes);
    }
    sample_free(sample);
}
END_TEST

START_TEST(hash__zeros_and_bytes_are_one_string)
{
    static const size_t zeros[] = {0, 1, 7, 240, 241, 1023, 1024, 1025, 5000};
    static const size_t lengths[] = {0, 1, 16, 240, 241, 1024, 3000};
    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++) {
        for (size_t j = 0; j < sizeof lengths / sizeof lengths[0]; j++) {
            struct sample_bytes all = sample_copy(NULL, zeros[i] + lengths[j]);
            memset(all.p + zeros[i], 0x5A, lengths[j]);
            ck_assert(hunch__xxh3(all.p, all.size) ==
                      hunch__xxh3_after_zeros(zeros[i], all.p + zeros[i], lengths[j]));
            sample_free(all);
        }
    }
}
END_TEST

static hunch_status open_bytes(struct hunch__container *out, struct sample_bytes bytes,
                               hunch_diag *diag)
{
    return hunch__container_open(out, bytes.p, bytes.size, SAMPLE_KIND, diag);
}

static bool is_refused(struct sample_bytes bytes)
{
    struct hunch__container c;
    hunch_diag diag = {0};
    hunch_status status = open_bytes(&c, bytes, &diag);
    if (status == HUNCH_OK) {
        status = hunch__container_validate(&c, &diag);
    }
    ck_assert_int_eq(status, diag.status);
    ck_assert_int_eq(status != HUNCH_OK, diag.text[0] != '\0');
    return status != HUNCH_OK;
}

static void check_section(const struct hunch__container *c, const struct hunch__part *part)
{
    uint64_t count = 0;
    const unsigned char *p = hunch__container_section(c, part->id, part->type, &count);
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq(count * hunch__element_bytes(part->type), part->zeros + part->n);
    for (uint64_t i = 0; i < part->zeros; i++) {
        ck_assert_uint_eq(p[i], 0);
    }
    if (part->n > 0) {
        ck_assert_int_eq(memcmp(p + part->zeros, part->bytes, (size_t)part->n), 0);
    }
}

/* One to sixteen edits, mostly few: many at once are refused for the first of them. */
static bool opens_after_edits(struct sample_bytes sample, uint64_t seed)
{
    uint64_t random = seed;
    struct hunch__container c;
    struct sample_bytes bytes = sample_copy(sample.p, sample.size);
    uint64_t most = (uint64_t)1 << hunch__below(hunch__splitmix64(&random), 5);
    uint64_t n = 1 + hunch__below(hunch__splitmix64(&random), most);
    for (uint64_t i = 0; i < n; i++) {
        edit(bytes, &random);
    }
    sample_repair(bytes, true);
    bool opens = open_bytes(&c, bytes, NULL) == HUNCH_OK;
    if (opens) {
        (void)sample_touch(&c);
        hunch_status status = hunch__container_validate(&c, NULL);
        SAMPLE_CHECK(status == HUNCH_OK || status == HUNCH_ECORRUPT);
    }
    sample_free(bytes);
    return opens;
}

/* One to eight bytes: mostly in header and table, where they do harm, and past the magic and the
 * versions, where all is over at once. */
static void edit(struct sample_bytes bytes, uint64_t *random)
{
    uint64_t dice = hunch__splitmix64(random);
    uint64_t end = dice % 4 == 0 ? bytes.size : hunch__table_end(SAMPLE_PARTS);
    uint64_t from = dice % 64 == 1 ? 0 : dice % 8 < 6 ? sizeof(struct hunch__header) : 10;
    uint64_t at = from + hunch__below(hunch__splitmix64(random), end - from);
    uint64_t value = odd_number(random, bytes.size);
    size_t width = (size_t)1 << hunch__below(hunch__splitmix64(random), 4);
    at &= ~(uint64_t)(width - 1);
    memcpy(bytes.p + at, &value, width);
}

/* Numbers at which size checks go wrong, small ones that pass, and any. */
static uint64_t odd_number(uint64_t *random, uint64_t size)
{
    uint64_t dice = hunch__splitmix64(random);
    switch (dice % 8) {
    case 0:
        return dice >> 8;
    case 1:
        return UINT64_MAX - (dice >> 8) % 128;
    case 2:
        return size - 64 + (dice >> 8) % 128;
    case 3:
        return ((uint64_t)1 << ((dice >> 8) % 64)) - (dice >> 16) % 2;
    case 4:
        return (dice >> 8) % 8;
    default:
        return (dice >> 8) % (size / 64 + 1) * 64;
    }
}

static struct sample_bytes golden_read(const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof path, HUNCH_GOLDEN "/container/%s.hunch", name);
    return sample_read_file(path);
}

static Suite *format_suite(void)
{
    Suite *suite = suite_create("format");
    TCase *container = tcase_create("container");
    TCase *golden = tcase_create("golden");
    int rows = 0;
    while (golden_files[rows].name != NULL) {
        rows++;
    }
    tcase_set_timeout(container, 120);
    tcase_add_test(container, container__what_was_written_is_read);
    tcase_add_test(container, container__a_section_that_is_not_there_is_null);
    tcase_add_test(container, container__without_sections_is_a_header);
    tcase_add_test(container, container__truncation_at_every_byte_is_refused);
    tcase_add_test(container, container__every_bit_flip_is_detected);
    tcase_add_test(container, container__misaligned_bytes_are_refused);
    tcase_add_test(container, container__random_edits_stay_inside_or_are_refused);
    tcase_add_test(container, hash__zeros_and_bytes_are_one_string);
    tcase_add_loop_test(golden, golden__files_open_or_are_refused_as_ever, 0, rows);
    tcase_add_loop_test(golden, golden__files_are_what_the_table_says, 0, rows);
    tcase_add_test(golden, golden__the_writer_still_makes_the_same_bytes);
    suite_add_tcase(suite, container);
    suite_add_tcase(suite, golden);
    return suite;
}

static Suite *golden_writing_suite(void)
{
    Suite *suite = suite_create("write-golden");
    TCase *write = tcase_create("write");
    tcase_add_test(write, golden__write);
    suite_add_tcase(suite, write);
    return suite;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--write-golden") == 0) {
        golden_folder = argv[2];
    }
    SRunner *runner =
        srunner_create(golden_folder != NULL ? golden_writing_suite() : format_suite());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
