/* Quantisation layer by layer: what a byte of each input stands for is known, so that the weights
 * can be told in such units; then each unit gets its own scale. */
#include "mlp_quantise.h"

#include <math.h>
#include <stdbool.h>

#include "kernels.h"

enum { HIDDEN = HUNCH__MLP_HIDDEN_MAX };

/* What a sum is given beside the products of bytes (its bias, the rows of sparse columns, in all
 * what a hidden unit reaches) stays below this many of its units, so that nothing is clipped. */
static const float sum_units = 0x1p22f;

/* Numbers beyond this are taken as this, so that what is computed of them stays finite. */
static const float huge = 0x1p100f;

/* What is being made. */
struct making {
    const struct hunch__mlp *model;
    struct hunch__mlp8 *out;
    float range[2][HIDDEN]; /* the largest value of each hidden unit                 */
    float quantum[HIDDEN];  /* what 1 stands for in a byte of the layer before       */
};

/* Some of the inputs of a layer, and their rows of weights. */
struct segment {
    const float *rows;
    uint32_t inputs;
    bool dense; /* they are the dense columns, not hidden units */
};

/* All of them. */
struct inputs {
    struct segment segment[2];
    uint32_t padded[2]; /* how many bytes each has in the layer */
};

static void measure(struct making *m, const hunch_context *contexts, size_t n);
static void take_input_ranges(struct making *m, const float *x, bool first);
static void hide(const float *first, const float *in, uint32_t n, const hunch_context *x,
                 uint32_t units, float *out);
static void widen_range(float *range, const float *values, uint32_t n);
static void bound_ranges(struct making *m);
static void bound_layer(const float *first, const float *most, uint32_t n, uint32_t features,
                        uint32_t units, float *range);
static void set_steps(struct making *m);
static void set_hidden(struct making *m, int index, const struct hunch__mlp8_layer *layer,
                       const float *first, const struct inputs *inputs);
static void set_output(struct making *m);
static float largest_sparse(const struct making *m, uint32_t unit);
static void set_sparse(const struct making *m, uint32_t unit, float scale);
static float set_unit(const struct making *m, const struct hunch__mlp8_layer *layer,
                      const struct inputs *inputs, uint32_t unit, float constant, float reach);
static float weight_of(const struct making *m, const struct segment *s, uint32_t units, uint32_t f,
                       uint32_t unit);
static float constant_of(const struct making *m, const float *rows, uint32_t units, uint32_t unit);
static float standardise(const struct hunch__mlp *model, float x, uint32_t f);
static float clip(float x, float low, float high);

void hunch__mlp_quantise(const struct hunch__mlp *model, const hunch_context *contexts, size_t n,
                         struct hunch__mlp8 *out)
{
    struct making m = {.model = model, .out = out};
    const struct hunch__mlp_shape *shape = &model->shape;
    const uint32_t padded = hunch__linear_padded(shape->dense);
    hunch__mlp8_begin(out, shape);
    out->explore = model->explore;
    measure(&m, contexts, n);
    const float *first = hunch__mlp_first(model);
    const struct hunch__mlp8_layer layer = hunch__mlp8_first(out);
    const struct inputs columns = {{{first + shape->hidden[0], shape->dense, true}}, {padded, 0}};
    set_hidden(&m, 0, &layer, first, &columns);
    if (shape->hidden[1] != 0) {
        const float *second = hunch__mlp_second(model);
        const struct hunch__mlp8_layer next = hunch__mlp8_second(out);
        const struct inputs units = {{{second + shape->hidden[1], shape->hidden[0], false}},
                                     {shape->hidden[0], 0}};
        set_hidden(&m, 1, &next, second, &units);
    }
    set_output(&m);
}

