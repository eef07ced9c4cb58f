/* lib/kernels/mlp.h: the networks of every table equal the scalar ones to the bit and an oracle
 * that computes another way; golden scores. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "kernels.h"
#include "mlp_sample.h"
#include "prop.h"
#include "random.h"
#include "suite.h"
#include "tables.h"
#include "test_memory.h"

static const char *const names[] = {"avx512", "avx2", "neon", "scalar"};
enum { NAMES = sizeof names / sizeof names[0], SCORES = 80 + 16 };

typedef void mlp8_function(const struct hunch__mlp8 *model, const hunch_context *x, float *scores);

static bool same(const float *a, const float *b, uint32_t n);
static bool mlp_tables_agree(struct prop *p, enum mlp_sample_size size);
static bool mlp8_tables_agree(struct prop *p, enum mlp_sample_size size);
static size_t mlp8_functions(mlp8_function **functions);
static void expected_layer(const float *first, const float *in, uint32_t n, uint32_t units,
                           double *out);
static int64_t expected_bytes(const struct hunch__mlp8_layer *layer, uint32_t unit,
                              const uint8_t *in);
static uint64_t golden_mlp(const struct hunch__kernels *kernels);
static uint64_t golden_mlp8(const struct hunch__kernels *kernels);

static bool mlp_usual(struct prop *p, size_t n)
{
    (void)n;
    return mlp_tables_agree(p, MLP_SAMPLE_USUAL);
}

static bool mlp_extreme(struct prop *p, size_t n)
{
    (void)n;
    return mlp_tables_agree(p, MLP_SAMPLE_EXTREME);
}

static bool mlp8_usual(struct prop *p, size_t n)
{
    (void)n;
    return mlp8_tables_agree(p, MLP_SAMPLE_USUAL);
}

static bool mlp8_extreme(struct prop *p, size_t n)
{
    (void)n;
    return mlp8_tables_agree(p, MLP_SAMPLE_EXTREME);
}

START_TEST(mlp__every_table_equals_scalar)
{
    prop_check("mlp_usual", mlp_usual, _i, 0, 1);
    prop_check("mlp_extreme", mlp_extreme, _i, 0, 1);
}
END_TEST

START_TEST(mlp8__every_table_equals_scalar)
{
    prop_check("mlp8_usual", mlp8_usual, _i, 0, 1);
    prop_check("mlp8_extreme", mlp8_extreme, _i, 0, 1);
}
END_TEST

/* The parts fill the snapshot to its last line and do not overlap, since the sum of all that they
 * should hold is the whole. */
START_TEST(mlp__parts_are_aligned_and_end_with_the_snapshot)
{
    uint64_t random = (uint64_t)_i;
    const struct hunch__mlp_shape shape = mlp_sample_shape(&random);
    struct hunch__mlp *model = mlp_sample(&shape, MLP_SAMPLE_USUAL, &random);
    struct hunch__mlp8 *model8 = mlp8_sample(&shape, MLP_SAMPLE_USUAL, &random);
    const float *skip = hunch__mlp_skip(model);
    const size_t floats = shape.skip != 0 ? (size_t)shape.features * model->stride : 0;
    ck_assert_uint_eq((uintptr_t)skip % 64, 0);
    ck_assert_uint_eq((uintptr_t)hunch__mlp_output(model) % 64, 0);
    ck_assert(skip >=
              hunch__mlp_output(model) + ((size_t)1 + hunch__mlp_last(&shape)) * model->stride);
    ck_assert_uint_eq(hunch__lines((size_t)((const char *)(skip + floats) - (const char *)model)) *
                          64,
                      hunch__mlp_bytes(&shape));
    ck_assert_uint_eq((uintptr_t)hunch__mlp8_output(model8).weights % 64, 0);
    ck_assert_uint_eq((uintptr_t)hunch__mlp8_sparse_skip(model8) % 64, 0);
    free(model);
    free(model8);
}
END_TEST

