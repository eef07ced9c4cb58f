/* What a teacher consists of. */
#ifndef HUNCH_TRAIN_TEACHER_H
#define HUNCH_TRAIN_TEACHER_H

#include <stdbool.h>

#include "columns.h"
#include "net.h"

#include <hunch/train.h>

/* Contexts that go through the networks at once when they are asked. */
#define HUNCH__TEACHER_ROWS 256u

struct hunch_teacher {
    hunch_allocator allocator;
    struct hunch__columns columns;
    struct hunch__net *member; /* [members] */
    uint32_t members;
    uint32_t arms;
    uint32_t features;
    bool competing;        /* outputs are logits of one distribution, else rewards, standardised */
    float mean, deviation; /* of the rewards */
    hunch_teacher_stats stats;
};

/* scores[n][arms] = the estimates for the contexts rows[n] of x[][features], or for the first n
 * when rows is NULL; n <= batch->rows. */
void hunch__teacher_score(const hunch_teacher *teacher, const struct hunch__net_batch *batch,
                          const float *x, const uint32_t *rows, size_t n, float *scores);

#endif
