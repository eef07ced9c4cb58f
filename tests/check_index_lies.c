/* Saved indexes whose model lies under right checksums, and damaged ones under wrong: the first
 * cost time, never rightness, unless they are refused; the others are found by who looks. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "index_answers.h"
#include "index_forms.h"
#include "index_sample.h"
#include "internal.h"
#include "layout.h"
#include "random.h"
#include "suite.h"

/* More than two pages of 8192 keys. */
enum { MANY = 20000, QUESTIONS = 600 };

/* A way to change a section. */
struct lie {
    const char *name;
    void (*tell)(unsigned char *p, size_t bytes, uint64_t *random);
};

/* A saved index and what is to be asked of it. */
struct victim {
    struct index_sample sample;
    struct sample_bytes file;
    uint64_t questions[QUESTIONS];
    size_t tried, refused, found; /* lies; refused by open, and found by validate alone */
    uint64_t fallbacks;
};

static struct victim victim_new(const struct index_form *form, int keys);
static struct index_sample sample_of(int keys);
static void victim_free(struct victim *victim);
static uint32_t sections_of(struct sample_bytes file);
static struct hunch__entry entry_of(struct sample_bytes file, uint32_t k);
static void check_lie(struct victim *victim, struct hunch__entry section, const struct lie *lie,
                      uint64_t seed);
static bool is_refusal(hunch_status status, struct hunch__entry section);
static void check_opened(struct victim *victim, const hunch_index *index, bool same_keys);
static bool is_found_by_verify(struct sample_bytes file);
static hunch_status open_verified(struct sample_bytes file, hunch_diag *diag);
static void flip(struct sample_bytes file, uint64_t bit);
static bool is_in_section(struct sample_bytes file, uint64_t at);

static size_t word_of(size_t bytes, size_t width, uint64_t *random)
{
    return hunch__below(hunch__splitmix64(random), bytes / width) * width;
}

static void tell_zeros(unsigned char *p, size_t bytes, uint64_t *random)
{
    (void)random;
    memset(p, 0, bytes);
}

static void tell_ones(unsigned char *p, size_t bytes, uint64_t *random)
{
    (void)random;
    memset(p, 0xFF, bytes);
}

static void tell_anything(unsigned char *p, size_t bytes, uint64_t *random)
{
    for (size_t i = 0; i < bytes; i++) {
        p[i] = (unsigned char)hunch__splitmix64(random);
    }
}

static void tell_some_words(unsigned char *p, size_t bytes, uint64_t *random)
{
    for (size_t i = 0; bytes >= 8 && i < 1 + bytes / 256; i++) {
        const uint64_t word = hunch__splitmix64(random) >> (*random % 64);
        memcpy(p + word_of(bytes, 8, random), &word, 8);
    }
}

static void tell_swapped(unsigned char *p, size_t bytes, uint64_t *random)
{
    for (size_t i = 0; bytes >= 8 && i < 1 + bytes / 256; i++) {
        unsigned char *a = p + word_of(bytes, 8, random);
        unsigned char *b = p + word_of(bytes, 8, random);
        unsigned char kept[8];
        memcpy(kept, a, 8);
        memmove(a, b, 8);
        memcpy(b, kept, 8);
    }
}

/* Each word one more or one less. */
static void tell_off_by_one(unsigned char *p, size_t bytes, uint64_t *random)
{
    for (size_t i = 0; i + 8 <= bytes; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, 8);
        word += hunch__splitmix64(random) % 2 == 0 ? 1 : UINT64_MAX;
        memcpy(p + i, &word, 8);
    }
}

static void tell_one_off_by_one(unsigned char *p, size_t bytes, uint64_t *random)
{
    p[word_of(bytes, 1, random)] += (unsigned char)(hunch__splitmix64(random) % 2 == 0 ? 1 : 255);
}

static void tell_one_bit(unsigned char *p, size_t bytes, uint64_t *random)
{
    p[word_of(bytes, 1, random)] ^= (unsigned char)(1u << hunch__splitmix64(random) % 8);
}

/* What is true of the place before, or of the whole section read backwards. */
static void tell_shifted(unsigned char *p, size_t bytes, uint64_t *random)
{
    const size_t by = hunch__splitmix64(random) % 2 == 0 ? 1 : 8;
    if (bytes > by) {
        memmove(p + by, p, bytes - by);
    }
}

static void tell_backwards(unsigned char *p, size_t bytes, uint64_t *random)
{
    (void)random;
    for (size_t i = 0; i < bytes / 2; i++) {
        const unsigned char kept = p[i];
        p[i] = p[bytes - 1 - i];
        p[bytes - 1 - i] = kept;
    }
}

