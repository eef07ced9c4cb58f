/* The mean of the members, as one network of bytes; and asking it. */
#include <math.h>
#include <string.h>

#include "kernels.h"
#include "learners.h"
#include "mlp_quantise.h"
#include "mlp_state.h"

/* gamma = GAMMA sqrt(n) n / (n + EARLY) over gaps in outputs: of 2, 5, 10 and 20 the best on the
 * first ten class sets. Sets of classes need no EARLY; it is for arms that do not compete, each of
 * which must be tried (mlp_replay.c: chances). */
#define GAMMA     20.0
#define GAMMA_MAX 1e9
#define EARLY     200.0

/* Standard deviations at which an input is clipped. */
#define CLIP 4.0f

/* Events that say how large hidden units get. */
#define CALIBRATION 64u

/* Sparse values up to this cannot make a score overflow. */
#define TAME 1e4f

static struct hunch__mlp_shape network_of(const struct hunch__mlp_plan *plan);
static void set_inputs(struct hunch__mlp *model, const void *state,
                       const struct hunch__mlp_plan *plan);
static void add_member(struct hunch__mlp *model, const float *w, const struct hunch__mlp_plan *plan,
                       uint32_t member);
static void add_part(float *out, const float *in, size_t n, float share);
static struct hunch__explore explore_of(const struct hunch__mlp_state *head,
                                        const hunch_learner_shape *shape);
static void ask(const struct hunch__mlp8 *model, const hunch_context *x, float *scores);

size_t hunch__mlp_publish_bytes(const struct hunch__mlp_plan *plan)
{
    const struct hunch__mlp_shape network = network_of(plan);
    return hunch__mlp_bytes(&network) + 2 * CALIBRATION * plan->entries * sizeof(float);
}

size_t hunch__mlp_snapshot_bytes(const hunch_learner_shape *shape)
{
    struct hunch__mlp_plan plan;
    if (!hunch__mlp_plan_make(&plan, shape)) {
        return 0;
    }
    const struct hunch__mlp_shape network = network_of(&plan);
    return hunch__mlp8_bytes(&network);
}

void hunch__mlp_publish(void *state, const hunch_learner_shape *shape, uint64_t dice,
                        void *snapshot)
{
    const struct hunch__mlp_state *head = state;
    struct hunch__mlp_plan plan;
    hunch_context contexts[CALIBRATION];
    (void)dice;
    (void)hunch__mlp_plan_make(&plan, shape);
    const struct hunch__mlp_shape network = network_of(&plan);
    struct hunch__mlp *model = hunch__mlp_at(state, plan.scratch);
    float *values = (float *)(void *)((char *)model + hunch__mlp_bytes(&network));
    uint32_t *columns = (uint32_t *)(void *)(values + CALIBRATION * (size_t)plan.entries);
    memset(model, 0, hunch__mlp_bytes(&network));
    hunch__mlp_begin(model, &network);
    model->explore = explore_of(head, shape);
    set_inputs(model, state, &plan);
    for (uint32_t e = 0; e < plan.members && head->started != 0; e++) {
        add_member(model, hunch__mlp_numbers(state, &plan, e, 0), &plan, e);
    }
    const uint32_t stored = hunch__mlp_stored(head, &plan);
    const uint32_t n = stored < CALIBRATION ? stored : CALIBRATION;
    for (uint32_t i = 0; i < n; i++) {
        contexts[i] = hunch__mlp_recall(hunch__mlp_record_at(state, &plan, i * (stored / n)), &plan,
                                        columns + i * plan.entries, values + i * plan.entries);
    }
    memset(snapshot, 0, hunch__mlp8_bytes(&network));
    hunch__mlp_quantise(model, contexts, n, snapshot);
}

void hunch__mlp_score(const void *snapshot, const hunch_learner_shape *shape,
                      const hunch_context *x, const float *candidates, const uint64_t *mask,
                      float *p)
{
    const struct hunch__mlp8 *model = snapshot;
    float scores[HUNCH__ARMS_MAX];
    (void)candidates;
    ask(model, x, scores);
    hunch__kernels_get()->explore(&model->explore, scores, shape->arms, mask, p);
}

