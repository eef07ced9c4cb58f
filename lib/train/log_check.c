#include "log_check.h"

#include <math.h>

#include "columns.h"
#include "diag.h"
#include "explore.h"

static hunch_status check_schema(const hunch_log *log, hunch_diag *diag);
static hunch_status check_choices(const hunch_log *log, hunch_diag *diag);

hunch_status hunch__log_check(const hunch_log *log, hunch_diag *diag)
{
    if (log->struct_size < sizeof *log) {
        return hunch__fail(diag, HUNCH_EINVAL, log->struct_size,
                           "log: struct_size is %u, at least %zu expected", log->struct_size,
                           sizeof *log);
    }
    if (log->struct_size > sizeof *log) {
        return hunch__fail(diag, HUNCH_EVERSION, log->struct_size,
                           "log: struct_size is %u, of a newer library", log->struct_size);
    }
    if (log->n == 0 || log->n > UINT32_MAX || log->arms == 0 || log->arms > HUNCH__ARMS_MAX ||
        log->features > HUNCH__COLUMNS_MAX) {
        return hunch__fail(diag, HUNCH_EINVAL, log->n,
                           "log: %zu choices, %u arms, %u features: 1 to 2^32 - 1, 1 to %u, at "
                           "most %u",
                           log->n, log->arms, log->features, HUNCH__ARMS_MAX, HUNCH__COLUMNS_MAX);
    }
    const hunch_status status = check_schema(log, diag);
    return status == HUNCH_OK ? check_choices(log, diag) : status;
}

static hunch_status check_schema(const hunch_log *log, hunch_diag *diag)
{
    for (uint32_t f = 0; log->schema != NULL && f < log->features; f++) {
        const hunch_feature *feature = &log->schema[f];
        if (feature->kind > HUNCH_FEATURE_BUCKETED ||
            (feature->kind == HUNCH_FEATURE_CATEGORICAL && feature->levels == 0)) {
            return hunch__fail(diag, HUNCH_EINVAL, f, "feature %u: kind %u with %u levels", f,
                               feature->kind, feature->levels);
        }
    }
    return HUNCH_OK;
}

static hunch_status check_choices(const hunch_log *log, hunch_diag *diag)
{
    for (size_t i = 0; i < log->n; i++) {
        const float p = log->propensities != NULL ? log->propensities[i] : 1.0f;
        if (log->played[i] >= log->arms) {
            return hunch__fail(diag, HUNCH_EINVAL, i, "choice %zu: arm %u of %u", i, log->played[i],
                               log->arms);
        }
        if (!isfinite(log->rewards[i])) {
            return hunch__fail(diag, HUNCH_EINVAL, i, "choice %zu: the reward is not finite", i);
        }
        if (!(p > 0.0f && p <= 1.0f)) {
            return hunch__fail(diag, HUNCH_EINVAL, i, "choice %zu: propensity %g, not in (0, 1]", i,
                               (double)p);
        }
    }
    return HUNCH_OK;
}
