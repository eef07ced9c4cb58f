/* The conformance suite of indexes: every answer against plain binary search. */
#define _POSIX_C_SOURCE 200112L /* posix_memalign */
#include "index.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "index_keys.h"
#include "oracle.h"
#include "random.h"
#include "suite.h"

/* Of more keys than this every 5th is asked for: 5 is in step with no node size. */
#define EVERY_KEY_MAX 3000u

/* Of more queries than this only some are asked one by one as well as in a batch. */
#define SINGLES_MAX 10007u

/* As SUITE_ASSERT, but it says for which keys. */
#define CHECK(condition, ...)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            ck_abort_msg(__VA_ARGS__);                                                             \
        }                                                                                          \
    } while (0)

#define GUARD UINT64_C(0x6B7C8D9EAFB0C1D2)

/* A subject built over keys. */
struct trial {
    const struct index_subject *subject;
    const char *keys_name;
    uint64_t *block; /* owned: `offset` words of no meaning, then the keys, and not a byte more */
    uint64_t *keys;  /* [n] */
    size_t n;
    void *self;
};

/* What _i counts through; set once by index_conformance_run(), which Check gives no argument. */
static const struct index_subject *suite_subjects;

static struct trial begin(const struct index_subject *subject, const struct index_keys *keys,
                          size_t n, size_t offset);
static void end(struct trial *trial);
static void check_neighbours(const struct trial *trial);
static void check_borders(const struct trial *trial);
static void check_batch(const struct trial *trial, const uint64_t *queries, size_t m);
static void check_more(const struct trial *trial, const uint64_t *queries, size_t m);
static void check_single(const struct trial *trial, uint64_t query);
static uint64_t expected(const struct trial *trial, uint64_t query);
static void *lines(size_t bytes);

/* Around powers of two, and around full trees of nodes of 8 and of 16 keys: B * (B + 1)^j. */
static const size_t sizes[] = {
    0,    1,    2,    3,    4,    5,    7,    8,    9,    15,   16,   17,    31,    32,
    33,   63,   64,   65,   71,   72,   73,   127,  128,  129,  255,  256,   257,   271,
    272,  273,  511,  512,  513,  647,  648,  649,  1023, 1024, 1025, 2047,  2048,  2049,
    4095, 4096, 4097, 4623, 4624, 4625, 5831, 5832, 5833, 8192, 8193, 16385, 52489, 78609,
};

/* Of a subject that is another way to the same thing: every twelfth, from 5 keys to 16385. */
static const size_t few_first = 5, few_step = 12;

START_TEST(index__neighbours_of_every_position_agree_with_binary_search)
{
    const struct index_subject *subject = &suite_subjects[(size_t)_i / index_keys_count()];
    const struct index_keys *keys = &index_keys[(size_t)_i % index_keys_count()];
    for (size_t i = subject->brief ? few_first : 0; i < sizeof sizes / sizeof sizes[0];
         i += subject->brief ? few_step : 1) {
        struct trial trial = begin(subject, keys, sizes[i], 0);
        check_neighbours(&trial);
        check_borders(&trial);
        end(&trial);
    }
}
END_TEST

START_TEST(index__keys_may_start_at_any_word)
{
    static const size_t lengths[] = {0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 100, 271, 289, 1025};
    const struct index_subject *subject = &suite_subjects[(size_t)_i / 16];
    const size_t offset = (size_t)_i % 16;
    for (size_t k = 0; k < index_keys_count(); k++) {
        if (subject->brief && k % 16 != offset) {
            continue;
        }
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            struct trial trial = begin(subject, &index_keys[k], lengths[i], offset);
            check_neighbours(&trial);
            end(&trial);
        }
    }
}
END_TEST

START_TEST(index__batch_of_any_length_equals_single)
{
    static const size_t lengths[] = {0, 10, 1000, 6001};
    uint64_t queries[300];
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct trial trial = begin(&suite_subjects[_i], &index_keys[2], lengths[i], 3);
        for (size_t m = 0; m <= sizeof queries / sizeof queries[0]; m++) {
            for (size_t q = 0; q < m; q++) {
                queries[q] = hunch__mix64(m << 32 | q);
            }
            check_batch(&trial, queries, m);
            if (!trial.subject->brief) {
                check_more(&trial, queries, m);
            }
        }
        end(&trial);
    }
}
END_TEST

START_TEST(index__a_batch_of_one_key_repeated_is_answered)
{
    uint64_t queries[300];
    struct trial trial = begin(&suite_subjects[_i], &index_keys[1], 5000, 1);
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        queries[i] = trial.keys[4321];
    }
    check_batch(&trial, queries, sizeof queries / sizeof queries[0]);
    check_more(&trial, queries, sizeof queries / sizeof queries[0]);
    end(&trial);
}
END_TEST

START_TEST(index__building_and_asking_leave_the_keys_alone)
{
    struct trial trial = begin(&suite_subjects[_i], &index_keys[2], 5000, 5);
    struct trial untouched = begin(&index_subject_binary_search, &index_keys[2], 5000, 0);
    check_neighbours(&trial);
    ck_assert_mem_eq(trial.keys, untouched.keys, trial.n * sizeof *trial.keys);
    end(&untouched);
    end(&trial);
}
END_TEST

START_TEST(index__freeing_null_is_fine)
{
    suite_subjects[_i].free(NULL);
}
END_TEST

