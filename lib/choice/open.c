/* Reading a chooser from a file. Nothing in the file is believed: sizes are those that the numbers
 * imply, the numbers pass the checks of hunch_chooser_new()'s options, and the learner looks at its
 * state before it is used. */
#include <math.h>
#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "build.h"
#include "chooser.h"
#include "diag.h"
#include "file.h"
#include "format.h"
#include "learn.h"
#include "options.h"
#include "random.h"

/* Generations of slots are cut to what ids have room for at the largest capacity. */
/* Generations left out on opening: for choices that were made after the last save, whose tickets
 * some other system may still hold. */
static const uint64_t generation_gap = (uint64_t)1 << 20;
static const uint64_t generation_mask = ((uint64_t)1 << 33) - 1;

/* A file, its sections looked up. */
struct source {
    struct hunch__container container;
    const uint64_t *numbers;
    const double *reals;
    const char *learner;
    const double *metrics;
    const char *metric_names;
    const uint32_t *schema;
    const float *missing;
    const char *feature_names;
    const float *cuts;
    const float *sample;
    const uint32_t *seen;
    const unsigned char *state;
    uint64_t cuts_count, sample_count, seen_count, state_count;
};

/* What the options' arrays are read into. */
struct tables {
    hunch_metric metrics[HUNCH__METRICS_MAX];
    hunch_feature schema[HUNCH__DENSE_MAX];
};

static hunch_status find_sections(struct source *source, const void *bytes, size_t n,
                                  hunch_diag *diag);
static const void *section(struct source *source, uint32_t id, enum hunch__element type,
                           uint64_t expected, bool *whole);
static hunch_status find_tables(struct source *source, hunch_diag *diag);
static hunch_status read_shape(const struct source *source, const hunch_chooser_options *given,
                               struct tables *tables, struct hunch__saved_shape *shape,
                               hunch_diag *diag);
static hunch_status find_learner(const struct source *source, const hunch_chooser_options *given,
                                 const hunch_learner_ops **ops, hunch_diag *diag);
static bool is_name(const char *name);
static void read_metrics(const struct source *source, struct tables *tables);
static hunch_status read_schema(const struct source *source, struct tables *tables,
                                hunch_diag *diag);
static hunch_status adopt(hunch_chooser *chooser, const struct source *source, hunch_diag *diag);
static hunch_status adopt_cuts(hunch_chooser *chooser, const struct source *source,
                               hunch_diag *diag);
static hunch_status adopt_metrics(hunch_chooser *chooser, const struct source *source,
                                  hunch_diag *diag);
static void adopt_numbers(hunch_chooser *chooser, const struct source *source);

