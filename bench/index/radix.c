/* Contender: a radix table on the top bits of key - min, then branchless binary search in the
 * table's cell. The table of RadixSpline (Kipf et al., aiDM 2020) without its spline. Outliers that
 * stretch the range put all keys into one cell, and what is left is the binary search. */
#include "contender.h"
#include "diag.h"
#include "halving.h"
#include "index_alloc.h"
#include "loops.h"

struct radix {
    const uint64_t *keys; /* [n] */
    size_t n;
    uint64_t min;
    unsigned shift;  /* cell of a key = (key - min) >> shift */
    size_t cells;    /* >= 1 */
    uint32_t *first; /* owned, [cells + 1]: first position of a cell or of a later one */
    size_t width;
};

static hunch_status build(void **out, const uint64_t *keys, size_t n,
                          const struct index_tuning *tuning, hunch_diag *diag);
static size_t bytes(const void *self);
static void release(void *self);
static inline uint64_t radix_look_up(const struct radix *index, uint64_t key);
static inline void radix_group(const struct radix *index, const uint64_t *queries, size_t width,
                               uint64_t *answers);
static void choose_cells(struct radix *index, unsigned bits);
static void fill(const struct radix *index);
static inline size_t cell_of(const struct radix *index, uint64_t key);
static unsigned bit_length(uint64_t value);

INDEX_LOOPS(radix, struct radix)
INDEX_BATCHED(radix, struct radix)

const struct index_contender index_radix_binary = {
    .name = "radix-binary",
    /* hunch-bench index --profile full --case sweep-radix-binary */
    .tuning = {.batch_width = 48, .parameter = 26},
    .build = build,
    .fenced = radix_fenced,
    .independent = radix_independent,
    .batched = radix_batched,
    .bytes = bytes,
    .free = release,
};

static hunch_status build(void **out, const uint64_t *keys, size_t n,
                          const struct index_tuning *tuning, hunch_diag *diag)
{
    *out = NULL;
    if (n > UINT32_MAX) {
        return hunch__fail(diag, HUNCH_ELIMIT, n, "radix table: more than 2^32 - 1 keys");
    }
    struct radix *index = index_alloc(1, sizeof *index);
    if (index == NULL) {
        return index_no_memory(diag, n);
    }
    *index = (struct radix){.keys = keys, .n = n, .cells = 1, .width = tuning->batch_width};
    choose_cells(index, tuning->parameter);
    index->first = index_alloc(index->cells + 1, sizeof *index->first);
    if (index->first == NULL) {
        release(index);
        return index_no_memory(diag, n);
    }
    fill(index);
    *out = index;
    return HUNCH_OK;
}

static size_t bytes(const void *self)
{
    const struct radix *index = self;
    return sizeof *index + (index->cells + 1) * sizeof *index->first;
}

static void release(void *self)
{
    struct radix *index = self;
    if (index != NULL) {
        index_free(index->first, index->cells + 1, sizeof *index->first);
        index_free(index, 1, sizeof *index);
    }
}

/* At most 2^bits cells, and not more than two a key. */
static void choose_cells(struct radix *index, unsigned bits)
{
    if (index->n > 0) {
        uint64_t range = index->keys[index->n - 1] - index->keys[0];
        unsigned useful = bit_length(index->n);
        bits = bits < useful ? bits : useful;
        index->min = index->keys[0];
        index->shift = bit_length(range) > bits ? bit_length(range) - bits : 0;
        index->cells = (size_t)(range >> index->shift) + 1;
    }
}

static void fill(const struct radix *index)
{
    size_t cell = 0;
    for (size_t i = 0; i < index->n; i++) {
        for (size_t here = cell_of(index, index->keys[i]); cell <= here; cell++) {
            index->first[cell] = (uint32_t)i;
        }
    }
    for (; cell <= index->cells; cell++) {
        index->first[cell] = (uint32_t)index->n;
    }
}

static inline uint64_t radix_look_up(const struct radix *index, uint64_t key)
{
    size_t cell = cell_of(index, key);
    size_t from = index->first[cell];
    return halving_lower_bound(index->keys, from, index->first[cell + 1] - from, key);
}

/* Three passes: the table's lines, the middles of the cells, then all windows down together until
 * the longest is done. */
static inline void radix_group(const struct radix *index, const uint64_t *queries, size_t width,
                               uint64_t *answers)
{
    const uint64_t *keys = index->keys;
    size_t length[INDEX_BATCH_WIDTH_MAX];
    size_t longest = 0;
    for (size_t i = 0; i < width; i++) {
        answers[i] = cell_of(index, queries[i]);
        __builtin_prefetch(index->first + answers[i]);
    }
    for (size_t i = 0; i < width; i++) {
        size_t cell = answers[i];
        answers[i] = index->first[cell];
        length[i] = index->first[cell + 1] - answers[i];
        longest = longest > length[i] ? longest : length[i];
        __builtin_prefetch(keys + answers[i] + length[i] / 2);
    }
    for (; longest > 1; longest -= longest / 2) {
        for (size_t i = 0; i < width; i++) {
            answers[i] = halving_step(keys, answers[i], length[i], queries[i]);
            length[i] -= length[i] / 2;
            __builtin_prefetch(keys + answers[i] + length[i] / 2);
        }
    }
    for (size_t i = 0; i < width && index->n > 0; i++) {
        answers[i] = halving_lower_bound(keys, answers[i], length[i], queries[i]);
    }
}

/* Keys outside the range belong to the first and the last cell, where the search finds the end. */
static inline size_t cell_of(const struct radix *index, uint64_t key)
{
    uint64_t cell = (key > index->min ? key - index->min : 0) >> index->shift;
    return cell < index->cells ? (size_t)cell : index->cells - 1;
}

static unsigned bit_length(uint64_t value)
{
    return value == 0 ? 0 : 64 - (unsigned)__builtin_clzll(value);
}
