/* The default: several models learn, and the one that predicts best is asked. */
#include <string.h>

#include "auto_state.h"
#include "diag.h"
#include "explore.h"
#include "learners.h"
#include "mlp_state.h"

/* Events after which the members are looked at again. */
#define LOOK 64u

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
static void begin_again(void *state, const struct hunch__auto_plan *plan,
                        const hunch_learner_shape *shape, uint64_t recent);
static void learn_again(void *state, const struct hunch__auto_plan *plan,
                        const hunch_learner_shape *shape);

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
    const hunch_learner_ops *other = hunch__auto_delegate(shape);
    return other == NULL || other->merge != NULL;
}

const struct hunch__linear *hunch__auto_linear_of(const void *snapshot)
{
    const struct head *head = snapshot;
    return head->served == HUNCH__AUTO_LINEAR ? (const void *)(head + 1) : NULL;
}

static size_t auto_state_bytes(const hunch_learner_shape *shape)
{
    const hunch_learner_ops *other = hunch__auto_delegate(shape);
    struct hunch__auto_plan plan;
    if (other != NULL) {
        return other->state_bytes(shape);
    }
    hunch__auto_plan_make(&plan, shape);
    return plan.total;
}

static size_t auto_snapshot_bytes(const hunch_learner_shape *shape)
{
    const hunch_learner_ops *other = hunch__auto_delegate(shape);
    struct hunch__auto_plan plan;
    if (other != NULL) {
        const size_t bytes = other->snapshot_bytes(shape);
        return bytes != 0 ? sizeof(struct head) + bytes : 0;
    }
    hunch__auto_plan_make(&plan, shape);
    return sizeof(struct head) + plan.snapshot_bytes;
}

static void auto_init(void *state, const hunch_learner_shape *shape, uint64_t seed)
{
    const hunch_learner_ops *other = hunch__auto_delegate(shape);
    struct hunch__auto_plan plan;
    if (other != NULL) {
        other->init(state, shape, seed);
        return;
    }
    hunch__auto_plan_make(&plan, shape);
    struct hunch__auto_state *head = state;
    head->served = plan.state[HUNCH__AUTO_MLP] != 0 ? HUNCH__AUTO_MLP : HUNCH__AUTO_LINEAR;
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
        if (plan.state[m] != 0) {
            hunch__auto_members[m]->init(hunch__auto_at(state, plan.state[m]), shape, seed);
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
    const hunch_learner_ops *other = hunch__auto_delegate(shape);
    struct hunch__auto_plan plan;
    if (other != NULL) {
        other->learn(state, shape, events, n);
        return;
    }
    hunch__auto_plan_make(&plan, shape);
    for (size_t i = 0; i < n; i++) {
        if (i % LOOK == 0) {
            hunch__auto_look(state, &plan, shape);
        }
        const uint64_t recent = hunch__auto_judge(state, &plan, shape, &events[i]);
        if (recent != 0) {
            begin_again(state, &plan, shape, recent);
        }
        for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
            if (plan.state[m] != 0) {
                hunch__auto_members[m]->learn(hunch__auto_at(state, plan.state[m]), shape,
                                              &events[i], 1);
            }
        }
    }
}

static void auto_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                         void *snapshot)
{
    const hunch_learner_ops *other = hunch__auto_delegate(shape);
    struct hunch__auto_plan plan;
    struct hunch__auto_state *head = state;
    struct head *out = snapshot;
    if (other != NULL) {
        memset(out, 0, sizeof *out);
        out->served = DELEGATED;
        other->publish(state, shape, dice, out + 1);
        return;
    }
    hunch__auto_plan_make(&plan, shape);
    memset(out, 0, sizeof *out + plan.snapshot_bytes);
    hunch__auto_elect(state, &plan);
    out->served = head->served;
    hunch__auto_members[head->served]->publish(hunch__auto_at(state, plan.state[head->served]),
                                               shape, dice, out + 1);
    if (plan.state[HUNCH__AUTO_MLP] != 0) {
        const bool idle = head->served != HUNCH__AUTO_MLP && head->events > IDLE_EVENTS;
        hunch__mlp_set_effort(hunch__auto_at(state, plan.state[HUNCH__AUTO_MLP]),
                              idle ? IDLE_EFFORT : 1.0);
    }
}

static hunch_status auto_validate(const void *state, const hunch_learner_shape *shape,
                                  hunch_diag *diag)
{
    const hunch_learner_ops *other = hunch__auto_delegate(shape);
    const struct hunch__auto_state *head = state;
    struct hunch__auto_plan plan;
    if (other != NULL) {
        return other->validate(state, shape, diag);
    }
    hunch__auto_plan_make(&plan, shape);
    if (!hunch__auto_judge_is_sound(head, &plan)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "no events lead to this head");
    }
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
        if (plan.state[m] != 0) {
            const hunch_status status =
                hunch__auto_members[m]->validate(hunch__auto_at(state, plan.state[m]), shape, diag);
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
    const hunch_learner_ops *ops = hunch__auto_delegate(shape);
    struct hunch__auto_plan plan;
    if (ops != NULL) {
        if (ops->merge != NULL) {
            ops->merge(state, shape, other);
        }
        return;
    }
    hunch__auto_plan_make(&plan, shape);
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
        if (plan.state[m] != 0) {
            hunch__auto_members[m]->merge(hunch__auto_at(state, plan.state[m]), shape,
                                          hunch__auto_at(other, plan.state[m]));
        }
    }
    hunch__auto_judge_merge(state, other);
}

static const char *auto_model(const void *snapshot, const hunch_learner_shape *shape)
{
    const struct head *head = snapshot;
    return asked(head, shape)->name;
}

/* Who answers for the snapshot. */
static const hunch_learner_ops *asked(const struct head *head, const hunch_learner_shape *shape)
{
    return head->served < HUNCH__AUTO_MEMBERS ? hunch__auto_members[head->served]
                                              : hunch__auto_delegate(shape);
}

/* The world changed: what was learned before the last `recent` events is about another one. */
static void begin_again(void *state, const struct hunch__auto_plan *plan,
                        const hunch_learner_shape *shape, uint64_t recent)
{
    struct hunch__auto_state *head = state;
    hunch__auto_judge_anew(head, recent);
    for (uint32_t m = 0; m < HUNCH__AUTO_MEMBERS; m++) {
        if (plan->state[m] == 0 || m == HUNCH__AUTO_MLP) {
            continue;
        }
        void *model = hunch__auto_at(state, plan->state[m]);
        memset(model, 0, hunch__auto_members[m]->state_bytes(shape));
        hunch__auto_members[m]->init(model, shape, head->changes);
    }
    if (plan->state[HUNCH__AUTO_MLP] != 0) {
        hunch__mlp_forget(hunch__auto_at(state, plan->state[HUNCH__AUTO_MLP]), shape, recent);
        learn_again(state, plan, shape);
    }
    hunch__auto_look(state, plan, shape);
}

/* Let the others learn what the network still remembers. */
static void learn_again(void *state, const struct hunch__auto_plan *plan,
                        const hunch_learner_shape *shape)
{
    const void *mlp = hunch__auto_at(state, plan->state[HUNCH__AUTO_MLP]);
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
                hunch__auto_members[m]->learn(hunch__auto_at(state, plan->state[m]), shape, &event,
                                              1);
            }
        }
    }
}
