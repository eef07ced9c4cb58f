/* SEGMENTS, compiled once for each instruction set and router: the node, its segment, a line, and a
 * window as wide as the errors that were found when it was built.
 *
 * learned_kernels.h, which includes this file three times, defines ROUTE(f), a router's function,
 * and NAME(f), a function's full name. */

/* Where the window of `key` begins. A segment's line starts at its boundary and is cut off where
 * the next one starts: so a key in the gap behind a segment is not sent further than its end. */
TARGET static inline size_t NAME(window)(const struct hunch__learned *index, size_t node,
                                         uint64_t key)
{
    const uint64_t *edge = index->router.edges + node;
    const unsigned scale = hunch__scale32(edge[-1], edge[0]);
    const uint64_t distance = key - edge[-1];
    const int32_t wanted = (int32_t)((uint32_t)(distance >> scale) ^ 0x80000000u);
    const int32_t *boundary = index->boundary + node * HUNCH__SEGMENT_NODE;
    const size_t rank = rank15_i32(boundary, wanted);
    /* A boundary is one less than the distance at which the segment right of it begins. */
    const uint64_t begun =
        rank == 0 ? 0 : ((uint64_t)((uint32_t)boundary[rank - 1] ^ 0x80000000u) + 1) << scale;
    const uint64_t *segment = index->segment + node * HUNCH__SEGMENT_NODE + rank;
    const uint64_t x = distance > begun ? distance - begun : 0;
    const uint64_t end = hunch__line_from(segment[1]);
    uint64_t at = hunch__line_at(segment[0], x);
    at = at < end ? at : end;
    at = at > index->error ? at - index->error : 0;
    const uint64_t last = index->n - index->window;
    return at < last ? at : last;
}

/* Ask for a node's segments: which of them is needed its boundaries tell, but not before they have
 * come. */
TARGET static inline void NAME(fetch_segments)(const struct hunch__learned *index, size_t node)
{
    __builtin_prefetch(index->segment + node * HUNCH__SEGMENT_NODE);
    __builtin_prefetch(index->segment + node * HUNCH__SEGMENT_NODE + 8);
}

TARGET static inline void NAME(fetch_node)(const struct hunch__learned *index, size_t node)
{
    __builtin_prefetch(index->boundary + node * HUNCH__SEGMENT_NODE);
    NAME(fetch_segments)(index, node);
}

/* Ask for the lines of keys[n]. */
TARGET static inline void NAME(fetch_all)(const uint64_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i += 8) {
        __builtin_prefetch(keys + i);
    }
    __builtin_prefetch(keys + n - 1);
}

TARGET static inline size_t NAME(finish)(const struct hunch__learned *index, size_t start,
                                         uint64_t key)
{
    const uint64_t *keys = index->keys + start;
    size_t n = index->window;
    /* Three probes settle two halvings, and their lines come together. */
    while (n > LEARNED_WHOLE && index->search != LEARNED_COUNT) {
        const size_t half = n / 2;
        const size_t quarter = (n - half) / 2;
        __builtin_prefetch(keys + quarter - 1);
        __builtin_prefetch(keys + half + quarter - 1);
        keys += half & LESS(keys[half - 1], key);
        keys += quarter & LESS(keys[quarter - 1], key);
        n -= half + quarter;
    }
    NAME(fetch_all)(keys, n);
    while (n > LEARNED_FEW && index->search != LEARNED_COUNT) {
        const size_t half = n / 2;
        keys += half & LESS(keys[half - 1], key);
        n -= half;
    }
    const size_t rank = (size_t)(keys - index->keys) - start + count_less(keys, n, key);
    return learned_settle(index, start, index->window, rank, key);
}

