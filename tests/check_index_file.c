/* hunch_index as a file: what is saved is found again, what is damaged is refused or harmless.
 *
 * check_index_file --write-golden FOLDER writes the golden files, for a new version. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index_answers.h"
#include "index_forms.h"
#include "index_sample.h"
#include "layout.h"
#include "oracle.h"
#include "random.h"
#include "suite.h"

/* Saved indexes that must open for ever, of each version since 1.`since`: every kind and router,
 * more than one level. */
static const struct golden {
    const char *name;
    size_t n;
    size_t form;
    unsigned since;
} goldens[] = {
    {"nodes-8", 400, 0, 0},         {"nodes-16", 700, 1, 0},       {"no-keys", 0, 1, 0},
    {"cells", 600, 2, 1},           {"blocks-cells", 700, 5, 1},   {"blocks-tree", 700, 6, 1},
    {"blocks-lines", 700, 7, 1},    {"segments-cells", 600, 8, 1}, {"segments-tree", 600, 11, 1},
    {"segments-lines", 600, 12, 1}, {"blocks-512", 700, 26, 1},
};

/* What is saved now is of the last one. */
enum { VERSIONS = 3, GOLDENS = sizeof goldens / sizeof goldens[0], GOLDEN_MAX = 8192 };

/* What is edited at random: each form of index_forms_few, over few keys and over more. */
static const size_t edited[] = {40, 100, 1500};

enum { EDITED = sizeof edited / sizeof edited[0] };

static struct sample_bytes file_of(size_t n, const struct index_form *form);
static struct sample_bytes golden_file(const struct golden *golden);
static hunch_index *open_bytes(struct sample_bytes bytes);
static bool is_refused(struct sample_bytes bytes);
static void check_edits(struct sample_bytes original, uint64_t edits);
static bool survives_edits(struct sample_bytes original, uint64_t seed);
static void edit(struct sample_bytes bytes, uint64_t *random);
static size_t odd_place(struct sample_bytes bytes, uint64_t *random);
static uint64_t odd_number(uint64_t was, uint64_t *random);
static struct sample_bytes golden_read(const struct golden *golden, unsigned version);
static void golden_name(char name[64], const struct golden *golden, unsigned version);

/* Where --write-golden writes. */
static const char *golden_folder;

START_TEST(index_file__opened_answers_as_built)
{
    static const size_t sizes[] = {0, 1, 7, 8, 9, 16, 17, 100, 1000, 40000};
    const char *folder = sample_folder();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const char *path = sample_path(folder, "index");
        struct index_sample sample = index_sample_new(sizes[i], (size_t)_i / INDEX_FORMS_FEW);
        const hunch_index_options options =
            index_form_options(index_forms_few[_i % INDEX_FORMS_FEW]);
        hunch_index *index = NULL;
        hunch_diag diag = {.text = ""};
        struct sample_bytes bytes = index_sample_saved_as(sample, &options);
        sample_write_file(path, bytes);
        ck_assert_msg(hunch_index_open(&index, path, NULL, &diag) == HUNCH_OK, "%s", diag.text);
        ck_assert_msg(hunch_index_validate(index, &diag) == HUNCH_OK, "%s", diag.text);
        SUITE_ASSERT(index_answers_are_right(index, sample.keys, sample.n));
        hunch_index_free(index);
        index = open_bytes(bytes);
        SUITE_ASSERT(index_answers_are_right(index, sample.keys, sample.n));
        hunch_index_free(index);
        sample_free(bytes);
        index_sample_free(sample);
    }
    sample_folder_remove(folder);
}
END_TEST

