/* The shortest way through hunch_choose(), once per instruction set: numbers only, at most eight
 * arms, and a snapshot that is a linear model. What choose.c does by calling the learner is one
 * function here: on the way from the caller's context into the slot, each vector of it is compared
 * with the model's bounds; what lies outside, or is no number, goes the long way. The choices are
 * the same, to the bit.
 *
 * The includer defines TARGET, HOT (the function's name) and what linear_eight.h asks for. */
#include "choose.h"
#include "chooser.h"
#include "linear_eight.h"
#include "random.h"
#include "slot.h"
#include "words.h"

/* slot[2...] = x. Whether x lies inside of the model's bounds, and so is finite too. */
TARGET INLINE bool keep_context(const struct hunch__linear *model, const float *x,
                                _Atomic uint64_t *slot)
{
    const float *low = hunch__linear_low(model);
    const size_t padded = hunch__linear_padded(model->dense);
    const size_t dense = model->dense;
    float *kept = (float *)(uintptr_t)(slot + 2);
    bool inside = model->centered == 0;
    size_t f = 0;
    for (; f + 8 <= dense; f += 8) {
        const __m256 v = _mm256_loadu_ps(x + f);
        _mm256_storeu_ps(kept + f, v);
        inside &= inside8(low, padded, f, v);
    }
    if (f < dense) {
        const uint32_t left = (uint32_t)(dense - f);
        const __m256 v = load_head(x + f, left);
        store_head(kept + f, left, v);
        inside &= inside8(low, padded, f, v);
    }
    return inside;
}

TARGET hunch_ticket HOT(hunch_chooser *chooser, const float *x)
{
    struct hunch__lane *lane = hunch__lane_mine(&chooser->lanes);
    /* Relaxed: a version that is new is read again, with acquire, before its words are. */
    if (lane == NULL || lane->linear == NULL ||
        lane->version != hunch__load_relaxed(&chooser->published.version)) {
        return hunch__choose_any(chooser, x);
    }
    const struct hunch__linear *model = lane->linear;
    float propensity = 1.0f;
    uint64_t id = 0;
    _Atomic uint64_t *slot = hunch__slot_next(chooser, &chooser->slot, lane, &id);
    if (!keep_context(model, x, slot)) {
        return hunch__choose_plain(chooser, lane, slot, id, x);
    }
    const __m256 scores = dense8(hunch__linear_weights(model), model->dense, x);
    const uint32_t arm = choose8(&model->explore, scores, model->arms, NULL,
                                 hunch__splitmix64(&lane->dice), &propensity);
    return hunch__slot_finish(lane, slot, id, arm, propensity);
}
