/* The search of a static S+-tree, compiled once for each instruction set and node size.
 *
 * stree_kernels.h, which includes this file twice, defines STREE_KEYS, the keys of a node (B: 8 or
 * 16), STREE_RANK, the rank function of such a node, and STREE_NAME(f), a function's full name;
 * this file undefines them.
 *
 * Source: the S+-tree of Algorithmica, "Static B-trees" (Slotin 2022), and batches with prefetch
 * after R. Groot Koerkamp, "Static search trees" (2024). learned_index/README.md says what differs
 * and why each step is exact. */

#define STREE_GROUP HUNCH__STREE_GROUP
/* Keys that a batch may have on their way: more than the widest batch, and a power of two. */
#define STREE_RING  256

/* From the root to the node of `level` that key q belongs to, as the index of its first entry. The
 * last entry of a node need not be looked at: q is not larger, or it would not be here. No bound is
 * needed either: depth d leads to a node < B^d, whatever the entries are, and the lowest level
 * alone has more nodes than any level above it can lead to. */
TARGET static inline size_t STREE_NAME(descend)(const struct hunch__stree *tree, uint32_t level,
                                                uint64_t q)
{
    size_t at = 0;
    for (uint32_t l = 0; l < level; l++) {
        at = (at + STREE_RANK(tree->level[l] + at, q)) * STREE_KEYS;
    }
    return at;
}

/* The entry of the lowest level that key q belongs to, among the B that start at `at`. At most one
 * past the level, where a packed node of no keys waits. */
TARGET static inline size_t STREE_NAME(lowest_entry)(const struct hunch__stree *tree, size_t at,
                                                     uint64_t q)
{
    const uint64_t *window = tree->lowest + at;
    size_t rank = rank8(window, q);
#if STREE_KEYS == 16
    rank += rank8(window + 8, q);
#endif
    return at + rank;
}

/* Where the keys of a group start. The first and the last group may be short: eight keys are
 * counted all the same, since those lent by a neighbour are all < q before, none is < q after. */
TARGET static inline size_t STREE_NAME(group_start)(const struct hunch__stree *tree, size_t group)
{
    const size_t start = group * STREE_GROUP - tree->lead;
    if (__builtin_expect(start <= tree->n - STREE_GROUP, 1)) {
        return start;
    }
    return group == 0 ? 0 : tree->n - STREE_GROUP;
}

#if STREE_KEYS == 16
/* Key q as the packed node below an entry of the lowest level keeps its separators. It fits in 32
 * bits unless q is larger than all keys, and then no separator is compared. */
TARGET static inline uint32_t STREE_NAME(packed_key)(const struct hunch__stree *tree, size_t entry,
                                                     uint64_t q)
{
    const uint64_t low = (tree->lowest + entry)[-1];
    const uint64_t high = tree->lowest[entry];
    return q > low ? (uint32_t)((q - low) >> hunch__scale32(low, high)) : 0;
}

TARGET static inline size_t STREE_NAME(packed_start)(const struct hunch__stree *tree, size_t entry,
                                                     uint32_t packed_key)
{
    const size_t group = entry * STREE_KEYS;
    return STREE_NAME(group_start)(tree, group + rank_packed(tree->packed + group, packed_key));
}
#endif

/* The lowest level's first entry to look at for key q: from the table if it knows, else from the
 * root. */
TARGET static inline size_t STREE_NAME(window)(const struct hunch__stree *tree, uint64_t q)
{
#if STREE_KEYS == 16
    const uint64_t distance = q - tree->table_low;
    if (__builtin_expect(distance <= tree->table_range, 1)) {
        const size_t window = tree->table[distance >> tree->table_shift];
        if (__builtin_expect(window <= tree->last_window, 1)) {
            return window;
        }
    }
#endif
    const size_t at = STREE_NAME(descend)(tree, tree->levels - 1, q);
    return at < tree->last_window ? at : tree->last_window;
}

/* The position in the group that starts at `start`. Of an unsure packed node (1, else 0) the group
 * may lie too far to the left, and then all its keys are < q. */
TARGET static inline size_t STREE_NAME(finish)(const struct hunch__stree *tree, size_t start,
                                               uint32_t unsure, uint64_t q)
{
    const size_t rank = rank8(tree->keys + start, q);
    if (STREE_KEYS == 16 && __builtin_expect(rank + unsure > STREE_GROUP, 0)) {
        return hunch__stree_walk(tree, start + STREE_GROUP, q);
    }
    return start + rank;
}

TARGET static size_t STREE_NAME(lower_bound)(const struct hunch__stree *tree, uint64_t key)
{
    if (tree->levels == 0) {
        return count_less(tree->keys, tree->n, key);
    }
    const size_t entry = STREE_NAME(lowest_entry)(tree, STREE_NAME(window)(tree, key), key);
#if STREE_KEYS == 16
    const uint32_t packed_key = STREE_NAME(packed_key)(tree, entry, key);
    const size_t start = STREE_NAME(packed_start)(tree, entry, packed_key);
    return STREE_NAME(finish)(tree, start, hunch__stree_unsure(tree, entry), key);
#else
    return STREE_NAME(finish)(tree, STREE_NAME(group_start)(tree, entry), 0, key);
#endif
}

/* -- batches: blocks of keys go through stages, a stage behind each other, as in a pipeline. While
 * the lines that one stage of a block asked for arrive, the others compute. -------------------- */

/* What the stages hand on, by position in the batch modulo STREE_RING. */
struct STREE_NAME(flight) {
    size_t at[STREE_RING];       /* first entry of a node, then entry, then start of a group */
    uint32_t packed[STREE_RING]; /* the key as packed, then whether the node is unsure */
};

