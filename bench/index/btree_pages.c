/* Contender: the static B-tree that the first learned index was measured against (Kraska et al.,
 * "The case for learned index structures", SIGMOD 2018, section 3.6): full pages of 32 to 256 keys,
 * the sorted keys being the leaves, and of the pages above only keys, since children are computed.
 * Within a page the search has no branches. */
#include "bits.h"
#include "contender.h"
#include "diag.h"
#include "halving.h"
#include "index_alloc.h"
#include "loops.h"

#define LEVELS_MAX 16u

struct pages {
    const uint64_t *keys; /* [n] */
    size_t n;
    size_t page; /* keys a page */
    size_t width;
    unsigned levels; /* above the leaves                                             */
    uint64_t
        *level[LEVELS_MAX]; /* owned: [0] is the first key of each leaf, [1] of each of those */
    size_t count[LEVELS_MAX];
};

static hunch_status build(void **out, const uint64_t *keys, size_t n,
                          const struct index_tuning *tuning, hunch_diag *diag);
static size_t bytes(const void *self);
static void release(void *self);
static inline uint64_t pages_look_up(const struct pages *index, uint64_t key);
static inline void pages_group(const struct pages *index, const uint64_t *queries, size_t width,
                               uint64_t *answers);
static inline size_t step_down(const uint64_t *entries, size_t count, size_t page, size_t at,
                               uint64_t key);

INDEX_LOOPS(pages, struct pages)
INDEX_BATCHED(pages, struct pages)

const struct index_contender index_btree_pages = {
    .name = "btree-128",
    .tuning = {.batch_width = 64, .parameter = 128},
    .build = build,
    .fenced = pages_fenced,
    .independent = pages_independent,
    .batched = pages_batched,
    .bytes = bytes,
    .free = release,
};

static hunch_status build(void **out, const uint64_t *keys, size_t n,
                          const struct index_tuning *tuning, hunch_diag *diag)
{
    *out = NULL;
    struct pages *index = index_alloc(1, sizeof *index);
    if (index == NULL) {
        return index_no_memory(diag, n);
    }
    *index = (struct pages){
        .keys = keys, .n = n, .page = tuning->parameter, .width = tuning->batch_width};
    const uint64_t *below = keys;
    size_t many = n;
    while (many > index->page && index->levels < LEVELS_MAX) {
        const size_t count = (size_t)hunch__div_up(many, index->page);
        uint64_t *level = index_alloc(count, sizeof *level);
        if (level == NULL) {
            release(index);
            return index_no_memory(diag, n);
        }
        for (size_t i = 0; i < count; i++) {
            level[i] = below[i * index->page];
        }
        index->level[index->levels] = level;
        index->count[index->levels++] = count;
        below = level;
        many = count;
    }
    *out = index;
    return HUNCH_OK;
}

static size_t bytes(const void *self)
{
    const struct pages *index = self;
    size_t sum = sizeof *index;
    for (unsigned l = 0; l < index->levels; l++) {
        sum += index->count[l] * sizeof(uint64_t);
    }
    return sum;
}

static void release(void *self)
{
    struct pages *index = self;
    if (index == NULL) {
        return;
    }
    for (unsigned l = 0; l < index->levels; l++) {
        index_free(index->level[l], index->count[l], sizeof(uint64_t));
    }
    index_free(index, 1, sizeof *index);
}

static inline uint64_t pages_look_up(const struct pages *index, uint64_t key)
{
    size_t at = 0;
    for (unsigned l = index->levels; l-- > 0;) {
        at = step_down(index->level[l], index->count[l], index->page, at, key);
    }
    const size_t left = index->n - at;
    return halving_lower_bound(index->keys, at, left < index->page ? left : index->page, key);
}

/* Level by level for all; the middle of the next page is asked for. */
static inline void pages_group(const struct pages *index, const uint64_t *queries, size_t width,
                               uint64_t *answers)
{
    for (size_t i = 0; i < width; i++) {
        answers[i] = 0;
    }
    for (unsigned l = index->levels; l-- > 0;) {
        const uint64_t *below = l > 0 ? index->level[l - 1] : index->keys;
        for (size_t i = 0; i < width; i++) {
            answers[i] =
                step_down(index->level[l], index->count[l], index->page, answers[i], queries[i]);
            index_prefetch((uintptr_t)(below + answers[i] + index->page / 2));
            index_prefetch((uintptr_t)(below + answers[i] + index->page / 4));
            index_prefetch((uintptr_t)(below + answers[i] + index->page * 3 / 4));
        }
    }
    for (size_t i = 0; i < width; i++) {
        const size_t left = index->n - answers[i];
        answers[i] = halving_lower_bound(index->keys, answers[i],
                                         left < index->page ? left : index->page, queries[i]);
    }
}

/* The first key of the child of the page at `at`: the last whose first key is < key, so that of
 * equal keys the first is found, which may be the end of the page before. */
static inline size_t step_down(const uint64_t *entries, size_t count, size_t page, size_t at,
                               uint64_t key)
{
    const size_t left = count - at;
    const size_t less = halving_lower_bound(entries, at, left < page ? left : page, key);
    return (less > at ? less - 1 : at) * page;
}
