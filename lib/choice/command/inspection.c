/* What can be said of a chooser: as text and as JSON. */
#include "inspection.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "choice_command.h"
#include "chooser.h"
#include "diag.h"

static hunch_status find_facts(struct inspection *in, const hunch_chooser *chooser,
                               hunch_diag *diag);
static hunch_status find_probabilities(struct inspection *in, const hunch_chooser *chooser,
                                       hunch_diag *diag);
static void print_counts(const hunch_chooser_stats *stats);
static void print_schema(const hunch_chooser_options *options);
static void print_metrics(const hunch_chooser_options *options);
static void print_arms(const struct inspection *in);
static json_t *counts_object(const hunch_chooser_stats *stats);
static json_t *schema_array(const hunch_chooser_options *options);
static json_t *metrics_array(const hunch_chooser_options *options);
static json_t *arms_array(const struct inspection *in);
static json_t *whole(json_t *array, int failures);

hunch_status choice__inspection_make(struct inspection *out, const char *path,
                                     const hunch_chooser *chooser, hunch_diag *diag)
{
    *out = (struct inspection){.path = path, .options = &chooser->options};
    out->stats.struct_size = sizeof out->stats;
    hunch_chooser_read_stats(chooser, &out->stats);
    hunch_status status = find_facts(out, chooser, diag);
    if (status == HUNCH_OK && out->options->candidate_features == 0 &&
        out->options->nonzeros == 0) {
        status = find_probabilities(out, chooser, diag);
    }
    if (status != HUNCH_OK) {
        choice__inspection_free(out);
    }
    return status;
}

void choice__inspection_free(struct inspection *in)
{
    free(in->p);
    free(in->facts);
    in->p = NULL;
    in->facts = NULL;
}

void choice__inspection_print(const struct inspection *in)
{
    char subject[128];
    choice__inspection_subject(in, subject, sizeof subject);
    (void)printf("file          %s\n"
                 "chooses       %s\n"
                 "from          %" PRIu32 " features%s\n"
                 "learner       %s, asks %s\n",
                 in->path, subject, in->options->features,
                 in->options->nonzeros > 0 ? ", sparse" : "", in->stats.learner, in->stats.model);
    print_counts(&in->stats);
    print_schema(in->options);
    print_metrics(in->options);
    print_arms(in);
}

struct json_t *choice__inspection_json(const struct inspection *in)
{
    const hunch_chooser_options *o = in->options;
    char subject[128];
    choice__inspection_subject(in, subject, sizeof subject);
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:s, s:s, s:f, s:f, s:f, s:o, s:o, s:o, s:o}",
                     "command", "inspect", "file", in->path, "chooses", subject, "features",
                     (json_int_t)o->features, "candidate_features",
                     (json_int_t)o->candidate_features, "learner", in->stats.learner, "model",
                     in->stats.model, "exploration", (double)o->exploration, "half_life",
                     (double)o->half_life, "mean_reward", in->stats.mean_reward, "counts",
                     counts_object(&in->stats), "schema", schema_array(o), "metrics",
                     metrics_array(o), "arms", arms_array(in));
}

void choice__inspection_subject(const struct inspection *in, char *text, size_t n)
{
    const hunch_chooser_options *o = in->options;
    if (o->value_max > o->value_min) {
        (void)snprintf(text, n, "a number from %g to %g%s", o->value_min, o->value_max,
                       o->value_scale == HUNCH_SCALE_LOG ? ", by ratio" : "");
    } else if (o->candidate_features > 0) {
        (void)snprintf(text, n, "among %" PRIu32 " candidates at most, of %" PRIu32 " features",
                       o->arms, o->candidate_features);
    } else {
        (void)snprintf(text, n, "among %" PRIu32 " arms", in->stats.arms);
    }
}

const char *choice__feature_kind(uint32_t kind)
{
    return kind == HUNCH_FEATURE_CATEGORICAL ? "categorical"
           : kind == HUNCH_FEATURE_BUCKETED  ? "bucketed"
                                             : "numeric";
}

static hunch_status find_facts(struct inspection *in, const hunch_chooser *chooser,
                               hunch_diag *diag)
{
    in->facts = calloc(in->stats.arms, sizeof *in->facts);
    if (in->facts == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for %" PRIu32 " arms", in->stats.arms);
    }
    if (!choice__arm_facts(chooser, in->facts)) {
        free(in->facts);
        in->facts = NULL;
    }
    return HUNCH_OK;
}

/* Candidates are described by what they bring, and there are none; nor has a sparse context
 * anything missing: for these there is no such answer. */
static hunch_status find_probabilities(struct inspection *in, const hunch_chooser *chooser,
                                       hunch_diag *diag)
{
    size_t features = in->options->features;
    float *x = calloc(features + 1, sizeof *x);
    in->p = calloc(in->stats.arms, sizeof *in->p);
    if (x == NULL || in->p == NULL) {
        free(x);
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for %" PRIu32 " arms", in->stats.arms);
    }
    for (size_t i = 0; i < features; i++) {
        x[i] = NAN;
    }
    hunch_chooser_probabilities(chooser, features > 0 ? x : NULL, NULL, in->p);
    free(x);
    return HUNCH_OK;
}

