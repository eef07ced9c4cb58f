/* From the context as the user hands it over to the one that learners see: numbers stay, a category
 * or a bucket becomes a column that is 1, the place in an episode too. */
#ifndef HUNCH_CHOICE_ENCODER_H
#define HUNCH_CHOICE_ENCODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "linear.h"

#include <hunch/choice.h>

/* Most features of a dense context, and most entries of a sparse one: both lie on the stack. */
#define HUNCH__ENTRIES_MAX HUNCH__DENSE_MAX

/* What becomes of one feature. */
struct hunch__column {
    uint32_t kind;   /* a hunch_feature_kind                                                  */
    uint32_t base;   /* its first column                                                      */
    uint32_t levels; /* how many, unless numeric                                              */
    uint32_t cuts;   /* bucketed: where its cuts begin among all; the one before them is 1.0
                      * once they are known                                                   */
    float missing;   /* numeric: instead of what is not finite                                */
};

struct hunch__encoder {
    struct hunch__column *column; /* [features], or NULL when all are numeric: column = feature */
    float *missing;               /* [features] when column is NULL and one is not 0, or NULL   */
    uint32_t features;            /* given                                                      */
    uint32_t nonzeros;            /* most entries of a sparse context; 0 = dense                */
    uint32_t dense;               /* numeric columns, [0, dense)                                */
    uint32_t columns;             /* in all, without the episode's                              */
    uint32_t cuts;                /* floats for cuts, flags included                            */
    uint32_t episode_steps;       /* 0: no episodes                                             */
    uint32_t episode_arms;        /* columns of a step: arms + 1                                */
};

/* A context as it is kept in a slot. */
struct hunch__raw_context {
    const float *x;          /* [features], or [entries] when sparse                     */
    const uint32_t *columns; /* [entries] ascending, when sparse                         */
    uint32_t entries;
    uint32_t step;     /* of the episode                                           */
    uint32_t previous; /* the arm before + 1; 0: none                              */
};

/* Room for an encoded context. */
struct hunch__encoded {
    hunch_context x; /* points into the rest, or into what was given */
    float dense[HUNCH__DENSE_MAX];
    uint32_t columns[HUNCH__ENTRIES_MAX + 1];
    float values[HUNCH__ENTRIES_MAX + 1];
};

/* Fill out->x; `cuts` are those of a snapshot or of the learner's side. True when every feature
 * could be read: finite, and a level that exists. */
bool hunch__encode(const struct hunch__encoder *encoder, const float *cuts,
                   const struct hunch__raw_context *raw, struct hunch__encoded *out);

/* to[features] = x[features], numbers all, with what is not finite replaced. */
bool hunch__encode_missing(const struct hunch__encoder *encoder, const float *x, float *to);

#endif
