/* The rare ends of a look-up: searches that trust nothing but the order of the keys. */
#include "learned.h"

#include "atomics.h"

static size_t halve(const uint64_t *keys, size_t from, size_t to, uint64_t key);
static size_t walk_right(const struct hunch__learned *index, size_t start, uint64_t key);
static size_t walk_left(const struct hunch__learned *index, size_t start, uint64_t key);

size_t hunch__learned_fallback(const struct hunch__learned *index, size_t near, uint64_t key)
{
    hunch__add_relaxed(index->fallbacks, 1); /* a count, nothing hangs on its order */
    if (near >= index->n) {
        near = index->n - 1;
    }
    return index->keys[near] < key ? walk_right(index, near + 1, key) : walk_left(index, near, key);
}

/* Eight keys are tried first: separators that are the same are usually neighbours. */
size_t hunch__learned_walk(const struct hunch__learned *index, size_t start, uint64_t key)
{
    return walk_right(index, start, key);
}

/* keys[start - 1] < key. */
static size_t walk_right(const struct hunch__learned *index, size_t start, uint64_t key)
{
    const size_t n = index->n;
    size_t from = start;
    size_t step = 8;
    while (from < n && n - from > step && index->keys[from + step - 1] < key) {
        from += step;
        step *= 2;
    }
    return halve(index->keys, from, n - from > step ? from + step : n, key);
}

/* keys[start] >= key. */
static size_t walk_left(const struct hunch__learned *index, size_t start, uint64_t key)
{
    size_t to = start;
    size_t step = 8;
    while (to > step && index->keys[to - step] >= key) {
        to -= step;
        step *= 2;
    }
    return halve(index->keys, to > step ? to - step : 0, to, key);
}

/* All keys before `from` are < key, those from `to` on are not. */
static size_t halve(const uint64_t *keys, size_t from, size_t to, uint64_t key)
{
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        if (keys[middle] < key) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}
