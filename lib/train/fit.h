/* Training a network on examples until what is held out gets no better. */
#ifndef HUNCH_TRAIN_FIT_H
#define HUNCH_TRAIN_FIT_H

#include "columns.h"
#include "net.h"

/* Examples and in what order they come; which of them are only looked at. */
struct hunch__examples {
    const struct hunch__columns *columns;
    const float *x;  /* [n][columns->features]                      */
    uint32_t *order; /* [n]: a permutation; the last are held out   */
    size_t n;
    size_t held_out; /* < n                                         */
};

/* What is to be learned: functions of the examples rows[n] and of the outputs out[n][outputs]. */
struct hunch__lesson {
    const void *ctx;

    /* delta[n][outputs] = the slope of the loss in out, as a mean over the rows. */
    void (*slope)(const void *ctx, const uint32_t *rows, size_t n, const float *out, float *delta);

    /* The loss of the rows, summed. */
    double (*loss)(const void *ctx, const uint32_t *rows, size_t n, const float *out);
};

struct hunch__fit_options {
    uint32_t epochs;
    float rate;
    float decay;
    uint64_t seed;
};

/* Make order[n] a random permutation and hold a tenth out, where that leaves any. */
void hunch__examples_begin(struct hunch__examples *examples, uint64_t seed);

/* Train; net->best are then the weights with the smallest loss held out, *loss is its mean there.
 * The result is the number of epochs. `batch` gives the rows of a step. */
uint32_t hunch__fit(struct hunch__net *net, struct hunch__examples *examples,
                    const struct hunch__lesson *lesson, const struct hunch__fit_options *options,
                    const struct hunch__net_batch *batch, double *loss);

#endif
