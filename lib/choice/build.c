#define _POSIX_C_SOURCE 200809L
#include "build.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "choose.h"
#include "chooser.h"
#include "diag.h"
#include "io.h"
#include "learn.h"
#include "options.h"
#include "range.h"

enum {
    PENDING_DEFAULT = 16384,
    PENDING_MAX = 1 << 20,
    LEARN_EVERY_DEFAULT = 64,
    EVENTS_LEAST = 1024,
    EVENTS_MOST = 65536,
    FEATURES_MAX = 1 << 24,
    LEVELS_MAX = 1 << 16,
    STEPS_TOLD_APART_MAX = 256
};

/* Places things one behind the other, at first only to learn how much room they take. */
struct layout {
    unsigned char *base; /* NULL: only measured */
    size_t at;
};

static void apply_saved(hunch_chooser_options *options, const struct hunch__saved_shape *saved);
static hunch_status set_defaults(hunch_chooser_options *options, hunch_diag *diag);
static hunch_status check_options(const hunch_chooser_options *options, hunch_diag *diag);
static hunch_status check_arms(const hunch_chooser_options *options, hunch_diag *diag);
static hunch_status check_numbers(const hunch_chooser_options *options, hunch_diag *diag);
static hunch_status check_schema(const hunch_chooser_options *options, hunch_diag *diag);
static hunch_status check_cuts(const hunch_feature *feature, uint32_t f, hunch_diag *diag);
static hunch_status check_metrics(const hunch_chooser_options *options, hunch_diag *diag);
static void set_shapes(hunch_chooser *chooser);
static void set_slot_shape(hunch_chooser *chooser);
static uint32_t ring_capacity(uint32_t pending);
static uint32_t default_lanes(void);
static void *place(struct layout *layout, size_t count, size_t bytes);
static void place_all(hunch_chooser *chooser, struct layout *layout);
static void place_schema(hunch_chooser *chooser, struct layout *layout);
static void place_names(hunch_chooser *chooser, struct layout *layout);
static void place_metrics(hunch_chooser *chooser, struct layout *layout);
static void place_batch(hunch_chooser *chooser, struct layout *layout);
static void count_columns(const hunch_chooser_options *options, struct hunch__encoder *encoder);
static uint32_t power_of_two(uint32_t least);

hunch_status hunch__copy_options(hunch_chooser_options *out, const hunch_chooser_options *given,
                                 hunch_diag *diag)
{
    const size_t first_layout = offsetof(hunch_chooser_options, io) + sizeof given->io;
    return hunch__options_copy(out, sizeof *out, first_layout, given, diag);
}

hunch_status hunch__read_options(hunch_chooser_options *out, const hunch_chooser_options *given,
                                 const struct hunch__saved_shape *saved, hunch_diag *diag)
{
    hunch_status status = hunch__copy_options(out, given, diag);
    if (status == HUNCH_OK && saved != NULL) {
        apply_saved(out, saved);
    }
    if (status == HUNCH_OK) {
        status = set_defaults(out, diag);
    }
    if (status == HUNCH_OK) {
        status = check_options(out, diag);
    }
    return status;
}

hunch_status hunch__keep_options(hunch_chooser *chooser, const hunch_chooser_options *options,
                                 hunch_diag *diag)
{
    struct layout layout = {NULL, 0};
    chooser->options = *options;
    chooser->ops = options->learner;
    chooser->features = options->features;
    chooser->disabled = getenv("HUNCH_DISABLE") != NULL;
    chooser->lanes.count = options->threads;
    chooser->lanes.all = options->threads + HUNCH__LANES_SHARED;
    chooser->step_every = options->learn_every == UINT32_MAX ? UINT32_MAX : 1;
    count_columns(options, &chooser->encoder);
    set_shapes(chooser);
    set_slot_shape(chooser);
    chooser->objective.count = options->metrics_count;
    place_all(chooser, &layout);
    chooser->kept = hunch__alloc(&chooser->allocator, layout.at, HUNCH__CACHE_LINE);
    if (chooser->kept == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no %zu bytes for a chooser", layout.at);
    }
    chooser->kept_bytes = layout.at;
    memset(chooser->kept, 0, layout.at);
    layout = (struct layout){chooser->kept, 0};
    place_all(chooser, &layout);
    const bool episodes = chooser->encoder.episode_steps > 0;
    chooser->plain = chooser->encoder.column == NULL && chooser->encoder.nonzeros == 0 &&
                     !episodes && !chooser->disabled && chooser->ops->choose != NULL &&
                     chooser->shape.candidate_features == 0 && chooser->features > 0;
    hunch__hot_set(chooser);
    return HUNCH_OK;
}

