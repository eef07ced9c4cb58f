/* Detecting that the world changed: how disappointing the last while was against what was before,
 * in windows of several sizes, as ADWIN does (Bifet and Gavalda, "Learning from Time-Changing Data
 * with Adaptive Windowing", SDM 2007), but one-sided: a world that became better is learned anyway.
 * Squared errors would not do: where hardly anything can be predicted, they fall when rewards do.
 */
#include <math.h>
#include <string.h>

#include "auto_state.h"

/* Windows are of 2, 4, 8, ... blocks up to this many, and at least so many lie before them. */
#define BLOCKS_RECENT 32u
#define BLOCKS_BEFORE 8u

/* The difference of the means in units of its deviation that makes a change. Also, predictions must
 * be this much worse than the mean of the recent rewards: else a few unlucky events where there are
 * hardly any are taken for a change (shuttle, nursery). And what is
 * lost must matter beside the rewards' deviation (mushroom). */
#define DEVIATIONS 6.0
#define USELESS    1.2
#define MATERIAL   0.2

/* No sum is larger. */
#define SUM_MAX 1e150

struct sums {
    double n, sum, squares, reward, reward_squares;
};

static struct sums sum_blocks(const struct hunch__watch *watch, uint64_t from, uint64_t to);
static bool differ(const struct sums *before, const struct sums *after);

bool hunch__watch_note(struct hunch__watch *watch, double disappointment, double reward,
                       uint64_t *recent)
{
    const uint64_t at = watch->blocks % HUNCH__WATCH_BLOCKS;
    watch->sum[at] += disappointment;
    watch->squares[at] += disappointment * disappointment;
    watch->reward[at] += reward;
    watch->reward_squares[at] += reward * reward;
    if (++watch->filled < HUNCH__WATCH_BLOCK) {
        return false;
    }
    const uint64_t end = watch->blocks + 1;
    const uint64_t kept = end < HUNCH__WATCH_BLOCKS ? end : HUNCH__WATCH_BLOCKS;
    bool changed = false;
    for (uint64_t n = 2; n <= BLOCKS_RECENT && n + BLOCKS_BEFORE <= kept && !changed; n *= 2) {
        const struct sums before = sum_blocks(watch, end - kept, end - n);
        const struct sums after = sum_blocks(watch, end - n, end);
        changed = differ(&before, &after);
        *recent = n / 2 * HUNCH__WATCH_BLOCK;
    }
    watch->blocks = end;
    watch->filled = 0;
    watch->sum[end % HUNCH__WATCH_BLOCKS] = 0.0;
    watch->squares[end % HUNCH__WATCH_BLOCKS] = 0.0;
    watch->reward[end % HUNCH__WATCH_BLOCKS] = 0.0;
    watch->reward_squares[end % HUNCH__WATCH_BLOCKS] = 0.0;
    return changed;
}

void hunch__watch_reset(struct hunch__watch *watch)
{
    memset(watch, 0, sizeof *watch);
}

bool hunch__watch_is_sound(const struct hunch__watch *watch)
{
    bool sound = watch->filled < HUNCH__WATCH_BLOCK;
    for (uint32_t i = 0; i < HUNCH__WATCH_BLOCKS; i++) {
        sound &= fabs(watch->sum[i]) <= SUM_MAX && fabs(watch->reward[i]) <= SUM_MAX;
        sound &= watch->squares[i] >= 0.0 && watch->squares[i] <= SUM_MAX;
        sound &= watch->reward_squares[i] >= 0.0 && watch->reward_squares[i] <= SUM_MAX;
    }
    return sound;
}

static struct sums sum_blocks(const struct hunch__watch *watch, uint64_t from, uint64_t to)
{
    struct sums sums = {(double)((to - from) * HUNCH__WATCH_BLOCK), 0.0, 0.0, 0.0, 0.0};
    for (uint64_t i = from; i < to; i++) {
        sums.sum += watch->sum[i % HUNCH__WATCH_BLOCKS];
        sums.squares += watch->squares[i % HUNCH__WATCH_BLOCKS];
        sums.reward += watch->reward[i % HUNCH__WATCH_BLOCKS];
        sums.reward_squares += watch->reward_squares[i % HUNCH__WATCH_BLOCKS];
    }
    return sums;
}

static bool differ(const struct sums *before, const struct sums *after)
{
    const double n = before->n + after->n;
    const double all = (before->sum + after->sum) / n;
    const double variance = fmax((before->squares + after->squares) / n - all * all, 0.0);
    const double then = before->sum / before->n;
    const double now = after->sum / after->n;
    const double deviation = sqrt(variance * (1.0 / before->n + 1.0 / after->n));
    const double mean = after->reward / after->n;
    const double useless = after->reward_squares / after->n - mean * mean;
    return now > MATERIAL && now - then > DEVIATIONS * deviation &&
           after->squares / after->n > USELESS * useless;
}
