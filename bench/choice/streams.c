/* What happens between a choice and its reward, and to the features: drift, delay, rewards that are
 * missing, columns that are no news. Each is a ratio to the same learner without the trouble. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "class_generate.h"
#include "class_set.h"
#include "diag.h"
#include "jobs.h"
#include "part.h"
#include "protocol.h"
#include "quartiles.h"
#include "recorded.h"
#include "variant.h"

#define ROWS_MAX     10000u
#define SETS_MAX     RECORDED_FIRST
#define SHUFFLES_MAX 3u
#define IMPLS_MAX    3u
#define QUICK_SET    HUNCH__CLUSTERS
#define QUICK_ROWS   2000u

/* One impl of a question. Rounds are those of the profile full; the profile quick has a tenth. */
struct condition {
    const char *impl;
    int variant;      /* of the set; VARIANTS: as it is              */
    size_t rounds;    /* 0: the set once                             */
    size_t delay;     /* in rounds                                   */
    double missing;   /* share of the rewards                        */
    bool change;      /* half-way                                    */
    bool fresh;       /* begins at the change                        */
    double half_life; /* as a share of the rounds; 0: not asked for  */
    double from;      /* where the loss begins, as a share           */
};

/* A question: the last condition is what ratios are taken of. Where rewards are late or missing,
 * the losses compared are those after as many events have been learned: what was played before the
 * first reward came is another matter. */
struct question {
    const char *name;
    unsigned shuffles; /* in the profile full */
    struct condition conditions[IMPLS_MAX];
};

/* The sets, and every loss of a question. */
struct streams {
    struct class_set sets[SETS_MAX];   /* owned */
    struct class_set varied[SETS_MAX]; /* owned: of the question's variant */
    size_t count;
    size_t tenths; /* of the rounds that are played */
    uint64_t seed;
    unsigned shuffles;
    const struct question *question;
    double loss[SETS_MAX][IMPLS_MAX][SHUFFLES_MAX];
    const char *error[SETS_MAX][IMPLS_MAX];
};

static void list(FILE *out, const struct bench *bench);
static hunch_status run(struct bench *bench, hunch_diag *diag);
static bool question_wanted(const struct bench *bench, const struct question *question);
static void case_name(char *out, const struct question *question, const char *set);
static hunch_status load_sets(struct streams *streams, const struct bench *bench, hunch_diag *diag);
static hunch_status run_question(struct streams *streams, struct bench *bench,
                                 const struct question *question, hunch_diag *diag);
static hunch_status vary_sets(struct streams *streams, hunch_diag *diag);
static void play_one(void *ctx, size_t i);
static struct protocol protocol_of(const struct streams *streams, const struct condition *c,
                                   const struct class_set *set, unsigned shuffle);
static size_t conditions(const struct question *question);
static hunch_status report_set(const struct streams *streams, struct bench *bench, size_t set,
                               hunch_diag *diag);
static hunch_status report_mean(const struct streams *streams, struct bench *bench,
                                hunch_diag *diag);
static hunch_status report(const struct streams *streams, struct bench *bench, const char *set,
                           const struct bench_data *data, const struct bench_value *values,
                           hunch_diag *diag);
static struct bench_value value_of(const struct streams *streams, size_t set, size_t impl);

const struct choice_part choice_streams = {"streams", 500, list, run};

static const struct question questions[] = {
    {"drift",
     3,
     {{.impl = "hunch", .variant = VARIANTS, .change = true, .from = 0.75},
      {.impl = "hunch-half-life",
       .variant = VARIANTS,
       .change = true,
       .from = 0.75,
       .half_life = 0.25},
      {.impl = "hunch-fresh", .variant = VARIANTS, .change = true, .from = 0.75, .fresh = true}}},
    {"steady",
     3,
     {{.impl = "hunch-half-life", .variant = VARIANTS, .half_life = 0.25},
      {.impl = "hunch", .variant = VARIANTS}}},
    {"delay",
     1,
     {{.impl = "hunch", .variant = VARIANTS, .rounds = 60000, .delay = 10000, .from = 47.5 / 60},
      {.impl = "hunch-prompt", .variant = VARIANTS, .rounds = 50000, .from = 37.5 / 50}}},
    {"missing",
     1,
     {{.impl = "hunch", .variant = VARIANTS, .rounds = 60000, .missing = 0.5, .from = 0.75},
      {.impl = "hunch-none-missing", .variant = VARIANTS, .rounds = 30000, .from = 0.75}}},
    {"scaled",
     3,
     {{.impl = "hunch", .variant = VARIANT_SCALED},
      {.impl = "hunch-as-it-is", .variant = VARIANTS}}},
    {"duplicated",
     3,
     {{.impl = "hunch", .variant = VARIANT_DUPLICATED},
      {.impl = "hunch-as-it-is", .variant = VARIANTS}}},
    {"constant",
     3,
     {{.impl = "hunch", .variant = VARIANT_CONSTANT},
      {.impl = "hunch-as-it-is", .variant = VARIANTS}}},
};