static void print_counts(const hunch_chooser_stats *stats)
{
    (void)printf("choices       %" PRIu64 ", %" PRIu64 " of them overridden\n"
                 "rewards       %" PRIu64 ", mean %.6g\n"
                 "learned from  %" PRIu64 " in %" PRIu64 " steps\n"
                 "without one   %" PRIu64 " expired, %" PRIu64 " abandoned\n"
                 "trouble       %" PRIu64 " refused, %" PRIu64 " dropped, %" PRIu64
                 " contexts not finite\n",
                 stats->choices, stats->overridden, stats->rewards, stats->mean_reward,
                 stats->learned, stats->steps, stats->expired, stats->abandoned, stats->refused,
                 stats->dropped, stats->not_finite);
}

static void print_schema(const hunch_chooser_options *options)
{
    if (options->schema == NULL) {
        return;
    }
    (void)printf("\n%8s  %-31s  %s\n", "feature", "name", "kind");
    for (uint32_t i = 0; i < options->features; i++) {
        const hunch_feature *feature = &options->schema[i];
        char name[CHOICE_NAME_BYTES];
        (void)printf("%8" PRIu32 "  %-31s  %s", i, choice__name(feature->name, name),
                     choice__feature_kind(feature->kind));
        if (feature->levels > 0) {
            (void)printf(", %" PRIu32 " levels", feature->levels);
        }
        (void)printf("\n");
    }
}

static void print_metrics(const hunch_chooser_options *options)
{
    static const char *const sides[] = {"", "  at most ", "  at least "};
    for (uint32_t i = 0; i < options->metrics_count; i++) {
        const hunch_metric *metric = &options->metrics[i];
        char name[CHOICE_NAME_BYTES];
        (void)printf("%smetric %" PRIu32 "  %s  weight %g%s", i == 0 ? "\n" : "", i,
                     choice__name(metric->name, name), metric->weight,
                     sides[metric->limit_kind % 3]);
        if (metric->limit_kind != HUNCH_LIMIT_NONE) {
            (void)printf("%g", metric->limit);
        }
        (void)printf("\n");
    }
}

static void print_arms(const struct inspection *in)
{
    if (in->p == NULL && in->facts == NULL) {
        return;
    }
    (void)printf("\n%8s%s%s\n", "arm", in->facts != NULL ? "      share  mean reward" : "",
                 in->p != NULL ? "  probability now, nothing being known" : "");
    for (uint32_t i = 0; i < in->stats.arms; i++) {
        (void)printf("%8" PRIu32, i);
        if (in->facts != NULL) {
            (void)printf("  %9.4f  %11.6g", in->facts[i].share, in->facts[i].mean);
        }
        if (in->p != NULL) {
            (void)printf("  %11.6f", (double)in->p[i]);
        }
        (void)printf("\n");
    }
}

static json_t *counts_object(const hunch_chooser_stats *s)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "choices",
                     (json_int_t)s->choices, "rewards", (json_int_t)s->rewards, "expired",
                     (json_int_t)s->expired, "abandoned", (json_int_t)s->abandoned, "refused",
                     (json_int_t)s->refused, "dropped", (json_int_t)s->dropped, "overridden",
                     (json_int_t)s->overridden, "not_finite", (json_int_t)s->not_finite, "learned",
                     (json_int_t)s->learned, "steps", (json_int_t)s->steps);
}

static json_t *schema_array(const hunch_chooser_options *options)
{
    json_t *array = json_array();
    int failures = 0;
    for (uint32_t i = 0; options->schema != NULL && i < options->features; i++) {
        const hunch_feature *feature = &options->schema[i];
        char clean[CHOICE_NAME_BYTES];
        const char *name = feature->name != NULL ? choice__name(feature->name, clean) : NULL;
        failures += json_array_append_new(array, json_pack("{s:s*, s:s, s:I}", "name", name, "kind",
                                                           choice__feature_kind(feature->kind),
                                                           "levels", (json_int_t)feature->levels));
    }
    return whole(array, failures);
}

static json_t *metrics_array(const hunch_chooser_options *options)
{
    json_t *array = json_array();
    int failures = 0;
    for (uint32_t i = 0; i < options->metrics_count; i++) {
        const hunch_metric *metric = &options->metrics[i];
        char clean[CHOICE_NAME_BYTES];
        const char *name = metric->name != NULL ? choice__name(metric->name, clean) : NULL;
        failures += json_array_append_new(
            array, json_pack("{s:s*, s:f, s:f, s:I}", "name", name, "weight", metric->weight,
                             "limit", metric->limit, "limit_kind", (json_int_t)metric->limit_kind));
    }
    return whole(array, failures);
}

static json_t *arms_array(const struct inspection *in)
{
    json_t *array = json_array();
    int failures = 0;
    for (uint32_t i = 0; i < in->stats.arms; i++) {
        json_t *arm = json_pack("{s:I}", "arm", (json_int_t)i);
        if (in->facts != NULL) {
            failures += json_object_set_new(arm, "share", json_real(in->facts[i].share));
            failures += json_object_set_new(arm, "mean_reward", json_real(in->facts[i].mean));
        }
        if (in->p != NULL) {
            failures += json_object_set_new(arm, "probability", json_real((double)in->p[i]));
        }
        failures += json_array_append_new(array, arm);
    }
    return whole(array, failures);
}

/* An array with a hole, for want of memory, is none. */
static json_t *whole(json_t *array, int failures)
{
    if (failures != 0) {
        json_decref(array);
        return NULL;
    }
    return array;
}
