/* BLOCKS, compiled once for each instruction set and router: the block, its line of separators, one
 * line of keys or two.
 *
 * learned_kernels.h, which includes this file three times, defines ROUTE(f), a router's function,
 * and NAME(f), a function's full name. */

/* The first key of the group that `key` belongs to, or of one a little further left where
 * separators are the same in 16 bits. The first and the last group may be short: as many keys
 * are compared all the same, since those lent by a neighbour are all < key before, none is < key
 * after.
 */
TARGET static inline size_t NAME(group)(const struct hunch__learned *index, size_t block,
                                        uint64_t key)
{
    const uint64_t *edge = index->router.edges + block;
    const unsigned scale = hunch__scale16(edge[-1], edge[0]);
    const uint16_t distance = (uint16_t)((key - edge[-1]) >> scale);
    const int16_t wanted = (int16_t)(distance ^ 0x8000u);
    const size_t rank = rank32_i16(index->separator + block * HUNCH__BLOCK_GROUPS, wanted);
    const int64_t start =
        (int64_t)((block * HUNCH__BLOCK_GROUPS + rank) << index->group_bits) - (int64_t)index->lead;
    const int64_t last = (int64_t)(index->n - ((size_t)1 << index->group_bits));
    return (size_t)(start < 0 ? 0 : start > last ? last : start);
}

TARGET static inline size_t NAME(finish)(const struct hunch__learned *index, size_t start,
                                         uint64_t key)
{
    const size_t group = (size_t)1 << index->group_bits;
    const size_t rank =
        group == 8 ? rank8(index->keys + start, key) : rank16(index->keys + start, key);
    if (__builtin_expect(rank == group, 0)) {
        return hunch__learned_walk(index, start + group, key);
    }
    return start + rank;
}

TARGET static size_t NAME(lower_bound)(const struct hunch__learned *index, uint64_t key)
{
    if (__builtin_expect(key - index->low > index->range, 0)) {
        return key < index->low ? 0 : index->n;
    }
    const struct hunch__router *router = &index->router;
    const size_t at = ROUTE(middle)(router, ROUTE(begin)(router, key), key);
    for (size_t i = 0; i < ROUTE(likely)(); i++) {
        const size_t block = route_bounded(router, at + i);
        __builtin_prefetch(index->separator + block * HUNCH__BLOCK_GROUPS);
    }
    const size_t start = NAME(group)(index, ROUTE(end)(router, at, key), key);
    /* Of two lines, the second must not wait until the first has said whether it is needed. */
    __builtin_prefetch(index->keys + start + ((size_t)1 << index->group_bits) - 1);
    return NAME(finish)(index, start, key);
}

TARGET static void NAME(lower_bound_batch)(const struct hunch__learned *index, const uint64_t *keys,
                                           size_t n, size_t width, size_t *positions)
{
    const struct hunch__router *router = &index->router;
    uint64_t key[LEARNED_RING];
    size_t at[LEARNED_RING];
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
            __builtin_prefetch(index->separator + at[slot] * HUNCH__BLOCK_GROUPS);
        }
        span = hunch__span_of(b, 3, step, n);
        for (size_t i = span.from; i < span.to; i++) {
            const size_t slot = i % LEARNED_RING;
            at[slot] = NAME(group)(index, at[slot], key[slot]);
            __builtin_prefetch(index->keys + at[slot]);
            __builtin_prefetch(index->keys + at[slot] + ((size_t)1 << index->group_bits) - 1);
        }
        span = hunch__span_of(b, 5, step, n); /* the keys come from farthest, so they get two */
        for (size_t i = span.from; i < span.to; i++) {
            const size_t slot = i % LEARNED_RING;
            positions[i] = learned_beyond(index, keys[i], NAME(finish)(index, at[slot], key[slot]));
        }
    }
}