static const struct lie lies[] = {
    {"zeros", tell_zeros},
    {"ones", tell_ones},
    {"anything", tell_anything},
    {"some words", tell_some_words},
    {"swapped words", tell_swapped},
    {"each word off by one", tell_off_by_one},
    {"one byte off by one", tell_one_off_by_one},
    {"one bit", tell_one_bit},
    {"shifted", tell_shifted},
    {"backwards", tell_backwards},
};

enum { LIES = sizeof lies / sizeof lies[0], SAMPLES = 3 };

START_TEST(lies__cost_time_and_never_rightness)
{
    const uint64_t rounds = getenv("HUNCH_SOAK") != NULL ? 100 : 2;
    struct victim victim = victim_new(&index_forms[_i / SAMPLES], _i % SAMPLES);
    for (uint32_t k = 0; k < sections_of(victim.file); k++) {
        const struct hunch__entry section = entry_of(victim.file, k);
        for (size_t i = 0;
             i < LIES * rounds && section.id != HUNCH__SECTION_KEYS && section.bytes > 0; i++) {
            check_lie(&victim, section, &lies[i % LIES], hunch__mix64(i << 32 | k));
        }
    }
    ck_assert_uint_gt(victim.found, 0);     /* some were no more than lies */
    ck_assert_uint_gt(victim.fallbacks, 0); /* that a look-up found out    */
    ck_assert_uint_gt(2 * (victim.found + victim.refused), victim.tried);
    victim_free(&victim);
}
END_TEST

START_TEST(lies__the_truth_is_accepted)
{
    struct victim victim = victim_new(&index_forms[_i / SAMPLES], _i % SAMPLES);
    const hunch_index_options options = {.struct_size = sizeof options, .verify = 1};
    hunch_index_stats stats = {.struct_size = sizeof stats};
    hunch_diag diag = {.text = ""};
    for (uint32_t verify = 0; verify < 2; verify++) {
        hunch_index *index = NULL;
        const hunch_status status = hunch_index_open_bytes(&index, victim.file.p, victim.file.size,
                                                           verify != 0 ? &options : NULL, &diag);
        ck_assert_msg(status == HUNCH_OK, "%s", diag.text);
        ck_assert_int_eq(hunch_index_validate(index, NULL), HUNCH_OK);
        check_opened(&victim, index, true);
        hunch_index_read_stats(index, &stats);
        ck_assert_uint_eq(stats.trusted, verify);
        hunch_index_free(index);
    }
    victim_free(&victim);
}
END_TEST

START_TEST(damage__verify_refuses_every_flip_and_says_where)
{
    struct victim victim = victim_new(&index_forms[_i], 0);
    const uint64_t bits = 8 * victim.file.size;
    const uint64_t flips = getenv("HUNCH_SOAK") != NULL ? 20000 : 400;
    uint64_t random = 1;
    for (uint64_t i = 0; i < flips; i++) {
        const uint64_t any = hunch__splitmix64(&random);
        const uint64_t bit = hunch__below(any, i % 4 == 0 ? 8 * 256 : bits);
        hunch_diag diag = {.text = ""};
        flip(victim.file, bit);
        const hunch_status status = open_verified(victim.file, &diag);
        flip(victim.file, bit);
        if (status == HUNCH_OK || diag.text[0] == '\0') {
            ck_abort_msg("bit %" PRIu64 " of byte %" PRIu64, bit % 8, bit / 8);
        }
        if (is_in_section(victim.file, bit / 8) &&
            (status != HUNCH_ECORRUPT ||
             (strstr(diag.text, "section") == NULL && strstr(diag.text, "page") == NULL))) {
            ck_abort_msg("byte %" PRIu64 ": status %d, \"%s\"", bit / 8, (int)status, diag.text);
        }
    }
    ck_assert_int_eq(open_verified(victim.file, NULL), HUNCH_OK);
    victim_free(&victim);
}
END_TEST

static struct victim victim_new(const struct index_form *form, int keys)
{
    const hunch_index_options options = index_form_options(form);
    struct victim victim = {.sample = sample_of(keys)};
    victim.file = index_sample_saved_as(victim.sample, &options);
    for (size_t i = 0; i < QUESTIONS; i++) {
        const uint64_t any = hunch__mix64(i);
        victim.questions[i] = i % 20 == 0 ? any : victim.sample.keys[any % MANY] + i % 3 - 1;
    }
    return victim;
}

/* Gaps of every size; evenly spread; dense stretches between runs of 1000. */
static struct index_sample sample_of(int keys)
{
    if (keys == 1) {
        return index_sample_new_even(MANY, 0);
    }
    struct index_sample sample = index_sample_new(MANY, 5);
    for (size_t i = 1; keys == 2 && i < MANY; i++) {
        const bool in_run = i / 1000 % 2 != 0 && i % 1000 != 0;
        sample.keys[i] = sample.keys[i - 1] + (in_run ? 0 : 1);
    }
    return sample;
}

static void victim_free(struct victim *victim)
{
    sample_free(victim->file);
    index_sample_free(victim->sample);
}

