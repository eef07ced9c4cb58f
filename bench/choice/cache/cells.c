/* Cells of objects. Limits are powers of two where nothing speaks for others. */
#include "cells.h"

static uint32_t count_below(const float *limits, uint32_t n, float value);

static const float lateness[] = {0.02f, 0.2f, 0.6f};
static const float requests[] = {2, 3, 5, 9, 17};
static const float gaps[] = {0.03f, 0.125f, 0.25f, 0.5f, 1, 2};

enum { LATENESS = 4, GAPS = 8, UNKNOWN_GAP = GAPS - 1 };

uint32_t cells_promotion(const struct object *object, uint32_t now, bool returned)
{
    const float stay = (float)(now - object->since);
    const float late = (float)(object->last - object->since) / stay;
    const uint32_t hits = object->count - 1u;
    return (hits * 2 + returned) * LATENESS + count_below(lateness, 3, late);
}

void cells_describe_promotion(uint32_t cell, float *x)
{
    x[0] = (float)(cell / LATENESS / 2);
    x[1] = (float)(cell / LATENESS % 2);
    x[2] = (float)(cell % LATENESS);
}

uint32_t cells_retention(const struct object *object, float main_age)
{
    const uint32_t life = count_below(requests, 5, (float)object->life);
    const uint32_t gap =
        object->gap == 0 ? UNKNOWN_GAP : count_below(gaps, 6, (float)object->gap / (main_age + 1));
    return life * GAPS + gap;
}

void cells_describe_retention(uint32_t cell, float *x)
{
    const uint32_t gap = cell % GAPS;
    x[0] = (float)(cell / GAPS);
    x[1] = gap == UNKNOWN_GAP ? 0.0f : (float)gap;
    x[2] = x[0] * x[1];
}

static uint32_t count_below(const float *limits, uint32_t n, float value)
{
    uint32_t below = 0;
    while (below < n && limits[below] <= value) {
        below++;
    }
    return below;
}