START_TEST(index_file__says_what_was_built)
{
    const hunch_index_options options = index_form_options(&index_forms[_i]);
    struct index_sample sample = index_sample_new(5000, INDEX_SAMPLE_OFFSET);
    struct sample_bytes bytes = index_sample_saved_as(sample, &options);
    hunch_index *built = NULL;
    hunch_index *opened = open_bytes(bytes);
    hunch_index_stats was = {.struct_size = sizeof was};
    hunch_index_stats is = {.struct_size = sizeof is};
    ck_assert_int_eq(hunch_index_build(&built, sample.keys, sample.n, &options, NULL), HUNCH_OK);
    hunch_index_read_stats(built, &was);
    hunch_index_read_stats(opened, &is);
    ck_assert_uint_eq(is.n, was.n);
    ck_assert_uint_eq(is.kind, was.kind);
    ck_assert_uint_eq(is.levels, was.levels);
    ck_assert_uint_eq(is.node_keys, was.node_keys);
    ck_assert_uint_eq(is.router, was.router);
    ck_assert_uint_eq(is.search, was.search);
    ck_assert_uint_eq(is.pieces, was.pieces);
    ck_assert_uint_eq(is.eps, was.eps);
    ck_assert_uint_eq(is.cell_keys, was.cell_keys);
    ck_assert_uint_eq(is.block_keys, was.block_keys);
    ck_assert_uint_eq(is.router_bytes, was.router_bytes);
    ck_assert_uint_eq(is.model_bytes, was.model_bytes);
    ck_assert_str_eq(is.model, was.model);
    ck_assert_uint_eq(is.trusted, 0);
    ck_assert_uint_eq(was.trusted, 1);
    for (size_t i = 0; i <= was.pieces; i++) {
        SUITE_ASSERT(hunch_index_piece(opened, i) == hunch_index_piece(built, i));
    }
    hunch_index_free(opened);
    sample_free(bytes);
    hunch_index_free(built);
    index_sample_free(sample);
}
END_TEST

START_TEST(index_file__saved_again_is_the_same_file)
{
    struct sample_bytes bytes = file_of(3000, &index_forms[_i]);
    hunch_index *index = open_bytes(bytes);
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "again");
    ck_assert_int_eq(hunch_index_save(index, path, NULL), HUNCH_OK);
    struct sample_bytes again = sample_read_file(path);
    ck_assert_uint_eq(again.size, bytes.size);
    ck_assert_mem_eq(again.p, bytes.p, bytes.size);
    hunch_index_free(index);
    sample_free(again);
    sample_free(bytes);
    sample_folder_remove(folder);
}
END_TEST

START_TEST(index_file__may_be_replaced_while_it_is_open)
{
    struct index_sample small = index_sample_new(1000, 0);
    struct index_sample large = index_sample_new(2000, 1);
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "index");
    hunch_index *before = NULL;
    hunch_index *after = NULL;
    index_sample_save(small, 16, NULL, path);
    ck_assert_int_eq(hunch_index_open(&before, path, NULL, NULL), HUNCH_OK);
    index_sample_save(large, 16, NULL, path);
    ck_assert_int_eq(hunch_index_open(&after, path, NULL, NULL), HUNCH_OK);
    SUITE_ASSERT(index_answers_are_right(before, small.keys, small.n));
    SUITE_ASSERT(index_answers_are_right(after, large.keys, large.n));
    ck_assert_int_eq(hunch_index_save(after, path, NULL), HUNCH_OK); /* over its own mapping */
    SUITE_ASSERT(index_answers_are_right(after, large.keys, large.n));
    ck_assert_uint_eq(sample_folder_count(folder), 1);
    hunch_index_free(before);
    hunch_index_free(after);
    sample_folder_remove(folder);
    index_sample_free(small);
    index_sample_free(large);
}
END_TEST

static void check_not_opened(const char *path, hunch_status expected)
{
    hunch_diag diag = {.text = ""};
    hunch_index *index = (hunch_index *)&diag; /* any pointer: it must not stay */
    const hunch_status status = hunch_index_open(&index, path, NULL, &diag);
    ck_assert_msg(status == expected, "%s: %d, %s", path, (int)status, diag.text);
    ck_assert_int_eq(diag.status, expected);
    ck_assert_str_ne(diag.text, "");
    ck_assert_ptr_null(index);
    ck_assert_int_eq(hunch_index_open(&index, path, NULL, NULL), expected);
}