static void apply_saved(hunch_chooser_options *options, const struct hunch__saved_shape *saved)
{
    options->arms = saved->arms;
    options->features = saved->features;
    options->candidate_features = saved->candidate_features;
    options->value_min = saved->value_min;
    options->value_max = saved->value_max;
    options->value_scale = saved->value_scale;
    options->nonzeros = saved->nonzeros;
    options->episode_steps = saved->episode_steps;
    options->exploration = saved->exploration;
    options->half_life = saved->half_life;
    options->metrics_count = saved->metrics_count;
    options->metrics = saved->metrics;
    options->schema = saved->schema;
    options->learner = saved->learner;
}

static hunch_status set_defaults(hunch_chooser_options *options, hunch_diag *diag)
{
    if (options->arms == 0 && options->value_min < options->value_max) {
        options->arms = HUNCH__RANGE_BUCKETS;
    }
    if (options->learner == NULL) {
        options->learner = hunch_learner_find("auto");
    }
    options->pending = options->pending == 0 ? PENDING_DEFAULT : options->pending;
    options->learn_every = options->learn_every == 0 ? LEARN_EVERY_DEFAULT : options->learn_every;
    options->threads = options->threads == 0 ? default_lanes() : options->threads;
    options->exploration = options->exploration == 0.0f ? 1.0f : options->exploration;
    options->io = hunch__io_or_default(options->io);
    return options->learner != NULL ? HUNCH_OK
                                    : hunch__fail(diag, HUNCH_EINVAL, 0, "no learner is built in");
}

static hunch_status check_options(const hunch_chooser_options *options, hunch_diag *diag)
{
    hunch_status status = check_arms(options, diag);
    if (status == HUNCH_OK) {
        status = check_numbers(options, diag);
    }
    if (status == HUNCH_OK) {
        status = check_schema(options, diag);
    }
    if (status == HUNCH_OK) {
        status = check_metrics(options, diag);
    }
    if (status == HUNCH_OK) {
        status = hunch__io_check(options->io, diag);
    }
    return status;
}

static hunch_status check_arms(const hunch_chooser_options *options, hunch_diag *diag)
{
    const bool range = options->value_min != 0.0 || options->value_max != 0.0;
    if (options->arms == 0 || options->arms > HUNCH__ARMS_MAX) {
        return hunch__fail(diag, HUNCH_EINVAL, options->arms, "arms: %u, expected 1 to %u",
                           options->arms, HUNCH__ARMS_MAX);
    }
    if (options->candidate_features > HUNCH__ENTRIES_MAX) {
        return hunch__fail(diag, HUNCH_EINVAL, options->candidate_features,
                           "candidate_features: %u, expected at most %u",
                           options->candidate_features, HUNCH__ENTRIES_MAX);
    }
    if (range && !(isfinite(options->value_min) && isfinite(options->value_max) &&
                   options->value_min < options->value_max)) {
        return hunch__fail(diag, HUNCH_EINVAL, 0, "value_min, value_max: not a range");
    }
    if (options->value_scale > HUNCH_SCALE_LOG ||
        (options->value_scale == HUNCH_SCALE_LOG && !(options->value_min > 0.0))) {
        return hunch__fail(diag, HUNCH_EINVAL, options->value_scale,
                           "value_scale: unknown, or logarithmic from %g", options->value_min);
    }
    if ((options->candidate_features > 0) + range + (options->episode_steps > 0) > 1) {
        return hunch__fail(diag, HUNCH_EINVAL, 0,
                           "candidates, a range and episodes exclude one another");
    }
    return HUNCH_OK;
}

static hunch_status check_numbers(const hunch_chooser_options *options, hunch_diag *diag)
{
    const uint32_t most = options->nonzeros > 0 ? FEATURES_MAX : HUNCH__DENSE_MAX;
    if (options->features > most || options->nonzeros > HUNCH__ENTRIES_MAX) {
        return hunch__fail(diag, HUNCH_EINVAL, options->features,
                           "features: %u, expected at most %u, or nonzeros of at most %u",
                           options->features, most, HUNCH__ENTRIES_MAX);
    }
    if (options->pending > PENDING_MAX || options->threads > HUNCH__LANES_MAX ||
        options->episode_steps > STEPS_TOLD_APART_MAX) {
        return hunch__fail(diag, HUNCH_EINVAL, 0,
                           "pending, threads or episode_steps above %d, %d, %d", PENDING_MAX,
                           HUNCH__LANES_MAX, STEPS_TOLD_APART_MAX);
    }
    if (options->unrewarded > HUNCH_UNREWARDED_DEFAULT || !isfinite(options->default_reward)) {
        return hunch__fail(diag, HUNCH_EINVAL, options->unrewarded,
                           "unrewarded, default_reward: unknown or not finite");
    }
    if (!(options->exploration > 0.0f && options->exploration <= 1e6f) ||
        !(options->half_life >= 0.0f && isfinite(options->half_life))) {
        return hunch__fail(diag, HUNCH_EINVAL, 0, "exploration, half_life: out of range");
    }
    return HUNCH_OK;
}

