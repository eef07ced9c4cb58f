/* The cache that is guided: S3-FIFO's queues with what their fixed rules leave open made variable.
 *
 * New objects enter a small queue; those that are worth it go on to main, the others leave. Of keys
 * that left, three times the capacity are remembered. What is different from S3-FIFO, and why, is
 * in README.md:
 * - while main has room, the small queue's oldest fill it, so that a loop longer than the cache
 *   keeps a part of itself;
 * - a key that comes back goes to main only if it was away for less time than main's victims last;
 * - main's victim may be given another round (a judge's question);
 * - an object with hits leaves the small queue for main only if it is worth it (a judge's, too);
 * - how long the small queue is can be changed at any time; the next evictions see to it. */
#ifndef HUNCH_BENCH_CHOICE_CACHE_GUIDED_H
#define HUNCH_BENCH_CHOICE_CACHE_GUIDED_H

#include "cache_base.h"
#include "judge.h"

/* How its questions are decided. */
struct guided_plan {
    bool judged;          /* false: by the classic rules, without any judge */
    enum judge_mode mode; /* of the judges                                  */
    double small_share;   /* of the capacity, to begin with                 */
    uint64_t seed;
};

struct guided {
    struct cache_base base;
    struct object_list small, main, gone;
    size_t small_most, main_most, gone_most;
    uint32_t now;     /* requests so far, modulo 2^32                                      */
    uint32_t evicted; /* victims of main so far, up to where the next mean begins to slide */
    float main_age;   /* mean time from the last request of main's victims to their end    */
    uint32_t settled; /* questions about main's tail that have an outcome, likewise        */
    float back;       /* share of them whose object came back in time                      */
    bool judged;
    struct judge promotion, retention;
    struct judgement *open; /* [store.capacity]: an object's open question; NULL: no judges */
};

/* Make an empty cache. On failure *out is NULL. Errors: ENOMEM, ELIMIT, those of judge_open(). */
HUNCH_MUST_USE hunch_status guided_make(struct guided **out, size_t capacity,
                                        const struct guided_plan *plan,
                                        const hunch_allocator *allocator, hunch_diag *diag);

/* NULL is fine. */
void guided_free(struct guided *cache);

size_t guided_bytes(const struct guided *cache);

/* One request for a key and its object_hash(): whether the object was there. Afterwards it is. */
bool guided_access(struct guided *cache, uint64_t key, uint32_t hash);

/* From now on the small queue should have that share. */
void guided_set_small_share(struct guided *cache, double share);

#endif
