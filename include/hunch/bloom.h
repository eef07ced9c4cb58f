/* hunch/bloom.h — draft, compiled but not installed: is this key perhaps in the set?
 *
 * A filter is built once over a set of keys, answers "certainly not" or "perhaps", and is wrong in
 * the second answer only, at a rate that is asked for. Given examples of keys that are asked for
 * but absent, it learns to tell the two apart and needs fewer bits than any filter that does not
 * look; without them, or where that does not pay, it is the best classic filter for the size.
 *
 * Use a hash set when the keys themselves are at hand in fast memory, and nothing at all when
 * nearly every question is about a key of the set.
 *
 * Caveats:
 * - The promised rate holds for questions like those that the filter was calibrated with. Whatever
 *   is asked, it stays below `fpr_cap` when that is set.
 * - Keys are not kept: a filter cannot list them, and a key once built in cannot be taken out.
 * - Who knows the secret can find keys that are wrongly "perhaps"; it is in the saved file.
 * - An opened file is mapped. Who truncates it while it is open makes the reader crash (SIGBUS), as
 *   with every mapped file.
 * - After fork() both processes may go on asking.
 */
#ifndef HUNCH_BLOOM_H
#define HUNCH_BLOOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/io.h>
#include <hunch/status.h>

HUNCH_API_BEGIN

/* A filter: the keys' traces, and perhaps a model. */
typedef struct hunch_bloom hunch_bloom;

/* What a filter consists of. */
typedef enum hunch_bloom_kind {
    HUNCH_BLOOM_AUTO = 0,    /* the smallest that keeps the rate, model counted               */
    HUNCH_BLOOM_BLOCKED = 1, /* classic: one cache line a question; takes insertions          */
    HUNCH_BLOOM_FUSE = 2,    /* classic: three probes, about 1.13 times the bound; immutable  */
    HUNCH_BLOOM_RIBBON = 3,  /* classic: about 1.03 times the bound, slower; immutable        */
    HUNCH_BLOOM_LEARNED = 4  /* a model in front of a classic filter for each range of scores */
} hunch_bloom_kind;

/* Byte strings, one after another. Key i is bytes[offsets[i]] up to bytes[offsets[i + 1]], or, when
 * offsets is NULL, the `width` bytes from bytes[i * width]. */
typedef struct hunch_bloom_keys {
    uint32_t struct_size;    /* sizeof(hunch_bloom_keys)                              */
    uint32_t width;          /* bytes of each key when offsets is NULL                */
    const void *bytes;       /* borrowed for the call                                 */
    const uint64_t *offsets; /* [n + 1], ascending; borrowed; NULL = all of one width */
    size_t n;                /* keys; duplicates count once                           */
} hunch_bloom_keys;

/* How a filter is built or opened. Zero is the default of every field; NULL options are all
 * defaults. */
typedef struct hunch_bloom_options {
    uint32_t struct_size; /* sizeof(hunch_bloom_options)                                          */
    uint32_t kind;        /* a hunch_bloom_kind                                                   */
    double fpr;           /* wanted share of absent keys answered "perhaps"; 0 = 0.01             */
    double fpr_cap;       /* the same for any questions whatever; 0 = no cap                      */
    double byte_price_ns; /* of a byte of the filter, a question; 0 = only size counts            */
    uint64_t room;        /* keys to be inserted later; 0 = none                                  */
    uint64_t seed;        /* of the secret and of training; 0 is a seed like any other            */
    const hunch_bloom_keys *train;     /* absent keys to learn from; NULL = classic; borrowed     */
    const hunch_bloom_keys *calibrate; /* others, to set the rates by; NULL = a part of train     */
    const hunch_allocator *allocator;  /* NULL = hunch_allocator_default(); copied                */
    const hunch_io *io;                /* NULL = hunch_io_posix(); borrowed for the object's life */
} hunch_bloom_options;

/* What a filter is made of. */
typedef struct hunch_bloom_stats {
    uint32_t struct_size;    /* set by the caller: sizeof(hunch_bloom_stats)    */
    uint32_t kind;           /* a hunch_bloom_kind, never AUTO                  */
    uint64_t n;              /* distinct keys built in or inserted              */
    uint64_t bloom_bytes;    /* memory, model and object included               */
    uint64_t model_bytes;    /* of these, the model's                           */
    double fpr;              /* expected for questions like the calibration's   */
    double fpr_upper95;      /* upper end of its 95 % confidence interval       */
    uint64_t reported;       /* outcomes told by hunch_bloom_reward()           */
    uint64_t reported_false; /* of these, wrong answers                         */
    const char *isa;         /* instruction set in use, see hunch_isa(); static */
} hunch_bloom_stats;

