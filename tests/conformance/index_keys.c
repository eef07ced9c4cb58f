/* The key sets of the index conformance suite: each is easy to get wrong in its own way. */
#include "index_keys.h"

#include <stdlib.h>

#include "random.h"

/* Longer than a node, a leaf and a batch together. */
#define RUN 12000

static void fill_dense(uint64_t *keys, size_t n);
static void fill_every_other(uint64_t *keys, size_t n);
static void fill_uniform(uint64_t *keys, size_t n);
static void fill_short_runs(uint64_t *keys, size_t n);
static void fill_long_runs(uint64_t *keys, size_t n);
static void fill_all_zero(uint64_t *keys, size_t n);
static void fill_all_max(uint64_t *keys, size_t n);
static void fill_both_ends(uint64_t *keys, size_t n);
static void fill_same_low_half(uint64_t *keys, size_t n);
static void fill_same_high_half(uint64_t *keys, size_t n);
static void fill_around_2_53(uint64_t *keys, size_t n);
static void fill_around_2_63(uint64_t *keys, size_t n);
static void fill_up_to_max(uint64_t *keys, size_t n);
static void fill_geometric(uint64_t *keys, size_t n);
static void fill_above_2_53(uint64_t *keys, size_t n);
static void fill_dense_and_ends(uint64_t *keys, size_t n);
static void fill_two_slopes(uint64_t *keys, size_t n);
static void fill_clusters(uint64_t *keys, size_t n);
static void fill_growing_runs(uint64_t *keys, size_t n);
static void fill_runs_and_a_gap(uint64_t *keys, size_t n);

const struct index_keys index_keys[] = {
    {"dense", fill_dense},                   /* no gap between any two                  */
    {"every other", fill_every_other},       /* key - 1 and key + 1 are always absent   */
    {"uniform", fill_uniform},               /* the whole domain                        */
    {"short runs", fill_short_runs},         /* equal keys across node borders          */
    {"long runs", fill_long_runs},           /* equal keys across whole subtrees        */
    {"all 0", fill_all_zero},                /* nothing is below                        */
    {"all 2^64-1", fill_all_max},            /* nothing is above; looks like padding    */
    {"0 and 2^64-1", fill_both_ends},        /* differences overflow signed numbers     */
    {"same low half", fill_same_low_half},   /* a comparison of 32 bits sees no order   */
    {"same high half", fill_same_high_half}, /* a float of 24 or 53 bits sees no order  */
    {"around 2^53", fill_around_2_53},       /* doubles become inexact here             */
    {"around 2^63", fill_around_2_63},       /* signed comparisons turn over here       */
    {"up to 2^64-1", fill_up_to_max},        /* key + 1 wraps                           */
    {"geometric", fill_geometric},           /* no line fits; interpolation goes wrong  */
    {"above 2^53", fill_above_2_53},         /* neighbours are the same double          */
    {"dense and ends", fill_dense_and_ends}, /* two keys spread all others over nothing */
    {"two slopes", fill_two_slopes},         /* one line fits neither half              */
    {"clusters", fill_clusters},             /* dense where they are, and almost nowhere */
    {"growing runs", fill_growing_runs},     /* runs of 1, 2, 4, ... with a gap between */
    {"runs and a gap", fill_runs_and_a_gap}, /* the steepest line, over the widest gap      */
    {NULL, NULL},
};

size_t index_keys_count(void)
{
    return sizeof index_keys / sizeof index_keys[0] - 1;
}

static void fill_from(uint64_t *keys, size_t n, uint64_t first, uint64_t step)
{
    for (size_t i = 0; i < n; i++) {
        keys[i] = first + i * step;
    }
}

static void fill_dense(uint64_t *keys, size_t n)
{
    fill_from(keys, n, 0, 1);
}

static void fill_every_other(uint64_t *keys, size_t n)
{
    fill_from(keys, n, 1, 2);
}

static int compare_keys(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void fill_uniform(uint64_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        keys[i] = hunch__mix64(i + 1);
    }
    if (n > 1) {
        qsort(keys, n, sizeof *keys, compare_keys);
    }
}

static void fill_short_runs(uint64_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        keys[i] = i / 7 * 10;
    }
}

static void fill_long_runs(uint64_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        keys[i] = i / RUN << 40;
    }
}

static void fill_all_zero(uint64_t *keys, size_t n)
{
    fill_from(keys, n, 0, 0);
}

static void fill_all_max(uint64_t *keys, size_t n)
{
    fill_from(keys, n, UINT64_MAX, 0);
}

static void fill_both_ends(uint64_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        keys[i] = i < (n + 1) / 2 ? 0 : UINT64_MAX;
    }
}

static void fill_same_low_half(uint64_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        keys[i] = (uint64_t)i << 32 | 0x5EEDu;
    }
}

static void fill_same_high_half(uint64_t *keys, size_t n)
{
    fill_from(keys, n, UINT64_C(0xFEDCBA9800000000), 3);
}

static void fill_around_2_53(uint64_t *keys, size_t n)
{
    fill_from(keys, n, (UINT64_C(1) << 53) - n / 2, 1);
}

static void fill_around_2_63(uint64_t *keys, size_t n)
{
    fill_from(keys, n, (UINT64_C(1) << 63) - n / 2, 1);
}

static void fill_up_to_max(uint64_t *keys, size_t n)
{
    fill_from(keys, n, UINT64_MAX - n + 1, 1);
}

/* 64 times as many numbers as there are powers of two: the gaps double from one 64th to the next.
 */
static void fill_geometric(uint64_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const unsigned power = (unsigned)(i * 64 / n);
        const uint64_t inside = i * 64 % n;
        keys[i] =
            (UINT64_C(1) << power) + hunch__below(inside * (UINT64_MAX / n), UINT64_C(1) << power);
    }
}

static void fill_above_2_53(uint64_t *keys, size_t n)
{
    fill_from(keys, n, (UINT64_C(1) << 60) + 1, 1);
}

static void fill_dense_and_ends(uint64_t *keys, size_t n)
{
    fill_from(keys, n, UINT64_C(1) << 40, 1);
    if (n > 1) {
        keys[0] = 0;
        keys[n - 1] = UINT64_MAX;
    }
}

static void fill_two_slopes(uint64_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        keys[i] = i < n / 2 ? i : n / 2 + (i - n / 2) * 1000003;
    }
}

/* 300 neighbours each, at any distance. */
static void fill_clusters(uint64_t *keys, size_t n)
{
    uint64_t key = 0;
    for (size_t i = 0; i < n; i++) {
        key += i % 300 == 0 ? hunch__below(hunch__mix64(i), UINT64_MAX / (n / 300 + 2)) : 1;
        keys[i] = key;
    }
}

static void fill_growing_runs(uint64_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        keys[i] = (uint64_t)(63 - __builtin_clzll(i + 1)) * 100;
    }
}

static void fill_runs_and_a_gap(uint64_t *keys, size_t n)
{
    const size_t run = n > 3 * 4096 ? 4096 : n / 3 + 1;
    for (size_t i = 0; i < n; i++) {
        keys[i] = i < run ? 0 : i < 2 * run ? 1 : ((uint64_t)1 << 60) + 2;
    }
}
