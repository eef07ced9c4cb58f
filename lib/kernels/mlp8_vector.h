/* The network of bytes for AVX2 and AVX-512; equal to mlp_scalar.c to the bit.
 *
 * The includer has included the set's vector_*.h, then mlp8_layer.h for its widest vectors as
 * wide_* and, where these are not of eight, for such as narrow_*, and then defines NARROW; and it
 * gives
 *   V_ROUND(v), I_TO_FLOAT(v), I_SHIFT(v, shifts)
 *   to_bytes(out, sum)        WIDTH sums, clipped to [0, 127]
 *   to_bytes_2(out, a, b)     twice as many */
#define MLP8_FN(f)         MLP8_FN_2(f, KERNELS)
#define MLP8_FN_2(f, name) MLP8_FN_3(f, name)
#define MLP8_FN_3(f, name) hunch__##f##_##name

/* Dense columns of the common case. */
#define SMALL_DENSE 64

/* Has bytes[] read again from memory: taking four at a time out of the register that was stored,
 * as compilers do, is slower by a third. */
static inline void keep_in_memory(const uint8_t *bytes)
{
    __asm__ volatile("" : : "r"(bytes) : "memory");
}

/* in[D] = the dense columns, rounded. */
TARGET LAYER_INLINE void quantise(const struct hunch__mlp8 *model, const float *x, uint8_t *in)
{
    const uint32_t dense = model->shape.dense;
    const float *low = hunch__mlp8_low(model);
    const float *high = hunch__mlp8_high(model);
    const float *step = hunch__mlp8_step(model);
    for (uint32_t f = 0; f < hunch__linear_padded(dense); f += WIDTH) {
        VECTOR given = V_SET1(0.0f);
        if (f + WIDTH <= dense) {
            given = V_LOAD(x + f);
        } else if (f < dense) {
            given = load_head(x + f, dense - f);
        }
        const VECTOR from = V_LOAD(low + f);
        const VECTOR clean = V_MIN(V_MAX(given, from), V_LOAD(high + f));
        to_bytes(in + f, V_ROUND(V_MUL(V_SUB(clean, from), V_LOAD(step + f))));
    }
    keep_in_memory(in);
}

/* The sparse columns that enter a layer, and the row of the first, column `from`; or no x. */
struct entering {
    const hunch_context *x;
    const float *rows;
    uint32_t from;
};

/* What the sparse columns add to WIDTH sums, rounded. */
TARGET LAYER_INLINE I_VECTOR round_sparse(VECTOR t)
{
    const VECTOR limit = V_SET1(HUNCH__MLP8_SPARSE);
    const VECTOR clipped = V_MIN(V_MAX(t, V_SET1(-HUNCH__MLP8_SPARSE)), limit);
    return V_ROUND(clipped);
}

/* The units of a hidden layer from u on, one vector of them or two. */
TARGET LAYER_INLINE void hide_some(const struct hunch__mlp8_layer *layer, const uint8_t *in,
                                   const struct entering *e, size_t u, uint8_t *out, const bool two)
{
    const int32_t *shift = layer->shift + u;
    struct wide_sums sum = wide_sum_bytes(layer, in, u, two);
    if (e->x != NULL && e->x->count != 0) {
        const struct wide_pair zero = {{V_SET1(0.0f), V_SET1(0.0f)}};
        const struct wide_pair t =
            wide_add_sparse(zero, e->rows + u, layer->units, e->from, e->x, two);
        sum.v[0] = I_ADD(sum.v[0], round_sparse(t.v[0]));
        sum.v[1] = I_ADD(sum.v[1], round_sparse(t.v[1]));
    }
    sum.v[0] = I_SHIFT(sum.v[0], I_LOAD((const void *)shift));
    if (two) {
        sum.v[1] = I_SHIFT(sum.v[1], I_LOAD((const void *)(shift + WIDTH)));
        to_bytes_2(out + u, sum.v[0], sum.v[1]);
    } else {
        to_bytes(out + u, sum.v[0]);
    }
}

TARGET LAYER_INLINE void hide(const struct hunch__mlp8_layer *layer, const uint8_t *in,
                              const struct entering *e, uint8_t *out)
{
    size_t u = 0;
    for (; u + (size_t)2 * WIDTH <= layer->units; u += (size_t)2 * WIDTH) {
        hide_some(layer, in, e, u, out, true);
    }
    if (u < layer->units) {
        hide_some(layer, in, e, u, out, false);
    }
    keep_in_memory(out);
}

