/* Which snapshots are linear models, for callers that ask those without a detour. */
#include "learners.h"

const struct hunch__linear *hunch__linear_of(const hunch_learner_ops *ops, const void *snapshot)
{
    if (ops == &hunch__learner_auto) {
        return hunch__auto_linear_of(snapshot);
    }
    const bool linear = ops == &hunch__learner_linear || ops == &hunch__learner_linear_thompson;
    return linear ? snapshot : NULL;
}
