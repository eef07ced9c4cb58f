/* Are the probabilities on the tickets those with which arms are chosen? */
#include <math.h>
#include <string.h>

#include "diag.h"
#include "part.h"
#include "random.h"
#include "seeds.h"
#include "site.h"

#define CASE      "audit/masks"
#define ARMS      8u
#define FEATURES  16u
#define CONTEXTS  64u
#define MASKS     16u
#define DRAWS     1000u /* of each context with each mask: 1,024,000 in all */
#define TOLERANCE 1e-6F
#define CELL_MIN  5.0    /* expected; smaller cells are put together          */
#define QUANTILE  4.7534 /* of the normal distribution, for 1e-6              */

/* Pearson's statistic so far. */
struct chi_square {
    double sum;
    double freedom;
};

static void list(FILE *out, const struct bench *bench);
static hunch_status run(struct bench *bench, hunch_diag *diag);
static hunch_status audit(const char *learner, uint64_t seed, size_t draws,
                          struct bench_value *value, hunch_diag *diag);
static bool count_draws(struct site *site, const float *x, uint64_t mask, size_t draws,
                        struct chi_square *chi);
static void add_cells(struct chi_square *chi, const float *p, const size_t *counts, size_t draws);
static double limit(double freedom);

const struct choice_part choice_audit = {"audit", 5, list, run};

static void list(FILE *out, const struct bench *bench)
{
    (void)bench;
    (void)fputs(CASE "\n", out);
}

static hunch_status run(struct bench *bench, hunch_diag *diag)
{
    static const struct seeds_impl impls[] = {
        {"hunch", NULL},
        {"hunch-linear", "linear"},
        {"hunch-linear-thompson", "linear-thompson"},
        {"hunch-mlp", "mlp"},
        {"hunch-epsilon-greedy", "epsilon-greedy"},
    };
    enum { IMPLS = sizeof impls / sizeof *impls };
    struct bench_value values[IMPLS];
    hunch_status status = HUNCH_OK;
    if (!bench_wants_case(bench, CASE)) {
        return HUNCH_OK;
    }
    const size_t draws = bench_profile(bench) == BENCH_FULL ? DRAWS : DRAWS / 5;
    for (size_t i = 0; i < IMPLS && status == HUNCH_OK; i++) {
        values[i] = (struct bench_value){.impl = impls[i].impl};
        if (!bench_wants_impl(bench, impls[i].impl)) {
            continue; /* and so has no row */
        }
        status = audit(impls[i].learner, bench_seed(bench), draws, &values[i], diag);
    }
    const struct bench_data data = {.name = CASE,
                                    .n = CONTEXTS * MASKS * draws,
                                    .note = "random contexts and masks; below 1 is right"};
    return status == HUNCH_OK ? bench_report_values(bench, CASE, "chi_square_over_limit", "x",
                                                    false, NULL, &data, values, IMPLS, diag)
                              : status;
}

/* A ticket whose probability is not the chooser's own is a wrong answer. */
static hunch_status audit(const char *learner, uint64_t seed, size_t draws,
                          struct bench_value *value, hunch_diag *diag)
{
    const struct site_plan plan = {
        .arms = ARMS, .features = FEATURES, .learner = learner, .rewards = 2000, .seed = seed};
    struct site site;
    struct chi_square chi = {0, 0};
    uint64_t random = seed;
    hunch_status status = site_open(&site, &plan, diag);
    if (status == HUNCH_EUNSUPPORTED) {
        value->error = "not built";
        return HUNCH_OK;
    }
    for (size_t i = 0; i < CONTEXTS && status == HUNCH_OK; i++) {
        for (size_t m = 0; m < MASKS && value->error == NULL; m++) {
            uint64_t mask = hunch__splitmix64(&random) & ((1u << ARMS) - 1);
            mask = m == 0 || mask == 0 ? (1u << ARMS) - 1 : mask;
            if (!count_draws(&site, site_context(&site, i), mask, draws, &chi)) {
                value->error = BENCH_ANSWERS_DIFFER;
            }
        }
    }
    if (status == HUNCH_OK) {
        value->value = chi.sum / limit(chi.freedom);
        value->model = site_picked(&site);
        site_close(&site);
    }
    return status;
}

static bool count_draws(struct site *site, const float *x, uint64_t mask, size_t draws,
                        struct chi_square *chi)
{
    float p[ARMS];
    size_t counts[ARMS] = {0};
    hunch_chooser_probabilities(site->chooser, x, &mask, p);
    for (size_t i = 0; i < draws; i++) {
        const hunch_ticket ticket = hunch_choose_masked(site->chooser, x, &mask);
        if (ticket.arm >= ARMS || (mask >> ticket.arm & 1) == 0 ||
            !(fabsf(ticket.propensity - p[ticket.arm]) <= TOLERANCE)) {
            return false;
        }
        counts[ticket.arm]++;
    }
    add_cells(chi, p, counts, draws);
    return true;
}

static void add_cells(struct chi_square *chi, const float *p, const size_t *counts, size_t draws)
{
    double rest_expected = 0;
    double rest_counted = 0;
    unsigned cells = 0;
    for (unsigned arm = 0; arm < ARMS; arm++) {
        const double expected = (double)p[arm] * (double)draws;
        if (expected < CELL_MIN) {
            rest_expected += expected;
            rest_counted += (double)counts[arm];
        } else {
            const double off = (double)counts[arm] - expected;
            chi->sum += off * off / expected;
            cells++;
        }
    }
    if (rest_expected >= CELL_MIN) {
        const double off = rest_counted - rest_expected;
        chi->sum += off * off / rest_expected;
        cells++;
    }
    chi->freedom += cells > 1 ? cells - 1 : 0;
}

/* Wilson and Hilferty 1931: what a right chooser exceeds once in a million runs. */
static double limit(double freedom)
{
    const double spread = 2 / (9 * (freedom > 0 ? freedom : 1));
    const double root = 1 - spread + QUANTILE * sqrt(spread);
    return (freedom > 0 ? freedom : 1) * root * root * root;
}