START_TEST(index_file__what_is_no_index_is_refused)
{
    const char *folder = sample_folder();
    const char *empty = sample_path(folder, "empty");
    const char *text = sample_path(folder, "text");
    sample_write_file(empty, (struct sample_bytes){NULL, 0});
    sample_write_file(text, (struct sample_bytes){(unsigned char *)folder, strlen(folder)});
    check_not_opened(sample_path(folder, "none"), HUNCH_ENOENT);
    check_not_opened(folder, HUNCH_EIO);
    check_not_opened(empty, HUNCH_ECORRUPT);
    check_not_opened(text, HUNCH_ECORRUPT);
    check_not_opened(HUNCH_GOLDEN "/container/1.0.hunch", HUNCH_EINVAL); /* another kind */
    sample_folder_remove(folder);
}
END_TEST

START_TEST(index_file__misaligned_bytes_are_refused)
{
    struct sample_bytes bytes = index_sample_file(100, 16);
    struct sample_bytes room = sample_copy(NULL, bytes.size + 8);
    memcpy(room.p + 8, bytes.p, bytes.size);
    hunch_index *index = NULL;
    ck_assert_int_eq(hunch_index_open_bytes(&index, room.p + 8, bytes.size, NULL, NULL),
                     HUNCH_EINVAL);
    ck_assert_ptr_null(index);
    sample_free(room);
    sample_free(bytes);
}
END_TEST

START_TEST(index_file__truncation_at_every_byte_is_refused)
{
    struct sample_bytes whole = file_of(300, index_forms_few[_i]);
    for (size_t size = 0; size < whole.size; size++) {
        struct sample_bytes bytes = sample_copy(whole.p, size);
        hunch_index *index = NULL;
        const hunch_status status = hunch_index_open_bytes(&index, bytes.p, size, NULL, NULL);
        if (status != HUNCH_ECORRUPT || index != NULL) {
            ck_abort_msg("%zu of %zu bytes: %d", size, whole.size, (int)status);
        }
        sample_free(bytes);
    }
    sample_free(whole);
}
END_TEST

START_TEST(index_file__every_bit_flip_is_detected)
{
    struct sample_bytes bytes = file_of(300, index_forms_few[_i]);
    for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
        const unsigned char mask = (unsigned char)(1u << (bit % 8));
        bytes.p[bit / 8] ^= mask;
        if (!is_refused(bytes)) {
            ck_abort_msg("bit %zu of byte %zu", bit % 8, bit / 8);
        }
        bytes.p[bit / 8] ^= mask;
    }
    ck_assert(!is_refused(bytes));
    sample_free(bytes);
}
END_TEST

/* Half a million in all: seconds, also under the sanitizers. HUNCH_SEED moves them elsewhere,
 * HUNCH_SOAK makes ten times as many. */
START_TEST(index_file__random_edits_are_refused_or_harmless)
{
    struct sample_bytes original = file_of(edited[_i % EDITED], index_forms_few[_i / EDITED]);
    check_edits(original, 4000);
    sample_free(original);
}
END_TEST

/* So many keys that there is a table. */
START_TEST(index_file__random_edits_of_a_large_file_are_refused_or_harmless)
{
    struct index_sample sample = index_sample_new_even(8600, 2);
    struct sample_bytes original = index_sample_saved(sample, 16);
    check_edits(original, 8000);
    sample_free(original);
    index_sample_free(sample);
}
END_TEST

START_TEST(golden__indexes_open_and_answer_for_ever)
{
    const struct golden *golden = &goldens[_i % GOLDENS];
    const unsigned version = (unsigned)_i / GOLDENS;
    if (version < golden->since) {
        return;
    }
    struct sample_bytes bytes = golden_read(golden, version);
    struct index_sample sample = index_sample_new(golden->n, INDEX_SAMPLE_OFFSET);
    hunch_diag diag = {.text = ""};
    hunch_index *index = open_bytes(bytes);
    ck_assert_msg(hunch_index_validate(index, &diag) == HUNCH_OK, "%s", diag.text);
    SUITE_ASSERT(index_answers_are_right(index, sample.keys, sample.n));
    hunch_index_free(index);
    index_sample_free(sample);
    sample_free(bytes);
}
END_TEST

