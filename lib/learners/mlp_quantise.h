/* From a network of floats to one of bytes (lib/kernels/mlp.h). */
#ifndef HUNCH_LEARNERS_MLP_QUANTISE_H
#define HUNCH_LEARNERS_MLP_QUANTISE_H

#include <stddef.h>

#include "mlp.h"

#include <hunch/learner.h>

/* Make *out, zeroed memory of hunch__mlp8_bytes(), of `model`. contexts[n] say how large inputs and
 * hidden units get; what is larger later is clipped. A few hundred are enough; with none the ranges
 * are those that the weights allow, which is coarser.
 *
 * Rows are scaled each for itself (a byte's 127 is the largest weight of its unit), hidden units by
 * a power of two of that (Jacob and others, "Quantization and Training of Neural Networks for
 * Efficient Integer-Arithmetic-Only Inference", CVPR 2018, with the multiplication left to the next
 * layer's weights). Allocates nothing. */
void hunch__mlp_quantise(const struct hunch__mlp *model, const hunch_context *contexts, size_t n,
                         struct hunch__mlp8 *out);

/* The largest difference of any arm's score between the two over contexts[n]. */
float hunch__mlp_quantise_error(const struct hunch__mlp *model, const struct hunch__mlp8 *bytes,
                                const hunch_context *contexts, size_t n);

#endif
