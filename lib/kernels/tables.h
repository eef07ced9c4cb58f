/* The tables that this processor family has; kernels.c picks one. */
#ifndef HUNCH_KERNELS_TABLES_H
#define HUNCH_KERNELS_TABLES_H

#include "kernels.h"

/* The functions of a set that have files of their own; kernels.h says what they do. */
#define HUNCH__KERNELS_DECLARE(set)                                                                \
    extern const struct hunch__kernels hunch__kernels_##set;                                       \
    void hunch__linear_scores_##set(const struct hunch__linear *model, const hunch_context *x,     \
                                    float *scores);                                                \
    uint32_t hunch__linear_choose_##set(const struct hunch__linear *model, const hunch_context *x, \
                                        const uint64_t *mask, uint64_t dice, float *propensity);   \
    void hunch__explore_##set(const struct hunch__explore *explore, const float *scores,           \
                              uint32_t arms, const uint64_t *mask, float *p);                      \
    uint32_t hunch__explore_choose_##set(const struct hunch__explore *explore,                     \
                                         const float *scores, uint32_t arms, const uint64_t *mask, \
                                         uint64_t dice, float *propensity);                        \
    void hunch__mlp_scores_##set(const struct hunch__mlp *model, const hunch_context *x,           \
                                 float *scores);                                                   \
    void hunch__mlp8_scores_##set(const struct hunch__mlp8 *model, const hunch_context *x,         \
                                  float *scores);                                                  \
    void hunch__f64_rank1_##set(double *packed, const double *x, size_t n, double weight);         \
    double hunch__f64_dot_##set(const double *x, const double *y, size_t n);                       \
    void hunch__f64_axpy_##set(double *y, const double *x, size_t n, double a);                    \
    void hunch__f32_matmul_##set(const struct hunch__matmul *product);                             \
    void hunch__f32_adam_##set(const struct hunch__adam *adam, const float *g, size_t n, float *m, \
                               float *v, float *w);

HUNCH__KERNELS_DECLARE(scalar)
#if defined(__x86_64__)
HUNCH__KERNELS_DECLARE(avx2)
HUNCH__KERNELS_DECLARE(avx512)

/* The two forms that the avx512 table's mlp8_scores() chooses from. */
void hunch__mlp8_scores_avx512bw(const struct hunch__mlp8 *model, const hunch_context *x,
                                 float *scores);
void hunch__mlp8_scores_avx512vnni(const struct hunch__mlp8 *model, const hunch_context *x,
                                   float *scores);
#elif defined(__aarch64__)
HUNCH__KERNELS_DECLARE(neon)
#endif

#endif