uint32_t hunch__mlp_choose(const void *snapshot, const hunch_learner_shape *shape,
                           const hunch_context *x, const uint64_t *mask, uint64_t dice,
                           float *propensity)
{
    const struct hunch__mlp8 *model = snapshot;
    float scores[HUNCH__ARMS_MAX];
    ask(model, x, scores);
    return hunch__kernels_get()->explore_choose(&model->explore, scores, shape->arms, mask, dice,
                                                propensity);
}

static struct hunch__mlp_shape network_of(const struct hunch__mlp_plan *plan)
{
    return (struct hunch__mlp_shape){.arms = plan->arms,
                                     .dense = plan->dense,
                                     .features = plan->features,
                                     .hidden = {plan->members * HUNCH__MLP_UNITS, 0},
                                     .skip = 1};
}

/* The reach of a column is held to what is finite in a float. */
static void set_inputs(struct hunch__mlp *model, const void *state,
                       const struct hunch__mlp_plan *plan)
{
    const float *center = hunch__mlp_at(state, plan->center);
    const float *scale = hunch__mlp_at(state, plan->scale);
    for (uint32_t f = 0; f < plan->dense; f++) {
        const float reach = scale[f] > 0.0f ? CLIP / scale[f] : 0.0f;
        hunch__mlp_low(model)[f] = center[f] - reach;
        hunch__mlp_high(model)[f] = center[f] + reach;
        hunch__mlp_shift(model)[f] = center[f];
        hunch__mlp_scale(model)[f] = scale[f];
    }
}

/* Its hidden units stand beside those of the others, its outputs are a share of the mean. */
static void add_member(struct hunch__mlp *model, const float *w, const struct hunch__mlp_plan *plan,
                       uint32_t member)
{
    const float share = 1.0f / (float)plan->members;
    const size_t units = plan->members * HUNCH__MLP_UNITS;
    const size_t stride = plan->stride;
    const size_t at = (size_t)member * HUNCH__MLP_UNITS;
    const float *output = w + plan->output;
    for (size_t f = 0; f <= plan->features; f++) {
        add_part(hunch__mlp_first(model) + f * units + at, w + f * HUNCH__MLP_UNITS,
                 HUNCH__MLP_UNITS, 1.0f);
    }
    add_part(hunch__mlp_output(model), output, stride, share);
    add_part(hunch__mlp_output(model) + (1 + at) * stride, output + stride,
             HUNCH__MLP_UNITS * stride, share);
    add_part(hunch__mlp_skip(model), w + plan->skip, plan->features * stride, share);
}

static void add_part(float *out, const float *in, size_t n, float share)
{
    for (size_t i = 0; i < n; i++) {
        out[i] += share * in[i];
    }
}

static struct hunch__explore explore_of(const struct hunch__mlp_state *head,
                                        const hunch_learner_shape *shape)
{
    double n = (double)head->known;
    if (shape->half_life > 0.0f) {
        n = fmin(n, 1.4426950408889634 * (double)shape->half_life);
    }
    const double gamma = GAMMA * sqrt(n) * (n / (n + EARLY)) / hunch__exploration(shape);
    return (struct hunch__explore){.gamma = (float)fmin(gamma, GAMMA_MAX), .epsilon = 1.0f};
}

/* scores[S] for x, finite whatever its sparse values are. */
static void ask(const struct hunch__mlp8 *model, const hunch_context *x, float *scores)
{
    bool tame = true;
    hunch__kernels_get()->mlp8_scores(model, x, scores);
    for (uint32_t i = 0; i < x->count; i++) {
        tame &= fabsf(x->values[i]) <= TAME;
    }
    for (uint32_t a = 0; a < model->stride && !tame; a++) {
        scores[a] = isfinite(scores[a]) ? scores[a] : 0.0f;
    }
}