int index_conformance_run(const struct index_subject *subjects, size_t count)
{
    Suite *suite = suite_create("index_conformance");
    TCase *tcase = tcase_create("against binary search");
    const int n = (int)count;
    suite_subjects = subjects;
    tcase_set_timeout(tcase, 300);
    tcase_add_loop_test(tcase, index__neighbours_of_every_position_agree_with_binary_search, 0,
                        n * (int)index_keys_count());
    tcase_add_loop_test(tcase, index__keys_may_start_at_any_word, 0, n * 16);
    tcase_add_loop_test(tcase, index__batch_of_any_length_equals_single, 0, n);
    tcase_add_loop_test(tcase, index__a_batch_of_one_key_repeated_is_answered, 0, n);
    tcase_add_loop_test(tcase, index__building_and_asking_leave_the_keys_alone, 0, n);
    tcase_add_loop_test(tcase, index__freeing_null_is_fine, 0, n);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}

static struct trial begin(const struct index_subject *subject, const struct index_keys *keys,
                          size_t n, size_t offset)
{
    struct trial trial = {.subject = subject, .keys_name = keys->name, .n = n};
    hunch_diag diag = {.text = ""};
    trial.block = lines((offset + n) * sizeof *trial.block);
    memset(trial.block, 0xFF, offset * sizeof *trial.block);
    trial.keys = trial.block + offset;
    keys->fill(trial.keys, n);
    CHECK(oracle_is_sorted(trial.keys, n), "%s: not sorted", keys->name);
    const hunch_status status = subject->build(&trial.self, subject->with, trial.keys, n, &diag);
    CHECK(status == HUNCH_OK, "%s over %zu keys, %s: not built: %s", subject->name, n, keys->name,
          diag.text);
    if (subject->validate != NULL) {
        CHECK(subject->validate(trial.self, &diag) == HUNCH_OK,
              "%s over %zu keys, %s: not valid: %s", subject->name, n, keys->name, diag.text);
    }
    return trial;
}

static void end(struct trial *trial)
{
    trial->subject->free(trial->self);
    free(trial->block);
}

static void check_neighbours(const struct trial *trial)
{
    static const uint64_t always[] = {
        0, 1, UINT64_C(1) << 32, UINT64_C(1) << 53, UINT64_C(1) << 63, UINT64_MAX - 1, UINT64_MAX};
    const size_t step = trial->n <= EVERY_KEY_MAX ? 1 : 5;
    uint64_t *queries = lines((3 * trial->n + sizeof always / sizeof always[0]) * sizeof *queries);
    size_t m = 0;
    for (size_t i = 0; i < trial->n; i += step) {
        queries[m++] = trial->keys[i] - 1;
        queries[m++] = trial->keys[i];
        queries[m++] = trial->keys[i] + 1;
    }
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        queries[m++] = always[i];
    }
    for (size_t i = 0; i < m; i += 1 + m / SINGLES_MAX) {
        check_single(trial, queries[i]);
    }
    check_batch(trial, queries, m);
    check_more(trial, queries, m);
    free(queries);
}

static void check_borders(const struct trial *trial)
{
    if (trial->subject->borders != NULL) {
        size_t m = 0;
        uint64_t *queries = trial->subject->borders(trial->self, &m);
        check_batch(trial, queries, m);
        check_more(trial, queries, m);
        free(queries);
    }
}

static void check_batch(const struct trial *trial, const uint64_t *queries, size_t m)
{
    uint64_t *answers = lines((m + 2) * sizeof *answers);
    answers[0] = answers[m + 1] = GUARD;
    trial->subject->ask_batch(trial->self, queries, m, answers + 1);
    for (size_t i = 0; i < m; i++) {
        CHECK(answers[i + 1] == expected(trial, queries[i]),
              "%s over %zu keys, %s: key %" PRIu64 " at %zu of a batch of %zu: %" PRIu64
              ", expected %" PRIu64,
              trial->subject->name, trial->n, trial->keys_name, queries[i], i, m, answers[i + 1],
              expected(trial, queries[i]));
    }
    CHECK(answers[0] == GUARD && answers[m + 1] == GUARD,
          "%s over %zu keys, %s: a batch of %zu wrote beside its answers", trial->subject->name,
          trial->n, trial->keys_name, m);
    free(answers);
}

static void check_more(const struct trial *trial, const uint64_t *queries, size_t m)
{
    char why[INDEX_WHY] = "";
    if (trial->subject->ask_more != NULL &&
        !trial->subject->ask_more(trial->self, trial->keys, trial->n, queries, m, why)) {
        CHECK(false, "%s over %zu keys, %s: %s", trial->subject->name, trial->n, trial->keys_name,
              why);
    }
}

static void check_single(const struct trial *trial, uint64_t query)
{
    const uint64_t answer = trial->subject->ask(trial->self, query);
    CHECK(answer == expected(trial, query),
          "%s over %zu keys, %s: key %" PRIu64 ": %" PRIu64 ", expected %" PRIu64,
          trial->subject->name, trial->n, trial->keys_name, query, answer, expected(trial, query));
}

static uint64_t expected(const struct trial *trial, uint64_t query)
{
    const size_t position = oracle_lower_bound(trial->keys, trial->n, query);
    if (!trial->subject->answers_keys) {
        return position;
    }
    return position < trial->n ? trial->keys[position] : UINT64_MAX;
}

/* Aligned to a line and exactly as long as asked, so that AddressSanitizer sees the first byte too
 * far. */
static void *lines(size_t bytes)
{
    void *p = NULL;
    CHECK(posix_memalign(&p, 64, bytes) == 0, "no memory");
    return p;
}
