/* Asking: one key, many keys, ranges. */
#include <stddef.h>

#include "asserts.h"
#include "internal.h"

/* Keys that a batch which has to change them changes at a time. */
#define CHUNK 256u

static void ask_batch(const hunch_index *index, const uint64_t *keys, size_t n, size_t *positions);
static size_t checked(const hunch_index *index, uint64_t key, size_t position);
static hunch_index_cursor range_of(const hunch_index *index, size_t begin, size_t end);

size_t hunch_index_lower_bound(const hunch_index *index, uint64_t key)
{
    HUNCH_ASSERT(index != NULL);
    if (__builtin_expect(index->learned_bound != NULL, 1)) {
        return index->learned_bound(&index->learned, key);
    }
    return hunch__index_ask(index, key);
}

size_t hunch_index_upper_bound(const hunch_index *index, uint64_t key)
{
    return key == UINT64_MAX ? index->tree.n : hunch_index_lower_bound(index, key + 1);
}

size_t hunch_index_find(const hunch_index *index, uint64_t key)
{
    const size_t position = hunch_index_lower_bound(index, key);
    return position < index->tree.n && index->tree.keys[position] == key ? position
                                                                         : HUNCH_INDEX_NONE;
}

void hunch_index_lower_bound_batch(const hunch_index *index, const uint64_t *keys, size_t n,
                                   size_t *positions)
{
    HUNCH_ASSERT(index != NULL && (n == 0 || (keys != NULL && positions != NULL)));
    HUNCH_ASSERT(n == 0 || (uintptr_t)(keys + n) <= (uintptr_t)positions ||
                 (uintptr_t)(positions + n) <= (uintptr_t)keys);
    ask_batch(index, keys, n, positions);
}

void hunch_index_upper_bound_batch(const hunch_index *index, const uint64_t *keys, size_t n,
                                   size_t *positions)
{
    uint64_t next[CHUNK];
    HUNCH_ASSERT(index != NULL && (n == 0 || (keys != NULL && positions != NULL)));
    for (size_t done = 0; done < n; done += CHUNK) {
        const size_t many = n - done < CHUNK ? n - done : CHUNK;
        for (size_t i = 0; i < many; i++) {
            next[i] = keys[done + i] + (keys[done + i] != UINT64_MAX);
        }
        ask_batch(index, next, many, positions + done);
        for (size_t i = 0; i < many; i++) {
            positions[done + i] =
                keys[done + i] == UINT64_MAX ? index->tree.n : positions[done + i];
        }
    }
}

void hunch_index_find_batch(const hunch_index *index, const uint64_t *keys, size_t n,
                            size_t *positions)
{
    hunch_index_lower_bound_batch(index, keys, n, positions);
    for (size_t i = 0; i < n; i++) {
        const size_t at = positions[i];
        const bool there = at < index->tree.n && index->tree.keys[at] == keys[i];
        positions[i] = there ? at : HUNCH_INDEX_NONE;
    }
}

hunch_index_cursor hunch_index_range(const hunch_index *index, uint64_t from, uint64_t to)
{
    const size_t begin = hunch_index_lower_bound(index, from);
    const size_t end = to < from ? begin : hunch_index_upper_bound(index, to);
    return range_of(index, begin, end);
}

void hunch_index_range_batch(const hunch_index *index, const uint64_t *from, const uint64_t *to,
                             size_t n, hunch_index_cursor *ranges)
{
    size_t begin[CHUNK];
    size_t end[CHUNK];
    for (size_t done = 0; done < n; done += CHUNK) {
        const size_t many = n - done < CHUNK ? n - done : CHUNK;
        hunch_index_lower_bound_batch(index, from + done, many, begin);
        hunch_index_upper_bound_batch(index, to + done, many, end);
        for (size_t i = 0; i < many; i++) {
            const size_t stop = to[done + i] < from[done + i] ? begin[i] : end[i];
            ranges[done + i] = range_of(index, begin[i], stop);
        }
    }
}

hunch_index_cursor hunch_index_seek(const hunch_index *index, uint64_t key)
{
    return (hunch_index_cursor){index->tree.keys, 0, index->tree.n,
                                hunch_index_lower_bound(index, key)};
}

size_t hunch__index_ask(const hunch_index *index, uint64_t key)
{
    const size_t router = index->shape[HUNCH__SHAPE_ROUTER] - 1;
    size_t position;
    switch (index->kind) {
    case HUNCH_INDEX_CELLS:
        position = index->kernels->cells_lower_bound(&index->learned, key);
        break;
    case HUNCH_INDEX_BLOCKS:
        position = index->kernels->blocks_lower_bound[router](&index->learned, key);
        break;
    case HUNCH_INDEX_SEGMENTS:
        position = index->kernels->segments_lower_bound[router](&index->learned, key);
        break;
    default:
        position = index->tree_bound(&index->tree, key);
        break;
    }
    return index->trusted ? position : checked(index, key, position);
}

static void ask_batch(const hunch_index *index, const uint64_t *keys, size_t n, size_t *positions)
{
    const struct hunch__kernels *kernels = index->kernels;
    const size_t router = index->shape[HUNCH__SHAPE_ROUTER] - 1;
    const size_t width = index->batch_width;
    switch (index->kind) {
    case HUNCH_INDEX_CELLS:
        kernels->cells_lower_bound_batch(&index->learned, keys, n, width, positions);
        break;
    case HUNCH_INDEX_BLOCKS:
        kernels->blocks_lower_bound_batch[router](&index->learned, keys, n, width, positions);
        break;
    case HUNCH_INDEX_SEGMENTS:
        kernels->segments_lower_bound_batch[router](&index->learned, keys, n, width, positions);
        break;
    default:
        kernels->stree_lower_bound_batch[index->tree.node_keys == 16](&index->tree, keys, n, width,
                                                                      positions);
        break;
    }
    for (size_t i = 0; i < n && !index->trusted; i++) {
        positions[i] = checked(index, keys[i], positions[i]);
    }
}

/* What a model that is not trusted says, when the keys around agree; else what the keys say. */
static size_t checked(const hunch_index *index, uint64_t key, size_t position)
{
    const uint64_t *keys = index->tree.keys;
    const size_t n = index->tree.n;
    const bool right = position <= n && (position == 0 || keys[position - 1] < key) &&
                       (position == n || keys[position] >= key);
    if (__builtin_expect(right, 1)) {
        return position;
    }
    /* Searching needs keys, n and the counter alone, which every form has. */
    const struct hunch__learned bare = {
        .keys = keys, .n = n, .fallbacks = index->learned.fallbacks};
    return hunch__learned_fallback(&bare, position, key);
}

/* Only keys that are not sorted, of a file that nobody validated, end before they begin. */
static hunch_index_cursor range_of(const hunch_index *index, size_t begin, size_t end)
{
    return (hunch_index_cursor){index->tree.keys, begin, end < begin ? begin : end, begin};
}
