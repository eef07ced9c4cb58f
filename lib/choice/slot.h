/* Slots: the tickets of a lane that wait for their reward, with what they were chosen in.
 *
 * A slot is words:
 *   [0]  id | state
 *   [1]  arm | propensity << 32
 *   [2]  choosers with episodes: id of the ticket before it in the episode
 *   [3]  choosers with episodes or sparse contexts: step | (arm before + 1) << 16 | entries << 32
 *   then the context as it came (floats; when sparse, a word for each entry: column | value << 32)
 *   and the features of the candidate that was chosen.
 * Its thread alone writes it, but for the state, which whoever rewards moves from PENDING to
 * CLOSED; then he copies it, and it was whole if the word [0] is still the same afterwards. */
#ifndef HUNCH_CHOICE_SLOT_H
#define HUNCH_CHOICE_SLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "atomics.h"
#include "lane.h"
#include "words.h"

#include <hunch/choice.h>

enum hunch__slot_state {
    HUNCH__SLOT_BUSY = 0,    /* being written          */
    HUNCH__SLOT_PENDING = 1, /* waits for its reward   */
    HUNCH__SLOT_CLOSED = 2   /* rewarded or abandoned  */
};

/* How the slots of a chooser look; constant. */
struct hunch__slot_shape {
    uint32_t words;           /* of a slot                                                   */
    uint32_t head_words;      /* of it before the context: 2 or 4                            */
    uint32_t context_words;   /* of the context                                              */
    uint32_t candidate_words; /* of the candidate's features                                 */
    uint32_t capacity;        /* slots of a lane, a power of two                             */
    uint32_t index_bits;      /* log2(capacity)                                              */
    uint64_t id_step;         /* hunch__id_step()                                            */
    uint32_t event_capacity;  /* events of a lane, a power of two                            */
};

/* Where slots begin: few, so that a program that rewards at once stays in the first cache. */
#define HUNCH__SLOTS_FIRST 64u

static inline _Atomic uint64_t *hunch__slot(const struct hunch__slot_shape *shape,
                                            const struct hunch__lane *lane, uint32_t index)
{
    return lane->slots + (size_t)index * shape->words;
}

/* id = generation | index | lane | 00, from high to low: the two bits are those of the state. */
static inline uint64_t hunch__ticket_id(const struct hunch__slot_shape *shape, uint64_t generation,
                                        uint32_t index, uint32_t lane)
{
    return ((generation << shape->index_bits | index) << HUNCH__LANE_BITS | lane) << 2;
}

/* What the id of a slot's next ticket is larger by. */
static inline uint64_t hunch__id_step(const struct hunch__slot_shape *shape)
{
    return (uint64_t)1 << (shape->index_bits + HUNCH__LANE_BITS + 2);
}

static inline uint32_t hunch__id_index(const struct hunch__slot_shape *shape, uint64_t id)
{
    return (uint32_t)(id >> (HUNCH__LANE_BITS + 2)) & (shape->capacity - 1);
}

static inline uint32_t hunch__id_lane(uint64_t id)
{
    return (uint32_t)(id >> 2) & ((1u << HUNCH__LANE_BITS) - 1);
}

/* Those bits of a slot's word [0]. */
#define HUNCH__SLOT_STATE ((uint64_t)3)

/* A float in the upper half, 32 bits in the lower. */
static inline uint64_t hunch__pack(uint32_t low, float high)
{
    uint32_t bits = 0;
    memcpy(&bits, &high, sizeof bits);
    return (uint64_t)bits << 32 | low;
}

static inline float hunch__packed_float(uint64_t word)
{
    const uint32_t bits = (uint32_t)(word >> 32);
    float value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Word [3]. step, previous < 2^16. */
static inline uint64_t hunch__slot_place(uint32_t step, uint32_t previous, uint32_t entries)
{
    return (uint64_t)entries << 32 | previous << 16 | step;
}

/* The same when the next slot is new, still waits, or is the first of all. */
_Atomic uint64_t *hunch__slot_next_slowly(hunch_chooser *chooser, struct hunch__lane *lane,
                                          uint64_t *id);

/* The slot of `id` while it is pending; NULL when it is not known. */
static inline _Atomic uint64_t *hunch__slot_find(const struct hunch__lanes *lanes,
                                                 const struct hunch__slot_shape *shape, uint64_t id)
{
    const uint32_t index = hunch__id_index(shape, id);
    if (hunch__id_lane(id) >= lanes->all) {
        return NULL;
    }
    const struct hunch__lane *lane = &lanes->lane[hunch__id_lane(id)];
    if (index >= hunch__load_acquire(&lane->fresh)) { /* pairs with the release in slot_next() */
        return NULL;
    }
    _Atomic uint64_t *slot = hunch__slot(shape, lane, index);
    /* acquire: pairs with the release that made it pending */
    const bool pending = hunch__load_acquire(slot) == (id | HUNCH__SLOT_PENDING);
    return pending && (id & HUNCH__SLOT_STATE) == 0 ? slot : NULL;
}

/* The slot for the next choice of this lane, and in *id its ticket's: BUSY, and nobody else's any
 * more. What was pending in it is forgotten. */
static inline _Atomic uint64_t *hunch__slot_next(hunch_chooser *chooser,
                                                 const struct hunch__slot_shape *shape,
                                                 struct hunch__lane *lane, uint64_t *id)
{
    const uint32_t next = (lane->cursor + 1) & (lane->size - 1);
    _Atomic uint64_t *slot = hunch__slot(shape, lane, next);
    if (next < hunch__load_relaxed(&lane->fresh)) {
        const uint64_t word = hunch__load_relaxed(slot);
        if ((word & HUNCH__SLOT_STATE) != HUNCH__SLOT_PENDING) {
            lane->cursor = next;
            *id = (word & ~HUNCH__SLOT_STATE) + shape->id_step;
            hunch__store_relaxed(slot, *id | HUNCH__SLOT_BUSY);
            hunch__fence_release(); /* pairs with the acquire fence of who copies the slot */
            return slot;
        }
    }
    return hunch__slot_next_slowly(chooser, lane, id);
}

/* The slot's choice is made; from now on it can be rewarded. */
static inline hunch_ticket hunch__slot_finish(struct hunch__lane *lane, _Atomic uint64_t *slot,
                                              uint64_t id, uint32_t arm, float propensity)
{
    hunch__store_relaxed(slot + 1, hunch__pack(arm, propensity));
    /* release: whoever finds it pending sees all of it */
    hunch__store_release(slot, id | HUNCH__SLOT_PENDING);
    hunch__count(&lane->counters.choices);
    return (hunch_ticket){id, arm, propensity};
}

#endif
