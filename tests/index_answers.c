/* What is to be asked of an index, and what must be heard. */
#include "index_answers.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "oracle.h"
#include "random.h"
#include "test_memory.h"

/* Odd, so that the last batch is a short one. */
enum { POKES = 51 };

/* Questions that are asked one by one too, and steps of a cursor. */
enum { SINGLES = 5000, STEPS = 5 };

/* An index, the keys that it should have, and what they answer. */
struct asked {
    const hunch_index *index;
    const uint64_t *keys; /* [n] */
    size_t n;
    const uint64_t *queries; /* [m] */
    size_t m;
    size_t *lower, *upper; /* [m], owned: what binary search says */
    struct index_wrong *wrong;
};

static struct asked asked_of(const hunch_index *index, const uint64_t *keys, size_t n,
                             const uint64_t *queries, size_t m, struct index_wrong *wrong);
static bool batches_agree(const struct asked *a);
static bool batch_agrees(const struct asked *a, const char *name, const size_t *positions,
                         size_t (*expected)(const struct asked *a, size_t i));
static size_t expected_lower(const struct asked *a, size_t i);
static size_t expected_upper(const struct asked *a, size_t i);
static size_t expected_find(const struct asked *a, size_t i);
static bool ranges_agree(const struct asked *a);
static bool singles_agree(const struct asked *a, size_t i);
static bool is_range(const struct asked *a, hunch_index_cursor range, size_t from, size_t to);
static bool cursor_walks(const struct asked *a, hunch_index_cursor cursor);
static bool window_is_inside(const struct asked *a, uint64_t key);
static bool is_equal(const struct asked *a, const char *what, uint64_t key, size_t found,
                     size_t expected);
__attribute__((format(printf, 2, 3))) static bool say(struct index_wrong *wrong, const char *format,
                                                      ...);
static uint64_t question(const uint64_t *keys, size_t n, uint64_t *state);
static size_t add_border(uint64_t *queries, size_t m, const uint64_t *keys, size_t n, size_t at);
static bool poke(const hunch_index *index, uint64_t key, uint64_t other);

bool index_answers_agree(const hunch_index *index, const uint64_t *keys, size_t n,
                         const uint64_t *queries, size_t m, struct index_wrong *wrong)
{
    const struct asked a = asked_of(index, keys, n, queries, m, wrong);
    bool right = is_equal(&a, "count", 0, hunch_index_count(index), n);
    right = right && batches_agree(&a) && ranges_agree(&a);
    for (size_t i = 0; right && i < m; i += 1 + m / SINGLES) {
        right = singles_agree(&a, i);
    }
    free(a.lower);
    free(a.upper);
    return right;
}

bool index_answers_are_right(const hunch_index *index, const uint64_t *keys, size_t n)
{
    const size_t m = 100 + n / 8;
    uint64_t *questions = memory_new(m * sizeof *questions);
    uint64_t state = n;
    struct index_wrong wrong;
    for (size_t i = 0; i < m; i++) {
        questions[i] = question(keys, n, &state);
    }
    const bool right = index_answers_agree(index, keys, n, questions, m, &wrong);
    if (!right) {
        (void)fprintf(stderr, "%s\n", wrong.text);
    }
    free(questions);
    return right;
}

bool index_answers_are_inside(const hunch_index *index, uint64_t seed)
{
    const size_t n = hunch_index_count(index);
    uint64_t questions[POKES];
    size_t positions[3][POKES];
    bool inside = true;
    for (size_t i = 0; i < POKES; i++) {
        questions[i] = question(hunch_index_keys(index), n, &seed);
    }
    hunch_index_lower_bound_batch(index, questions, POKES, positions[0]);
    hunch_index_upper_bound_batch(index, questions, POKES, positions[1]);
    hunch_index_find_batch(index, questions, POKES, positions[2]);
    for (size_t i = 0; i < POKES; i++) {
        inside &= positions[0][i] <= n && positions[1][i] <= n;
        inside &= positions[2][i] < n || positions[2][i] == HUNCH_INDEX_NONE;
        inside &= poke(index, questions[i], questions[POKES - 1 - i]);
        inside &= hunch_index_piece(index, i) <= n;
    }
    return inside;
}

bool index_windows_hold(const hunch_index *index, const uint64_t *queries, size_t m,
                        struct index_wrong *wrong)
{
    uint64_t before = index_fallbacks(index);
    wrong->text[0] = '\0';
    for (size_t i = 0; i < m; i += 1 + m / SINGLES) {
        size_t from = SIZE_MAX;
        size_t to = 0;
        hunch_index_predict(index, queries[i], &from, &to);
        const size_t answer = hunch_index_lower_bound(index, queries[i]);
        const uint64_t after = index_fallbacks(index);
        if (after == before && (answer < from || answer > to)) {
            return say(wrong, "key %" PRIu64 ": %zu is not in the window [%zu, %zu]", queries[i],
                       answer, from, to);
        }
        before = after;
    }
    return true;
}

