/* How `policy-gradient` learns: an actor and a critic, both linear in the columns.
 *
 * The critic expects a reward b(x) whatever is played (the learned baseline) and says what each arm
 * adds to it, A(x, a): both by a Kalman filter with a diagonal covariance that forgets, so that
 * they follow the policy as it gets better at the other steps. A regression on the advantage, not
 * on the reward: arms that are rarely played would else look as bad as the policy was when they
 * last were.
 *
 * The actor takes for every event the natural gradient's step (Kakade, "A natural policy gradient",
 * NIPS 2001) of *all* arms, logit(x, a) += rate A(x, a): with features shared by actor and critic
 * it is a sum of weights (Sutton et al., NIPS 1999), and it is mirror descent, whose logits average
 * the critic's noise. No arm's step is divided by its propensity, so that stale ones do no harm. */
#include <math.h>
#include <stdbool.h>

#include "explore.h"
#include "learners.h"
#include "linear_snapshot.h"
#include "policy_gradient.h"
#include "real.h"

/* The rate: START / sqrt(SETTLE + visits). Measured over 8 steps x 4 arms with noise of .3 to 3
 * times the spread of a step: half or twice the rate costs 1 to 5 % after 1,000 or after 20,000
 * episodes. check_learner_sequences holds the outcome. */
static const float rate_start = 0.4f;
static const float rate_settle = 200.0f;

/* Visits that the critic remembers. Where nothing changes 8 to 1,000 end alike, since the logits
 * average; where the world does, a critic that forgets nothing never comes back. */
static const float advantage_memory = 48.0f;
static const float baseline_memory = 24.0f;

/* The most that one event counts: as many of the same are not as good. */
static const float weight_max = 16.0f;

/* An event whose arm the policy now plays more often says more about what to expect. */
static const float importance_max = 2.0f;

/* Standardised rewards are clipped further out than columns: a rare great one is news. */
static const double reward_clip = 10.0;

/* What an arm's weight of a level may be below the best one's. e^-8 is below what the policy plays
 * of any arm, and steps lead back from there: after a change of the world 16 comes .58 of the way
 * in as many episodes again, 8 .71, 6 .74, but 6 loses 1 % where nothing changes. */
static const float indicator_bound = 8.0f;

/* The entries of a context that are not 0, as rows of the tables. */
struct entries {
    const hunch_context *x;
    const float *z;     /* standardised dense columns              */
    uint32_t dense;     /* of them                                 */
    uint32_t intercept; /* 1 when it is learned                    */
    uint32_t count;     /* entries: the intercept's, dense, sparse */
};

static void take(void *state, const hunch_learner_shape *shape, const hunch_learner_event *event);
static void discount(void *state, const hunch_learner_shape *shape, size_t n);
static float take_reward(struct hunch__policy *head, double reward);
static struct entries take_context(const struct hunch__policy *head,
                                   const struct hunch__policy_parts *parts,
                                   const hunch_learner_shape *shape, const hunch_context *x);
static double count_in(double n, double *mean, double *m2, double value);
static float standardise(double value, double mean, double spread, double clip);
static uint32_t entry(const struct entries *entries, uint32_t i, float *value);
static float importance(const struct hunch__policy_parts *parts, const struct entries *entries,
                        const hunch_learner_shape *shape, const hunch_learner_event *event);
static void forget(const struct entries *entries, float *energy, uint32_t arms, float memory);
static float filter(const struct entries *entries, float *weights, float *energy, size_t stride,
                    float target, float weight);
static void act(const struct hunch__policy_parts *parts, const struct entries *entries,
                uint32_t arms, float rate);
static void centre(float *row, uint32_t arms, float middle, float bound);
static float mean(const float *row, uint32_t arms);
static float top(const float *row, uint32_t arms);
static float bounded(float value, float bound);

void hunch__policy_learn(void *state, const hunch_learner_shape *shape,
                         const hunch_learner_event *events, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        take(state, shape, &events[i]);
    }
    if (shape->half_life > 0.0f) {
        discount(state, shape, n);
    }
}

