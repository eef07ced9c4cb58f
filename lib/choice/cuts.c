#include "cuts.h"

#include <math.h>

static void make_cuts(const struct hunch__column *column, float *sample, float *values);
static void sort(float *values, uint32_t n);

void hunch__cuts_see(struct hunch__cuts *cuts, const struct hunch__encoder *encoder, const float *x)
{
    if (cuts->sample == NULL) {
        return;
    }
    for (uint32_t f = 0; f < encoder->features; f++) {
        const struct hunch__column *column = &encoder->column[f];
        if (column->kind == HUNCH_FEATURE_BUCKETED && isfinite(x[f]) &&
            !(cuts->values[column->cuts - 1] > 0.0f)) {
            float *sample = cuts->sample + (size_t)f * HUNCH__CUTS_SAMPLE;
            sample[cuts->seen[f]++] = x[f];
            if (cuts->seen[f] == HUNCH__CUTS_SAMPLE) {
                make_cuts(column, sample, cuts->values);
            }
        }
    }
}

/* Buckets of equal share; where many values are equal, some stay empty. */
static void make_cuts(const struct hunch__column *column, float *sample, float *values)
{
    sort(sample, HUNCH__CUTS_SAMPLE);
    for (uint32_t i = 1; i < column->levels; i++) {
        const uint32_t at = (uint32_t)((uint64_t)i * HUNCH__CUTS_SAMPLE / column->levels);
        values[column->cuts + i - 1] = sample[at];
    }
    values[column->cuts - 1] = 1.0f;
}

/* Shell's sort; the C library's may allocate, and this may run inside of hunch_reward(). */
static void sort(float *values, uint32_t n)
{
    for (uint32_t gap = n / 2; gap > 0; gap /= 2) {
        for (uint32_t i = gap; i < n; i++) {
            const float value = values[i];
            uint32_t j = i;
            for (; j >= gap && values[j - gap] > value; j -= gap) {
                values[j] = values[j - gap];
            }
            values[j] = value;
        }
    }
}
