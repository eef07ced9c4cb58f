/* The default: several models learn, and the one that predicts best is asked. */
#include <math.h>
#include <string.h>

#include "auto_state.h"
#include "bits.h"
#include "diag.h"
#include "explore.h"
#include "learners.h"
#include "linear_state.h"
#include "mlp_state.h"
#include "pairs.h"

/* What a member's state may take. */
#define BYTES_MAX ((size_t)64 << 20)

/* Most columns of the quadratic one, products included: an event takes the second power of them. */
#define QUADRATIC_COLUMNS 200u

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

/* The network is left, and the linear one taken, only while predictions leave this share of the
 * rewards' variance. Later arms are played only where they succeed; then a linear model expects
 * success of them everywhere, and predicts well what it would not play (shuttle: loss .018 instead
 * of .010). */
#define NOISE 0.7

/* Claims are heard when there are so many, and the last so many count. */
#define DISPUTES_MIN 8u
#define DISPUTES     200.0

/* Events after which a network that is not asked is trained less. */
#define IDLE_EVENTS 2000u
#define IDLE_EFFORT 0.25

/* The snapshot is that of the learner that does all of it. */
#define DELEGATED UINT32_MAX

/* What a snapshot begins with; the member's own follows. */
struct head {
    uint32_t served; /* a member, or DELEGATED */
    uint32_t reserved[15];
};

_Static_assert(sizeof(struct head) == 64, "the snapshot behind it is 64-aligned");

static const hunch_learner_ops *const members[HUNCH__AUTO_MEMBERS] = {
    [HUNCH__AUTO_LINEAR] = &hunch__learner_linear,
    [HUNCH__AUTO_MLP] = &hunch__learner_mlp,
    [HUNCH__AUTO_QUADRATIC] = &hunch__learner_quadratic,
};

static size_t auto_state_bytes(const hunch_learner_shape *shape);
static size_t auto_snapshot_bytes(const hunch_learner_shape *shape);
static void auto_init(void *state, const hunch_learner_shape *shape, uint64_t seed);
static void auto_score(const void *snapshot, const hunch_learner_shape *shape,
                       const hunch_context *x, const float *candidates, const uint64_t *mask,
                       float *p);
static uint32_t auto_choose(const void *snapshot, const hunch_learner_shape *shape,
                            const hunch_context *x, const uint64_t *mask, uint64_t dice,
                            float *propensity);
static void auto_learn(void *state, const hunch_learner_shape *shape,
                       const hunch_learner_event *events, size_t n);
static void auto_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                         void *snapshot);
static hunch_status auto_validate(const void *state, const hunch_learner_shape *shape,
                                  hunch_diag *diag);
static void auto_merge(void *state, const hunch_learner_shape *shape, const void *other);
static const char *auto_model(const void *snapshot, const hunch_learner_shape *shape);
static const hunch_learner_ops *asked(const struct head *head, const hunch_learner_shape *shape);
static const hunch_learner_ops *delegate(const hunch_learner_shape *shape);
static bool plan_make(struct hunch__auto_plan *plan, const hunch_learner_shape *shape);
static bool is_wide(const hunch_learner_shape *shape);
static void *part(const void *state, size_t offset);
static void judge(void *state, const struct hunch__auto_plan *plan,
                  const hunch_learner_shape *shape, const hunch_learner_event *event);
static double question(void *state, const struct hunch__auto_plan *plan,
                       const hunch_learner_shape *shape, const hunch_learner_event *event,
                       uint32_t member);
static struct hunch__mlp_opinion ask_ridge(const void *snapshot, const hunch_learner_shape *shape,
                                           const hunch_learner_event *event, uint32_t member);
static void note(struct hunch__auto_mean *mean, double x, double rate);
static void note_reward(struct hunch__auto_state *head, double reward);
static void begin_again(void *state, const struct hunch__auto_plan *plan,
                        const hunch_learner_shape *shape, uint64_t recent);
static void learn_again(void *state, const struct hunch__auto_plan *plan,
                        const hunch_learner_shape *shape);
static void elect(void *state, const struct hunch__auto_plan *plan);
static bool is_better(const struct hunch__auto_state *head, uint32_t member, double *gain);
static bool head_is_sound(const struct hunch__auto_state *head,
                          const struct hunch__auto_plan *plan);

const hunch_learner_ops hunch__learner_auto = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "auto",
    .state_bytes = auto_state_bytes,
    .snapshot_bytes = auto_snapshot_bytes,
    .init = auto_init,
    .score = auto_score,
    .choose = auto_choose,
    .learn = auto_learn,
    .publish = auto_publish,
    .validate = auto_validate,
    .merge = auto_merge,
    .model = auto_model,
};