START_TEST(mlp__equals_a_network_in_doubles)
{
    uint64_t random = 7;
    const struct hunch__mlp_shape shape = {5, 16, 16, {32, 16}, 0};
    struct hunch__mlp *model = mlp_sample(&shape, MLP_SAMPLE_USUAL, &random);
    hunch_context x = mlp_sample_context(&shape, MLP_SAMPLE_USUAL, &random);
    float in[64];
    double out[64];
    float scores[SCORES];
    for (uint32_t f = 0; f < 16; f++) {
        in[f] = fminf(fmaxf(x.dense[f], -.8f), .9f);
        in[f] = (in[f] - hunch__mlp_shift(model)[f]) * 1.5f;
    }
    expected_layer(hunch__mlp_first(model), in, 16, 32, out);
    for (uint32_t u = 0; u < 32; u++) {
        in[u] = (float)fmax(out[u], 0);
    }
    expected_layer(hunch__mlp_second(model), in, 32, 16, out);
    for (uint32_t u = 0; u < 16; u++) {
        in[u] = (float)fmax(out[u], 0);
    }
    expected_layer(hunch__mlp_output(model), in, 16, 8, out);
    hunch__kernels_find("scalar")->mlp_scores(model, &x, scores);
    for (uint32_t a = 0; a < 5; a++) {
        ck_assert_double_eq_tol((double)scores[a], out[a], 1e-3);
    }
    mlp_sample_context_free(&x);
    free(model);
}
END_TEST

/* In 64 bits: no sum of the largest numbers that are allowed leaves 32. */
START_TEST(mlp8__equals_a_network_in_wide_integers)
{
    uint64_t random = (uint64_t)_i;
    const struct hunch__mlp_shape shape = {3, 48, 48, {64, 0}, 1};
    const enum mlp_sample_size size = _i % 2 == 0 ? MLP_SAMPLE_USUAL : MLP_SAMPLE_EXTREME;
    struct hunch__mlp8 *model = mlp8_sample(&shape, size, &random);
    hunch_context x = mlp_sample_context(&shape, size, &random);
    const struct hunch__mlp8_layer first = hunch__mlp8_first(model);
    const struct hunch__mlp8_layer output = hunch__mlp8_output(model);
    uint8_t in[64 + 48];
    float scores[SCORES];
    for (uint32_t f = 0; f < 48; f++) {
        const float clean = fminf(fmaxf(x.dense[f], -1.0f), .5f);
        in[64 + f] = (uint8_t)lrintf((clean + 1.0f) * hunch__mlp8_step(model)[f]);
    }
    for (uint32_t u = 0; u < 64; u++) {
        const int64_t sum = expected_bytes(&first, u, in + 64) >> first.shift[u];
        in[u] = (uint8_t)(sum < 0 ? 0 : sum > 127 ? 127 : sum);
    }
    hunch__kernels_find("scalar")->mlp8_scores(model, &x, scores);
    for (uint32_t a = 0; a < 3; a++) {
        const float sum = (float)expected_bytes(&output, a, in) * output.scale[a];
        ck_assert_double_eq((double)scores[a], (double)sum);
    }
    mlp_sample_context_free(&x);
    free(model);
}
END_TEST

START_TEST(mlp__scores_are_golden)
{
    const struct hunch__kernels *kernels = hunch__kernels_find(names[_i]);
    if (kernels != NULL) {
        ck_assert_uint_eq(golden_mlp(kernels), 0x59b500cf66957a71u);
        ck_assert_uint_eq(golden_mlp8(kernels), 0xb97be654bb6f465fu);
    }
}
END_TEST

static bool same(const float *a, const float *b, uint32_t n)
{
    return memcmp(a, b, n * sizeof(float)) == 0;
}

static bool mlp_tables_agree(struct prop *p, enum mlp_sample_size size)
{
    const struct hunch__mlp_shape shape = mlp_sample_shape(&p->state);
    struct hunch__mlp *model = mlp_sample(&shape, size, &p->state);
    hunch_context x = mlp_sample_context(&shape, size, &p->state);
    float expected[SCORES];
    bool agree = true;
    hunch__kernels_find("scalar")->mlp_scores(model, &x, expected);
    for (size_t i = 0; i < NAMES; i++) {
        const struct hunch__kernels *kernels = hunch__kernels_find(names[i]);
        float *scores = memory_new(model->stride * sizeof(float));
        if (kernels != NULL) {
            kernels->mlp_scores(model, &x, scores);
            agree = agree && same(scores, expected, model->stride);
        }
        free(scores);
    }
    mlp_sample_context_free(&x);
    free(model);
    PROP_ASSERT(p, agree, "%u-%u-%u-%u", shape.dense, shape.hidden[0], shape.hidden[1], shape.arms);
    return true;
}

