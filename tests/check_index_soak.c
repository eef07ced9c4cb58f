/* Look-ups by the million, and with HUNCH_SOAK=1 more than 10^9, over key sets that are hard to get
 * right: every form, single and in batches, keys that are there and keys that are not.
 *
 * Each answer is held against what it means: the key there is not below the one asked for, and the
 * one before it is. That needs no search, so that 10^9 take minutes. All tests are one process,
 * since they count together. */
#define _POSIX_C_SOURCE 200809L /* setenv, posix_memalign */
#include <check.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hunch/index.h>

#include "index_answers.h"
#include "index_forms.h"
#include "index_keys.h"
#include "random.h"
#include "suite.h"

enum { BATCH = 1000, BORDERS = 3000 };

/* A key set: of index_keys.c, or, where that has none, runs of n / 20 keys. */
struct set {
    const char *name;
    size_t n; /* in the long form; else a thousandth of it */
};

static const struct set sets[] = {
    {NULL, 20000000},
    {"dense and ends", 20000002},
    {"uniform", 20000000},
    {"geometric", 1 << 23},
    {"above 2^53", (1 << 22) + 1},
    {"around 2^63", (1 << 22) - 1},
    {"clusters", (1 << 22) - 1},
    {"two slopes", (1 << 21) + 1},
    {"growing runs", 1 << 22},
    {"runs and a gap", 1 << 22},
    {"uniform", (1 << 20) - 1},
    {"uniform", 1 << 20},
    {"uniform", (1 << 20) + 1},
};

enum { SETS = sizeof sets / sizeof sets[0] };

/* Look-ups of one form over one set; what compares every key of a wide window gets a thousandth. */
static const uint64_t lookups_long = 3400000, lookups_short = 4000;
enum { WIDE = 2000 };

/* An index that is asked, and where its questions come from. */
struct soak {
    const char *name, *form;
    const hunch_index *index;
    const uint64_t *keys; /* [n] */
    size_t n;
    uint64_t *borders; /* [border_count], owned */
    size_t border_count;
    uint64_t random;
};

/* What a batch asks for. */
enum question { LOWER, UPPER, FIND, SINGLE, QUESTIONS };

static bool is_long(void);
static uint64_t *keys_of(const struct set *set, size_t n);
static void soak_form(struct soak *soak);
static uint64_t lookups_of(const hunch_index *index);
static void draw(struct soak *soak, uint64_t round, uint64_t *queries);
static void ask(const struct soak *soak, enum question question, const uint64_t *queries,
                size_t *positions);
static bool is_right(const struct soak *soak, enum question question, uint64_t query,
                     size_t position);
static bool parts(const struct soak *soak, size_t position, uint64_t before, uint64_t from);

static uint64_t checked;

START_TEST(soak__every_answer_is_what_it_means)
{
    const struct set *set = &sets[_i];
    const size_t n = is_long() ? set->n : set->n / 1000 + set->n % 1000;
    uint64_t *keys = keys_of(set, n);
    const uint64_t before = checked;
    for (size_t i = 0; i < INDEX_FORMS; i++) {
        hunch_index_options options = index_form_options(&index_forms[i]);
        hunch_index *index = NULL;
        hunch_diag diag = {.text = ""};
        options.threads = 1 + i % 2;
        ck_assert_msg(hunch_index_build(&index, keys, n, &options, &diag) == HUNCH_OK, "%s",
                      diag.text);
        struct soak soak = {.name = set->name != NULL ? set->name : "runs",
                            .form = index_forms[i].name,
                            .index = index,
                            .keys = keys,
                            .n = n,
                            .random = i};
        soak_form(&soak);
        hunch_index_free(index);
    }
    printf("%zu keys, %s: %" PRIu64 " answers checked\n", n, set->name != NULL ? set->name : "runs",
           checked - before);
    (void)fflush(stdout);
    free(keys);
}
END_TEST

START_TEST(soak__as_many_were_checked_as_were_promised)
{
    printf("%" PRIu64 " answers checked in all\n", checked);
    ck_assert_uint_ge(checked, is_long() ? UINT64_C(1000000000) : UINT64_C(1000000));
}
END_TEST

/* What the checks above rest on. */
START_TEST(soak__a_wrong_answer_is_seen)
{
    const uint64_t keys[] = {3, 5, 5, 9};
    const struct soak soak = {.keys = keys, .n = 4};
    for (size_t position = 0; position <= 4; position++) {
        ck_assert_int_eq(is_right(&soak, LOWER, 5, position), position == 1);
        ck_assert_int_eq(is_right(&soak, UPPER, 5, position), position == 3);
        ck_assert_int_eq(is_right(&soak, SINGLE, 2, position), position == 0);
        ck_assert_int_eq(is_right(&soak, LOWER, 10, position), position == 4);
        ck_assert_int_eq(is_right(&soak, FIND, 5, position), position == 1);
        ck_assert_int_eq(is_right(&soak, FIND, 6, position), 0);
    }
}
END_TEST

