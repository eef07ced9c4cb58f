#include "net.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "alloc.h"
#include "bits.h"
#include "diag.h"
#include "kernels.h"
#include "random.h"

/* Weights of a layer: intercepts, then rows. */
static size_t layer_count(const struct hunch__net *net, uint32_t l);
static void begin_layer(const struct hunch__net *net, uint32_t l, float *w, uint64_t *random);
static void multiply(const float *in, const float *rows, float *out, size_t n, uint32_t inputs,
                     uint32_t units);
static void add_gradient(const struct hunch__net_batch *batch, uint32_t l, size_t n,
                         uint32_t inputs, uint32_t units, float *g);
static void go_back(const struct hunch__net_batch *batch, uint32_t l, size_t n, uint32_t inputs,
                    uint32_t units, const float *rows);

hunch_status hunch__net_make(struct hunch__net *net, const uint32_t *sizes, uint32_t layers,
                             uint64_t seed, const hunch_allocator *a, hunch_diag *diag)
{
    *net = (struct hunch__net){.layers = layers, .decay1 = 1, .decay2 = 1};
    memcpy(net->size, sizes, (layers + 1) * sizeof(uint32_t));
    for (uint32_t l = 0; l < layers; l++) {
        net->count += layer_count(net, l);
    }
    const size_t bytes = 5 * net->count * sizeof(float);
    net->block = hunch__alloc(a, bytes, HUNCH__CACHE_LINE);
    if (net->block == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, bytes, "no memory for %zu weights", net->count);
    }
    memset(net->block, 0, bytes);
    net->w = net->block;
    net->m = net->w + net->count;
    net->v = net->m + net->count;
    net->g = net->v + net->count;
    net->best = net->g + net->count;
    float *w = net->w;
    for (uint32_t l = 0; l + 1 < layers; l++) {
        begin_layer(net, l, w, &seed);
        w += layer_count(net, l);
    }
    return HUNCH_OK;
}

hunch_status hunch__net_batch_make(struct hunch__net_batch *batch, const struct hunch__net *net,
                                   size_t rows, const hunch_allocator *a, hunch_diag *diag)
{
    size_t width = 0;
    for (uint32_t l = 0; l <= net->layers; l++) {
        width += net->size[l];
    }
    *batch = (struct hunch__net_batch){.rows = rows, .bytes = 2 * rows * width * sizeof(float)};
    batch->block = hunch__alloc(a, batch->bytes, HUNCH__CACHE_LINE);
    if (batch->block == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, batch->bytes, "no memory for a batch of %zu", rows);
    }
    float *at = batch->block;
    for (uint32_t l = 0; l <= net->layers; l++) {
        batch->value[l] = at;
        batch->delta[l] = at + rows * net->size[l];
        at += 2 * rows * net->size[l];
    }
    return HUNCH_OK;
}

void hunch__net_forward(const struct hunch__net *net, const float *w,
                        const struct hunch__net_batch *batch, size_t n)
{
    for (uint32_t l = 0; l < net->layers; l++) {
        const uint32_t units = net->size[l + 1];
        float *out = batch->value[l + 1];
        for (size_t i = 0; i < n; i++) {
            memcpy(out + i * units, w, units * sizeof(float));
        }
        multiply(batch->value[l], w + units, out, n, net->size[l], units);
        for (size_t i = 0; l + 1 < net->layers && i < n * units; i++) {
            out[i] = out[i] > 0.0f ? out[i] : 0.0f;
        }
        w += layer_count(net, l);
    }
}

void hunch__net_learn(struct hunch__net *net, const struct hunch__net_batch *batch, size_t n,
                      float rate, float decay)
{
    size_t at = net->count;
    for (uint32_t l = net->layers; l-- > 0;) {
        at -= layer_count(net, l);
        add_gradient(batch, l, n, net->size[l], net->size[l + 1], net->g + at);
        if (l > 0) {
            go_back(batch, l, n, net->size[l], net->size[l + 1], net->w + at + net->size[l + 1]);
        }
    }
    net->steps++;
    net->decay1 *= .9;
    net->decay2 *= .999;
    const double corrected = (double)rate * sqrt(1 - net->decay2) / (1 - net->decay1);
    const struct hunch__adam adam = {(float)corrected, .9f, .999f, 1e-8f, 1 - rate * decay};
    hunch__kernels_get()->f32_adam(&adam, net->g, net->count, net->m, net->v, net->w);
}

void hunch__net_keep(struct hunch__net *net)
{
    memcpy(net->best, net->w, net->count * sizeof(float));
}

void hunch__net_free(struct hunch__net *net, const hunch_allocator *a)
{
    hunch__free(a, net->block, 5 * net->count * sizeof(float), HUNCH__CACHE_LINE);
    net->block = NULL;
}

void hunch__net_batch_free(struct hunch__net_batch *batch, const hunch_allocator *a)
{
    hunch__free(a, batch->block, batch->bytes, HUNCH__CACHE_LINE);
    batch->block = NULL;
}

static size_t layer_count(const struct hunch__net *net, uint32_t l)
{
    return ((size_t)1 + net->size[l]) * net->size[l + 1];
}

/* Uniform in +-sqrt(6 / inputs), whose variance is 2 / inputs. */
static void begin_layer(const struct hunch__net *net, uint32_t l, float *w, uint64_t *random)
{
    const uint32_t inputs = net->size[l];
    const double bound = sqrt(6.0 / (inputs > 0 ? inputs : 1));
    for (size_t i = net->size[l + 1]; i < layer_count(net, l); i++) {
        const double u = (double)(hunch__splitmix64(random) >> 11) * 0x1p-52 - 1.0;
        w[i] = (float)(u * bound);
    }
}

/* out[n][units] += in[n][inputs] rows[inputs][units]. */
static void multiply(const float *in, const float *rows, float *out, size_t n, uint32_t inputs,
                     uint32_t units)
{
    if (inputs > 0) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)units, (int)inputs, 1,
                    in, (int)inputs, rows, (int)units, 1, out, (int)units);
    }
}

static void add_gradient(const struct hunch__net_batch *batch, uint32_t l, size_t n,
                         uint32_t inputs, uint32_t units, float *g)
{
    const float *delta = batch->delta[l + 1];
    memset(g, 0, units * sizeof(float));
    for (size_t i = 0; i < n; i++) {
        for (uint32_t u = 0; u < units; u++) {
            g[u] += delta[i * units + u];
        }
    }
    if (inputs > 0) {
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)inputs, (int)units, (int)n, 1,
                    batch->value[l], (int)inputs, delta, (int)units, 0, g + units, (int)units);
    }
}

/* delta[l][n] through the weights of layer l, where its units were active. */
static void go_back(const struct hunch__net_batch *batch, uint32_t l, size_t n, uint32_t inputs,
                    uint32_t units, const float *rows)
{
    float *delta = batch->delta[l];
    const float *value = batch->value[l];
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n, (int)inputs, (int)units, 1,
                batch->delta[l + 1], (int)units, rows, (int)units, 0, delta, (int)inputs);
    for (size_t i = 0; i < n * inputs; i++) {
        delta[i] = value[i] > 0.0f ? delta[i] : 0.0f;
    }
}
