#include "encoder.h"

#include <math.h>

static bool encode_schema(const struct hunch__encoder *encoder, const float *cuts, const float *x,
                          struct hunch__encoded *out);
static bool encode_sparse(const struct hunch__raw_context *raw, struct hunch__encoded *out);
static bool level_of(const struct hunch__column *column, const float *cuts, float x,
                     uint32_t *level);
static void append(struct hunch__encoded *out, uint32_t column, float value);
static void append_step(const struct hunch__encoder *encoder, const struct hunch__raw_context *raw,
                        struct hunch__encoded *out);

bool hunch__encode(const struct hunch__encoder *encoder, const float *cuts,
                   const struct hunch__raw_context *raw, struct hunch__encoded *out)
{
    bool readable = true;
    out->x = (hunch_context){out->dense, out->columns, out->values, 0, 0};
    if (encoder->nonzeros > 0) {
        readable = encode_sparse(raw, out);
    } else if (encoder->column != NULL) {
        readable = encode_schema(encoder, cuts, raw->x, out);
    } else {
        readable = hunch__encode_missing(encoder, raw->x, out->dense);
    }
    if (encoder->episode_steps > 0) {
        append_step(encoder, raw, out);
    }
    return readable;
}

bool hunch__encode_missing(const struct hunch__encoder *encoder, const float *x, float *to)
{
    bool readable = true;
    for (uint32_t f = 0; f < encoder->features; f++) {
        const bool finite = isfinite(x[f]) != 0;
        const float missing = encoder->missing == NULL ? 0.0f : encoder->missing[f];
        to[f] = finite ? x[f] : missing;
        readable = readable && finite;
    }
    return readable;
}

static bool encode_schema(const struct hunch__encoder *encoder, const float *cuts, const float *x,
                          struct hunch__encoded *out)
{
    bool readable = true;
    for (uint32_t f = 0; f < encoder->features; f++) {
        const struct hunch__column *column = &encoder->column[f];
        const bool finite = isfinite(x[f]) != 0;
        uint32_t level = 0;
        if (column->kind == HUNCH_FEATURE_NUMERIC) {
            out->dense[column->base] = finite ? x[f] : column->missing;
            readable = readable && finite;
        } else if (finite && level_of(column, cuts, x[f], &level)) {
            append(out, column->base + level, 1.0f);
        } else {
            readable = readable && column->kind == HUNCH_FEATURE_BUCKETED && finite;
        }
    }
    return readable;
}

/* What was kept in a slot has been checked: columns ascend and exist. */
static bool encode_sparse(const struct hunch__raw_context *raw, struct hunch__encoded *out)
{
    bool readable = true;
    for (uint32_t i = 0; i < raw->entries; i++) {
        if (isfinite(raw->x[i])) {
            append(out, raw->columns[i], raw->x[i]);
        } else {
            readable = false;
        }
    }
    return readable;
}

/* False when there is no such level, or the cuts are not known yet. */
static bool level_of(const struct hunch__column *column, const float *cuts, float x,
                     uint32_t *level)
{
    if (column->kind == HUNCH_FEATURE_CATEGORICAL) {
        if (!(x >= 0.0f && x < (float)column->levels)) {
            return false;
        }
        *level = (uint32_t)x;
        return (float)*level == x;
    }
    const float *cut = cuts + column->cuts;
    if (!(cut[-1] > 0.0f)) {
        return false;
    }
    *level = 0;
    for (uint32_t i = 0; i + 1 < column->levels; i++) {
        *level += cut[i] <= x;
    }
    return true;
}

static void append(struct hunch__encoded *out, uint32_t column, float value)
{
    out->columns[out->x.count] = column;
    out->values[out->x.count] = value;
    out->x.count++;
}

/* A column for each step and arm before it; later steps are taken as the last. */
static void append_step(const struct hunch__encoder *encoder, const struct hunch__raw_context *raw,
                        struct hunch__encoded *out)
{
    const uint32_t last = encoder->episode_steps - 1;
    const uint32_t step = raw->step < last ? raw->step : last;
    append(out, encoder->columns + step * encoder->episode_arms + raw->previous, 1.0f);
}
