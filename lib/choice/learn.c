#include "learn.h"

#include <sched.h>
#include <string.h>

#include "atomics.h"
#include "chooser.h"
#include "cuts.h"
#include "event.h"
#include "random.h"
#include "slot.h"
#include "trainer.h"

/* Rewards learned from grow by a sixteenth from step to step, up to options.learn_every. */
enum { STEP_SHARE = 16 };

static void recover(hunch_chooser *chooser);
static uint64_t learn_lane(hunch_chooser *chooser, struct hunch__lane *lane);
static void read_event(hunch_chooser *chooser, const _Atomic uint64_t *event, uint32_t at);
static void read_context(hunch_chooser *chooser, const _Atomic uint64_t *event,
                         struct hunch__raw_context *raw, float *kept);
static void keep_context(struct hunch__batch *batch, uint32_t at, size_t dense);
static void get_floats(const _Atomic uint64_t *from, size_t floats, float *to);

bool hunch__learn_try(hunch_chooser *chooser)
{
    uint32_t idle = 0;
    if (hunch__load_relaxed(&chooser->process->learning) != 0 ||
        !hunch__cas_acq_rel(&chooser->process->learning, &idle, 1)) { /* pairs with learn_end() */
        return false;
    }
    hunch__learn(chooser);
    hunch__learn_end(chooser->process);
    return true;
}

void hunch__learn_inline(hunch_chooser *chooser)
{
    if (hunch__load_relaxed(&chooser->process->trainer) == 0) {
        hunch__learn_try(chooser);
    }
}

void hunch_chooser_learn(hunch_chooser *chooser)
{
    hunch__learn_begin(chooser->process);
    hunch__learn(chooser);
    hunch__learn_end(chooser->process);
}

void hunch__learn_begin(struct hunch__process *process)
{
    uint32_t idle = 0;
    while (!hunch__cas_acq_rel(&process->learning, &idle, 1)) { /* pairs with learn_end() */
        idle = 0;
        sched_yield();
    }
}

void hunch__learn_end(struct hunch__process *process)
{
    hunch__store_release(&process->learning, 0);
}

uint64_t hunch__learn(hunch_chooser *chooser)
{
    uint64_t learned = 0;
    if (chooser->in_step) {
        recover(chooser);
    }
    chooser->in_step = true;
    for (uint32_t l = 0; l < chooser->lanes.all; l++) {
        learned += learn_lane(chooser, &chooser->lanes.lane[l]);
    }
    chooser->in_step = false;
    if (learned > 0) {
        const uint64_t before = hunch__load_relaxed(&chooser->learned);
        hunch__store_relaxed(&chooser->learned, before + learned);
        hunch__count(&chooser->steps);
        hunch__objective_step(&chooser->objective, &chooser->lanes);
        hunch__set_step_every(chooser);
        hunch__publish(chooser);
    }
    return learned;
}

/* In a child of a fork that came in the middle of a step. What is sound goes on, at most a batch
 * off; what is not begins anew. */
static void recover(hunch_chooser *chooser)
{
    const hunch_learner_ops *ops = chooser->ops;
    if (ops->validate(chooser->state, &chooser->shape, NULL) != HUNCH_OK) {
        memset(chooser->state, 0, chooser->state_bytes);
        ops->init(chooser->state, &chooser->shape, hunch__splitmix64(&chooser->dice));
    }
}

void hunch__publish(hunch_chooser *chooser)
{
    memset(chooser->draft, 0, chooser->published.bytes);
    hunch__objective_publish(&chooser->objective, (double *)(void *)chooser->draft);
    if (chooser->encoder.cuts > 0) {
        memcpy(chooser->draft + chooser->cuts_at, chooser->cuts.values,
               chooser->encoder.cuts * sizeof(float));
    }
    chooser->dice_then = chooser->dice;
    chooser->ops->publish(chooser->state, &chooser->shape, hunch__splitmix64(&chooser->dice),
                          chooser->draft + chooser->learner_at);
    hunch__snapshot_publish(&chooser->published, chooser->draft);
}

