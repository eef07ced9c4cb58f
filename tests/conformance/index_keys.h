/* The key sets of the index conformance suite. */
#ifndef HUNCH_CONFORMANCE_INDEX_KEYS_H
#define HUNCH_CONFORMANCE_INDEX_KEYS_H

#include <stddef.h>
#include <stdint.h>

/* A family of sorted keys, for any n. */
struct index_keys {
    const char *name;
    /* keys[n] in ascending order; the same for the same n. */
    void (*fill)(uint64_t *keys, size_t n);
};

/* NULL name at the end. */
extern const struct index_keys index_keys[];

/* How many families there are. */
size_t index_keys_count(void);

#endif
