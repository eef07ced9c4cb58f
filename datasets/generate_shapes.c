/* Key sets that break what was built for the usual ones. */
#include "generate_shapes.h"

#include "sort.h"

#define POWERS     64
#define SLOPE_BITS 40
#define EDGES      4 /* 0, 2^53, 2^63 and 2^64 - 1 */

static uint64_t *put_run(uint64_t *to, uint64_t from, size_t n);

/* Small powers have no room for their runs: those are pushed upwards and join. */
hunch_status hunch__fill_powers(const struct generation *g)
{
    uint64_t *to = g->keys;
    uint64_t free = 0; /* the least key that no run has */
    for (size_t k = 0; k < POWERS; k++) {
        size_t run = g->n / POWERS + (k < g->n % POWERS);
        uint64_t power = (uint64_t)1 << k;
        uint64_t from = power > run / 2 ? power - run / 2 : 0;
        from = from > free ? from : free;
        to = put_run(to, from, run);
        free = run > 0 ? from + run : free;
    }
    return HUNCH_OK;
}

/* The run without gaps is on top, where a double no longer tells its keys apart. */
hunch_status hunch__fill_two_slopes(const struct generation *g)
{
    size_t wide = g->n / 2;
    uint64_t most = (UINT64_MAX - g->n) / (wide + 1);
    uint64_t gap = most < (uint64_t)1 << SLOPE_BITS ? most : (uint64_t)1 << SLOPE_BITS;
    for (size_t i = 0; i < wide; i++) {
        g->keys[i] = i * gap;
    }
    (void)put_run(g->keys + wide, wide * gap, g->n - wide);
    return HUNCH_OK;
}

/* The keys that matter most first; when there are all nine, runs around them. */
hunch_status hunch__fill_edges(const struct generation *g)
{
    static const uint64_t edges[] = {
        0,
        UINT64_MAX,
        (uint64_t)1 << 63,
        (uint64_t)1 << 53,
        ((uint64_t)1 << 63) - 1,
        ((uint64_t)1 << 53) + 1,
        1,
        ((uint64_t)1 << 53) - 1,
        ((uint64_t)1 << 63) + 1,
    };
    const size_t count = sizeof edges / sizeof edges[0];
    if (g->n < count) {
        for (size_t i = 0; i < g->n; i++) {
            g->keys[i] = edges[i];
        }
        return hunch__sort_keys(g->keys, g->n, g->allocator, g->diag);
    }
    size_t more = (g->n - count) / EDGES;
    size_t rest = (g->n - count) % EDGES;
    uint64_t *to = put_run(g->keys, 0, 2 + more + rest);
    to = put_run(to, ((uint64_t)1 << 53) - 1 - more / 2, 3 + more);
    to = put_run(to, ((uint64_t)1 << 63) - 1 - more / 2, 3 + more);
    (void)put_run(to, UINT64_MAX - more, 1 + more);
    return HUNCH_OK;
}

/* from, from + 1, ...; where the next run goes. */
static uint64_t *put_run(uint64_t *to, uint64_t from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = from + i;
    }
    return to + n;
}
