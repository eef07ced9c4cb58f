/* Key sets that break what was built for the usual ones. All are distinct. */
#ifndef HUNCH_DATASETS_GENERATE_SHAPES_H
#define HUNCH_DATASETS_GENERATE_SHAPES_H

#include <hunch/status.h>

#include "generate.h"

/* The powers of two, from 1 up; once there are more keys than 64, a run around each. */
HUNCH_MUST_USE hunch_status hunch__fill_powers(const struct generation *g);

/* Half of the keys 2^40 apart, or as far as fits, and behind them half without gaps. */
HUNCH_MUST_USE hunch_status hunch__fill_two_slopes(const struct generation *g);

/* 0 and 1, 2^53 and 2^63 with their neighbours, 2^64 - 1, and runs that begin or end there, or are
 * around them: where doubles lose integers, signs turn and sums overflow. */
HUNCH_MUST_USE hunch_status hunch__fill_edges(const struct generation *g);

#endif
