/* Which shapes can be learned, and what they say about exploring and forgetting. */
#include <math.h>

#include "explore.h"
#include "learners.h"
#include "real.h"

/* Shorter half-lives than this forget an event before the next one comes. */
#define HALF_LIFE_MIN 1.0

bool hunch__shape_is_sound(const hunch_learner_shape *shape)
{
    return shape->arms >= 1 && shape->arms <= HUNCH__ARMS_MAX && shape->dense <= shape->features &&
           shape->arms_kind <= HUNCH_ARMS_EPISODE && isfinite(shape->exploration) &&
           shape->exploration >= 0.0f && isfinite(shape->half_life) && shape->half_life >= 0.0f;
}

bool hunch__shape_has_own_arms(const hunch_learner_shape *shape)
{
    return hunch__shape_is_sound(shape) && shape->arms_kind != HUNCH_ARMS_CANDIDATES &&
           shape->candidate_features == 0;
}

double hunch__exploration(const hunch_learner_shape *shape)
{
    return shape->exploration > 0.0f ? (double)shape->exploration : 1.0;
}

double hunch__growth(const hunch_learner_shape *shape)
{
    if (!(shape->half_life > 0.0f)) {
        return 1.0;
    }
    const double half_life = fmax((double)shape->half_life, HALF_LIFE_MIN);
    return hunch__exp(0.69314718055994531 / half_life);
}

bool hunch__scale_is_sound(double scale)
{
    return scale >= 1.0 && scale < HUNCH__SCALE_LIMIT;
}
