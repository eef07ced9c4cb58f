/* Every configuration of hunch_index that the automatic choice is measured against. */
#ifndef HUNCH_BENCH_INDEX_AUTO_ARMS_H
#define HUNCH_BENCH_INDEX_AUTO_ARMS_H

#include <hunch/index.h>

#define AUTO_ARMS 51u

/* One of them. */
struct auto_arm {
    char name[40];
    hunch_index_options options;
};

/* Fill arms[AUTO_ARMS]. */
void auto_arms_list(struct auto_arm *arms);

#endif
