/* hunch_chooser as a file: what is saved is found again, what is damaged is refused or harmless.
 *
 * check_choice_file --write-golden FOLDER writes the golden files, for a new version. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomics.h"
#include "choice_kinds.h"
#include "choice_sample.h"
#include "chooser.h"
#include "file.h"
#include "layout.h"
#include "random.h"
#include "suite.h"

enum { ROUNDS = 700, GOLDEN_MAX = 32768 };

static bool know_the_same(const hunch_chooser *a, const hunch_chooser *b);
static struct sample_bytes saved(const hunch_chooser *chooser);
static bool use(hunch_chooser *chooser, int kind, uint64_t seed);
static bool survives(struct sample_bytes bytes, int kind, uint64_t seed);
static void edit(struct sample_bytes bytes, uint64_t *random);
static uint64_t odd_number(uint64_t was, uint64_t *random);
static struct sample_bytes golden_read(const char *name);

/* Where --write-golden writes. */
static const char *golden_folder;

/* -- round trips ------------------------------------------------------------------------------- */

/* The same knowledge, the same snapshot, and the same again after more of the same rewards. */
START_TEST(choice_file__opened_knows_what_was_saved)
{
    hunch_diag diag = {.text = ""};
    hunch_chooser *original = choice_kind_new(_i, NULL, NULL, ROUNDS, false);
    hunch_chooser_learn(original);
    original->lanes.lane[0].since_step = 0; /* the next step is due for both at the same time */
    struct sample_bytes bytes = saved(original);
    hunch_chooser *opened = choice_kind_open(bytes, &diag);
    ck_assert_msg(opened != NULL, "%s: %s", choice_kind_name(_i), diag.text);
    ck_assert_msg(hunch_chooser_validate(opened, &diag) == HUNCH_OK, "%s", diag.text);
    ck_assert(know_the_same(original, opened));
    for (int chooser = 0; chooser < 2; chooser++) {
        uint64_t random = 99;
        for (size_t i = 0; i < 200; i++) {
            choice_kind_round(chooser == 0 ? original : opened, _i, &random, true);
        }
        hunch_chooser_learn(chooser == 0 ? original : opened);
    }
    ck_assert(know_the_same(original, opened));
    hunch_chooser_free(opened);
    hunch_chooser_free(original);
    sample_free(bytes);
}
END_TEST

START_TEST(choice_file__statistics_go_on)
{
    hunch_diag diag = {.text = ""};
    hunch_chooser *original = choice_kind_new(_i, NULL, NULL, ROUNDS, false);
    struct sample_bytes bytes = saved(original);
    hunch_chooser *opened = choice_kind_open(bytes, &diag);
    ck_assert_msg(opened != NULL, "%s", diag.text);
    hunch_chooser_stats was = choice_stats(original);
    hunch_chooser_stats is = choice_stats(opened);
    was.chooser_bytes = is.chooser_bytes;
    ck_assert_mem_eq(&was, &is, sizeof was);
    hunch_chooser_free(opened);
    hunch_chooser_free(original);
    sample_free(bytes);
}
END_TEST

START_TEST(choice_file__saved_again_is_the_same_file)
{
    hunch_diag diag = {.text = ""};
    struct sample_bytes bytes = choice_kind_file(_i, ROUNDS, false);
    hunch_chooser *opened = choice_kind_open(bytes, &diag);
    ck_assert_msg(opened != NULL, "%s", diag.text);
    struct sample_bytes again = saved(opened);
    hunch_chooser *twice = choice_kind_open(again, &diag);
    struct sample_bytes third = saved(twice);
    ck_assert_uint_eq(again.size, bytes.size);
    ck_assert_uint_eq(third.size, bytes.size);
    ck_assert(know_the_same(opened, twice));
    hunch_chooser_free(twice);
    hunch_chooser_free(opened);
    sample_free(third);
    sample_free(again);
    sample_free(bytes);
}
END_TEST

