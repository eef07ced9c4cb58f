/* A checksum for each page of the keys: so that damage has a place. */
#ifndef HUNCH_LEARNED_INDEX_PAGES_H
#define HUNCH_LEARNED_INDEX_PAGES_H

#include "internal.h"

#define HUNCH__PAGE_BYTES 65536u

struct hunch__pages {
    uint64_t *hash; /* [count], owned: XXH3-64 of each page of the section of keys */
    size_t count;
    hunch_allocator allocator;
};

/* Of keys[n] behind `lead` zeros. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__pages_new(struct hunch__pages *out, const uint64_t *keys,
                                             size_t n, size_t lead,
                                             const hunch_allocator *allocator, hunch_diag *diag);

void hunch__pages_free(struct hunch__pages *pages);

/* Compare an opened index's keys with its section of pages. Errors: ECORRUPT, diag->at is the byte
 * of the file at which the damaged page begins. */
HUNCH_MUST_USE hunch_status hunch__pages_validate(const hunch_index *index, hunch_diag *diag);

#endif
