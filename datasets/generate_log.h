/* Key sets as logs have them: times of records that come by day and by week, in bursts, and not at
 * all while the machine is down. */
#ifndef HUNCH_DATASETS_GENERATE_LOG_H
#define HUNCH_DATASETS_GENERATE_LOG_H

#include <hunch/status.h>

#include "generate.h"

/* The parameter of each is the mean of records a second, holes left out. */
#define HUNCH__LOG_RATE_LEAST 0.1
#define HUNCH__LOG_RATE_MOST  10000

/* Unix seconds, with repetitions. */
HUNCH_MUST_USE hunch_status hunch__fill_log_seconds(const struct generation *g);

/* Unix microseconds, each once. */
HUNCH_MUST_USE hunch_status hunch__fill_log_us(const struct generation *g);

/* Unix second << 16 | number within the second. */
HUNCH_MUST_USE hunch_status hunch__fill_log_composite(const struct generation *g);

#endif