/* A ticket of before means nothing afterwards, and none is issued twice. */
START_TEST(choice_file__tickets_of_before_are_forgotten)
{
    hunch_diag diag = {.text = ""};
    hunch_chooser *chooser = choice_kind_new(KIND_FREE, NULL, NULL, 50, false);
    uint64_t ids[400];
    size_t n = 0;
    for (int round = 0; round < 4; round++) {
        const size_t first = n;
        while (n < first + 100) {
            ids[n++] = hunch_choose(chooser, NULL).id;
        }
        struct sample_bytes bytes = saved(chooser);
        hunch_chooser_free(chooser);
        chooser = choice_kind_open(bytes, &diag);
        ck_assert_msg(chooser != NULL, "%s", diag.text);
        sample_free(bytes);
        for (size_t i = 0; i < n; i++) {
            SUITE_ASSERT(hunch_reward_id(chooser, ids[i], 1.0f) == HUNCH_EEXPIRED);
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) {
            SUITE_ASSERT(ids[i] != ids[k]);
        }
    }
    hunch_chooser_free(chooser);
}
END_TEST

START_TEST(choice_file__goes_by_its_path_too)
{
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "chooser");
    hunch_chooser *original = choice_kind_new(KIND_SCHEMA, NULL, NULL, ROUNDS, false);
    hunch_chooser *opened = NULL;
    hunch_diag diag = {.text = ""};
    ck_assert_int_eq(hunch_chooser_save(original, path, &diag), HUNCH_OK);
    ck_assert_msg(hunch_chooser_open(&opened, path, NULL, &diag) == HUNCH_OK, "%s", diag.text);
    ck_assert_int_eq(hunch_chooser_save(opened, path, &diag), HUNCH_OK);
    ck_assert_uint_eq(sample_folder_count(folder), 1);
    ck_assert_str_eq(opened->options.schema[1].name, "kind");
    hunch_chooser_free(opened);
    opened = original;
    ck_assert_int_eq(hunch_chooser_open(&opened, sample_path(folder, "none"), NULL, &diag),
                     HUNCH_ENOENT);
    ck_assert_ptr_null(opened);
    hunch_chooser_free(original);
    sample_folder_remove(folder);
}
END_TEST

/* -- learners of the user's -------------------------------------------------------------------- */

START_TEST(choice_file__a_users_learner_is_handed_in_again)
{
    hunch_learner_ops newer = recorder_ops;
    hunch_learner_ops other = recorder_ops;
    hunch_chooser_options options = choice_recorded(3, 1);
    hunch_chooser *chooser = choice_new(&options);
    hunch_chooser *opened = NULL;
    hunch_diag diag = {.text = ""};
    uint64_t random = 1;
    choice_train(chooser, &random, 100);
    hunch_chooser_learn(chooser);
    struct sample_bytes bytes = saved(chooser);
    ck_assert_int_eq(hunch_chooser_open_bytes(&opened, bytes.p, bytes.size, NULL, &diag),
                     HUNCH_EUNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(diag.text, "recorder"));
    newer.version++;
    options.learner = &newer;
    ck_assert_int_eq(hunch_chooser_open_bytes(&opened, bytes.p, bytes.size, &options, &diag),
                     HUNCH_EVERSION);
    other.name = "another";
    options.learner = &other;
    ck_assert_int_eq(hunch_chooser_open_bytes(&opened, bytes.p, bytes.size, &options, &diag),
                     HUNCH_EUNSUPPORTED);
    ck_assert_ptr_null(opened);
    options.learner = &recorder_ops;
    ck_assert_int_eq(hunch_chooser_open_bytes(&opened, bytes.p, bytes.size, &options, &diag),
                     HUNCH_OK);
    ck_assert_uint_eq(choice_events(opened)->n, 100);
    hunch_chooser_free(opened);
    hunch_chooser_free(chooser);
    sample_free(bytes);
}
END_TEST

/* -- damage ------------------------------------------------------------------------------------ */

