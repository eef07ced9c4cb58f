/* A network with ReLU units and its training, a batch at a time: matrix products are OpenBLAS's. */
#ifndef HUNCH_TRAIN_NET_H
#define HUNCH_TRAIN_NET_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/alloc.h>
#include <hunch/status.h>

/* Layers of weights at most: two hidden layers and the output. */
#define HUNCH__NET_LAYERS_MAX 3

/* Weights lie as in lib/kernels/mlp.h: for each layer the intercepts, then a row for each input. */
struct hunch__net {
    uint32_t layers;                          /* of weights                               */
    uint32_t size[HUNCH__NET_LAYERS_MAX + 1]; /* inputs, hidden units, outputs            */
    size_t count;                             /* weights in all                           */
    float *block;                             /* [5][count], 64-aligned: what follows     */
    float *w, *m, *v, *g;                     /* [count]: weights, Adam's moments, gradient */
    float *best;                              /* [count]: the weights that are kept       */
    uint64_t steps;
    double decay1, decay2; /* .9 and .999 to the power of `steps` */
};

/* What goes through a network at once. */
struct hunch__net_batch {
    size_t rows;                             /* at most                                     */
    float *block;                            /* all that follows                            */
    size_t bytes;                            /* of the block                                */
    float *value[HUNCH__NET_LAYERS_MAX + 1]; /* [rows][size]: inputs, units, outputs        */
    float *delta[HUNCH__NET_LAYERS_MAX + 1]; /* [rows][size]: the loss's slope in them      */
};

/* Make a network of random weights (He and others, ICCV 2015) for sizes[layers + 1]; the output
 * begins at 0. Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__net_make(struct hunch__net *net, const uint32_t *sizes,
                                            uint32_t layers, uint64_t seed,
                                            const hunch_allocator *a, hunch_diag *diag);

/* Errors: ENOMEM. */
HUNCH_MUST_USE hunch_status hunch__net_batch_make(struct hunch__net_batch *batch,
                                                  const struct hunch__net *net, size_t rows,
                                                  const hunch_allocator *a, hunch_diag *diag);

/* value[layers][n] of value[0][n], by the weights w[count], which are the net's own or `best`. */
void hunch__net_forward(const struct hunch__net *net, const float *w,
                        const struct hunch__net_batch *batch, size_t n);

/* The gradient of delta[layers][n], after hunch__net_forward() with the net's own weights; then one
 * step of Adam with decay. */
void hunch__net_learn(struct hunch__net *net, const struct hunch__net_batch *batch, size_t n,
                      float rate, float decay);

/* Keep the weights as the best so far. */
void hunch__net_keep(struct hunch__net *net);

void hunch__net_free(struct hunch__net *net, const hunch_allocator *a);
void hunch__net_batch_free(struct hunch__net_batch *batch, const hunch_allocator *a);

#endif