enum { QUESTIONS = sizeof questions / sizeof *questions };

static void list(FILE *out, const struct bench *bench)
{
    const size_t sets = bench_profile(bench) == BENCH_FULL ? SETS_MAX : 0;
    for (size_t i = 0; i < QUESTIONS; i++) {
        char name[CASE_NAME_MAX];
        for (size_t set = 0; set < sets; set++) {
            case_name(name, &questions[i], recorded_sets[set].name);
            (void)fprintf(out, "%s\n", name);
        }
        case_name(name, &questions[i], "mean");
        (void)fprintf(out, "%s\n", name);
    }
}

static hunch_status run(struct bench *bench, hunch_diag *diag)
{
    bool wanted = false;
    for (size_t i = 0; i < QUESTIONS; i++) {
        wanted = wanted || question_wanted(bench, &questions[i]);
    }
    struct streams *streams = wanted ? calloc(1, sizeof *streams) : NULL;
    if (!wanted) {
        return HUNCH_OK;
    }
    if (streams == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for streams");
    }
    streams->seed = bench_seed(bench);
    streams->tenths = bench_profile(bench) == BENCH_FULL ? 10 : 1;
    hunch_status status = load_sets(streams, bench, diag);
    for (size_t i = 0; i < QUESTIONS && status == HUNCH_OK; i++) {
        if (question_wanted(bench, &questions[i])) {
            status = run_question(streams, bench, &questions[i], diag);
        }
    }
    for (size_t i = 0; i < SETS_MAX; i++) {
        hunch__class_set_free(&streams->sets[i]);
    }
    free(streams);
    return status;
}

static bool question_wanted(const struct bench *bench, const struct question *question)
{
    char name[CASE_NAME_MAX];
    case_name(name, question, "mean");
    bool wanted = bench_wants_case(bench, name);
    for (size_t i = 0; i < SETS_MAX; i++) {
        case_name(name, question, recorded_sets[i].name);
        wanted = wanted || bench_wants_case(bench, name);
    }
    return wanted;
}

static void case_name(char *out, const struct question *question, const char *set)
{
    (void)snprintf(out, CASE_NAME_MAX, "%s/%.80s", question->name, set);
}

/* The sets on which constants may be fixed; without any of them, one that is made. */
static hunch_status load_sets(struct streams *streams, const struct bench *bench, hunch_diag *diag)
{
    const bool full = bench_profile(bench) == BENCH_FULL;
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; full && i < SETS_MAX && status == HUNCH_OK; i++) {
        struct class_set *set = &streams->sets[streams->count];
        status = hunch__class_set_load(set, recorded_sets[i].name, ROWS_MAX, bench_data_dir(bench),
                                       NULL, diag);
        streams->count += status == HUNCH_OK;
        status = status == HUNCH_ENOENT ? HUNCH_OK : status;
    }
    if (status == HUNCH_OK && streams->count == 0) {
        streams->count = 1;
        status = hunch__class_set_load(&streams->sets[0], QUICK_SET, full ? ROWS_MAX : QUICK_ROWS,
                                       NULL, NULL, diag);
    }
    return status;
}

static hunch_status run_question(struct streams *streams, struct bench *bench,
                                 const struct question *question, hunch_diag *diag)
{
    streams->question = question;
    streams->shuffles = bench_profile(bench) == BENCH_FULL ? question->shuffles : 1;
    memset(streams->error, 0, sizeof streams->error);
    hunch_status status = vary_sets(streams, diag);
    if (status == HUNCH_OK) {
        jobs_run(bench, streams->count * conditions(question) * streams->shuffles, play_one,
                 streams, question->name, 0, 1);
    }
    for (size_t i = 0; i < streams->count && status == HUNCH_OK; i++) {
        status = report_set(streams, bench, i, diag);
    }
    if (status == HUNCH_OK) {
        status = report_mean(streams, bench, diag);
    }
    for (size_t i = 0; i < SETS_MAX; i++) {
        hunch__class_set_free(&streams->varied[i]);
    }
    return status;
}

