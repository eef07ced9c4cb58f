#include "range.h"

#include <math.h>

#include "real.h"

double hunch__range_value(const hunch_chooser_options *options, uint32_t arms, uint32_t arm,
                          double part)
{
    const double at = ((double)arm + part) / (double)arms;
    double value = (1.0 - at) * options->value_min + at * options->value_max; /* no overflow */
    if (options->value_scale == HUNCH_SCALE_LOG) {
        const double low = hunch__log(options->value_min);
        value = hunch__exp(low + at * (hunch__log(options->value_max) - low));
    }
    return fmin(fmax(value, options->value_min), options->value_max);
}
