#include "lane.h"

/* Attempts to enter a shared lane; a stay in it takes tens of nanoseconds. */
enum { ATTEMPTS = 256 };

static struct hunch__lane *claim(struct hunch__lanes *lanes, uintptr_t thread);
static struct hunch__lane *share(struct hunch__lanes *lanes, uintptr_t thread);

struct hunch__lane *hunch__lane_enter_slowly(struct hunch__lanes *lanes, uintptr_t thread)
{
    for (uint32_t i = 0; i < lanes->count; i++) {
        if (hunch__load_relaxed(&lanes->lane[i].owner) == thread) {
            return &lanes->lane[i];
        }
    }
    struct hunch__lane *lane = claim(lanes, thread);
    return lane != NULL ? lane : share(lanes, thread);
}

/* The first lane that is nobody's, now this thread's. */
static struct hunch__lane *claim(struct hunch__lanes *lanes, uintptr_t thread)
{
    for (uint32_t i = 0; i < lanes->count; i++) {
        uintptr_t nobody = 0;
        if (hunch__load_relaxed(&lanes->lane[i].owner) == 0 &&
            hunch__cas_acq_rel(&lanes->lane[i].owner, &nobody, thread)) {
            hunch__store_relaxed(&lanes->hint[hunch__lane_hint(thread)], (uint8_t)i);
            return &lanes->lane[i];
        }
    }
    return NULL;
}

/* Each thread begins at another of the shared lanes. */
static struct hunch__lane *share(struct hunch__lanes *lanes, uintptr_t thread)
{
    const uint32_t first = (uint32_t)hunch__lane_hint(thread);
    for (uint32_t i = 0; i < ATTEMPTS; i++) {
        const uint32_t at = (first + i) % HUNCH__LANES_SHARED;
        struct hunch__lane *lane = &lanes->lane[lanes->count + at];
        uint32_t idle = 0;
        if (hunch__load_relaxed(lane->busy) == 0 &&
            hunch__cas_acq_rel(lane->busy, &idle, 1)) { /* pairs with the release in leave() */
            return lane;
        }
    }
    return NULL;
}
