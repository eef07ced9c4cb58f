/* Sorting keys. */
#include "sort.h"

#include <stdbool.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"

/* Eight bits: 256 destinations are what the first-level cache and its TLB hold at once. */
#define DIGIT_BITS 8
#define DIGITS     (64 / DIGIT_BITS)
#define VALUES     (1u << DIGIT_BITS)

static bool is_sorted(const uint64_t *keys, size_t n);
static void count_digits(const uint64_t *keys, size_t n, size_t counts[DIGITS][VALUES]);
static bool is_trivial(const size_t counts[VALUES], size_t n);
static void scatter(const uint64_t *from, uint64_t *to, size_t n, unsigned shift,
                    size_t counts[VALUES]);

hunch_status hunch__sort_keys(uint64_t *keys, size_t n, const hunch_allocator *allocator,
                              hunch_diag *diag)
{
    const hunch_allocator memory = hunch__allocator_or_default(allocator);
    size_t counts[DIGITS][VALUES];
    if (is_sorted(keys, n)) {
        return HUNCH_OK;
    }
    uint64_t *scratch = hunch__alloc(&memory, n * sizeof *keys, sizeof *keys);
    if (scratch == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, n, "no memory to sort %zu keys", n);
    }
    uint64_t *from = keys;
    uint64_t *to = scratch;
    count_digits(keys, n, counts);
    for (unsigned d = 0; d < DIGITS; d++) {
        if (!is_trivial(counts[d], n)) {
            scatter(from, to, n, d * DIGIT_BITS, counts[d]);
            uint64_t *sorted = to;
            to = from;
            from = sorted;
        }
    }
    if (from != keys) {
        memcpy(keys, from, n * sizeof *keys);
    }
    hunch__free(&memory, scratch, n * sizeof *keys, sizeof *keys);
    return HUNCH_OK;
}

size_t hunch__drop_duplicates(uint64_t *keys, size_t n)
{
    size_t kept = n > 0;
    for (size_t i = 1; i < n; i++) {
        if (keys[i] != keys[kept - 1]) {
            keys[kept++] = keys[i];
        }
    }
    return kept;
}

/* Logs and files of keys are, and ten passes are saved; others show at once that they are not. */
static bool is_sorted(const uint64_t *keys, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (keys[i] < keys[i - 1]) {
            return false;
        }
    }
    return true;
}

/* All digits in one pass over the keys: the counts do not change with the order. */
static void count_digits(const uint64_t *keys, size_t n, size_t counts[DIGITS][VALUES])
{
    memset(counts, 0, DIGITS * sizeof counts[0]);
    for (size_t i = 0; i < n; i++) {
        for (unsigned d = 0; d < DIGITS; d++) {
            counts[d][(keys[i] >> (d * DIGIT_BITS)) % VALUES]++;
        }
    }
}

static bool is_trivial(const size_t counts[VALUES], size_t n)
{
    for (unsigned v = 0; v < VALUES; v++) {
        if (counts[v] != 0) {
            return counts[v] == n;
        }
    }
    return true;
}

/* Stable; `counts` become the ends of the values' places. */
static void scatter(const uint64_t *from, uint64_t *to, size_t n, unsigned shift,
                    size_t counts[VALUES])
{
    size_t at = 0;
    for (unsigned v = 0; v < VALUES; v++) {
        size_t count = counts[v];
        counts[v] = at;
        at += count;
    }
    for (size_t i = 0; i < n; i++) {
        to[counts[(from[i] >> shift) % VALUES]++] = from[i];
    }
}
