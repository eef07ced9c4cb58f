/* Thompson sampling's probabilities, by drawing often. */
#include "shares.h"

#include <math.h>
#include <string.h>

#include "explore.h"
#include "learners.h"

/* Draws of all arms for a snapshot: 128 tell shares within .05, and at 8 arms take as long as two
 * dozen rewards are apart. Fewer for many arms, where the work would grow with their number. */
#define DRAWS_MAX 128u
#define DRAWS_MIN 16u
#define WORK      2048u

/* What is spread over all arms alike: no arm is ever out of reach, so that what changes is seen and
 * no propensity is 0. */
#define FLOOR 0.01

size_t hunch__shares_bytes(const hunch_learner_shape *shape)
{
    return hunch__shape_has_own_arms(shape)
               ? sizeof(struct hunch__shares) + hunch__arms_stride(shape->arms) * sizeof(float)
               : 0;
}

void hunch__shares_score(const void *snapshot, const hunch_learner_shape *shape,
                         const hunch_context *x, const float *candidates, const uint64_t *mask,
                         float *p)
{
    const struct hunch__shares *shares = snapshot;
    float sum = 0;
    (void)x;
    (void)candidates;
    memcpy(p, shares->share, shape->arms * sizeof *p);
    if (mask == NULL) {
        return;
    }
    for (uint32_t a = 0; a < shape->arms; a++) {
        p[a] = hunch__allowed(mask, a) ? p[a] : 0.0f;
        sum += p[a];
    }
    for (uint32_t a = 0; a < shape->arms; a++) {
        p[a] /= sum;
    }
}

uint32_t hunch__shares_choose(const void *snapshot, const hunch_learner_shape *shape,
                              const hunch_context *x, const uint64_t *mask, uint64_t dice,
                              float *propensity)
{
    const struct hunch__shares *shares = snapshot;
    float p[HUNCH__ARMS_MAX];
    if (mask == NULL && hunch__uniform(dice) < (double)shares->share[shares->best]) {
        *propensity = shares->share[shares->best];
        return shares->best;
    }
    hunch__shares_score(snapshot, shape, x, NULL, mask, p);
    const uint32_t arm = hunch__draw(p, shape->arms, dice);
    *propensity = p[arm];
    return arm;
}

void hunch__shares_publish(void *snapshot, const hunch_learner_shape *shape, uint64_t dice,
                           double (*sample)(const void *belief, uint32_t arm, uint64_t *stream),
                           const void *belief)
{
    struct hunch__shares *shares = snapshot;
    const uint32_t draws_wanted = WORK / shape->arms;
    const uint32_t at_most = draws_wanted < DRAWS_MAX ? draws_wanted : DRAWS_MAX;
    const uint32_t draws = at_most > DRAWS_MIN ? at_most : DRAWS_MIN;
    uint64_t stream = dice;
    memset(shares, 0, hunch__shares_bytes(shape));
    for (uint32_t i = 0; i < draws; i++) {
        uint32_t best = 0;
        double most = -(double)INFINITY;
        for (uint32_t a = 0; a < shape->arms; a++) {
            const double value = sample(belief, a, &stream);
            best = value > most ? a : best;
            most = value > most ? value : most;
        }
        shares->share[best] += 1.0f;
    }
    const double floor = FLOOR * hunch__exploration(shape);
    const float even = (float)(fmin(floor, 1.0) / shape->arms);
    const float rest = (float)((1.0 - fmin(floor, 1.0)) / draws);
    for (uint32_t a = 0; a < shape->arms; a++) {
        shares->share[a] = even + rest * shares->share[a];
        shares->best = shares->share[a] > shares->share[shares->best] ? a : shares->best;
    }
}