START_TEST(golden__saving_still_makes_the_same_bytes)
{
    const size_t library = offsetof(struct hunch__header, library);
    struct sample_bytes golden = golden_read(&goldens[_i], VERSIONS - 1);
    struct sample_bytes saved = golden_file(&goldens[_i]);
    ck_assert_uint_eq(saved.size, golden.size);
    memcpy(saved.p + library, golden.p + library, sizeof(uint32_t)); /* the version that saved */
    sample_repair(saved, false);
    ck_assert_mem_eq(saved.p, golden.p, golden.size);
    sample_free(saved);
    sample_free(golden);
}
END_TEST

/* No test, but Check's asserts work only in one. */
START_TEST(golden__write)
{
    for (size_t i = 0; i < GOLDENS; i++) {
        char name[64];
        struct sample_bytes bytes = golden_file(&goldens[i]);
        golden_name(name, &goldens[i], VERSIONS - 1);
        ck_assert_uint_le(bytes.size, GOLDEN_MAX);
        sample_write_file(sample_path(golden_folder, name), bytes);
        sample_free(bytes);
    }
}
END_TEST

static struct sample_bytes file_of(size_t n, const struct index_form *form)
{
    const hunch_index_options options = index_form_options(form);
    struct index_sample sample = index_sample_new(n, INDEX_SAMPLE_OFFSET);
    const struct sample_bytes bytes = index_sample_saved_as(sample, &options);
    index_sample_free(sample);
    return bytes;
}

static struct sample_bytes golden_file(const struct golden *golden)
{
    return file_of(golden->n, &index_forms[golden->form]);
}

static hunch_index *open_bytes(struct sample_bytes bytes)
{
    hunch_index *index = NULL;
    hunch_diag diag = {.text = ""};
    if (hunch_index_open_bytes(&index, bytes.p, bytes.size, NULL, &diag) != HUNCH_OK) {
        ck_abort_msg("%s", diag.text);
    }
    return index;
}

/* By open or by validate, with a reason. */
static bool is_refused(struct sample_bytes bytes)
{
    hunch_index *index = NULL;
    hunch_diag diag = {.text = ""};
    hunch_status status = hunch_index_open_bytes(&index, bytes.p, bytes.size, NULL, &diag);
    if (status == HUNCH_OK) {
        status = hunch_index_validate(index, &diag);
    }
    hunch_index_free(index);
    SUITE_ASSERT(status == HUNCH_OK || (diag.status == status && diag.text[0] != '\0'));
    return status != HUNCH_OK;
}

static void check_edits(struct sample_bytes original, uint64_t edits)
{
    const char *given = getenv("HUNCH_SEED");
    const uint64_t seed = hunch__mix64(given != NULL ? strtoull(given, NULL, 0) : 1);
    uint64_t opened = 0;
    edits *= getenv("HUNCH_SOAK") != NULL ? 10 : 1;
    for (uint64_t i = 0; i < edits; i++) {
        opened += survives_edits(original, seed + i);
    }
    ck_assert_uint_gt(opened, edits / 10); /* or the edits test the refusals alone */
    ck_assert_uint_lt(opened, edits);
}

/* Edit a copy, repair its checksums, and use what can be opened: every ask is safe, and right when
 * the keys are sorted, of which validate makes sure. True when it could be opened. */
static bool survives_edits(struct sample_bytes original, uint64_t seed)
{
    struct sample_bytes bytes = sample_copy(original.p, original.size);
    uint64_t random = hunch__mix64(seed);
    hunch_index *index = NULL;
    hunch_diag diag = {.text = ""};
    edit(bytes, &random);
    sample_repair(bytes, true);
    const hunch_status status = hunch_index_open_bytes(&index, bytes.p, bytes.size, NULL, &diag);
    if (status == HUNCH_OK) {
        const size_t n = hunch_index_count(index);
        const bool sorted = oracle_is_sorted(hunch_index_keys(index), n);
        SUITE_ASSERT(index_answers_are_inside(index, random));
        SUITE_ASSERT(sorted || hunch_index_validate(index, NULL) == HUNCH_ECORRUPT);
        SUITE_ASSERT(!sorted || index_answers_are_right(index, hunch_index_keys(index), n));
    } else {
        SUITE_ASSERT(index == NULL && diag.status == status && diag.text[0] != '\0');
    }
    hunch_index_free(index);
    sample_free(bytes);
    return status == HUNCH_OK;
}

