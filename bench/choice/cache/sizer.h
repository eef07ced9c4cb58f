/* How long should the small queue be? Small copies of the cache, one for each answer, see a sample
 * of the keys and of the room; what their hits were is what a chooser learns from. */
#ifndef HUNCH_BENCH_CHOICE_CACHE_SIZER_H
#define HUNCH_BENCH_CHOICE_CACHE_SIZER_H

#include <stdbool.h>
#include <stdint.h>

#include <hunch/choice.h>

#include "guided.h"

enum { SIZER_ARMS = 4 };

/* Shares of the small queue to choose from. */
extern const double sizer_shares[SIZER_ARMS];

/* What becomes of the choices; zero is as it should be. */
enum sizer_mode {
    SIZER_LEARNS = 0,
    SIZER_FIXED,           /* one share for ever, no copies         */
    SIZER_UNIFORM,         /* any share, drawn anew each epoch      */
    SIZER_REWARDS_SHUFFLED /* each arm hears what another one earned */
};

struct sizer_plan {
    enum sizer_mode mode;
    uint32_t arm; /* to begin with */
    uint64_t seed;
};

struct sizer {
    struct sizer_plan plan;
    hunch_chooser *chooser;            /* owned                                    */
    struct guided *copies[SIZER_ARMS]; /* owned                                    */
    uint32_t hits[SIZER_ARMS];         /* in this epoch                            */
    uint32_t requests, epoch;          /* of the copies: so far, in an epoch       */
    uint32_t sample_mask;              /* of a key's hash: 0 under it is sampled   */
    uint64_t random;
};

/* For a cache of that capacity. On failure it is empty and may be closed. Errors: those of
 * guided_make() and hunch_chooser_new(). */
HUNCH_MUST_USE hunch_status sizer_open(struct sizer *out, size_t capacity,
                                       const struct sizer_plan *plan,
                                       const hunch_allocator *allocator, hunch_diag *diag);

/* Zeroed is fine. */
void sizer_close(struct sizer *sizer);

size_t sizer_bytes(const struct sizer *sizer);

/* A request for a key and its object_hash(): true when an epoch ended, and *share is what to use
 * from now on. Most keys are not sampled. */
static inline bool sizer_request(struct sizer *sizer, uint64_t key, uint32_t hash, double *share);

/* The same for a key that is. */
bool sizer_sampled(struct sizer *sizer, uint64_t key, uint32_t hash, double *share);

static inline bool sizer_request(struct sizer *sizer, uint64_t key, uint32_t hash, double *share)
{
    const bool sampled = sizer->chooser != NULL && (hash & sizer->sample_mask) == 0;
    return sampled && sizer_sampled(sizer, key, hash, share);
}

#endif