static void take(void *state, const hunch_learner_shape *shape, const hunch_learner_event *event)
{
    struct hunch__policy *head = state;
    const struct hunch__policy_parts parts = hunch__policy_find_parts(state, shape);
    const float weight = event->weight < weight_max ? event->weight : weight_max;
    head->events += 1.0;
    const float reward = take_reward(head, (double)event->reward);
    const struct entries entries = take_context(head, &parts, shape, &event->x);
    const float likely = importance(&parts, &entries, shape, event);
    forget(&entries, parts.certainty, 1, baseline_memory);
    forget(&entries, parts.energy, shape->arms, advantage_memory);
    const float surprise =
        filter(&entries, parts.baseline, parts.certainty, 1, reward, weight * likely);
    filter(&entries, parts.advantage + event->arm, parts.energy + event->arm, shape->arms, surprise,
           weight);
    act(&parts, &entries, shape->arms, weight * rate_start / (float)hunch__exploration(shape));
}

/* After a half-life of events all counts half: the moments, and how sure the policy is. */
static void discount(void *state, const hunch_learner_shape *shape, size_t n)
{
    struct hunch__policy *head = state;
    const struct hunch__policy_parts parts = hunch__policy_find_parts(state, shape);
    const double keep = hunch__exp(-(double)n * hunch__log(hunch__growth(shape)));
    const size_t rows = (size_t)shape->features + 1;
    head->events *= keep;
    head->reward_m2 *= keep;
    for (uint32_t f = 0; f < shape->dense; f++) {
        parts.m2[f] *= keep;
    }
    for (size_t i = 0; i < rows; i++) {
        parts.visits[i] *= (float)keep;
    }
    for (size_t i = 0; i < rows * shape->arms; i++) {
        parts.policy[i] *= (float)keep;
    }
}

/* The reward among those seen so far. */
static float take_reward(struct hunch__policy *head, double reward)
{
    const double spread = count_in(head->events, &head->reward_mean, &head->reward_m2, reward);
    return standardise(reward, head->reward_mean, spread, reward_clip);
}

static struct entries take_context(const struct hunch__policy *head,
                                   const struct hunch__policy_parts *parts,
                                   const hunch_learner_shape *shape, const hunch_context *x)
{
    for (uint32_t f = 0; f < shape->dense; f++) {
        const double value = (double)x->dense[f];
        const double spread = count_in(head->events, &parts->mean[f], &parts->m2[f], value);
        parts->z[f] = standardise(value, parts->mean[f], spread, HUNCH__CLIP);
    }
    const uint32_t intercept = shape->features == shape->dense;
    return (struct entries){x, parts->z, shape->dense, intercept,
                            intercept + shape->dense + x->count};
}

/* Welford's update with the n-th value; the standard deviation. */
static double count_in(double n, double *mean, double *m2, double value)
{
    const double distance = value - *mean;
    *mean += distance / (n > 1.0 ? n : 1.0);
    *m2 += distance * (value - *mean);
    return hunch__policy_spread(n, *mean, *m2);
}

static float standardise(double value, double mean, double spread, double clip)
{
    if (!(spread > 0.0)) {
        return 0.0f;
    }
    const double z = (value - mean) / spread;
    return (float)(z < -clip ? -clip : z > clip ? clip : z);
}

/* Row and value of the i-th entry. */
static uint32_t entry(const struct entries *entries, uint32_t i, float *value)
{
    if (i < entries->intercept) {
        *value = 1.0f;
        return 0;
    }
    i -= entries->intercept;
    if (i < entries->dense) {
        *value = entries->z[i];
        return 1 + i;
    }
    i -= entries->dense;
    *value = bounded(entries->x->values[i], (float)HUNCH__CLIP);
    return 1 + entries->x->columns[i];
}

