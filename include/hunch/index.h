/* hunch/index.h — find the place of a key among sorted keys.
 *
 * An index is built once over a sorted array of 64-bit keys, signed, unsigned or double, and then
 * answers lower_bound, one key at a time or, several times faster, many at once. It learns how the
 * keys are spread: by default it tries a few forms on the keys, times them, and keeps the fastest
 * that fits the budget, or one that is hardly slower and clearly smaller. It takes 0.01 to 0.6
 * bytes a key beside the keys, can be saved, and is then opened by mmap in microseconds at any
 * size.
 *
 * Use std::lower_bound or a sorted array alone below a few thousand keys, and a B-tree where keys
 * come and go: this index never changes after it is built.
 *
 * Caveats:
 * - The keys are borrowed, not copied, but for those of hunch_index_build_i64() and _f64(): they
 *   must not change or go before the index does. An array that starts on a cache line and lies in
 *   huge pages is searched fastest.
 * - Answers are exact whatever the form: a model only says where to look, and what it says is
 *   checked. Of equal keys the first is the lower bound.
 * - Doubles: -0 equals 0, all NaNs are one key, larger than infinity.
 * - An opened file is mapped. Who truncates it or writes into it while it is open makes the reader
 *   crash or worse, as with every mapped file. Who replaces it by rename, as hunch_index_save()
 *   does, harms nobody.
 * - hunch_index_open() checks the structure, not the contents, in time that does not depend on the
 *   size. Answers are then checked one by one against the keys, so that a model that lies costs
 *   time, never rightness; only keys that are not sorted, which hunch_index_validate() and the
 *   option `verify` find, make them meaningless. Only `verify` makes the index trust its model,
 *   and as fast as one that was built here.
 * - After fork() both processes may go on reading.
 */
#ifndef HUNCH_INDEX_H
#define HUNCH_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/choice.h>
#include <hunch/io.h>
#include <hunch/status.h>

HUNCH_API_BEGIN

/* An immutable index over sorted keys. */
typedef struct hunch_index hunch_index;

/* What is searched. learned_index/README.md draws each. */
typedef enum hunch_index_kind {
    HUNCH_INDEX_AUTO = 0,    /* the library's choice, see `budget_bytes` and `workload`           */
    HUNCH_INDEX_STREE = 1,   /* the classic: a static tree of cache-line nodes, no model          */
    HUNCH_INDEX_CELLS = 2,   /* cells of equal width, a line and byte-wide corrections in each    */
    HUNCH_INDEX_BLOCKS = 3,  /* blocks of keys with 32 separators of 16 bits; a router            */
    HUNCH_INDEX_SEGMENTS = 4 /* the fewest lines that err by at most `eps`: smallest; a router    */
} hunch_index_kind;

/* How the block or segment of a key is found. */
typedef enum hunch_index_router {
    HUNCH_INDEX_ROUTER_AUTO = 0,  /* the library's choice                                         */
    HUNCH_INDEX_ROUTER_CELLS = 1, /* a radix table whose cells are divided where keys are dense   */
    HUNCH_INDEX_ROUTER_TREE = 2,  /* an S+-tree                                                   */
    HUNCH_INDEX_ROUTER_LINES = 3  /* a further level of lines                                     */
} hunch_index_router;

/* What the keys were before they were mapped to u64. It changes no answer; a file tells it to who
 * opens it. */
typedef enum hunch_index_key_type {
    HUNCH_INDEX_U64 = 0, /* as they are, or unknown  */
    HUNCH_INDEX_I64 = 1, /* hunch_key_from_i64()     */
    HUNCH_INDEX_F64 = 2  /* hunch_key_from_f64()     */
} hunch_index_key_type;

/* How the window of a line is searched. */
typedef enum hunch_index_search {
    HUNCH_INDEX_SEARCH_AUTO = 0,  /* by the width of the window                  */
    HUNCH_INDEX_SEARCH_HALVE = 1, /* halving without branches down to 16 keys    */
    HUNCH_INDEX_SEARCH_COUNT = 2  /* every key of the window is compared at once */
} hunch_index_search;

