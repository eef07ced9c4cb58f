#include "event.h"

#include "explore.h"
#include "random.h"

bool hunch__events_admit_slowly(const struct hunch__slot_shape *shape, struct hunch__lane *lane,
                                float *weight)
{
    const uint64_t half = shape->event_capacity / 2;
    /* acquire: pairs with the learner's release, after which it does not read them any more */
    lane->events_tail_seen = hunch__load_acquire(&lane->events_tail);
    const uint64_t fill = hunch__load_relaxed(&lane->events_head) - lane->events_tail_seen;
    if (fill < half) {
        return true;
    }
    /* The second half fills with falling probability, so that what is kept is a sample with known
     * weights rather than all of one time and nothing of the next. */
    const double keep = (double)(2 * half - fill) / (double)half;
    const bool kept = hunch__uniform(hunch__splitmix64(&lane->dice)) < keep;
    *weight = kept ? (float)(1.0 / keep) : 1.0f;
    if (!kept) {
        hunch__count(&lane->counters.dropped);
    }
    return kept;
}
