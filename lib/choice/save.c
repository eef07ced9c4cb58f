/* Writing a chooser to a file. */
#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "chooser.h"
#include "diag.h"
#include "file.h"
#include "format.h"
#include "learn.h"

/* What is gathered while nobody learns, and written afterwards. */
struct draft {
    uint64_t numbers[HUNCH__NUMBERS];
    double reals[HUNCH__REALS];
    char learner[HUNCH__NAME_BYTES];
    double metrics[HUNCH__METRICS_MAX][HUNCH__METRIC_REALS];
    char metric_names[HUNCH__METRICS_MAX][HUNCH__NAME_BYTES];
    uint32_t schema[HUNCH__DENSE_MAX][2];
    float missing[HUNCH__DENSE_MAX];
    char feature_names[HUNCH__DENSE_MAX][HUNCH__NAME_BYTES];
    uint32_t seen[HUNCH__DENSE_MAX];
};

/* The variable parts behind it, in bytes. */
struct extents {
    size_t cuts, sample, state;
};

static void gather(const hunch_chooser *chooser, struct draft *draft);
static void gather_numbers(const hunch_chooser *chooser, uint64_t *numbers, double *reals);
static void gather_metrics(const hunch_chooser *chooser, struct draft *draft);
static void gather_schema(const hunch_chooser *chooser, struct draft *draft);
static hunch_status write_draft(const hunch_chooser *chooser, const char *path,
                                const struct draft *draft, const struct extents *extents,
                                hunch_diag *diag);

hunch_status hunch_chooser_save(const hunch_chooser *chooser, const char *path, hunch_diag *diag)
{
    HUNCH_ASSERT(chooser != NULL && path != NULL);
    const size_t sampled = chooser->cuts.sample == NULL ? 0 : chooser->features;
    const struct extents extents = {
        .cuts = chooser->encoder.cuts * sizeof(float),
        .sample = sampled * HUNCH__CUTS_SAMPLE * sizeof(float),
        .state = chooser->state_bytes,
    };
    const size_t bytes = sizeof(struct draft) + extents.cuts + extents.sample + extents.state;
    struct draft *draft = hunch__alloc(&chooser->allocator, bytes, HUNCH__CACHE_LINE);
    if (draft == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no %zu bytes to save in", bytes);
    }
    memset(draft, 0, sizeof *draft);
    unsigned char *rest = (unsigned char *)(draft + 1);
    hunch__learn_begin(chooser->process);
    (void)hunch__learn(chooser->self); /* what was rewarded before is in the file */
    gather(chooser, draft);
    if (extents.cuts > 0) {
        memcpy(rest, chooser->cuts.values, extents.cuts);
    }
    if (extents.sample > 0) {
        memcpy(rest + extents.cuts, chooser->cuts.sample, extents.sample);
    }
    memcpy(rest + extents.cuts + extents.sample, chooser->state, extents.state);
    hunch__learn_end(chooser->process);
    const hunch_status status = write_draft(chooser, path, draft, &extents, diag);
    hunch__free(&chooser->allocator, draft, bytes, HUNCH__CACHE_LINE);
    return status;
}

static void gather(const hunch_chooser *chooser, struct draft *draft)
{
    gather_numbers(chooser, draft->numbers, draft->reals);
    memcpy(draft->learner, chooser->ops->name, strnlen(chooser->ops->name, HUNCH__NAME_BYTES - 1));
    gather_metrics(chooser, draft);
    if (chooser->options.schema != NULL) {
        gather_schema(chooser, draft);
    }
}

static void gather_numbers(const hunch_chooser *chooser, uint64_t *numbers, double *reals)
{
    const hunch_chooser_options *options = &chooser->options;
    struct hunch__totals totals;
    hunch__totals_read(chooser, &totals);
    numbers[HUNCH__NUMBER_ARMS] = options->arms;
    numbers[HUNCH__NUMBER_FEATURES] = options->features;
    numbers[HUNCH__NUMBER_CANDIDATE_FEATURES] = options->candidate_features;
    numbers[HUNCH__NUMBER_VALUE_SCALE] = options->value_scale;
    numbers[HUNCH__NUMBER_NONZEROS] = options->nonzeros;
    numbers[HUNCH__NUMBER_EPISODE_STEPS] = options->episode_steps;
    numbers[HUNCH__NUMBER_METRICS] = options->metrics_count;
    numbers[HUNCH__NUMBER_HAS_SCHEMA] = options->schema != NULL;
    numbers[HUNCH__NUMBER_LEARNER_VERSION] = chooser->ops->version;
    numbers[HUNCH__NUMBER_SEED] = options->seed;
    numbers[HUNCH__NUMBER_DICE] = chooser->dice_then; /* opening makes the same snapshot again */
    /* No slot can have been written more often than there were choices. */
    numbers[HUNCH__NUMBER_GENERATION] =
        chooser->epoch + (totals.choices - chooser->before.choices) + 1;
    numbers[HUNCH__NUMBER_LEARNED] = hunch__load_relaxed(&chooser->learned);
    numbers[HUNCH__NUMBER_STEPS] = hunch__load_relaxed(&chooser->steps);
    numbers[HUNCH__NUMBER_CHOICES] = totals.choices;
    numbers[HUNCH__NUMBER_REWARDS] = totals.rewards;
    numbers[HUNCH__NUMBER_EXPIRED] = totals.expired;
    numbers[HUNCH__NUMBER_ABANDONED] = totals.abandoned;
    numbers[HUNCH__NUMBER_REFUSED] = totals.refused;
    numbers[HUNCH__NUMBER_DROPPED] = totals.dropped;
    numbers[HUNCH__NUMBER_OVERRIDDEN] = totals.overridden;
    numbers[HUNCH__NUMBER_NOT_FINITE] = totals.not_finite;
    reals[HUNCH__REAL_VALUE_MIN] = options->value_min;
    reals[HUNCH__REAL_VALUE_MAX] = options->value_max;
    reals[HUNCH__REAL_EXPLORATION] = (double)options->exploration;
    reals[HUNCH__REAL_HALF_LIFE] = (double)options->half_life;
    reals[HUNCH__REAL_REWARD_SUM] = totals.reward_sum;
}

