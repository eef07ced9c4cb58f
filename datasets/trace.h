/* Traces of requests, for caches: from a file when there is one, else from a generator, and then it
 * says so.
 *
 * The form is text: `key` or `key size` a line, decimal, in the order of arrival; all lines have a
 * size or none has. */
#ifndef HUNCH_DATASETS_TRACE_H
#define HUNCH_DATASETS_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/status.h>

#include "key_list.h"

/* A loaded trace. */
struct trace {
    const uint64_t *keys;  /* [n], as they came */
    const uint64_t *sizes; /* [n], bytes; NULL: every object is one unit */
    size_t n;
    uint64_t xxh3;                       /* XXH3-64 of keys and sizes */
    char name[64];                       /* "arc_oltp"; a file's stem */
    char note[112];                      /* "" or what a figure must say of it, e.g. "generated" */
    struct key_list key_list, size_list; /* own the arrays */
};

/* Load the trace called `name`.
 *
 * Looked for in `dir` (may be NULL), in $HUNCH_DATA and in the cache of datasets/get, each with and
 * without the subfolder traces/, as NAME.txt or NAME.trace, plain or with .zst or .gz. A name that
 * is no file may be a generator, see trace_generate.h. A trace of the manifest that is absent is
 * made by the generator that the manifest names for it, and `note` says so.
 *
 * n limits it to its first n requests; 0 is all of them. `allocator` NULL is the default; copied.
 * On failure *out is empty and may be freed. Errors: ENOENT (neither file nor generator), ECORRUPT
 * (diag->at is the line, from 1), EIO, ENOMEM, EINVAL (a generator's parameter, a folder),
 * EUNSUPPORTED (compressed in a way that this build cannot read). */
HUNCH_MUST_USE hunch_status hunch__trace_load(struct trace *out, const char *name, size_t n,
                                              const char *dir, const hunch_allocator *allocator,
                                              hunch_diag *diag);

/* The same for the file at `path`, "-" for stdin, which is never replaced by a generator. */
HUNCH_MUST_USE hunch_status hunch__trace_load_file(struct trace *out, const char *path, size_t n,
                                                   const hunch_allocator *allocator,
                                                   hunch_diag *diag);

/* Write a trace to `path`, atomically; sizes NULL: every object is one unit. Errors: as of
 * output.h.
 */
HUNCH_MUST_USE hunch_status hunch__trace_save(const char *path, const uint64_t *keys,
                                              const uint64_t *sizes, size_t n, hunch_diag *diag);

/* NULL and an empty trace are fine. */
void hunch__trace_free(struct trace *trace);

#endif
