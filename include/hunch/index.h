/* hunch/index.h — find the place of a key among sorted keys.
 *
 * An index is built once over a sorted array of 64-bit keys and then answers lower_bound, one key
 * at a time or, several times faster, many at once. It takes about half a byte a key beside the
 * keys, can be saved, and is then opened by mmap in microseconds at any size.
 *
 * Use std::lower_bound or a sorted array alone below a few thousand keys, and a B-tree where keys
 * come and go: this index never changes after it is built.
 *
 * Caveats:
 * - The keys are borrowed, not copied: they must not change or go before the index does. An array
 *   that starts on a cache line and lies in huge pages is searched fastest.
 * - An opened file is mapped. Who truncates it while it is open makes the reader crash (SIGBUS), as
 *   with every mapped file. Who replaces it by rename, as hunch_index_save() does, harms nobody.
 * - hunch_index_open() checks the structure, not the contents, in time that does not depend on the
 *   size: afterwards every question is safe, but only hunch_index_validate() promises that the
 *   answers are right.
 * - After fork() both processes may go on reading.
 */
#ifndef HUNCH_INDEX_H
#define HUNCH_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/io.h>
#include <hunch/status.h>

HUNCH_API_BEGIN

/* An immutable index over sorted u64 keys. */
typedef struct hunch_index hunch_index;

/* What is searched. */
typedef enum hunch_index_kind {
    HUNCH_INDEX_AUTO = 0, /* the library's choice; so far always the S+-tree                    */
    HUNCH_INDEX_STREE = 1 /* the classic: a static tree of cache-line nodes, searched by SIMD   */
} hunch_index_kind;

/* How an index is built or opened. Zero is the default of every field; NULL options are all
 * defaults. */
typedef struct hunch_index_options {
    uint32_t struct_size; /* sizeof(hunch_index_options)                                         */
    uint32_t kind;        /* a hunch_index_kind                                                  */
    uint32_t node_keys;   /* keys a node of the S+-tree: 8 or 16; 0 = 16                         */
    uint32_t batch_width; /* most keys in flight in a batch, 16 to 128; 0 = 64                   */
    const hunch_allocator *allocator; /* NULL = hunch_allocator_default(); copied               */
    const hunch_io *io;               /* NULL = hunch_io_posix(); borrowed for the object's life */
} hunch_index_options;

/* What an index is made of. */
typedef struct hunch_index_stats {
    uint32_t struct_size; /* set by the caller: sizeof(hunch_index_stats)        */
    uint32_t kind;        /* a hunch_index_kind, never AUTO                      */
    uint64_t n;           /* keys                                                */
    uint64_t index_bytes; /* memory beside the keys, the object itself included  */
    uint32_t levels;      /* levels above the keys                               */
    uint32_t node_keys;   /* 8 or 16                                             */
    uint32_t batch_width; /* most keys in flight in a batch                      */
    uint32_t reserved;    /* zero                                                */
    const char *isa;      /* instruction set in use, see hunch_isa(); static     */
} hunch_index_stats;

/* -- make ------------------------------------------------------------------------------------ */

/* Build an index over keys[n], ascending, duplicates allowed, any values from 0 to 2^64-1; n may be
 * 0 and at most 2^38. The keys are borrowed for the object's life. On failure *out is NULL.
 * O(n / node_keys) time; it reads every key once to check the order.
 * Errors: EINVAL (keys not ascending: diag->at is the first position that is smaller than its
 * predecessor; keys not aligned to 8, or too many; an option out of range), ENOMEM, EVERSION
 * (options of a newer library).
 *                                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_build(hunch_index **out, const uint64_t *keys,
                                                        size_t n,
                                                        const hunch_index_options *options,
                                                        hunch_diag *diag);

/* -- ask: hot, cannot fail, no allocation ---------------------------------------------------- */

/* Position of the first key >= `key`, or n if there is none; of equal keys the first.
 * O(log n): one node a level.                                              Threads: immutable. */
HUNCH_API size_t hunch_index_lower_bound(const hunch_index *index, uint64_t key);

/* Position of the first key > `key`, or n if there is none.                Threads: immutable. */
HUNCH_API size_t hunch_index_upper_bound(const hunch_index *index, uint64_t key);

/* positions[i] = lower bound of keys[i] for i < n, in any order, with the cache misses of
 * `batch_width` look-ups overlapping. keys and positions are borrowed for the call and must not
 * overlap.                                                                 Threads: immutable. */
HUNCH_API void hunch_index_lower_bound_batch(const hunch_index *index, const uint64_t *keys,
                                             size_t n, size_t *positions);

/* Number of keys.                                                          Threads: immutable. */
HUNCH_API size_t hunch_index_count(const hunch_index *index);

/* The sorted keys themselves, [count]; valid as long as the index.         Threads: immutable. */
HUNCH_API const uint64_t *hunch_index_keys(const hunch_index *index);

/* -- look inside ----------------------------------------------------------------------------- */

/* Fill *stats, whose struct_size the caller has set. On return struct_size says how many bytes were
 * filled: the smaller of the caller's struct and the library's.            Threads: immutable. */
HUNCH_API void hunch_index_read_stats(const hunch_index *index, hunch_index_stats *stats);

/* -- keep ------------------------------------------------------------------------------------ */

/* Write keys and index to `path`, atomically: under another name, synced, renamed. Afterwards
 * `path` is the old file or the new one, whatever happened; the new one even after an EIO, if only
 * the folder could not be synced. What is replaced is the name: a link, or the old file's owner and
 * mode, are not kept. The format is lib/format/README.md.
 * Errors: EIO, ENOMEM, ENOENT (no such folder), EUNSUPPORTED (big-endian machine).
 *                                                                          Threads: immutable. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_save(const hunch_index *index, const char *path,
                                                       hunch_diag *diag);

/* Open a saved index by mapping it: O(1), nothing is copied. Of `options`, kind and node_keys are
 * ignored: the file has its own. On failure *out is NULL.
 * Errors: ENOENT, EIO, ENOMEM, EVERSION, ECORRUPT (what and where in diag), EINVAL (options, or a
 * file of another kind), EUNSUPPORTED (big-endian machine).
 *                                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_open(hunch_index **out, const char *path,
                                                       const hunch_index_options *options,
                                                       hunch_diag *diag);

/* The same over a file's contents in memory: bytes[n], aligned to 64, borrowed for the object's
 * life. On failure *out is NULL. Errors: as hunch_index_open(), and EINVAL for a wrong alignment.
 *                                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_open_bytes(hunch_index **out, const void *bytes,
                                                             size_t n,
                                                             const hunch_index_options *options,
                                                             hunch_diag *diag);

/* Check everything: checksums, the order of the keys, every node of the tree. O(n). OK means that
 * every answer is right.
 * Errors: ECORRUPT with the reason and the place in diag.                  Threads: immutable. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_validate(const hunch_index *index,
                                                           hunch_diag *diag);

/* -- end ------------------------------------------------------------------------------------- */

/* Release the index; NULL is fine. The keys stay the caller's.              Threads: confined. */
HUNCH_API void hunch_index_free(hunch_index *index);

HUNCH_API_END

#endif
