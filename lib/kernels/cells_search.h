/* CELLS, compiled once for each instruction set: a line in the cell's block, a correction, and two
 * neighbouring lines of keys, of which one comparison picks one. */

TARGET static inline size_t cells_finish(const struct hunch__learned *index, size_t start,
                                         uint64_t key)
{
    const size_t rank = rank16(index->keys + start, key);
    return learned_settle(index, start, HUNCH__CELLS_WINDOW, rank, key);
}

TARGET static size_t cells_lower_bound(const struct hunch__learned *index, uint64_t key)
{
    const uint64_t distance = key - index->low;
    if (__builtin_expect(distance > index->range, 0)) {
        return key < index->low ? 0 : index->n;
    }
    const size_t start = hunch__cells_start(index, distance);
    /* The second line must not wait until the first has said whether it is needed. */
    __builtin_prefetch(index->keys + start + 8);
    return cells_finish(index, start, key);
}

TARGET static void cells_lower_bound_batch(const struct hunch__learned *index, const uint64_t *keys,
                                           size_t n, size_t width, size_t *positions)
{
    size_t start[LEARNED_RING];
    const size_t step = width / 4;
    for (size_t b = 0; b * step < n + 3 * step; b++) {
        struct hunch__span span = hunch__span_of(b, 0, step, n);
        for (size_t i = span.from; i < span.to; i++) {
            uint64_t word;
            uint64_t rest;
            const uint64_t cell =
                hunch__cell_of(&index->cells, learned_distance(index, keys[i]), &word, &rest);
            __builtin_prefetch(index->header + (cell >> HUNCH__CELLS_LINE_BITS));
            __builtin_prefetch(index->correction + cell);
        }
        span = hunch__span_of(b, 1, step, n);
        for (size_t i = span.from; i < span.to; i++) {
            const size_t at = hunch__cells_start(index, learned_distance(index, keys[i]));
            start[i % LEARNED_RING] = at;
            __builtin_prefetch(index->keys + at);
            __builtin_prefetch(index->keys + at + 8);
        }
        span = hunch__span_of(b, 3, step, n); /* the keys come from farthest, so they get two */
        for (size_t i = span.from; i < span.to; i++) {
            const uint64_t key = index->low + learned_distance(index, keys[i]);
            positions[i] =
                learned_beyond(index, keys[i], cells_finish(index, start[i % LEARNED_RING], key));
        }
    }
}
