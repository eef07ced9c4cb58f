/* The state of `policy-gradient`, shared by the file that learns and the one that answers. */
#ifndef HUNCH_LEARNERS_POLICY_GRADIENT_H
#define HUNCH_LEARNERS_POLICY_GRADIENT_H

#include <stddef.h>
#include <stdint.h>

#include <hunch/learner.h>

/* What weights of the policy are bounded by. */
#define HUNCH__POLICY_BOUND 64.0f

/* The head of a state; all counts are discounted when the shape has a half-life. The parts behind
 * it are those of struct hunch__policy_parts, in its order. */
struct hunch__policy {
    double events;      /* learned from              */
    double reward_mean; /* of them                   */
    double reward_m2;   /* sum of squares around it  */
    double reserved;    /* zero                      */
};

/* R = 1 + features rows: the intercept's, then the columns'. Without sparse columns the intercept
 * is learned; with them they take its place, as one of a category's levels is always given. */
struct hunch__policy_parts {
    double *mean;     /* [dense] of the column                                           */
    double *m2;       /* [dense] sum of squares around it                                */
    float *z;         /* [dense] the event's, standardised: room, nothing to remember    */
    float *visits;    /* [R] sum of squares of the row's values                          */
    float *baseline;  /* [R] weight in the reward that is expected, whatever is played   */
    float *certainty; /* [R] of that weight: visits not forgotten                        */
    float *advantage; /* [R][K] weight in what the arm adds to it                        */
    float *energy;    /* [R][K] of that weight: visits not forgotten                     */
    float *policy;    /* [R][K] weight in the logit of the arm                           */
};

/* Bytes of a state; 0 refuses the shape. */
size_t hunch__policy_bytes(const hunch_learner_shape *shape);

/* Parts of the state of hunch__policy_bytes() at `state`. */
struct hunch__policy_parts hunch__policy_find_parts(const void *state,
                                                    const hunch_learner_shape *shape);

/* The standard deviation of n numbers with the sum of squares m2 around the mean; 0 when they
 * differ by rounding alone. */
double hunch__policy_spread(double n, double mean, double m2);

/* learn() of the interface. */
void hunch__policy_learn(void *state, const hunch_learner_shape *shape,
                         const hunch_learner_event *events, size_t n);

/* p[arms] = (1 - epsilon) softmax of scores[arms] + epsilon uniform, among the arms of `mask`. */
void hunch__softmax(const float *scores, uint32_t arms, const uint64_t *mask, float epsilon,
                    float *p);

#endif
