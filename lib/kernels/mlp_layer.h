/* A layer of floats for vectors of LANES units; equal to mlp_scalar.c to the bit.
 *
 * The includer defines TARGET, LAYER(name), and what is done to a vector: L_VECTOR, L_LOAD, L_SET1,
 * L_ADD, L_MUL. May be included once for each width of vectors. */

/* What a pass over a layer makes at once. The second vector may be left out: `two` is a constant
 * wherever these are inlined. */
struct LAYER(pair) {
    L_VECTOR v[2];
};

#undef LAYER_INLINE
#define LAYER_INLINE static inline __attribute__((always_inline))

TARGET LAYER_INLINE void LAYER(add_row)(struct LAYER(pair) * sum, const float *row, float x,
                                        const bool two)
{
    const L_VECTOR factor = L_SET1(x);
    sum->v[0] = L_ADD(sum->v[0], L_MUL(factor, L_LOAD(row)));
    if (two) {
        sum->v[1] = L_ADD(sum->v[1], L_MUL(factor, L_LOAD(row + LANES)));
    }
}

/* The sums of in[n] for the units whose intercepts are at `first` (NULL: 0) and whose row of the
 * first input is at `rows`. */
TARGET LAYER_INLINE struct LAYER(pair)
    LAYER(sum_inputs)(const float *first, const float *rows, size_t units, const float *in,
                      uint32_t n, const bool two)
{
    const L_VECTOR zero = L_SET1(0.0f);
    struct LAYER(pair) s0 = {{zero, zero}};
    struct LAYER(pair) s1 = s0;
    struct LAYER(pair) s2 = s0;
    struct LAYER(pair) s3 = s0;
    if (first != NULL) {
        s0.v[0] = L_LOAD(first);
        s0.v[1] = two ? L_LOAD(first + LANES) : zero;
    }
    uint32_t f = 0;
    for (; f + 4 <= n; f += 4, rows += 4 * units) {
        LAYER(add_row)(&s0, rows, in[f], two);
        LAYER(add_row)(&s1, rows + units, in[f + 1], two);
        LAYER(add_row)(&s2, rows + 2 * units, in[f + 2], two);
        LAYER(add_row)(&s3, rows + 3 * units, in[f + 3], two);
    }
    if (f < n) {
        LAYER(add_row)(&s0, rows, in[f], two);
    }
    if (f + 1 < n) {
        LAYER(add_row)(&s1, rows + units, in[f + 1], two);
    }
    if (f + 2 < n) {
        LAYER(add_row)(&s2, rows + 2 * units, in[f + 2], two);
    }
    for (int v = 0; v < 2; v++) {
        s0.v[v] = L_ADD(L_ADD(s0.v[v], s2.v[v]), L_ADD(s1.v[v], s3.v[v]));
    }
    return s0;
}

/* The sparse columns added; `rows` is what column 0 gives these units. */
TARGET LAYER_INLINE struct LAYER(pair)
    LAYER(add_sparse)(struct LAYER(pair) sum, const float *rows, size_t units,
                      const hunch_context *x, const bool two)
{
    for (uint32_t i = 0; i < x->count; i++) {
        LAYER(add_row)(&sum, rows + units * x->columns[i], x->values[i], two);
    }
    return sum;
}
