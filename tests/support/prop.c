/* Property tests: cases, replay and shrinking. */
#define _GNU_SOURCE /* program_invocation_short_name */
#include "prop.h"

#include <check.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "random.h"
#include "test_memory.h"

/* Enough for 2^24 elements when few of the steps succeed; a property that fails by chance could go
 * on for ever. */
#define SHRINK_RUNS 1000u

struct prop_block {
    struct prop_block *next;
    void *p;
};

struct outcome {
    bool holds;
    char why[160];
};

static bool choose_case(struct prop_case *out, const char *name, int i, size_t min, size_t max);
static bool replay_case(struct prop_case *out, const char *text, size_t min, size_t max);
static struct outcome run(prop_property *property, struct prop_case at);
static void shrink(prop_property *property, struct prop_case *at, struct outcome *outcome,
                   size_t min);
static bool shrink_by(prop_property *property, struct prop_case *at, struct outcome *outcome,
                      size_t step);
static void release(struct prop *p);

void prop_check(const char *name, prop_property *property, int i, size_t min, size_t max)
{
    struct prop_case at;
    char why[160];
    if (prop_find(name, property, i, min, max, &at, why)) {
        ck_abort_msg("%s: %s: fails with n = %zu of %zu; replay: HUNCH_SEED=%" PRIu64
                     ":%zu:%zu:%zu %s",
                     name, why, at.n, at.full, at.seed, at.full, at.from, at.n,
                     program_invocation_short_name);
    }
}

bool prop_find(const char *name, prop_property *property, int i, size_t min, size_t max,
               struct prop_case *smallest, char why[160])
{
    if (!choose_case(smallest, name, i, min, max)) {
        return false;
    }
    struct outcome outcome = run(property, *smallest);
    if (outcome.holds) {
        return false;
    }
    shrink(property, smallest, &outcome, min);
    memcpy(why, outcome.why, sizeof outcome.why);
    return true;
}

bool prop_fail(struct prop *p, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(p->why, sizeof p->why, format, arguments);
    va_end(arguments);
    return false;
}

uint64_t prop_random(struct prop *p)
{
    return hunch__splitmix64(&p->state);
}

uint64_t prop_below(struct prop *p, uint64_t bound)
{
    return hunch__below(prop_random(p), bound);
}

size_t prop_size(struct prop *p, size_t min, size_t max)
{
    const unsigned kind = (unsigned)prop_below(p, 4);
    const uint64_t power = UINT64_C(1) << prop_below(p, 40);
    uint64_t size = max;
    if (kind == 0) {
        size = prop_below(p, 3);
    } else if (kind == 1) {
        size = power + prop_below(p, 3) - 1;
    } else if (kind == 2) {
        size = prop_below(p, power);
    }
    if (kind == 3 || size < min || size > max) {
        size = min + prop_below(p, max - min + 1);
    }
    return (size_t)size;
}

void *prop_alloc(struct prop *p, size_t bytes)
{
    struct prop_block *block = memory_new(sizeof *block);
    block->p = memory_new(bytes);
    block->next = p->blocks;
    p->blocks = block;
    return block->p;
}

/* The case of number `i`, or, for the first, the one that HUNCH_SEED asks for instead of all. */
static bool choose_case(struct prop_case *out, const char *name, int i, size_t min, size_t max)
{
    const char *wanted = getenv("HUNCH_SEED");
    if (wanted != NULL && *wanted != '\0') {
        return i == 0 && replay_case(out, wanted, min, max);
    }
    const uint64_t seed = hunch__mix64(hunch__xxh3(name, strlen(name)) + (uint64_t)i);
    char text[32];
    (void)snprintf(text, sizeof text, "%" PRIu64, seed);
    return replay_case(out, text, min, max);
}

/* "seed" or "seed:full:from:n"; numbers that no case can have are brought into range. */
static bool replay_case(struct prop_case *out, const char *text, size_t min, size_t max)
{
    uint64_t number[4] = {0, 0, 0, 0};
    size_t given = 0;
    char *end = NULL;
    for (; given < 4; given++, text = end + 1) {
        number[given] = strtoull(text, &end, 10);
        if (end == text || *end != ':') {
            given += end != text;
            break;
        }
    }
    struct prop size_stream = {.state = ~number[0]}; /* apart from the property's own numbers */
    out->seed = number[0];
    out->full = given > 1 ? (size_t)number[1] : prop_size(&size_stream, min, max);
    out->full = out->full > max ? max : out->full;
    out->n = given > 3 && number[3] < out->full ? (size_t)number[3] : out->full;
    out->from = number[2] < out->full - out->n ? (size_t)number[2] : out->full - out->n;
    return given > 0;
}

static struct outcome run(prop_property *property, struct prop_case at)
{
    struct prop p = {.now = at, .state = at.seed};
    struct outcome outcome = {.holds = property(&p, at.n)};
    memcpy(outcome.why, p.why, sizeof outcome.why);
    release(&p);
    return outcome;
}

/* Drop halves, quarters, ... single elements, from the end or from the front, as long as the rest
 * still fails. */
static void shrink(prop_property *property, struct prop_case *at, struct outcome *outcome,
                   size_t min)
{
    unsigned runs = 0;
    for (size_t step = at->n - at->n / 2; step > 0 && runs < SHRINK_RUNS; runs++) {
        if (at->n < min + step || !shrink_by(property, at, outcome, step)) {
            step /= 2;
        }
    }
}

static bool shrink_by(prop_property *property, struct prop_case *at, struct outcome *outcome,
                      size_t step)
{
    for (size_t front = 0; front <= step; front += step) {
        struct prop_case smaller = *at;
        smaller.n -= step;
        smaller.from += front;
        struct outcome again = run(property, smaller);
        if (!again.holds) {
            *at = smaller;
            *outcome = again;
            return true;
        }
    }
    return false;
}

static void release(struct prop *p)
{
    while (p->blocks != NULL) {
        struct prop_block *block = p->blocks;
        p->blocks = block->next;
        free(block->p);
        free(block);
    }
}
