/* What AUTO believes of each form, and what it learns of their sizes by building some. */
#include "beliefs.h"

/* How fast segments become fewer as eps grows, where nothing is known but one form of larger eps:
 * gaps without memory have 2, real keys less, bursts more. */
#define EXPONENT_FEARED 2.0

static void learn_ratio(struct hunch__beliefs *beliefs, uint32_t arm, double ratio);
static void learn_segments(struct hunch__beliefs *beliefs);
static uint32_t nearest_built(const struct hunch__beliefs *beliefs, uint32_t eps, bool above);
static double between(const struct hunch__beliefs *beliefs, uint32_t below, uint32_t above,
                      uint32_t eps);
static double below_all(const struct hunch__beliefs *beliefs, uint32_t nearest, uint32_t eps);
static double above_all(const struct hunch__beliefs *beliefs, uint32_t nearest, uint32_t eps);
static double exponent_of(const struct hunch__beliefs *beliefs, uint32_t below, uint32_t above);

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

/* The others of its kind err as it did. */
static void learn_ratio(struct hunch__beliefs *beliefs, uint32_t arm, double ratio)
{
    const uint64_t others = hunch__arms_of(hunch__arms[arm].kind, 0) & ~beliefs->built;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        beliefs->cost[i].bytes *= (others >> i & 1) != 0 ? ratio : 1;
    }
}

/* Slices that were glanced at may be far harder than the whole, or easier, and the more so the
 * larger eps: so sizes between those that were found are a power of eps between them, and those
 * beyond go on from the nearest, with care. */
static void learn_segments(struct hunch__beliefs *beliefs)
{
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        const uint32_t eps = hunch__arms[i].eps;
        if (hunch__arms[i].kind != HUNCH_INDEX_SEGMENTS || (beliefs->built >> i & 1) != 0) {
            continue;
        }
        const uint32_t below = nearest_built(beliefs, eps, false);
        const uint32_t above = nearest_built(beliefs, eps, true);
        beliefs->cost[i].bytes = below == HUNCH__ARMS   ? below_all(beliefs, above, eps)
                                 : above == HUNCH__ARMS ? above_all(beliefs, below, eps)
                                                        : between(beliefs, below, above, eps);
    }
}

/* The SEGMENTS that were built with the nearest eps on a side, or the same; HUNCH__ARMS: none. */
static uint32_t nearest_built(const struct hunch__beliefs *beliefs, uint32_t eps, bool above)
{
    uint32_t nearest = HUNCH__ARMS;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        const struct hunch__arm *arm = &hunch__arms[i];
        if (arm->kind == HUNCH_INDEX_SEGMENTS && (beliefs->built >> i & 1) != 0 &&
            (above ? arm->eps >= eps : arm->eps <= eps) &&
            (nearest == HUNCH__ARMS ||
             (above ? arm->eps < hunch__arms[nearest].eps : arm->eps > hunch__arms[nearest].eps))) {
            nearest = i;
        }
    }
    return nearest;
}

static double between(const struct hunch__beliefs *beliefs, uint32_t below, uint32_t above,
                      uint32_t eps)
{
    const double ratio = (double)hunch__arms[below].eps / eps;
    return beliefs->cost[below].bytes * pow(ratio, exponent_of(beliefs, below, above));
}

/* Of smaller eps than any that was built: as many more as are feared, or where two are known, more
 * than these say. */
static double below_all(const struct hunch__beliefs *beliefs, uint32_t nearest, uint32_t eps)
{
    const uint32_t next = nearest_built(beliefs, hunch__arms[nearest].eps + 1, true);
    double exponent = EXPONENT_FEARED;
    if (next < HUNCH__ARMS) {
        const double known = exponent_of(beliefs, nearest, next);
        exponent = fmax(known, fmin(known + 1, EXPONENT_FEARED));
    }
    return beliefs->cost[nearest].bytes * pow((double)hunch__arms[nearest].eps / eps, exponent);
}

/* Of larger eps: as few as the last two, or the slices, say. */
static double above_all(const struct hunch__beliefs *beliefs, uint32_t nearest, uint32_t eps)
{
    const uint32_t next = nearest_built(beliefs, hunch__arms[nearest].eps - 1, false);
    const double exponent =
        next < HUNCH__ARMS ? exponent_of(beliefs, next, nearest) : beliefs->glance.exponent;
    return beliefs->cost[nearest].bytes *
           pow((double)hunch__arms[nearest].eps / eps, fmax(exponent, 0));
}

/* The power of eps that their bytes fall with; 0 of two with the same eps. */
static double exponent_of(const struct hunch__beliefs *beliefs, uint32_t below, uint32_t above)
{
    const double wider = (double)hunch__arms[above].eps / hunch__arms[below].eps;
    return wider > 1 ? log2(beliefs->cost[below].bytes / beliefs->cost[above].bytes) / log2(wider)
                     : 0;
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

uint64_t hunch__arms_of(uint32_t kind, uint32_t router)
{
    uint64_t set = 0;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        const bool same =
            hunch__arms[i].kind == kind && (router == 0 || hunch__arms[i].router == router);
        set |= (uint64_t)same << i;
    }
    return set;
}