/* -- make ------------------------------------------------------------------------------------ */

/* Build a filter over `keys`, borrowed for the call and not changed; n may be 0. On failure *out is
 * NULL. O(n) time and memory for the classic kinds, a few passes over keys and training set else.
 * Errors: EINVAL (an option out of range; offsets not ascending: diag->at is the position), ENOMEM,
 * EVERSION (options or keys of a newer library).                            Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_bloom_build(hunch_bloom **out,
                                                        const hunch_bloom_keys *keys,
                                                        const hunch_bloom_options *options,
                                                        hunch_diag *diag);

/* -- ask: hot, cannot fail, no allocation ---------------------------------------------------- */

/* False: key[bytes] is certainly not in the set. True: it is, or the filter errs. The key is
 * borrowed for the call.                                                   Threads: immutable. */
HUNCH_API bool hunch_bloom_may_contain(const hunch_bloom *bloom, const void *key, size_t bytes);

/* Bit i of answers[ceil(n / 64)] = the answer for key i, with the cache misses of many questions
 * overlapping; the bits from n on are 0. keys and answers must not overlap.
 *                                                                          Threads: immutable. */
HUNCH_API void hunch_bloom_may_contain_batch(const hunch_bloom *bloom, const hunch_bloom_keys *keys,
                                             uint64_t *answers);

/* Number of distinct keys.                                                 Threads: immutable. */
HUNCH_API size_t hunch_bloom_count(const hunch_bloom *bloom);

/* -- tell ------------------------------------------------------------------------------------ */

/* Add key[bytes], within the `room` that was asked for. Questions go on undisturbed.
 * Errors: ELIMIT (no room left), EUNSUPPORTED (an immutable kind, an opened file).
 *                                                                         Threads: one-writer. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_bloom_insert(hunch_bloom *bloom, const void *key,
                                                         size_t bytes);

/* Say how a "perhaps" turned out: whether key[bytes] was there. Counts, so that a rate that drifts
 * away is seen; the answers do not change.                                    Threads: shared. */
HUNCH_API void hunch_bloom_reward(hunch_bloom *bloom, const void *key, size_t bytes, bool present);

/* -- look inside ----------------------------------------------------------------------------- */

/* Fill *stats, whose struct_size the caller has set. On return struct_size says how many bytes were
 * filled: the smaller of the caller's struct and the library's.               Threads: shared. */
HUNCH_API void hunch_bloom_read_stats(const hunch_bloom *bloom, hunch_bloom_stats *stats);

/* -- keep ------------------------------------------------------------------------------------ */

/* Write the filter to `path`, atomically: under another name, synced, renamed. The format is
 * lib/format/README.md. Errors: EIO, ENOENT (no such folder), ENOMEM.      Threads: immutable. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_bloom_save(const hunch_bloom *bloom, const char *path,
                                                       hunch_diag *diag);

/* Open a saved filter by mapping it: O(1), nothing is copied. Of `options`, what says how to build
 * is ignored: the file has its own. On failure *out is NULL.
 * Errors: ENOENT, EIO, ENOMEM, EVERSION, ECORRUPT (what and where in diag), EINVAL (options).
 *                                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_bloom_open(hunch_bloom **out, const char *path,
                                                       const hunch_bloom_options *options,
                                                       hunch_diag *diag);

/* The same over a file's contents in memory: bytes[n], aligned to 64, borrowed for the object's
 * life. On failure *out is NULL. Errors: as hunch_bloom_open(), and EINVAL for a wrong alignment.
 *                                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_bloom_open_bytes(hunch_bloom **out, const void *bytes,
                                                             size_t n,
                                                             const hunch_bloom_options *options,
                                                             hunch_diag *diag);

/* Check everything: checksums, the model's ranges, the shape of every part. O(bloom_bytes). OK
 * means that no key that was built in is answered "not".
 * Errors: ECORRUPT with the reason and the place in diag.                  Threads: immutable. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_bloom_validate(const hunch_bloom *bloom,
                                                           hunch_diag *diag);

/* -- end ------------------------------------------------------------------------------------- */

/* Release the filter; NULL is fine.                                         Threads: confined. */
HUNCH_API void hunch_bloom_free(hunch_bloom *bloom);

HUNCH_API_END

#endif
