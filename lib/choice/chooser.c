/* Making and ending a chooser. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "asserts.h"
#include "bits.h"
#include "build.h"
#include "chooser.h"
#include "diag.h"
#include "learn.h"
#include "random.h"
#include "trainer.h"

static hunch_status make_lanes(hunch_chooser *chooser, hunch_diag *diag);
static bool make_lane(hunch_chooser *chooser, uint32_t index);
static hunch_status make_learner(hunch_chooser *chooser, const struct hunch__saved_shape *saved,
                                 hunch_diag *diag);
static hunch_status check_learner(const hunch_learner_ops *ops, hunch_diag *diag);
static bool make_snapshots(hunch_chooser *chooser);
static void free_lanes(hunch_chooser *chooser);

hunch_status hunch_chooser_new(hunch_chooser **out, const hunch_chooser_options *options,
                               hunch_diag *diag)
{
    HUNCH_ASSERT(out != NULL);
    hunch_status status = hunch__chooser_make(out, options, NULL, diag);
    if (status == HUNCH_OK) {
        hunch__publish(*out);
    }
    return status;
}

hunch_status hunch__chooser_make(hunch_chooser **out, const hunch_chooser_options *given,
                                 const struct hunch__saved_shape *saved, hunch_diag *diag)
{
    hunch_chooser_options options;
    *out = NULL;
    hunch_status status = hunch__read_options(&options, given, saved, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    const hunch_allocator allocator = hunch__allocator_or_default(options.allocator);
    hunch_chooser *chooser = hunch__alloc(&allocator, sizeof *chooser, HUNCH__CACHE_LINE);
    if (chooser == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no %zu bytes for a chooser", sizeof *chooser);
    }
    memset(chooser, 0, sizeof *chooser);
    chooser->allocator = allocator;
    chooser->self = chooser;
    chooser->process = hunch__process_new();
    status = chooser->process != NULL ? HUNCH_OK
                                      : hunch__fail(diag, HUNCH_ENOMEM, 0, "no page for a chooser");
    if (status == HUNCH_OK) {
        status = hunch__keep_options(chooser, &options, diag);
    }
    if (status == HUNCH_OK) {
        status = make_learner(chooser, saved, diag);
    }
    if (status == HUNCH_OK) {
        status = make_lanes(chooser, diag);
    }
    if (status != HUNCH_OK) {
        hunch_chooser_free(chooser);
        return status;
    }
    *out = chooser;
    return HUNCH_OK;
}

void hunch_chooser_free(hunch_chooser *chooser)
{
    if (chooser == NULL) {
        return;
    }
    if (chooser->process != NULL) {
        hunch_chooser_stop_trainer(chooser);
    }
    const hunch_allocator allocator = chooser->allocator;
    free_lanes(chooser);
    hunch__free(&allocator, chooser->state, chooser->state_bytes, HUNCH__CACHE_LINE);
    hunch__free(&allocator, chooser->draft, 3 * chooser->published.bytes, HUNCH__CACHE_LINE);
    hunch__free(&allocator, chooser->kept, chooser->kept_bytes, HUNCH__CACHE_LINE);
    hunch__process_free(chooser->process);
    hunch__free(&allocator, chooser, sizeof *chooser, HUNCH__CACHE_LINE);
}

static hunch_status make_learner(hunch_chooser *chooser, const struct hunch__saved_shape *saved,
                                 hunch_diag *diag)
{
    const hunch_learner_ops *ops = chooser->ops;
    const hunch_status status = check_learner(ops, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    chooser->state_bytes = ops->state_bytes(&chooser->shape);
    const size_t snapshot = ops->snapshot_bytes(&chooser->shape);
    if (chooser->state_bytes == 0 || snapshot == 0) {
        return hunch__fail(diag, HUNCH_EINVAL, 0,
                           "learner %.40s: not for what this chooser chooses", ops->name);
    }
    /* Before it is allocated: a small file may not ask for much memory. */
    if (saved != NULL && saved->state_bytes != chooser->state_bytes) {
        return hunch__fail(diag, HUNCH_ECORRUPT, saved->state_bytes,
                           "section 12: %llu bytes of state, %zu expected",
                           (unsigned long long)saved->state_bytes, chooser->state_bytes);
    }
    chooser->published.bytes = chooser->learner_at + hunch__align_up(snapshot, HUNCH__CACHE_LINE);
    chooser->state = hunch__alloc(&chooser->allocator, chooser->state_bytes, HUNCH__CACHE_LINE);
    if (chooser->state == NULL || !make_snapshots(chooser)) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no %zu bytes for the learner",
                           chooser->state_bytes + 3 * chooser->published.bytes);
    }
    memset(chooser->state, 0, chooser->state_bytes);
    chooser->dice = hunch__mix64(chooser->options.seed + 2);
    ops->init(chooser->state, &chooser->shape, hunch__mix64(chooser->options.seed + 1));
    return HUNCH_OK;
}