/* What AUTO makes fast. */
typedef enum hunch_index_workload {
    HUNCH_INDEX_MIXED = 0,  /* single look-ups and batches alike */
    HUNCH_INDEX_SINGLE = 1, /* hunch_index_lower_bound()         */
    HUNCH_INDEX_BATCHED = 2 /* hunch_index_lower_bound_batch()   */
} hunch_index_workload;

/* How an index is built or opened. Zero is the default of every field; NULL options are all
 * defaults. */
typedef struct hunch_index_options {
    uint32_t struct_size; /* sizeof(hunch_index_options)                                         */
    uint32_t kind;        /* a hunch_index_kind                                                  */
    uint32_t node_keys;   /* keys a node of the S+-tree: 8 or 16; 0 = 16. With AUTO: STREE        */
    uint32_t batch_width; /* most keys in flight in a batch, 16 to 128; 0 = 64                   */
    const hunch_allocator *allocator; /* NULL = hunch_allocator_default(); copied               */
    const hunch_io *io;               /* NULL = hunch_io_posix(); borrowed for the object's life */
    uint32_t router;       /* BLOCKS, SEGMENTS: a hunch_index_router                             */
    uint32_t search;       /* SEGMENTS: a hunch_index_search                                     */
    uint32_t eps;          /* SEGMENTS: positions that a line may err by, 4 to 65536; 0 = 64;
                            * the place behind equal keys by as many more as there are          */
    uint32_t cell_keys;    /* CELLS: keys that share a correction, on average, 4 to 256; 0 = 20  */
    uint64_t budget_bytes; /* AUTO: most memory beside the keys; 0 = as much as pays. When no
                            * form fits, the smallest is taken; from 2^20 keys on, the smallest
                            * of the few that are built                                          */
    uint32_t workload;     /* AUTO: a hunch_index_workload                                       */
    uint32_t no_measuring; /* AUTO: nonzero = by the cost model alone: the same keys, at the same
                            * place in a cache line, give the same index                         */
    uint32_t threads;      /* that build; 0 = 1, the caller's; at most 64                        */
    uint32_t verify;       /* open: nonzero = validate first, O(n), then trust the model         */
    uint64_t seed;         /* AUTO: of the keys that are looked up                               */
    const hunch_clock *clock; /* AUTO: NULL = hunch_clock_monotonic(); borrowed for the call     */
    hunch_chooser *advisor;   /* AUTO: learns across builds, see hunch_index_advisor_new(); NULL =
                               * what is learned ends with the call; borrowed for the call       */
    uint32_t block_keys;      /* BLOCKS: 256, or 512 at half the bytes; 0 = 256                  */
    uint32_t key_type; /* build: a hunch_index_key_type, for keys that you have mapped yourself */
} hunch_index_options;

/* What an index is made of. */
typedef struct hunch_index_stats {
    uint32_t struct_size;  /* set by the caller: sizeof(hunch_index_stats)                  */
    uint32_t kind;         /* a hunch_index_kind, never AUTO                                */
    uint64_t n;            /* keys                                                          */
    uint64_t index_bytes;  /* memory beside the keys, the object itself included            */
    uint32_t levels;       /* of nodes above the keys, or of the router                     */
    uint32_t node_keys;    /* STREE: 8 or 16; else 0                                        */
    uint32_t batch_width;  /* most keys in flight in a batch                                */
    uint32_t router;       /* a hunch_index_router; AUTO where there is none                */
    const char *isa;       /* instruction set in use, see hunch_isa(); static               */
    const char *model;     /* "stree", "cells", "blocks", "segments"; static                */
    uint64_t pieces;       /* cells with a correction, blocks, or segments in nodes of 16 of
                            * which the last may be partly empty; 0 of a tree               */
    uint64_t eps;          /* SEGMENTS: half the keys of a window, rounded up: what was found,
                            * not what was asked for; else 0                                */
    uint64_t router_bytes; /* of index_bytes                                               */
    uint64_t model_bytes;  /* of index_bytes: cells, separators, lines or packed nodes      */
    uint64_t fallbacks;    /* look-ups so far whose model was wrong and that searched on    */
    uint32_t search;       /* SEGMENTS: a hunch_index_search, never AUTO; else 0            */
    uint32_t trusted;      /* 1: built here or verified; 0: each answer is checked          */
    uint32_t tried;        /* AUTO: forms that competed; 0: none, by the cost model alone    */
    uint32_t cell_keys;    /* CELLS: as asked for; else 0                                   */
    uint32_t block_keys;   /* BLOCKS: 256 or 512; else 0                                    */
    uint32_t key_type;     /* a hunch_index_key_type: U64 of a file that does not say       */
} hunch_index_stats;

