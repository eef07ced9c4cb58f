/* A small network of every arm's reward, trained on events that it remembers. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "diag.h"
#include "explore.h"
#include "learners.h"
#include "mlp_state.h"
#include "real.h"

/* Events before the first weights, at least so many and so many an arm: how columns are spread must
 * be known, and whether arms compete is seen best while all are played. */
#define EVENTS_MIN 8u
#define EVENTS_ARM 2u

/* Steps after an event: STEPS (1 + EARLY / (1 + n / EARLY_EVENTS)), falling like 1 / sqrt(n) beyond
 * LATE_EVENTS, where replay gains little. */
#define STEPS        1.0
#define EARLY        3.0
#define EARLY_EVENTS 1000.0
#define LATE_EVENTS  20000.0

/* Most steps that are done at once for new weights. */
#define STEPS_AGAIN 200.0

/* The spread of columns is looked at again when there are so many times as many events. */
#define REFRESH       1.3
#define REFRESH_OFTEN 16u

/* What numbers of a state stay below. */
#define NUMBER_MAX 1e12f
#define WEIGHT_MAX 1e5f
#define SUM_MAX    1e80

static size_t mlp_state_bytes(const hunch_learner_shape *shape);
static void mlp_init(void *state, const hunch_learner_shape *shape, uint64_t seed);
static void mlp_learn(void *state, const hunch_learner_shape *shape,
                      const hunch_learner_event *events, size_t n);
static hunch_status mlp_validate(const void *state, const hunch_learner_shape *shape,
                                 hunch_diag *diag);
static void mlp_merge(void *state, const hunch_learner_shape *shape, const void *other);
static uint64_t events_min(const struct hunch__mlp_plan *plan);
static double in_rewards(const struct hunch__mlp_state *head, float expected);
static void restart(void *state, const struct hunch__mlp_plan *plan);
static void look_again(void *state, const struct hunch__mlp_plan *plan);
static double steps_due(const struct hunch__mlp_state *head);
static bool head_is_sound(const struct hunch__mlp_state *head, const struct hunch__mlp_plan *plan);
static bool record_is_sound(const struct hunch__mlp_record *record,
                            const struct hunch__mlp_plan *plan);
static bool all_within(const float *x, size_t n, float least, float most);
static bool sums_are_sound(const double *mean, const double *squares, size_t n);

const hunch_learner_ops hunch__learner_mlp = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 1,
    .name = "mlp",
    .state_bytes = mlp_state_bytes,
    .snapshot_bytes = hunch__mlp_snapshot_bytes,
    .init = mlp_init,
    .score = hunch__mlp_score,
    .choose = hunch__mlp_choose,
    .learn = mlp_learn,
    .publish = hunch__mlp_publish,
    .validate = mlp_validate,
    .merge = mlp_merge,
};

struct hunch__mlp_opinion hunch__mlp_ask(void *state, const hunch_learner_shape *shape,
                                         const hunch_context *x, uint32_t arm)
{
    const struct hunch__mlp_state *head = state;
    struct hunch__mlp_opinion opinion = {head->reward[0], head->reward[0], 0};
    struct hunch__mlp_plan plan;
    float z[HUNCH__ARMS_MAX];
    (void)hunch__mlp_plan_make(&plan, shape);
    if (head->started != 0) {
        hunch__mlp_outputs(state, &plan, x, z);
        for (uint32_t a = 1; a < plan.arms; a++) {
            opinion.best = z[a] > z[opinion.best] ? a : opinion.best;
        }
        opinion.of_arm = in_rewards(head, hunch__mlp_expected(head->form, z, plan.arms, arm));
        opinion.of_best =
            in_rewards(head, hunch__mlp_expected(head->form, z, plan.arms, opinion.best));
    }
    return opinion;
}

bool hunch__mlp_is_binary(const void *state)
{
    const struct hunch__mlp_state *head = state;
    return head->form != HUNCH__MLP_SQUARED;
}

void hunch__mlp_set_effort(void *state, double effort)
{
    struct hunch__mlp_state *head = state;
    head->effort = effort;
}