static hunch_status check_schema(const hunch_chooser_options *options, hunch_diag *diag)
{
    uint64_t columns = 0;
    if (options->schema == NULL) {
        return HUNCH_OK;
    }
    if (options->nonzeros > 0) {
        return hunch__fail(diag, HUNCH_EINVAL, 0, "schema: sparse contexts have none");
    }
    for (uint32_t f = 0; f < options->features; f++) {
        const hunch_feature *feature = &options->schema[f];
        const bool numeric = feature->kind == HUNCH_FEATURE_NUMERIC;
        const uint32_t least = feature->kind == HUNCH_FEATURE_BUCKETED ? 2 : 1;
        if (feature->kind > HUNCH_FEATURE_BUCKETED || !isfinite(feature->missing) ||
            (!numeric && (feature->levels < least || feature->levels > LEVELS_MAX))) {
            return hunch__fail(diag, HUNCH_EINVAL, f,
                               "schema: feature %u: unknown kind, 'missing' not finite, or levels "
                               "not in %u to %d",
                               f, least, LEVELS_MAX);
        }
        const hunch_status status = check_cuts(feature, f, diag);
        if (status != HUNCH_OK) {
            return status;
        }
        columns += numeric ? 1 : feature->levels;
    }
    return columns <= FEATURES_MAX ? HUNCH_OK
                                   : hunch__fail(diag, HUNCH_EINVAL, columns,
                                                 "schema: more than %d columns", FEATURES_MAX);
}

static hunch_status check_cuts(const hunch_feature *feature, uint32_t f, hunch_diag *diag)
{
    if (feature->kind != HUNCH_FEATURE_BUCKETED || feature->cuts == NULL) {
        return HUNCH_OK;
    }
    for (uint32_t i = 0; i + 1 < feature->levels; i++) {
        if (!isfinite(feature->cuts[i]) || (i > 0 && feature->cuts[i] < feature->cuts[i - 1])) {
            return hunch__fail(diag, HUNCH_EINVAL, f,
                               "schema: feature %u: cut %u is not finite or below the one before",
                               f, i);
        }
    }
    return HUNCH_OK;
}

static hunch_status check_metrics(const hunch_chooser_options *options, hunch_diag *diag)
{
    if (options->metrics_count > HUNCH__METRICS_MAX ||
        (options->metrics_count > 0 && options->metrics == NULL)) {
        return hunch__fail(diag, HUNCH_EINVAL, options->metrics_count,
                           "metrics: %u, expected at most %u and where they are",
                           options->metrics_count, HUNCH__METRICS_MAX);
    }
    for (uint32_t i = 0; i < options->metrics_count; i++) {
        const hunch_metric *metric = &options->metrics[i];
        if (metric->limit_kind > HUNCH_LIMIT_AT_LEAST || !isfinite(metric->weight) ||
            !isfinite(metric->limit)) {
            return hunch__fail(diag, HUNCH_EINVAL, i, "metric %u: unknown limit, or not finite", i);
        }
    }
    return HUNCH_OK;
}

/* Where the columns of each kind begin; the columns themselves are placed later. */
static void count_columns(const hunch_chooser_options *options, struct hunch__encoder *encoder)
{
    encoder->features = options->features;
    encoder->nonzeros = options->nonzeros;
    encoder->episode_steps = options->episode_steps;
    encoder->episode_arms = options->arms + 1;
    encoder->columns = options->features;
    encoder->dense = options->nonzeros > 0 ? 0 : options->features;
    for (uint32_t f = 0; options->schema != NULL && f < options->features; f++) {
        const hunch_feature *feature = &options->schema[f];
        if (feature->kind != HUNCH_FEATURE_NUMERIC) {
            encoder->dense--;
            encoder->columns += feature->levels - 1;
        }
        if (feature->kind == HUNCH_FEATURE_BUCKETED) {
            encoder->cuts += feature->levels; /* a flag, then levels - 1 cuts */
        }
    }
}

