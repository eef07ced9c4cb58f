/* What AUTO believes of each form, and what it learns of their sizes by building some.
 *
 * SEGMENTS become fewer with a power of eps that the slices which were glanced at hardly tell:
 * these may be far harder than the whole, or easier, and the more so the larger eps. So sizes
 * between two that were found follow a power of eps from one to the other. */
#include "beliefs.h"

/* Towards smaller eps than any that was built: the power that is feared where one size is known,
 * and by how much more than the last two say where two are. What is believed to be too large is not
 * tried, what turns out too large is a build in vain. Bursts have up to 2.5, smooth keys 2, most
 * real ones 1. */
#define POWER_FEARED 1.5
#define POWER_MORE   1.0
/* Towards larger ones: lines that are few do not become much fewer, and those of slices that need
 * one each do not tell. */
#define POWER_LEAST  0.5
#define POWER_MOST   2.0

/* log2 of how far off a time may be to be believed. */
#define OFF_MOST 6.0

/* The object is the same whatever the form. */
#define OBJECT_BYTES ((double)sizeof(hunch_index))

static void learn_ratio(struct hunch__beliefs *beliefs, uint32_t arm, double ratio);
static void learn_segments(struct hunch__beliefs *beliefs);
static double bytes_at(const struct hunch__beliefs *beliefs, uint32_t eps);
static uint32_t nearest_built(const struct hunch__beliefs *beliefs, uint32_t eps, bool above);
static double power_below(const struct hunch__beliefs *beliefs, uint32_t lowest);
static double power_above(const struct hunch__beliefs *beliefs, uint32_t highest);
static double power_of(const struct hunch__beliefs *beliefs, uint32_t below, uint32_t above);
static double found_bytes(const struct hunch__beliefs *beliefs, uint32_t arm);
static double share_of_router(const struct hunch__beliefs *beliefs, uint32_t arm);
static bool is_built(const struct hunch__beliefs *beliefs, uint32_t arm);

hunch_status hunch__beliefs_form(struct hunch__beliefs *out, const uint64_t *keys, size_t n,
                                 const hunch_index_options *options,
                                 const hunch_allocator *allocator, hunch_diag *diag)
{
    *out = (struct hunch__beliefs){.budget = HUGE_VAL, .workload = options->workload};
    if (options->budget_bytes != 0) {
        out->budget = (double)options->budget_bytes;
    }
    hunch_status status = hunch__glance(&out->glance, keys, n, allocator, diag);
    for (uint32_t i = 0; i < HUNCH__ARMS && status == HUNCH_OK; i++) {
        out->cost[i] = hunch__arm_cost(&hunch__arms[i], &out->glance);
        out->first_bytes[i] = out->cost[i].bytes;
    }
    return status;
}

void hunch__beliefs_learn(struct hunch__beliefs *beliefs, uint32_t arm, size_t bytes)
{
    const double ratio = (double)bytes / beliefs->cost[arm].bytes;
    beliefs->built |= (uint64_t)1 << arm;
    beliefs->cost[arm].bytes = (double)bytes;
    if (hunch__arms[arm].kind == HUNCH_INDEX_SEGMENTS) {
        learn_segments(beliefs);
    } else {
        learn_ratio(beliefs, arm, ratio);
    }
}

void hunch__beliefs_learn_ns(struct hunch__beliefs *beliefs, const uint32_t *arms, const double *ns,
                             size_t count)
{
    double all = 0;
    double of_kind[HUNCH_INDEX_SEGMENTS + 1] = {0};
    unsigned timed[HUNCH_INDEX_SEGMENTS + 1] = {0};
    for (size_t i = 0; i < count; i++) {
        const double off = log2(ns[i] / hunch__believed_ns(beliefs, arms[i]));
        if (!(fabs(off) <= OFF_MOST)) {
            return; /* a clock that tells nothing */
        }
        all += off / (double)count;
        of_kind[hunch__arms[arms[i]].kind] += off;
        timed[hunch__arms[arms[i]].kind]++;
    }
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        const uint32_t kind = hunch__arms[i].kind;
        const double off = exp2(timed[kind] > 0 ? of_kind[kind] / timed[kind] : all);
        beliefs->cost[i].single *= off;
        beliefs->cost[i].batched *= off;
    }
}

/* The others of its kind err as it did. */
static void learn_ratio(struct hunch__beliefs *beliefs, uint32_t arm, double ratio)
{
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        if (hunch__arms[i].kind == hunch__arms[arm].kind && !is_built(beliefs, i)) {
            beliefs->cost[i].bytes *= ratio;
        }
    }
}

static void learn_segments(struct hunch__beliefs *beliefs)
{
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        if (hunch__arms[i].kind == HUNCH_INDEX_SEGMENTS && !is_built(beliefs, i)) {
            const double bytes = bytes_at(beliefs, hunch__arms[i].eps);
            beliefs->cost[i].bytes = OBJECT_BYTES + bytes * share_of_router(beliefs, i);
        }
    }
}

