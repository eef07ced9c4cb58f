/* Events: rewarded choices on their way to the learner, a ring for each lane with one writer, the
 * lane's thread, and one reader, whoever learns.
 *
 * An event is a slot (slot.h) whose word [0] is weight | reward << 32, floats both. */
#ifndef HUNCH_CHOICE_EVENT_H
#define HUNCH_CHOICE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slot.h"

/* The same when the ring is more than half full, as far as was known. */
bool hunch__events_admit_slowly(const struct hunch__slot_shape *shape, struct hunch__lane *lane,
                                float *weight);

/* Whether there is room for an event. False when it is dropped: the ring is full, or fills up and a
 * draw says so; *weight is 1 / the probability that it was kept. */
static inline bool hunch__events_admit(const struct hunch__slot_shape *shape,
                                       struct hunch__lane *lane, float *weight)
{
    const uint64_t fill = hunch__load_relaxed(&lane->events_head) - lane->events_tail_seen;
    *weight = 1.0f;
    return fill < shape->event_capacity / 2 || hunch__events_admit_slowly(shape, lane, weight);
}

static inline _Atomic uint64_t *hunch__event(const struct hunch__slot_shape *shape,
                                             const struct hunch__lane *lane, uint64_t position)
{
    return lane->events + (size_t)(position & (shape->event_capacity - 1)) * shape->words;
}

/* Set word [0] of an event. */
static inline void hunch__event_set_reward(_Atomic uint64_t *event, float weight, float reward)
{
    uint32_t bits = 0;
    memcpy(&bits, &weight, sizeof bits);
    hunch__store_relaxed(event, hunch__pack(bits, reward));
}

#endif
