/* Knowing nothing, for the learners that always do the same. */
#include "nothing.h"

#include <string.h>

#include "bits.h"
#include "diag.h"
#include "learners.h"

size_t hunch__nothing_bytes(const hunch_learner_shape *shape)
{
    return hunch__shape_is_sound(shape) ? HUNCH__CACHE_LINE : 0;
}

void hunch__nothing_init(void *state, const hunch_learner_shape *shape, uint64_t seed)
{
    (void)state;
    (void)shape;
    (void)seed;
}

void hunch__nothing_learn(void *state, const hunch_learner_shape *shape,
                          const hunch_learner_event *events, size_t n)
{
    (void)state;
    (void)shape;
    (void)events;
    (void)n;
}

void hunch__nothing_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                            void *snapshot)
{
    (void)shape;
    (void)dice;
    memcpy(snapshot, state, HUNCH__CACHE_LINE);
}

hunch_status hunch__nothing_validate(const void *state, const hunch_learner_shape *shape,
                                     hunch_diag *diag)
{
    (void)shape;
    for (size_t i = 0; i < HUNCH__CACHE_LINE; i++) {
        if (((const unsigned char *)state)[i] != 0) {
            return hunch__fail(diag, HUNCH_ECORRUPT, i, "a learner of nothing has learned");
        }
    }
    return HUNCH_OK;
}

void hunch__nothing_merge(void *state, const hunch_learner_shape *shape, const void *other)
{
    (void)state;
    (void)shape;
    (void)other;
}