/* How many times as likely the event's choice is by now; at most importance_max. */
static float importance(const struct hunch__policy_parts *parts, const struct entries *entries,
                        const hunch_learner_shape *shape, const hunch_learner_event *event)
{
    float logits[HUNCH__ARMS_MAX] = {0};
    float p[HUNCH__ARMS_MAX];
    for (uint32_t i = 0; i < entries->count; i++) {
        float value = 0.0f;
        const float *row = parts->policy + (size_t)entry(entries, i, &value) * shape->arms;
        for (uint32_t a = 0; a < shape->arms; a++) {
            logits[a] += value * row[a];
        }
    }
    hunch__softmax(logits, shape->arms, NULL, 0.0f, p);
    const float ratio = p[event->arm] / event->propensity;
    return ratio < importance_max ? ratio : importance_max;
}

/* What was learned about any arm in a context grows old by a visit to it. */
static void forget(const struct entries *entries, float *energy, uint32_t arms, float memory)
{
    for (uint32_t i = 0; i < entries->count; i++) {
        float value = 0.0f;
        float *row = energy + (size_t)entry(entries, i, &value) * arms;
        const float keep = memory / (memory + value * value);
        for (uint32_t a = 0; a < arms; a++) {
            row[a] *= keep;
        }
    }
}

/* One step of the filter over weights[row * stride], with a prior of one visit at 0 and noise of
 * one standard deviation of the reward. Returns what was left to explain. */
static float filter(const struct entries *entries, float *weights, float *energy, size_t stride,
                    float target, float weight)
{
    float expected = 0.0f;
    float doubt = 1.0f;
    for (uint32_t i = 0; i < entries->count; i++) {
        float value = 0.0f;
        const size_t at = (size_t)entry(entries, i, &value) * stride;
        expected += value * weights[at];
        doubt += weight * value * value / (energy[at] + 1.0f);
    }
    const float surprise = target - expected;
    for (uint32_t i = 0; i < entries->count; i++) {
        float value = 0.0f;
        const size_t at = (size_t)entry(entries, i, &value) * stride;
        weights[at] += weight * surprise * value / ((energy[at] + 1.0f) * doubt);
        energy[at] += weight * value * value;
    }
    return surprise;
}

/* Turn the logits of all arms towards their advantages. */
static void act(const struct hunch__policy_parts *parts, const struct entries *entries,
                uint32_t arms, float rate)
{
    for (uint32_t i = 0; i < entries->count; i++) {
        float value = 0.0f;
        const size_t row = entry(entries, i, &value);
        const float *advantage = parts->advantage + row * arms;
        float *policy = parts->policy + row * arms;
        parts->visits[row] += value * value;
        const float step = rate * value * value / sqrtf(rate_settle + parts->visits[row]);
        for (uint32_t a = 0; a < arms; a++) {
            policy[a] += step * advantage[a];
        }
        const bool dense = row > 0 && row <= entries->dense;
        centre(policy, arms, dense ? mean(policy, arms) : top(policy, arms),
               dense ? HUNCH__POLICY_BOUND : indicator_bound);
    }
}

/* Of a row only differences matter. That of a level, whose value is not negative, is kept below its
 * best arm, so that the bound cuts what will not be played and leaves the rest apart. */
static void centre(float *row, uint32_t arms, float middle, float bound)
{
    for (uint32_t a = 0; a < arms; a++) {
        row[a] = bounded(row[a] - middle, bound);
    }
}

static float mean(const float *row, uint32_t arms)
{
    float sum = 0.0f;
    for (uint32_t a = 0; a < arms; a++) {
        sum += row[a];
    }
    return sum / (float)arms;
}

static float top(const float *row, uint32_t arms)
{
    float best = row[0];
    for (uint32_t a = 1; a < arms; a++) {
        best = row[a] > best ? row[a] : best;
    }
    return best;
}

static float bounded(float value, float bound)
{
    value = value > -bound ? value : -bound;
    return value < bound ? value : bound;
}