bool hunch__auto_merges(const hunch_learner_shape *shape)
{
    const hunch_learner_ops *other = delegate(shape);
    return other == NULL || other->merge != NULL;
}

const struct hunch__linear *hunch__auto_linear_of(const void *snapshot)
{
    const struct head *head = snapshot;
    return head->served == HUNCH__AUTO_LINEAR ? (const void *)(head + 1) : NULL;
}

static size_t auto_state_bytes(const hunch_learner_shape *shape)
{
    const hunch_learner_ops *other = delegate(shape);
    struct hunch__auto_plan plan;
    if (other != NULL) {
        return other->state_bytes(shape);
    }
    return plan_make(&plan, shape) ? plan.total : 0;
}

static size_t auto_snapshot_bytes(const hunch_learner_shape *shape)
{
    const hunch_learner_ops *other = delegate(shape);
    struct hunch__auto_plan plan;
    if (other != NULL) {
        const size_t bytes = other->snapshot_bytes(shape);
        return bytes != 0 ? sizeof(struct head) + bytes : 0;
    }
    return plan_make(&plan, shape) ? sizeof(struct head) + plan.snapshot_bytes : 0;
}

static void auto_init(void *state, const hunch_learner_shape *shape, uint64_t seed)
{
    const hunch_learner_ops *other = delegate(shape);
    struct hunch__auto_plan plan;
    if (other != NULL) {
        other->init(state, shape, seed);
        return;
    }
    (void)plan_make(&plan, shape);
    struct hunch__auto_state *head = state;
    head->served = plan.state[HUNCH__AUTO_MLP] != 0 ? HUNCH__AUTO_MLP : HUNCH__AUTO_LINEAR;
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
        if (plan.state[m] != 0) {
            members[m]->init(part(state, plan.state[m]), shape, seed);
        }
        if (plan.snapshot[m] != 0) {
            members[m]->publish(part(state, plan.state[m]), shape, seed,
                                part(state, plan.snapshot[m]));
        }
    }
}

static void auto_score(const void *snapshot, const hunch_learner_shape *shape,
                       const hunch_context *x, const float *candidates, const uint64_t *mask,
                       float *p)
{
    const struct head *head = snapshot;
    asked(head, shape)->score(head + 1, shape, x, candidates, mask, p);
}

static uint32_t auto_choose(const void *snapshot, const hunch_learner_shape *shape,
                            const hunch_context *x, const uint64_t *mask, uint64_t dice,
                            float *propensity)
{
    const struct head *head = snapshot;
    const hunch_learner_ops *ops = asked(head, shape);
    if (ops->choose != NULL) {
        return ops->choose(head + 1, shape, x, mask, dice, propensity);
    }
    float p[HUNCH__ARMS_MAX];
    ops->score(head + 1, shape, x, NULL, mask, p);
    const uint32_t arm = hunch_draw(p, shape->arms, dice);
    *propensity = p[arm];
    return arm;
}

static void auto_learn(void *state, const hunch_learner_shape *shape,
                       const hunch_learner_event *events, size_t n)
{
    const hunch_learner_ops *other = delegate(shape);
    struct hunch__auto_plan plan;
    if (other != NULL) {
        other->learn(state, shape, events, n);
        return;
    }
    (void)plan_make(&plan, shape);
    for (size_t i = 0; i < n; i++) {
        judge(state, &plan, shape, &events[i]);
        for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
            if (plan.state[m] != 0) {
                members[m]->learn(part(state, plan.state[m]), shape, &events[i], 1);
            }
        }
    }
}

static void auto_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                         void *snapshot)
{
    const hunch_learner_ops *other = delegate(shape);
    struct hunch__auto_plan plan;
    struct hunch__auto_state *head = state;
    struct head *out = snapshot;
    if (other != NULL) {
        memset(out, 0, sizeof *out);
        out->served = DELEGATED;
        other->publish(state, shape, dice, out + 1);
        return;
    }
    (void)plan_make(&plan, shape);
    memset(out, 0, sizeof *out + plan.snapshot_bytes);
    elect(state, &plan);
    out->served = head->served;
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
        if (plan.snapshot[m] != 0) {
            members[m]->publish(part(state, plan.state[m]), shape, dice,
                                part(state, plan.snapshot[m]));
        }
    }
    void *model = part(state, plan.state[head->served]);
    if (plan.snapshot[head->served] != 0) {
        memcpy(out + 1, part(state, plan.snapshot[head->served]),
               members[head->served]->snapshot_bytes(shape));
    } else {
        members[head->served]->publish(model, shape, dice, out + 1);
    }
    if (plan.state[HUNCH__AUTO_MLP] != 0) {
        const bool idle = head->served != HUNCH__AUTO_MLP && head->events > IDLE_EVENTS;
        hunch__mlp_set_effort(part(state, plan.state[HUNCH__AUTO_MLP]), idle ? IDLE_EFFORT : 1.0);
    }
}

