/* lib/kernels/train.h: the training kernels of every table equal the scalar ones to the bit, over
 * all lengths and alignments, and write nothing else. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"
#include "mlp_sample.h"
#include "prop.h"
#include "random.h"
#include "suite.h"
#include "test_memory.h"

static const char *const names[] = {"avx512", "avx2", "neon", "scalar"};
enum { NAMES = sizeof names / sizeof names[0], LENGTHS = 70 };

static const struct hunch__kernels *scalar(void);
static double some_double(uint64_t *random);
static double *some_doubles(size_t n, uint64_t *random);
static float *some_floats(size_t n, float low, uint64_t *random);
static void *copy_of(const void *from, size_t bytes);
static bool products_agree(struct prop *p, const struct hunch__kernels *kernels);

START_TEST(train__dot_and_axpy_equal_scalar)
{
    const struct hunch__kernels *kernels = hunch__kernels_find(names[_i]);
    uint64_t random = 1;
    for (size_t n = 0; kernels != NULL && n < LENGTHS; n++) {
        double *x = some_doubles(n, &random);
        double *y = some_doubles(n, &random);
        double *z = copy_of(y, n * sizeof(double));
        const double dot = kernels->f64_dot(x, y, n);
        const double expected = scalar()->f64_dot(x, y, n);
        SUITE_ASSERT(memcmp(&dot, &expected, sizeof dot) == 0);
        kernels->f64_axpy(y, x, n, 1.7);
        scalar()->f64_axpy(z, x, n, 1.7);
        SUITE_ASSERT(memcmp(y, z, n * sizeof(double)) == 0);
        free(x);
        free(y);
        free(z);
    }
}
END_TEST

START_TEST(train__rank1_equals_scalar)
{
    const struct hunch__kernels *kernels = hunch__kernels_find(names[_i]);
    uint64_t random = 2;
    for (size_t n = 0; kernels != NULL && n < LENGTHS; n++) {
        const size_t count = hunch__packed_count(n);
        double *x = some_doubles(n, &random);
        double *a = some_doubles(count, &random);
        double *b = copy_of(a, count * sizeof(double));
        kernels->f64_rank1(a, x, n, .3);
        scalar()->f64_rank1(b, x, n, .3);
        SUITE_ASSERT(memcmp(a, b, count * sizeof(double)) == 0);
        free(x);
        free(a);
        free(b);
    }
}
END_TEST

START_TEST(train__rank1_is_the_outer_product)
{
    double a[6] = {0};
    const double x[3] = {1, 2, 3};
    const double expected[6] = {2, 4, 8, 6, 12, 18};
    scalar()->f64_rank1(a, x, 3, 2);
    ck_assert_mem_eq(a, expected, sizeof a);
    ck_assert_uint_eq(hunch__packed_row(2) + 3, hunch__packed_count(3));
}
END_TEST

START_TEST(train__adam_equals_scalar)
{
    const struct hunch__kernels *kernels = hunch__kernels_find(names[_i]);
    const struct hunch__adam adam = {.01f, .9f, .999f, 1e-8f, .9999f};
    uint64_t random = 3;
    for (size_t n = 0; kernels != NULL && n < LENGTHS; n++) {
        float *g = some_floats(n, -1, &random);
        float *state[3] = {some_floats(n, -1, &random), some_floats(n, 0, &random),
                           some_floats(n, -1, &random)};
        float *other[3];
        for (int i = 0; i < 3; i++) {
            other[i] = copy_of(state[i], n * sizeof(float));
        }
        kernels->f32_adam(&adam, g, n, state[0], state[1], state[2]);
        scalar()->f32_adam(&adam, g, n, other[0], other[1], other[2]);
        for (int i = 0; i < 3; i++) {
            SUITE_ASSERT(memcmp(state[i], other[i], n * sizeof(float)) == 0);
            free(state[i]);
            free(other[i]);
        }
        free(g);
    }
}
END_TEST

/* The first step of Adam is the rate against the gradient's sign. */
START_TEST(train__adam_begins_with_the_rate)
{
    const struct hunch__adam adam = {.01f * sqrtf(1 - .999f) / (1 - .9f), .9f, .999f, 1e-12f, 1};
    float m[2] = {0};
    float v[2] = {0};
    float w[2] = {1, 1};
    const float g[2] = {5, -.001f};
    scalar()->f32_adam(&adam, g, 2, m, v, w);
    ck_assert_double_eq_tol((double)w[0], .99, 1e-5);
    ck_assert_double_eq_tol((double)w[1], 1.01, 1e-5);
}
END_TEST