/* The arms from a on, one vector of them or two. */
TARGET LAYER_INLINE void answer_some(const struct hunch__mlp8_layer *layer, const uint8_t *in,
                                     const struct entering *e, size_t a, float *scores,
                                     const bool two)
{
    const float *scale = layer->scale + a;
    const struct wide_sums sum = wide_sum_bytes(layer, in, a, two);
    struct wide_pair s = {{V_MUL(I_TO_FLOAT(sum.v[0]), V_LOAD(scale)), V_SET1(0.0f)}};
    if (two) {
        s.v[1] = V_MUL(I_TO_FLOAT(sum.v[1]), V_LOAD(scale + WIDTH));
    }
    if (e->x != NULL) {
        s = wide_add_sparse(s, e->rows + a, layer->units, e->from, e->x, two);
    }
    V_STORE(scores + a, s.v[0]);
    if (two) {
        V_STORE(scores + a + WIDTH, s.v[1]);
    }
}

#if defined(NARROW)
/* Up to eight arms. */
TARGET LAYER_INLINE void answer_narrow(const struct hunch__mlp8_layer *layer, const uint8_t *in,
                                       const struct entering *e, float *scores)
{
    const struct narrow_sums sum = narrow_sum_bytes(layer, in, 0, false);
    const __m256 scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(sum.v[0]), _mm256_load_ps(layer->scale));
    struct narrow_pair s = {{scaled, scaled}};
    if (e->x != NULL) {
        s = narrow_add_sparse(s, e->rows, 8, e->from, e->x, false);
    }
    _mm256_storeu_ps(scores, s.v[0]);
}
#endif

TARGET LAYER_INLINE void answer(const struct hunch__mlp8_layer *layer, const uint8_t *in,
                                const struct entering *e, float *scores)
{
#if defined(NARROW)
    if (layer->units == 8) {
        answer_narrow(layer, in, e, scores);
        return;
    }
#endif
    size_t a = 0;
    for (; a + (size_t)2 * WIDTH <= layer->units; a += (size_t)2 * WIDTH) {
        answer_some(layer, in, e, a, scores, true);
    }
    if (a < layer->units) {
        answer_some(layer, in, e, a, scores, false);
    }
}

/* h0 and h1 are the model's hidden units: constants in the common cases. last[] has room for the
 * last hidden layer and the D inputs, which a skip takes as one. */
TARGET LAYER_INLINE void scores_with(const struct hunch__mlp8 *model, const hunch_context *x,
                                     float *scores, const uint32_t h0, const uint32_t h1,
                                     uint8_t *last)
{
    const uint32_t dense = model->shape.dense;
    const uint32_t padded = hunch__linear_padded(dense);
    const uint32_t last_units = h1 != 0 ? h1 : h0;
    const bool skip = model->shape.skip != 0;
    const struct entering none = {NULL, NULL, 0};
    const struct entering sparse = {x, hunch__mlp8_sparse(model), dense};
    const struct entering straight = {x, hunch__mlp8_sparse_skip(model), dense};
    const struct hunch__mlp8_layer first = hunch__mlp8_layer(model, model->first, padded, h0);
    const struct hunch__mlp8_layer output =
        hunch__mlp8_layer(model, model->output, last_units + (skip ? padded : 0), model->stride);
    uint8_t *in = last + last_units;
    quantise(model, x->dense, in);
    if (h1 != 0) {
        _Alignas(64) uint8_t hidden[HUNCH__MLP_HIDDEN_MAX];
        const struct hunch__mlp8_layer second = hunch__mlp8_layer(model, model->second, h0, h1);
        hide(&first, in, &sparse, hidden);
        hide(&second, hidden, &none, last);
    } else {
        hide(&first, in, &sparse, last);
    }
    answer(&output, last, skip ? &straight : &none, scores);
}

/* Any shape; apart, so that the common ones need little of the stack. */
TARGET static __attribute__((noinline)) void scores_of_any(const struct hunch__mlp8 *model,
                                                           const hunch_context *x, float *scores)
{
    _Alignas(64) uint8_t last[HUNCH__MLP_HIDDEN_MAX + HUNCH__DENSE_MAX];
    scores_with(model, x, scores, model->shape.hidden[0], model->shape.hidden[1], last);
}

TARGET void MLP8_FN(mlp8_scores)(const struct hunch__mlp8 *model, const hunch_context *x,
                                 float *scores)
{
    _Alignas(64) uint8_t last[HUNCH__MLP_HIDDEN_MAX + SMALL_DENSE];
    const uint32_t h0 = model->shape.hidden[0];
    const uint32_t h1 = model->shape.hidden[1];
    if (model->shape.dense > SMALL_DENSE) {
        scores_of_any(model, x, scores);
    } else if (h0 == 32 && h1 == 32) {
        scores_with(model, x, scores, 32, 32, last);
    } else if (h0 == 32 && h1 == 0) {
        scores_with(model, x, scores, 32, 0, last);
    } else if (h0 == 64 && h1 == 0) {
        scores_with(model, x, scores, 64, 0, last);
    } else {
        scores_of_any(model, x, scores);
    }
}
