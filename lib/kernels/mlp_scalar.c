/* The networks in plain C: the definitions of mlp.h. */
#include <math.h>
#include <string.h>

#include "kernels.h"
#include "tables.h"

enum { HIDDEN = HUNCH__MLP_HIDDEN_MAX, INPUTS8 = HUNCH__DENSE_MAX + HIDDEN };

static float clip(float x, float low, float high);
static float sum_dense(const float *rows, size_t units, size_t unit, float first, const float *in,
                       size_t n);
static float sum_layer(const float *rows, size_t units, size_t unit, const float *in, size_t n);
static float add_sparse(float sum, const float *rows, size_t units, size_t unit, uint32_t from,
                        const hunch_context *x);
static void hide(const float *rows, size_t units, const float *in, size_t n, float *out);
static uint8_t to_byte(int32_t sum, int32_t shift);
static void quantise(const struct hunch__mlp8 *model, const float *x, uint8_t *in);
static int32_t sum_bytes(const struct hunch__mlp8_layer *layer, size_t unit, const uint8_t *in);

void hunch__mlp_scores_scalar(const struct hunch__mlp *model, const hunch_context *x, float *scores)
{
    const struct hunch__mlp_shape *shape = &model->shape;
    const float *first = hunch__mlp_first(model);
    const size_t stride = model->stride;
    float in[HUNCH__DENSE_MAX];
    float hidden[2][HIDDEN];
    for (uint32_t f = 0; f < shape->dense; f++) {
        const float clean = clip(x->dense[f], hunch__mlp_low(model)[f], hunch__mlp_high(model)[f]);
        in[f] = (clean - hunch__mlp_shift(model)[f]) * hunch__mlp_scale(model)[f];
    }
    const size_t units = shape->hidden[0];
    for (size_t u = 0; u < units; u++) {
        const float sum = sum_dense(first + units, units, u, first[u], in, shape->dense);
        hidden[0][u] = clip(add_sparse(sum, first + units, units, u, 0, x), 0.0f, INFINITY);
    }
    if (shape->hidden[1] != 0) {
        hide(hunch__mlp_second(model), shape->hidden[1], hidden[0], units, hidden[1]);
    }
    const float *last = hidden[shape->hidden[1] != 0];
    for (size_t a = 0; a < stride; a++) {
        scores[a] = sum_layer(hunch__mlp_output(model), stride, a, last, hunch__mlp_last(shape));
        if (shape->skip != 0) {
            const float *rows = hunch__mlp_skip(model);
            const float sum = sum_dense(rows, stride, a, 0.0f, in, shape->dense);
            scores[a] += add_sparse(sum, rows, stride, a, 0, x);
        }
    }
}

void hunch__mlp8_scores_scalar(const struct hunch__mlp8 *model, const hunch_context *x,
                               float *scores)
{
    const struct hunch__mlp_shape *shape = &model->shape;
    const struct hunch__mlp8_layer first = hunch__mlp8_first(model);
    const struct hunch__mlp8_layer second = hunch__mlp8_second(model);
    const struct hunch__mlp8_layer output = hunch__mlp8_output(model);
    const float *sparse = hunch__mlp8_sparse(model);
    const float *skip = hunch__mlp8_sparse_skip(model);
    uint8_t in[INPUTS8];
    uint8_t hidden[HIDDEN];
    uint8_t last[INPUTS8];
    quantise(model, x->dense, in);
    for (size_t u = 0; u < first.units; u++) {
        const float t = add_sparse(0.0f, sparse, first.units, u, shape->dense, x);
        const float clipped = clip(t, -HUNCH__MLP8_SPARSE, HUNCH__MLP8_SPARSE);
        hidden[u] = to_byte(sum_bytes(&first, u, in) + (int32_t)rintf(clipped), first.shift[u]);
    }
    memcpy(last, hidden, first.units);
    for (size_t u = 0; u < second.units; u++) {
        last[u] = to_byte(sum_bytes(&second, u, hidden), second.shift[u]);
    }
    memcpy(last + hunch__mlp_last(shape), in, hunch__linear_padded(shape->dense));
    for (size_t a = 0; a < output.units; a++) {
        const float sum = (float)sum_bytes(&output, a, last) * output.scale[a];
        scores[a] =
            shape->skip != 0 ? add_sparse(sum, skip, output.units, a, shape->dense, x) : sum;
    }
}

static float clip(float x, float low, float high)
{
    x = x > low ? x : low;
    return x < high ? x : high;
}

/* The sum of in[n] for one unit, `first` included. */
static float sum_dense(const float *rows, size_t units, size_t unit, float first, const float *in,
                       size_t n)
{
    float sum[4] = {first, 0, 0, 0};
    for (size_t f = 0; f < n; f++) {
        sum[f % 4] += in[f] * rows[units * f + unit];
    }
    return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

/* The same with the intercepts in the first row. */
static float sum_layer(const float *rows, size_t units, size_t unit, const float *in, size_t n)
{
    return sum_dense(rows + units, units, unit, rows[unit], in, n);
}

/* The sparse columns added, whose rows begin with column `from`. */
static float add_sparse(float sum, const float *rows, size_t units, size_t unit, uint32_t from,
                        const hunch_context *x)
{
    for (uint32_t i = 0; i < x->count; i++) {
        sum += x->values[i] * rows[units * (x->columns[i] - from) + unit];
    }
    return sum;
}

static void hide(const float *rows, size_t units, const float *in, size_t n, float *out)
{
    for (size_t u = 0; u < units; u++) {
        out[u] = clip(sum_layer(rows, units, u, in, n), 0.0f, INFINITY);
    }
}

static uint8_t to_byte(int32_t sum, int32_t shift)
{
    sum >>= shift;
    sum = sum > 0 ? sum : 0;
    return (uint8_t)(sum < HUNCH__MLP8_MAX ? sum : HUNCH__MLP8_MAX);
}

static void quantise(const struct hunch__mlp8 *model, const float *x, uint8_t *in)
{
    const float *low = hunch__mlp8_low(model);
    const float *high = hunch__mlp8_high(model);
    const float *step = hunch__mlp8_step(model);
    for (uint32_t f = 0; f < hunch__linear_padded(model->shape.dense); f++) {
        const float given = f < model->shape.dense ? x[f] : 0.0f;
        in[f] = (uint8_t)rintf((clip(given, low[f], high[f]) - low[f]) * step[f]);
    }
}

static int32_t sum_bytes(const struct hunch__mlp8_layer *layer, size_t unit, const uint8_t *in)
{
    int32_t sum = layer->bias[unit];
    for (size_t f = 0; f < layer->inputs; f++) {
        const size_t row = f / 4 * layer->units;
        sum += (int32_t)in[f] * layer->weights[(row + unit) * 4 + f % 4];
    }
    return sum;
}
