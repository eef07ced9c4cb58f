/* Contender: absl::btree_set, bulk-built from the sorted keys; btree_multiset where keys repeat, so
 * that it holds as many keys as the others. */
#include <absl/container/btree_set.h>

#include <algorithm>
#include <functional>
#include <new>

#include "arena.hpp"
#include "contenders.h"
#include "index_alloc.h"
#include "loops.h"

namespace
{

using keys_allocator = arena_allocator<uint64_t>;
using distinct_tree = absl::btree_set<uint64_t, std::less<uint64_t>, keys_allocator>;
using multi_tree = absl::btree_multiset<uint64_t, std::less<uint64_t>, keys_allocator>;

/* One of the two trees is filled. */
struct absl_index {
    /* The first block holds the whole tree, so that it is on huge pages when it is large; a bulk
     * build fills nodes well enough that nine words for eight keys are too many. */
    explicit absl_index(size_t count)
        : memory(4096 + count * 9), set(keys_allocator(&memory)), multiset(keys_allocator(&memory)),
          n(count)
    {
    }

    arena memory;
    distinct_tree set;
    multi_tree multiset;
    size_t n;
    bool repeats = false;
};

/* At the end each time: what the container's range constructor does with sorted input. */
template <class Tree> void append(Tree &tree, const uint64_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        tree.insert(tree.end(), keys[i]);
    }
}

template <class Tree> uint64_t first_not_less(const Tree &tree, uint64_t key)
{
    auto found = tree.lower_bound(key);
    return found == tree.end() ? key - 1 : *found;
}

hunch_status build(void **out, const uint64_t *keys, size_t n, const index_tuning *,
                   hunch_diag *diag)
{
    absl_index *index = nullptr;
    *out = nullptr;
    try {
        index = new absl_index(n);
        index->repeats = std::adjacent_find(keys, keys + n) != keys + n;
        if (index->repeats) {
            append(index->multiset, keys, n);
        } else {
            append(index->set, keys, n);
        }
    } catch (const std::bad_alloc &) {
        delete index;
        return index_no_memory(diag, n);
    }
    *out = index;
    return HUNCH_OK;
}

inline uint64_t distinct_look_up(const absl_index *index, uint64_t key)
{
    return first_not_less(index->set, key);
}

inline uint64_t multi_look_up(const absl_index *index, uint64_t key)
{
    return first_not_less(index->multiset, key);
}

INDEX_LOOPS(distinct, absl_index)
INDEX_LOOPS(multi, absl_index)

void absl_fenced(const void *self, const uint64_t *queries, size_t n, uint64_t *answers)
{
    bool repeats = static_cast<const absl_index *>(self)->repeats;
    (repeats ? multi_fenced : distinct_fenced)(self, queries, n, answers);
}

void absl_independent(const void *self, const uint64_t *queries, size_t n, uint64_t *answers)
{
    bool repeats = static_cast<const absl_index *>(self)->repeats;
    (repeats ? multi_independent : distinct_independent)(self, queries, n, answers);
}

size_t bytes(const void *self)
{
    auto *index = static_cast<const absl_index *>(self);
    return sizeof(absl_index) + index->memory.handed_out() - index->n * sizeof(uint64_t);
}

void release(void *self)
{
    delete static_cast<absl_index *>(self);
}

} // namespace

const index_contender index_absl_btree = {
    "absl-btree",     false, true,    true,    false, {1, 0}, build, absl_fenced, absl_independent,
    absl_independent, bytes, nullptr, release,
};
