/* The rare end of a look-up in a packed node. */
#include "kernels.h"

size_t hunch__stree_walk(const struct hunch__stree *tree, size_t start, uint64_t key)
{
    /* A packed node holds 16 groups, of which the first has been searched; the bound matters only
     * where a damaged file would send us through all keys. */
    size_t end = start + 15 * HUNCH__STREE_GROUP;
    end = end < tree->n ? end : tree->n;
    while (start < end) {
        const size_t middle = start + (end - start) / 2;
        if (tree->keys[middle] < key) {
            start = middle + 1;
        } else {
            end = middle;
        }
    }
    return start;
}
