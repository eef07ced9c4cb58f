/* Sorting with a choice of algorithms, against each of them alone. */
#include "demo.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "hash.h"
#include "random.h"
#include "sample.h"
#include "std_sort.h"

#define KEYS_QUICK   ((size_t)1 << 22)
#define KEYS_FULL    ((size_t)1 << 23)
/* How often the stream comes, in one repetition. */
#define ROUNDS_QUICK 4u
#define ROUNDS_FULL  12u

/* So many sorts are all timed and rewarded, later ones now and then: what is learned by then needs
 * little news, and a reading of the clock costs as much as a choice. */
#define ALL_TIMED   1024u
#define TIMED_EVERY 4u

/* Arrays whose context, or reward, takes the place of the right one where it is shuffled. */
#define SHUFFLED 64u

/* What is done to a chooser to see where its gain comes from. */
enum ablation { ABLATE_NOTHING, ABLATE_CONTEXT, ABLATE_REWARD };

/* One contender: sorts the whole stream in one repetition. */
struct sorter {
    const char *impl;
    struct sort_stream *stream;
    const struct bench *bench;
    unsigned rounds;
    enum sort_arm arm;           /* of a single algorithm                      */
    const char *learner;         /* of a chooser: its name, NULL the default   */
    enum ablation ablation;      /* of a chooser                               */
    bool trainer;                /* of a chooser: learns on a thread of its own */
    const unsigned char *oracle; /* [count] arms; NULL for all others          */
};

static void list(FILE *out, const struct bench *bench);
static hunch_status run(struct bench *bench, hunch_diag *diag);
static void case_name(char *out, const struct sort_case *c);
static hunch_status run_case(struct bench *bench, const struct sort_case *c, hunch_diag *diag);
static hunch_status race(struct bench *bench, const char *name, const struct bench_data *data,
                         struct sort_stream *stream, hunch_diag *diag);
static size_t add_choosers(struct bench_contender *out, struct sorter *sorters,
                           struct sort_stream *stream, const struct bench *bench);
static enum sort_arm time_arms(const struct bench *bench, struct sort_stream *stream,
                               unsigned char *oracle, uint64_t *best_ns);
static void hash_sorted(const struct sort_stream *stream, uint64_t *answers);
static void run_single(void *self, const void *work, uint64_t *answers);
static void sort_by_libc(const struct sort_stream *stream);
static void run_std(void *self, const void *work, uint64_t *answers);
static void run_oracle(void *self, const void *work, uint64_t *answers);
static void run_chooser(void *self, const void *work, uint64_t *answers);
static void sort_by_choice(const struct sorter *sorter, hunch_chooser *chooser);
static void canonical(void *self, const void *work, uint64_t *answers);
static int compare_u32(const void *a, const void *b);
static int compare_u64(const void *a, const void *b);

const struct choice_part choice_sort = {"sort", 240, list, run};

const struct sort_case sort_cases[] = {
    {"mixed", {.mixed = true}, true},
    {"pure-random-32", {.kind = SORT_RANDOM, .width = 4}, true},
    {"pure-random-64", {.kind = SORT_RANDOM, .width = 8}, false},
    {"pure-appended-64", {.kind = SORT_APPENDED, .width = 8}, false},
    {"pure-sorted-64", {.kind = SORT_SORTED, .width = 8}, false},
    {.name = NULL},
};

static void list(FILE *out, const struct bench *bench)
{
    char name[CASE_NAME_MAX];
    for (const struct sort_case *c = sort_cases; c->name != NULL; c++) {
        case_name(name, c);
        if (c->quick || bench_profile(bench) == BENCH_FULL) {
            (void)fprintf(out, "%s\n", name);
        }
    }
}

static hunch_status run(struct bench *bench, hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    for (const struct sort_case *c = sort_cases; c->name != NULL && status == HUNCH_OK; c++) {
        char name[CASE_NAME_MAX];
        case_name(name, c);
        if (bench_wants_case(bench, name) && (c->quick || bench_profile(bench) == BENCH_FULL)) {
            status = run_case(bench, c, diag);
        }
    }
    return status;
}

static void case_name(char *out, const struct sort_case *c)
{
    (void)snprintf(out, CASE_NAME_MAX, "sort/%s", c->name);
}

static hunch_status run_case(struct bench *bench, const struct sort_case *c, hunch_diag *diag)
{
    struct sort_stream stream;
    struct stream_plan plan = c->plan;
    char name[CASE_NAME_MAX];
    case_name(name, c);
    plan.keys = bench_profile(bench) == BENCH_FULL ? KEYS_FULL : KEYS_QUICK;
    hunch_status status = stream_draw(&stream, &plan, bench_seed(bench), diag);
    if (status == HUNCH_OK) {
        const struct bench_data data = {
            .name = name, .n = stream.keys, .xxh3 = stream.xxh3, .note = "generated arrays"};
        status = race(bench, name, &data, &stream, diag);
    }
    stream_free(&stream);
    return status;
}