/* How hard keys are to learn: the least number of straight lines that predict every position
 * within eps (optimal piecewise linear approximation; GRE, PVLDB 15(11) 2022, section 3). */
typedef struct hunch_index_hardness {
    uint32_t struct_size;  /* sizeof(hunch_index_hardness)                              */
    uint32_t bits;         /* of the largest key                                        */
    uint64_t n;            /* keys                                                      */
    uint64_t distinct;     /* different keys                                            */
    uint64_t longest_run;  /* of equal keys                                             */
    uint64_t segments[16]; /* of eps[i], over the distinct keys                         */
    double exponent;       /* log2(S32 / S128) / 2: 2 easy, 1 self-similar, 0 breaks; NaN
                            * unless eps has both                                       */
} hunch_index_hardness;

/* A place among the keys that moves both ways; a value that the caller owns, good as long as the
 * index. It stands before keys[pos]. */
typedef struct hunch_index_cursor {
    const uint64_t *keys; /* [end] */
    size_t begin, end;    /* it moves within */
    size_t pos;           /* begin <= pos <= end */
} hunch_index_cursor;

/* -- keys: order-preserving maps to u64 -------------------------------------------------------- */

/* i64: the sign bit is flipped.                                            Threads: immutable. */
static inline uint64_t hunch_key_from_i64(int64_t key)
{
    return (uint64_t)key ^ (uint64_t)1 << 63;
}

/* The counterpart.                                                         Threads: immutable. */
static inline int64_t hunch_key_to_i64(uint64_t key)
{
    return (int64_t)(key ^ (uint64_t)1 << 63);
}

/* double: IEEE 754 order; -0 becomes 0, and any NaN the largest key.       Threads: immutable. */
HUNCH_API uint64_t hunch_key_from_f64(double key);

/* The counterpart; what no double maps to, above infinity, is NaN.         Threads: immutable. */
HUNCH_API double hunch_key_to_f64(uint64_t key);

/* -- make ------------------------------------------------------------------------------------ */

/* Build an index over keys[n], ascending, duplicates allowed, any values from 0 to 2^64-1; n may be
 * 0 and at most 2^38. The keys are borrowed for the object's life. On failure *out is NULL.
 * O(n) time, a few ns a key; where n is 65,536 or more AUTO builds up to eight forms and times up
 * to six, which are in memory together; from 2^22 keys on six and four; where none fits the budget,
 * some more. Every segment is verified by evaluating what a look-up evaluates.
 * Errors: EINVAL (keys not ascending: diag->at is the first position that is smaller than its
 * predecessor; keys not aligned to 8, or too many; an option out of range), ENOMEM, EVERSION
 * (options of a newer library).
 *                                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_build(hunch_index **out, const uint64_t *keys,
                                                        size_t n,
                                                        const hunch_index_options *options,
                                                        hunch_diag *diag);

/* The same over signed keys, which are copied, mapped, into 8 n bytes that the index owns: ask for
 * hunch_key_from_i64(key).                                                  Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_build_i64(hunch_index **out, const int64_t *keys,
                                                            size_t n,
                                                            const hunch_index_options *options,
                                                            hunch_diag *diag);

/* The same over doubles: ask for hunch_key_from_f64(key).                  Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_build_f64(hunch_index **out, const double *keys,
                                                            size_t n,
                                                            const hunch_index_options *options,
                                                            hunch_diag *diag);

/* A chooser for the option `advisor`: it learns which form suits which keys on this machine. May be
 * saved, opened and freed as every chooser; two builds at once may share it.
 * Errors: ENOMEM.                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_advisor_new(hunch_chooser **out,
                                                              const hunch_allocator *allocator,
                                                              hunch_diag *diag);

/* -- ask: hot, cannot fail, no allocation ---------------------------------------------------- */

