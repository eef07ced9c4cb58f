/* Key sets made from nothing. */
#include "generate.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "cascade.h"
#include "diag.h"
#include "generate_log.h"
#include "generate_shapes.h"
#include "random.h"
#include "real.h"
#include "sort.h"
#include "variates.h"

/* Of fb_200M: a body below 2^36 and a few keys that make any straight line through all miss. */
#define OUTLIERS        32u
#define OUTLIERS_FROM   ((uint64_t)1 << 59)
#define OUTLIERS_BODY   40u /* levels: room for any n, far below the outliers */
#define LOGNORMAL_SCALE 1e15
#define DEFAULT_RUN     10000
#define NORMAL_MEAN     UINT64_C(9000000000000000000)
#define NORMAL_SD       1e17
#define SPARSE_LEVELS   32u
#define LOG_RATE        10 /* ten million keys are eleven days */
#define TWO_TO_64       0x1p64

static hunch_status fill_uniform(const struct generation *g);
static hunch_status fill_normal(const struct generation *g);
static hunch_status fill_lognormal(const struct generation *g);
static hunch_status fill_sparse(const struct generation *g);
static hunch_status fill_dense(const struct generation *g);
static hunch_status fill_duplicates(const struct generation *g);
static hunch_status fill_cascade(const struct generation *g);
static hunch_status fill_pareto(const struct generation *g);
static hunch_status fill_outliers(const struct generation *g);
static uint64_t run_length(uint64_t longest, uint64_t *state);
static uint64_t pareto_gap(double exponent, uint64_t limit, uint64_t *state);

const struct generator *hunch__generators(size_t *count)
{
    static const struct generator generators[] = {
        {"uniform", "uniform over all 64 bits, distinct", false, 0, 0, 0, fill_uniform},
        {"normal", "9e18 + 1e17 z, z standard normal", false, 0, 0, 0, fill_normal},
        {"lognormal", "exp(2 z) 1e15, z standard normal", false, 0, 0, 0, fill_lognormal},
        {"sparse", "uniform over 32 bits, distinct", false, 0, 0, 0, fill_sparse},
        {"dense", "0, 1, 2, ...", false, 0, 0, 0, fill_dense},
        {"duplicates", "runs of equal keys; the parameter is the longest run", true, DEFAULT_RUN, 1,
         1e9, fill_duplicates},
        {"cascade", "clusters at every scale; the parameter, 0 easy to 1 hard, is the spread", true,
         1, 0, 1, fill_cascade},
        {"pareto", "gaps u^(-1/a), u uniform; the parameter is a", true, 0.5, 0.4, 10, fill_pareto},
        {"outliers", "cascade(1.0) below 2^40 and 32 keys above 2^59", false, 0, 0, 0,
         fill_outliers},
        {"log_seconds", "seconds of a log's records, repeated; the parameter is records a second",
         true, LOG_RATE, HUNCH__LOG_RATE_LEAST, HUNCH__LOG_RATE_MOST, hunch__fill_log_seconds},
        {"log_us", "the same in microseconds, distinct", true, LOG_RATE, HUNCH__LOG_RATE_LEAST,
         HUNCH__LOG_RATE_MOST, hunch__fill_log_us},
        {"log_composite", "the same, second << 16 | number within the second", true, LOG_RATE,
         HUNCH__LOG_RATE_LEAST, HUNCH__LOG_RATE_MOST, hunch__fill_log_composite},
        {"powers", "the powers of two and runs around them", false, 0, 0, 0, hunch__fill_powers},
        {"two_slopes", "half of the keys 2^40 apart, then half without gaps", false, 0, 0, 0,
         hunch__fill_two_slopes},
        {"edges", "runs at 0, 2^53, 2^63 and 2^64 - 1", false, 0, 0, 0, hunch__fill_edges},
    };
    *count = sizeof generators / sizeof generators[0];
    return generators;
}

hunch_status hunch__generator_find(const struct generator **out, double *parameter,
                                   const char *text, hunch_diag *diag)
{
    size_t count;
    const struct generator *all = hunch__generators(&count);
    size_t name = strcspn(text, "(");
    const struct generator *g = NULL;
    for (size_t i = 0; i < count && g == NULL; i++) {
        if (strlen(all[i].name) == name && memcmp(all[i].name, text, name) == 0) {
            g = &all[i];
        }
    }
    if (g == NULL) {
        return hunch__fail(diag, HUNCH_ENOENT, 0, "no generator is called '%.40s'", text);
    }
    *out = g;
    *parameter = g->parameter;
    if (text[name] == '\0') {
        return HUNCH_OK;
    }
    char *end = NULL;
    double given = strtod(text + name + 1, &end);
    bool closed = end != text + name + 1 && strcmp(end, ")") == 0;
    if (!g->has_parameter) {
        return hunch__fail(diag, HUNCH_EINVAL, name, "'%s' takes no parameter", g->name);
    }
    if (!closed || !(given >= g->least && given <= g->most)) {
        return hunch__fail(diag, HUNCH_EINVAL, name, "%s(x) expected, x from %g to %g", g->name,
                           g->least, g->most);
    }
    *parameter = given;
    return HUNCH_OK;
}

