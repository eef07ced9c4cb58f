/* Looking inside. */
#include <string.h>

#include "asserts.h"
#include "atomics.h"
#include "choose.h"
#include "chooser.h"
#include "stats.h"

#include "kernels.h"

static void add(struct hunch__totals *totals, const struct hunch__counters *counters);
static const char *model_name(const hunch_chooser *chooser);
static uint64_t bytes_of(const hunch_chooser *chooser);

void hunch__totals_read(const hunch_chooser *chooser, struct hunch__totals *totals)
{
    *totals = chooser->before;
    for (uint32_t i = 0; i < chooser->lanes.all; i++) {
        add(totals, &chooser->lanes.lane[i].counters);
    }
}

void hunch_chooser_read_stats(const hunch_chooser *chooser, hunch_chooser_stats *stats)
{
    HUNCH_ASSERT(chooser != NULL && stats != NULL && stats->struct_size >= sizeof(uint32_t));
    const uint32_t known = sizeof *stats;
    const uint32_t size = stats->struct_size < known ? stats->struct_size : known;
    struct hunch__totals totals;
    hunch__totals_read(chooser, &totals);
    const hunch_chooser_stats all = {
        .struct_size = size,
        .arms = chooser->shape.arms,
        .choices = totals.choices,
        .rewards = totals.rewards,
        .expired = totals.expired,
        .abandoned = totals.abandoned,
        .refused = totals.refused,
        .dropped = totals.dropped,
        .overridden = totals.overridden,
        .not_finite = totals.not_finite,
        .learned = hunch__load_relaxed(&chooser->learned),
        .steps = hunch__load_relaxed(&chooser->steps),
        .chooser_bytes = bytes_of(chooser),
        .mean_reward = totals.rewards == 0 ? 0.0 : totals.reward_sum / (double)totals.rewards,
        .learner = chooser->ops->name,
        .model = model_name(chooser),
        .isa = hunch__kernels_get()->name,
    };
    memcpy(stats, &all, size);
}

void hunch_chooser_probabilities(const hunch_chooser *chooser, const float *x, const uint64_t *mask,
                                 float *p)
{
    memset(p, 0, chooser->shape.arms * sizeof *p);
    struct hunch__lane *lane = hunch__lane_enter(&chooser->self->lanes);
    const hunch_question question = {.struct_size = sizeof question, .x = x};
    struct hunch__choice choice = {.mask = mask};
    struct hunch__room room;
    hunch__set_context(chooser, &question, &choice.raw, &room);
    if (lane == NULL || !hunch__usable(chooser, &choice)) {
        p[hunch__fallback_arm(chooser, &choice)] = 1.0f;
    } else {
        const unsigned char *snapshot = hunch__snapshot(chooser, lane);
        struct hunch__encoded encoded;
        (void)hunch__encode(&chooser->encoder, hunch__snapshot_cuts(chooser, snapshot), &choice.raw,
                            &encoded);
        chooser->ops->score(snapshot + chooser->learner_at, &chooser->shape, &encoded.x, NULL, mask,
                            p);
    }
    if (lane != NULL) {
        hunch__lane_leave(lane);
    }
}

static void add(struct hunch__totals *totals, const struct hunch__counters *counters)
{
    totals->choices += hunch__load_relaxed(&counters->choices);
    totals->rewards += hunch__load_relaxed(&counters->rewards);
    totals->expired += hunch__load_relaxed(&counters->expired);
    totals->abandoned += hunch__load_relaxed(&counters->abandoned);
    totals->refused += hunch__load_relaxed(&counters->refused);
    totals->dropped += hunch__load_relaxed(&counters->dropped);
    totals->overridden += hunch__load_relaxed(&counters->overridden);
    totals->not_finite += hunch__load_relaxed(&counters->not_finite);
    totals->reward_sum += hunch__load_relaxed(&counters->reward_sum);
}

/* The model that the calling thread's snapshot asks. */
static const char *model_name(const hunch_chooser *chooser)
{
    if (chooser->ops->model == NULL) {
        return chooser->ops->name;
    }
    struct hunch__lane *lane = hunch__lane_enter(&chooser->self->lanes);
    if (lane == NULL) {
        return chooser->ops->name;
    }
    const unsigned char *snapshot = hunch__snapshot(chooser, lane);
    const char *name = chooser->ops->model(snapshot + chooser->learner_at, &chooser->shape);
    hunch__lane_leave(lane);
    return name;
}

static uint64_t bytes_of(const hunch_chooser *chooser)
{
    const uint64_t lanes = chooser->lanes.all;
    return sizeof *chooser + chooser->state_bytes + 3 * chooser->published.bytes +
           chooser->kept_bytes + lanes * (sizeof *chooser->lanes.lane + hunch__lane_bytes(chooser));
}
