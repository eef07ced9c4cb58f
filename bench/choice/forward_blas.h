/* The forward pass of a small network by a BLAS, where there is one. */
#ifndef HUNCH_BENCH_CHOICE_FORWARD_BLAS_H
#define HUNCH_BENCH_CHOICE_FORWARD_BLAS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FORWARD_LAYERS    3
#define FORWARD_UNITS_MAX 64

/* Layers of inputs[i] -> units[i], ReLU between them: 16-32-32-16 for the case of record. */
struct forward_network {
    uint32_t inputs[FORWARD_LAYERS];
    uint32_t units[FORWARD_LAYERS];
    const float *bias[FORWARD_LAYERS];    /* [units]         */
    const float *weights[FORWARD_LAYERS]; /* [inputs][units] */
};

/* scores[units of the last layer]; three calls of cblas_sgemv(). */
void forward_blas_run(const struct forward_network *network, const float *x, float *scores);

#ifdef __cplusplus
}
#endif

#endif
