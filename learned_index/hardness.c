/* How hard keys are to learn: see hardness.h. */
#include "hardness.h"

#include <math.h>
#include <string.h>

#include "asserts.h"
#include "diag.h"
#include "real.h"

static hunch_status add_block(struct hunch__hardness_meter *meter, hunch_diag *diag);
static double exponent_of(const struct hunch__hardness_meter *meter);
static uint64_t segments_of(const struct hunch__hardness_meter *meter, uint32_t eps);

void hunch__hardness_begin(struct hunch__hardness_meter *meter, const uint32_t *eps, size_t count,
                           const hunch_allocator *allocator)
{
    HUNCH_ASSERT(count <= HUNCH__HARDNESS_BOUNDS_MAX);
    memset(meter, 0, sizeof *meter);
    meter->count = count;
    for (size_t i = 0; i < count; i++) {
        meter->eps[i] = eps[i];
        hunch__pla_init(&meter->plas[i], eps[i], allocator);
    }
}

hunch_status hunch__hardness_add(struct hunch__hardness_meter *meter, const uint64_t *keys,
                                 size_t n, hunch_diag *diag)
{
    struct hunch__hardness *found = &meter->found;
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < n && status == HUNCH_OK; i++) {
        if (meter->run > 0 && keys[i] < meter->last) {
            return hunch__fail(diag, HUNCH_EINVAL, found->n, "keys do not ascend");
        }
        if (meter->run > 0 && keys[i] == meter->last) {
            meter->run++;
        } else {
            meter->run = 1;
            meter->last = keys[i];
            meter->block[meter->waiting++] = keys[i];
            status = meter->waiting == HUNCH__HARDNESS_BLOCK ? add_block(meter, diag) : status;
        }
        found->longest_run = meter->run > found->longest_run ? meter->run : found->longest_run;
        found->n++;
    }
    return status;
}

hunch_status hunch__hardness_end(struct hunch__hardness_meter *meter, struct hunch__hardness *out,
                                 hunch_diag *diag)
{
    const hunch_status status = add_block(meter, diag);
    for (size_t i = 0; i < meter->count; i++) {
        struct hunch__pla_line line;
        meter->found.segments[i] += hunch__pla_finish(&meter->plas[i], &line);
        hunch__pla_free(&meter->plas[i]);
    }
    meter->found.bits = meter->last > 0 ? 64u - (uint32_t)__builtin_clzll(meter->last) : 0;
    meter->found.exponent = exponent_of(meter);
    if (out != NULL) {
        *out = meter->found;
    }
    return status;
}

hunch_status hunch__hardness_measure(struct hunch__hardness *out, const uint64_t *keys, size_t n,
                                     const uint32_t *eps, size_t count,
                                     const hunch_allocator *allocator, hunch_diag *diag)
{
    struct hunch__hardness_meter meter;
    hunch__hardness_begin(&meter, eps, count, allocator);
    const hunch_status added = hunch__hardness_add(&meter, keys, n, diag);
    const hunch_status ended = hunch__hardness_end(&meter, out, added == HUNCH_OK ? diag : NULL);
    return added == HUNCH_OK ? ended : added;
}

/* The keys that wait, to all bounds. */
static hunch_status add_block(struct hunch__hardness_meter *meter, hunch_diag *diag)
{
    const uint64_t pos = meter->found.distinct;
    const size_t n = meter->waiting;
    for (size_t i = 0; i < meter->count; i++) {
        uint64_t segments = 0;
        for (size_t k = 0; k < n; k++) {
            bool finished;
            const hunch_status status =
                hunch__pla_add(&meter->plas[i], meter->block[k], pos + k, &finished, diag);
            if (status != HUNCH_OK) {
                meter->waiting = 0; /* half of the bounds have seen them */
                return status;
            }
            segments += finished;
        }
        meter->found.segments[i] += segments;
    }
    meter->found.distinct += n;
    meter->waiting = 0;
    return HUNCH_OK;
}

/* Twice the error takes 2^-exponent times the segments. */
static double exponent_of(const struct hunch__hardness_meter *meter)
{
    const uint64_t near = segments_of(meter, 32);
    const uint64_t far = segments_of(meter, 128);
    if (near == 0 || far == 0) {
        return (double)NAN;
    }
    return (hunch__log((double)near) - hunch__log((double)far)) / (2 * hunch__log(2));
}

/* 0 when the bound was not asked for. */
static uint64_t segments_of(const struct hunch__hardness_meter *meter, uint32_t eps)
{
    for (size_t i = 0; i < meter->count; i++) {
        if (meter->eps[i] == eps) {
            return meter->found.segments[i];
        }
    }
    return 0;
}