float hunch__mlp_quantise_error(const struct hunch__mlp *model, const struct hunch__mlp8 *bytes,
                                const hunch_context *contexts, size_t n)
{
    const struct hunch__kernels *kernels = hunch__kernels_get();
    float scores[HUNCH__ARMS_MAX];
    float rounded[HUNCH__ARMS_MAX];
    float most = 0.0f;
    for (size_t i = 0; i < n; i++) {
        kernels->mlp_scores(model, &contexts[i], scores);
        kernels->mlp8_scores(bytes, &contexts[i], rounded);
        for (uint32_t a = 0; a < model->shape.arms; a++) {
            most = fmaxf(most, fabsf(scores[a] - rounded[a]));
        }
    }
    return most;
}

/* The ranges of inputs, into the snapshot, and of hidden units. */
static void measure(struct making *m, const hunch_context *contexts, size_t n)
{
    const struct hunch__mlp *model = m->model;
    const struct hunch__mlp_shape *shape = &model->shape;
    float in[HUNCH__DENSE_MAX];
    float hidden[2][HIDDEN];
    take_input_ranges(m, NULL, true);
    for (size_t i = 0; i < n; i++) {
        take_input_ranges(m, contexts[i].dense, i == 0);
        for (uint32_t f = 0; f < shape->dense; f++) {
            in[f] = standardise(model, contexts[i].dense[f], f);
        }
        hide(hunch__mlp_first(model), in, shape->dense, &contexts[i], shape->hidden[0], hidden[0]);
        widen_range(m->range[0], hidden[0], shape->hidden[0]);
        if (shape->hidden[1] != 0) {
            hide(hunch__mlp_second(model), hidden[0], shape->hidden[0], NULL, shape->hidden[1],
                 hidden[1]);
            widen_range(m->range[1], hidden[1], shape->hidden[1]);
        }
    }
    if (n == 0) {
        bound_ranges(m);
    }
    set_steps(m);
}

/* The first context begins the ranges, others widen them; without one they are the model's. */
static void take_input_ranges(struct making *m, const float *x, bool first)
{
    float *low = hunch__mlp8_low(m->out);
    float *high = hunch__mlp8_high(m->out);
    for (uint32_t f = 0; f < m->model->shape.dense; f++) {
        const float from = hunch__mlp_low(m->model)[f];
        const float to = hunch__mlp_high(m->model)[f];
        const float value = x == NULL ? from : clip(x[f], from, to);
        low[f] = first ? value : fminf(low[f], value);
        high[f] = first ? (x == NULL ? to : value) : fmaxf(high[f], value);
    }
}

static void hide(const float *first, const float *in, uint32_t n, const hunch_context *x,
                 uint32_t units, float *out)
{
    const float *rows = first + units;
    for (uint32_t u = 0; u < units; u++) {
        out[u] = first[u];
    }
    for (uint32_t f = 0; f < n; f++) {
        for (uint32_t u = 0; u < units; u++) {
            out[u] += in[f] * rows[(size_t)f * units + u];
        }
    }
    for (uint32_t i = 0; x != NULL && i < x->count; i++) {
        for (uint32_t u = 0; u < units; u++) {
            out[u] += x->values[i] * rows[(size_t)x->columns[i] * units + u];
        }
    }
    for (uint32_t u = 0; u < units; u++) {
        out[u] = clip(out[u], 0.0f, huge);
    }
}

static void widen_range(float *range, const float *values, uint32_t n)
{
    for (uint32_t u = 0; u < n; u++) {
        range[u] = fmaxf(range[u], values[u]);
    }
}

/* What hidden units can be at most, when nothing is known of the contexts but their clipping. */
static void bound_ranges(struct making *m)
{
    const struct hunch__mlp *model = m->model;
    const struct hunch__mlp_shape *shape = &model->shape;
    float most[HUNCH__DENSE_MAX];
    for (uint32_t f = 0; f < shape->dense; f++) {
        const float low = standardise(model, hunch__mlp_low(model)[f], f);
        most[f] = fmaxf(fabsf(low), fabsf(standardise(model, hunch__mlp_high(model)[f], f)));
    }
    bound_layer(hunch__mlp_first(model), most, shape->dense, shape->features, shape->hidden[0],
                m->range[0]);
    if (shape->hidden[1] != 0) {
        bound_layer(hunch__mlp_second(model), m->range[0], shape->hidden[0], shape->hidden[0],
                    shape->hidden[1], m->range[1]);
    }
}

