/* The columns of `candidates`' regression, shared by the file that learns and the one that asks. */
#ifndef HUNCH_LEARNERS_CANDIDATES_H
#define HUNCH_LEARNERS_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ridge.h"

#include <hunch/learner.h>

/* Columns that each event has, and columns in all: work for an event grows with the square of the
 * first, memory with that of the second. */
#define HUNCH__CANDIDATES_DENSE_MAX 128u
#define HUNCH__CANDIDATES_MAX       512u

/* What the reward is regressed on, for a candidate z[c] and a context x, in this order:
 *   z[i]
 *   x[j]                                   where there is room for x[j] z[i] too
 *   z[i] z[k], k <= i                      where there is room
 *   x[j] z[i], j by j
 *   for each sparse column x[s], x[s] z[i] where there is room
 * Columns of x alone rank no candidate; they take their noise out of the reward. */
struct hunch__candidates_columns {
    uint32_t c;      /* length of z                                   */
    uint32_t given;  /* columns of x that are always given            */
    uint32_t pairs;  /* c (c + 1) / 2, or 0: products of z            */
    uint32_t dense;  /* the same, or 0: there is no room for them     */
    uint32_t sparse; /* its others, or 0                              */
    uint32_t always; /* columns of the regression that each event has */
    uint32_t all;    /* columns of the regression                     */
};

/* False when the shape is not one of candidates, or too large. */
bool hunch__candidates_layout(const hunch_learner_shape *shape,
                              struct hunch__candidates_columns *columns);

#endif