static uint32_t sections_of(struct sample_bytes file)
{
    struct hunch__header header;
    memcpy(&header, file.p, sizeof header);
    return header.sections;
}

static struct hunch__entry entry_of(struct sample_bytes file, uint32_t k)
{
    struct hunch__entry entry;
    memcpy(&entry, file.p + hunch__table_end(k), sizeof entry);
    return entry;
}

/* Change a copy, repair its checksums and ask it everything. */
static void check_lie(struct victim *victim, struct hunch__entry section, const struct lie *lie,
                      uint64_t seed)
{
    struct sample_bytes file = sample_copy(victim->file.p, victim->file.size);
    uint64_t random = seed;
    hunch_index *index = NULL;
    hunch_diag diag = {.text = ""};
    lie->tell(file.p + section.offset, section.bytes, &random);
    if (memcmp(file.p, victim->file.p, file.size) != 0) {
        sample_repair(file, true);
        const hunch_status status = hunch_index_open_bytes(&index, file.p, file.size, NULL, &diag);
        if (status == HUNCH_OK) {
            check_opened(victim, index, section.id != HUNCH__SECTION_SHAPE);
            const hunch_status valid = hunch_index_validate(index, &diag);
            SUITE_ASSERT(valid == HUNCH_OK || (valid == HUNCH_ECORRUPT && diag.text[0] != '\0'));
            SUITE_ASSERT(is_found_by_verify(file) == (valid != HUNCH_OK));
            victim->found += valid != HUNCH_OK;
        } else if (!is_refusal(status, section) || diag.text[0] == '\0' || index != NULL) {
            ck_abort_msg("section %u, %s: %d, \"%s\"", section.id, lie->name, (int)status,
                         diag.text);
        }
        victim->refused += status != HUNCH_OK;
        victim->tried++;
    }
    hunch_index_free(index);
    sample_free(file);
}

/* A shape may be that of a kind of which this version does not know. */
static bool is_refusal(hunch_status status, struct hunch__entry section)
{
    return status == HUNCH_ECORRUPT ||
           (status == HUNCH_EVERSION && section.id == HUNCH__SECTION_SHAPE);
}

/* Right whatever the model says, as long as the keys are what they were or are sorted still. */
static void check_opened(struct victim *victim, const hunch_index *index, bool same_keys)
{
    const size_t n = hunch_index_count(index);
    const uint64_t *keys = hunch_index_keys(index);
    struct index_wrong wrong;
    SUITE_ASSERT(index_answers_are_inside(index, victim->tried));
    if (same_keys) {
        SUITE_ASSERT(n == MANY && memcmp(keys, victim->sample.keys, n * sizeof *keys) == 0);
    }
    for (size_t i = 1; i < n; i++) {
        if (keys[i] < keys[i - 1]) {
            return;
        }
    }
    if (!index_answers_agree(index, keys, n, victim->questions, QUESTIONS, &wrong)) {
        ck_abort_msg("%s", wrong.text);
    }
    victim->fallbacks += index_fallbacks(index);
}

static bool is_found_by_verify(struct sample_bytes file)
{
    hunch_diag diag = {.text = ""};
    const hunch_status status = open_verified(file, &diag);
    SUITE_ASSERT(status == HUNCH_OK || (status == HUNCH_ECORRUPT && diag.text[0] != '\0'));
    return status != HUNCH_OK;
}

static hunch_status open_verified(struct sample_bytes file, hunch_diag *diag)
{
    const hunch_index_options options = {.struct_size = sizeof options, .verify = 1};
    hunch_index *index = NULL;
    const hunch_status status = hunch_index_open_bytes(&index, file.p, file.size, &options, diag);
    SUITE_ASSERT((status == HUNCH_OK) == (index != NULL));
    hunch_index_free(index);
    return status;
}

static void flip(struct sample_bytes file, uint64_t bit)
{
    file.p[bit / 8] ^= (unsigned char)(1u << bit % 8);
}

static bool is_in_section(struct sample_bytes file, uint64_t at)
{
    bool in = false;
    for (uint32_t k = 0; k < sections_of(file); k++) {
        const struct hunch__entry entry = entry_of(file, k);
        in = in || (at >= entry.offset && at - entry.offset < entry.bytes);
    }
    return in;
}

int main(void)
{
    Suite *suite = suite_create("index_lies");
    TCase *cases = tcase_create("lies");
    tcase_set_timeout(cases, 300);
    tcase_add_loop_test(cases, lies__the_truth_is_accepted, 0, SAMPLES * INDEX_FORMS_EXACT);
    tcase_add_loop_test(cases, lies__cost_time_and_never_rightness, 0, SAMPLES * INDEX_FORMS_EXACT);
    tcase_add_loop_test(cases, damage__verify_refuses_every_flip_and_says_where, 0,
                        INDEX_FORMS_EXACT);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
