/* What AUTO believes of each form, and what it learns of their sizes by building some. */
#ifndef HUNCH_LEARNED_INDEX_BELIEFS_H
#define HUNCH_LEARNED_INDEX_BELIEFS_H

#include "arms.h"

struct hunch__beliefs {
    struct hunch__glance glance;
    double budget;     /* bytes beside the keys; HUGE_VAL where there is none */
    uint32_t workload; /* a hunch_index_workload */
    struct hunch__cost cost[HUNCH__ARMS];
    double first_bytes[HUNCH__ARMS]; /* before any was built */
    uint64_t built;                  /* a bit for each arm whose bytes are known */
};

/* By the cost model alone. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__beliefs_form(struct hunch__beliefs *out, const uint64_t *keys,
                                                size_t n, const hunch_index_options *options,
                                                const hunch_allocator *allocator, hunch_diag *diag);

/* The arm was built and takes so many bytes: correct what is believed of those like it. */
void hunch__beliefs_learn(struct hunch__beliefs *beliefs, uint32_t arm, size_t bytes);

/* The arms in arms[count] were timed, ns of a look-up of the workload each: kinds err by as much as
 * these did, and kinds of which none was timed by as much as all did on average. */
void hunch__beliefs_learn_ns(struct hunch__beliefs *beliefs, const uint32_t *arms, const double *ns,
                             size_t count);

/* ns of a look-up of the workload. */
double hunch__believed_ns(const struct hunch__beliefs *beliefs, uint32_t arm);

bool hunch__believed_to_fit(const struct hunch__beliefs *beliefs, uint32_t arm);

/* Of the arms whose bit is not in `without`, the one that should be fastest of those that should
 * fit; if none should, the one that should be smallest; if there is none, HUNCH__ARMS. */
uint32_t hunch__believed_fastest(const struct hunch__beliefs *beliefs, uint64_t without);

/* Of the arms whose bit is not in `without`, the one that should be smallest; if there is none,
 * HUNCH__ARMS. */
uint32_t hunch__believed_smallest(const struct hunch__beliefs *beliefs, uint64_t without);

#endif