/* The singles, the oracle and the choosers; the baseline is the best single one. */
static hunch_status race(struct bench *bench, const char *name, const struct bench_data *data,
                         struct sort_stream *stream, hunch_diag *diag)
{
    struct sorter sorters[SORTERS_MAX];
    struct bench_contender contenders[SORTERS_MAX];
    uint64_t *expected = malloc(stream->count * sizeof *expected);
    uint64_t *best_ns = malloc(stream->count * sizeof *best_ns);
    unsigned char *oracle = malloc(stream->count);
    hunch_status status = HUNCH_OK;
    if (expected == NULL || best_ns == NULL || oracle == NULL) {
        status = hunch__fail(diag, HUNCH_ENOMEM, stream->count, "no memory for the sort choice");
        goto done;
    }
    const enum sort_arm best = time_arms(bench, stream, oracle, best_ns);
    size_t count = add_choosers(contenders, sorters, stream, bench);
    for (unsigned arm = 0; arm < SORT_ARMS; arm++, count++) {
        sorters[count] = (struct sorter){.stream = stream, .arm = (enum sort_arm)arm};
        contenders[count] = (struct bench_contender){
            .impl = sort_arm_name((enum sort_arm)arm), .self = &sorters[count], .run = run_single};
    }
    sorters[count] = (struct sorter){.stream = stream};
    contenders[count] = (struct bench_contender){
        .impl = "std-sort", .error = std_sort_missing(), .self = &sorters[count], .run = run_std};
    count++;
    sorters[count] = (struct sorter){.stream = stream, .oracle = oracle};
    contenders[count] = (struct bench_contender){
        .impl = "floor-best-of-each", .floor = true, .self = &sorters[count], .run = run_oracle};
    count++;
    const bool full = bench_profile(bench) == BENCH_FULL;
    for (size_t i = 0; i < count; i++) {
        sorters[i].rounds = full ? ROUNDS_FULL : ROUNDS_QUICK;
        contenders[i].canonical = canonical;
    }
    sort_by_libc(stream);
    canonical(&sorters[0], stream, expected);
    status = bench_measure(bench,
                           &(struct bench_case){
                               .name = name,
                               .metric = "ns_per_op", /* all rounds of an array */
                               .unit = "ns",
                               .baseline = sort_arm_name(best),
                               .data = data,
                               .work = stream,
                               .ops = stream->count,
                               .has_expected = true,
                               .expected = hunch__xxh3(expected, stream->count * sizeof *expected),
                               .contenders = contenders,
                               .count = count,
                           },
                           diag);
done:
    free(expected);
    free(best_ns);
    free(oracle);
    return status;
}

/* Ours first, then what shows where its gain comes from. */
static size_t add_choosers(struct bench_contender *out, struct sorter *sorters,
                           struct sort_stream *stream, const struct bench *bench)
{
    static const struct sorter all[] = {
        {.impl = "hunch", .trainer = true},
        {.impl = "hunch-linear", .learner = "linear"},
        {.impl = "hunch-uniform", .learner = "uniform"},
        {.impl = "hunch-context-shuffled", .trainer = true, .ablation = ABLATE_CONTEXT},
        {.impl = "hunch-reward-shuffled", .trainer = true, .ablation = ABLATE_REWARD},
    };
    size_t count = 0;
    for (; count < sizeof all / sizeof *all; count++) {
        sorters[count] = all[count];
        sorters[count].stream = stream;
        sorters[count].bench = bench;
        out[count] = (struct bench_contender){
            .impl = all[count].impl, .self = &sorters[count], .run = run_chooser};
        if (all[count].learner != NULL && hunch_learner_find(all[count].learner) == NULL) {
            out[count].error = "not built";
        }
    }
    return count;
}

/* The arm that is the best in all, and in oracle[count] the best for each array, by the faster of
 * two readings. */
static enum sort_arm time_arms(const struct bench *bench, struct sort_stream *stream,
                               unsigned char *oracle, uint64_t *best_ns)
{
    uint64_t total[SORT_ARMS] = {0};
    enum sort_arm best = SORT_INTRO;
    for (unsigned turn = 0; turn < 2 * SORT_ARMS; turn++) {
        const enum sort_arm arm = (enum sort_arm)(turn % SORT_ARMS);
        for (size_t i = 0; i < stream->count; i++) {
            const struct sort_array *array = stream_next(stream, i);
            const uint64_t begun = bench_now_ns(bench);
            sort_run(arm, array, stream->scratch);
            const uint64_t ns = bench_now_ns(bench) - begun;
            total[arm] += ns;
            if (turn == 0 || ns < best_ns[i]) {
                best_ns[i] = ns;
                oracle[i] = (unsigned char)arm;
            }
        }
    }
    for (unsigned arm = 1; arm < SORT_ARMS; arm++) {
        best = total[arm] < total[best] ? (enum sort_arm)arm : best;
    }
    stream_restore(stream);
    return best;
}

