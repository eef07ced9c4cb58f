/* What a learner knows of each arm. */
#include "arm_facts.h"

#include "arm_sums.h"
#include "chooser.h"
#include "learners.h"
#include "linear_state.h"
#include "pairs.h"
#include "ridge.h"

static bool find_plan(const hunch_chooser *chooser, struct hunch__ridge_plan *plan);
static void read_ridge(const hunch_chooser *chooser, const struct hunch__ridge_plan *plan,
                       struct arm_fact *facts);
static void read_sums(const hunch_chooser *chooser, struct arm_fact *facts);
static void to_shares(struct arm_fact *facts, uint32_t arms);

bool choice__arm_facts(const hunch_chooser *chooser, struct arm_fact *facts)
{
    struct hunch__ridge_plan plan;
    if (chooser->ops->learn == hunch__arms_learn) {
        read_sums(chooser, facts);
    } else if (find_plan(chooser, &plan)) {
        read_ridge(chooser, &plan, facts);
    } else {
        return false;
    }
    to_shares(facts, chooser->shape.arms);
    return true;
}

/* Where the sums are, for the learners whose state is nothing but a ridge regression. */
static bool find_plan(const hunch_chooser *chooser, struct hunch__ridge_plan *plan)
{
    const hunch_learner_shape *shape = &chooser->shape;
    struct hunch__pairs pairs;
    if (chooser->ops == &hunch__learner_linear) {
        return hunch__linear_plan(shape, plan);
    }
    return chooser->ops == &hunch__learner_quadratic && hunch__pairs_plan(shape, &pairs) &&
           hunch__ridge_plan_make(plan, shape->arms, pairs.dense_all, pairs.features_all);
}

/* The first column is always 1: its sum of squares is the arm's weight, its sum with rewards the
 * sum of rewards. */
static void read_ridge(const hunch_chooser *chooser, const struct hunch__ridge_plan *plan,
                       struct arm_fact *facts)
{
    const double *sums = (const double *)chooser->state + plan->arm;
    for (uint32_t i = 0; i < plan->arms; i++) {
        facts[i].share = sums[0];
        facts[i].mean = sums[0] > 0 ? sums[plan->packed] / sums[0] : 0;
        sums += plan->packed + plan->columns;
    }
}

static void read_sums(const hunch_chooser *chooser, struct arm_fact *facts)
{
    for (uint32_t i = 0; i < chooser->shape.arms; i++) {
        const struct hunch__arm_sums sums = hunch__arms_one(chooser->state, i);
        facts[i].share = sums.n;
        facts[i].mean = sums.n > 0 ? sums.sum / sums.n : 0;
    }
}

static void to_shares(struct arm_fact *facts, uint32_t arms)
{
    double all = 0;
    for (uint32_t i = 0; i < arms; i++) {
        all += facts[i].share;
    }
    for (uint32_t i = 0; i < arms && all > 0; i++) {
        facts[i].share /= all;
    }
}
