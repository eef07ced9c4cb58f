/* What a chooser consists of. README.md draws it.
 *
 * What is written on hot paths lies in lanes, one a thread; everything else is constant after
 * hunch_chooser_new(), or written by whoever learns. */
#ifndef HUNCH_CHOICE_CHOOSER_H
#define HUNCH_CHOICE_CHOOSER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cuts.h"
#include "encoder.h"
#include "lane.h"
#include "objective.h"
#include "slot.h"
#include "snapshot.h"
#include "stats.h"

#include <hunch/choice.h>

struct hunch__process;
struct hunch__batch;

struct hunch_chooser {
    /* -- what every choice reads: constant, the first cache lines -- */
    const hunch_learner_ops *ops;
    hunch_ticket (*hot)(hunch_chooser *chooser, const float *x); /* hunch_choose() */
    struct hunch__lanes lanes;
    struct hunch__published published;
    struct hunch__slot_shape slot;
    hunch_learner_shape shape;
    uint32_t features;   /* of a context as the user hands it over */
    uint32_t cuts_at;    /* where the cuts begin in a snapshot, in bytes                */
    uint32_t learner_at; /* and where the learner's part does                           */
    bool plain;          /* dense numbers and fixed arms: nothing to encode         */
    bool disabled;       /* HUNCH_DISABLE was set: every choice is the fallback's   */
    struct hunch__encoder encoder;

    /* -- the learner's side -- */
    struct hunch__process *process;
    _Atomic uint32_t step_every; /* rewards of one lane after which it learns a step   */
    _Atomic uint64_t learned;    /* events                                             */
    _Atomic uint64_t steps;
    bool in_step; /* batches are being learned from                                     */
    void *state;  /* the learner's                                              */
    size_t state_bytes;
    unsigned char *draft; /* [published.bytes]: where a snapshot is made                */
    struct hunch__batch *batch;
    uint64_t dice;      /* state of the learner's generator                           */
    uint64_t dice_then; /* before the published snapshot was made with it                */
    struct hunch__objective objective;
    struct hunch__cuts cuts;
    struct hunch__totals before; /* what was counted before the file was opened         */

    hunch_chooser *self; /* for who is handed a const one: looking enters a lane, saving learns */
    hunch_chooser_options options; /* as copied; its pointers point to own copies       */
    hunch_allocator allocator;
    void *kept; /* what the options pointed to, and buffers of the learner's side  */
    size_t kept_bytes;
    uint64_t epoch; /* the first generation of every slot: above all that were saved    */
};

/* Look for a newer snapshot, and whether the shortest way of choosing can ask it. */
void hunch__refresh(const hunch_chooser *chooser, struct hunch__lane *lane);

/* The lane's snapshot, the newest that could be had. */
static inline const unsigned char *hunch__snapshot(const hunch_chooser *chooser,
                                                   struct hunch__lane *lane)
{
    /* Relaxed: a version that is new is read again, with acquire, before its words are. */
    if (lane->version != hunch__load_relaxed(&chooser->published.version)) {
        hunch__refresh(chooser, lane);
    }
    return lane->mine;
}

/* The cuts of buckets in a snapshot, behind the objective's coefficients. */
static inline const float *hunch__snapshot_cuts(const hunch_chooser *chooser,
                                                const unsigned char *snapshot)
{
    return (const float *)(const void *)(snapshot + chooser->cuts_at);
}

/* Whether mask[] has the bit of `arm`; NULL has all. */
static inline bool hunch__arm_allowed(const uint64_t *mask, uint32_t arm)
{
    return mask == NULL || (mask[arm / 64] >> (arm % 64) & 1) != 0;
}

/* Set the lane's generator: by the seed, and by how long a chooser from a file has chosen before,
 * so that a program that opens one every day does not throw the same dice every day. */
void hunch__lane_seed(hunch_chooser *chooser, uint32_t index);

/* Bytes of what a lane points to. */
size_t hunch__lane_bytes(const hunch_chooser *chooser);

#endif
