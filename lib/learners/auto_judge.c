/* Who of the members is asked: they are compared by what they expect of events to come. */
#include <math.h>
#include <string.h>

#include "auto_state.h"
#include "explore.h"
#include "learners.h"
#include "mlp_state.h"

/* Means forget what is older than this many events. */
#define MEMORY 1000.0

/* Events that were unlikely count up to this many times in the comparison: what is always played
 * is predicted well by models that know nothing of the rest. */
#define UNLIKELY_MAX 8.0

/* Errors are clipped to this many times the rewards' deviation. */
#define DEVIATIONS_MAX 4.0

/* A member is replaced when another one's error is smaller by this many deviations, and by this
 * share when that one is dearer to ask. */
#define DEVIATIONS   2.5
#define DEARER_SHARE 0.01
#define JUDGED_MIN   128u

/* Where rewards have two values, the network is left, and the linear model taken, only while
 * predictions leave this share of the rewards' variance. Later arms are played only where they
 * succeed; then a linear model expects success of them everywhere, and predicts well what it would
 * not play (shuttle: loss .018 instead of .010). */
#define NOISE 0.7

/* Claims are heard when there are so many, and the last so many count. */
#define DISPUTES_MIN 8u
#define DISPUTES     200.0

/* No sum is larger. */
#define SUM_MAX 1e200

static double question(void *state, const struct hunch__auto_plan *plan,
                       const hunch_learner_shape *shape, const hunch_learner_event *event,
                       uint32_t member);
static struct hunch__mlp_opinion ask_ridge(const void *snapshot, const hunch_learner_shape *shape,
                                           const hunch_learner_event *event, uint32_t member);
static void note(struct hunch__auto_mean *mean, double x, double rate);
static void note_reward(struct hunch__auto_state *head, double reward);
static bool is_better(const struct hunch__auto_state *head, uint32_t member, double *gain);
static void merge_means(struct hunch__auto_mean *means, const struct hunch__auto_mean *other,
                        size_t n, double share);
static bool all_finite(const struct hunch__auto_mean *means, size_t n);

void hunch__auto_look(void *state, const struct hunch__auto_plan *plan,
                      const hunch_learner_shape *shape)
{
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
        if (plan->snapshot[m] != 0) {
            hunch__auto_members[m]->publish(hunch__auto_at(state, plan->state[m]), shape, 0,
                                            hunch__auto_at(state, plan->snapshot[m]));
        }
    }
}

uint64_t hunch__auto_judge(void *state, const struct hunch__auto_plan *plan,
                           const hunch_learner_shape *shape, const hunch_learner_event *event)
{
    struct hunch__auto_state *head = state;
    double less[HUNCH__AUTO_MEMBERS] = {0};
    uint64_t recent = 0;
    head->events++;
    note_reward(head, (double)event->reward);
    const double rate = fmax(1.0 / (double)head->events, 1.0 / MEMORY);
    const double weight = fmin(1.0 / (double)event->propensity, UNLIKELY_MAX);
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
        if (plan->state[m] == 0) {
            continue;
        }
        less[m] = question(state, plan, shape, event, m);
        note(&head->error[m], weight * less[m] * less[m], rate);
        for (uint32_t i = 0; i < m; i++) {
            note(&head->gap[i][m], weight * (less[i] * less[i] - less[m] * less[m]), rate);
        }
    }
    const double deviation = sqrt(head->reward[1] / (double)head->events);
    const double unit = deviation > 0.0 ? 1.0 / deviation : 0.0;
    const double reward = ((double)event->reward - head->reward[0]) * unit;
    return hunch__watch_note(&head->watch, less[head->served] * unit, reward, &recent) ? recent : 0;
}

void hunch__auto_judge_anew(struct hunch__auto_state *head, uint64_t recent)
{
    head->reward[1] *= (double)recent / (double)head->events;
    head->changes++;
    head->events = recent;
    hunch__watch_reset(&head->watch);
    memset(head->error, 0, sizeof head->error);
    memset(head->gap, 0, sizeof head->gap);
    memset(head->claim, 0, sizeof head->claim);
    memset(head->disputes, 0, sizeof head->disputes);
}

/* Rewards of two values are for the network at first, whose form is made for them, others for the
 * linear model. */
void hunch__auto_elect(void *state, const struct hunch__auto_plan *plan)
{
    struct hunch__auto_state *head = state;
    const size_t mlp = plan->state[HUNCH__AUTO_MLP];
    const bool binary = mlp != 0 && hunch__mlp_is_binary(hunch__auto_at(state, mlp));
    uint32_t elected = head->served;
    double most = 0.0;
    if (!binary && head->settled == 0) {
        head->settled = 1;
        elected = HUNCH__AUTO_LINEAR;
    }
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS && head->events >= JUDGED_MIN; m++) {
        double gain = 0.0;
        if (m != head->served && plan->state[m] != 0 && is_better(head, m, &gain) && gain > most) {
            elected = m;
            most = gain;
        }
    }
    if (elected != head->served) {
        head->served = elected;
        memset(head->claim, 0, sizeof head->claim);
        memset(head->disputes, 0, sizeof head->disputes);
    }
}

