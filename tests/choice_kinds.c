/* A chooser of every kind, and rounds of choosing and rewarding for each. */
#include "choice_kinds.h"

#include <math.h>
#include <stddef.h>

#include "choice_sample.h"
#include "memdisk.h"
#include "random.h"
#include "suite.h"

enum { ARMS = 5, CANDIDATE = 3, STEPS = 4, COLUMNS = 1000, ENTRIES = 4 };

static void sparse_round(hunch_chooser *chooser, uint64_t *random, const uint64_t *mask);
static void candidates_round(hunch_chooser *chooser, uint64_t *random, const uint64_t *mask);
static void range_round(hunch_chooser *chooser, uint64_t *random, const uint64_t *mask);
static void episode_round(hunch_chooser *chooser, uint64_t *random, const uint64_t *mask);
static void metrics_round(hunch_chooser *chooser, uint64_t *random, const uint64_t *mask);
static void plain_round(hunch_chooser *chooser, uint64_t *random, const uint64_t *mask,
                        uint32_t features);
static void check_ticket(hunch_ticket ticket);
static float number(uint64_t *random);

static const char *const names[KINDS_AND_AUTO] = {"plain",      "free",  "schema",  "sparse",
                                                  "candidates", "range", "episode", "metrics",
                                                  "linear",     "auto"};

/* Most do with the sums of arms; whatever they learn, the chooser's part is the same. */
static const char *const learners[KINDS_AND_AUTO] = {
    "epsilon-greedy", "thompson-beta",  "ucb1",           "epsilon-greedy", "uniform",
    "epsilon-greedy", "epsilon-greedy", "thompson-gauss", "linear",         "auto"};

static const float cuts[] = {-0.5f, 0.0f, 0.5f};

static const hunch_feature schema[] = {
    {.name = "size", .missing = 2.0f},
    {.name = "kind", .kind = HUNCH_FEATURE_CATEGORICAL, .levels = 3},
    {.name = "given", .kind = HUNCH_FEATURE_BUCKETED, .levels = 4, .cuts = cuts},
    {.name = "learned", .kind = HUNCH_FEATURE_BUCKETED, .levels = 5},
};

static const hunch_metric metrics[] = {
    {.name = "gain", .weight = 1.0},
    {.name = "cost", .limit = 2.0, .limit_kind = HUNCH_LIMIT_AT_MOST},
};

const char *choice_kind_name(int kind)
{
    return names[kind];
}

hunch_chooser_options choice_kind_options(int kind)
{
    hunch_chooser_options options = choice_options(ARMS, 3, learners[kind]);
    options.pending = 8;
    options.threads = 1;
    options.learn_every = 8;
    switch (kind) {
    case KIND_FREE:
        options.features = 0;
        break;
    case KIND_SCHEMA:
        options.features = 4;
        options.schema = schema;
        break;
    case KIND_SPARSE:
        options.features = COLUMNS;
        options.nonzeros = ENTRIES;
        break;
    case KIND_CANDIDATES:
        options.features = 1;
        options.candidate_features = CANDIDATE;
        break;
    case KIND_RANGE:
        options.arms = 32;
        options.value_min = 16.0;
        options.value_max = 65536.0;
        options.value_scale = HUNCH_SCALE_LOG;
        break;
    case KIND_EPISODE:
        options.episode_steps = STEPS;
        break;
    case KIND_METRICS:
        options.metrics = metrics;
        options.metrics_count = 2;
        break;
    default:
        break;
    }
    return options;
}

void choice_kind_round(hunch_chooser *chooser, int kind, uint64_t *random, bool forced)
{
    const uint64_t one = (uint64_t)1 << hunch__splitmix64(random) % ARMS;
    const uint64_t *mask = forced ? &one : NULL;
    switch (kind) {
    case KIND_FREE:
        plain_round(chooser, random, mask, 0);
        break;
    case KIND_SCHEMA:
        plain_round(chooser, random, mask, 4);
        break;
    case KIND_SPARSE:
        sparse_round(chooser, random, mask);
        break;
    case KIND_CANDIDATES:
        candidates_round(chooser, random, mask);
        break;
    case KIND_RANGE:
        range_round(chooser, random, mask);
        break;
    case KIND_EPISODE:
        episode_round(chooser, random, mask);
        break;
    case KIND_METRICS:
        metrics_round(chooser, random, mask);
        break;
    default:
        plain_round(chooser, random, mask, 3);
        break;
    }
}

hunch_chooser *choice_kind_new(int kind, const hunch_allocator *allocator, const hunch_io *io,
                               uint64_t rounds, bool forced)
{
    hunch_chooser_options options = choice_kind_options(kind);
    uint64_t random = 31;
    options.allocator = allocator;
    options.io = io;
    hunch_chooser *chooser = choice_new(&options);
    for (uint64_t i = 0; i < rounds; i++) {
        choice_kind_round(chooser, kind, &random, forced);
    }
    return chooser;
}