hunch_status hunch_chooser_open(hunch_chooser **out, const char *path,
                                const hunch_chooser_options *options, hunch_diag *diag)
{
    HUNCH_ASSERT(out != NULL && path != NULL);
    struct hunch__mapping mapping;
    hunch_chooser_options known;
    *out = NULL;
    hunch_status status = hunch__copy_options(&known, options, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    const hunch_io *io = known.io;
    status = hunch__mapping_open(&mapping, path, io, diag);
    if (status == HUNCH_OK) {
        status = hunch_chooser_open_bytes(out, mapping.bytes, mapping.size, options, diag);
        hunch__mapping_close(&mapping, io);
    }
    return status;
}

hunch_status hunch_chooser_open_bytes(hunch_chooser **out, const void *bytes, size_t n,
                                      const hunch_chooser_options *options, hunch_diag *diag)
{
    HUNCH_ASSERT(out != NULL && (bytes != NULL || n == 0));
    struct source source;
    struct hunch__saved_shape shape;
    hunch_chooser_options known;
    *out = NULL;
    hunch_status status = hunch__copy_options(&known, options, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    const hunch_allocator allocator = hunch__allocator_or_default(known.allocator);
    status = find_sections(&source, bytes, n, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    struct tables *tables = hunch__alloc(&allocator, sizeof *tables, HUNCH__CACHE_LINE);
    if (tables == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no %zu bytes to open with", sizeof *tables);
    }
    status = read_shape(&source, &known, tables, &shape, diag);
    if (status == HUNCH_OK) {
        status = hunch__chooser_make(out, options, &shape, diag);
    }
    if (status == HUNCH_OK) {
        status = adopt(*out, &source, diag);
    }
    if (status == HUNCH_OK) {
        hunch__publish(*out);
    } else {
        hunch_chooser_free(*out);
        *out = NULL;
    }
    hunch__free(&allocator, tables, sizeof *tables, HUNCH__CACHE_LINE);
    return status;
}

hunch_status hunch_chooser_validate(const hunch_chooser *chooser, hunch_diag *diag)
{
    HUNCH_ASSERT(chooser != NULL);
    return chooser->ops->validate(chooser->state, &chooser->shape, diag);
}

static hunch_status find_sections(struct source *source, const void *bytes, size_t n,
                                  hunch_diag *diag)
{
    bool whole = true;
    memset(source, 0, sizeof *source);
    hunch_status status =
        hunch__container_open(&source->container, bytes, n, HUNCH__KIND_CHOOSER, diag);
    if (status == HUNCH_OK) {
        status = hunch__container_validate(&source->container, diag);
    }
    if (status != HUNCH_OK) {
        return status;
    }
    source->numbers = section(source, HUNCH__SECTION_NUMBERS, HUNCH__U64, HUNCH__NUMBERS, &whole);
    source->reals = section(source, HUNCH__SECTION_REALS, HUNCH__F64, HUNCH__REALS, &whole);
    source->learner = section(source, HUNCH__SECTION_LEARNER, HUNCH__U8, HUNCH__NAME_BYTES, &whole);
    if (!whole) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "sections 1 to 3: missing or of another size");
    }
    return find_tables(source, diag);
}

/* The elements when there are as many as expected; otherwise *whole is false. */
static const void *section(struct source *source, uint32_t id, enum hunch__element type,
                           uint64_t expected, bool *whole)
{
    uint64_t count = 0;
    const void *elements = hunch__container_section(&source->container, id, type, &count);
    if (elements == NULL || count != expected) {
        *whole = false;
    }
    return elements;
}

static hunch_status find_tables(struct source *source, hunch_diag *diag)
{
    bool whole = true;
    const struct hunch__container *container = &source->container;
    const uint64_t metrics = source->numbers[HUNCH__NUMBER_METRICS];
    const uint64_t all = source->numbers[HUNCH__NUMBER_FEATURES];
    const uint64_t features = source->numbers[HUNCH__NUMBER_HAS_SCHEMA] == 0 ? 0 : all;
    if (metrics > HUNCH__METRICS_MAX || features > HUNCH__DENSE_MAX) {
        return hunch__fail(diag, HUNCH_ECORRUPT, HUNCH__NUMBER_METRICS,
                           "section 1: %llu metrics, %llu features in a schema",
                           (unsigned long long)metrics, (unsigned long long)features);
    }
    source->metrics =
        section(source, HUNCH__SECTION_METRICS, HUNCH__F64, metrics * HUNCH__METRIC_REALS, &whole);
    source->metric_names = section(source, HUNCH__SECTION_METRIC_NAMES, HUNCH__U8,
                                   metrics * HUNCH__NAME_BYTES, &whole);
    source->schema = section(source, HUNCH__SECTION_SCHEMA, HUNCH__U32, features * 2, &whole);
    source->missing = section(source, HUNCH__SECTION_MISSING, HUNCH__F32, features, &whole);
    source->feature_names = section(source, HUNCH__SECTION_FEATURE_NAMES, HUNCH__U8,
                                    features * HUNCH__NAME_BYTES, &whole);
    source->cuts =
        hunch__container_section(container, HUNCH__SECTION_CUTS, HUNCH__F32, &source->cuts_count);
    source->sample = hunch__container_section(container, HUNCH__SECTION_CUT_SAMPLE, HUNCH__F32,
                                              &source->sample_count);
    source->seen = hunch__container_section(container, HUNCH__SECTION_CUT_SEEN, HUNCH__U32,
                                            &source->seen_count);
    source->state =
        hunch__container_section(container, HUNCH__SECTION_STATE, HUNCH__U8, &source->state_count);
    whole = whole && source->cuts != NULL && source->sample != NULL && source->seen != NULL &&
            source->state != NULL;
    return whole ? HUNCH_OK
                 : hunch__fail(diag, HUNCH_ECORRUPT, 0,
                               "sections 4 to 12: missing or of another size");
}

static hunch_status read_shape(const struct source *source, const hunch_chooser_options *given,
                               struct tables *tables, struct hunch__saved_shape *shape,
                               hunch_diag *diag)
{
    const uint64_t *numbers = source->numbers;
    for (uint32_t i = HUNCH__NUMBER_ARMS; i <= HUNCH__NUMBER_METRICS; i++) {
        if (numbers[i] > UINT32_MAX) {
            return hunch__fail(diag, HUNCH_ECORRUPT, i, "section 1: number %u is %llu", i,
                               (unsigned long long)numbers[i]);
        }
    }
    *shape = (struct hunch__saved_shape){
        .arms = (uint32_t)numbers[HUNCH__NUMBER_ARMS],
        .features = (uint32_t)numbers[HUNCH__NUMBER_FEATURES],
        .candidate_features = (uint32_t)numbers[HUNCH__NUMBER_CANDIDATE_FEATURES],
        .value_scale = (uint32_t)numbers[HUNCH__NUMBER_VALUE_SCALE],
        .value_min = source->reals[HUNCH__REAL_VALUE_MIN],
        .value_max = source->reals[HUNCH__REAL_VALUE_MAX],
        .nonzeros = (uint32_t)numbers[HUNCH__NUMBER_NONZEROS],
        .episode_steps = (uint32_t)numbers[HUNCH__NUMBER_EPISODE_STEPS],
        .metrics_count = (uint32_t)numbers[HUNCH__NUMBER_METRICS],
        .exploration = (float)source->reals[HUNCH__REAL_EXPLORATION],
        .half_life = (float)source->reals[HUNCH__REAL_HALF_LIFE],
        .metrics = tables->metrics,
        .schema = numbers[HUNCH__NUMBER_HAS_SCHEMA] != 0 ? tables->schema : NULL,
        .state_bytes = source->state_count,
    };
    read_metrics(source, tables);
    hunch_status status = read_schema(source, tables, diag);
    if (status == HUNCH_OK) {
        status = find_learner(source, given, &shape->learner, diag);
    }
    return status;
}

/* A learner of the user's is handed in again; one of the library's is found by its name. */
static hunch_status find_learner(const struct source *source, const hunch_chooser_options *given,
                                 const hunch_learner_ops **ops, hunch_diag *diag)
{
    if (!is_name(source->learner)) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "section 3: the learner's name does not end");
    }
    const hunch_learner_ops *own = given->learner;
    *ops = own != NULL && own->name != NULL &&
                   strncmp(own->name, source->learner, HUNCH__NAME_BYTES - 1) == 0
               ? own
               : hunch_learner_find(source->learner);
    if (*ops == NULL) {
        return hunch__fail(diag, HUNCH_EUNSUPPORTED, 0,
                           "learner %s: not built in, and not in the options", source->learner);
    }
    const uint64_t version = source->numbers[HUNCH__NUMBER_LEARNER_VERSION];
    return version == (*ops)->version
               ? HUNCH_OK
               : hunch__fail(diag, HUNCH_EVERSION, version,
                             "learner %s: state of version %llu, %u expected", source->learner,
                             (unsigned long long)version, (*ops)->version);
}