/* Position of the first key >= `key`, or n if there is none; of equal keys the first.
 *                                                                          Threads: immutable. */
HUNCH_API size_t hunch_index_lower_bound(const hunch_index *index, uint64_t key);

/* Position of the first key > `key`, or n if there is none.                Threads: immutable. */
HUNCH_API size_t hunch_index_upper_bound(const hunch_index *index, uint64_t key);

/* No position: there is no such key. */
#define HUNCH_INDEX_NONE SIZE_MAX

/* Position of the first key equal to `key`, or HUNCH_INDEX_NONE.           Threads: immutable. */
HUNCH_API size_t hunch_index_find(const hunch_index *index, uint64_t key);

/* positions[i] = lower bound of keys[i] for i < n, in any order, with the cache misses of
 * `batch_width` look-ups overlapping. keys and positions are borrowed for the call and must not
 * overlap.                                                                 Threads: immutable. */
HUNCH_API void hunch_index_lower_bound_batch(const hunch_index *index, const uint64_t *keys,
                                             size_t n, size_t *positions);

/* The same for upper bounds.                                               Threads: immutable. */
HUNCH_API void hunch_index_upper_bound_batch(const hunch_index *index, const uint64_t *keys,
                                             size_t n, size_t *positions);

/* The same for positions of equal keys.                                    Threads: immutable. */
HUNCH_API void hunch_index_find_batch(const hunch_index *index, const uint64_t *keys, size_t n,
                                      size_t *positions);

/* Number of keys.                                                          Threads: immutable. */
HUNCH_API size_t hunch_index_count(const hunch_index *index);

/* The sorted keys themselves, [count], mapped to u64; valid as long as the index.
 *                                                                          Threads: immutable. */
HUNCH_API const uint64_t *hunch_index_keys(const hunch_index *index);

/* -- ranges ---------------------------------------------------------------------------------- */

/* The keys in [from, to], both included, standing before the first. Empty when to < from.
 *                                                                          Threads: immutable. */
HUNCH_API hunch_index_cursor hunch_index_range(const hunch_index *index, uint64_t from,
                                               uint64_t to);

/* ranges[i] = hunch_index_range(from[i], to[i]) for i < n, with overlapping cache misses.
 *                                                                          Threads: immutable. */
HUNCH_API void hunch_index_range_batch(const hunch_index *index, const uint64_t *from,
                                       const uint64_t *to, size_t n, hunch_index_cursor *ranges);

/* All keys, standing before the first one >= `key`; it may go back from there.
 *                                                                          Threads: immutable. */
HUNCH_API hunch_index_cursor hunch_index_seek(const hunch_index *index, uint64_t key);

/* Step over a key, forward, and say which it was. Returns 0 at the end of the range,
 * and *key is as it was.                                                    Threads: confined. */
static inline int hunch_index_next(hunch_index_cursor *cursor, uint64_t *key)
{
    if (cursor->pos >= cursor->end) {
        return 0;
    }
    *key = cursor->keys[cursor->pos++];
    return 1;
}

/* The same, backward.                                                       Threads: confined. */
static inline int hunch_index_previous(hunch_index_cursor *cursor, uint64_t *key)
{
    if (cursor->pos <= cursor->begin) {
        return 0;
    }
    *key = cursor->keys[--cursor->pos];
    return 1;
}

/* -- look inside ----------------------------------------------------------------------------- */

/* Fill *stats, whose struct_size the caller has set. On return struct_size says how many bytes were
 * filled: the smaller of the caller's struct and the library's.            Threads: immutable. */
