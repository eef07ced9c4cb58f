/* A sorted array and an index over it, asked one key at a time and many at once. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <hunch/index.h>

int main(void)
{
    enum { N = 100000 };
    uint64_t *keys = malloc(N * sizeof *keys);
    if (keys == NULL) {
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < N; i++) {
        keys[i] = (uint64_t)i * i; /* ascending; equal keys would be fine too */
    }

    hunch_index *index = NULL;
    hunch_diag why;
    if (hunch_index_build(&index, keys, N, NULL, &why) != HUNCH_OK) {
        fprintf(stderr, "no index: %s\n", why.text);
        free(keys);
        return EXIT_FAILURE;
    }

    size_t at = hunch_index_lower_bound(index, 1000000);
    if (at < N) { /* N: there is none */
        printf("the first key >= 1000000 is keys[%zu] = %" PRIu64 "\n", at, keys[at]);
    }

    const uint64_t questions[] = {0, 5, 1 << 20, UINT64_MAX};
    size_t positions[4];
    hunch_index_lower_bound_batch(index, questions, 4, positions);
    for (size_t i = 0; i < 4; i++) {
        printf("%" PRIu64 " -> %zu\n", questions[i], positions[i]);
    }

    hunch_index_free(index); /* the keys stay ours */
    free(keys);
    return EXIT_SUCCESS;
}