/* One to four places, one to sixteen bytes each. */
static void edit(struct sample_bytes bytes, uint64_t *random)
{
    for (uint64_t places = 1 + hunch__splitmix64(random) % 4; places > 0; places--) {
        const size_t at = odd_place(bytes, random);
        size_t width = hunch__splitmix64(random) % 2 == 0 ? 8 : 1 + hunch__splitmix64(random) % 16;
        width = width < bytes.size - at ? width : bytes.size - at;
        uint64_t value[2] = {0, 0};
        memcpy(value, bytes.p + at, width);
        value[0] = odd_number(value[0], random);
        value[1] = odd_number(value[1], random);
        memcpy(bytes.p + at, value, width);
    }
}

/* Often a field of the header, the table of sections or the first section, which says how the rest
 * is read, and often in the last section. */
static size_t odd_place(struct sample_bytes bytes, uint64_t *random)
{
    const uint64_t dice = hunch__splitmix64(random);
    const size_t at = hunch__splitmix64(random) % bytes.size;
    switch (dice % 8) {
    case 0:
        return at % 64 / 4 * 4;
    case 1:
    case 2:
        return (64 + at % 192) / 4 * 4;
    case 3:
    case 4:
        return bytes.size - 4 - at / 8 / 4 * 4;
    case 5:
        return at;
    default:
        return at / 8 * 8;
    }
}

/* A number that programs stumble over, or one near `was`. */
static uint64_t odd_number(uint64_t was, uint64_t *random)
{
    const uint64_t dice = hunch__splitmix64(random);
    const uint64_t any = hunch__splitmix64(random);
    switch (dice % 8) {
    case 0:
        return was + 1;
    case 1:
        return was - 1;
    case 2:
        return was ^ (UINT64_C(1) << any % 64);
    case 3:
        return any % 2 == 0 ? 0 : UINT64_MAX;
    case 4:
        return any % 100;
    case 5:
        return UINT64_C(1) << any % 64;
    case 6:
        return was + any % 128 * 8;
    default:
        return any;
    }
}

static struct sample_bytes golden_read(const struct golden *golden, unsigned version)
{
    char name[64];
    char path[512];
    golden_name(name, golden, version);
    (void)snprintf(path, sizeof path, HUNCH_GOLDEN "/index/%s", name);
    return sample_read_file(path);
}

static void golden_name(char name[64], const struct golden *golden, unsigned version)
{
    (void)snprintf(name, 64, "1.%u-%s.hunch", version, golden->name);
}

static Suite *index_file_suite(void)
{
    Suite *suite = suite_create("index_file");
    TCase *cases = tcase_create("index_file");
    tcase_set_timeout(cases, 300);
    tcase_add_loop_test(cases, index_file__opened_answers_as_built, 0, 16 * INDEX_FORMS_FEW);
    tcase_add_loop_test(cases, index_file__says_what_was_built, 0, INDEX_FORMS_EXACT);
    tcase_add_loop_test(cases, index_file__saved_again_is_the_same_file, 0, INDEX_FORMS_EXACT);
    tcase_add_test(cases, index_file__may_be_replaced_while_it_is_open);
    tcase_add_test(cases, index_file__what_is_no_index_is_refused);
    tcase_add_test(cases, index_file__misaligned_bytes_are_refused);
    tcase_add_loop_test(cases, index_file__truncation_at_every_byte_is_refused, 0, INDEX_FORMS_FEW);
    tcase_add_loop_test(cases, index_file__every_bit_flip_is_detected, 0, INDEX_FORMS_FEW);
    tcase_add_loop_test(cases, index_file__random_edits_are_refused_or_harmless, 0,
                        EDITED * INDEX_FORMS_FEW);
    tcase_add_test(cases, index_file__random_edits_of_a_large_file_are_refused_or_harmless);
    tcase_add_loop_test(cases, golden__indexes_open_and_answer_for_ever, 0, VERSIONS * GOLDENS);
    tcase_add_loop_test(cases, golden__saving_still_makes_the_same_bytes, 0, GOLDENS);
    suite_add_tcase(suite, cases);
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
    return suite_run(golden_folder != NULL ? golden_writing_suite() : index_file_suite());
}
