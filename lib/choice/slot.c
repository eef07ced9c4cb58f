#include "slot.h"

#include "chooser.h"
#include "event.h"

static uint32_t next_index(const struct hunch__slot_shape *shape, struct hunch__lane *lane);
static bool is_pending(const _Atomic uint64_t *slot);
static void forget(hunch_chooser *chooser, struct hunch__lane *lane, _Atomic uint64_t *slot);
static void learn_default(hunch_chooser *chooser, struct hunch__lane *lane,
                          const _Atomic uint64_t *slot);

_Atomic uint64_t *hunch__slot_next_slowly(hunch_chooser *chooser, struct hunch__lane *lane,
                                          uint64_t *id)
{
    const struct hunch__slot_shape *shape = &chooser->slot;
    const uint32_t index = next_index(shape, lane);
    _Atomic uint64_t *slot = hunch__slot(shape, lane, index);
    lane->cursor = index;
    if (index < hunch__load_relaxed(&lane->fresh)) {
        if (is_pending(slot)) {
            forget(chooser, lane, slot);
        }
        *id = (hunch__load_relaxed(slot) & ~HUNCH__SLOT_STATE) + shape->id_step;
    } else {
        *id = hunch__ticket_id(shape, chooser->epoch + 1, index, lane->index);
    }
    hunch__store_relaxed(slot, *id | HUNCH__SLOT_BUSY);
    hunch__fence_release(); /* pairs with the acquire fence of who copies the slot */
    if (index >= hunch__load_relaxed(&lane->fresh)) {
        hunch__store_release(&lane->fresh, index + 1); /* pairs with slot_find() */
    }
    return slot;
}

/* The next slot in the ring of those in use. When it still waits, the ring doubles and goes on in
 * its new half, so that a ticket is forgotten only when half of the capacity, which is `pending` or
 * more, was written after it. */
static uint32_t next_index(const struct hunch__slot_shape *shape, struct hunch__lane *lane)
{
    const uint32_t next = (lane->cursor + 1) & (lane->size - 1);
    if (lane->size < shape->capacity && next < hunch__load_relaxed(&lane->fresh) &&
        is_pending(hunch__slot(shape, lane, next))) {
        lane->size *= 2;
        return lane->size / 2;
    }
    return next;
}

static bool is_pending(const _Atomic uint64_t *slot)
{
    return (hunch__load_relaxed(slot) & HUNCH__SLOT_STATE) == HUNCH__SLOT_PENDING;
}

/* Close a ticket whose place is needed; a reward may come first. */
static void forget(hunch_chooser *chooser, struct hunch__lane *lane, _Atomic uint64_t *slot)
{
    uint64_t word = hunch__load_relaxed(slot);
    const uint64_t closed = (word & ~HUNCH__SLOT_STATE) | HUNCH__SLOT_CLOSED;
    if ((word & HUNCH__SLOT_STATE) == HUNCH__SLOT_PENDING &&
        hunch__cas_acq_rel(slot, &word, closed)) {
        hunch__count(&lane->counters.expired);
        if (chooser->options.unrewarded == HUNCH_UNREWARDED_DEFAULT) {
            learn_default(chooser, lane, slot);
        }
    }
}

/* The default reward is the learner's alone: the mean of accepted rewards does not know it. */
static void learn_default(hunch_chooser *chooser, struct hunch__lane *lane,
                          const _Atomic uint64_t *slot)
{
    float weight = 1.0f;
    if (!hunch__events_admit(&chooser->slot, lane, &weight)) {
        return;
    }
    const uint64_t head = hunch__load_relaxed(&lane->events_head);
    _Atomic uint64_t *event = hunch__event(&chooser->slot, lane, head);
    hunch__words_copy(event, slot, chooser->slot.words);
    hunch__event_set_reward(event, weight, chooser->options.default_reward);
    hunch__store_release(&lane->events_head, head + 1); /* pairs with the learner's acquire */
    lane->since_step++;
}
