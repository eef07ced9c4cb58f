/* The forms that AUTO chooses from, and what it believes about them before it has tried any. */
#ifndef HUNCH_LEARNED_INDEX_ARMS_H
#define HUNCH_LEARNED_INDEX_ARMS_H

#include <math.h>

#include "glance.h"
#include "internal.h"

/* One configuration. */
struct hunch__arm {
    uint32_t kind; /* a hunch_index_kind */
    uint32_t node_keys;
    uint32_t cell_keys;
    uint32_t block_keys;
    uint32_t router;
    uint32_t eps;
};

#define HUNCH__ARMS 37u

extern const struct hunch__arm hunch__arms[HUNCH__ARMS];

/* The arm that every other is compared with: the tree with nodes of 16, which suits any keys. */
#define HUNCH__ARM_PLAIN 0u

/* The bits of all arms of a kind. */
uint64_t hunch__arms_of(uint32_t kind);

/* What an arm is expected to cost. */
struct hunch__cost {
    double bytes;   /* beside the keys                        */
    double single;  /* ns a look-up, one after the other      */
    double batched; /* ns a look-up, many at once             */
};

struct hunch__cost hunch__arm_cost(const struct hunch__arm *arm,
                                   const struct hunch__glance *glance);

/* The cost of a workload, a hunch_index_workload, in ns. Mixed is the geometric mean: a tenth more
 * weighs the same in either kind of look-up, though one takes several times as long. */
static inline double hunch__cost_ns(const struct hunch__cost *cost, uint32_t workload)
{
    switch (workload) {
    case HUNCH_INDEX_SINGLE:
        return cost->single;
    case HUNCH_INDEX_BATCHED:
        return cost->batched;
    default:
        return sqrt(cost->single * cost->batched);
    }
}

#endif
