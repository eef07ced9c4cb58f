/* Networks of random weights, and contexts for them, in memory that ends with them. */
#ifndef HUNCH_TESTS_MLP_SAMPLE_H
#define HUNCH_TESTS_MLP_SAMPLE_H

#include <stdint.h>

#include "kernels.h"

/* Whether numbers are of usual size, or the largest that are allowed. */
enum mlp_sample_size { MLP_SAMPLE_USUAL, MLP_SAMPLE_EXTREME };

/* A random shape of up to 70 arms and 70 dense columns. */
struct hunch__mlp_shape mlp_sample_shape(uint64_t *random);

/* Owned by the caller: free(). */
struct hunch__mlp *mlp_sample(const struct hunch__mlp_shape *shape, enum mlp_sample_size size,
                              uint64_t *random);
struct hunch__mlp8 *mlp8_sample(const struct hunch__mlp_shape *shape, enum mlp_sample_size size,
                                uint64_t *random);

/* A context with up to three sparse columns; its three arrays are owned by the caller. */
hunch_context mlp_sample_context(const struct hunch__mlp_shape *shape, enum mlp_sample_size size,
                                 uint64_t *random);
void mlp_sample_context_free(hunch_context *x);

/* In [-1, 1). */
float mlp_sample_float(uint64_t *random);

#endif