START_TEST(choice_file__truncation_at_every_byte_is_refused)
{
    struct sample_bytes whole = choice_kind_file(_i, 100, false);
    const size_t step = whole.size > 20000 ? 13 : 1;
    for (size_t size = 0; size < whole.size; size += step) {
        hunch_diag diag = {.text = ""};
        struct sample_bytes bytes = sample_copy(whole.p, size);
        hunch_chooser *chooser = choice_kind_open(bytes, &diag);
        SUITE_ASSERT(chooser == NULL && diag.status == HUNCH_ECORRUPT);
        sample_free(bytes);
    }
    sample_free(whole);
}
END_TEST

START_TEST(choice_file__every_bit_flip_is_detected)
{
    struct sample_bytes bytes = choice_kind_file(_i, 100, false);
    const size_t step = bytes.size > 8192 ? 37 : 1;
    for (size_t bit = 0; bit < 8 * bytes.size; bit += step) {
        const unsigned char mask = (unsigned char)(1u << (bit % 8));
        hunch_diag diag = {.text = ""};
        bytes.p[bit / 8] ^= mask;
        if (choice_kind_open(bytes, &diag) != NULL) {
            ck_abort_msg("bit %zu of byte %zu", bit % 8, bit / 8);
        }
        bytes.p[bit / 8] ^= mask;
    }
    sample_free(bytes);
}
END_TEST

/* With checksums that are right again: refused with a reason, or everything that can be done with
 * it is safe, and it can be saved and opened again. */
START_TEST(choice_file__repaired_bit_flips_are_refused_or_harmless)
{
    struct sample_bytes original = choice_kind_file(_i, 100, false);
    const size_t bits = 8 * original.size;
    const size_t step = getenv("HUNCH_SOAK") != NULL ? 1 : 1 + bits / 6000;
    size_t opened = 0;
    for (size_t bit = 0; bit < bits; bit += step) {
        struct sample_bytes bytes = sample_copy(original.p, original.size);
        bytes.p[bit / 8] ^= (unsigned char)(1u << (bit % 8));
        sample_repair(bytes, true);
        opened += survives(bytes, _i, bit);
        sample_free(bytes);
    }
    ck_assert_uint_gt(opened, 0);
    ck_assert_uint_lt(opened, bits / step);
    sample_free(original);
}
END_TEST

START_TEST(choice_file__random_edits_are_refused_or_harmless)
{
    const char *given = getenv("HUNCH_SEED");
    const uint64_t seed = hunch__mix64(given != NULL ? strtoull(given, NULL, 0) : 1);
    const uint64_t edits = getenv("HUNCH_SOAK") != NULL ? 200000 : 4000;
    struct sample_bytes original = choice_kind_file(_i, 100, false);
    uint64_t opened = 0;
    for (uint64_t i = 0; i < edits; i++) {
        struct sample_bytes bytes = sample_copy(original.p, original.size);
        uint64_t random = hunch__mix64(seed + i);
        edit(bytes, &random);
        sample_repair(bytes, true);
        opened += survives(bytes, _i, seed + i);
        sample_free(bytes);
    }
    ck_assert_uint_gt(opened, 0);
    ck_assert_uint_lt(opened, edits);
    sample_free(original);
}
END_TEST

START_TEST(choice_file__what_is_no_chooser_is_refused)
{
    hunch_diag diag = {.text = ""};
    hunch_chooser *chooser = NULL;
    ck_assert_int_eq(hunch_chooser_open(&chooser, HUNCH_GOLDEN "/container/1.0.hunch", NULL, &diag),
                     HUNCH_EINVAL); /* another kind */
    ck_assert_str_ne(diag.text, "");
    ck_assert_int_eq(hunch_chooser_open_bytes(&chooser, NULL, 0, NULL, &diag), HUNCH_ECORRUPT);
    struct sample_bytes bytes = choice_kind_file(KIND_FREE, 10, false);
    struct sample_bytes room = sample_copy(NULL, bytes.size + 8);
    memcpy(room.p + 8, bytes.p, bytes.size);
    ck_assert_int_eq(hunch_chooser_open_bytes(&chooser, room.p + 8, bytes.size, NULL, &diag),
                     HUNCH_EINVAL); /* misaligned */
    ck_assert_ptr_null(chooser);
    sample_free(room);
    sample_free(bytes);
}
END_TEST

