/* The cases of the sort choice. */
#ifndef HUNCH_BENCH_SORT_DEMO_H
#define HUNCH_BENCH_SORT_DEMO_H

#include "part.h"
#include "stream.h"

/* Most contenders of a case. */
#define SORTERS_MAX 16u

/* sort/NAME: a stream and whether the profile quick has it. */
struct sort_case {
    const char *name;
    struct stream_plan plan; /* but for its keys */
    bool quick;
};

/* In the order of the report; a name of NULL ends it. */
extern const struct sort_case sort_cases[];

#endif
