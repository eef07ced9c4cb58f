/* The sets of keys that the suite runs on. */
#ifndef HUNCH_BENCH_INDEX_SETS_H
#define HUNCH_BENCH_INDEX_SETS_H

#include "bench.h"
#include "queries.h"

#define QUERY_BIT(kind) (1u << (kind))

/* Whether lines fit the keys, by what is known of where they come from. */
enum set_class { SET_OTHER, SET_SMOOTH, SET_HARD };
#define CLASS_BIT(class) (1u << (class))

/* A set and what is asked of it. */
struct key_set {
    const char *name;   /* in the names of cases                              */
    const char *source; /* of datasets/: a file's stem or a generator         */
    size_t n;           /* keys of a generated set; 0: as many as the file has */
    unsigned quick;     /* QUERY_BITs in the profile quick; 0: not in it      */
    unsigned full;
    bool sweep; /* the profile full tunes the contenders on it */
    enum set_class class;
};

/* In the order of the report; a name of NULL ends it. */
extern const struct key_set key_sets[];

/* The kinds of queries of a set in a profile. */
static inline unsigned key_set_kinds(const struct key_set *set, enum bench_profile profile)
{
    return profile == BENCH_FULL ? set->full : set->quick;
}

#endif