static hunch_status check_learner(const hunch_learner_ops *ops, hunch_diag *diag)
{
    if (ops->struct_size < sizeof *ops) {
        return hunch__fail(diag, HUNCH_EINVAL, ops->struct_size,
                           "learner: struct_size is %u, at least %zu expected", ops->struct_size,
                           sizeof *ops);
    }
    if (ops->name == NULL || ops->state_bytes == NULL || ops->snapshot_bytes == NULL ||
        ops->init == NULL || ops->score == NULL || ops->learn == NULL || ops->publish == NULL ||
        ops->validate == NULL) {
        return hunch__fail(diag, HUNCH_EINVAL, 0,
                           "learner: a name or a function that is required is missing");
    }
    return HUNCH_OK;
}

/* The draft and both published buffers lie together. */
static bool make_snapshots(hunch_chooser *chooser)
{
    const size_t bytes = chooser->published.bytes;
    chooser->draft = hunch__alloc(&chooser->allocator, 3 * bytes, HUNCH__CACHE_LINE);
    if (chooser->draft == NULL) {
        return false;
    }
    memset(chooser->draft, 0, 3 * bytes);
    for (size_t i = 0; i < 2; i++) {
        chooser->published.buffer[i] = (void *)(chooser->draft + (i + 1) * bytes);
    }
    return true;
}

static hunch_status make_lanes(hunch_chooser *chooser, hunch_diag *diag)
{
    const uint32_t count = chooser->lanes.all;
    const size_t bytes = count * sizeof *chooser->lanes.lane;
    chooser->lanes.lane = hunch__alloc(&chooser->allocator, bytes, HUNCH__CACHE_LINE);
    if (chooser->lanes.lane == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no %zu bytes for the lanes", bytes);
    }
    memset(chooser->lanes.lane, 0, bytes);
    for (uint32_t i = 0; i < count; i++) {
        if (!make_lane(chooser, i)) {
            return hunch__fail(diag, HUNCH_ENOMEM, i, "no %zu bytes for lane %u",
                               hunch__lane_bytes(chooser), i);
        }
    }
    return HUNCH_OK;
}

/* Slots and events are not touched: pages come as they are used. */
static bool make_lane(hunch_chooser *chooser, uint32_t index)
{
    struct hunch__lane *lane = &chooser->lanes.lane[index];
    const size_t snapshot = chooser->published.bytes;
    const size_t slots = hunch__align_up(
        (size_t)chooser->slot.capacity * chooser->slot.words * sizeof(uint64_t), HUNCH__CACHE_LINE);
    unsigned char *block =
        hunch__alloc(&chooser->allocator, hunch__lane_bytes(chooser), HUNCH__CACHE_LINE);
    if (block == NULL) {
        return false;
    }
    lane->block = block;
    lane->mine = block;
    lane->spare = block + snapshot;
    lane->metrics = (void *)(block + 2 * snapshot);
    unsigned char *rest =
        block + 2 * snapshot +
        hunch__align_up(chooser->objective.count * sizeof *lane->metrics, HUNCH__CACHE_LINE);
    memset(block, 0, (size_t)(rest - block));
    lane->slots = (void *)rest;
    lane->events = (void *)(rest + slots);
    lane->index = index;
    lane->shared = index >= chooser->lanes.count;
    lane->busy = &chooser->process->busy[lane->shared != 0 ? index - chooser->lanes.count : 0];
    lane->size =
        chooser->slot.capacity < HUNCH__SLOTS_FIRST ? chooser->slot.capacity : HUNCH__SLOTS_FIRST;
    lane->cursor = lane->size - 1;
    hunch__lane_seed(chooser, index);
    return true;
}

void hunch__lane_seed(hunch_chooser *chooser, uint32_t index)
{
    const uint64_t seed = hunch__mix64(chooser->options.seed) ^ hunch__mix64(chooser->epoch);
    chooser->lanes.lane[index].dice = hunch__mix64(seed + index);
}

size_t hunch__lane_bytes(const hunch_chooser *chooser)
{
    const size_t words =
        ((size_t)chooser->slot.capacity + chooser->slot.event_capacity) * chooser->slot.words;
    return 2 * chooser->published.bytes +
           hunch__align_up(chooser->objective.count * sizeof(struct hunch__metric_sums),
                           HUNCH__CACHE_LINE) +
           hunch__align_up(words * sizeof(uint64_t), HUNCH__CACHE_LINE) + HUNCH__CACHE_LINE;
}

static void free_lanes(hunch_chooser *chooser)
{
    if (chooser->lanes.lane == NULL) {
        return;
    }
    for (uint32_t i = 0; i < chooser->lanes.all; i++) {
        hunch__free(&chooser->allocator, chooser->lanes.lane[i].block, hunch__lane_bytes(chooser),
                    HUNCH__CACHE_LINE);
    }
    hunch__free(&chooser->allocator, chooser->lanes.lane,
                chooser->lanes.all * sizeof *chooser->lanes.lane, HUNCH__CACHE_LINE);
}
