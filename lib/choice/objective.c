#include "objective.h"

#include <math.h>
#include <stddef.h>

/* Largest price, in units of the reward's spread: beyond it a limit that cannot be kept would
 * drown what can be learned. */
static const double price_max = 100.0;
/* Share of a standard deviation by which a price moves for one standard deviation of violation. */
static const double price_step = 0.1;

static double centre(const hunch_metric *metric, const struct hunch__metric_seen *seen);
static double spread(const struct hunch__metric_seen *seen);
static double reward_spread(const struct hunch__objective *objective);
static void sum_lanes(const struct hunch__lanes *lanes, uint32_t metric,
                      struct hunch__metric_seen *now);
static double violation(const hunch_metric *metric, double value);

void hunch__objective_publish(const struct hunch__objective *objective, double *offset_first)
{
    const double unit = reward_spread(objective);
    offset_first[0] = 0.0;
    for (uint32_t i = 0; i < objective->count; i++) {
        const hunch_metric *metric = &objective->metrics[i];
        const double price = objective->seen[i].price * unit / spread(&objective->seen[i]);
        /* - price * (metric - centre) where violation grows with the metric. */
        const double slope = metric->limit_kind == HUNCH_LIMIT_NONE      ? 0.0
                             : metric->limit_kind == HUNCH_LIMIT_AT_MOST ? 1.0
                                                                         : -1.0;
        offset_first[0] += price * slope * centre(metric, &objective->seen[i]);
        offset_first[1 + i] = metric->weight - price * slope;
    }
}

void hunch__objective_step(struct hunch__objective *objective, const struct hunch__lanes *lanes)
{
    for (uint32_t i = 0; i < objective->count; i++) {
        struct hunch__metric_seen *seen = &objective->seen[i];
        struct hunch__metric_seen now = {0, 0, 0, seen->price};
        sum_lanes(lanes, i, &now);
        const double events = now.count - seen->count;
        if (events > 0.0) {
            const double mean = (now.sum - seen->sum) / events;
            const double wrong = violation(&objective->metrics[i], mean) / spread(&now);
            const double bounded = fmax(-1.0, fmin(1.0, wrong));
            now.price = fmax(0.0, fmin(price_max, seen->price + price_step * bounded));
            *seen = now;
        }
    }
}

/* Where a price is nothing: at the mean, not at the limit, so that rewards do not all move while a
 * price does, and a limit far out of reach leaves their floats some digits for the rest. */
static double centre(const hunch_metric *metric, const struct hunch__metric_seen *seen)
{
    return seen->count > 0.0 ? seen->sum / seen->count : metric->limit;
}

/* Standard deviation of a metric; 1 until it varies. */
static double spread(const struct hunch__metric_seen *seen)
{
    if (seen->count < 2.0) {
        return 1.0;
    }
    const double mean = seen->sum / seen->count;
    const double variance = seen->squares / seen->count - mean * mean;
    return variance > 1e-12 * mean * mean && variance > 0.0 ? sqrt(variance) : 1.0;
}

/* That of the weighted sum, as if the metrics were independent; 1 when none has a weight. */
static double reward_spread(const struct hunch__objective *objective)
{
    double variance = 0.0;
    for (uint32_t i = 0; i < objective->count; i++) {
        const double part = objective->metrics[i].weight * spread(&objective->seen[i]);
        variance += part * part;
    }
    return variance > 0.0 ? sqrt(variance) : 1.0;
}

static void sum_lanes(const struct hunch__lanes *lanes, uint32_t metric,
                      struct hunch__metric_seen *now)
{
    for (uint32_t l = 0; l < lanes->all; l++) {
        const struct hunch__metric_sums *sums = &lanes->lane[l].metrics[metric];
        now->count += hunch__load_relaxed(&sums->count);
        now->sum += hunch__load_relaxed(&sums->sum);
        now->squares += hunch__load_relaxed(&sums->squares);
    }
}

/* By how much `value` is on the wrong side; negative on the right one. */
static double violation(const hunch_metric *metric, double value)
{
    switch (metric->limit_kind) {
    case HUNCH_LIMIT_AT_MOST:
        return value - metric->limit;
    case HUNCH_LIMIT_AT_LEAST:
        return metric->limit - value;
    default:
        return 0.0;
    }
}