bool index_pieces_ascend(const hunch_index *index, struct index_wrong *wrong)
{
    hunch_index_stats stats = {.struct_size = sizeof stats};
    const size_t n = hunch_index_count(index);
    size_t before = 0;
    wrong->text[0] = '\0';
    hunch_index_read_stats(index, &stats);
    for (size_t i = 0; i < stats.pieces; i++) {
        const size_t first = hunch_index_piece(index, i);
        if (first < before || first > n) {
            return say(wrong, "piece %zu begins at %zu, the one before at %zu of %zu keys", i,
                       first, before, n);
        }
        before = first;
    }
    if (hunch_index_piece(index, stats.pieces) != n || hunch_index_piece(index, SIZE_MAX) != n) {
        return say(wrong, "a piece past the last is not at the end");
    }
    return true;
}

uint64_t *index_border_queries(const hunch_index *index, size_t most, size_t *m)
{
    static const size_t pages[] = {256, 8192};
    const uint64_t *keys = hunch_index_keys(index);
    const size_t n = hunch_index_count(index);
    hunch_index_stats stats = {.struct_size = sizeof stats};
    uint64_t *queries = memory_new(6 * (3 * most + 3) * sizeof *queries);
    *m = 0;
    hunch_index_read_stats(index, &stats);
    for (size_t i = 0; i < stats.pieces; i += 1 + stats.pieces / most) {
        *m = add_border(queries, *m, keys, n, hunch_index_piece(index, i));
    }
    for (size_t p = 0; p < 2; p++) {
        for (size_t i = 0; i < n; i += pages[p] * (1 + n / pages[p] / most)) {
            *m = add_border(queries, *m, keys, n, i);
        }
    }
    return queries;
}

uint64_t index_fallbacks(const hunch_index *index)
{
    hunch_index_stats stats = {.struct_size = sizeof stats};
    hunch_index_read_stats(index, &stats);
    return stats.fallbacks;
}

static struct asked asked_of(const hunch_index *index, const uint64_t *keys, size_t n,
                             const uint64_t *queries, size_t m, struct index_wrong *wrong)
{
    struct asked a = {index, keys, n, queries, m, NULL, NULL, wrong};
    wrong->text[0] = '\0';
    a.lower = memory_new(m * sizeof *a.lower);
    a.upper = memory_new(m * sizeof *a.upper);
    for (size_t i = 0; i < m; i++) {
        a.lower[i] = oracle_lower_bound(keys, n, queries[i]);
        a.upper[i] = a.lower[i];
        if (a.lower[i] < n && keys[a.lower[i]] == queries[i]) {
            a.upper[i] = oracle_upper_bound(keys, n, queries[i]);
        }
    }
    return a;
}

static bool batches_agree(const struct asked *a)
{
    size_t *positions = memory_new(a->m * sizeof *positions);
    hunch_index_lower_bound_batch(a->index, a->queries, a->m, positions);
    bool right = batch_agrees(a, "lower_bound_batch", positions, expected_lower);
    hunch_index_upper_bound_batch(a->index, a->queries, a->m, positions);
    right = right && batch_agrees(a, "upper_bound_batch", positions, expected_upper);
    hunch_index_find_batch(a->index, a->queries, a->m, positions);
    right = right && batch_agrees(a, "find_batch", positions, expected_find);
    free(positions);
    return right;
}

static bool batch_agrees(const struct asked *a, const char *name, const size_t *positions,
                         size_t (*expected)(const struct asked *a, size_t i))
{
    for (size_t i = 0; i < a->m; i++) {
        if (!is_equal(a, name, a->queries[i], positions[i], expected(a, i))) {
            return false;
        }
    }
    return true;
}

static size_t expected_lower(const struct asked *a, size_t i)
{
    return a->lower[i];
}

static size_t expected_upper(const struct asked *a, size_t i)
{
    return a->upper[i];
}

static size_t expected_find(const struct asked *a, size_t i)
{
    return a->upper[i] > a->lower[i] ? a->lower[i] : HUNCH_INDEX_NONE;
}

/* From each query to the one that stands as far from the end: half of them are empty. */
static bool ranges_agree(const struct asked *a)
{
    hunch_index_cursor *ranges = memory_new(a->m * sizeof *ranges);
    uint64_t *to = memory_new(a->m * sizeof *to);
    bool right = true;
    for (size_t i = 0; i < a->m; i++) {
        to[i] = a->queries[a->m - 1 - i];
    }
    hunch_index_range_batch(a->index, a->queries, to, a->m, ranges);
    for (size_t i = 0; right && i < a->m; i++) {
        right = is_range(a, ranges[i], i, a->m - 1 - i);
    }
    free(ranges);
    free(to);
    return right;
}