static void set_shapes(hunch_chooser *chooser)
{
    const hunch_chooser_options *options = &chooser->options;
    const struct hunch__encoder *encoder = &chooser->encoder;
    uint32_t kind = HUNCH_ARMS_FIXED;
    if (options->candidate_features > 0) {
        kind = HUNCH_ARMS_CANDIDATES;
    } else if (options->value_min < options->value_max) {
        kind = HUNCH_ARMS_ORDERED;
    } else if (options->episode_steps > 0) {
        kind = HUNCH_ARMS_EPISODE;
    }
    chooser->shape = (hunch_learner_shape){
        .struct_size = sizeof chooser->shape,
        .arms = options->arms,
        .dense = encoder->dense,
        .features = encoder->columns + encoder->episode_steps * encoder->episode_arms,
        .candidate_features = options->candidate_features,
        .arms_kind = kind,
        .exploration = options->exploration,
        .half_life = options->half_life,
    };
    const size_t cuts_at = (1 + (size_t)options->metrics_count) * sizeof(double);
    chooser->cuts_at = (uint32_t)cuts_at;
    chooser->learner_at =
        (uint32_t)hunch__align_up(cuts_at + encoder->cuts * sizeof(float), HUNCH__CACHE_LINE);
}

static void set_slot_shape(hunch_chooser *chooser)
{
    const hunch_chooser_options *options = &chooser->options;
    struct hunch__slot_shape *slot = &chooser->slot;
    const bool place = options->nonzeros > 0 || options->episode_steps > 0;
    slot->head_words = place ? 4 : 2;
    /* Each part is 16-aligned (words.h). */
    slot->context_words =
        options->nonzeros > 0 ? (options->nonzeros + 1) & ~1u : (options->features + 3) / 4 * 2;
    slot->candidate_words = (options->candidate_features + 3) / 4 * 2;
    slot->words = slot->head_words + slot->context_words + slot->candidate_words;
    slot->capacity = ring_capacity(options->pending);
    slot->index_bits = (uint32_t)__builtin_ctz(slot->capacity);
    slot->id_step = hunch__id_step(slot);
    const uint32_t every = options->learn_every == UINT32_MAX ? 0 : options->learn_every;
    const uint32_t events = every < EVENTS_MOST / 4 ? 4 * every : EVENTS_MOST;
    slot->event_capacity = power_of_two(events > EVENTS_LEAST ? events : EVENTS_LEAST);
}

/* So many slots that a ticket outlives `pending` later choices. A ring that grew in the middle of a
 * round comes back to some tickets after half of its capacity (slot.c). */
static uint32_t ring_capacity(uint32_t pending)
{
    return pending < HUNCH__SLOTS_FIRST ? power_of_two(pending + 1) : 2 * power_of_two(pending);
}

static uint32_t default_lanes(void)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const long lanes = processors < 1 ? 2 : 2 * processors;
    return lanes < HUNCH__LANES_MAX ? (uint32_t)lanes : HUNCH__LANES_MAX;
}

static uint32_t power_of_two(uint32_t least)
{
    uint32_t power = 1;
    while (power < least) {
        power *= 2;
    }
    return power;
}

static void *place(struct layout *layout, size_t count, size_t bytes)
{
    void *at = layout->base == NULL ? NULL : layout->base + layout->at;
    layout->at += hunch__align_up(count * bytes, HUNCH__CACHE_LINE);
    return at;
}

static void place_all(hunch_chooser *chooser, struct layout *layout)
{
    layout->at = HUNCH__CACHE_LINE; /* never empty */
    if (chooser->options.schema != NULL) {
        place_schema(chooser, layout);
        place_names(chooser, layout);
    }
    place_metrics(chooser, layout);
    place_batch(chooser, layout);
}