static bool mlp8_tables_agree(struct prop *p, enum mlp_sample_size size)
{
    const struct hunch__mlp_shape shape = mlp_sample_shape(&p->state);
    struct hunch__mlp8 *model = mlp8_sample(&shape, size, &p->state);
    hunch_context x = mlp_sample_context(&shape, size, &p->state);
    mlp8_function *functions[NAMES + 1];
    const size_t count = mlp8_functions(functions);
    float expected[SCORES];
    bool agree = true;
    hunch__kernels_find("scalar")->mlp8_scores(model, &x, expected);
    for (size_t i = 0; i < count; i++) {
        float *scores = memory_new(model->stride * sizeof(float));
        functions[i](model, &x, scores);
        agree = agree && same(scores, expected, model->stride);
        free(scores);
    }
    mlp_sample_context_free(&x);
    free(model);
    PROP_ASSERT(p, agree, "%u-%u-%u-%u", shape.dense, shape.hidden[0], shape.hidden[1], shape.arms);
    return true;
}

/* Those of the tables, and the one that the avx512 table leaves aside where there is VNNI. */
static size_t mlp8_functions(mlp8_function **functions)
{
    size_t count = 0;
    for (size_t i = 0; i < NAMES; i++) {
        const struct hunch__kernels *kernels = hunch__kernels_find(names[i]);
        if (kernels != NULL) {
            functions[count++] = kernels->mlp8_scores;
        }
    }
#if defined(__x86_64__)
    if (hunch__kernels_find("avx512") != NULL) {
        functions[count++] = hunch__mlp8_scores_avx512bw;
    }
#endif
    return count;
}

static void expected_layer(const float *first, const float *in, uint32_t n, uint32_t units,
                           double *out)
{
    for (uint32_t u = 0; u < units; u++) {
        out[u] = (double)first[u];
        for (uint32_t f = 0; f < n; f++) {
            out[u] += (double)in[f] * (double)first[units * (1 + f) + u];
        }
    }
}

static int64_t expected_bytes(const struct hunch__mlp8_layer *layer, uint32_t unit,
                              const uint8_t *in)
{
    int64_t sum = layer->bias[unit];
    for (uint32_t group = 0; group < layer->inputs / 4; group++) {
        for (uint32_t j = 0; j < 4; j++) {
            sum += in[4 * group + j] * layer->weights[4 * (group * layer->units + unit) + j];
        }
    }
    return sum;
}

/* The hash of the scores of 50 models: what every machine must give. */
static uint64_t golden_mlp(const struct hunch__kernels *kernels)
{
    uint64_t hash = 0;
    for (uint64_t seed = 0; seed < 50; seed++) {
        uint64_t random = seed;
        float scores[SCORES];
        const struct hunch__mlp_shape shape = mlp_sample_shape(&random);
        struct hunch__mlp *model = mlp_sample(&shape, MLP_SAMPLE_USUAL, &random);
        hunch_context x = mlp_sample_context(&shape, MLP_SAMPLE_USUAL, &random);
        kernels->mlp_scores(model, &x, scores);
        hash = hunch__mix64(hash ^ hunch__xxh3(scores, shape.arms * sizeof(float)));
        mlp_sample_context_free(&x);
        free(model);
    }
    return hash;
}

static uint64_t golden_mlp8(const struct hunch__kernels *kernels)
{
    uint64_t hash = 0;
    for (uint64_t seed = 0; seed < 50; seed++) {
        uint64_t random = seed;
        float scores[SCORES];
        const struct hunch__mlp_shape shape = mlp_sample_shape(&random);
        struct hunch__mlp8 *model = mlp8_sample(&shape, MLP_SAMPLE_USUAL, &random);
        hunch_context x = mlp_sample_context(&shape, MLP_SAMPLE_USUAL, &random);
        kernels->mlp8_scores(model, &x, scores);
        hash = hunch__mix64(hash ^ hunch__xxh3(scores, shape.arms * sizeof(float)));
        mlp_sample_context_free(&x);
        free(model);
    }
    return hash;
}

static Suite *mlp_suite(void)
{
    Suite *suite = suite_create("mlp");
    TCase *tables = tcase_create("tables");
    tcase_set_timeout(tables, 60);
    tcase_add_loop_test(tables, mlp__every_table_equals_scalar, 0, 500);
    tcase_add_loop_test(tables, mlp8__every_table_equals_scalar, 0, 500);
    tcase_add_loop_test(tables, mlp__parts_are_aligned_and_end_with_the_snapshot, 0, 50);
    tcase_add_test(tables, mlp__equals_a_network_in_doubles);
    tcase_add_loop_test(tables, mlp8__equals_a_network_in_wide_integers, 0, 20);
    tcase_add_loop_test(tables, mlp__scores_are_golden, 0, NAMES);
    suite_add_tcase(suite, tables);
    return suite;
}

int main(void)
{
    return suite_run(mlp_suite());
}
