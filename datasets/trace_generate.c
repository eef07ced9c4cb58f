/* Traces made from nothing. */
#include "trace_generate.h"

#include <math.h>

#include "alloc.h"
#include "arguments.h"
#include "diag.h"
#include "random.h"
#include "real.h"
#include "variates.h"

#define DRIFT     8   /* requests a key of the set until one key has a new place in the ranks */
#define RUN       256 /* requests of a scan or of a turn in the loop                          */
#define LOOP_FROM ((uint64_t)1 << 40) /* keys of the loop: far from the others               */
#define SCAN_FROM ((uint64_t)1 << 41) /* keys of scans                                       */

/* What is asked for. */
struct requests {
    uint64_t keys;
    double skew, scans;
    uint64_t state;   /* of the random stream */
    uint64_t shifted; /* how far the ranks have drifted */
    uint64_t loop;    /* next key of the loop, from LOOP_FROM */
    uint64_t scan;    /* next key of the scans, from SCAN_FROM */
};

static hunch_status parse(struct requests *r, const char *text, hunch_diag *diag);
static void fill(struct requests *r, uint64_t *keys, size_t n);
static size_t fill_run(struct requests *r, uint64_t *keys, size_t n);
static uint64_t popular(struct requests *r, size_t i);
static uint64_t rank(uint64_t keys, double skew, double random);

hunch_status hunch__trace_generate(struct key_list *out, const char *text, size_t n, uint64_t seed,
                                   const hunch_allocator *allocator, hunch_diag *diag)
{
    struct requests r = {.state = seed};
    *out = (struct key_list){.allocator = hunch__allocator_or_default(allocator)};
    hunch_status status = parse(&r, text, diag);
    n = n > 0 ? n : HUNCH__GENERATED_REQUESTS;
    if (status == HUNCH_OK) {
        status = hunch__key_list_reserve(out, n, diag);
    }
    if (status == HUNCH_OK) {
        fill(&r, out->keys, n);
        out->n = n;
    }
    return status;
}

static hunch_status parse(struct requests *r, const char *text, hunch_diag *diag)
{
    static const struct argument arguments[] = {
        {"keys", true, 4, 1e9}, {"skew", false, 0, 2}, {"share of scans", false, 0, 0.99}};
    double values[] = {50000, 0.8, 0.2};
    hunch_status status = hunch__arguments_parse(values, arguments, 3, "requests", text, diag);
    r->keys = (uint64_t)values[0];
    r->skew = values[1];
    r->scans = values[2];
    return status;
}

/* A run is begun so often that runs are the share of all requests that they are to be. */
static void fill(struct requests *r, uint64_t *keys, size_t n)
{
    double begin = r->scans / (r->scans + RUN * (1 - r->scans));
    for (size_t i = 0; i < n;) {
        if (hunch__unit(hunch__splitmix64(&r->state)) <= begin) {
            i += fill_run(r, keys + i, n - i);
        } else {
            keys[i] = popular(r, i);
            i++;
        }
    }
}

static size_t fill_run(struct requests *r, uint64_t *keys, size_t n)
{
    bool looping = hunch__splitmix64(&r->state) % 2 == 0;
    size_t length = n < RUN ? n : RUN;
    for (size_t i = 0; i < length; i++) {
        keys[i] = looping ? LOOP_FROM + r->loop : SCAN_FROM + r->scan++;
        r->loop = looping ? (r->loop + 1) % (r->keys / 4) : r->loop;
    }
    return length;
}

/* The ranks turn: the least popular key is the most popular one some time later, and a hash hides
 * that neighbours in rank have neighbouring numbers. */
static uint64_t popular(struct requests *r, size_t i)
{
    if (i % DRIFT == 0) {
        r->shifted++;
    }
    uint64_t at = rank(r->keys, r->skew, hunch__unit(hunch__splitmix64(&r->state)));
    return hunch__mix64((at + r->shifted) % (2 * r->keys)) >> 25;
}

/* In [0, keys), rank i with a probability as (i + 1)^-skew: the inverse of the integral of x^-skew
 * from 1 to keys + 1, which is close enough for popularity. random in (0, 1]. */
static uint64_t rank(uint64_t keys, double skew, double random)
{
    double span = hunch__log((double)keys + 1);
    double power = 1 - skew;
    double x = fabs(power) < 1e-9
                   ? hunch__exp(random * span)
                   : hunch__exp(hunch__log(1 + random * (hunch__exp(power * span) - 1)) / power);
    uint64_t i = x > 1 ? (uint64_t)x - 1 : 0;
    return i < keys ? i : keys - 1;
}