void hunch__mlp_forget(void *state, const hunch_learner_shape *shape, uint64_t keep)
{
    struct hunch__mlp_state *head = state;
    struct hunch__mlp_plan plan;
    (void)hunch__mlp_plan_make(&plan, shape);
    if (keep >= hunch__mlp_stored(head, &plan)) {
        return;
    }
    const double share = (double)keep / (double)head->known;
    double *squares = hunch__mlp_at(state, plan.spread);
    for (uint32_t f = 0; f < plan.dense; f++) {
        squares[plan.dense + f] *= share;
    }
    head->reward[1] *= share;
    memset(head->chances, 0, sizeof head->chances);
    memset(head->squares, 0, sizeof head->squares);
    head->form = head->form == HUNCH__MLP_SQUARED ? HUNCH__MLP_SQUARED : HUNCH__MLP_COMPETE;
    head->known = keep;
    head->refresh = keep;
    head->started = 0;
    head->credit = 0.0;
    if (keep >= events_min(&plan)) {
        look_again(state, &plan);
        restart(state, &plan);
    }
}

static size_t mlp_state_bytes(const hunch_learner_shape *shape)
{
    struct hunch__mlp_plan plan;
    return hunch__mlp_plan_make(&plan, shape) ? plan.total : 0;
}

static void mlp_init(void *state, const hunch_learner_shape *shape, uint64_t seed)
{
    struct hunch__mlp_state *head = state;
    (void)shape;
    head->random = seed;
    head->effort = 1.0;
}

static void mlp_learn(void *state, const hunch_learner_shape *shape,
                      const hunch_learner_event *events, size_t n)
{
    struct hunch__mlp_state *head = state;
    struct hunch__mlp_plan plan;
    (void)hunch__mlp_plan_make(&plan, shape);
    for (size_t i = 0; i < n; i++) {
        const uint32_t form = head->form;
        hunch__mlp_remember(state, &plan, &events[i]);
        if (head->known >= head->refresh) {
            look_again(state, &plan);
        }
        if (head->known >= events_min(&plan) && (head->started == 0 || head->form != form)) {
            restart(state, &plan);
        }
        head->credit += head->started != 0 ? steps_due(head) : 0.0;
        while (head->credit >= 1.0) {
            head->credit -= 1.0;
            hunch__mlp_step(state, &plan, shape);
        }
    }
}

static hunch_status mlp_validate(const void *state, const hunch_learner_shape *shape,
                                 hunch_diag *diag)
{
    const struct hunch__mlp_state *head = state;
    struct hunch__mlp_plan plan;
    (void)hunch__mlp_plan_make(&plan, shape);
    if (!head_is_sound(head, &plan)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "no events lead to this head");
    }
    const double *spread = hunch__mlp_at(state, plan.spread);
    if (!sums_are_sound(spread, spread + plan.dense, plan.dense) ||
        !all_within(hunch__mlp_at(state, plan.center), plan.dense, -1e31f, 1e31f) ||
        !all_within(hunch__mlp_at(state, plan.scale), plan.dense, 0.0f, 1e31f)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, plan.spread, "no columns are spread like this");
    }
    for (uint32_t e = 0; e < plan.members; e++) {
        const float *w = hunch__mlp_numbers(state, &plan, e, 0);
        if (!all_within(w, plan.numbers, -WEIGHT_MAX, WEIGHT_MAX) ||
            !all_within(w + plan.numbers, plan.numbers, -NUMBER_MAX, NUMBER_MAX) ||
            !all_within(w + 2 * plan.numbers, plan.numbers, 0.0f, NUMBER_MAX)) {
            return hunch__fail(diag, HUNCH_ECORRUPT,
                               (uint64_t)((const char *)w - (const char *)state),
                               "network %u: a number is too large", e);
        }
    }
    for (uint32_t i = 0; i < hunch__mlp_stored(head, &plan); i++) {
        const struct hunch__mlp_record *record = hunch__mlp_record_at(state, &plan, i);
        if (!record_is_sound(record, &plan)) {
            return hunch__fail(diag, HUNCH_ECORRUPT,
                               (uint64_t)((const char *)record - (const char *)state),
                               "this is not an event of the shape");
        }
    }
    return HUNCH_OK;
}

/* What others remember is remembered here, too; weights cannot be added. */
static void mlp_merge(void *state, const hunch_learner_shape *shape, const void *other)
{
    struct hunch__mlp_state *head = state;
    struct hunch__mlp_plan plan;
    uint32_t columns[HUNCH__MLP_ENTRIES_MAX];
    float values[HUNCH__MLP_ENTRIES_MAX];
    (void)hunch__mlp_plan_make(&plan, shape);
    const uint32_t form = head->form;
    for (uint64_t age = hunch__mlp_stored(other, &plan); age > 0; age--) {
        const struct hunch__mlp_record *record = hunch__mlp_record_at(other, &plan, age - 1);
        const hunch_learner_event event = {.x = hunch__mlp_recall(record, &plan, columns, values),
                                           .arm = record->arm,
                                           .propensity = 1.0f,
                                           .reward = record->reward,
                                           .weight = record->weight};
        hunch__mlp_remember(state, &plan, &event);
    }
    if (head->known >= events_min(&plan)) {
        look_again(state, &plan);
        if (head->started == 0 || head->form != form) {
            restart(state, &plan);
        }
    }
}

