/* Contenders: hunch_index as a user gets it, and with the other node size. */
#include <hunch/index.h>

#include "contender.h"
#include "loops.h"

static hunch_status build_default(void **out, const uint64_t *keys, size_t n,
                                  const struct index_tuning *tuning, hunch_diag *diag);
static hunch_status build_tuned(void **out, const uint64_t *keys, size_t n,
                                const struct index_tuning *tuning, hunch_diag *diag);
static void hunch_batched(const void *self, const uint64_t *queries, size_t n, uint64_t *answers);
static size_t bytes(const void *self);
static void release(void *self);

static inline uint64_t hunch_look_up(const hunch_index *index, uint64_t key)
{
    return hunch_index_lower_bound(index, key);
}

INDEX_LOOPS(hunch, hunch_index)

const struct index_contender index_hunch = {
    .name = "hunch",
    .build = build_default,
    .fenced = hunch_fenced,
    .independent = hunch_independent,
    .batched = hunch_batched,
    .bytes = bytes,
    .free = release,
};

const struct index_contender index_hunch_stree8 = {
    .name = "hunch-stree8",
    /* hunch-bench index --profile full --case sweep-hunch */
    .tuning = {.batch_width = 64, .parameter = 8},
    .build = build_tuned,
    .fenced = hunch_fenced,
    .independent = hunch_independent,
    .batched = hunch_batched,
    .bytes = bytes,
    .free = release,
};

static hunch_status build_default(void **out, const uint64_t *keys, size_t n,
                                  const struct index_tuning *tuning, hunch_diag *diag)
{
    (void)tuning;
    hunch_index *index = NULL;
    hunch_status status = hunch_index_build(&index, keys, n, NULL, diag);
    *out = index;
    return status;
}

static hunch_status build_tuned(void **out, const uint64_t *keys, size_t n,
                                const struct index_tuning *tuning, hunch_diag *diag)
{
    const hunch_index_options options = {
        .struct_size = sizeof options,
        .kind = HUNCH_INDEX_STREE,
        .node_keys = tuning->parameter,
        .batch_width = tuning->batch_width,
    };
    hunch_index *index = NULL;
    hunch_status status = hunch_index_build(&index, keys, n, &options, diag);
    *out = index;
    return status;
}

/* size_t is uint64_t wherever this is built; elsewhere the call does not compile. */
static void hunch_batched(const void *self, const uint64_t *queries, size_t n, uint64_t *answers)
{
    hunch_index_lower_bound_batch(self, queries, n, answers);
}

static size_t bytes(const void *self)
{
    hunch_index_stats stats = {.struct_size = sizeof stats};
    hunch_index_read_stats(self, &stats);
    return stats.index_bytes;
}

static void release(void *self)
{
    hunch_index_free(self);
}
