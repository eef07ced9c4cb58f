/* SEGMENTS, compiled once for each instruction set and router: the node, its segment, a line, and a
 * window as wide as twice the largest error.
 *
 * learned_kernels.h, which includes this file three times, defines ROUTE(f), a router's function,
 * and NAME(f), a function's full name. */

/* Where the window of `key` begins. A segment's line starts at its boundary and is cut off where
 * the next one starts: so a key in the gap behind a segment is not sent further than its end. */
TARGET static inline size_t NAME(window)(const struct hunch__learned *index, size_t node,
                                         uint64_t key)
{
    const uint64_t *edge = index->router.edges + node;
    const unsigned scale = hunch__node_scale(edge[-1], edge[0]);
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

TARGET static inline size_t NAME(finish)(const struct hunch__learned *index, size_t start,
                                         uint64_t key)
{
    const uint64_t *keys = index->keys + start;
    size_t rank;
    if (index->search == LEARNED_COUNT) {
        rank = count_less(keys, index->window, key);
    } else {
        size_t n = index->window;
        size_t from = 0;
        while (n > 8) {
            const size_t half = n / 2;
            from += half & LESS(keys[from + half - 1], key);
            n -= half;
        }
        rank = from + count_less(keys + from, n, key);
    }
    return learned_settle(index, start, index->window, rank, key);
}

TARGET static size_t NAME(lower_bound)(const struct hunch__learned *index, uint64_t key)
{
    if (__builtin_expect(key - index->low > index->range, 0)) {
        return key < index->low ? 0 : index->n;
    }
    const struct hunch__router *router = &index->router;
    const size_t at = ROUTE(middle)(router, ROUTE(begin)(router, key), key);
    const size_t start = NAME(window)(index, ROUTE(end)(router, at, key), key);
    /* Both ends at once: halving would wait for one line after the other. */
    __builtin_prefetch(index->keys + start);
    __builtin_prefetch(index->keys + start + index->window - 1);
    return NAME(finish)(index, start, key);
}

/* Halve the windows of a block of keys together: while one probe's line comes, the others step. */
TARGET static inline void NAME(halve)(const struct hunch__learned *index, struct hunch__span span,
                                      const uint64_t *key, size_t *at, size_t *start)
{
    for (size_t i = span.from; i < span.to; i++) {
        start[i % LEARNED_RING] = at[i % LEARNED_RING];
    }
    size_t n = index->window;
    for (; n > 8; n -= n / 2) {
        const size_t half = n / 2;
        const size_t next = (n - half) / 2;
        for (size_t i = span.from; i < span.to; i++) {
            const size_t slot = i % LEARNED_RING;
            at[slot] += half & LESS(index->keys[at[slot] + half - 1], key[slot]);
            __builtin_prefetch(index->keys + at[slot] + (next > 0 ? next - 1 : 0));
        }
    }
    for (size_t i = span.from; i < span.to; i++) {
        const size_t slot = i % LEARNED_RING;
        at[slot] += count_less(index->keys + at[slot], n, key[slot]);
    }
}

TARGET static inline void NAME(prefetch_window)(const struct hunch__learned *index, size_t start)
{
    const uint64_t *keys = index->keys + start;
    if (index->window > LEARNED_WHOLE) {
        __builtin_prefetch(keys + index->window / 2 - 1);
        __builtin_prefetch(keys + index->window / 4 - 1);
        __builtin_prefetch(keys + index->window * 3 / 4 - 1);
        return;
    }
    for (size_t i = 0; i < index->window; i += 8) {
        __builtin_prefetch(keys + i);
    }
    __builtin_prefetch(keys + index->window - 1);
}

TARGET static void NAME(lower_bound_batch)(const struct hunch__learned *index, const uint64_t *keys,
                                           size_t n, size_t width, size_t *positions)
{
    const struct hunch__router *router = &index->router;
    uint64_t key[LEARNED_RING];
    size_t at[LEARNED_RING];
    size_t start[LEARNED_RING];
    const size_t step = width / 6;
    for (size_t b = 0; b * step < n + 5 * step; b++) {
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
            __builtin_prefetch(index->boundary + at[slot] * HUNCH__SEGMENT_NODE);
            __builtin_prefetch(index->segment + at[slot] * HUNCH__SEGMENT_NODE);
            __builtin_prefetch(index->segment + at[slot] * HUNCH__SEGMENT_NODE + 8);
        }
        span = hunch__span_of(b, 3, step, n);
        for (size_t i = span.from; i < span.to; i++) {
            const size_t slot = i % LEARNED_RING;
            at[slot] = NAME(window)(index, at[slot], key[slot]);
            NAME(prefetch_window)(index, at[slot]);
        }
        span = hunch__span_of(b, 5, step, n); /* the keys come from farthest, so they get two */
        NAME(halve)(index, span, key, at, start);
        for (size_t i = span.from; i < span.to; i++) {
            const size_t slot = i % LEARNED_RING;
            const size_t rank = at[slot] - start[slot];
            const size_t position =
                learned_settle(index, start[slot], index->window, rank, key[slot]);
            positions[i] = learned_beyond(index, keys[i], position);
        }
    }
}
