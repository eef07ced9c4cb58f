/* The sets of keys that the suite runs on: easy, skewed, hard real ones, and duplicates. */
#include "sets.h"

#define PRESENT QUERY_BIT(QUERY_PRESENT)
#define ABSENT  QUERY_BIT(QUERY_ABSENT)
#define UNIFORM QUERY_BIT(QUERY_ABSENT_UNIFORM)
#define ZIPF    QUERY_BIT(QUERY_ZIPF)
#define ALL     (PRESENT | ABSENT | UNIFORM | ZIPF)

const struct key_set key_sets[] = {
    {"coast_hilbert", "coast_hilbert", 0, PRESENT | ABSENT, ALL, true, SET_HARD},
    {"webserver_io_ns", "webserver_io_ns", 0, PRESENT, PRESENT | UNIFORM, false, SET_OTHER},
    {"ipv4_starts", "ipv4_starts", 0, PRESENT | UNIFORM, PRESENT | UNIFORM, false, SET_OTHER},
    {"uniform_2M", "uniform", 2000000, PRESENT | ZIPF, 0, false, SET_OTHER},
    {"duplicates_2M", "duplicates", 2000000, PRESENT, 0, false, SET_OTHER},
    {"uniform_20M", "uniform", 20000000, 0, ALL, true, SET_SMOOTH},
    {"lognormal_20M", "lognormal", 20000000, 0, PRESENT, false, SET_SMOOTH},
    {"tweet_ids_10M", "tweet_ids_10M", 0, 0, PRESENT, false, SET_SMOOTH},
    {"kmer31", "kmer31", 0, 0, PRESENT, false, SET_HARD},
    {"cascade_0.3_20M", "cascade(0.3)", 20000000, 0, PRESENT, false, SET_HARD},
    {"cascade_1.0_20M", "cascade(1.0)", 20000000, 0, PRESENT, false, SET_HARD},
    {"star_codes", "star_codes", 0, 0, PRESENT, false, SET_OTHER},
    {"hic_pairs", "hic_pairs", 0, 0, PRESENT, false, SET_OTHER},
    {"duplicates_20M", "duplicates", 20000000, 0, PRESENT | ABSENT, false, SET_OTHER},
    {"dense_20M", "dense", 20000000, 0, PRESENT, false, SET_OTHER},
    {"weblog_nasa1995_seconds", "weblog_nasa1995_seconds", 0, 0, PRESENT, false, SET_OTHER},
    {.name = NULL},
};
