/* Telling: no allocation, lock, system call or clock, and no write but to the ticket's slot and to
 * the lane of the thread that tells, unless a step of learning is due. */
#include <math.h>

#include "atomics.h"
#include "choose.h"
#include "chooser.h"
#include "event.h"
#include "learn.h"
#include "slot.h"

/* Most steps of an episode that can be rewarded. */
enum { STEPS_MAX = 1024 };

/* What of a metric beyond this is left out of its statistics. */
#define METRIC_MAX 1e120

static hunch_status reward(hunch_chooser *chooser, struct hunch__lane *lane, uint64_t id,
                           float value);
static _Atomic uint64_t *close_slot(const hunch_chooser *chooser, uint64_t id);
static bool copy_event(const hunch_chooser *chooser, const _Atomic uint64_t *slot, uint64_t id,
                       _Atomic uint64_t *event);
static hunch_status refuse(hunch_chooser *chooser, hunch_status why);
static void count_reward(struct hunch__lane *lane, float value);
static void leave(hunch_chooser *chooser, struct hunch__lane *lane);
static uint32_t collect(const hunch_chooser *chooser, const hunch_episode *episode, uint64_t *ids);
static void add_metric(struct hunch__metric_sums *sums, double value);

hunch_status hunch_reward(hunch_chooser *chooser, hunch_ticket ticket, float value)
{
    return hunch_reward_id(chooser, ticket.id, value);
}

hunch_status hunch_reward_id(hunch_chooser *chooser, uint64_t id, float value)
{
    if (!isfinite(value)) {
        return refuse(chooser, HUNCH_EINVAL);
    }
    struct hunch__lane *lane = hunch__lane_enter(&chooser->lanes);
    if (lane == NULL) {
        return HUNCH_ELIMIT;
    }
    const hunch_status status = reward(chooser, lane, id, value);
    leave(chooser, lane);
    return status;
}

hunch_status hunch_reward_metrics(hunch_chooser *chooser, hunch_ticket ticket,
                                  const double *metrics)
{
    const uint32_t count = chooser->objective.count;
    if (count == 0) {
        return refuse(chooser, HUNCH_EINVAL);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!isfinite(metrics[i])) {
            return refuse(chooser, HUNCH_EINVAL);
        }
    }
    struct hunch__lane *lane = hunch__lane_enter(&chooser->lanes);
    if (lane == NULL) {
        return HUNCH_ELIMIT;
    }
    const unsigned char *snapshot = hunch__snapshot(chooser, lane);
    const double value =
        hunch__objective_reward((const double *)(const void *)snapshot, metrics, count);
    const bool fits = isfinite((float)value) != 0;
    hunch_status status = HUNCH_EINVAL;
    if (fits) {
        status = reward(chooser, lane, ticket.id, (float)value);
    } else {
        hunch__count(&lane->counters.refused);
    }
    for (uint32_t i = 0; i < count && status == HUNCH_OK; i++) {
        add_metric(&lane->metrics[i], metrics[i]);
    }
    leave(chooser, lane);
    return status;
}

hunch_status hunch_reward_episode(hunch_chooser *chooser, const hunch_episode *episode, float value)
{
    uint64_t ids[STEPS_MAX];
    hunch_episode known;
    hunch_status status = hunch__episode_read(&known, episode);
    if (status != HUNCH_OK || !isfinite(value) || known.steps == 0) {
        return refuse(chooser, status != HUNCH_OK ? status : HUNCH_EINVAL);
    }
    struct hunch__lane *lane = hunch__lane_enter(&chooser->lanes);
    if (lane == NULL) {
        return HUNCH_ELIMIT;
    }
    const uint32_t steps = collect(chooser, &known, ids);
    status = HUNCH_EEXPIRED;
    for (uint32_t i = steps; i-- > 0;) { /* they were collected from the last to the first */
        const hunch_status one = reward(chooser, lane, ids[i], value);
        status = one == HUNCH_OK ? one : status;
    }
    if (steps == 0) {
        hunch__count(&lane->counters.refused);
    }
    leave(chooser, lane);
    return status;
}

hunch_status hunch_abandon(hunch_chooser *chooser, hunch_ticket ticket)
{
    struct hunch__lane *lane = hunch__lane_enter(&chooser->lanes);
    if (lane == NULL) {
        return HUNCH_ELIMIT;
    }
    const bool known = close_slot(chooser, ticket.id) != NULL;
    hunch__count(known ? &lane->counters.abandoned : &lane->counters.refused);
    hunch__lane_leave(lane);
    return known ? HUNCH_OK : HUNCH_EEXPIRED;
}

