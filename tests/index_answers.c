/* What is to be asked of an index. */
#include "index_answers.h"

#include <stdlib.h>

#include "oracle.h"
#include "random.h"
#include "test_memory.h"

/* Odd, so that the last batch is a short one. */
enum { POKES = 51 };

static uint64_t question(const uint64_t *keys, size_t n, uint64_t *state);

bool index_answers_are_right(const hunch_index *index, const uint64_t *keys, size_t n)
{
    const size_t m = 100 + n / 8;
    uint64_t *questions = memory_new(m * sizeof *questions);
    size_t *positions = memory_new(m * sizeof *positions);
    uint64_t state = n;
    bool right = hunch_index_count(index) == n;
    for (size_t i = 0; i < m; i++) {
        questions[i] = question(keys, n, &state);
    }
    hunch_index_lower_bound_batch(index, questions, m, positions);
    for (size_t i = 0; i < m; i++) {
        const uint64_t q = questions[i];
        right &= positions[i] == oracle_lower_bound(keys, n, q);
        right &= positions[i] == hunch_index_lower_bound(index, q);
        right &= hunch_index_upper_bound(index, q) == oracle_upper_bound(keys, n, q);
    }
    free(questions);
    free(positions);
    return right;
}

bool index_answers_are_inside(const hunch_index *index, uint64_t seed)
{
    const size_t n = hunch_index_count(index);
    uint64_t questions[POKES];
    size_t positions[POKES];
    bool inside = true;
    for (size_t i = 0; i < POKES; i++) {
        questions[i] = question(hunch_index_keys(index), n, &seed);
    }
    hunch_index_lower_bound_batch(index, questions, POKES, positions);
    for (size_t i = 0; i < POKES; i++) {
        inside &= positions[i] <= n;
        inside &= hunch_index_lower_bound(index, questions[i]) <= n;
        inside &= hunch_index_upper_bound(index, questions[i]) <= n;
    }
    return inside;
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