/* -- values that cannot be, one by one --------------------------------------------------------- */

/* An element of a section, and what is said when it has another value. */
struct lie {
    const char *name; /* of the golden file */
    int kind;
    uint32_t section;
    uint32_t element;
    uint32_t width;
    uint64_t value;
    hunch_status status;
    const char *text; /* how the diag's begins, or what it must contain */
};

#define NAN_BITS 0x7ff8000000000000u

static const struct lie lies[] = {
    {"bad-arms", KIND_PLAIN, HUNCH__SECTION_NUMBERS, HUNCH__NUMBER_ARMS, 8, 0, HUNCH_EINVAL,
     "arms"},
    {"bad-arms-huge", KIND_PLAIN, HUNCH__SECTION_NUMBERS, HUNCH__NUMBER_ARMS, 8, UINT64_MAX,
     HUNCH_ECORRUPT, "section 1"},
    {"bad-arms-more", KIND_PLAIN, HUNCH__SECTION_NUMBERS, HUNCH__NUMBER_ARMS, 8, 6, HUNCH_ECORRUPT,
     "section 12"},
    {"bad-metrics", KIND_METRICS, HUNCH__SECTION_NUMBERS, HUNCH__NUMBER_METRICS, 8, 65,
     HUNCH_ECORRUPT, "section 1"},
    {"bad-metrics-fewer", KIND_METRICS, HUNCH__SECTION_NUMBERS, HUNCH__NUMBER_METRICS, 8, 1,
     HUNCH_ECORRUPT, "sections 4 to 12"},
    {"bad-version", KIND_PLAIN, HUNCH__SECTION_NUMBERS, HUNCH__NUMBER_LEARNER_VERSION, 8, 9999,
     HUNCH_EVERSION, "learner"},
    {"bad-range", KIND_RANGE, HUNCH__SECTION_REALS, HUNCH__REAL_VALUE_MIN, 8, NAN_BITS,
     HUNCH_EINVAL, "range"},
    {"bad-exploration", KIND_PLAIN, HUNCH__SECTION_REALS, HUNCH__REAL_EXPLORATION, 8, NAN_BITS,
     HUNCH_EINVAL, "exploration"},
    {"bad-learner", KIND_PLAIN, HUNCH__SECTION_LEARNER, 0, 1, 'X', HUNCH_EUNSUPPORTED, "learner"},
    {"bad-price", KIND_METRICS, HUNCH__SECTION_METRICS, 6, 8, NAN_BITS, HUNCH_ECORRUPT,
     "section 4"},
    {"bad-limit-kind", KIND_METRICS, HUNCH__SECTION_METRICS, 2, 8, 0x4010000000000000u,
     HUNCH_EINVAL, "metric"},
    {"bad-schema-kind", KIND_SCHEMA, HUNCH__SECTION_SCHEMA, 0, 4, 9, HUNCH_EINVAL, "schema"},
    {"bad-levels", KIND_SCHEMA, HUNCH__SECTION_SCHEMA, 7, 4, 65536, HUNCH_ECORRUPT, "section 9"},
    {"bad-cut", KIND_SCHEMA, HUNCH__SECTION_CUTS, 2, 4, 0x7fc00000, HUNCH_ECORRUPT, "cuts"},
    {"bad-cut-flag", KIND_SCHEMA, HUNCH__SECTION_CUTS, 0, 4, 0x40000000, HUNCH_ECORRUPT, "cuts"},
    {"bad-state", KIND_PLAIN, HUNCH__SECTION_STATE, 0, 1, 0xff, HUNCH_ECORRUPT, ""},
};

enum { LIES = sizeof lies / sizeof lies[0] };