/* The mean of both, each counted by its events; who is asked is decided by the one with more. */
void hunch__auto_judge_merge(struct hunch__auto_state *head, const struct hunch__auto_state *other)
{
    const double n = (double)head->events + (double)other->events;
    const double share = n > 0.0 ? (double)other->events / n : 0.0;
    const double difference = other->reward[0] - head->reward[0];
    head->reward[0] += share * difference;
    head->reward[1] += other->reward[1] + difference * difference * share * (double)head->events;
    merge_means(head->error, other->error, HUNCH__AUTO_MEMBERS, share);
    merge_means(head->gap[0], other->gap[0], HUNCH__AUTO_MEMBERS * HUNCH__AUTO_MEMBERS, share);
    if (other->events > head->events) {
        head->served = other->served;
    }
    head->events += other->events;
    head->changes += other->changes;
    head->settled |= other->settled;
    memset(head->claim, 0, sizeof head->claim);
    memset(head->disputes, 0, sizeof head->disputes);
    hunch__watch_reset(&head->watch);
}

bool hunch__auto_judge_is_sound(const struct hunch__auto_state *head,
                                const struct hunch__auto_plan *plan)
{
    return head->served < HUNCH__AUTO_MEMBERS && plan->state[head->served] != 0 &&
           head->settled <= 1 && fabs(head->reward[0]) <= SUM_MAX && head->reward[1] >= 0.0 &&
           head->reward[1] <= SUM_MAX && all_finite(head->error, HUNCH__AUTO_MEMBERS) &&
           all_finite(head->gap[0], HUNCH__AUTO_MEMBERS * HUNCH__AUTO_MEMBERS) &&
           all_finite(head->claim, HUNCH__AUTO_MEMBERS) && hunch__watch_is_sound(&head->watch);
}

/* By how much the reward was less than a member expected, whose claim is noted when it would have
 * played another arm. */
static double question(void *state, const struct hunch__auto_plan *plan,
                       const hunch_learner_shape *shape, const hunch_learner_event *event,
                       uint32_t member)
{
    struct hunch__auto_state *head = state;
    const double reward = (double)event->reward;
    const struct hunch__mlp_opinion opinion =
        member == HUNCH__AUTO_MLP
            ? hunch__mlp_ask(hunch__auto_at(state, plan->state[member]), shape, &event->x,
                             event->arm)
            : ask_ridge(hunch__auto_at(state, plan->snapshot[member]), shape, event, member);
    if (opinion.best != event->arm) {
        const double n = (double)++head->disputes[member];
        note(&head->claim[member], opinion.of_best - reward, fmax(1.0 / n, 1.0 / DISPUTES));
    }
    const double most = DEVIATIONS_MAX * sqrt(head->reward[1] / (double)head->events);
    return fmax(fmin(opinion.of_arm - reward, most), -most);
}

static struct hunch__mlp_opinion ask_ridge(const void *snapshot, const hunch_learner_shape *shape,
                                           const hunch_learner_event *event, uint32_t member)
{
    struct hunch__mlp_opinion opinion = {0.0, 0.0, 0};
    float p[HUNCH__ARMS_MAX];
    hunch__auto_members[member]->score(snapshot, shape, &event->x, NULL, NULL, p);
    for (uint32_t a = 1; a < shape->arms; a++) {
        opinion.best = p[a] > p[opinion.best] ? a : opinion.best;
    }
    if (member == HUNCH__AUTO_LINEAR) {
        opinion.of_arm = hunch__linear_predict(snapshot, shape, &event->x, event->arm);
        opinion.of_best = hunch__linear_predict(snapshot, shape, &event->x, opinion.best);
    } else {
        opinion.of_arm = hunch__quadratic_predict(snapshot, shape, &event->x, event->arm);
        opinion.of_best = hunch__quadratic_predict(snapshot, shape, &event->x, opinion.best);
    }
    return opinion;
}

static void note(struct hunch__auto_mean *mean, double x, double rate)
{
    mean->mean += rate * (x - mean->mean);
    mean->squares += rate * (x * x - mean->squares);
}

/* Welford's recurrence. */
static void note_reward(struct hunch__auto_state *head, double reward)
{
    const double difference = reward - head->reward[0];
    head->reward[0] += difference / (double)head->events;
    head->reward[1] += difference * (reward - head->reward[0]);
}

/* Whether the member should replace the one that is asked: it predicts better, and where it would
 * have chosen otherwise, it does not itself expect less than there was. */
static bool is_better(const struct hunch__auto_state *head, uint32_t member, double *gain)
{
    const uint32_t served = head->served;
    const bool dearer = member > served;
    const struct hunch__auto_mean *gap =
        dearer ? &head->gap[served][member] : &head->gap[member][served];
    const double n = fmin((double)head->events, MEMORY);
    const double variance = fmax(gap->squares - gap->mean * gap->mean, 0.0);
    const double error = head->error[served].mean;
    *gain = dearer ? gap->mean : -gap->mean;
    if (head->disputes[member] >= DISPUTES_MIN && head->claim[member].mean < 0.0) {
        return false;
    }
    if (head->settled == 0 && (served == HUNCH__AUTO_MLP || member == HUNCH__AUTO_LINEAR) &&
        error < NOISE * head->reward[1] / (double)head->events) {
        return false;
    }
    return *gain > DEVIATIONS * sqrt(variance / n) && *gain > (dearer ? DEARER_SHARE * error : 0.0);
}

static void merge_means(struct hunch__auto_mean *means, const struct hunch__auto_mean *other,
                        size_t n, double share)
{
    for (size_t i = 0; i < n; i++) {
        means[i].mean += share * (other[i].mean - means[i].mean);
        means[i].squares += share * (other[i].squares - means[i].squares);
    }
}

static bool all_finite(const struct hunch__auto_mean *means, size_t n)
{
    bool finite = true;
    for (size_t i = 0; i < n; i++) {
        finite &= fabs(means[i].mean) <= SUM_MAX && fabs(means[i].squares) <= SUM_MAX;
    }
    return finite;
}