static inline hunch_status reward(hunch_chooser *chooser, struct hunch__lane *lane, uint64_t id,
                                  float value)
{
    float weight = 1.0f;
    const _Atomic uint64_t *slot = close_slot(chooser, id);
    if (slot == NULL) {
        hunch__count(&lane->counters.refused);
        return HUNCH_EEXPIRED;
    }
    if (chooser->disabled || !hunch__events_admit(&chooser->slot, lane, &weight)) {
        count_reward(lane, value);
        return HUNCH_OK;
    }
    const uint64_t head = hunch__load_relaxed(&lane->events_head);
    _Atomic uint64_t *event = hunch__event(&chooser->slot, lane, head);
    if (!copy_event(chooser, slot, id, event)) {
        hunch__count(&lane->counters.expired); /* its own thread found it closed and did not */
        hunch__count(&lane->counters.refused);
        return HUNCH_EEXPIRED;
    }
    hunch__event_set_reward(event, weight, value);
    hunch__store_release(&lane->events_head, head + 1); /* pairs with the learner's acquire */
    count_reward(lane, value);
    return HUNCH_OK;
}

/* Take the ticket out of the game: its slot. Of several who try, one succeeds. */
static inline _Atomic uint64_t *close_slot(const hunch_chooser *chooser, uint64_t id)
{
    uint64_t pending = id | HUNCH__SLOT_PENDING;
    _Atomic uint64_t *slot = hunch__slot_find(&chooser->lanes, &chooser->slot, id);
    const bool first = slot != NULL && hunch__cas_acq_rel(slot, &pending, id | HUNCH__SLOT_CLOSED);
    return first ? slot : NULL;
}

/* False when its own thread has begun to write the slot again. */
static bool copy_event(const hunch_chooser *chooser, const _Atomic uint64_t *slot, uint64_t id,
                       _Atomic uint64_t *event)
{
    hunch__words_copy(event, slot, chooser->slot.words);
    hunch__fence_acquire(); /* pairs with the release fence in slot_next() */
    return hunch__load_relaxed(slot) == (id | HUNCH__SLOT_CLOSED);
}

static hunch_status refuse(hunch_chooser *chooser, hunch_status why)
{
    struct hunch__lane *lane = hunch__lane_enter(&chooser->lanes);
    if (lane != NULL) {
        hunch__count(&lane->counters.refused);
        hunch__lane_leave(lane);
    }
    return why;
}

static void count_reward(struct hunch__lane *lane, float value)
{
    hunch__count(&lane->counters.rewards);
    hunch__store_relaxed(&lane->counters.reward_sum,
                         hunch__load_relaxed(&lane->counters.reward_sum) + (double)value);
    lane->since_step++;
}

/* Without a trainer, whoever brings the last of so many rewards learns from all of them; not in the
 * lane, which others may be waiting for. */
static void leave(hunch_chooser *chooser, struct hunch__lane *lane)
{
    const bool due = lane->since_step >= hunch__load_relaxed(&chooser->step_every);
    lane->since_step = due ? 0 : lane->since_step;
    hunch__lane_leave(lane);
    if (due) {
        hunch__learn_inline(chooser);
    }
}

/* ids[] of the episode's tickets that are still known, from the last to the first. */
static uint32_t collect(const hunch_chooser *chooser, const hunch_episode *episode, uint64_t *ids)
{
    uint64_t id = episode->last;
    uint32_t n = 0;
    while (id != 0 && n < STEPS_MAX && n < episode->steps && chooser->slot.head_words > 2) {
        const _Atomic uint64_t *slot = hunch__slot_find(&chooser->lanes, &chooser->slot, id);
        if (slot == NULL) {
            break;
        }
        const uint64_t before = hunch__load_relaxed(slot + 2);
        hunch__fence_acquire(); /* pairs with the release fence in slot_next() */
        if (hunch__load_relaxed(slot) != (id | HUNCH__SLOT_PENDING)) {
            break;
        }
        ids[n++] = id;
        id = before;
    }
    return n;
}

/* Clipped, so that the sums of squares stay finite too. */
static void add_metric(struct hunch__metric_sums *sums, double value)
{
    value = fmax(-METRIC_MAX, fmin(METRIC_MAX, value));
    hunch__store_relaxed(&sums->count, hunch__load_relaxed(&sums->count) + 1.0);
    hunch__store_relaxed(&sums->sum, hunch__load_relaxed(&sums->sum) + value);
    hunch__store_relaxed(&sums->squares, hunch__load_relaxed(&sums->squares) + value * value);
}