static bool matmul_of_every_table(struct prop *p, size_t n)
{
    (void)n;
    for (size_t i = 0; i < NAMES; i++) {
        const struct hunch__kernels *kernels = hunch__kernels_find(names[i]);
        if (kernels != NULL && !products_agree(p, kernels)) {
            return prop_fail(p, "%s", names[i]);
        }
    }
    return true;
}

START_TEST(train__matmul_equals_scalar)
{
    prop_check("matmul_of_every_table", matmul_of_every_table, _i, 0, 1);
}
END_TEST

START_TEST(train__matmul_takes_transposes)
{
    const float a[6] = {1, 2, 3, 4, 5, 6}; /* 2 x 3, read as its transpose */
    const float b[4] = {1, 0, 0, 1};
    const float expected[6] = {1, 4, 2, 5, 3, 6};
    float c[6] = {0};
    const struct hunch__matmul product = {c, a, b, 3, 2, 2, 2, 2, 1, 3};
    for (size_t i = 0; i < NAMES; i++) {
        const struct hunch__kernels *kernels = hunch__kernels_find(names[i]);
        if (kernels != NULL) {
            memset(c, 0, sizeof c);
            kernels->f32_matmul(&product);
            ck_assert_mem_eq(c, expected, sizeof c);
        }
    }
}
END_TEST

static const struct hunch__kernels *scalar(void)
{
    return hunch__kernels_find("scalar");
}

static double some_double(uint64_t *random)
{
    return ldexp((double)(int64_t)hunch__splitmix64(random),
                 -(int)(hunch__splitmix64(random) % 90));
}

static double *some_doubles(size_t n, uint64_t *random)
{
    double *x = memory_new(n * sizeof(double) + 1);
    for (size_t i = 0; i < n; i++) {
        x[i] = some_double(random);
    }
    return x;
}

static float *some_floats(size_t n, float low, uint64_t *random)
{
    float *x = memory_new(n * sizeof(float) + 1);
    for (size_t i = 0; i < n; i++) {
        const float any = mlp_sample_float(random);
        x[i] = any < low ? -any : any;
    }
    return x;
}

static void *copy_of(const void *from, size_t bytes)
{
    return memcpy(memory_new(bytes + 1), from, bytes);
}

static bool products_agree(struct prop *p, const struct hunch__kernels *kernels)
{
    const size_t rows = hunch__splitmix64(&p->state) % 14;
    const size_t columns = hunch__splitmix64(&p->state) % LENGTHS;
    const size_t inner = hunch__splitmix64(&p->state) % 40;
    const size_t gap = hunch__splitmix64(&p->state) % 3;
    const bool transposed = hunch__splitmix64(&p->state) % 2 == 0;
    const size_t floats = rows * (columns + gap);
    float *c = some_floats(floats, -1, &p->state);
    float *d = copy_of(c, floats * sizeof(float));
    float *a = some_floats(rows * inner, -1, &p->state);
    float *b = some_floats(inner * columns, -1, &p->state);
    struct hunch__matmul product = {c,       a,     b, rows, columns, inner, columns + gap,
                                    columns, inner, 1};
    if (transposed) {
        product.a_step = 1;
        product.a_advance = rows;
    }
    kernels->f32_matmul(&product);
    product.c = d;
    scalar()->f32_matmul(&product);
    const bool agree = memcmp(c, d, floats * sizeof(float)) == 0;
    free(a);
    free(b);
    free(c);
    free(d);
    return agree;
}

static Suite *train_suite(void)
{
    Suite *suite = suite_create("train_kernels");
    TCase *tables = tcase_create("tables");
    tcase_set_timeout(tables, 60);
    tcase_add_loop_test(tables, train__dot_and_axpy_equal_scalar, 0, NAMES);
    tcase_add_loop_test(tables, train__rank1_equals_scalar, 0, NAMES);
    tcase_add_test(tables, train__rank1_is_the_outer_product);
    tcase_add_loop_test(tables, train__adam_equals_scalar, 0, NAMES);
    tcase_add_test(tables, train__adam_begins_with_the_rate);
    tcase_add_loop_test(tables, train__matmul_equals_scalar, 0, 300);
    tcase_add_test(tables, train__matmul_takes_transposes);
    suite_add_tcase(suite, tables);
    return suite;
}

int main(void)
{
    return suite_run(train_suite());
}