static hunch_status auto_validate(const void *state, const hunch_learner_shape *shape,
                                  hunch_diag *diag)
{
    const hunch_learner_ops *other = delegate(shape);
    const struct hunch__auto_state *head = state;
    struct hunch__auto_plan plan;
    if (other != NULL) {
        return other->validate(state, shape, diag);
    }
    (void)plan_make(&plan, shape);
    if (!head_is_sound(head, &plan)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "no events lead to this head");
    }
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
        if (plan.state[m] != 0) {
            const hunch_status status =
                members[m]->validate(part(state, plan.state[m]), shape, diag);
            if (status != HUNCH_OK) {
                if (diag != NULL) {
                    diag->at += plan.state[m];
                }
                return status;
            }
        }
    }
    return HUNCH_OK;
}

static void auto_merge(void *state, const hunch_learner_shape *shape, const void *other)
{
    const hunch_learner_ops *ops = delegate(shape);
    struct hunch__auto_state *head = state;
    const struct hunch__auto_state *theirs = other;
    struct hunch__auto_plan plan;
    if (ops != NULL) {
        if (ops->merge != NULL) {
            ops->merge(state, shape, other);
        }
        return;
    }
    (void)plan_make(&plan, shape);
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
        if (plan.state[m] != 0) {
            members[m]->merge(part(state, plan.state[m]), shape, part(other, plan.state[m]));
        }
    }
    if (theirs->events > head->events) {
        const uint64_t events = head->events + theirs->events;
        *head = *theirs;
        head->events = events;
    } else {
        head->events += theirs->events;
    }
    hunch__watch_reset(&head->watch);
}

static const char *auto_model(const void *snapshot, const hunch_learner_shape *shape)
{
    const struct head *head = snapshot;
    return asked(head, shape)->name;
}

/* Who answers for the snapshot. */
static const hunch_learner_ops *asked(const struct head *head, const hunch_learner_shape *shape)
{
    return head->served < HUNCH__AUTO_MEMBERS ? members[head->served] : delegate(shape);
}

/* Who does all of it for shapes that leave no choice; NULL for the others. */
static const hunch_learner_ops *delegate(const hunch_learner_shape *shape)
{
    if (shape->arms_kind == HUNCH_ARMS_CANDIDATES || shape->candidate_features != 0) {
        return &hunch__learner_candidates;
    }
    if (shape->arms_kind == HUNCH_ARMS_EPISODE) {
        return &hunch__learner_policy_gradient;
    }
    if (shape->arms_kind == HUNCH_ARMS_ORDERED) {
        return &hunch__learner_curve;
    }
    if (shape->features == 0) {
        return &hunch__learner_thompson_gauss;
    }
    const size_t bytes = hunch__linear_state_bytes(shape);
    return bytes == 0 || bytes > BYTES_MAX ? &hunch__learner_wide : NULL;
}

static bool plan_make(struct hunch__auto_plan *plan, const hunch_learner_shape *shape)
{
    memset(plan, 0, sizeof *plan);
    plan->total = hunch__align_up(sizeof(struct hunch__auto_state), HUNCH__CACHE_LINE);
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
        const size_t bytes = members[m]->state_bytes(shape);
        if (bytes == 0 || bytes > BYTES_MAX || (m == HUNCH__AUTO_QUADRATIC && is_wide(shape))) {
            continue;
        }
        const size_t snapshot = members[m]->snapshot_bytes(shape);
        plan->state[m] = plan->total;
        plan->total += hunch__align_up(bytes, HUNCH__CACHE_LINE);
        if (m != HUNCH__AUTO_MLP) {
            plan->snapshot[m] = plan->total;
            plan->total += hunch__align_up(snapshot, HUNCH__CACHE_LINE);
        }
        plan->snapshot_bytes = snapshot > plan->snapshot_bytes ? snapshot : plan->snapshot_bytes;
    }
    return plan->state[HUNCH__AUTO_LINEAR] != 0;
}

/* Whether the quadratic model of the shape is too expensive. */
static bool is_wide(const hunch_learner_shape *shape)
{
    struct hunch__pairs pairs;
    return !hunch__pairs_plan(shape, &pairs) || pairs.features_all > QUADRATIC_COLUMNS;
}

