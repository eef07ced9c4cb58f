/* The sets of keys that the suite runs on: easy, skewed, hard real ones, and duplicates. */
#include "sets.h"

#define PRESENT QUERY_BIT(QUERY_PRESENT)
#define ABSENT  QUERY_BIT(QUERY_ABSENT)
#define UNIFORM QUERY_BIT(QUERY_ABSENT_UNIFORM)
#define ZIPF    QUERY_BIT(QUERY_ZIPF)
#define ALL     (PRESENT | ABSENT | UNIFORM | ZIPF)

const struct key_set key_sets[] = {
    {"coast_hilbert", "coast_hilbert", 0, PRESENT | ABSENT, ALL, true},
    {"webserver_io_ns", "webserver_io_ns", 0, PRESENT, PRESENT | UNIFORM, false},
    {"ipv4_starts", "ipv4_starts", 0, PRESENT | UNIFORM, PRESENT | UNIFORM, false},
    {"uniform_2M", "uniform", 2000000, PRESENT | ZIPF, 0, false},
    {"duplicates_2M", "duplicates", 2000000, PRESENT, 0, false},
    {"uniform_20M", "uniform", 20000000, 0, ALL, true},
    {"lognormal_20M", "lognormal", 20000000, 0, PRESENT, false},
    {"tweet_ids_10M", "tweet_ids_10M", 0, 0, PRESENT, false},
    {"kmer31", "kmer31", 0, 0, PRESENT, false},
    {"cascade_0.3_20M", "cascade(0.3)", 20000000, 0, PRESENT, false},
    {"cascade_1.0_20M", "cascade(1.0)", 20000000, 0, PRESENT, false},
    {"star_codes", "star_codes", 0, 0, PRESENT, false},
    {"hic_pairs", "hic_pairs", 0, 0, PRESENT, false},
    {"duplicates_20M", "duplicates", 20000000, 0, PRESENT | ABSENT, false},
    {"dense_20M", "dense", 20000000, 0, PRESENT, false},
    {"weblog_nasa1995_seconds", "weblog_nasa1995_seconds", 0, 0, PRESENT, false},
    {.name = NULL},
};
