/* A small network of every arm's reward, laid out for choosing: units lie in the lanes of vectors.
 * In two forms, one of floats and one of bytes. */
#ifndef HUNCH_KERNELS_MLP_H
#define HUNCH_KERNELS_MLP_H

#include <stddef.h>
#include <stdint.h>

#include "explore.h"
#include "linear.h"

/* Most units of a hidden layer: a bit of a word for each says which are active. */
#define HUNCH__MLP_HIDDEN_MAX 64u

/* What a network is made for. Hidden layers have 16, 32, 48 or 64 units; hidden[1] is 0 when there
 * is one layer alone. */
struct hunch__mlp_shape {
    uint32_t arms;      /* K                                                            */
    uint32_t dense;     /* columns that are always given, <= HUNCH__DENSE_MAX           */
    uint32_t features;  /* columns in all                                               */
    uint32_t hidden[2]; /* units                                                        */
    uint32_t skip;      /* 1: the columns also lead straight to the arms (Cheng and     */
};                      /* others 2016, "Wide & Deep Learning"); else 0                 */

/* -- floats ------------------------------------------------------------------------------------ */

/* The head of a snapshot. Behind it, each part 64-aligned, D = dense, to 16, S = arms' stride:
 *   float low[D], high[D], shift[D], scale[D]      a dense input is (clip(x) - shift) scale
 *   float first[1 + features][hidden[0]]           the intercepts, then a row for each column
 *   float second[1 + hidden[0]][hidden[1]]         when there is one
 *   float output[1 + units][S]                     units of the last hidden layer
 *   float skip[features][S]                        when there is one
 * Lanes past the last arm hold zero; columns past the last dense one are clipped to [0, 0].
 *
 * A unit sums what enters its layer as linear.h sums columns: ((s0 + s2) + (s1 + s3)), where input
 * f goes to s_j with f = j modulo 4, in ascending order, s0 beginning with the intercept, each
 * product and sum rounded; the sparse columns are added afterwards, one by one. A hidden unit is
 * the larger of that and 0. The skip's sum begins with 0 and is added to the arm's.
 *
 * Leaving out the hidden units that are 0, half of all as a rule, was slower: which they are cannot
 * be predicted, and a wrong turn costs more than the 16 rows that it saves. */
struct hunch__mlp {
    struct hunch__mlp_shape shape;
    uint32_t stride; /* S: hunch__arms_stride(arms)                                    */
    struct hunch__explore explore;
    uint32_t first, second, output, skip; /* where the parts begin: cache lines from the head */
    uint32_t reserved[3];                 /* zero: the parts begin on a cache line            */
};

_Static_assert(sizeof(struct hunch__mlp) == 64, "the parts behind it are 64-aligned");

/* Floats, or bytes, in whole cache lines. */
static inline size_t hunch__lines(size_t bytes)
{
    return (bytes + 63) / 64;
}

/* Units of the last hidden layer. */
static inline uint32_t hunch__mlp_last(const struct hunch__mlp_shape *shape)
{
    return shape->hidden[1] != 0 ? shape->hidden[1] : shape->hidden[0];
}

/* Bytes of a whole snapshot; the caller has bounded the numbers so that it fits a size_t. */
static inline size_t hunch__mlp_bytes(const struct hunch__mlp_shape *shape)
{
    const size_t stride = hunch__arms_stride(shape->arms);
    const size_t hidden = ((size_t)1 + shape->features) * shape->hidden[0] +
                          ((size_t)1 + shape->hidden[0]) * shape->hidden[1];
    const size_t output = hunch__lines(((size_t)1 + hunch__mlp_last(shape)) * stride * 4);
    const size_t skip = shape->skip != 0 ? hunch__lines(shape->features * stride * 4) : 0;
    return 64 * (1 + (hunch__linear_padded(shape->dense) + hidden / 4) / 4 + output + skip);
}

/* Fill in the head of zeroed memory. */
static inline void hunch__mlp_begin(struct hunch__mlp *model, const struct hunch__mlp_shape *shape)
{
    const uint32_t *hidden = shape->hidden;
    model->shape = *shape;
    model->stride = hunch__arms_stride(shape->arms);
    model->first = 1 + hunch__linear_padded(shape->dense) / 4;
    model->second = model->first + (1 + shape->features) * (hidden[0] / 16);
    model->output = model->second + (1 + hidden[0]) * (hidden[1] / 16);
    const size_t output = ((size_t)1 + hunch__mlp_last(shape)) * model->stride;
    model->skip = model->output + (uint32_t)hunch__lines(output * sizeof(float));
}