/* Of the columns past n, which are sparse, one is taken to be 1: the largest. */
static void bound_layer(const float *first, const float *most, uint32_t n, uint32_t features,
                        uint32_t units, float *range)
{
    for (uint32_t u = 0; u < units; u++) {
        const float *column = first + units + u;
        float sum = first[u];
        float sparse = 0.0f;
        for (uint32_t f = 0; f < n; f++) {
            sum += most[f] * fabsf(column[(size_t)f * units]);
        }
        for (uint32_t f = n; f < features; f++) {
            sparse = fmaxf(sparse, column[(size_t)f * units]);
        }
        range[u] = clip(sum + sparse, 0.0f, huge);
    }
}

/* The largest steps with which no input exceeds 127. */
static void set_steps(struct making *m)
{
    const float most = (float)HUNCH__MLP8_MAX;
    for (uint32_t f = 0; f < m->model->shape.dense; f++) {
        const float width = hunch__mlp8_high(m->out)[f] - hunch__mlp8_low(m->out)[f];
        const bool usable = width > 0x1p-100f && width < huge;
        float step = usable ? most / width : 0.0f;
        while (usable && width * step > most) {
            step = nextafterf(step, 0.0f);
        }
        hunch__mlp8_step(m->out)[f] = step;
    }
}

static void set_hidden(struct making *m, int index, const struct hunch__mlp8_layer *layer,
                       const float *first, const struct inputs *inputs)
{
    float quantum[HIDDEN];
    for (uint32_t u = 0; u < layer->units; u++) {
        const float *rows = first + layer->units;
        const float offset = index == 0 ? constant_of(m, rows, layer->units, u) : 0.0f;
        const float sparse = index == 0 ? largest_sparse(m, u) : 0.0f;
        const float reach = fmaxf(m->range[index][u], sparse);
        const float scale = set_unit(m, layer, inputs, u, first[u] + offset, reach);
        int32_t shift = 0;
        quantum[u] = scale;
        while (shift < 30 && m->range[index][u] > quantum[u] * ((float)HUNCH__MLP8_MAX + .5f)) {
            quantum[u] *= 2.0f;
            shift++;
        }
        layer->shift[u] = shift;
        layer->bias[u] += shift > 0 ? 1 << (shift - 1) : 0; /* so that shifting rounds */
        if (index == 0) {
            set_sparse(m, u, scale);
        }
    }
    for (uint32_t u = 0; u < layer->units; u++) {
        m->quantum[u] = quantum[u];
    }
}

static float largest_sparse(const struct making *m, uint32_t unit)
{
    const struct hunch__mlp_shape *shape = &m->model->shape;
    const float *rows = hunch__mlp_first(m->model) + shape->hidden[0];
    float largest = 0.0f;
    for (uint32_t f = shape->dense; f < shape->features; f++) {
        largest = fmaxf(largest, fabsf(rows[(size_t)f * shape->hidden[0] + unit]));
    }
    return clip(largest, 0.0f, huge);
}

/* What the sparse columns give a unit of the first layer, in units of its sum. */
static void set_sparse(const struct making *m, uint32_t unit, float scale)
{
    const struct hunch__mlp_shape *shape = &m->model->shape;
    const uint32_t units = shape->hidden[0];
    const float *rows = hunch__mlp_first(m->model) + units;
    float *sparse = hunch__mlp8_sparse(m->out);
    for (uint32_t f = shape->dense; f < shape->features; f++) {
        const float weight = rows[(size_t)f * units + unit] / scale;
        sparse[(size_t)(f - shape->dense) * units + unit] = clip(weight, -huge, huge);
    }
}