static hunch_status vary_sets(struct streams *streams, hunch_diag *diag)
{
    const int variant = streams->question->conditions[0].variant;
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < streams->count && variant != VARIANTS && status == HUNCH_OK; i++) {
        status = variant_make(&streams->varied[i], &streams->sets[i], (enum variant)variant, diag);
    }
    return status;
}

static void play_one(void *ctx, size_t i)
{
    struct streams *streams = ctx;
    const unsigned shuffle = (unsigned)(i % streams->shuffles);
    const size_t impl = i / streams->shuffles % conditions(streams->question);
    const size_t at = i / streams->shuffles / conditions(streams->question);
    const struct condition *c = &streams->question->conditions[impl];
    const struct class_set *set =
        c->variant != VARIANTS ? &streams->varied[at] : &streams->sets[at];
    const struct protocol protocol = protocol_of(streams, c, set, shuffle);
    struct protocol_result result;
    const hunch_status status = protocol_play(&result, set, &protocol, NULL);
    if (status == HUNCH_OK) {
        const size_t from = (size_t)(c->from * (double)result.rounds);
        streams->loss[at][impl][shuffle] = protocol_loss(&result, from, result.rounds);
        protocol_free(&result);
    } else {
        streams->error[at][impl] = hunch_status_text(status);
    }
}

static struct protocol protocol_of(const struct streams *streams, const struct condition *c,
                                   const struct class_set *set, unsigned shuffle)
{
    const size_t rounds = c->rounds != 0 ? c->rounds * streams->tenths / 10 : set->n;
    return (struct protocol){
        .seed = streams->seed + shuffle,
        .shuffle = shuffle,
        .rounds = rounds,
        .delay = c->delay * streams->tenths / 10,
        .missing = c->missing,
        .half_life = (float)(c->half_life * (double)rounds),
        .change_at = c->change ? rounds / 2 : 0,
        .begin = c->fresh ? rounds / 2 : 0,
    };
}

static size_t conditions(const struct question *question)
{
    size_t count = 0;
    while (count < IMPLS_MAX && question->conditions[count].impl != NULL) {
        count++;
    }
    return count;
}

static hunch_status report_set(const struct streams *streams, struct bench *bench, size_t set,
                               hunch_diag *diag)
{
    const struct class_set *of = &streams->sets[set];
    const struct bench_data data = {.name = of->name,
                                    .n = of->n,
                                    .xxh3 = of->xxh3,
                                    .note = of->note[0] != '\0' ? of->note : NULL};
    struct bench_value values[IMPLS_MAX];
    for (size_t i = 0; i < conditions(streams->question); i++) {
        values[i] = value_of(streams, set, i);
    }
    return report(streams, bench, of->name, &data, values, diag);
}

static hunch_status report_mean(const struct streams *streams, struct bench *bench,
                                hunch_diag *diag)
{
    const struct bench_data data = {.name = "mean", .n = streams->count};
    struct bench_value values[IMPLS_MAX];
    for (size_t i = 0; i < conditions(streams->question); i++) {
        values[i] = (struct bench_value){.impl = streams->question->conditions[i].impl};
        for (size_t set = 0; set < streams->count; set++) {
            const struct bench_value value = value_of(streams, set, i);
            values[i].value += value.value / (double)streams->count;
            values[i].error = value.error != NULL ? value.error : values[i].error;
        }
    }
    return report(streams, bench, "mean", &data, values, diag);
}

static hunch_status report(const struct streams *streams, struct bench *bench, const char *set,
                           const struct bench_data *data, const struct bench_value *values,
                           hunch_diag *diag)
{
    char name[CASE_NAME_MAX];
    const size_t count = conditions(streams->question);
    case_name(name, streams->question, set);
    return bench_report_values(bench, name, "progressive_loss", "share", false,
                               streams->question->conditions[count - 1].impl, data, values, count,
                               diag);
}

/* The median of the orders. */
static struct bench_value value_of(const struct streams *streams, size_t set, size_t impl)
{
    double losses[SHUFFLES_MAX];
    memcpy(losses, streams->loss[set][impl], sizeof losses);
    const struct bench_quartiles quartiles = bench__quartiles(losses, streams->shuffles);
    return (struct bench_value){
        .impl = streams->question->conditions[impl].impl,
        .error = streams->error[set][impl],
        .value = quartiles.median,
        .q1 = quartiles.q1,
        .q3 = quartiles.q3,
        .reps = streams->shuffles,
    };
}
