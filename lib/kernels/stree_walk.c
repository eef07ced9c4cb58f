/* The rare end of a look-up in a packed node. */
#include "kernels.h"

size_t hunch__stree_walk(const struct hunch__stree *tree, size_t start, uint64_t key)
{
    /* A packed node holds 16 groups, of which the first has been searched; the bound matters only
     * where a damaged file would send us through all keys. */
    size_t end = start + 15 * HUNCH__STREE_GROUP;
    end = end < tree->n ? end : tree->n;
    while (start < end && tree->keys[start] < key) {
        start++;
    }
    return start;
}
