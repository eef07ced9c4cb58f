/* The network of floats for a set whose vector_*.h is included before; equal to mlp_scalar.c to the
 * bit. Where rows of arms may be narrower than a vector, the includer has included mlp_layer.h for
 * vectors of eight as narrow_*, and defines NARROW. */
#define MLP_FN(f)         MLP_FN_2(f, KERNELS)
#define MLP_FN_2(f, name) MLP_FN_3(f, name)
#define MLP_FN_3(f, name) hunch__##f##_##name

/* Dense columns of the common case. */
#define SMALL_DENSE 64

#define LAYER(name) wide_##name
#define LANES       WIDTH
#define L_VECTOR    VECTOR
#define L_LOAD      V_LOAD
#define L_SET1      V_SET1
#define L_ADD       V_ADD
#define L_MUL       V_MUL
#include "mlp_layer.h"

/* in[dense] = x, clipped and standardised. */
TARGET static inline void standardise(const struct hunch__mlp *model, const float *x, float *in)
{
    const float *low = hunch__mlp_low(model);
    const float *high = hunch__mlp_high(model);
    const float *shift = hunch__mlp_shift(model);
    const float *scale = hunch__mlp_scale(model);
    for (uint32_t f = 0; f < model->shape.dense; f += WIDTH) {
        const uint32_t left = model->shape.dense - f;
        const VECTOR given = left >= WIDTH ? V_LOAD(x + f) : load_head(x + f, left);
        const VECTOR clean = V_MIN(V_MAX(given, V_LOAD(low + f)), V_LOAD(high + f));
        V_STORE(in + f, V_MUL(V_SUB(clean, V_LOAD(shift + f)), V_LOAD(scale + f)));
    }
}

/* One layer and what enters it. */
struct entering {
    const float *first;     /* the intercepts, and behind them the rows      */
    const float *in;        /* [n]                                           */
    const hunch_context *x; /* whose sparse columns enter too, or NULL   */
    uint32_t n;
};

/* The hidden units from u on, one vector of them or two. */
TARGET LAYER_INLINE void hide_some(const struct entering *e, size_t units, size_t u, float *out,
                                   const bool two)
{
    const float *first = e->first + u;
    struct wide_pair sum = wide_sum_inputs(first, first + units, units, e->in, e->n, two);
    if (e->x != NULL) {
        sum = wide_add_sparse(sum, first + units, units, e->x, two);
    }
    V_STORE(out + u, V_MAX(sum.v[0], V_SET1(0.0f)));
    if (two) {
        V_STORE(out + u + WIDTH, V_MAX(sum.v[1], V_SET1(0.0f)));
    }
}

TARGET LAYER_INLINE void hide(const struct entering *e, size_t units, float *out)
{
    size_t u = 0;
    for (; u + (size_t)2 * WIDTH <= units; u += (size_t)2 * WIDTH) {
        hide_some(e, units, u, out, true);
    }
    if (u < units) {
        hide_some(e, units, u, out, false);
    }
}

/* The arms from a on, one vector of them or two; `straight` is what leads past the hidden layers,
 * or NULL. */
TARGET LAYER_INLINE void answer_some(const struct entering *e, const struct entering *straight,
                                     size_t stride, size_t a, float *scores, const bool two)
{
    const float *first = e->first + a;
    struct wide_pair sum = wide_sum_inputs(first, first + stride, stride, e->in, e->n, two);
    if (straight != NULL) {
        const float *rows = straight->first + a;
        struct wide_pair skip = wide_sum_inputs(NULL, rows, stride, straight->in, straight->n, two);
        skip = wide_add_sparse(skip, rows, stride, straight->x, two);
        sum.v[0] = V_ADD(sum.v[0], skip.v[0]);
        sum.v[1] = V_ADD(sum.v[1], skip.v[1]);
    }
    V_STORE(scores + a, sum.v[0]);
    if (two) {
        V_STORE(scores + a + WIDTH, sum.v[1]);
    }
}

#if defined(NARROW)
/* The same for up to eight arms. */
TARGET LAYER_INLINE void answer_narrow(const struct entering *e, const struct entering *straight,
                                       float *scores)
{
    __m256 sum = narrow_sum_inputs(e->first, e->first + 8, 8, e->in, e->n, false).v[0];
    if (straight != NULL) {
        const float *rows = straight->first;
        struct narrow_pair skip =
            narrow_sum_inputs(NULL, rows, 8, straight->in, straight->n, false);
        skip = narrow_add_sparse(skip, rows, 8, straight->x, false);
        sum = _mm256_add_ps(sum, skip.v[0]);
    }
    _mm256_storeu_ps(scores, sum);
}
#endif

TARGET LAYER_INLINE void answer(const struct entering *e, const struct entering *straight,
                                size_t stride, float *scores)
{
#if defined(NARROW)
    if (stride == 8) {
        answer_narrow(e, straight, scores);
        return;
    }
#endif
    size_t a = 0;
    for (; a + (size_t)2 * WIDTH <= stride; a += (size_t)2 * WIDTH) {
        answer_some(e, straight, stride, a, scores, true);
    }
    if (a < stride) {
        answer_some(e, straight, stride, a, scores, false);
    }
}

/* h0 and h1 are the model's hidden units: constants in the common cases. */
TARGET LAYER_INLINE void scores_with(const struct hunch__mlp *model, const hunch_context *x,
                                     float *scores, float *in, const uint32_t h0, const uint32_t h1)
{
    _Alignas(64) float hidden[2][HUNCH__MLP_HIDDEN_MAX];
    const uint32_t dense = model->shape.dense;
    const struct entering columns = {hunch__mlp_first(model), in, x, dense};
    const struct entering straight = {hunch__mlp_skip(model), in, x, dense};
    struct entering last = {hunch__mlp_output(model), hidden[0], NULL, h0};
    standardise(model, x->dense, in);
    hide(&columns, h0, hidden[0]);
    if (h1 != 0) {
        const struct entering second = {hunch__mlp_second(model), hidden[0], NULL, h0};
        hide(&second, h1, hidden[1]);
        last.in = hidden[1];
        last.n = h1;
    }
    answer(&last, model->shape.skip != 0 ? &straight : NULL, model->stride, scores);
}

/* Any shape; apart, so that the common ones need little of the stack. */
TARGET static __attribute__((noinline)) void scores_of_any(const struct hunch__mlp *model,
                                                           const hunch_context *x, float *scores)
{
    _Alignas(64) float in[HUNCH__DENSE_MAX];
    scores_with(model, x, scores, in, model->shape.hidden[0], model->shape.hidden[1]);
}

TARGET void MLP_FN(mlp_scores)(const struct hunch__mlp *model, const hunch_context *x,
                               float *scores)
{
    _Alignas(64) float in[SMALL_DENSE];
    const uint32_t h0 = model->shape.hidden[0];
    const uint32_t h1 = model->shape.hidden[1];
    if (model->shape.dense > SMALL_DENSE) {
        scores_of_any(model, x, scores);
    } else if (h0 == 32 && h1 == 32) {
        scores_with(model, x, scores, in, 32, 32);
    } else if (h0 == 32 && h1 == 0) {
        scores_with(model, x, scores, in, 32, 0);
    } else if (h0 == 64 && h1 == 0) {
        scores_with(model, x, scores, in, 64, 0);
    } else {
        scores_of_any(model, x, scores);
    }
}
