/* Sorted key sets by name: from a file when there is one, else from a generator, and then it says
 * so. */
#ifndef HUNCH_DATASETS_DATASET_H
#define HUNCH_DATASETS_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/status.h>

#include "key_list.h"

/* A loaded set. The keys are a copy in memory of the allocator, not a mapping of the file: huge
 * pages for every contender alike, and no page fault while a look-up is timed. */
struct dataset {
    const uint64_t *keys; /* [n], ascending; never NULL */
    size_t n;
    uint64_t xxh3;        /* XXH3-64 of the keys' bytes */
    char name[64];        /* "coast_hilbert"; a file's stem */
    char note[112];       /* "" or what a figure must say of it, e.g. "generated" */
    struct key_list list; /* owns the keys */
};

/* Load the set called `name`.
 *
 * Looked for in `dir` (may be NULL), in $HUNCH_DATA and in the cache of datasets/get, each with
 * and without the subfolder index/, as NAME.u64, NAME_uint64, NAME, NAME.u32 and NAME_uint32, each
 * plain or with .zst or .gz. Four sets are expanded from a file of counts instead, which is looked
 * for under its own name: see per_second.h. A name that is no file may be a generator,
 * "cascade(0.3)", made of `n` keys. A set of the manifest that is absent is made by the generator
 * that the manifest names for it, of `n` keys or as many as the set has, and `note` says so.
 *
 * n limits a file to its first n keys, a slice that keeps the set's hardness; 0 is the whole set,
 * or for a generator its usual size. `allocator` NULL is the default; copied. On failure *out is
 * empty and may be freed. Errors: ENOENT (neither file nor generator), ECORRUPT (file damaged or
 * keys not ascending: diag->at is the offset), EIO, ENOMEM, EINVAL (a generator's parameter),
 * EUNSUPPORTED (compressed in a way that this build cannot read). */
HUNCH_MUST_USE hunch_status hunch__dataset_load(struct dataset *out, const char *name, size_t n,
                                                const char *dir, const hunch_allocator *allocator,
                                                hunch_diag *diag);

/* The same for the SOSD file at `path`, "-" for stdin, which is never replaced by a generator. */
HUNCH_MUST_USE hunch_status hunch__dataset_load_file(struct dataset *out, const char *path,
                                                     size_t n, const hunch_allocator *allocator,
                                                     hunch_diag *diag);

/* NULL and an empty set are fine. */
void hunch__dataset_free(struct dataset *set);

#endif
