#include "student.h"

#include <string.h>

#include "alloc.h"
#include "bits.h"
#include "diag.h"
#include "fit.h"

enum { BATCH = 64, EPOCHS = 100 };

/* What is learned: scores[n][arms], standardised as the teacher's rewards are. */
struct answers {
    const float *scores;
    uint32_t arms;
    float mean, deviation;
};

static void slope_of_answers(const void *ctx, const uint32_t *rows, size_t n, const float *out,
                             float *delta);
static double loss_of_answers(const void *ctx, const uint32_t *rows, size_t n, const float *out);
static float target_of(const struct answers *answers, uint32_t row, uint32_t arm);
static void pack(const hunch_teacher *teacher, const struct hunch__net *net,
                 const struct hunch__mlp_shape *shape, struct hunch__mlp *model);

struct hunch__mlp_shape hunch__student_shape(const hunch_teacher *teacher, uint32_t hidden0,
                                             uint32_t hidden1)
{
    return (struct hunch__mlp_shape){
        teacher->arms, teacher->columns.dense, teacher->columns.count, {hidden0, hidden1}, 0};
}

hunch_status hunch__student_fit(const hunch_teacher *teacher, const float *x, size_t n,
                                const struct hunch__mlp_shape *shape, uint64_t seed,
                                struct hunch__mlp *model, double *loss, hunch_diag *diag)
{
    const hunch_allocator *a = &teacher->allocator;
    const uint32_t layers = shape->hidden[1] != 0 ? 3 : 2;
    const uint32_t sizes[4] = {shape->features, shape->hidden[0],
                               layers == 3 ? shape->hidden[1] : shape->arms, shape->arms};
    const size_t score_bytes = n * teacher->arms * sizeof(float);
    const struct hunch__fit_options options = {EPOCHS, .003f, 0, seed};
    struct hunch__examples examples = {.columns = &teacher->columns, .x = x, .n = n};
    struct hunch__net net = {.count = 0};
    struct hunch__net_batch batch = {.rows = 0};
    float *scores = hunch__alloc(a, score_bytes, HUNCH__CACHE_LINE);
    examples.order = hunch__alloc(a, n * sizeof(uint32_t), HUNCH__CACHE_LINE);
    hunch_status status = HUNCH_ENOMEM;
    if (scores == NULL || examples.order == NULL) {
        status = hunch__fail(diag, HUNCH_ENOMEM, score_bytes, "no memory for %zu answers", n);
        goto done;
    }
    const struct answers answers = {scores, teacher->arms, teacher->mean, teacher->deviation};
    const struct hunch__lesson lesson = {&answers, slope_of_answers, loss_of_answers};
    status = hunch_teacher_score_batch(teacher, x, n, scores, diag);
    if (status == HUNCH_OK) {
        status = hunch__net_make(&net, sizes, layers, seed, a, diag);
    }
    if (status == HUNCH_OK) {
        status = hunch__net_batch_make(&batch, &net, BATCH, a, diag);
    }
    if (status == HUNCH_OK) {
        hunch__examples_begin(&examples, seed);
        hunch__fit(&net, &examples, &lesson, &options, &batch, loss);
        pack(teacher, &net, shape, model);
    }
done:
    hunch__net_batch_free(&batch, a);
    hunch__net_free(&net, a);
    hunch__free(a, examples.order, n * sizeof(uint32_t), HUNCH__CACHE_LINE);
    hunch__free(a, scores, score_bytes, HUNCH__CACHE_LINE);
    return status;
}

static void slope_of_answers(const void *ctx, const uint32_t *rows, size_t n, const float *out,
                             float *delta)
{
    const struct answers *answers = ctx;
    for (size_t i = 0; i < n; i++) {
        for (uint32_t a = 0; a < answers->arms; a++) {
            const size_t at = i * answers->arms + a;
            delta[at] = (out[at] - target_of(answers, rows[i], a)) / (float)n;
        }
    }
}

static double loss_of_answers(const void *ctx, const uint32_t *rows, size_t n, const float *out)
{
    const struct answers *answers = ctx;
    const double unit = (double)answers->deviation * (double)answers->deviation / answers->arms;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        for (uint32_t a = 0; a < answers->arms; a++) {
            const double error =
                (double)(out[i * answers->arms + a] - target_of(answers, rows[i], a));
            sum += error * error * unit;
        }
    }
    return sum;
}

static float target_of(const struct answers *answers, uint32_t row, uint32_t arm)
{
    const float score = answers->scores[(size_t)row * answers->arms + arm];
    return (score - answers->mean) / answers->deviation;
}

/* The network's weights into the snapshot, whose rows of arms are padded; outputs become rewards.
 */
static void pack(const hunch_teacher *teacher, const struct hunch__net *net,
                 const struct hunch__mlp_shape *shape, struct hunch__mlp *model)
{
    const size_t hidden = ((size_t)1 + shape->features) * shape->hidden[0];
    const size_t second = ((size_t)1 + shape->hidden[0]) * shape->hidden[1];
    const float *w = net->best + hidden + second;
    hunch__mlp_begin(model, shape);
    memcpy(hunch__mlp_first(model), net->best, hidden * sizeof(float));
    memcpy(hunch__mlp_second(model), net->best + hidden, second * sizeof(float));
    for (uint32_t u = 0; u <= hunch__mlp_last(shape); u++) {
        for (uint32_t a = 0; a < shape->arms; a++) {
            hunch__mlp_output(model)[(size_t)u * model->stride + a] =
                w[(size_t)u * shape->arms + a] * teacher->deviation +
                (u == 0 ? teacher->mean : 0.0f);
        }
    }
    for (uint32_t f = 0; f < teacher->columns.features; f++) {
        const struct hunch__train_column *column = &teacher->columns.feature[f];
        const float width = column->scale > 0.0f ? HUNCH__TRAIN_CLIP / column->scale : 0.0f;
        if (column->levels == 0) {
            hunch__mlp_low(model)[column->base] = column->mean - width;
            hunch__mlp_high(model)[column->base] = column->mean + width;
            hunch__mlp_shift(model)[column->base] = column->mean;
            hunch__mlp_scale(model)[column->base] = column->scale;
        }
    }
}
