/* What the searches of the learned forms share, compiled once for each instruction set. */

/* 1 where a < b, as a mask: no branch, whatever the compiler thinks of the odds. */
#define LESS(a, b) (-(uint64_t)((a) < (b)))

/* Distance from the first key, cut off at the ends of the range: keys beyond them are searched as
 * the first or the last. */
TARGET static inline uint64_t learned_distance(const struct hunch__learned *index, uint64_t key)
{
    const uint64_t distance = key > index->low ? key - index->low : 0;
    return distance < index->range ? distance : index->range;
}

/* The position of a key that was searched so. */
TARGET static inline size_t learned_beyond(const struct hunch__learned *index, uint64_t key,
                                           size_t position)
{
    return key > index->low && key - index->low > index->range ? index->n : position;
}

/* From a rank within a window to the position. Between the first and the last key of the window the
 * answer proves itself; at its ends the neighbours are asked, and the window may have been wrong.
 */
TARGET static inline size_t learned_settle(const struct hunch__learned *index, size_t start,
                                           size_t window, size_t rank, uint64_t key)
{
    const size_t position = start + rank;
    if (__builtin_expect(rank - 1 >= window - 1, 0)) {
        const bool low = rank > 0 || start == 0 || index->keys[start - 1] < key;
        const bool high = rank < window || position == index->n || index->keys[position] >= key;
        if (!low || !high) {
            return hunch__learned_fallback(index, position, key);
        }
    }
    return position;
}