static void run_single(void *self, const void *work, uint64_t *answers)
{
    const struct sorter *sorter = self;
    const struct sort_stream *stream = work;
    (void)answers;
    for (size_t i = 0; i < sorter->rounds * stream->count; i++) {
        sort_run(sorter->arm, stream_next(stream, i % stream->count), stream->scratch);
    }
}

/* Slow, and by nobody here: the oracle. */
static void sort_by_libc(const struct sort_stream *stream)
{
    for (size_t i = 0; i < stream->count; i++) {
        const struct sort_array *array = &stream->arrays[i];
        qsort(array->keys, array->n, array->width, array->width == 4 ? compare_u32 : compare_u64);
    }
}

static void run_std(void *self, const void *work, uint64_t *answers)
{
    const struct sorter *sorter = self;
    const struct sort_stream *stream = work;
    (void)answers;
    for (size_t i = 0; i < sorter->rounds * stream->count; i++) {
        std_sort_run(stream_next(stream, i % stream->count));
    }
}

static void run_oracle(void *self, const void *work, uint64_t *answers)
{
    const struct sorter *sorter = self;
    const struct sort_stream *stream = work;
    (void)answers;
    for (size_t i = 0; i < sorter->rounds * stream->count; i++) {
        sort_run((enum sort_arm)sorter->oracle[i % stream->count],
                 stream_next(stream, i % stream->count), stream->scratch);
    }
}

/* From nothing each time: what learning costs is in the figure. */
static void run_chooser(void *self, const void *work, uint64_t *answers)
{
    const struct sorter *sorter = self;
    (void)work;
    (void)answers;
    hunch_chooser *chooser = NULL;
    const hunch_chooser_options options = {
        .struct_size = sizeof options,
        .arms = SORT_ARMS,
        .features = SORT_FEATURES,
        .schema = sort_schema,
        .seed = bench_seed(sorter->bench),
        .learner = sorter->learner != NULL ? hunch_learner_find(sorter->learner) : NULL,
        .learn_every = sorter->trainer ? UINT32_MAX : 0,
    };
    if (hunch_chooser_new(&chooser, &options, NULL) == HUNCH_OK &&
        (!sorter->trainer || hunch_chooser_start_trainer(chooser, NULL) == HUNCH_OK)) {
        sort_by_choice(sorter, chooser);
    }
    hunch_chooser_free(chooser);
}

/* The reward is minus the logarithm of the time a key: twice as fast is as much better for sorted
 * keys, which cost next to nothing, as for random ones. */
static void sort_by_choice(const struct sorter *sorter, hunch_chooser *chooser)
{
    const struct sort_stream *stream = sorter->stream;
    float seen[SHUFFLED] = {0};
    uint64_t random = bench_seed(sorter->bench);
    for (size_t i = 0; i < sorter->rounds * stream->count; i++) {
        float x[SORT_FEATURES];
        const struct sort_array *array = stream_next(stream, i % stream->count);
        const size_t other = i + 1 + (size_t)hunch__splitmix64(&random) % SHUFFLED;
        sort_sample(
            sorter->ablation == ABLATE_CONTEXT ? &stream->arrays[other % stream->count] : array, x);
        const hunch_ticket ticket = hunch_choose(chooser, x);
        if (i >= ALL_TIMED && i % TIMED_EVERY != 0) {
            sort_run((enum sort_arm)ticket.arm, array, stream->scratch);
            continue; /* the ticket expires without a reward, and teaches nothing */
        }
        const uint64_t begun = bench_now_ns(sorter->bench);
        sort_run((enum sort_arm)ticket.arm, array, stream->scratch);
        const uint64_t ns = bench_now_ns(sorter->bench) - begun;
        const float reward = -log2f((float)(ns + 1) / (float)array->n);
        (void)hunch_reward(chooser, ticket,
                           sorter->ablation == ABLATE_REWARD ? seen[other % SHUFFLED] : reward);
        seen[i % SHUFFLED] = reward;
    }
}

/* A hash an array; and the arrays are as they were for the next contender. */
static void canonical(void *self, const void *work, uint64_t *answers)
{
    struct sorter *sorter = self;
    (void)work;
    hash_sorted(sorter->stream, answers);
    stream_restore(sorter->stream);
}

static void hash_sorted(const struct sort_stream *stream, uint64_t *answers)
{
    for (size_t i = 0; i < stream->count; i++) {
        const struct sort_array *array = &stream->arrays[i];
        answers[i] = hunch__xxh3(array->keys, array->n * array->width);
    }
}

static int compare_u32(const void *a, const void *b)
{
    const uint32_t *left = a;
    const uint32_t *right = b;
    return (*left > *right) - (*left < *right);
}

static int compare_u64(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;
    return (*left > *right) - (*left < *right);
}
