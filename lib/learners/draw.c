/* The draw, for learners that are written elsewhere. */
#include "asserts.h"
#include "explore.h"

#include <hunch/learner.h>

uint32_t hunch_draw(const float *p, uint32_t arms, uint64_t dice)
{
    HUNCH_ASSERT(p != NULL && arms > 0);
    return hunch__draw(p, arms, dice);
}
