/* Sorting keys. */
#ifndef HUNCH_DATASETS_SORT_H
#define HUNCH_DATASETS_SORT_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/status.h>

/* Sort keys[n] ascending: least significant digit first, eight bits a pass, passes left out whose
 * digit all keys share. O(n) and n more keys of memory. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__sort_keys(uint64_t *keys, size_t n,
                                             const hunch_allocator *allocator, hunch_diag *diag);

/* Drop the repetitions of keys[n], which ascend; what is left. */
size_t hunch__drop_duplicates(uint64_t *keys, size_t n);

#endif
