/* Asking the ensemble: the mean of what its members say. */
#include <string.h>

#include "bits.h"
#include "lesson.h"
#include "teacher.h"

static void add_member(const hunch_teacher *teacher, const struct hunch__net *net,
                       const struct hunch__net_batch *batch, size_t n, float *scores);

hunch_status hunch_teacher_score_batch(const hunch_teacher *teacher, const float *x, size_t n,
                                       float *scores, hunch_diag *diag)
{
    struct hunch__net_batch batch;
    const size_t rows = n < HUNCH__TEACHER_ROWS ? n : HUNCH__TEACHER_ROWS;
    if (n == 0) {
        return HUNCH_OK;
    }
    const hunch_status status =
        hunch__net_batch_make(&batch, &teacher->member[0], rows, &teacher->allocator, diag);
    for (size_t from = 0; status == HUNCH_OK && from < n; from += rows) {
        const size_t count = n - from < rows ? n - from : rows;
        hunch__teacher_score(teacher, &batch, hunch__context_at(x, teacher->features, from), NULL,
                             count, scores + from * teacher->arms);
    }
    hunch__net_batch_free(&batch, &teacher->allocator);
    return status;
}

void hunch__teacher_score(const hunch_teacher *teacher, const struct hunch__net_batch *batch,
                          const float *x, const uint32_t *rows, size_t n, float *scores)
{
    for (size_t i = 0; i < n; i++) {
        const size_t row = rows != NULL ? rows[i] : i;
        hunch__columns_read(&teacher->columns, hunch__context_at(x, teacher->features, row),
                            batch->value[0] + i * teacher->columns.count);
    }
    memset(scores, 0, n * teacher->arms * sizeof(float));
    for (uint32_t m = 0; m < teacher->members; m++) {
        add_member(teacher, &teacher->member[m], batch, n, scores);
    }
}

static void add_member(const hunch_teacher *teacher, const struct hunch__net *net,
                       const struct hunch__net_batch *batch, size_t n, float *scores)
{
    const float share = 1.0f / (float)teacher->members;
    float *out = batch->value[net->layers];
    hunch__net_forward(net, net->best, batch, n);
    for (size_t i = 0; teacher->competing && i < n; i++) {
        hunch__lesson_softmax(out + i * teacher->arms, teacher->arms);
    }
    for (size_t i = 0; i < n * teacher->arms; i++) {
        const float reward =
            teacher->competing ? out[i] : out[i] * teacher->deviation + teacher->mean;
        scores[i] += reward * share;
    }
}