HUNCH_API void hunch_index_read_stats(const hunch_index *index, hunch_index_stats *stats);

/* Where a look-up of `key` compares keys: at most *to - *from from *from on, unless it falls back.
 * CELLS and SEGMENTS say what their model says; BLOCKS and an S+-tree, whose separators are exact
 * or nearly so, the group in which the answer lies.                           Threads: immutable.
 */
HUNCH_API void hunch_index_predict(const hunch_index *index, uint64_t key, size_t *from,
                                   size_t *to);

/* First position of piece i < stats.pieces: a block, a segment or a cell with a correction. n when
 * there is no such piece.                                                  Threads: immutable. */
HUNCH_API size_t hunch_index_piece(const hunch_index *index, size_t i);

/* Measure keys[n], ascending, for eps[count], count <= 16, each in [1, 2^20], in one pass. *out's
 * struct_size is the caller's.
 * Errors: EINVAL (not ascending, eps, or a struct that is too small), ENOMEM.
 *                                                                          Threads: immutable. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_measure(hunch_index_hardness *out,
                                                          const uint64_t *keys, size_t n,
                                                          const uint32_t *eps, size_t count,
                                                          hunch_diag *diag);

/* -- keep ------------------------------------------------------------------------------------ */

/* Write keys and index to `path`, atomically: under another name, synced, renamed. Afterwards
 * `path` is the old file or the new one, whatever happened; the new one even after an EIO, if only
 * the folder could not be synced. What is replaced is the name: a link, or the old file's owner and
 * mode, are not kept. The format is lib/format/README.md.
 * Errors: EIO, ENOMEM, ENOENT (no such folder), EUNSUPPORTED (big-endian machine).
 *                                                                          Threads: immutable. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_save(const hunch_index *index, const char *path,
                                                       hunch_diag *diag);

/* Open a saved index by mapping it: O(1), nothing is copied. Of `options`, only batch_width,
 * allocator, io and verify count: the rest the file has chosen. On failure *out is NULL.
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

/* Check everything: checksums of sections and pages, the order of the keys, every part of the model
 * against the keys. O(n). OK means that every answer is right.
 * Errors: ECORRUPT with the reason and the place in diag.                  Threads: immutable. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_validate(const hunch_index *index,
                                                           hunch_diag *diag);

/* -- write: from keys that come one after the other ---------------------------------------------
 */

/* A file in the making. */
typedef struct hunch_index_writer hunch_index_writer;

/* Begin to write the index file `path`, which appears when it is finished. Keys go straight to a
 * file beside it, `path`.keys-N, so that memory does not grow with them; a process that is killed
 * leaves it behind. Of the options, io, clock and advisor are borrowed until the writer is freed.
 * On failure *out is NULL.
 * Errors: as hunch_index_build() of options, EIO, ENOENT.                   Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_writer_new(hunch_index_writer **out,
                                                             const char *path,
                                                             const hunch_index_options *options,
                                                             hunch_diag *diag);

/* Add keys[n], none smaller than any before it. After an error only _free() is left to call.
 * Errors: EINVAL (not ascending: diag->at is the position among all keys; too many), EIO.
 *                                                                           Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_writer_add(hunch_index_writer *writer,
                                                             const uint64_t *keys, size_t n,
                                                             hunch_diag *diag);

/* Build over all keys and write the file, as hunch_index_save() does. Only _free() is left to call.
 * Errors: as hunch_index_build() and hunch_index_save().                    Threads: confined. */
HUNCH_API HUNCH_MUST_USE hunch_status hunch_index_writer_finish(hunch_index_writer *writer,
                                                                hunch_diag *diag);

/* Release the writer; what was not finished is removed. NULL is fine.       Threads: confined. */
HUNCH_API void hunch_index_writer_free(hunch_index_writer *writer);

/* -- end ------------------------------------------------------------------------------------- */

/* Release the index; NULL is fine. Borrowed keys stay the caller's.         Threads: confined. */
HUNCH_API void hunch_index_free(hunch_index *index);

HUNCH_API_END

#endif
