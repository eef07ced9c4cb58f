/* The cuts of bucketed features: given, or quantiles of the first contexts learned from. */
#ifndef HUNCH_CHOICE_CUTS_H
#define HUNCH_CHOICE_CUTS_H

#include <stdint.h>

#include "encoder.h"

/* Contexts that the quantiles are taken from. */
#define HUNCH__CUTS_SAMPLE 512u

/* The learner's side. */
struct hunch__cuts {
    float *values;  /* [encoder.cuts]: for each bucketed feature 1.0 when its cuts are known, then
                     * the cuts                                                                   */
    float *sample;  /* [features][HUNCH__CUTS_SAMPLE], those that were seen first; NULL = none is
                     * to be found                                                                */
    uint32_t *seen; /* [features]                                                                 */
};

/* Look at a context x[features] before it is encoded; makes cuts when enough were seen. */
void hunch__cuts_see(struct hunch__cuts *cuts, const struct hunch__encoder *encoder,
                     const float *x);

#endif