static bool singles_agree(const struct asked *a, size_t i)
{
    const uint64_t key = a->queries[i];
    const size_t other = a->m - 1 - i;
    const hunch_index_cursor range = hunch_index_range(a->index, key, a->queries[other]);
    const hunch_index_cursor seek = hunch_index_seek(a->index, key);
    return is_equal(a, "lower_bound", key, hunch_index_lower_bound(a->index, key), a->lower[i]) &&
           is_equal(a, "upper_bound", key, hunch_index_upper_bound(a->index, key), a->upper[i]) &&
           is_equal(a, "find", key, hunch_index_find(a->index, key), expected_find(a, i)) &&
           is_range(a, range, i, other) && cursor_walks(a, range) &&
           is_equal(a, "seek", key, seek.pos, a->lower[i]) &&
           is_equal(a, "begin of seek", key, seek.begin, 0) &&
           is_equal(a, "end of seek", key, seek.end, a->n) && cursor_walks(a, seek) &&
           window_is_inside(a, key);
}

/* Whether it is that from query number `from` to query number `to`. */
static bool is_range(const struct asked *a, hunch_index_cursor range, size_t from, size_t to)
{
    const uint64_t key = a->queries[from];
    if (!is_equal(a, "start of range", key, range.pos, range.begin)) {
        return false;
    }
    if (a->queries[to] < key) {
        return is_equal(a, "size of an empty range", key, range.end, range.begin) &&
               (range.begin <= a->n || say(a->wrong, "key %" PRIu64 ": a range outside", key));
    }
    return is_equal(a, "begin of range", key, range.begin, a->lower[from]) &&
           is_equal(a, "end of range", key, range.end, a->upper[to]);
}

/* Some steps forward and back, then as many and the one before: it says what stands there, and
 * nothing where it cannot go. */
static bool cursor_walks(const struct asked *a, hunch_index_cursor cursor)
{
    const size_t start = cursor.pos;
    const uint64_t nothing = ~a->queries[0];
    for (size_t i = start;; i++) {
        uint64_t key = nothing;
        const bool more = i < cursor.end && i - start < STEPS;
        if (i - start < STEPS &&
            !(hunch_index_next(&cursor, &key) == more && key == (more ? a->keys[i] : nothing))) {
            return say(a->wrong, "next of %zu in [%zu, %zu)", i, cursor.begin, cursor.end);
        }
        if (!more) {
            break;
        }
    }
    for (size_t i = cursor.pos; i + STEPS >= start; i--) {
        uint64_t key = nothing;
        const bool more = i > cursor.begin;
        if (!(hunch_index_previous(&cursor, &key) == more &&
              key == (more ? a->keys[i - 1] : nothing))) {
            return say(a->wrong, "previous of %zu in [%zu, %zu)", i, cursor.begin, cursor.end);
        }
        if (!more) {
            break;
        }
    }
    return true;
}

static bool window_is_inside(const struct asked *a, uint64_t key)
{
    size_t from = SIZE_MAX;
    size_t to = 0;
    hunch_index_predict(a->index, key, &from, &to);
    return (from <= to && to <= a->n) ||
           say(a->wrong, "key %" PRIu64 ": window [%zu, %zu] of %zu keys", key, from, to, a->n);
}

static bool is_equal(const struct asked *a, const char *what, uint64_t key, size_t found,
                     size_t expected)
{
    return found == expected || say(a->wrong, "%s: key %" PRIu64 ": %zu, expected %zu of %zu", what,
                                    key, found, expected, a->n);
}

/* Always false. */
static bool say(struct index_wrong *wrong, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(wrong->text, sizeof wrong->text, format, arguments);
    va_end(arguments);
    return false;
}

/* A key, its neighbours, an end of the domain or any number. */
static uint64_t question(const uint64_t *keys, size_t n, uint64_t *state)
{
    const uint64_t dice = hunch__splitmix64(state);
    const uint64_t any = hunch__splitmix64(state);
    if (n == 0 || dice % 8 == 0) {
        return dice % 16 == 0 ? any : 0 - (any & 1); /* 0 or 2^64-1 */
    }
    return keys[any % n] + dice % 3 - 1;
}

/* The key at a border and the one before it, with the numbers beside both. */
static size_t add_border(uint64_t *queries, size_t m, const uint64_t *keys, size_t n, size_t at)
{
    for (size_t i = at > 0 ? at - 1 : 0; i <= at && i < n; i++) {
        queries[m++] = keys[i] - 1;
        queries[m++] = keys[i];
        queries[m++] = keys[i] + 1;
    }
    return m;
}

static bool poke(const hunch_index *index, uint64_t key, uint64_t other)
{
    const size_t n = hunch_index_count(index);
    const hunch_index_cursor range = hunch_index_range(index, key, other);
    const hunch_index_cursor seek = hunch_index_seek(index, key);
    const size_t found = hunch_index_find(index, key);
    size_t from = SIZE_MAX;
    size_t to = SIZE_MAX;
    hunch_index_predict(index, key, &from, &to);
    return hunch_index_lower_bound(index, key) <= n && hunch_index_upper_bound(index, key) <= n &&
           (found < n || found == HUNCH_INDEX_NONE) && range.begin <= range.end && range.end <= n &&
           range.begin <= range.pos && range.pos <= range.end && seek.pos <= n && seek.end == n &&
           from <= to && to <= n;
}
