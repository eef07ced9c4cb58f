/* Contender: std::lower_bound over the sorted keys, what a program has before it has an index. */
#include <algorithm>

#include "contenders.h"
#include "index_alloc.h"
#include "loops.h"

namespace
{

struct std_keys {
    const uint64_t *keys; /* [n] */
    size_t n;
};

hunch_status build(void **out, const uint64_t *keys, size_t n, const index_tuning *,
                   hunch_diag *diag)
{
    auto *index = static_cast<std_keys *>(index_alloc(1, sizeof(std_keys)));
    *out = index;
    if (index == nullptr) {
        return index_no_memory(diag, n);
    }
    *index = {keys, n};
    return HUNCH_OK;
}

inline uint64_t std_look_up(const std_keys *index, uint64_t key)
{
    const uint64_t *end = index->keys + index->n;
    return static_cast<uint64_t>(std::lower_bound(index->keys, end, key) - index->keys);
}

INDEX_LOOPS(std, std_keys)

size_t bytes(const void *)
{
    return sizeof(std_keys);
}

void release(void *self)
{
    index_free(self, 1, sizeof(std_keys));
}

} // namespace

const index_contender index_std_lower_bound = {
    "std-lower-bound", false,           false,           true,  true,    {1, 0},  build,
    std_fenced,        std_independent, std_independent, bytes, nullptr, release,
};
