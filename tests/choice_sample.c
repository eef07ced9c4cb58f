/* Choosers that the tests of lib/choice look at, and a learner that shows what it was told. */
#include "choice_sample.h"

#include <string.h>

#include "atomics.h"
#include "chooser.h"
#include "random.h"
#include "suite.h"

enum { FEATURES_MAX = 1024 };

static size_t recorder_state_bytes(const hunch_learner_shape *shape);
static size_t few_state_bytes(const hunch_learner_shape *shape);
static void few_init(void *state, const hunch_learner_shape *shape, uint64_t seed);
static size_t recorder_snapshot_bytes(const hunch_learner_shape *shape);
static void recorder_init(void *state, const hunch_learner_shape *shape, uint64_t seed);
static void recorder_score(const void *snapshot, const hunch_learner_shape *shape,
                           const hunch_context *x, const float *candidates, const uint64_t *mask,
                           float *p);
static void recorder_learn(void *state, const hunch_learner_shape *shape,
                           const hunch_learner_event *events, size_t n);
static void record(struct recorded *to, const hunch_learner_shape *shape,
                   const hunch_learner_event *event);
static void recorder_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                             void *snapshot);
static hunch_status recorder_validate(const void *state, const hunch_learner_shape *shape,
                                      hunch_diag *diag);
static bool is_pending(const hunch_chooser *chooser, const struct hunch__lane *lane, uint32_t i);

const hunch_learner_ops recorder_ops = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 7,
    .name = "recorder",
    .state_bytes = recorder_state_bytes,
    .snapshot_bytes = recorder_snapshot_bytes,
    .init = recorder_init,
    .score = recorder_score,
    .learn = recorder_learn,
    .publish = recorder_publish,
    .validate = recorder_validate,
};

const hunch_learner_ops recorder_few_ops = {
    .struct_size = sizeof(hunch_learner_ops),
    .version = 7,
    .name = "recorder-few",
    .state_bytes = few_state_bytes,
    .snapshot_bytes = recorder_snapshot_bytes,
    .init = few_init,
    .score = recorder_score,
    .learn = recorder_learn,
    .publish = recorder_publish,
    .validate = recorder_validate,
};

hunch_chooser_options choice_options(uint32_t arms, uint32_t features, const char *learner)
{
    const hunch_learner_ops *ops = hunch_learner_find(learner);
    ck_assert_msg(ops != NULL, "no learner %s", learner);
    return (hunch_chooser_options){.struct_size = sizeof(hunch_chooser_options),
                                   .arms = arms,
                                   .features = features,
                                   .threads = 4,
                                   .learner = ops};
}

hunch_chooser_options choice_recorded(uint32_t arms, uint32_t features)
{
    return (hunch_chooser_options){.struct_size = sizeof(hunch_chooser_options),
                                   .arms = arms,
                                   .features = features,
                                   .threads = 4,
                                   .learn_every = UINT32_MAX,
                                   .learner = &recorder_ops};
}

hunch_chooser *choice_new(const hunch_chooser_options *options)
{
    hunch_chooser *chooser = NULL;
    hunch_diag diag = {.text = ""};
    if (hunch_chooser_new(&chooser, options, &diag) != HUNCH_OK) {
        ck_abort_msg("%s", diag.text);
    }
    return chooser;
}

const struct recorder *choice_events(hunch_chooser *chooser)
{
    hunch_chooser_learn(chooser);
    return chooser->state;
}

hunch_chooser_stats choice_stats(const hunch_chooser *chooser)
{
    hunch_chooser_stats stats = {.struct_size = sizeof stats};
    hunch_chooser_read_stats(chooser, &stats);
    return stats;
}

uint64_t choice_pending(const hunch_chooser *chooser)
{
    uint64_t pending = 0;
    for (uint32_t l = 0; l < chooser->lanes.all; l++) {
        const struct hunch__lane *lane = &chooser->lanes.lane[l];
        for (uint32_t i = 0; i < hunch__load_relaxed(&lane->fresh); i++) {
            pending += is_pending(chooser, lane, i);
        }
    }
    return pending;
}

bool choice_adds_up(const hunch_chooser *chooser)
{
    const hunch_chooser_stats stats = choice_stats(chooser);
    return stats.choices ==
           stats.rewards + stats.expired + stats.abandoned + choice_pending(chooser);
}

