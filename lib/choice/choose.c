/* Asking: the hot path. No allocation, lock, system call or clock, and no write but to the lane. */
#include "choose.h"

#include <math.h>
#include <string.h>

#include "atomics.h"
#include "chooser.h"
#include "explore.h"
#include "random.h"
#include "slot.h"

static hunch_ticket choose_missing(hunch_chooser *chooser, struct hunch__lane *lane,
                                   _Atomic uint64_t *slot, uint64_t id, const float *x);
static hunch_ticket ask_plain(hunch_chooser *chooser, struct hunch__lane *lane,
                              _Atomic uint64_t *slot, uint64_t id, const float *x);
static void put_context(const hunch_chooser *chooser, _Atomic uint64_t *slot,
                        const struct hunch__choice *choice);
static void put_candidate(const hunch_chooser *chooser, _Atomic uint64_t *slot,
                          const struct hunch__choice *choice, uint32_t arm);
static bool all_finite(const float *x, uint32_t n);
static uint32_t decide(hunch_chooser *chooser, struct hunch__lane *lane,
                       const unsigned char *snapshot, const struct hunch__choice *choice,
                       float *propensity);
static uint32_t override(const hunch_chooser *chooser, const struct hunch__choice *choice);
static void rank(const float *p, uint32_t arms, uint32_t first, const struct hunch__choice *choice);

hunch_ticket hunch_choose(hunch_chooser *chooser, const float *x)
{
    return chooser->hot(chooser, x);
}

hunch_ticket hunch__choose_any(hunch_chooser *chooser, const float *x)
{
    struct hunch__lane *lane = chooser->plain ? hunch__lane_enter(&chooser->lanes) : NULL;
    if (lane == NULL) {
        return hunch_choose_masked(chooser, x, NULL);
    }
    (void)hunch__snapshot(chooser, lane);
    uint64_t id = 0;
    _Atomic uint64_t *slot = hunch__slot_next(chooser, &chooser->slot, lane, &id);
    const hunch_ticket ticket = hunch__choose_plain(chooser, lane, slot, id, x);
    hunch__lane_leave(lane);
    return ticket;
}

hunch_ticket hunch__choose_plain(hunch_chooser *chooser, struct hunch__lane *lane,
                                 _Atomic uint64_t *slot, uint64_t id, const float *x)
{
    if (__builtin_expect(!hunch__words_put(slot + 2, x, chooser->features), 0)) {
        return choose_missing(chooser, lane, slot, id, x);
    }
    return ask_plain(chooser, lane, slot, id, x);
}

/* Numbers that are not all finite: those that are not get what stands for missing. */
static __attribute__((noinline)) hunch_ticket choose_missing(hunch_chooser *chooser,
                                                             struct hunch__lane *lane,
                                                             _Atomic uint64_t *slot, uint64_t id,
                                                             const float *x)
{
    float finite[HUNCH__DENSE_MAX];
    hunch__encode_missing(&chooser->encoder, x, finite);
    hunch__words_put(slot + 2, finite, chooser->features);
    hunch__count(&lane->counters.not_finite);
    return ask_plain(chooser, lane, slot, id, finite);
}

static inline hunch_ticket ask_plain(hunch_chooser *chooser, struct hunch__lane *lane,
                                     _Atomic uint64_t *slot, uint64_t id, const float *x)
{
    const hunch_context context = {x, NULL, NULL, 0, 0};
    float propensity = 1.0f;
    const uint32_t arm =
        chooser->ops->choose(lane->mine + chooser->learner_at, &chooser->shape, &context, NULL,
                             hunch__splitmix64(&lane->dice), &propensity);
    return hunch__slot_finish(lane, slot, id, arm, propensity);
}

hunch_ticket hunch__choose(hunch_chooser *chooser, const struct hunch__choice *choice,
                           uint64_t *spare)
{
    struct hunch__lane *lane = hunch__lane_enter(&chooser->lanes);
    if (lane == NULL) { /* more threads at once than lanes: no place to remember it */
        return (hunch_ticket){0, override(chooser, choice), 1.0f};
    }
    const unsigned char *snapshot = hunch__snapshot(chooser, lane);
    uint64_t id = 0;
    _Atomic uint64_t *slot = hunch__slot_next(chooser, &chooser->slot, lane, &id);
    put_context(chooser, slot, choice);
    float propensity = 1.0f;
    const uint32_t arm = decide(chooser, lane, snapshot, choice, &propensity);
    if (chooser->slot.candidate_words > 0) {
        put_candidate(chooser, slot, choice, arm);
    }
    *spare = hunch__splitmix64(&lane->dice);
    const hunch_ticket ticket = hunch__slot_finish(lane, slot, id, arm, propensity);
    hunch__lane_leave(lane);
    return ticket;
}