static void *part(const void *state, size_t offset)
{
    return (char *)(uintptr_t)state + offset;
}

/* Compare what the members expected of the event before any of them learns from it. */
static void judge(void *state, const struct hunch__auto_plan *plan,
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
    if (hunch__watch_note(&head->watch, less[head->served] * unit, reward, &recent)) {
        begin_again(state, plan, shape, recent);
    }
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
            ? hunch__mlp_ask(part(state, plan->state[member]), shape, &event->x, event->arm)
            : ask_ridge(part(state, plan->snapshot[member]), shape, event, member);
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
    members[member]->score(snapshot, shape, &event->x, NULL, NULL, p);
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

/* The world changed: what was learned before the last `recent` events is about another one. */
static void begin_again(void *state, const struct hunch__auto_plan *plan,
                        const hunch_learner_shape *shape, uint64_t recent)
{
    struct hunch__auto_state *head = state;
    const double share = (double)recent / (double)head->events;
    head->changes++;
    head->events = recent;
    head->reward[1] *= share;
    hunch__watch_reset(&head->watch);
    memset(head->error, 0, sizeof head->error);
    memset(head->gap, 0, sizeof head->gap);
    memset(head->claim, 0, sizeof head->claim);
    memset(head->disputes, 0, sizeof head->disputes);
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
        if (plan->state[m] == 0 || m == HUNCH__AUTO_MLP) {
            continue;
        }
        void *model = part(state, plan->state[m]);
        memset(model, 0, members[m]->state_bytes(shape));
        members[m]->init(model, shape, head->changes);
    }
    if (plan->state[HUNCH__AUTO_MLP] != 0) {
        hunch__mlp_forget(part(state, plan->state[HUNCH__AUTO_MLP]), shape, recent);
        learn_again(state, plan, shape);
    }
}

/* Let the others learn what the network still remembers. */
static void learn_again(void *state, const struct hunch__auto_plan *plan,
                        const hunch_learner_shape *shape)
{
    const void *mlp = part(state, plan->state[HUNCH__AUTO_MLP]);
    struct hunch__mlp_plan ring;
    uint32_t columns[HUNCH__MLP_ENTRIES_MAX];
    float values[HUNCH__MLP_ENTRIES_MAX];
    (void)hunch__mlp_plan_make(&ring, shape);
    for (uint64_t age = hunch__mlp_stored(mlp, &ring); age > 0; age--) {
        const struct hunch__mlp_record *record = hunch__mlp_record_at(mlp, &ring, age - 1);
        const hunch_learner_event event = {.x = hunch__mlp_recall(record, &ring, columns, values),
                                           .arm = record->arm,
                                           .propensity = 1.0f,
                                           .reward = record->reward,
                                           .weight = record->weight};
        for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
            if (plan->state[m] != 0 && m != HUNCH__AUTO_MLP) {
                members[m]->learn(part(state, plan->state[m]), shape, &event, 1);
            }
        }
    }
}

/* Decide who is asked from now on. Rewards of two values are for the network at first, whose form
 * is made for them, others for the linear model. */
static void elect(void *state, const struct hunch__auto_plan *plan)
{
    struct hunch__auto_state *head = state;
    const size_t mlp = plan->state[HUNCH__AUTO_MLP];
    const bool binary = mlp != 0 && hunch__mlp_is_binary(part(state, mlp));
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
    if ((served == HUNCH__AUTO_MLP || member == HUNCH__AUTO_LINEAR) &&
        error < NOISE * head->reward[1] / (double)head->events) {
        return false;
    }
    return *gain > DEVIATIONS * sqrt(variance / n) && *gain > (dearer ? DEARER_SHARE * error : 0.0);
}

static bool head_is_sound(const struct hunch__auto_state *head, const struct hunch__auto_plan *plan)
{
    bool sound = head->served < HUNCH__AUTO_MEMBERS && plan->state[head->served] != 0 &&
                 head->settled <= 1 && isfinite(head->reward[0]) && head->reward[1] >= 0.0 &&
                 isfinite(head->reward[1]) && hunch__watch_is_sound(&head->watch);
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
        sound &= isfinite(head->error[m].mean) && isfinite(head->error[m].squares) &&
                 isfinite(head->claim[m].mean) && isfinite(head->claim[m].squares);
        for (uint32_t i = 0; i < HUNCH__AUTO_MEMBERS; i++) {
            sound &= isfinite(head->gap[i][m].mean) && isfinite(head->gap[i][m].squares);
        }
    }
    return sound;
}
