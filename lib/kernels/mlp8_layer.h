/* A layer of bytes for vectors of LANES units; equal to mlp_scalar.c to the bit.
 *
 * The includer defines TARGET, LAYER(name), and what is done to vectors of 32-bit sums and of
 * floats: I_VECTOR, I_LOAD, I_SET1, I_ADD, I_DOT(sum, bytes, weights), which adds four products of
 * bytes to each sum, and L_VECTOR, L_LOAD, L_SET1, L_ADD, L_MUL. May be included once for each
 * width of vectors. */

/* Two vectors of units; the second may be left out: `two` is a constant wherever these are inlined.
 */
struct LAYER(sums) {
    I_VECTOR v[2];
};

struct LAYER(pair) {
    L_VECTOR v[2];
};

#undef LAYER_INLINE
#define LAYER_INLINE static inline __attribute__((always_inline))

/* Four inputs, one group, for LANES units, or for twice as many. */
TARGET LAYER_INLINE void LAYER(add_group)(struct LAYER(sums) * sum, const uint8_t *in,
                                          const int8_t *row, const bool two)
{
    int32_t four;
    memcpy(&four, in, sizeof four);
    const I_VECTOR bytes = I_SET1(four);
    sum->v[0] = I_DOT(sum->v[0], bytes, I_LOAD((const void *)row));
    if (two) {
        sum->v[1] = I_DOT(sum->v[1], bytes, I_LOAD((const void *)(row + 4 * LANES)));
    }
}

/* Sixteen inputs; four sums each, since a dot takes several cycles. */
TARGET LAYER_INLINE void LAYER(add_groups)(struct LAYER(sums) sum[4], const uint8_t *in,
                                           const int8_t *row, size_t step, const bool two)
{
    LAYER(add_group)(&sum[0], in, row, two);
    LAYER(add_group)(&sum[1], in + 4, row + step, two);
    LAYER(add_group)(&sum[2], in + 8, row + 2 * step, two);
    LAYER(add_group)(&sum[3], in + 12, row + 3 * step, two);
}

/* The units from u on. The first two turns are written out, since a loop of one turn or two costs
 * copies of all sums. */
TARGET LAYER_INLINE struct LAYER(sums) LAYER(sum_bytes)(const struct hunch__mlp8_layer *layer,
                                                        const uint8_t *in, size_t u, const bool two)
{
    const int32_t *bias = layer->bias + u;
    const int8_t *row = layer->weights + 4 * u;
    const size_t step = (size_t)4 * layer->units;
    const I_VECTOR zero = I_SET1(0);
    struct LAYER(sums) sum[4] = {
        {{I_LOAD((const void *)bias), zero}}, {{zero, zero}}, {{zero, zero}}, {{zero, zero}}};
    if (two) {
        sum[0].v[1] = I_LOAD((const void *)(bias + LANES));
    }
    if (layer->inputs >= 16) {
        LAYER(add_groups)(sum, in, row, step, two);
    }
    if (layer->inputs >= 32) {
        LAYER(add_groups)(sum, in + 16, row + 4 * step, step, two);
    }
    for (uint32_t f = 32; f < layer->inputs; f += 16) {
        LAYER(add_groups)(sum, in + f, row + f / 4 * step, step, two);
    }
    for (int v = 0; v < 2; v++) {
        sum[0].v[v] = I_ADD(I_ADD(sum[0].v[v], sum[1].v[v]), I_ADD(sum[2].v[v], sum[3].v[v]));
    }
    return sum[0];
}

/* The sparse columns added; `rows` is what the first of them, column `from`, gives these units. */
TARGET LAYER_INLINE struct LAYER(pair)
    LAYER(add_sparse)(struct LAYER(pair) sum, const float *rows, size_t units, uint32_t from,
                      const hunch_context *x, const bool two)
{
    for (uint32_t i = 0; i < x->count; i++) {
        const float *row = rows + units * (x->columns[i] - from);
        const L_VECTOR value = L_SET1(x->values[i]);
        sum.v[0] = L_ADD(sum.v[0], L_MUL(value, L_LOAD(row)));
        sum.v[1] = two ? L_ADD(sum.v[1], L_MUL(value, L_LOAD(row + LANES))) : sum.v[1];
    }
    return sum;
}
