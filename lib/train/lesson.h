/* The two ways to learn from rewards of played arms, and what outputs then mean. */
#ifndef HUNCH_TRAIN_LESSON_H
#define HUNCH_TRAIN_LESSON_H

#include <stdbool.h>

#include "fit.h"

/* Rewards of the arms that a log played. */
struct hunch__rewards {
    const hunch_log *log;
    float mean, deviation; /* deviation > 0 */
};

/* Each arm's output estimates its reward, standardised; squared error. */
struct hunch__lesson hunch__lesson_independent(const struct hunch__rewards *rewards);

/* Rewards are 0 or 1, and outputs are the logits of one distribution p over the arms: the loss is
 * -log p of a played arm that brought 1, and -log(1 - p) of one that brought 0. A success then says
 * something of all arms. */
struct hunch__lesson hunch__lesson_competing(const struct hunch__rewards *rewards);

/* out[arms], logits, to probabilities. */
void hunch__lesson_softmax(float *out, uint32_t arms);

#endif
