/* How hard keys are to learn: the fewest straight lines that predict each key's position within an
 * error, for several errors in one pass. Over distinct keys: a run of equal ones is one point.
 *
 * Wongkham et al., "Are updatable learned indexes ready?", PVLDB 15(11), 2022, section 3. */
#ifndef HUNCH_LEARNED_INDEX_HARDNESS_H
#define HUNCH_LEARNED_INDEX_HARDNESS_H

#include <stddef.h>
#include <stdint.h>

#include "pla.h"

#define HUNCH__HARDNESS_BOUNDS_MAX 16

/* What was found. */
struct hunch__hardness {
    uint64_t n;
    uint64_t distinct;
    uint64_t longest_run;                          /* of equal keys                        */
    uint64_t segments[HUNCH__HARDNESS_BOUNDS_MAX]; /* [count]                              */
    double exponent; /* log2(S32 / S128) / 2; NaN unless both were asked for and n > 0       */
    uint32_t bits;   /* of the largest key                                                 */
};

/* Keys handed to all approximations together, while they are in the nearest cache. */
#define HUNCH__HARDNESS_BLOCK 256

/* A measurement under way. Some 10 KiB. */
struct hunch__hardness_meter {
    struct hunch__pla plas[HUNCH__HARDNESS_BOUNDS_MAX]; /* [count] */
    uint32_t eps[HUNCH__HARDNESS_BOUNDS_MAX];
    size_t count;
    struct hunch__hardness found; /* so far                            */
    uint64_t last;                /* key                               */
    uint64_t run;                 /* of keys equal to it; 0 before any */
    uint64_t block[HUNCH__HARDNESS_BLOCK];
    size_t waiting; /* distinct keys in it */
};

/* Begin, for eps[count], count <= HUNCH__HARDNESS_BOUNDS_MAX. Allocates nothing; all is copied. */
void hunch__hardness_begin(struct hunch__hardness_meter *meter, const uint32_t *eps, size_t count,
                           const hunch_allocator *allocator);

/* Add keys[n] that ascend and are not below those before; at most 2^38 in all. Errors: ENOMEM,
 * EINVAL (diag->at is the first that is too small, from the beginning of all); then only _end() is
 * of use. */
HUNCH_MUST_USE hunch_status hunch__hardness_add(struct hunch__hardness_meter *meter,
                                                const uint64_t *keys, size_t n, hunch_diag *diag);

/* What was found, and the end of the meter. `out` may be NULL. Errors: ENOMEM. */
hunch_status hunch__hardness_end(struct hunch__hardness_meter *meter, struct hunch__hardness *out,
                                 hunch_diag *diag);

/* All three at once. Errors: as of hunch__hardness_add(). */
HUNCH_MUST_USE hunch_status hunch__hardness_measure(struct hunch__hardness *out,
                                                    const uint64_t *keys, size_t n,
                                                    const uint32_t *eps, size_t count,
                                                    const hunch_allocator *allocator,
                                                    hunch_diag *diag);

#endif