static bool is_name(const char *name)
{
    return memchr(name, '\0', HUNCH__NAME_BYTES) != NULL;
}

static void read_metrics(const struct source *source, struct tables *tables)
{
    for (uint64_t i = 0; i < source->numbers[HUNCH__NUMBER_METRICS]; i++) {
        const double *row = source->metrics + i * HUNCH__METRIC_REALS;
        const char *name = source->metric_names + i * HUNCH__NAME_BYTES;
        const bool known = row[2] >= 0.0 && row[2] <= HUNCH_LIMIT_AT_LEAST;
        tables->metrics[i] = (hunch_metric){
            .name = name[0] != '\0' && is_name(name) ? name : NULL,
            .weight = row[0],
            .limit = row[1],
            .limit_kind = known ? (uint32_t)row[2] : UINT32_MAX, /* refused with the options */
        };
    }
}

static hunch_status read_schema(const struct source *source, struct tables *tables,
                                hunch_diag *diag)
{
    const uint64_t features = source->numbers[HUNCH__NUMBER_HAS_SCHEMA] == 0
                                  ? 0
                                  : source->numbers[HUNCH__NUMBER_FEATURES];
    uint64_t cuts = 0;
    for (uint64_t f = 0; f < features; f++) {
        const char *name = source->feature_names + f * HUNCH__NAME_BYTES;
        if (!is_name(name)) {
            return hunch__fail(diag, HUNCH_ECORRUPT, f, "section 8: name %llu does not end",
                               (unsigned long long)f);
        }
        tables->schema[f] = (hunch_feature){
            .name = name[0] == '\0' ? NULL : name,
            .kind = source->schema[2 * f],
            .levels = source->schema[2 * f + 1],
            .missing = source->missing[f],
        };
        cuts += source->schema[2 * f] == HUNCH_FEATURE_BUCKETED ? source->schema[2 * f + 1] : 0;
    }
    return cuts == source->cuts_count
               ? HUNCH_OK
               : hunch__fail(diag, HUNCH_ECORRUPT, source->cuts_count,
                             "section 9: %llu numbers for cuts, %llu expected",
                             (unsigned long long)source->cuts_count, (unsigned long long)cuts);
}