static struct sample_bytes lie_make(const struct lie *lie, struct sample_bytes honest)
{
    struct sample_bytes bytes = sample_copy(honest.p, honest.size);
    struct hunch__header header;
    memcpy(&header, bytes.p, sizeof header);
    for (uint32_t k = 0; k < header.sections; k++) {
        struct hunch__entry entry;
        memcpy(&entry, bytes.p + hunch__table_end(k), sizeof entry);
        if (entry.id == lie->section) {
            SUITE_ASSERT((lie->element + 1) * lie->width <= entry.bytes);
            const size_t at = lie->element * lie->width;
            memcpy(bytes.p + entry.offset + at, &lie->value, lie->width);
            if (lie->section == HUNCH__SECTION_STATE) { /* the first line of numbers */
                memset(bytes.p + entry.offset, 0xff, 24);
            }
        }
    }
    sample_repair(bytes, true);
    return bytes;
}

START_TEST(choice_file__values_that_cannot_be_are_named)
{
    const struct lie *lie = &lies[_i];
    struct sample_bytes honest = choice_kind_file(lie->kind, 100, false);
    struct sample_bytes bytes = lie_make(lie, honest);
    hunch_diag diag = {.text = ""};
    ck_assert_ptr_null(choice_kind_open(bytes, &diag));
    ck_assert_msg(diag.status == lie->status, "%s: %d, %s", lie->name, (int)diag.status, diag.text);
    ck_assert_msg(strstr(diag.text, lie->text) != NULL, "%s: %s", lie->name, diag.text);
    sample_free(bytes);
    sample_free(honest);
}
END_TEST

/* -- golden files ------------------------------------------------------------------------------ */

static const int golden_kinds[] = {KIND_PLAIN,      KIND_FREE,  KIND_SCHEMA,  KIND_SPARSE,
                                   KIND_CANDIDATES, KIND_RANGE, KIND_EPISODE, KIND_METRICS};

/* Masks choose the arms in the golden files, so that their bytes are no matter of a learner's
 * constants. */
enum { GOLDENS = sizeof golden_kinds / sizeof golden_kinds[0], GOLDEN_ROUNDS = 60 };

START_TEST(golden__choosers_open_and_choose_for_ever)
{
    char name[64];
    const int kind = golden_kinds[_i];
    hunch_diag diag = {.text = ""};
    (void)snprintf(name, sizeof name, "0.1-%s", choice_kind_name(kind));
    struct sample_bytes bytes = golden_read(name);
    hunch_chooser *chooser = choice_kind_open(bytes, &diag);
    ck_assert_msg(chooser != NULL, "%s: %s", name, diag.text);
    ck_assert_msg(hunch_chooser_validate(chooser, &diag) == HUNCH_OK, "%s", diag.text);
    const uint64_t per_round = kind == KIND_EPISODE ? 4 : 1;
    ck_assert_uint_eq(choice_stats(chooser).choices, GOLDEN_ROUNDS * per_round);
    ck_assert_uint_eq(choice_stats(chooser).rewards, GOLDEN_ROUNDS * per_round);
    SUITE_ASSERT(use(chooser, kind, 1));
    hunch_chooser_free(chooser);
    sample_free(bytes);
}
END_TEST

START_TEST(golden__saving_still_makes_the_same_bytes)
{
    char name[64];
    const size_t library = offsetof(struct hunch__header, library);
    (void)snprintf(name, sizeof name, "0.1-%s", choice_kind_name(golden_kinds[_i]));
    struct sample_bytes golden = golden_read(name);
    struct sample_bytes bytes = choice_kind_file(golden_kinds[_i], GOLDEN_ROUNDS, true);
    ck_assert_uint_eq(bytes.size, golden.size);
    memcpy(bytes.p + library, golden.p + library, sizeof(uint32_t)); /* the version that saved */
    sample_repair(bytes, false);
    ck_assert_mem_eq(bytes.p, golden.p, golden.size);
    sample_free(bytes);
    sample_free(golden);
}
END_TEST

START_TEST(golden__bad_ones_are_refused_for_ever)
{
    hunch_diag diag = {.text = ""};
    struct sample_bytes bytes = golden_read(lies[_i].name);
    ck_assert_ptr_null(choice_kind_open(bytes, &diag));
    ck_assert_msg(diag.status == lies[_i].status, "%d, %s", (int)diag.status, diag.text);
    sample_free(bytes);
}
END_TEST

