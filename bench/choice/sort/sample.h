/* What is known of an array before it is sorted: the context of the choice. */
#ifndef HUNCH_BENCH_SORT_SAMPLE_H
#define HUNCH_BENCH_SORT_SAMPLE_H

#include <hunch/choice.h>

#include "menu.h"

#define SORT_FEATURES 3u

/* The columns of a context, for hunch_chooser_options. */
extern const hunch_feature sort_schema[SORT_FEATURES];

/* x[SORT_FEATURES] from three stretches of neighbours and a few keys between; n >= 256. */
void sort_sample(const struct sort_array *array, float *x);

#endif
