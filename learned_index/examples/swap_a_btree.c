/* From a B-tree of sorted keys to an index: what each call becomes. */
#include <inttypes.h>
#include <stdio.h>

#include <hunch/index.h>

int main(void)
{
    static uint64_t keys[100000]; /* std::set<uint64_t> tree(keys, keys + n): sorted already */
    const size_t n = sizeof keys / sizeof keys[0];
    for (size_t i = 0; i < n; i++) {
        keys[i] = 1700000000000 + 37 * i;
    }
    hunch_index *index;
    hunch_diag why;
    if (hunch_index_build(&index, keys, n, NULL, &why) != HUNCH_OK) {
        fprintf(stderr, "no index: %s\n", why.text);
        return 1;
    }

    size_t at = hunch_index_lower_bound(index, 1700000001000); /* tree.lower_bound(key) */
    if (at < n) {                                              /* it != tree.end() */
        printf("%" PRIu64 " is key %zu\n", keys[at], at); /* a position: values[at] is its row */
    }

    if (hunch_index_find(index, 1700000000001) == HUNCH_INDEX_NONE) { /* tree.find(key) == end() */
        printf("not there\n");
    }

    hunch_index_cursor day = hunch_index_range(index, 1700000000000, 1700000000100);
    for (uint64_t key; hunch_index_next(&day, &key);) { /* for (it = lower; it != upper; ++it) */
        printf("%" PRIu64 "\n", key);
    }
    hunch_index_free(index); /* the keys stay ours */
    return 0;
}