/* No test, but Check's asserts work only in one. */
START_TEST(golden__write)
{
    char name[64];
    for (size_t i = 0; i < GOLDENS; i++) {
        struct sample_bytes bytes = choice_kind_file(golden_kinds[i], GOLDEN_ROUNDS, true);
        (void)snprintf(name, sizeof name, "0.1-%s.hunch", choice_kind_name(golden_kinds[i]));
        ck_assert_uint_le(bytes.size, GOLDEN_MAX);
        sample_write_file(sample_path(golden_folder, name), bytes);
        sample_free(bytes);
    }
    for (size_t i = 0; i < LIES; i++) {
        struct sample_bytes honest = choice_kind_file(lies[i].kind, GOLDEN_ROUNDS, true);
        struct sample_bytes bytes = lie_make(&lies[i], honest);
        (void)snprintf(name, sizeof name, "%s.hunch", lies[i].name);
        sample_write_file(sample_path(golden_folder, name), bytes);
        sample_free(bytes);
        sample_free(honest);
    }
}
END_TEST

/* -- helpers ----------------------------------------------------------------------------------- */

/* The published snapshots, byte by byte: what is asked. A state may keep what helps to make one. */
static bool know_the_same(const hunch_chooser *a, const hunch_chooser *b)
{
    const uint64_t va = hunch__load_acquire(&a->published.version);
    const uint64_t vb = hunch__load_acquire(&b->published.version);
    SUITE_ASSERT(a->state_bytes == b->state_bytes && a->published.bytes == b->published.bytes);
    return memcmp((const void *)(uintptr_t)a->published.buffer[va % 2],
                  (const void *)(uintptr_t)b->published.buffer[vb % 2], a->published.bytes) == 0;
}

static struct sample_bytes saved(const hunch_chooser *chooser)
{
    const char *folder = sample_folder();
    const char *path = sample_path(folder, "chooser");
    hunch_diag diag = {.text = ""};
    if (hunch_chooser_save(chooser, path, &diag) != HUNCH_OK) {
        ck_abort_msg("%s", diag.text);
    }
    const struct sample_bytes bytes = sample_read_file(path);
    sample_folder_remove(folder);
    return bytes;
}

/* Everything that can be done with a chooser: rounds of its kind as long as it still is of it, and
 * questions of zeros. */
static bool use(hunch_chooser *chooser, int kind, uint64_t seed)
{
    static const float zeros[1024 * 1024];
    const hunch_chooser_options expected = choice_kind_options(kind);
    const hunch_chooser_options *found = &chooser->options;
    uint64_t random = hunch__mix64(seed);
    const bool same_kind = found->features == expected.features && found->arms >= 5 &&
                           found->candidate_features == expected.candidate_features &&
                           found->metrics_count == expected.metrics_count;
    for (size_t i = 0; i < 20 && same_kind; i++) {
        choice_kind_round(chooser, kind, &random, i % 2 == 1);
    }
    const hunch_question question = {.struct_size = sizeof question,
                                     .x = found->nonzeros > 0 ? NULL : zeros,
                                     .candidates = zeros,
                                     .candidates_count = found->arms};
    const hunch_ticket ticket = hunch_choose_with(chooser, &question, NULL);
    SUITE_ASSERT(hunch_reward(chooser, ticket, 1.0f) == HUNCH_OK);
    hunch_chooser_learn(chooser);
    const hunch_chooser_stats stats = choice_stats(chooser);
    return isfinite(stats.mean_reward) && stats.arms == chooser->shape.arms;
}

static bool survives(struct sample_bytes bytes, int kind, uint64_t seed)
{
    hunch_diag diag = {.text = ""};
    hunch_chooser *chooser = choice_kind_open(bytes, &diag);
    if (chooser == NULL) {
        return false;
    }
    SUITE_ASSERT(hunch_chooser_validate(chooser, &diag) == HUNCH_OK);
    SUITE_ASSERT(use(chooser, kind, seed));
    hunch_chooser_free(chooser);
    return true;
}

