/* The kernels of training for a set whose vector_*.h is included before; equal to train_scalar.c to
 * the bit. Elements are independent, but for the sum of a dot: with two doubles a vector, the
 * includer makes that itself. */
#define TRAIN_FN(f)         TRAIN_FN_2(f, KERNELS)
#define TRAIN_FN_2(f, name) TRAIN_FN_3(f, name)
#define TRAIN_FN_3(f, name) hunch__##f##_##name

enum { ROWS = 4 };

/* Four rows of a product, and the part of its columns that is made at once. */
struct tile {
    const float *a[ROWS];
    float *c[ROWS];
    const float *b;
};

TARGET static inline void axpy(double *y, const double *x, size_t n, double a)
{
    const DOUBLES factor = D_SET1(a);
    size_t i = 0;
    for (; i + DOUBLES_WIDTH <= n; i += DOUBLES_WIDTH) {
        D_STORE(y + i, D_ADD(D_LOAD(y + i), D_MUL(factor, D_LOAD(x + i))));
    }
    if (i < n) {
        const DOUBLES tail = load_head_f64(y + i, n - i);
        const DOUBLES more = D_MUL(factor, load_head_f64(x + i, n - i));
        store_head_f64(y + i, n - i, D_ADD(tail, more));
    }
}

TARGET void TRAIN_FN(f64_axpy)(double *y, const double *x, size_t n, double a)
{
    axpy(y, x, n, a);
}

TARGET void TRAIN_FN(f64_rank1)(double *packed, const double *x, size_t n, double weight)
{
    for (size_t i = 0; i < n; i++) {
        axpy(packed + hunch__packed_row(i), x, i + 1, weight * x[i]);
    }
}

#if DOUBLES_WIDTH == 4
/* Two vectors hold the eight parts. */
TARGET double TRAIN_FN(f64_dot)(const double *x, const double *y, size_t n)
{
    DOUBLES low = D_SET1(0.0);
    DOUBLES high = D_SET1(0.0);
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        low = D_ADD(low, D_MUL(D_LOAD(x + i), D_LOAD(y + i)));
        high = D_ADD(high, D_MUL(D_LOAD(x + i + 4), D_LOAD(y + i + 4)));
    }
    if (i + 4 <= n) {
        low = D_ADD(low, D_MUL(D_LOAD(x + i), D_LOAD(y + i)));
        i += 4;
        high = D_ADD(high, D_MUL(load_head_f64(x + i, n - i), load_head_f64(y + i, n - i)));
    } else if (i < n) {
        low = D_ADD(low, D_MUL(load_head_f64(x + i, n - i), load_head_f64(y + i, n - i)));
    }
    return sum_of_8(low, high);
}
#endif

TARGET static inline VECTOR load_some(const float *x, size_t n)
{
    return n >= WIDTH ? V_LOAD(x) : load_head(x, n);
}

TARGET static inline void store_some(float *x, size_t n, VECTOR v)
{
    if (n >= WIDTH) {
        V_STORE(x, v);
    } else {
        store_head(x, n, v);
    }
}

/* Two vectors of columns: eight sums in flight hide what an addition takes. */
TARGET static inline void tile_4x2(const struct hunch__matmul *p, const struct tile *t)
{
    VECTOR c00 = V_LOAD(t->c[0]);
    VECTOR c01 = V_LOAD(t->c[0] + WIDTH);
    VECTOR c10 = V_LOAD(t->c[1]);
    VECTOR c11 = V_LOAD(t->c[1] + WIDTH);
    VECTOR c20 = V_LOAD(t->c[2]);
    VECTOR c21 = V_LOAD(t->c[2] + WIDTH);
    VECTOR c30 = V_LOAD(t->c[3]);
    VECTOR c31 = V_LOAD(t->c[3] + WIDTH);
    const float *b = t->b;
    size_t at = 0;
    for (size_t k = 0; k < p->inner; k++, at += p->a_advance, b += p->b_step) {
        const VECTOR b0 = V_LOAD(b);
        const VECTOR b1 = V_LOAD(b + WIDTH);
        const VECTOR a0 = V_SET1(t->a[0][at]);
        const VECTOR a1 = V_SET1(t->a[1][at]);
        const VECTOR a2 = V_SET1(t->a[2][at]);
        const VECTOR a3 = V_SET1(t->a[3][at]);
        c00 = V_ADD(c00, V_MUL(a0, b0));
        c01 = V_ADD(c01, V_MUL(a0, b1));
        c10 = V_ADD(c10, V_MUL(a1, b0));
        c11 = V_ADD(c11, V_MUL(a1, b1));
        c20 = V_ADD(c20, V_MUL(a2, b0));
        c21 = V_ADD(c21, V_MUL(a2, b1));
        c30 = V_ADD(c30, V_MUL(a3, b0));
        c31 = V_ADD(c31, V_MUL(a3, b1));
    }
    V_STORE(t->c[0], c00);
    V_STORE(t->c[0] + WIDTH, c01);
    V_STORE(t->c[1], c10);
    V_STORE(t->c[1] + WIDTH, c11);
    V_STORE(t->c[2], c20);
    V_STORE(t->c[2] + WIDTH, c21);
    V_STORE(t->c[3], c30);
    V_STORE(t->c[3] + WIDTH, c31);
}

