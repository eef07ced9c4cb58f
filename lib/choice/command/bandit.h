/* A table of examples played as a bandit (Bietti, Agarwal, Langford, "A contextual bandit
 * bake-off", JMLR 22, 2021): show a row, choose a class, reveal only whether it was right. Every
 * row is scored before it is learned from. */
#ifndef HUNCH_CHOICE_BANDIT_H
#define HUNCH_CHOICE_BANDIT_H

#include <hunch/choice.h>

#include "class_set.h"

/* Points of the curve. */
#define BANDIT_POINTS 100

/* What is to be played. */
struct bandit_plan {
    const struct class_set *set;
    const hunch_learner_ops *learner; /* NULL: the library's choice                       */
    size_t rows;                      /* in (0, set->n]: the first ones, in every order   */
    size_t orders;                    /* > 0; the first is the file's, others are drawn   */
    size_t delay;                     /* rows until a reward comes                        */
    double missing;                   /* share of the rewards that never come             */
    uint64_t seed;

    void (*tick)(void *ctx, double fraction); /* called now and then; NULL: not */
    void *tick_ctx;
};

/* How far it was at some row, over all orders. */
struct bandit_point {
    size_t rows;
    double loss;   /* mean over the rows so far                             */
    double regret; /* mistakes so far, less those of the best fixed arm     */
};

/* What became of one arm, over all orders. */
struct bandit_arm {
    uint64_t played, right; /* right: it was played and was the class */
    uint64_t rows;          /* whose class it is                      */
};

/* What was seen in one order. */
struct bandit_order {
    double loss;
    const char *model; /* asked in the end; static */
};

/* What was seen; to be released. */
struct bandit_result {
    double loss, least, most; /* the mean of the orders' and their range             */
    double fixed_loss;        /* of the arm that would have been best all along      */
    uint32_t fixed_arm;
    hunch_chooser *chooser;      /* of the first order, as it was in the end */
    struct bandit_order *orders; /* [plan->orders]                           */
    struct bandit_arm *arms;     /* [set->classes]                           */
    struct bandit_point *points; /* [points_count]                           */
    size_t points_count;
};

/* Play it. On failure *out is empty. Errors: those of hunch_chooser_new(), ENOMEM. */
HUNCH_MUST_USE hunch_status choice__bandit_play(struct bandit_result *out,
                                                const struct bandit_plan *plan, hunch_diag *diag);

/* An empty one is fine. */
void choice__bandit_free(struct bandit_result *result);

#endif