static uint64_t events_min(const struct hunch__mlp_plan *plan)
{
    const uint64_t all = (uint64_t)EVENTS_ARM * plan->arms;
    return all > EVENTS_MIN ? all : EVENTS_MIN;
}

static double in_rewards(const struct hunch__mlp_state *head, float expected)
{
    if (head->form == HUNCH__MLP_SQUARED) {
        const double variance = head->reward[1] / (double)(head->known + 1);
        return head->reward[0] + (double)expected * sqrt(variance);
    }
    return head->low + (double)expected * (head->high - head->low);
}

/* New weights, and the training that they need. */
static void restart(void *state, const struct hunch__mlp_plan *plan)
{
    struct hunch__mlp_state *head = state;
    hunch__mlp_start(state, plan);
    head->credit = fmin((1.0 + EARLY) * (double)head->known, STEPS_AGAIN);
}

static void look_again(void *state, const struct hunch__mlp_plan *plan)
{
    struct hunch__mlp_state *head = state;
    hunch__mlp_refresh(state, plan);
    const double next = (double)head->known * REFRESH;
    head->refresh = head->known < REFRESH_OFTEN ? head->known + 1 : (uint64_t)next + 1;
}

static double steps_due(const struct hunch__mlp_state *head)
{
    const double n = (double)head->known;
    const double late = n > LATE_EVENTS ? sqrt(LATE_EVENTS / n) : 1.0;
    return head->effort * STEPS * late * (1.0 + EARLY / (1.0 + n / EARLY_EVENTS));
}

static bool head_is_sound(const struct hunch__mlp_state *head, const struct hunch__mlp_plan *plan)
{
    const double number[] = {head->credit, head->effort, head->beta[0], head->beta[1]};
    bool sound = head->known <= head->events && head->next < plan->events &&
                 head->form <= HUNCH__MLP_SQUARED && head->started <= 1 &&
                 sums_are_sound(&head->reward[0], &head->reward[1], 1) &&
                 fabs(head->low) <= SUM_MAX && fabs(head->high) <= SUM_MAX &&
                 sums_are_sound(head->chances, head->squares, 2) && head->credit <= SUM_MAX;
    for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) {
        sound &= number[i] >= 0.0 && (i == 0 ? number[i] <= 2 * STEPS_AGAIN : number[i] <= 1.0);
    }
    return sound;
}

static bool record_is_sound(const struct hunch__mlp_record *record,
                            const struct hunch__mlp_plan *plan)
{
    const float *dense = hunch__mlp_record_dense(record);
    uint32_t columns[HUNCH__MLP_ENTRIES_MAX];
    float values[HUNCH__MLP_ENTRIES_MAX];
    if (record->arm >= plan->arms || record->count > plan->entries || !isfinite(record->reward) ||
        !(record->weight > 0.0f && record->weight <= HUNCH__MLP_WEIGHT_MAX)) {
        return false;
    }
    bool sound = true;
    (void)hunch__mlp_recall(record, plan, columns, values);
    for (uint32_t f = 0; f < plan->dense; f++) {
        sound &= (bool)isfinite(dense[f]);
    }
    for (uint32_t i = 0; i < record->count; i++) {
        sound &= columns[i] >= plan->dense && columns[i] < plan->features &&
                 fabsf(values[i]) <= HUNCH__MLP_VALUE_MAX;
    }
    return sound;
}

static bool all_within(const float *x, size_t n, float least, float most)
{
    bool sound = true;
    for (size_t i = 0; i < n; i++) {
        sound &= x[i] >= least && x[i] <= most;
    }
    return sound;
}

static bool sums_are_sound(const double *mean, const double *squares, size_t n)
{
    bool sound = true;
    for (size_t i = 0; i < n; i++) {
        sound &= fabs(mean[i]) <= SUM_MAX && squares[i] >= 0.0 && squares[i] <= SUM_MAX;
    }
    return sound;
}