/* Entries asked for: a window of the table need not start on a line. */
TARGET static inline void STREE_NAME(prefetch)(const uint64_t *entries)
{
    __builtin_prefetch(entries);
#if STREE_KEYS == 16
    __builtin_prefetch(entries + 8);
    __builtin_prefetch(entries + 15);
#endif
}

/* The keys themselves are asked into the second cache: the first has few lines to wait with. */
TARGET static inline void STREE_NAME(prefetch_group)(const uint64_t *group)
{
    __builtin_prefetch(group, 0, 2);
}

TARGET static inline void STREE_NAME(stage_top)(const struct hunch__stree *tree,
                                                const uint64_t *keys, struct hunch__span span,
                                                uint32_t level, struct STREE_NAME(flight) * flight)
{
    for (size_t i = span.from; i < span.to; i++) {
        const size_t at = level + 1 == tree->levels ? STREE_NAME(window)(tree, keys[i])
                                                    : STREE_NAME(descend)(tree, level, keys[i]);
        flight->at[i % STREE_RING] = at;
        STREE_NAME(prefetch)(tree->level[level] + at);
    }
}

TARGET static inline void STREE_NAME(stage_level)(const struct hunch__stree *tree,
                                                  const uint64_t *keys, struct hunch__span span,
                                                  uint32_t level,
                                                  struct STREE_NAME(flight) * flight)
{
    for (size_t i = span.from; i < span.to; i++) {
        size_t *at = &flight->at[i % STREE_RING];
        *at = (*at + STREE_RANK(tree->level[level] + *at, keys[i])) * STREE_KEYS;
        STREE_NAME(prefetch)(tree->level[level + 1] + *at);
    }
}

TARGET static inline void STREE_NAME(stage_lowest)(const struct hunch__stree *tree,
                                                   const uint64_t *keys, struct hunch__span span,
                                                   struct STREE_NAME(flight) * flight)
{
    for (size_t i = span.from; i < span.to; i++) {
        size_t *at = &flight->at[i % STREE_RING];
        *at = *at < tree->last_window ? *at : tree->last_window;
        *at = STREE_NAME(lowest_entry)(tree, *at, keys[i]);
#if STREE_KEYS == 16
        flight->packed[i % STREE_RING] = STREE_NAME(packed_key)(tree, *at, keys[i]);
        __builtin_prefetch(tree->packed + *at * STREE_KEYS);
#else
        *at = STREE_NAME(group_start)(tree, *at);
        flight->packed[i % STREE_RING] = 0;
        STREE_NAME(prefetch_group)(tree->keys + *at);
#endif
    }
}

#if STREE_KEYS == 16
TARGET static inline void STREE_NAME(stage_packed)(const struct hunch__stree *tree,
                                                   struct hunch__span span,
                                                   struct STREE_NAME(flight) * flight)
{
    for (size_t i = span.from; i < span.to; i++) {
        size_t *at = &flight->at[i % STREE_RING];
        uint32_t *packed = &flight->packed[i % STREE_RING];
        const size_t entry = *at;
        *at = STREE_NAME(packed_start)(tree, entry, *packed);
        *packed = hunch__stree_unsure(tree, entry);
        STREE_NAME(prefetch_group)(tree->keys + *at);
    }
}
#endif

TARGET static inline void STREE_NAME(stage_finish)(const struct hunch__stree *tree,
                                                   const uint64_t *keys, struct hunch__span span,
                                                   const struct STREE_NAME(flight) * flight,
                                                   size_t *positions)
{
    for (size_t i = span.from; i < span.to; i++) {
        const size_t slot = i % STREE_RING;
        positions[i] = STREE_NAME(finish)(tree, flight->at[slot], flight->packed[slot], keys[i]);
    }
}

TARGET static void STREE_NAME(lower_bound_batch)(const struct hunch__stree *tree,
                                                 const uint64_t *keys, size_t n, size_t width,
                                                 size_t *positions)
{
    struct STREE_NAME(flight) flight;
    if (tree->levels == 0) {
        for (size_t i = 0; i < n; i++) {
            positions[i] = count_less(tree->keys, tree->n, keys[i]);
        }
        return;
    }
    const uint32_t lowest = tree->levels - 1;
    const uint32_t top = hunch__stree_top(tree);
    /* Blocks that a stage lags behind the first: the keys come from farthest, so they get two. */
    const size_t lag_lowest = lowest - top + 1;
    const size_t lag_packed = lag_lowest + (STREE_KEYS == 16);
    const size_t lag_finish = lag_packed + 2;
    const size_t step = width / (lag_finish + 1);
    for (size_t b = 0; b * step < n + lag_finish * step; b++) {
        STREE_NAME(stage_top)(tree, keys, hunch__span_of(b, 0, step, n), top, &flight);
        for (uint32_t l = top; l < lowest; l++) {
            STREE_NAME(stage_level)
            (tree, keys, hunch__span_of(b, l - top + 1, step, n), l, &flight);
        }
        STREE_NAME(stage_lowest)(tree, keys, hunch__span_of(b, lag_lowest, step, n), &flight);
#if STREE_KEYS == 16
        STREE_NAME(stage_packed)(tree, hunch__span_of(b, lag_packed, step, n), &flight);
#endif
        STREE_NAME(stage_finish)
        (tree, keys, hunch__span_of(b, lag_finish, step, n), &flight, positions);
    }
}

#undef STREE_GROUP
#undef STREE_RING
#undef STREE_KEYS
#undef STREE_RANK
#undef STREE_NAME
