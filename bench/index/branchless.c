/* Contender: branchless binary search over the sorted keys themselves. */
#include "contender.h"
#include "halving.h"
#include "index_alloc.h"
#include "loops.h"

struct branchless {
    const uint64_t *keys; /* [n] */
    size_t n;
    size_t width;
    bool both_next; /* prefetch both probes that the next step may need */
};

static hunch_status build(void **out, const uint64_t *keys, size_t n,
                          const struct index_tuning *tuning, hunch_diag *diag);
static size_t bytes(const void *self);
static void release(void *self);
static inline uint64_t branchless_look_up(const struct branchless *index, uint64_t key);
static inline void branchless_group(const struct branchless *index, const uint64_t *queries,
                                    size_t width, uint64_t *answers);

INDEX_LOOPS(branchless, struct branchless)
INDEX_BATCHED(branchless, struct branchless)

const struct index_contender index_branchless = {
    .name = "branchless",
    /* hunch-bench index --profile full --case sweep-branchless */
    .tuning = {.batch_width = 48, .parameter = 2},
    .builds_nothing = true,
    .build = build,
    .fenced = branchless_fenced,
    .independent = branchless_independent,
    .batched = branchless_batched,
    .bytes = bytes,
    .free = release,
};

static hunch_status build(void **out, const uint64_t *keys, size_t n,
                          const struct index_tuning *tuning, hunch_diag *diag)
{
    struct branchless *index = index_alloc(1, sizeof *index);
    *out = index;
    if (index == NULL) {
        return index_no_memory(diag, n);
    }
    *index = (struct branchless){.keys = keys, .n = n, .width = tuning->batch_width};
    index->both_next = tuning->parameter > 1;
    return HUNCH_OK;
}

static size_t bytes(const void *self)
{
    (void)self;
    return sizeof(struct branchless);
}

static void release(void *self)
{
    index_free(self, 1, sizeof(struct branchless));
}

static inline uint64_t branchless_look_up(const struct branchless *index, uint64_t key)
{
    if (!index->both_next || index->n == 0) {
        return halving_lower_bound(index->keys, 0, index->n, key);
    }
    const uint64_t *keys = index->keys;
    size_t from = 0;
    for (size_t length = index->n; length > 1;) {
        size_t half = length / 2;
        length -= half;
        size_t next = from + length / 2 - (length > 1);
        __builtin_prefetch(keys + next);
        __builtin_prefetch(keys + next + half);
        from += half & -(size_t)(keys[from + half - 1] < key);
    }
    return from + (keys[from] < key);
}

/* The windows of all look-ups have the same length, so they go down together. */
static inline void branchless_group(const struct branchless *index, const uint64_t *queries,
                                    size_t width, uint64_t *answers)
{
    const uint64_t *keys = index->keys;
    size_t length = index->n;
    for (size_t i = 0; i < width; i++) {
        answers[i] = 0;
    }
    while (length > 1) {
        size_t half = length / 2;
        size_t rest = length - half;
        size_t ahead = rest / 2 - (rest > 1);
        for (size_t i = 0; i < width; i++) {
            size_t from = answers[i];
            from += half & -(size_t)(keys[from + half - 1] < queries[i]);
            __builtin_prefetch(keys + from + ahead);
            answers[i] = from;
        }
        length = rest;
    }
    for (size_t i = 0; i < width && length > 0; i++) {
        answers[i] += keys[answers[i]] < queries[i];
    }
}