struct sample_bytes choice_kind_file(int kind, uint64_t rounds, bool forced)
{
    struct memdisk *disk = memdisk_new();
    hunch_chooser *chooser = choice_kind_new(kind, NULL, memdisk_io(disk), rounds, forced);
    hunch_diag diag = {.text = ""};
    size_t size = 0;
    if (hunch_chooser_save(chooser, "chooser", &diag) != HUNCH_OK) {
        ck_abort_msg("%s", diag.text);
    }
    const unsigned char *saved = memdisk_get(disk, "chooser", &size);
    const struct sample_bytes bytes = sample_copy(saved, size);
    hunch_chooser_free(chooser);
    memdisk_free(disk);
    return bytes;
}

hunch_chooser *choice_kind_open(struct sample_bytes bytes, hunch_diag *diag)
{
    const hunch_chooser_options options = {
        .struct_size = sizeof options, .pending = 8, .threads = 1, .learn_every = 8};
    hunch_chooser *chooser = NULL;
    const hunch_status status =
        hunch_chooser_open_bytes(&chooser, bytes.p, bytes.size, &options, diag);
    SUITE_ASSERT((status == HUNCH_OK) == (chooser != NULL));
    SUITE_ASSERT(status == HUNCH_OK || (diag->status == status && diag->text[0] != '\0'));
    return chooser;
}

static void plain_round(hunch_chooser *chooser, uint64_t *random, const uint64_t *mask,
                        uint32_t features)
{
    const float x[4] = {number(random), (float)(hunch__splitmix64(random) % 3), number(random),
                        number(random)};
    const float *given = features == 0 ? NULL : x;
    const hunch_ticket ticket =
        mask == NULL ? hunch_choose(chooser, given) : hunch_choose_masked(chooser, given, mask);
    check_ticket(ticket);
    (void)hunch_reward(chooser, ticket, x[0] - (float)ticket.arm * 0.1f);
}

static void sparse_round(hunch_chooser *chooser, uint64_t *random, const uint64_t *mask)
{
    float x[ENTRIES];
    uint32_t columns[ENTRIES];
    for (uint32_t i = 0; i < ENTRIES; i++) {
        columns[i] = i * (COLUMNS / ENTRIES) + (uint32_t)(hunch__splitmix64(random) % 100);
        x[i] = number(random);
    }
    const hunch_question question = {.struct_size = sizeof question,
                                     .x_count = ENTRIES,
                                     .x = x,
                                     .columns = columns,
                                     .mask = mask};
    const hunch_ticket ticket = hunch_choose_with(chooser, &question, NULL);
    check_ticket(ticket);
    (void)hunch_reward(chooser, ticket, x[0] * (float)ticket.arm);
}

static void candidates_round(hunch_chooser *chooser, uint64_t *random, const uint64_t *mask)
{
    float rows[ARMS][CANDIDATE];
    const float x = number(random);
    for (uint32_t i = 0; i < ARMS; i++) {
        for (uint32_t k = 0; k < CANDIDATE; k++) {
            rows[i][k] = number(random);
        }
    }
    const hunch_question question = {.struct_size = sizeof question,
                                     .x = &x,
                                     .mask = mask,
                                     .candidates = &rows[0][0],
                                     .candidates_count = ARMS};
    const hunch_ticket ticket = hunch_choose_with(chooser, &question, NULL);
    check_ticket(ticket);
    (void)hunch_reward(chooser, ticket, ticket.arm < ARMS ? rows[ticket.arm][1] : 0.0f);
}

static void range_round(hunch_chooser *chooser, uint64_t *random, const uint64_t *mask)
{
    const float x[3] = {number(random), number(random), number(random)};
    double value = 1024.0;
    const hunch_ticket ticket = mask == NULL ? hunch_choose_value(chooser, x, &value)
                                             : hunch_choose_masked(chooser, x, mask);
    check_ticket(ticket);
    SUITE_ASSERT(isfinite(value));
    (void)hunch_reward(chooser, ticket, -(float)fmin(fabs(value - 1000.0), 1e9));
}

static void episode_round(hunch_chooser *chooser, uint64_t *random, const uint64_t *mask)
{
    hunch_episode episode = {.struct_size = sizeof episode};
    for (uint32_t i = 0; i < STEPS; i++) {
        const float x[3] = {number(random), number(random), number(random)};
        const hunch_question question = {
            .struct_size = sizeof question, .x = x, .mask = mask, .episode = &episode};
        check_ticket(hunch_choose_with(chooser, &question, NULL));
    }
    (void)hunch_reward_episode(chooser, &episode, number(random));
}

static void metrics_round(hunch_chooser *chooser, uint64_t *random, const uint64_t *mask)
{
    const float x[3] = {number(random), number(random), number(random)};
    const hunch_ticket ticket = hunch_choose_masked(chooser, x, mask);
    /* Sixteenths, whose sums and squares are exact in whatever order they are added. */
    const double noise = (double)(int)(16.0f * number(random)) / 16.0;
    const double given[2] = {ticket.arm + noise, ticket.arm * 1.5};
    check_ticket(ticket);
    (void)hunch_reward_metrics(chooser, ticket, given);
}

static void check_ticket(hunch_ticket ticket)
{
    SUITE_ASSERT(ticket.id != 0 && ticket.propensity > 0.0f && ticket.propensity <= 1.0f);
}

/* In [-1, 1). */
static float number(uint64_t *random)
{
    return (float)(hunch__splitmix64(random) >> 40) * 0x1p-23f - 1.0f;
}
