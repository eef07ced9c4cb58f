/* Numbering and computing the products of columns. */
#include "pairs.h"

#include <float.h>
#include <string.h>

/* With fewer slots than this, products of dense columns are worth more than those of sparse ones.
 */
#define MIXED_SLOTS_MIN 4u

/* Products are made in groups of this many. */
enum { LANES = HUNCH__PAIRS_LANES, PADDED = (HUNCH__PAIRS_SLOTS_MAX + LANES - 1) / LANES * LANES };

static uint32_t slots_in(uint32_t d, uint32_t s, uint32_t room);
static uint64_t triangle(uint64_t n);
static void add_sparse(struct hunch__expanded *out, uint32_t column, float value);
static uint32_t sparse_pair(const struct hunch__pairs *pairs, uint32_t k, uint32_t l);

bool hunch__pairs_plan(const hunch_learner_shape *shape, struct hunch__pairs *pairs)
{
    if (shape->dense > shape->features || shape->features > HUNCH__PAIRS_MAX) {
        return false;
    }
    const uint32_t d = shape->dense;
    const uint32_t s = shape->features - d;
    const uint32_t room = HUNCH__PAIRS_MAX - shape->features;
    const uint64_t sparse_pairs = triangle(s) - s;
    *pairs = (struct hunch__pairs){.dense = d, .sparse = s, .mixed = s > 0 && sparse_pairs <= room};
    if (pairs->mixed) {
        pairs->slots = slots_in(d, s, room - (uint32_t)sparse_pairs);
        pairs->mixed = pairs->slots == d || pairs->slots >= MIXED_SLOTS_MIN;
    }
    if (!pairs->mixed) {
        pairs->slots = slots_in(d, 0, room);
    }
    const uint32_t mixed = pairs->mixed ? s * pairs->slots + (uint32_t)sparse_pairs : 0;
    pairs->dense_all = d + (uint32_t)triangle(pairs->slots);
    pairs->features_all = pairs->dense_all + s + mixed;
    return pairs->features_all > shape->features;
}

uint32_t hunch__pairs_column(const struct hunch__pairs *pairs, uint32_t a, uint32_t b)
{
    return 1 + pairs->dense + (uint32_t)triangle(b) + a;
}

uint32_t hunch__pairs_mixed(const struct hunch__pairs *pairs, uint32_t k, uint32_t b)
{
    return 1 + pairs->dense_all + pairs->sparse * (1 + b) + k;
}

void hunch__pairs_expand(const struct hunch__pairs *pairs, const struct hunch__pairs_chosen *chosen,
                         const float *dense, const hunch_context *x, struct hunch__expanded *out)
{
    float z[PADDED] = {0};
    float *at = out->dense + pairs->dense;
    out->x = (hunch_context){.dense = out->dense, .columns = out->columns, .values = out->values};
    memcpy(out->dense, dense, pairs->dense * sizeof *dense);
    for (uint32_t b = 0; b < chosen->count; b++) { /* apart: what was just stored loads slowly */
        z[b] = dense[chosen->column[b]];
    }
    for (uint32_t b = 0; b < chosen->count; b++) {
        for (uint32_t a = 0; a <= b; a += LANES) { /* what is past b is overwritten */
            for (uint32_t i = 0; i < LANES; i++) {
                at[a + i] = z[a + i] * z[b];
            }
        }
        at += b + 1;
    }
    memset(at, 0, (size_t)(out->dense + pairs->dense_all - at) * sizeof *at);
    for (uint32_t n = 0; n < x->count; n++) {
        const uint32_t k = x->columns[n] - pairs->dense;
        add_sparse(out, pairs->dense_all + k, x->values[n]);
    }
    for (uint32_t b = 0; b < chosen->count && pairs->mixed; b++) {
        for (uint32_t n = 0; n < x->count; n++) {
            const uint32_t k = x->columns[n] - pairs->dense;
            const float value = dense[chosen->column[b]] * x->values[n];
            add_sparse(out, hunch__pairs_mixed(pairs, k, b) - 1, value);
        }
    }
    for (uint32_t n = 0; n < x->count && pairs->mixed; n++) {
        for (uint32_t m = n + 1; m < x->count; m++) {
            const uint32_t k = x->columns[n] - pairs->dense;
            const uint32_t l = x->columns[m] - pairs->dense;
            add_sparse(out, sparse_pair(pairs, k, l), x->values[n] * x->values[m]);
        }
    }
}

void hunch__pairs_parents(const struct hunch__pairs *pairs,
                          const struct hunch__pairs_chosen *chosen,
                          struct hunch__ridge_parents *parents)
{
    const uint32_t s = pairs->sparse;
    uint32_t at = 0;
    for (; at <= pairs->dense_all; at++) { /* what is not in use is zero, and so left out */
        parents[at] = (struct hunch__ridge_parents){at, 0};
    }
    for (uint32_t b = 0; b < chosen->count; b++) {
        for (uint32_t a = 0; a <= b; a++) {
            parents[hunch__pairs_column(pairs, a, b)] =
                (struct hunch__ridge_parents){1 + chosen->column[b], 1 + chosen->column[a]};
        }
    }
    const uint32_t first = at;
    for (; at <= pairs->features_all; at++) {
        parents[at] = (struct hunch__ridge_parents){at, 0};
    }
    for (uint32_t b = 0; b < chosen->count && pairs->mixed; b++) {
        for (uint32_t k = 0; k < s; k++) {
            parents[hunch__pairs_mixed(pairs, k, b)] =
                (struct hunch__ridge_parents){first + k, 1 + chosen->column[b]};
        }
    }
    at = hunch__pairs_mixed(pairs, 0, pairs->slots);
    for (uint32_t k = 0; k < s && pairs->mixed; k++) {
        for (uint32_t l = k + 1; l < s; l++) {
            parents[at++] = (struct hunch__ridge_parents){first + k, first + l};
        }
    }
}

/* The most slots whose products with each other and with s sparse columns fit. */
static uint32_t slots_in(uint32_t d, uint32_t s, uint32_t room)
{
    uint32_t m = 0;
    while (m < d && m < HUNCH__PAIRS_SLOTS_MAX && triangle(m + 1) + (uint64_t)s * (m + 1) <= room) {
        m++;
    }
    return m;
}

static uint64_t triangle(uint64_t n)
{
    return n * (n + 1) / 2;
}

/* Columns come in ascending order. */
static void add_sparse(struct hunch__expanded *out, uint32_t column, float value)
{
    out->columns[out->x.count] = column;
    out->values[out->x.count] = value;
    out->x.count++;
}

/* The column of v_k v_l, k < l: rows 0 to k - 1 have s - 1, s - 2, ... of them. */
static uint32_t sparse_pair(const struct hunch__pairs *pairs, uint32_t k, uint32_t l)
{
    const uint32_t s = pairs->sparse;
    const uint32_t before = k * (s - 1) - k * (k - (k > 0)) / 2;
    return hunch__pairs_mixed(pairs, 0, pairs->slots) - 1 + before + (l - k - 1);
}
