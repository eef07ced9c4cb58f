/* Contenders: hunch_index as a user gets it, and each of its forms by name. */
#include <hunch/index.h>

#include "contender.h"
#include "loops.h"

static hunch_status build_default(void **out, const uint64_t *keys, size_t n,
                                  const struct index_tuning *tuning, hunch_diag *diag);
static hunch_status build_tree(void **out, const uint64_t *keys, size_t n,
                               const struct index_tuning *tuning, hunch_diag *diag);
static hunch_status build_segments(void **out, const uint64_t *keys, size_t n,
                                   const struct index_tuning *tuning, hunch_diag *diag);
static hunch_status build_within(void **out, const uint64_t *keys, size_t n,
                                 const struct index_tuning *tuning, hunch_diag *diag);
static hunch_status build(void **out, const uint64_t *keys, size_t n,
                          const hunch_index_options *options, hunch_diag *diag);
static void hunch_batched(const void *self, const uint64_t *queries, size_t n, uint64_t *answers);
static size_t bytes(const void *self);
static const char *model(const void *self);
static void release(void *self);

static inline uint64_t hunch_look_up(const hunch_index *index, uint64_t key)
{
    return hunch_index_lower_bound(index, key);
}

INDEX_LOOPS(hunch, hunch_index)

#define OURS(text, build_function, width, number)                                                  \
    {                                                                                              \
        .name = (text), .tuning = {.batch_width = (width), .parameter = (number)},                 \
        .build = (build_function), .fenced = hunch_fenced, .independent = hunch_independent,       \
        .batched = hunch_batched, .bytes = bytes, .model = model, .free = release,                 \
    }

const struct index_contender index_hunch = OURS("hunch", build_default, 0, 0);
/* hunch-bench index --profile full --case sweep-hunch */
const struct index_contender index_hunch_stree16 = OURS("hunch-stree16", build_tree, 64, 16);
const struct index_contender index_hunch_stree8 = OURS("hunch-stree8", build_tree, 64, 8);
/* The smallest form: lines that err by 64 at most. */
const struct index_contender index_hunch_segments = OURS("hunch-segments", build_segments, 64, 64);
/* The fastest that fits a budget: so many parts in 10,000 of the keys that head pages of 128. */
const struct index_contender index_hunch_within = OURS("hunch-within", build_within, 64, 500);

static hunch_status build_default(void **out, const uint64_t *keys, size_t n,
                                  const struct index_tuning *tuning, hunch_diag *diag)
{
    (void)tuning;
    return build(out, keys, n, NULL, diag);
}

static hunch_status build_tree(void **out, const uint64_t *keys, size_t n,
                               const struct index_tuning *tuning, hunch_diag *diag)
{
    const hunch_index_options options = {
        .struct_size = sizeof options,
        .kind = HUNCH_INDEX_STREE,
        .node_keys = tuning->parameter,
        .batch_width = tuning->batch_width,
    };
    return build(out, keys, n, &options, diag);
}

static hunch_status build_segments(void **out, const uint64_t *keys, size_t n,
                                   const struct index_tuning *tuning, hunch_diag *diag)
{
    const hunch_index_options options = {
        .struct_size = sizeof options,
        .kind = HUNCH_INDEX_SEGMENTS,
        .eps = tuning->parameter,
        .batch_width = tuning->batch_width,
    };
    return build(out, keys, n, &options, diag);
}

static hunch_status build_within(void **out, const uint64_t *keys, size_t n,
                                 const struct index_tuning *tuning, hunch_diag *diag)
{
    const double pages = (double)(n * sizeof *keys) / 128;
    const hunch_index_options options = {
        .struct_size = sizeof options,
        .budget_bytes = (uint64_t)(pages * tuning->parameter / 10000) + 1,
        .workload = HUNCH_INDEX_SINGLE,
        .batch_width = tuning->batch_width,
    };
    return build(out, keys, n, &options, diag);
}

static hunch_status build(void **out, const uint64_t *keys, size_t n,
                          const hunch_index_options *options, hunch_diag *diag)
{
    hunch_index *index = NULL;
    hunch_status status = hunch_index_build(&index, keys, n, options, diag);
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

static const char *model(const void *self)
{
    hunch_index_stats stats = {.struct_size = sizeof stats};
    hunch_index_read_stats(self, &stats);
    return stats.model;
}

static void release(void *self)
{
    hunch_index_free(self);
}
