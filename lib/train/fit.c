#include "fit.h"

#include "random.h"

/* Epochs without gain before training stops. */
enum { PATIENCE = 6 };

static void shuffle(uint32_t *order, size_t n, uint64_t *random);
static void learn_once(struct hunch__net *net, const struct hunch__examples *examples,
                       const struct hunch__lesson *lesson, const struct hunch__net_batch *batch,
                       float rate, float decay);
static double held_out_loss(const struct hunch__net *net, const struct hunch__examples *examples,
                            const struct hunch__lesson *lesson,
                            const struct hunch__net_batch *batch);
static size_t gather(const struct hunch__examples *examples, const struct hunch__net_batch *batch,
                     size_t from, size_t to);

void hunch__examples_begin(struct hunch__examples *examples, uint64_t seed)
{
    for (size_t i = 0; i < examples->n; i++) {
        examples->order[i] = (uint32_t)i;
    }
    shuffle(examples->order, examples->n, &seed);
    examples->held_out = examples->n / 10;
}

uint32_t hunch__fit(struct hunch__net *net, struct hunch__examples *examples,
                    const struct hunch__lesson *lesson, const struct hunch__fit_options *options,
                    const struct hunch__net_batch *batch, double *loss)
{
    uint64_t random = options->seed;
    uint32_t best_epoch = 0;
    uint32_t epoch = 0;
    hunch__net_keep(net);
    *loss = held_out_loss(net, examples, lesson, batch);
    while (epoch < options->epochs && epoch < best_epoch + PATIENCE) {
        /* The rate falls to a tenth: the last epochs settle. */
        const float done = (float)epoch / (float)options->epochs;
        epoch++;
        shuffle(examples->order, examples->n - examples->held_out, &random);
        learn_once(net, examples, lesson, batch, options->rate * (1.0f - .9f * done),
                   options->decay);
        const double now = held_out_loss(net, examples, lesson, batch);
        if (now < *loss || examples->held_out == 0) {
            *loss = now;
            best_epoch = epoch;
            hunch__net_keep(net);
        }
    }
    return epoch;
}

static void shuffle(uint32_t *order, size_t n, uint64_t *random)
{
    for (size_t i = n; i > 1; i--) {
        const size_t j = (size_t)hunch__below(hunch__splitmix64(random), i);
        const uint32_t swapped = order[i - 1];
        order[i - 1] = order[j];
        order[j] = swapped;
    }
}

static void learn_once(struct hunch__net *net, const struct hunch__examples *examples,
                       const struct hunch__lesson *lesson, const struct hunch__net_batch *batch,
                       float rate, float decay)
{
    const size_t end = examples->n - examples->held_out;
    for (size_t from = 0; from < end; from += batch->rows) {
        const size_t n = gather(examples, batch, from, end);
        hunch__net_forward(net, net->w, batch, n);
        lesson->slope(lesson->ctx, examples->order + from, n, batch->value[net->layers],
                      batch->delta[net->layers]);
        hunch__net_learn(net, batch, n, rate, decay);
    }
}

static double held_out_loss(const struct hunch__net *net, const struct hunch__examples *examples,
                            const struct hunch__lesson *lesson,
                            const struct hunch__net_batch *batch)
{
    double sum = 0;
    for (size_t from = examples->n - examples->held_out; from < examples->n; from += batch->rows) {
        const size_t n = gather(examples, batch, from, examples->n);
        hunch__net_forward(net, net->w, batch, n);
        sum += lesson->loss(lesson->ctx, examples->order + from, n, batch->value[net->layers]);
    }
    return examples->held_out > 0 ? sum / (double)examples->held_out : 0;
}

/* The inputs of the next batch; how many rows it has. */
static size_t gather(const struct hunch__examples *examples, const struct hunch__net_batch *batch,
                     size_t from, size_t to)
{
    const struct hunch__columns *columns = examples->columns;
    const size_t n = to - from < batch->rows ? to - from : batch->rows;
    for (size_t i = 0; i < n; i++) {
        const size_t row = examples->order[from + i];
        hunch__columns_read(columns, hunch__context_at(examples->x, columns->features, row),
                            batch->value[0] + i * columns->count);
    }
    return n;
}