/* All events of a lane that were there when it began. */
static uint64_t learn_lane(hunch_chooser *chooser, struct hunch__lane *lane)
{
    const uint64_t head = hunch__load_acquire(&lane->events_head); /* pairs with reward() */
    uint64_t tail = hunch__load_relaxed(&lane->events_tail);
    const uint64_t first = tail;
    while (tail != head) {
        uint32_t n = 0;
        for (; n < HUNCH__BATCH && tail != head; n++, tail++) {
            read_event(chooser, hunch__event(&chooser->slot, lane, tail), n);
        }
        hunch__store_release(&lane->events_tail, tail); /* pairs with events_admit() */
        chooser->ops->learn(chooser->state, &chooser->shape, chooser->batch->events, n);
    }
    return tail - first;
}

static void read_event(hunch_chooser *chooser, const _Atomic uint64_t *event, uint32_t at)
{
    struct hunch__batch *batch = chooser->batch;
    hunch_learner_event *out = &batch->events[at];
    float *kept = batch->raw + at * batch->raw_floats;
    struct hunch__raw_context raw = {0};
    read_context(chooser, event, &raw, kept);
    hunch__cuts_see(&chooser->cuts, &chooser->encoder, raw.x);
    hunch__encode(&chooser->encoder, chooser->cuts.values, &raw, &batch->encoded);
    keep_context(batch, at, chooser->shape.dense);
    const uint32_t c = chooser->shape.candidate_features;
    if (c > 0) {
        float *candidate = kept + (batch->raw_columns == NULL ? chooser->features : 0);
        get_floats(event + chooser->slot.head_words + chooser->slot.context_words, c, candidate);
        out->candidate = candidate;
    }
    const uint64_t first = hunch__load_relaxed(event);
    const uint64_t second = hunch__load_relaxed(event + 1);
    const uint32_t weight = (uint32_t)first;
    memcpy(&out->weight, &weight, sizeof weight);
    out->reward = hunch__packed_float(first);
    out->arm = (uint32_t)second;
    out->propensity = hunch__packed_float(second);
}

static void read_context(hunch_chooser *chooser, const _Atomic uint64_t *event,
                         struct hunch__raw_context *raw, float *kept)
{
    struct hunch__batch *batch = chooser->batch;
    const _Atomic uint64_t *context = event + chooser->slot.head_words;
    if (chooser->slot.head_words > 2) {
        const uint64_t place = hunch__load_relaxed(event + 3);
        raw->step = (uint32_t)place & 0xffff;
        raw->previous = (uint32_t)(place >> 16) & 0xffff;
        raw->entries = (uint32_t)(place >> 32);
    }
    raw->x = kept;
    if (chooser->encoder.nonzeros == 0) {
        get_floats(context, chooser->features, kept);
        return;
    }
    raw->x = batch->raw_values;
    raw->columns = batch->raw_columns;
    for (uint32_t i = 0; i < raw->entries; i++) {
        const uint64_t word = hunch__load_relaxed(context + i);
        batch->raw_columns[i] = (uint32_t)word;
        batch->raw_values[i] = hunch__packed_float(word);
    }
}

/* Move the encoded context to the place that event `at` has in the batch. */
static void keep_context(struct hunch__batch *batch, uint32_t at, size_t dense)
{
    const hunch_context *x = &batch->encoded.x;
    float *dense_at = batch->dense + at * dense;
    uint32_t *columns = batch->columns + at * batch->entries;
    float *values = batch->values + at * batch->entries;
    memcpy(dense_at, x->dense, dense * sizeof(float));
    memcpy(columns, x->columns, x->count * sizeof *columns);
    memcpy(values, x->values, x->count * sizeof *values);
    batch->events[at].x = (hunch_context){dense_at, columns, values, x->count, 0};
}

static void get_floats(const _Atomic uint64_t *from, size_t floats, float *to)
{
    for (size_t i = 0; i < floats; i += 2) {
        const uint64_t word = hunch__load_relaxed(from + i / 2);
        memcpy(to + i, &word, (floats - i >= 2 ? 2 : 1) * sizeof *to);
    }
}

void hunch__set_step_every(hunch_chooser *chooser)
{
    const uint32_t most = chooser->options.learn_every;
    const uint64_t grown = hunch__load_relaxed(&chooser->learned) / STEP_SHARE;
    const uint64_t every = grown < 1 ? 1 : grown;
    hunch__store_relaxed(&chooser->step_every,
                         most == UINT32_MAX || every > most ? most : (uint32_t)every);
}