hunch_status hunch__generate(struct key_list *out, const char *text, size_t n, uint64_t seed,
                             const hunch_allocator *allocator, hunch_diag *diag)
{
    const struct generator *g;
    double parameter;
    *out = (struct key_list){.allocator = hunch__allocator_or_default(allocator)};
    hunch_status status = hunch__generator_find(&g, &parameter, text, diag);
    if (status == HUNCH_OK) {
        status = hunch__key_list_reserve(out, n > 0 ? n : 1, diag);
    }
    if (status == HUNCH_OK && n > 0) {
        const struct generation made = {out->keys, n, parameter, seed, &out->allocator, diag};
        status = g->fill(&made);
    }
    if (status != HUNCH_OK) {
        hunch__key_list_free(out);
        return status;
    }
    out->n = n;
    return HUNCH_OK;
}

/* Distinct, since SplitMix64 is a bijection of a counter. */
static hunch_status fill_uniform(const struct generation *g)
{
    uint64_t state = g->seed;
    for (size_t i = 0; i < g->n; i++) {
        g->keys[i] = hunch__splitmix64(&state);
    }
    return hunch__sort_keys(g->keys, g->n, g->allocator, g->diag);
}

/* Twelve deviations, more than 53 bits of a uniform variate can give, are far within 64 bits. */
static hunch_status fill_normal(const struct generation *g)
{
    uint64_t state = g->seed;
    for (size_t i = 0; i < g->n; i++) {
        g->keys[i] = NORMAL_MEAN + (uint64_t)(int64_t)(hunch__normal(&state) * NORMAL_SD);
    }
    return hunch__sort_keys(g->keys, g->n, g->allocator, g->diag);
}

/* What would not fit in 64 bits, one draw in two million, is drawn again. */
static hunch_status fill_lognormal(const struct generation *g)
{
    uint64_t state = g->seed;
    for (size_t i = 0; i < g->n;) {
        double key = hunch__exp(2 * hunch__normal(&state)) * LOGNORMAL_SCALE;
        if (key < TWO_TO_64) {
            g->keys[i++] = (uint64_t)key;
        }
    }
    return hunch__sort_keys(g->keys, g->n, g->allocator, g->diag);
}

/* A cascade without spread is uniform, and needs no sorting. */
static hunch_status fill_sparse(const struct generation *g)
{
    if (g->n > (uint64_t)1 << SPARSE_LEVELS) {
        return hunch__fail(g->diag, HUNCH_EINVAL, 0, "sparse: no %zu distinct keys of 32 bits",
                           g->n);
    }
    hunch__cascade(g->keys, g->n, SPARSE_LEVELS, 0, g->seed);
    return HUNCH_OK;
}

static hunch_status fill_dense(const struct generation *g)
{
    for (size_t i = 0; i < g->n; i++) {
        g->keys[i] = i;
    }
    return HUNCH_OK;
}

/* Runs of every length up to the longest, which comes in the middle, or where it still fits. */
static hunch_status fill_duplicates(const struct generation *g)
{
    uint64_t state = g->seed;
    uint64_t longest = (uint64_t)g->parameter;
    uint64_t step = UINT64_MAX / g->n; /* n runs of the widest step stay within 64 bits */
    uint64_t key = 0;
    bool had_longest = false;
    for (size_t i = 0; i < g->n;) {
        uint64_t run = run_length(longest, &state);
        if (!had_longest && (i >= g->n / 2 || (g->n - i) / 2 < longest)) {
            run = longest;
            had_longest = true;
        }
        key += 1 + hunch__below(hunch__splitmix64(&state), step);
        for (; run > 0 && i < g->n; run--) {
            g->keys[i++] = key;
        }
    }
    return HUNCH_OK;
}

static hunch_status fill_cascade(const struct generation *g)
{
    hunch__cascade(g->keys, g->n, HUNCH__CASCADE_LEVELS, g->parameter, g->seed);
    return HUNCH_OK;
}

/* The sum grows as n^(1/a): each gap leaves half of what is left, and one for each key to come. */
static hunch_status fill_pareto(const struct generation *g)
{
    uint64_t state = g->seed;
    uint64_t key = 0;
    for (size_t i = 0; i < g->n; i++) {
        key += pareto_gap(1 / g->parameter, (UINT64_MAX - key - (g->n - i)) / 2, &state);
        g->keys[i] = key;
    }
    return HUNCH_OK;
}

static hunch_status fill_outliers(const struct generation *g)
{
    uint64_t state = g->seed;
    size_t outliers = g->n < 2 * OUTLIERS ? g->n / 2 : OUTLIERS;
    uint64_t *beyond = g->keys + (g->n - outliers);
    hunch__cascade(g->keys, g->n - outliers, OUTLIERS_BODY, 1, g->seed);
    for (size_t i = 0; i < outliers; i++) {
        beyond[i] = OUTLIERS_FROM + hunch__below(hunch__splitmix64(&state), 0 - OUTLIERS_FROM);
    }
    return hunch__sort_keys(beyond, outliers, g->allocator, g->diag);
}

/* Each order of magnitude up to `longest` as often as any other. */
static uint64_t run_length(uint64_t longest, uint64_t *state)
{
    unsigned magnitudes = 64 - (unsigned)__builtin_clzll(longest);
    uint64_t magnitude = hunch__below(hunch__splitmix64(state), magnitudes);
    uint64_t run = 1 + hunch__below(hunch__splitmix64(state), (uint64_t)1 << magnitude);
    return run < longest ? run : longest;
}

/* In [1, max(1, limit)]. */
static uint64_t pareto_gap(double exponent, uint64_t limit, uint64_t *state)
{
    double gap = hunch__exp(-exponent * hunch__log(hunch__unit(hunch__splitmix64(state))));
    if (gap >= (double)limit) {
        return limit > 0 ? limit : 1;
    }
    return gap < 1 ? 1 : (uint64_t)gap;
}
