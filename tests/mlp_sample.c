#include "mlp_sample.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "test_memory.h"

static void *zeroed_lines(size_t bytes);
static float some_input(enum mlp_sample_size size, uint64_t *random);
static void fill(float *from, const float *end, float scale, uint64_t *random);
static void fill_layer(const struct hunch__mlp8_layer *layer, bool output,
                       enum mlp_sample_size size, uint64_t *random);

struct hunch__mlp_shape mlp_sample_shape(uint64_t *random)
{
    static const uint32_t arms[] = {1, 2, 7, 8, 9, 15, 16, 17, 32, 33, 48, 70};
    static const uint32_t second[] = {0, 0, 16, 32, 48, 64};
    struct hunch__mlp_shape shape;
    shape.arms = arms[hunch__below(hunch__splitmix64(random), 12)];
    shape.dense = (uint32_t)hunch__below(hunch__splitmix64(random), 71);
    shape.features = shape.dense + (uint32_t)hunch__below(hunch__splitmix64(random), 9);
    shape.hidden[0] = 16 + 16 * (uint32_t)hunch__below(hunch__splitmix64(random), 4);
    shape.hidden[1] = second[hunch__below(hunch__splitmix64(random), 6)];
    shape.skip = (uint32_t)(hunch__splitmix64(random) % 2);
    return shape;
}

struct hunch__mlp *mlp_sample(const struct hunch__mlp_shape *shape, enum mlp_sample_size size,
                              uint64_t *random)
{
    const size_t bytes = hunch__mlp_bytes(shape);
    struct hunch__mlp *model = zeroed_lines(bytes);
    const bool extreme = size == MLP_SAMPLE_EXTREME;
    hunch__mlp_begin(model, shape);
    for (uint32_t f = 0; f < shape->dense; f++) {
        hunch__mlp_low(model)[f] = extreme ? -1e6f : -.8f;
        hunch__mlp_high(model)[f] = extreme ? 1e6f : .9f;
        hunch__mlp_shift(model)[f] = .3f * mlp_sample_float(random);
        hunch__mlp_scale(model)[f] = 1.5f;
    }
    fill(hunch__mlp_first(model), (const float *)(const void *)((const char *)model + bytes),
         extreme ? 1e6f : 1.0f, random);
    return model;
}

struct hunch__mlp8 *mlp8_sample(const struct hunch__mlp_shape *shape, enum mlp_sample_size size,
                                uint64_t *random)
{
    const size_t bytes = hunch__mlp8_bytes(shape);
    struct hunch__mlp8 *model = zeroed_lines(bytes);
    hunch__mlp8_begin(model, shape);
    for (uint32_t f = 0; f < shape->dense; f++) {
        hunch__mlp8_low(model)[f] = -1.0f;
        hunch__mlp8_high(model)[f] = .5f;
        hunch__mlp8_step(model)[f] = (float)HUNCH__MLP8_MAX / 1.5f;
    }
    const struct hunch__mlp8_layer layers[3] = {hunch__mlp8_first(model), hunch__mlp8_second(model),
                                                hunch__mlp8_output(model)};
    for (int i = 0; i < 3; i++) {
        fill_layer(&layers[i], i == 2, size, random);
    }
    fill(hunch__mlp8_sparse(model), (const float *)(const void *)((const char *)model + bytes),
         size == MLP_SAMPLE_EXTREME ? 1e30f : 3e4f, random);
    return model;
}

hunch_context mlp_sample_context(const struct hunch__mlp_shape *shape, enum mlp_sample_size size,
                                 uint64_t *random)
{
    const uint32_t sparse = shape->features - shape->dense;
    float *dense = memory_new(shape->dense * sizeof(float) + 1);
    uint32_t *columns = memory_new(sparse * sizeof(uint32_t) + 1);
    float *values = memory_new(sparse * sizeof(float) + 1);
    hunch_context x = {dense, columns, values, 0, 0};
    for (uint32_t f = 0; f < shape->dense; f++) {
        dense[f] = some_input(size, random);
    }
    for (uint32_t f = 0; f < sparse; f++) {
        if (hunch__splitmix64(random) % 3 == 0) {
            columns[x.count] = shape->dense + f;
            values[x.count] = x.count == 0 ? 1.0f : mlp_sample_float(random);
            x.count++;
        }
    }
    return x;
}

void mlp_sample_context_free(hunch_context *x)
{
    free((void *)(uintptr_t)x->dense);
    free((void *)(uintptr_t)x->columns);
    free((void *)(uintptr_t)x->values);
}

float mlp_sample_float(uint64_t *random)
{
    return (float)((double)(hunch__splitmix64(random) >> 40) * 0x1p-23 - 1.0);
}

static void *zeroed_lines(size_t bytes)
{
    void *p = aligned_alloc(64, bytes);
    if (p == NULL) {
        abort();
    }
    return memset(p, 0, bytes);
}

static float some_input(enum mlp_sample_size size, uint64_t *random)
{
    static const float extremes[] = {0.0f,   -0.0f, FLT_MAX, -FLT_MAX, FLT_MIN,
                                     1e-45f, 1e6f,  -1e6f,   .5f};
    const float usual = mlp_sample_float(random);
    return size == MLP_SAMPLE_USUAL ? usual : extremes[hunch__splitmix64(random) % 9];
}

static void fill(float *from, const float *end, float scale, uint64_t *random)
{
    for (; from < end; from++) {
        *from = scale * mlp_sample_float(random);
    }
}

/* Weights of 127 and biases at their limit are what could leave 16 and 32 bits. */
static void fill_layer(const struct hunch__mlp8_layer *layer, bool output,
                       enum mlp_sample_size size, uint64_t *random)
{
    const bool extreme = size == MLP_SAMPLE_EXTREME;
    const int32_t sign = hunch__splitmix64(random) % 2 == 0 ? 1 : -1;
    for (uint32_t u = 0; u < layer->units; u++) {
        layer->bias[u] = extreme ? sign * (int32_t)HUNCH__MLP8_SPARSE
                                 : (int32_t)(1e4f * mlp_sample_float(random));
        if (output) {
            layer->scale[u] = 1e-4f;
        } else {
            layer->shift[u] = extreme ? (u % 2 == 0 ? 0 : 30) : (int32_t)(u % 4) + 5;
        }
    }
    for (size_t i = 0; i < (size_t)layer->inputs * layer->units; i++) {
        layer->weights[i] =
            (int8_t)(extreme ? sign * 127 : (int32_t)(127 * mlp_sample_float(random)));
    }
}