void choice_train(hunch_chooser *chooser, uint64_t *random, uint64_t rounds)
{
    float x[FEATURES_MAX];
    const hunch_chooser_stats stats = choice_stats(chooser);
    for (uint64_t i = 0; i < rounds; i++) {
        choice_context(random, chooser->features, x);
        const hunch_ticket ticket = hunch_choose(chooser, x);
        const float best = chooser->features == 0 ? 0.5f : (x[0] + 1.0f) / 2.0f;
        const float miss = (float)ticket.arm / (float)stats.arms - best;
        const float noise = (float)(hunch__splitmix64(random) >> 40) * 0x1p-26f;
        SUITE_ASSERT(hunch_reward(chooser, ticket, noise - miss * miss) == HUNCH_OK);
    }
}

void choice_context(uint64_t *random, uint32_t features, float *x)
{
    for (uint32_t f = 0; f < features; f++) {
        x[f] = (float)(hunch__splitmix64(random) >> 40) * 0x1p-23f - 1.0f;
    }
}

static bool is_pending(const hunch_chooser *chooser, const struct hunch__lane *lane, uint32_t i)
{
    const uint64_t word = hunch__load_relaxed(hunch__slot(&chooser->slot, lane, i));
    return (word & HUNCH__SLOT_STATE) == HUNCH__SLOT_PENDING;
}

static size_t recorder_state_bytes(const hunch_learner_shape *shape)
{
    (void)shape;
    return sizeof(struct recorder);
}

static size_t recorder_snapshot_bytes(const hunch_learner_shape *shape)
{
    (void)shape;
    return sizeof(uint64_t);
}

static void recorder_init(void *state, const hunch_learner_shape *shape, uint64_t seed)
{
    (void)shape;
    (void)seed;
    ((struct recorder *)state)->most = RECORDER_EVENTS;
}

static size_t few_state_bytes(const hunch_learner_shape *shape)
{
    (void)shape;
    return offsetof(struct recorder, event) + RECORDER_FEW * sizeof(struct recorded);
}

static void few_init(void *state, const hunch_learner_shape *shape, uint64_t seed)
{
    (void)shape;
    (void)seed;
    ((struct recorder *)state)->most = RECORDER_FEW;
}

static void recorder_score(const void *snapshot, const hunch_learner_shape *shape,
                           const hunch_context *x, const float *candidates, const uint64_t *mask,
                           float *p)
{
    uint64_t events = 0;
    float sum = 0;
    (void)x;
    (void)candidates;
    memcpy(&events, snapshot, sizeof events);
    for (uint32_t a = 0; a < shape->arms; a++) {
        p[a] = hunch__arm_allowed(mask, a) ? (float)(1 + (a + events) % 5) : 0.0f;
        sum += p[a];
    }
    for (uint32_t a = 0; a < shape->arms; a++) {
        p[a] /= sum;
    }
}

static void recorder_learn(void *state, const hunch_learner_shape *shape,
                           const hunch_learner_event *events, size_t n)
{
    struct recorder *recorder = state;
    for (size_t i = 0; i < n; i++) {
        if (recorder->n < recorder->most) {
            record(&recorder->event[recorder->n], shape, &events[i]);
        }
        recorder->n++;
        recorder->weight += (double)events[i].weight;
    }
}

static void record(struct recorded *to, const hunch_learner_shape *shape,
                   const hunch_learner_event *event)
{
    const uint32_t dense = shape->dense < RECORDER_DENSE ? shape->dense : RECORDER_DENSE;
    const uint32_t c = shape->candidate_features;
    to->arm = event->arm;
    to->propensity = event->propensity;
    to->reward = event->reward;
    to->weight = event->weight;
    to->count = event->x.count;
    memcpy(to->dense, event->x.dense, dense * sizeof *to->dense);
    for (uint32_t i = 0; i < event->x.count && i < RECORDER_ENTRIES; i++) {
        to->columns[i] = event->x.columns[i];
        to->values[i] = event->x.values[i];
    }
    for (uint32_t i = 0; i < c && i < RECORDER_CANDIDATE; i++) {
        to->candidate[i] = event->candidate[i];
    }
}

static void recorder_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                             void *snapshot)
{
    const struct recorder *recorder = state;
    (void)shape;
    (void)dice;
    memcpy(snapshot, &recorder->n, sizeof recorder->n);
}

static hunch_status recorder_validate(const void *state, const hunch_learner_shape *shape,
                                      hunch_diag *diag)
{
    (void)state;
    (void)shape;
    (void)diag;
    return HUNCH_OK;
}
