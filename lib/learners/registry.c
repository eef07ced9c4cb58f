/* The built-in learners, a line each. */
#include <string.h>

#include "asserts.h"
#include "learners.h"

static const hunch_learner_ops *const learners[] = {
    &hunch__learner_auto,            /* picks one of the others: the default    */
    &hunch__learner_fixed,           /* always the same arm: the old heuristic  */
    &hunch__learner_uniform,         /* every arm alike                         */
    &hunch__learner_epsilon_greedy,  /* the best mean, now and then any         */
    &hunch__learner_ucb1,            /* the mean that may still be the highest  */
    &hunch__learner_thompson_beta,   /* as often as it may be the best          */
    &hunch__learner_thompson_gauss,  /* the same, for rewards of any size       */
    &hunch__learner_linear,          /* ridge regression, inverse gap weighting */
    &hunch__learner_quadratic,       /* the same with the products of columns   */
    &hunch__learner_linear_thompson, /* weights drawn from their posterior      */
    &hunch__learner_linucb,          /* the reward that may still be the highest */
    &hunch__learner_mlp,             /* small networks, trained by replay       */
    &hunch__learner_wide,            /* linear, for up to 2^17 sparse columns   */
    &hunch__learner_policy_gradient, /* actor and critic for one late reward    */
    &hunch__learner_curve,           /* a smooth curve over a range's cuts      */
    &hunch__learner_candidates,      /* one model of what candidates bring      */
};

enum { COUNT = sizeof learners / sizeof learners[0] };

const hunch_learner_ops *hunch_learner_find(const char *name)
{
    HUNCH_ASSERT(name != NULL);
    for (size_t i = 0; i < COUNT; i++) {
        if (strcmp(learners[i]->name, name) == 0) {
            return learners[i];
        }
    }
    return NULL;
}

const hunch_learner_ops *hunch_learner_at(size_t i)
{
    return i < COUNT ? learners[i] : NULL;
}
