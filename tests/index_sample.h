/* The index that the tests of files look at. */
#ifndef HUNCH_TESTS_INDEX_SAMPLE_H
#define HUNCH_TESTS_INDEX_SAMPLE_H

#include <hunch/index.h>

#include "format_sample.h"

/* Where keys start, in words after an address that is a multiple of 128: what is saved depends on
 * it, since groups of keys lie on cache lines. */
enum { INDEX_SAMPLE_OFFSET = 3 };

/* Sorted keys. */
struct index_sample {
    uint64_t *block; /* owned */
    uint64_t *keys;  /* [n], in block; not a byte more */
    size_t n;
};

/* 0 first, 2^64-1 last, gaps of every size between, some of them none. The same for the same n. */
struct index_sample index_sample_new(size_t n, size_t offset);

/* Evenly spread, as an index with a table needs them. */
struct index_sample index_sample_new_even(size_t n, size_t offset);

void index_sample_free(struct index_sample sample);

/* An index over it, through `io` (NULL: POSIX). The path that is given is written. */
hunch_index *index_sample_build(struct index_sample sample, uint32_t node_keys, const hunch_io *io);
void index_sample_save(struct index_sample sample, uint32_t node_keys, const hunch_io *io,
                       const char *path);

/* The file of an index over it, in memory, and over n keys of index_sample_new(). */
struct sample_bytes index_sample_saved(struct index_sample sample, uint32_t node_keys);
struct sample_bytes index_sample_file(size_t n, uint32_t node_keys);

/* The file of an index over it as the options say, but for their io. */
struct sample_bytes index_sample_saved_as(struct index_sample sample,
                                          const hunch_index_options *options);

#endif