static inline float *hunch__mlp_part(const struct hunch__mlp *model, uint32_t line)
{
    return (float *)(uintptr_t)(model + line);
}

static inline float *hunch__mlp_low(const struct hunch__mlp *model)
{
    return hunch__mlp_part(model, 1);
}

static inline float *hunch__mlp_high(const struct hunch__mlp *model)
{
    return hunch__mlp_low(model) + hunch__linear_padded(model->shape.dense);
}

static inline float *hunch__mlp_shift(const struct hunch__mlp *model)
{
    return hunch__mlp_low(model) + (size_t)2 * hunch__linear_padded(model->shape.dense);
}

static inline float *hunch__mlp_scale(const struct hunch__mlp *model)
{
    return hunch__mlp_low(model) + (size_t)3 * hunch__linear_padded(model->shape.dense);
}

/* The intercepts of each layer; the row of input f is `units * (1 + f)` further on. */
static inline float *hunch__mlp_first(const struct hunch__mlp *model)
{
    return hunch__mlp_part(model, model->first);
}

static inline float *hunch__mlp_second(const struct hunch__mlp *model)
{
    return hunch__mlp_part(model, model->second);
}

static inline float *hunch__mlp_output(const struct hunch__mlp *model)
{
    return hunch__mlp_part(model, model->output);
}

/* The row of the skip's first column: there are no intercepts. */
static inline float *hunch__mlp_skip(const struct hunch__mlp *model)
{
    return hunch__mlp_part(model, model->skip);
}

/* -- bytes ------------------------------------------------------------------------------------- */

/* What a quantised input or hidden unit is at most: seven bits, so that two products of a byte each
 * fit the 16 bits that AVX2 adds them in, and so that a byte is the same signed or not. */
#define HUNCH__MLP8_MAX 127

/* The head of a quantised snapshot. Behind it, each part 64-aligned, D and S as above:
 *   float low[D], high[D], step[D]                 a dense input is round((clip(x) - low) step)
 *   then for each layer, first, second (when there is one), output, of n inputs and m units:
 *   int32_t shift[m] or, in the output, float scale[m]
 *   int32_t bias[m], int8_t weights[n / 4][m][4]
 *   float sparse[features - dense][hidden[0]]      a row for each sparse column
 *   float sparse_skip[features - dense][S]         when there is a skip
 * Inputs are the D dense columns, padded as those of linear.h, and the output's are the last hidden
 * layer and, when there is a skip, these D again. (high - low) step is at most 127.
 *
 * A unit's sum is exact: bias + the products of bytes, in 32 bits; in the first layer also +
 * round(t) where t is the sum of value * row over the sparse columns, one by one from 0 on, clipped
 * to HUNCH__MLP8_SPARSE. A hidden unit is (sum >> shift), clipped to [0, 127]: all of a layer's
 * scaling is a shift, since the weights of the next one are free to make up for what a power of two
 * lacks. An arm's score is the sum as a float times scale, to which the skip of the sparse columns
 * is added one by one. round() is to the nearest integer, the even one of two. */
struct hunch__mlp8 {
    struct hunch__mlp_shape shape;
    uint32_t stride; /* S: hunch__arms_stride(arms)                          */
    struct hunch__explore explore;
    uint32_t first, second, output, sparse, sparse_skip; /* in cache lines from the head */
    uint32_t reserved[2]; /* zero: the parts begin on a cache line               */
};

_Static_assert(sizeof(struct hunch__mlp8) == 64, "the parts behind it are 64-aligned");

/* What sparse columns add to a sum is at most; a bias is at most twice that. Then no sum leaves 32
 * bits. */
#define HUNCH__MLP8_SPARSE 0x1p29f

/* One layer of bytes: where its parts are. */
struct hunch__mlp8_layer {
    int32_t *shift;  /* [units], in [0, 30]: of a hidden layer */
    float *scale;    /* [units], at the same place: of the output */
    int32_t *bias;   /* [units]                */
    int8_t *weights; /* [inputs / 4][units][4] */
    uint32_t inputs; /* a multiple of 16       */
    uint32_t units;  /* 8 or a multiple of 16  */
};