static void put_context(const hunch_chooser *chooser, _Atomic uint64_t *slot,
                        const struct hunch__choice *choice)
{
    const struct hunch__raw_context *raw = &choice->raw;
    _Atomic uint64_t *context = slot + chooser->slot.head_words;
    if (chooser->slot.head_words > 2) {
        hunch__store_relaxed(slot + 2, choice->episode);
        hunch__store_relaxed(slot + 3, hunch__slot_place(raw->step, raw->previous, raw->entries));
    }
    if (chooser->encoder.nonzeros == 0) {
        hunch__words_put(context, raw->x, chooser->features);
        return;
    }
    for (uint32_t i = 0; i < raw->entries; i++) {
        hunch__store_relaxed(context + i, hunch__pack(raw->columns[i], raw->x[i]));
    }
}

/* The features of the chosen candidate. Zeros for one that the fallback chose and that is not there
 * or not finite. */
static void put_candidate(const hunch_chooser *chooser, _Atomic uint64_t *slot,
                          const struct hunch__choice *choice, uint32_t arm)
{
    static const float none[HUNCH__ENTRIES_MAX];
    const size_t c = chooser->shape.candidate_features;
    _Atomic uint64_t *to = slot + chooser->slot.head_words + chooser->slot.context_words;
    const bool given = choice->candidates != NULL && hunch__arm_allowed(choice->mask, arm);
    if (!given || !hunch__words_put(to, choice->candidates + arm * c, c)) {
        hunch__words_put(to, none, c);
    }
}

/* The arm that is played, and in *propensity with what probability, overrides included. */
static uint32_t decide(hunch_chooser *chooser, struct hunch__lane *lane,
                       const unsigned char *snapshot, const struct hunch__choice *choice,
                       float *propensity)
{
    const uint64_t dice = hunch__splitmix64(&lane->dice);
    const void *learned = snapshot + chooser->learner_at;
    const hunch_learner_ops *ops = chooser->ops;
    struct hunch__encoded encoded;
    float p[HUNCH__ARMS_MAX];
    if (!hunch__encode(&chooser->encoder, hunch__snapshot_cuts(chooser, snapshot), &choice->raw,
                       &encoded)) {
        hunch__count(&lane->counters.not_finite);
    }
    if (!hunch__usable(chooser, choice)) {
        hunch__count(&lane->counters.overridden);
        *propensity = 1.0f;
        return override(chooser, choice);
    }
    if (ops->choose != NULL && choice->candidates == NULL && choice->ranks == 0) {
        return ops->choose(learned, &chooser->shape, &encoded.x, choice->mask, dice, propensity);
    }
    ops->score(learned, &chooser->shape, &encoded.x, choice->candidates, choice->mask, p);
    const uint32_t arm = hunch__draw(p, chooser->shape.arms, dice);
    rank(p, chooser->shape.arms, arm, choice);
    *propensity = p[arm];
    return arm;
}

/* The fallback's arm; the others follow it in their order. */
static uint32_t override(const hunch_chooser *chooser, const struct hunch__choice *choice)
{
    const float p[HUNCH__ARMS_MAX] = {0};
    const uint32_t arm = hunch__fallback_arm(chooser, choice);
    rank(p, chooser->shape.arms, arm, choice);
    return arm;
}

bool hunch__usable(const hunch_chooser *chooser, const struct hunch__choice *choice)
{
    const uint32_t arms = chooser->shape.arms;
    const uint32_t c = chooser->shape.candidate_features;
    bool some = choice->mask == NULL;
    if (c > 0 && choice->candidates == NULL) {
        return false;
    }
    for (uint32_t a = 0; choice->mask != NULL && a < arms; a++) {
        if (hunch__arm_allowed(choice->mask, a)) {
            some = true;
            if (choice->candidates != NULL && !all_finite(choice->candidates + (size_t)a * c, c)) {
                return false;
            }
        }
    }
    return some && !chooser->disabled;
}

static bool all_finite(const float *x, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) {
            return false;
        }
    }
    return true;
}

uint32_t hunch__fallback_arm(const hunch_chooser *chooser, const struct hunch__choice *choice)
{
    const hunch_chooser_options *options = &chooser->options;
    if (options->fallback != NULL) {
        const float *x = options->nonzeros > 0 ? NULL : choice->raw.x;
        const uint32_t arm = options->fallback(options->fallback_ctx, x, choice->mask);
        return arm < chooser->shape.arms ? arm : 0;
    }
    for (uint32_t a = 0; a < chooser->shape.arms; a++) {
        if (hunch__arm_allowed(choice->mask, a)) {
            return a;
        }
    }
    return 0;
}

/* The drawn arm, then the others that may be chosen, the more probable first; of equals the first.
 * UINT32_MAX when there are no more. */
static void rank(const float *p, uint32_t arms, uint32_t first, const struct hunch__choice *choice)
{
    float left[HUNCH__ARMS_MAX];
    for (uint32_t a = 0; a < arms; a++) {
        left[a] = hunch__arm_allowed(choice->mask, a) ? p[a] : -1.0f;
    }
    left[first] = -1.0f;
    for (uint32_t i = 0; i < choice->ranks; i++) {
        choice->ranked[i] = first;
        uint32_t next = 0;
        for (uint32_t a = 1; a < arms; a++) {
            next = left[a] > left[next] ? a : next;
        }
        first = left[next] < 0.0f ? UINT32_MAX : next;
        left[next] = -1.0f;
    }
}
