/* One reward of several metrics: their weighted sum, and a price on every limit that is not kept.
 *
 * The prices are Lagrange multipliers, raised while the mean of a metric is on the wrong side of
 * its limit and lowered while it is on the right one (dual ascent; Altman, "Constrained Markov
 * decision processes", 1999, ch. 4), in units of the standard deviations of reward and metric. */
#ifndef HUNCH_CHOICE_OBJECTIVE_H
#define HUNCH_CHOICE_OBJECTIVE_H

#include <stdint.h>

#include "lane.h"

#include <hunch/choice.h>

/* Most metrics of a reward. */
#define HUNCH__METRICS_MAX 64u

/* What was seen of one metric; plain sums, saved as they are. */
struct hunch__metric_seen {
    double count, sum, squares;
    double price; /* >= 0 */
};

/* The learner's side. */
struct hunch__objective {
    uint32_t count;
    const hunch_metric *metrics;     /* [count] */
    struct hunch__metric_seen *seen; /* [count] */
};

/* reward = offset + sum of coefficient[i] * metric[i]: what a snapshot carries, doubles[1 + count].
 */
void hunch__objective_publish(const struct hunch__objective *objective, double *offset_first);

/* Move the prices by what the lanes have seen since the last time. */
void hunch__objective_step(struct hunch__objective *objective, const struct hunch__lanes *lanes);

/* The reward of metrics[count] by published coefficients. */
static inline double hunch__objective_reward(const double *offset_first, const double *metrics,
                                             uint32_t count)
{
    double reward = offset_first[0];
    for (uint32_t i = 0; i < count; i++) {
        reward += offset_first[1 + i] * metrics[i];
    }
    return reward;
}

#endif