static inline struct hunch__mlp8_layer hunch__mlp8_layer(const struct hunch__mlp8 *model,
                                                         uint32_t line, uint32_t inputs,
                                                         uint32_t units)
{
    const size_t row = (units + 15u) & ~15u;
    struct hunch__mlp8_layer layer;
    layer.shift = (int32_t *)(uintptr_t)(model + line);
    layer.scale = (float *)(uintptr_t)(model + line);
    layer.bias = layer.shift + row;
    layer.weights = (int8_t *)(uintptr_t)(layer.bias + row);
    layer.inputs = inputs;
    layer.units = units;
    return layer;
}

/* Cache lines of a layer. */
static inline uint32_t hunch__mlp8_layer_lines(uint32_t inputs, uint32_t units)
{
    const size_t row = (units + 15u) & ~15u;
    return (uint32_t)hunch__lines(2 * row * sizeof(float) + (size_t)inputs * units);
}

/* Inputs of the output: the last hidden layer's units, then the skip's columns. */
static inline uint32_t hunch__mlp8_output_inputs(const struct hunch__mlp_shape *shape)
{
    return hunch__mlp_last(shape) + (shape->skip != 0 ? hunch__linear_padded(shape->dense) : 0);
}

/* Fill in the head of zeroed memory. */
static inline void hunch__mlp8_begin(struct hunch__mlp8 *model,
                                     const struct hunch__mlp_shape *shape)
{
    const uint32_t padded = hunch__linear_padded(shape->dense);
    const uint32_t inputs = hunch__mlp8_output_inputs(shape);
    const uint32_t *hidden = shape->hidden;
    model->shape = *shape;
    model->stride = hunch__arms_stride(shape->arms);
    model->first = 1 + 3 * (padded / 16);
    model->second = model->first + hunch__mlp8_layer_lines(padded, hidden[0]);
    model->output = model->second + hunch__mlp8_layer_lines(hidden[0], hidden[1]);
    model->sparse = model->output + hunch__mlp8_layer_lines(inputs, model->stride);
    model->sparse_skip = model->sparse + (shape->features - shape->dense) * (hidden[0] / 16);
}

/* Bytes of a whole snapshot; the caller has bounded the numbers so that it fits a size_t. */
static inline size_t hunch__mlp8_bytes(const struct hunch__mlp_shape *shape)
{
    struct hunch__mlp8 head;
    hunch__mlp8_begin(&head, shape);
    const size_t rows = shape->skip != 0 ? shape->features - shape->dense : 0;
    return 64 * (head.sparse_skip + hunch__lines(rows * head.stride * sizeof(float)));
}

static inline float *hunch__mlp8_low(const struct hunch__mlp8 *model)
{
    return (float *)(uintptr_t)(model + 1);
}

static inline float *hunch__mlp8_high(const struct hunch__mlp8 *model)
{
    return hunch__mlp8_low(model) + hunch__linear_padded(model->shape.dense);
}

static inline float *hunch__mlp8_step(const struct hunch__mlp8 *model)
{
    return hunch__mlp8_low(model) + (size_t)2 * hunch__linear_padded(model->shape.dense);
}

static inline struct hunch__mlp8_layer hunch__mlp8_first(const struct hunch__mlp8 *model)
{
    return hunch__mlp8_layer(model, model->first, hunch__linear_padded(model->shape.dense),
                             model->shape.hidden[0]);
}

/* The second layer; of no units when there is none. */
static inline struct hunch__mlp8_layer hunch__mlp8_second(const struct hunch__mlp8 *model)
{
    return hunch__mlp8_layer(model, model->second, model->shape.hidden[0], model->shape.hidden[1]);
}

static inline struct hunch__mlp8_layer hunch__mlp8_output(const struct hunch__mlp8 *model)
{
    return hunch__mlp8_layer(model, model->output, hunch__mlp8_output_inputs(&model->shape),
                             model->stride);
}

/* The row of the first sparse column; and, when there is a skip, what that adds to the arms. */
static inline float *hunch__mlp8_sparse(const struct hunch__mlp8 *model)
{
    return (float *)(uintptr_t)(model + model->sparse);
}

static inline float *hunch__mlp8_sparse_skip(const struct hunch__mlp8 *model)
{
    return (float *)(uintptr_t)(model + model->sparse_skip);
}

#endif