/* Of SEGMENTS behind a router of the kind TREE, at least one of which was built. */
static double bytes_at(const struct hunch__beliefs *beliefs, uint32_t eps)
{
    const uint32_t below = nearest_built(beliefs, eps, false);
    const uint32_t above = nearest_built(beliefs, eps, true);
    const uint32_t from = below < HUNCH__ARMS ? below : above;
    const double power = below == HUNCH__ARMS   ? power_below(beliefs, above)
                         : above == HUNCH__ARMS ? power_above(beliefs, below)
                                                : power_of(beliefs, below, above);
    return found_bytes(beliefs, from) * pow((double)hunch__arms[from].eps / eps, power);
}

/* The SEGMENTS that were built with the nearest eps on a side, or the same; HUNCH__ARMS: none. */
static uint32_t nearest_built(const struct hunch__beliefs *beliefs, uint32_t eps, bool above)
{
    uint32_t nearest = HUNCH__ARMS;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        const struct hunch__arm *arm = &hunch__arms[i];
        if (arm->kind == HUNCH_INDEX_SEGMENTS && is_built(beliefs, i) &&
            (above ? arm->eps >= eps : arm->eps <= eps) &&
            (nearest == HUNCH__ARMS ||
             (above ? arm->eps < hunch__arms[nearest].eps : arm->eps > hunch__arms[nearest].eps))) {
            nearest = i;
        }
    }
    return nearest;
}

static double power_below(const struct hunch__beliefs *beliefs, uint32_t lowest)
{
    const uint32_t next = nearest_built(beliefs, hunch__arms[lowest].eps + 1, true);
    return next < HUNCH__ARMS ? power_of(beliefs, lowest, next) + POWER_MORE : POWER_FEARED;
}

static double power_above(const struct hunch__beliefs *beliefs, uint32_t highest)
{
    const uint32_t next = nearest_built(beliefs, hunch__arms[highest].eps - 1, false);
    const double power =
        next < HUNCH__ARMS ? power_of(beliefs, next, highest) : beliefs->glance.exponent;
    return fmax(fmin(power, POWER_MOST), POWER_LEAST);
}

/* The power of eps that bytes fall with; 0 of two with the same eps. */
static double power_of(const struct hunch__beliefs *beliefs, uint32_t below, uint32_t above)
{
    const double wider = (double)hunch__arms[above].eps / hunch__arms[below].eps;
    const double fewer = found_bytes(beliefs, below) / found_bytes(beliefs, above);
    return wider > 1 ? fmax(log2(fewer) / log2(wider), 0) : 0;
}

/* Of the model, as if the router were TREE. */
static double found_bytes(const struct hunch__beliefs *beliefs, uint32_t arm)
{
    const double bytes = beliefs->cost[arm].bytes - OBJECT_BYTES;
    return fmax(bytes, 1) / share_of_router(beliefs, arm);
}

/* How many times the bytes of the same segments behind a router TREE. */
static double share_of_router(const struct hunch__beliefs *beliefs, uint32_t arm)
{
    uint32_t plain = arm;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        const bool same = hunch__arms[i].kind == HUNCH_INDEX_SEGMENTS &&
                          hunch__arms[i].eps == hunch__arms[arm].eps;
        plain = same && hunch__arms[i].router == HUNCH_INDEX_ROUTER_TREE ? i : plain;
    }
    return (beliefs->first_bytes[arm] - OBJECT_BYTES) /
           (beliefs->first_bytes[plain] - OBJECT_BYTES);
}

double hunch__believed_ns(const struct hunch__beliefs *beliefs, uint32_t arm)
{
    return hunch__cost_ns(&beliefs->cost[arm], beliefs->workload);
}

bool hunch__believed_to_fit(const struct hunch__beliefs *beliefs, uint32_t arm)
{
    return beliefs->cost[arm].bytes <= beliefs->budget;
}

uint32_t hunch__believed_fastest(const struct hunch__beliefs *beliefs, uint64_t without)
{
    uint32_t best = HUNCH__ARMS;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        if ((without >> i & 1) == 0 && hunch__believed_to_fit(beliefs, i) &&
            (best == HUNCH__ARMS ||
             hunch__believed_ns(beliefs, i) < hunch__believed_ns(beliefs, best))) {
            best = i;
        }
    }
    return best < HUNCH__ARMS ? best : hunch__believed_smallest(beliefs, without);
}

uint32_t hunch__believed_smallest(const struct hunch__beliefs *beliefs, uint64_t without)
{
    uint32_t best = HUNCH__ARMS;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        if ((without >> i & 1) == 0 &&
            (best == HUNCH__ARMS || beliefs->cost[i].bytes < beliefs->cost[best].bytes)) {
            best = i;
        }
    }
    return best;
}

static bool is_built(const struct hunch__beliefs *beliefs, uint32_t arm)
{
    return (beliefs->built >> arm & 1) != 0;
}
