/* A learner of one's own: it passes the conformance suite of the built-in ones. Its state is what
 * each arm has lately earned, a double an arm. */
#include "follow_the_leader.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define STAY   0.8f /* the rest is for finding out whether another arm has become better */
#define RECENT 0.05 /* weight of the latest reward: twenty of them are "lately"          */

static size_t bytes(const hunch_learner_shape *shape)
{
    return shape->candidate_features > 0 ? 0 : shape->arms * sizeof(double); /* 0: not for these */
}

static void init(void *state, const hunch_learner_shape *shape, uint64_t seed)
{
    (void)state, (void)shape, (void)seed; /* zeroed is right */
}

static bool allowed(const uint64_t *mask, uint32_t arm)
{
    return mask == NULL || (mask[arm / 64] >> arm % 64 & 1) != 0;
}

static void score(const void *snapshot, const hunch_learner_shape *shape, const hunch_context *x,
                  const float *candidates, const uint64_t *mask, float *p)
{
    const double *earned = snapshot;
    uint32_t leader = UINT32_MAX;
    uint32_t arms = 0;
    (void)x, (void)candidates;
    for (uint32_t a = 0; a < shape->arms; a++) {
        if (allowed(mask, a)) {
            arms++;
            leader = leader == UINT32_MAX || earned[a] > earned[leader] ? a : leader;
        }
    }
    for (uint32_t a = 0; a < shape->arms; a++) {
        p[a] = allowed(mask, a) ? (1 - STAY) / (float)arms + (a == leader ? STAY : 0) : 0;
    }
}

static void learn(void *state, const hunch_learner_shape *shape, const hunch_learner_event *events,
                  size_t n)
{
    double *earned = state;
    (void)shape;
    for (size_t i = 0; i < n; i++) {
        earned[events[i].arm] += RECENT * ((double)events[i].reward - earned[events[i].arm]);
    }
}

static void publish(void *state, const hunch_learner_shape *shape, uint64_t dice, void *snapshot)
{
    (void)dice;
    memcpy(snapshot, state, bytes(shape));
}

static hunch_status validate(const void *state, const hunch_learner_shape *shape, hunch_diag *diag)
{
    const double *earned = state; /* from a file: believe nothing */
    for (uint32_t a = 0; a < shape->arms; a++) {
        if (!(fabs(earned[a]) <= 1e39)) { /* no float is larger */
            if (diag != NULL) {
                *diag = (hunch_diag){HUNCH_ECORRUPT, 0, a * sizeof *earned, "no arm earns that"};
            }
            return HUNCH_ECORRUPT;
        }
    }
    return HUNCH_OK;
}

const hunch_learner_ops follow_the_leader = {
    .struct_size = sizeof follow_the_leader,
    .version = 1,
    .name = "follow-the-leader",
    .state_bytes = bytes,
    .snapshot_bytes = bytes,
    .init = init,
    .score = score,
    .learn = learn,
    .publish = publish,
    .validate = validate, /* no merge: which of two arms earned lately is not known */
};
