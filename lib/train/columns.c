#include "columns.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"

static bool is_number(const hunch_log *log, uint32_t f);
static hunch_status lay_out(struct hunch__columns *columns, const hunch_log *log, hunch_diag *diag);
static void measure(struct hunch__train_column *column, const hunch_log *log, uint32_t f);
static float clip(float x);

hunch_status hunch__columns_make(struct hunch__columns *columns, const hunch_log *log,
                                 const hunch_allocator *a, hunch_diag *diag)
{
    *columns = (struct hunch__columns){.features = log->features};
    const size_t bytes = (size_t)log->features * sizeof(struct hunch__train_column);
    if (log->features == 0) {
        return HUNCH_OK;
    }
    columns->feature = hunch__alloc(a, bytes, _Alignof(struct hunch__train_column));
    if (columns->feature == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, bytes, "no memory for %u features", log->features);
    }
    memset(columns->feature, 0, bytes);
    const hunch_status status = lay_out(columns, log, diag);
    if (status != HUNCH_OK) {
        hunch__columns_free(columns, a);
    }
    return status;
}

void hunch__columns_read(const struct hunch__columns *columns, const float *x, float *row)
{
    memset(row, 0, columns->count * sizeof(float));
    for (uint32_t f = 0; f < columns->features; f++) {
        const struct hunch__train_column *column = &columns->feature[f];
        if (column->levels == 0) {
            row[column->base] = isfinite(x[f]) ? clip((x[f] - column->mean) * column->scale) : 0.0f;
        } else if (x[f] >= 0.0f && x[f] < (float)column->levels) {
            row[column->base + (uint32_t)x[f]] = 1.0f;
        }
    }
}

void hunch__columns_free(struct hunch__columns *columns, const hunch_allocator *a)
{
    hunch__free(a, columns->feature, (size_t)columns->features * sizeof(struct hunch__train_column),
                _Alignof(struct hunch__train_column));
    columns->feature = NULL;
}

/* Buckets are for models that are linear; a network takes their number as it is. */
static bool is_number(const hunch_log *log, uint32_t f)
{
    return log->schema == NULL || log->schema[f].kind != HUNCH_FEATURE_CATEGORICAL;
}

static hunch_status lay_out(struct hunch__columns *columns, const hunch_log *log, hunch_diag *diag)
{
    for (int numbers = 1; numbers >= 0; numbers--) {
        for (uint32_t f = 0; f < log->features; f++) {
            if (is_number(log, f) != (numbers == 1)) {
                continue;
            }
            struct hunch__train_column *column = &columns->feature[f];
            column->base = columns->count;
            column->levels = numbers == 1 ? 0 : log->schema[f].levels;
            const uint32_t more = numbers == 1 ? 1 : column->levels;
            if (more > HUNCH__COLUMNS_MAX - columns->count) {
                return hunch__fail(diag, HUNCH_EINVAL, f,
                                   "feature %u: more than %u columns, categories included", f,
                                   HUNCH__COLUMNS_MAX);
            }
            columns->count += more;
            if (numbers == 1) {
                measure(column, log, f);
            }
        }
        columns->dense = numbers == 1 ? columns->count : columns->dense;
    }
    return HUNCH_OK;
}

/* Mean and deviation of what is finite, in two passes: the first would lose what is far from 0. */
static void measure(struct hunch__train_column *column, const hunch_log *log, uint32_t f)
{
    double sum = 0;
    double squares = 0;
    size_t count = 0;
    for (size_t i = 0; i < log->n; i++) {
        const float x = log->x[i * log->features + f];
        sum += isfinite(x) ? (double)x : 0.0;
        count += isfinite(x) != 0;
    }
    const double mean = count > 0 ? sum / (double)count : 0.0;
    for (size_t i = 0; i < log->n; i++) {
        const double x = (double)log->x[i * log->features + f];
        squares += isfinite(x) ? (x - mean) * (x - mean) : 0.0;
    }
    const double deviation = count > 0 ? sqrt(squares / (double)count) : 0.0;
    column->mean = (float)mean;
    /* Less than rounding leaves of a constant is none. */
    column->scale =
        deviation > 1e-6 * fabs(mean) && deviation > 1e-30 ? (float)(1.0 / deviation) : 0;
}

static float clip(float x)
{
    x = x > -HUNCH__TRAIN_CLIP ? x : -HUNCH__TRAIN_CLIP;
    return x < HUNCH__TRAIN_CLIP ? x : HUNCH__TRAIN_CLIP;
}