static hunch_status adopt(hunch_chooser *chooser, const struct source *source, hunch_diag *diag)
{
    hunch_status status = adopt_cuts(chooser, source, diag);
    if (status == HUNCH_OK) {
        status = adopt_metrics(chooser, source, diag);
    }
    if (status == HUNCH_OK) {
        memcpy(chooser->state, source->state, chooser->state_bytes);
        status = chooser->ops->validate(chooser->state, &chooser->shape, diag);
    }
    if (status == HUNCH_OK) {
        adopt_numbers(chooser, source);
    }
    return status;
}

/* Flags are 0 or 1; cuts that are known are finite and ascend; nobody has seen too many. */
static hunch_status adopt_cuts(hunch_chooser *chooser, const struct source *source,
                               hunch_diag *diag)
{
    const struct hunch__encoder *encoder = &chooser->encoder;
    const uint64_t sampled = encoder->cuts > 0 ? encoder->features : 0;
    bool right = source->cuts_count == encoder->cuts && source->seen_count == sampled &&
                 source->sample_count == sampled * HUNCH__CUTS_SAMPLE;
    for (uint32_t f = 0; right && f < sampled; f++) {
        const struct hunch__column *column = &encoder->column[f];
        if (column->kind == HUNCH_FEATURE_BUCKETED) {
            const float *cut = source->cuts + column->cuts;
            right = (cut[-1] == 0.0f && source->seen[f] < HUNCH__CUTS_SAMPLE) || cut[-1] == 1.0f;
            for (uint32_t i = 0; right && i + 1 < column->levels; i++) {
                right = isfinite(cut[i]) && (i == 0 || cut[i - 1] <= cut[i]);
            }
        }
    }
    if (!right) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0, "sections 9 to 11: cuts that cannot be");
    }
    if (sampled > 0) {
        memcpy(chooser->cuts.values, source->cuts, encoder->cuts * sizeof(float));
        memcpy(chooser->cuts.sample, source->sample, source->sample_count * sizeof(float));
        memcpy(chooser->cuts.seen, source->seen, sampled * sizeof(uint32_t));
    }
    return HUNCH_OK;
}

/* What was seen goes on as if the shared lane had seen it. */
static hunch_status adopt_metrics(hunch_chooser *chooser, const struct source *source,
                                  hunch_diag *diag)
{
    struct hunch__lane *lane = &chooser->lanes.lane[chooser->lanes.count];
    for (uint32_t i = 0; i < chooser->objective.count; i++) {
        const double *row = source->metrics + (size_t)i * HUNCH__METRIC_REALS;
        const bool right = row[3] >= 0.0 && isfinite(row[3]) && isfinite(row[4]) &&
                           isfinite(row[5]) && row[6] >= 0.0 && row[6] <= 100.0;
        if (!right) {
            return hunch__fail(diag, HUNCH_ECORRUPT, i, "section 4: metric %u cannot be", i);
        }
        chooser->objective.seen[i] = (struct hunch__metric_seen){row[3], row[4], row[5], row[6]};
        hunch__store_relaxed(&lane->metrics[i].count, row[3]);
        hunch__store_relaxed(&lane->metrics[i].sum, row[4]);
        hunch__store_relaxed(&lane->metrics[i].squares, row[5]);
    }
    return HUNCH_OK;
}

static void adopt_numbers(hunch_chooser *chooser, const struct source *source)
{
    const uint64_t *numbers = source->numbers;
    const double sum = source->reals[HUNCH__REAL_REWARD_SUM];
    chooser->epoch = (numbers[HUNCH__NUMBER_GENERATION] + generation_gap) & generation_mask;
    for (uint32_t l = 0; l < chooser->lanes.all; l++) {
        hunch__lane_seed(chooser, l);
    }
    chooser->dice = numbers[HUNCH__NUMBER_DICE];
    chooser->learned = numbers[HUNCH__NUMBER_LEARNED];
    chooser->steps = numbers[HUNCH__NUMBER_STEPS];
    chooser->before = (struct hunch__totals){
        .choices = numbers[HUNCH__NUMBER_CHOICES],
        .rewards = numbers[HUNCH__NUMBER_REWARDS],
        .expired = numbers[HUNCH__NUMBER_EXPIRED],
        .abandoned = numbers[HUNCH__NUMBER_ABANDONED],
        .refused = numbers[HUNCH__NUMBER_REFUSED],
        .dropped = numbers[HUNCH__NUMBER_DROPPED],
        .overridden = numbers[HUNCH__NUMBER_OVERRIDDEN],
        .not_finite = numbers[HUNCH__NUMBER_NOT_FINITE],
        .reward_sum = isfinite(sum) ? sum : 0.0,
    };
    /* A program that starts again and again from its file shall not draw the same again and again.
     */
    for (uint32_t i = 0; i < chooser->lanes.all; i++) {
        chooser->lanes.lane[i].dice ^= hunch__mix64(chooser->epoch);
    }
    hunch__set_step_every(chooser);
}