static bool is_long(void)
{
    return getenv("HUNCH_SOAK") != NULL;
}

/* In memory as a careful user has it: on a line of its own. */
static uint64_t *keys_of(const struct set *set, size_t n)
{
    void *memory = NULL;
    SUITE_ASSERT(posix_memalign(&memory, 128, n * sizeof(uint64_t)) == 0);
    uint64_t *keys = memory;
    const struct index_keys *family = index_keys;
    for (size_t i = 0; set->name == NULL && i < n; i++) {
        keys[i] = i / (n / 20) << 40;
    }
    while (set->name != NULL && strcmp(family->name, set->name) != 0) {
        family++;
    }
    if (set->name != NULL) {
        family->fill(keys, n);
    }
    return keys;
}

/* Of four batches one asks for something else than lower bounds. */
static void soak_form(struct soak *soak)
{
    const uint64_t rounds = lookups_of(soak->index) / BATCH;
    soak->borders = index_border_queries(soak->index, BORDERS, &soak->border_count);
    for (uint64_t round = 0; round < rounds; round++) {
        const enum question question =
            round % 4 == 0 ? (enum question)(round / 4 % QUESTIONS) : LOWER;
        uint64_t queries[BATCH];
        size_t positions[BATCH];
        draw(soak, round, queries);
        ask(soak, question, queries, positions);
        for (size_t i = 0; i < BATCH; i++) {
            if (!is_right(soak, question, queries[i], positions[i])) {
                ck_abort_msg("%s over %zu keys, %s: question %d of key %" PRIu64 ": %zu",
                             soak->form, soak->n, soak->name, (int)question, queries[i],
                             positions[i]);
            }
        }
        checked += BATCH;
    }
    free(soak->borders);
}

/* A window is as wide as the longest run of equal keys. */
static uint64_t lookups_of(const hunch_index *index)
{
    hunch_index_stats stats = {.struct_size = sizeof stats};
    hunch_index_read_stats(index, &stats);
    const bool is_slow = stats.search == HUNCH_INDEX_SEARCH_COUNT && stats.eps > WIDE;
    return is_long() ? lookups_long / (is_slow ? 1000 : 1) : lookups_short;
}

/* Half of them a key or its neighbour, a quarter a sweep from left to right, the rest at borders
 * and anywhere. */
static void draw(struct soak *soak, uint64_t round, uint64_t *queries)
{
    for (size_t i = 0; i < BATCH; i++) {
        const uint64_t any = hunch__splitmix64(&soak->random);
        const size_t at = hunch__below(any, soak->n);
        switch (i % 8) {
        case 0:
        case 1:
            queries[i] = soak->keys[(round * BATCH + i) % soak->n] + i / 8 % 3 - 1;
            break;
        case 2:
            queries[i] = any;
            break;
        case 3:
            queries[i] = soak->borders[(round * (BATCH / 8) + i / 8) % soak->border_count];
            break;
        default:
            queries[i] = soak->keys[at] + any % 3 - 1;
        }
    }
}

static void ask(const struct soak *soak, enum question question, const uint64_t *queries,
                size_t *positions)
{
    switch (question) {
    case UPPER:
        hunch_index_upper_bound_batch(soak->index, queries, BATCH, positions);
        break;
    case FIND:
        hunch_index_find_batch(soak->index, queries, BATCH, positions);
        break;
    case SINGLE:
        for (size_t i = 0; i < BATCH; i++) {
            positions[i] = hunch_index_lower_bound(soak->index, queries[i]);
        }
        break;
    default:
        hunch_index_lower_bound_batch(soak->index, queries, BATCH, positions);
    }
}

static bool is_right(const struct soak *soak, enum question question, uint64_t query,
                     size_t position)
{
    if (question == UPPER) {
        return query == UINT64_MAX ? position == soak->n : parts(soak, position, query, query + 1);
    }
    if (question != FIND) {
        return query == 0 ? position == 0 : parts(soak, position, query - 1, query);
    }
    if (position == HUNCH_INDEX_NONE) {
        const size_t lower = hunch_index_lower_bound(soak->index, query);
        return is_right(soak, LOWER, query, lower) &&
               (lower == soak->n || soak->keys[lower] != query);
    }
    return position < soak->n && soak->keys[position] == query &&
           (position == 0 || soak->keys[position - 1] < query);
}

/* All keys left of `position` are at most `before`, all others at least `from`. */
static bool parts(const struct soak *soak, size_t position, uint64_t before, uint64_t from)
{
    return position <= soak->n && (position == 0 || soak->keys[position - 1] <= before) &&
           (position == soak->n || soak->keys[position] >= from);
}

int main(void)
{
    (void)setenv("CK_FORK", "no", 1);
    Suite *suite = suite_create("index_soak");
    TCase *cases = tcase_create("soak");
    tcase_add_test(cases, soak__a_wrong_answer_is_seen);
    tcase_add_loop_test(cases, soak__every_answer_is_what_it_means, 0, SETS);
    tcase_add_test(cases, soak__as_many_were_checked_as_were_promised);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