/* n <= WIDTH columns of four rows. */
TARGET static inline void tile_4x1(const struct hunch__matmul *p, const struct tile *t, size_t n)
{
    VECTOR c0 = load_some(t->c[0], n);
    VECTOR c1 = load_some(t->c[1], n);
    VECTOR c2 = load_some(t->c[2], n);
    VECTOR c3 = load_some(t->c[3], n);
    const float *b = t->b;
    size_t at = 0;
    for (size_t k = 0; k < p->inner; k++, at += p->a_advance, b += p->b_step) {
        const VECTOR b0 = load_some(b, n);
        c0 = V_ADD(c0, V_MUL(V_SET1(t->a[0][at]), b0));
        c1 = V_ADD(c1, V_MUL(V_SET1(t->a[1][at]), b0));
        c2 = V_ADD(c2, V_MUL(V_SET1(t->a[2][at]), b0));
        c3 = V_ADD(c3, V_MUL(V_SET1(t->a[3][at]), b0));
    }
    store_some(t->c[0], n, c0);
    store_some(t->c[1], n, c1);
    store_some(t->c[2], n, c2);
    store_some(t->c[3], n, c3);
}

/* n <= WIDTH columns of the tile's first row alone. */
TARGET static inline void tile_1x1(const struct hunch__matmul *p, const struct tile *t, size_t n)
{
    VECTOR c = load_some(t->c[0], n);
    const float *b = t->b;
    const float *a = t->a[0];
    for (size_t k = 0; k < p->inner; k++, a += p->a_advance, b += p->b_step) {
        c = V_ADD(c, V_MUL(V_SET1(*a), load_some(b, n)));
    }
    store_some(t->c[0], n, c);
}

/* The tile of rows i on and columns j on; rows past the last stand for nothing. */
static inline struct tile tile_at(const struct hunch__matmul *p, size_t i, size_t j)
{
    struct tile tile;
    for (size_t r = 0; r < ROWS; r++) {
        const size_t row = i + r < p->rows ? i + r : i;
        tile.a[r] = p->a + row * p->a_step;
        tile.c[r] = p->c + row * p->c_step + j;
    }
    tile.b = p->b + j;
    return tile;
}

TARGET void TRAIN_FN(f32_matmul)(const struct hunch__matmul *product)
{
    const struct hunch__matmul *p = product;
    for (size_t j = 0; j < p->columns;) {
        const size_t left = p->columns - j;
        const size_t n = left >= WIDTH ? WIDTH : left;
        const bool wide = left >= (size_t)2 * WIDTH;
        size_t i = 0;
        for (; i + ROWS <= p->rows; i += ROWS) {
            const struct tile tile = tile_at(p, i, j);
            if (wide) {
                tile_4x2(p, &tile);
            } else {
                tile_4x1(p, &tile, n);
            }
        }
        for (; i < p->rows; i++) {
            for (size_t more = 0; more < (wide ? 2u : 1u); more++) {
                const struct tile tile = tile_at(p, i, j + more * WIDTH);
                tile_1x1(p, &tile, n);
            }
        }
        j += wide ? (size_t)2 * WIDTH : n;
    }
}

/* adam's step for up to WIDTH weights, n of them. */
TARGET static inline void adam_some(const struct hunch__adam *adam, const float *g, size_t n,
                                    float *m, float *v, float *w)
{
    const VECTOR gradient = load_some(g, n);
    const VECTOR some_m = V_ADD(V_MUL(V_SET1(adam->beta1), load_some(m, n)),
                                V_MUL(V_SET1(1.0f - adam->beta1), gradient));
    const VECTOR some_v = V_ADD(V_MUL(V_SET1(adam->beta2), load_some(v, n)),
                                V_MUL(V_MUL(V_SET1(1.0f - adam->beta2), gradient), gradient));
    const VECTOR step =
        V_DIV(V_MUL(V_SET1(adam->rate), some_m), V_ADD(V_SQRT(some_v), V_SET1(adam->epsilon)));
    store_some(m, n, some_m);
    store_some(v, n, some_v);
    store_some(w, n, V_SUB(V_MUL(V_SET1(adam->keep), load_some(w, n)), step));
}

TARGET void TRAIN_FN(f32_adam)(const struct hunch__adam *adam, const float *g, size_t n, float *m,
                               float *v, float *w)
{
    for (size_t i = 0; i < n; i += WIDTH) {
        adam_some(adam, g + i, n - i, m + i, v + i, w + i);
    }
}