TARGET static size_t NAME(lower_bound)(const struct hunch__learned *index, uint64_t key)
{
    if (__builtin_expect(key - index->low > index->range, 0)) {
        return key < index->low ? 0 : index->n;
    }
    const struct hunch__router *router = &index->router;
    const size_t at = ROUTE(middle)(router, ROUTE(begin)(router, key), key);
    for (size_t i = 0; i < ROUTE(likely)(); i++) {
        NAME(fetch_node)(index, route_bounded(router, at + i));
    }
    const size_t node = ROUTE(end)(router, at, key);
    if (ROUTE(likely)() == 0) {
        NAME(fetch_segments)(index, node);
    }
    return NAME(finish)(index, NAME(window)(index, node, key), key);
}

/* Ask for what is compared next with a key whose place is among keys[n]. */
TARGET static inline void NAME(fetch_next)(const uint64_t *keys, size_t n)
{
    if (n > LEARNED_FEW) {
        __builtin_prefetch(keys + n / 2 - 1);
    } else {
        NAME(fetch_all)(keys, n);
    }
}

/* Halvings until few keys of the window are left: as many for every key. */
TARGET static inline size_t NAME(halvings)(const struct hunch__learned *index)
{
    size_t halvings = 0;
    for (size_t n = index->window; n > LEARNED_FEW; n -= n / 2) {
        halvings++;
    }
    return halvings;
}

/* Each halving is a stage of its own: memory delivers a line for each, which is fewer than single
 * look-ups ask for, and while they come other keys step. */
TARGET static void NAME(lower_bound_batch)(const struct hunch__learned *index, const uint64_t *keys,
                                           size_t n, size_t width, size_t *positions)
{
    const struct hunch__router *router = &index->router;
    uint64_t key[LEARNED_RING];
    size_t at[LEARNED_RING];
    size_t start[LEARNED_RING];
    const size_t lags = 5 + NAME(halvings)(index);
    const size_t step = width > lags ? width / (lags + 1) : 1;
    for (size_t b = 0; b * step < n + lags * step; b++) {
        struct hunch__span span = hunch__span_of(b, 0, step, n);
        for (size_t i = span.from; i < span.to; i++) {
            const size_t slot = i % LEARNED_RING;
            key[slot] = index->low + learned_distance(index, keys[i]);
            at[slot] = ROUTE(begin)(router, key[slot]);
            ROUTE(fetch)(router, at[slot]);
        }
        span = hunch__span_of(b, 1, step, n);
        for (size_t i = span.from; i < span.to; i++) {
            const size_t slot = i % LEARNED_RING;
            at[slot] = ROUTE(middle)(router, at[slot], key[slot]);
        }
        span = hunch__span_of(b, 2, step, n);
        for (size_t i = span.from; i < span.to; i++) {
            const size_t slot = i % LEARNED_RING;
            at[slot] = ROUTE(end)(router, at[slot], key[slot]);
            NAME(fetch_node)(index, at[slot]);
        }
        span = hunch__span_of(b, 3, step, n);
        for (size_t i = span.from; i < span.to; i++) {
            const size_t slot = i % LEARNED_RING;
            at[slot] = start[slot] = NAME(window)(index, at[slot], key[slot]);
            NAME(fetch_next)(index->keys + at[slot], index->window);
        }
        size_t left = index->window;
        for (size_t lag = 4; left > LEARNED_FEW; lag++) {
            const size_t half = left / 2;
            left -= half;
            span = hunch__span_of(b, lag, step, n);
            for (size_t i = span.from; i < span.to; i++) {
                const size_t slot = i % LEARNED_RING;
                at[slot] += half & LESS(index->keys[at[slot] + half - 1], key[slot]);
                NAME(fetch_next)(index->keys + at[slot], left);
            }
        }
        span = hunch__span_of(b, lags, step, n); /* the last lines get two */
        for (size_t i = span.from; i < span.to; i++) {
            const size_t slot = i % LEARNED_RING;
            const size_t rank =
                at[slot] - start[slot] + count_less(index->keys + at[slot], left, key[slot]);
            const size_t position =
                learned_settle(index, start[slot], index->window, rank, key[slot]);
            positions[i] = learned_beyond(index, keys[i], position);
        }
    }
}