static void gather_metrics(const hunch_chooser *chooser, struct draft *draft)
{
    for (uint32_t i = 0; i < chooser->objective.count; i++) {
        const hunch_metric *metric = &chooser->objective.metrics[i];
        const struct hunch__metric_seen *seen = &chooser->objective.seen[i];
        const double row[HUNCH__METRIC_REALS] = {
            metric->weight, metric->limit, (double)metric->limit_kind, seen->count, seen->sum,
            seen->squares,  seen->price};
        memcpy(draft->metrics[i], row, sizeof row);
        if (metric->name != NULL) {
            memcpy(draft->metric_names[i], metric->name, HUNCH__NAME_BYTES);
        }
    }
}

static void gather_schema(const hunch_chooser *chooser, struct draft *draft)
{
    for (uint32_t f = 0; f < chooser->features; f++) {
        const hunch_feature *feature = &chooser->options.schema[f];
        draft->schema[f][0] = feature->kind;
        draft->schema[f][1] = feature->levels;
        draft->missing[f] = feature->missing;
        if (feature->name != NULL) {
            memcpy(draft->feature_names[f], feature->name, HUNCH__NAME_BYTES);
        }
        if (chooser->cuts.sample != NULL) {
            draft->seen[f] = chooser->cuts.seen[f];
        }
    }
}

static hunch_status write_draft(const hunch_chooser *chooser, const char *path,
                                const struct draft *draft, const struct extents *extents,
                                hunch_diag *diag)
{
    const size_t metrics = chooser->objective.count;
    const size_t features = chooser->options.schema == NULL ? 0 : chooser->features;
    const size_t sampled = extents->sample > 0 ? features : 0;
    const unsigned char *rest = (const unsigned char *)(draft + 1);
    const struct hunch__part parts[] = {
        {HUNCH__SECTION_NUMBERS, HUNCH__U64, 0, draft->numbers, sizeof draft->numbers},
        {HUNCH__SECTION_REALS, HUNCH__F64, 0, draft->reals, sizeof draft->reals},
        {HUNCH__SECTION_LEARNER, HUNCH__U8, 0, draft->learner, sizeof draft->learner},
        {HUNCH__SECTION_METRICS, HUNCH__F64, 0, draft->metrics, metrics * sizeof *draft->metrics},
        {HUNCH__SECTION_METRIC_NAMES, HUNCH__U8, 0, draft->metric_names,
         metrics * sizeof *draft->metric_names},
        {HUNCH__SECTION_SCHEMA, HUNCH__U32, 0, draft->schema, features * sizeof *draft->schema},
        {HUNCH__SECTION_MISSING, HUNCH__F32, 0, draft->missing, features * sizeof *draft->missing},
        {HUNCH__SECTION_FEATURE_NAMES, HUNCH__U8, 0, draft->feature_names,
         features * sizeof *draft->feature_names},
        {HUNCH__SECTION_CUTS, HUNCH__F32, 0, rest, extents->cuts},
        {HUNCH__SECTION_CUT_SAMPLE, HUNCH__F32, 0, rest + extents->cuts, extents->sample},
        {HUNCH__SECTION_CUT_SEEN, HUNCH__U32, 0, draft->seen, sampled * sizeof *draft->seen},
        {HUNCH__SECTION_STATE, HUNCH__U8, 0, rest + extents->cuts + extents->sample,
         extents->state},
    };
    return hunch__container_write(path, HUNCH__KIND_CHOOSER, parts, sizeof parts / sizeof parts[0],
                                  chooser->options.io, &chooser->allocator, diag);
}
