/* A range cut into buckets, the arms of hunch_choose_value(). */
#ifndef HUNCH_CHOICE_RANGE_H
#define HUNCH_CHOICE_RANGE_H

#include <stdint.h>

#include <hunch/choice.h>

/* Buckets when the options name none: twice as fine as what is asked of a peak (check_learner_
 * sequences), at 0.1 ms a publication. */
#define HUNCH__RANGE_BUCKETS 48u

/* The number at `part`, in [0, 1), of bucket `arm` of `arms`; never outside of the range. */
double hunch__range_value(const hunch_chooser_options *options, uint32_t arms, uint32_t arm,
                          double part);

#endif