static void set_output(struct making *m)
{
    const struct hunch__mlp_shape *shape = &m->model->shape;
    const struct hunch__mlp8_layer layer = hunch__mlp8_output(m->out);
    const float *first = hunch__mlp_output(m->model);
    const float *skip = hunch__mlp_skip(m->model);
    const uint32_t last = hunch__mlp_last(shape);
    const uint32_t straight = shape->skip != 0 ? shape->dense : 0;
    const struct inputs inputs = {{{first + layer.units, last, false}, {skip, straight, true}},
                                  {last, layer.inputs - last}};
    for (uint32_t a = 0; a < layer.units; a++) {
        const float offset = shape->skip != 0 ? constant_of(m, skip, layer.units, a) : 0.0f;
        layer.scale[a] = set_unit(m, &layer, &inputs, a, first[a] + offset, 0.0f);
    }
    if (shape->skip != 0) {
        const size_t from = (size_t)shape->dense * layer.units;
        const size_t to = (size_t)shape->features * layer.units;
        for (size_t i = from; i < to; i++) {
            hunch__mlp8_sparse_skip(m->out)[i - from] = skip[i];
        }
    }
}

/* Weights and bias of one unit, whose other parts reach `reach`; the result is what 1 of its sum
 * stands for. */
static float set_unit(const struct making *m, const struct hunch__mlp8_layer *layer,
                      const struct inputs *inputs, uint32_t unit, float constant, float reach)
{
    const float most = (float)HUNCH__MLP8_MAX;
    float largest = 0.0f;
    uint32_t at = 0;
    constant = clip(constant, -huge, huge);
    for (int s = 0; s < 2; s++) {
        for (uint32_t f = 0; f < inputs->segment[s].inputs; f++) {
            const float weight = weight_of(m, &inputs->segment[s], layer->units, f, unit);
            largest = fmaxf(largest, fabsf(weight));
        }
    }
    float scale = fmaxf(largest / most, fmaxf(fabsf(constant), reach) / sum_units);
    scale = scale > 0x1p-100f ? scale : 0x1p-100f; /* all are 0 */
    for (int s = 0; s < 2; s++) {
        for (uint32_t f = 0; f < inputs->segment[s].inputs; f++) {
            const float weight = weight_of(m, &inputs->segment[s], layer->units, f, unit) / scale;
            const size_t group = (at + f) / 4;
            layer->weights[4 * (group * layer->units + unit) + (at + f) % 4] =
                (int8_t)rintf(clip(weight, -most, most));
        }
        at += inputs->padded[s];
    }
    layer->bias[unit] = (int32_t)rintf(constant / scale);
    return scale;
}

/* What 1 in the byte of input f gives a unit. */
static float weight_of(const struct making *m, const struct segment *s, uint32_t units, uint32_t f,
                       uint32_t unit)
{
    float quantum = 0.0f;
    if (!s->dense) {
        quantum = m->quantum[f];
    } else if (hunch__mlp8_step(m->out)[f] > 0.0f) {
        quantum = hunch__mlp_scale(m->model)[f] / hunch__mlp8_step(m->out)[f];
    }
    return clip(s->rows[(size_t)f * units + unit] * quantum, -huge, huge);
}

/* What a unit gets when the bytes of all dense columns are 0. */
static float constant_of(const struct making *m, const float *rows, uint32_t units, uint32_t unit)
{
    float sum = 0.0f;
    for (uint32_t f = 0; f < m->model->shape.dense; f++) {
        const float low = standardise(m->model, hunch__mlp8_low(m->out)[f], f);
        sum += low * rows[(size_t)f * units + unit];
    }
    return sum;
}

static float standardise(const struct hunch__mlp *model, float x, uint32_t f)
{
    const float clean = clip(x, hunch__mlp_low(model)[f], hunch__mlp_high(model)[f]);
    return (clean - hunch__mlp_shift(model)[f]) * hunch__mlp_scale(model)[f];
}

static float clip(float x, float low, float high)
{
    x = x > low ? x : low;
    return x < high ? x : high;
}