/* One to four places, one to eight bytes each. */
static void edit(struct sample_bytes bytes, uint64_t *random)
{
    for (uint64_t places = 1 + hunch__splitmix64(random) % 4; places > 0; places--) {
        const size_t at = hunch__splitmix64(random) % bytes.size / 4 * 4;
        const size_t most = hunch__splitmix64(random) % 2 == 0 ? 8 : 4;
        const size_t width = most < bytes.size - at ? most : bytes.size - at;
        uint64_t value = 0;
        memcpy(&value, bytes.p + at, width);
        value = odd_number(value, random);
        memcpy(bytes.p + at, &value, width);
    }
}

/* A number that programs stumble over, or one near `was`. */
static uint64_t odd_number(uint64_t was, uint64_t *random)
{
    static const uint64_t odd[] = {0,
                                   UINT64_MAX,
                                   NAN_BITS,
                                   0x7ff0000000000000u,
                                   0x7fc00000,
                                   0x7f800000,
                                   0x7fefffffffffffffu,
                                   0x8000000000000001u,
                                   0x3ff0000000000000u,
                                   1024,
                                   65536};
    const uint64_t dice = hunch__splitmix64(random);
    const uint64_t any = hunch__splitmix64(random);
    switch (dice % 5) {
    case 0:
        return was + 1 - 2 * (any % 2);
    case 1:
        return was ^ (uint64_t)1 << any % 64;
    case 2:
        return any;
    case 3:
        return any % 100;
    default:
        return odd[any % (sizeof odd / sizeof odd[0])];
    }
}

static struct sample_bytes golden_read(const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof path, HUNCH_GOLDEN "/choice/%s.hunch", name);
    return sample_read_file(path);
}

static Suite *choice_file_suite(void)
{
    Suite *suite = suite_create("choice_file");
    TCase *cases = tcase_create("choice_file");
    tcase_set_timeout(cases, 300);
    tcase_add_loop_test(cases, choice_file__opened_knows_what_was_saved, 0, KINDS);
    tcase_add_loop_test(cases, choice_file__statistics_go_on, 0, KINDS);
    tcase_add_loop_test(cases, choice_file__saved_again_is_the_same_file, 0, KINDS);
    tcase_add_test(cases, choice_file__tickets_of_before_are_forgotten);
    tcase_add_test(cases, choice_file__goes_by_its_path_too);
    tcase_add_test(cases, choice_file__a_users_learner_is_handed_in_again);
    tcase_add_loop_test(cases, choice_file__truncation_at_every_byte_is_refused, 0, KINDS);
    tcase_add_loop_test(cases, choice_file__every_bit_flip_is_detected, 0, KINDS);
    tcase_add_loop_test(cases, choice_file__repaired_bit_flips_are_refused_or_harmless, 0, KINDS);
    tcase_add_loop_test(cases, choice_file__random_edits_are_refused_or_harmless, 0, KINDS);
    tcase_add_test(cases, choice_file__what_is_no_chooser_is_refused);
    tcase_add_loop_test(cases, choice_file__values_that_cannot_be_are_named, 0, LIES);
    tcase_add_loop_test(cases, golden__choosers_open_and_choose_for_ever, 0, GOLDENS);
    tcase_add_loop_test(cases, golden__saving_still_makes_the_same_bytes, 0, GOLDENS);
    tcase_add_loop_test(cases, golden__bad_ones_are_refused_for_ever, 0, LIES);
    suite_add_tcase(suite, cases);
    return suite;
}

static Suite *write_golden_suite(void)
{
    Suite *suite = suite_create("write_golden");
    TCase *cases = tcase_create("write_golden");
    tcase_add_test(cases, golden__write);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--write-golden") == 0) {
        golden_folder = argv[2];
        return suite_run(write_golden_suite());
    }
    return suite_run(choice_file_suite());
}