/* Every table of the encoder. A schema of plain numbers needs none but what stands for missing. */
static void place_schema(hunch_chooser *chooser, struct layout *layout)
{
    struct hunch__encoder *encoder = &chooser->encoder;
    const uint32_t features = encoder->features;
    const bool numbers = encoder->dense == features;
    struct hunch__column *columns = place(layout, numbers ? 0 : features, sizeof *columns);
    float *missing = place(layout, numbers ? features : 0, sizeof *missing);
    chooser->cuts.values = place(layout, encoder->cuts, sizeof(float));
    float *sample =
        place(layout, encoder->cuts > 0 ? features : 0, HUNCH__CUTS_SAMPLE * sizeof(float));
    chooser->cuts.seen = place(layout, encoder->cuts > 0 ? features : 0, sizeof(uint32_t));
    if (layout->base == NULL) {
        return;
    }
    uint32_t dense = 0;
    uint32_t base = encoder->dense;
    uint32_t cuts = 0;
    encoder->column = numbers ? NULL : columns;
    encoder->missing = numbers ? missing : NULL;
    chooser->cuts.sample = encoder->cuts > 0 ? sample : NULL;
    for (uint32_t f = 0; f < features; f++) {
        const hunch_feature *feature = &chooser->options.schema[f];
        if (numbers) {
            missing[f] = feature->missing;
            continue;
        }
        const bool numeric = feature->kind == HUNCH_FEATURE_NUMERIC;
        columns[f] = (struct hunch__column){.kind = feature->kind,
                                            .base = numeric ? dense++ : base,
                                            .levels = feature->levels,
                                            .cuts = cuts + 1,
                                            .missing = feature->missing};
        base += numeric ? 0 : feature->levels;
        if (feature->kind == HUNCH_FEATURE_BUCKETED) {
            if (feature->cuts != NULL) {
                chooser->cuts.values[cuts] = 1.0f;
                memcpy(chooser->cuts.values + cuts + 1, feature->cuts,
                       (feature->levels - 1) * sizeof(float));
            }
            cuts += feature->levels;
        }
    }
}

/* The schema itself, with names of our own and cuts where the encoder keeps them. */
static void place_names(hunch_chooser *chooser, struct layout *layout)
{
    enum { NAME_BYTES = 32 };
    const uint32_t features = chooser->options.features;
    hunch_feature *schema = place(layout, features, sizeof *schema);
    char(*names)[NAME_BYTES] = place(layout, features, NAME_BYTES);
    if (layout->base == NULL) {
        return;
    }
    const struct hunch__encoder *encoder = &chooser->encoder;
    for (uint32_t f = 0; f < features; f++) {
        schema[f] = chooser->options.schema[f];
        if (schema[f].name != NULL) {
            memcpy(names[f], schema[f].name, strnlen(schema[f].name, NAME_BYTES - 1));
            schema[f].name = names[f];
        }
        if (schema[f].kind == HUNCH_FEATURE_BUCKETED) {
            schema[f].cuts = chooser->cuts.values + encoder->column[f].cuts;
        }
    }
    chooser->options.schema = schema;
}

static void place_metrics(hunch_chooser *chooser, struct layout *layout)
{
    enum { NAME_BYTES = 32 };
    const uint32_t count = chooser->options.metrics_count;
    hunch_metric *metrics = place(layout, count, sizeof *metrics);
    char(*names)[NAME_BYTES] = place(layout, count, NAME_BYTES);
    chooser->objective.seen = place(layout, count, sizeof *chooser->objective.seen);
    if (layout->base == NULL) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        metrics[i] = chooser->options.metrics[i];
        if (metrics[i].name != NULL) {
            memcpy(names[i], metrics[i].name, strnlen(metrics[i].name, NAME_BYTES - 1));
            metrics[i].name = names[i];
        }
    }
    chooser->options.metrics = metrics;
    chooser->objective.metrics = metrics;
}

static void place_batch(hunch_chooser *chooser, struct layout *layout)
{
    const struct hunch__encoder *encoder = &chooser->encoder;
    const size_t sparse = encoder->nonzeros > 0 ? encoder->nonzeros : 0;
    const size_t coded = encoder->nonzeros > 0 ? 0 : encoder->features - encoder->dense;
    const size_t entries = (sparse > 0 ? sparse : coded) + 1;
    const size_t raw = (sparse > 0 ? 0 : encoder->features) + chooser->shape.candidate_features + 2;
    struct hunch__batch *batch = place(layout, 1, sizeof *batch);
    float *raw_at = place(layout, HUNCH__BATCH * raw, sizeof(float));
    uint32_t *raw_columns = place(layout, sparse, sizeof(uint32_t));
    float *raw_values = place(layout, sparse, sizeof(float));
    float *dense = place(layout, HUNCH__BATCH * (size_t)encoder->dense, sizeof(float));
    uint32_t *columns = place(layout, HUNCH__BATCH * entries, sizeof(uint32_t));
    float *values = place(layout, HUNCH__BATCH * entries, sizeof(float));
    if (layout->base == NULL) {
        return;
    }
    batch->raw = raw_at;
    batch->raw_columns = sparse > 0 ? raw_columns : NULL;
    batch->raw_values = raw_values;
    batch->dense = dense;
    batch->columns = columns;
    batch->values = values;
    batch->raw_floats = raw;
    batch->entries = entries;
    chooser->batch = batch;
}
