/* The forms that AUTO has built, played against each other by look-ups that are timed. */
#include "trials.h"

#include <math.h>

#include "alloc.h"
#include "asserts.h"
#include "chooser.h"
#include "diag.h"
#include "random.h"

#include <hunch/choice.h>

/* Times that each is timed before choosing begins, and times that are chosen. */
#define ROUNDS_EACH 4u
#define ROUNDS_MORE 16u
_Static_assert(ROUNDS_EACH + ROUNDS_MORE <= HUNCH__TRIAL_TIMES, "all times are kept");

/* Look-ups a time. The keys that are asked for, up to 2^18, are more lines than a near cache holds,
 * and no time asks for those of the time before. */
#define SLICE       4096u
#define QUERIES_MAX ((size_t)1 << 18)
_Static_assert(HUNCH__TRIALS_KEYS_MIN / 4 >= SLICE, "a slice of queries");

/* A form that takes so many times as long, a difference that the next build may not find again,
 * wins if it takes this share of the bytes. */
#define HARDLY_SLOWER   1.05
#define CLEARLY_SMALLER 0.75

static void tell(float x[HUNCH__ADVISOR_FEATURES], const struct hunch__glance *glance,
                 const hunch_index_options *options);
static hunch_status draw_queries(struct hunch__trials *trials, const uint64_t *keys, size_t n,
                                 uint64_t seed, hunch_diag *diag);
static void compete(struct hunch__trials *trials);
static unsigned chosen_of(const struct hunch__trials *trials, uint32_t arm);
static void time_trial(struct hunch__trials *trials, struct hunch__trial *trial,
                       hunch_ticket ticket);
static double look_up(struct hunch__trials *trials, const hunch_index *index);
static const struct hunch__trial *fastest_of(const struct hunch__trials *trials);
static const struct hunch__trial *smallest_of_the_fast(const struct hunch__trials *trials,
                                                       const struct hunch__trial *fastest);
static double bytes_of(const struct hunch__trial *trial);

hunch_status hunch__trials_begin(struct hunch__trials *out, const uint64_t *keys, size_t n,
                                 const struct hunch__beliefs *beliefs,
                                 const hunch_index_options *options,
                                 const hunch_allocator *allocator, hunch_diag *diag)
{
    *out = (struct hunch__trials){
        .allocator = allocator,
        .clock = options->clock != NULL ? options->clock : hunch_clock_monotonic(),
        .advisor = options->advisor,
        .expected_ns = hunch__believed_ns(beliefs, HUNCH__ARM_PLAIN),
        .workload = options->workload,
    };
    tell(out->context, &beliefs->glance, options);
    if (out->advisor == NULL) {
        hunch_status status = hunch_index_advisor_new(&out->own, allocator, diag);
        if (status != HUNCH_OK) {
            return status;
        }
        out->advisor = out->own;
    }
    return draw_queries(out, keys, n, options->seed, diag);
}

/* The context of the advisor's choice: what the keys are like, what is wanted. */
static void tell(float x[HUNCH__ADVISOR_FEATURES], const struct hunch__glance *glance,
                 const hunch_index_options *options)
{
    const double n = (double)(glance->n | 1);
    const double budget = options->budget_bytes != 0 ? (double)options->budget_bytes / n : 8;
    x[0] = (float)log2(n) / 32;
    x[1] = (float)log2(glance->per_eps8 + 1e-9) / 16;
    x[2] = (float)glance->exponent;
    x[3] = (float)log2(glance->roughness + 1e-6) / 8;
    x[4] = (float)glance->repeated;
    x[5] = (float)log2(budget + 1e-6) / 8;
    x[6] = options->workload == HUNCH_INDEX_SINGLE;
    x[7] = options->workload == HUNCH_INDEX_BATCHED;
}

/* Drawn, so that an order of the keys' own does not help. */
static hunch_status draw_queries(struct hunch__trials *trials, const uint64_t *keys, size_t n,
                                 uint64_t seed, hunch_diag *diag)
{
    const hunch_allocator *memory = trials->allocator;
    HUNCH_ASSERT(n >= HUNCH__TRIALS_KEYS_MIN);
    trials->drawn = n / 4 < QUERIES_MAX ? n / 4 / SLICE * SLICE : QUERIES_MAX;
    trials->queries = hunch__alloc(memory, trials->drawn * sizeof(uint64_t), HUNCH__CACHE_LINE);
    trials->positions = hunch__alloc(memory, SLICE * sizeof(size_t), HUNCH__CACHE_LINE);
    if (trials->queries == NULL || trials->positions == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for keys to measure with");
    }
    for (size_t i = 0; i < trials->drawn; i++) {
        trials->queries[i] = keys[hunch__below(hunch__splitmix64(&seed), n)];
    }
    return HUNCH_OK;
}

uint32_t hunch__trials_advised(struct hunch__trials *trials, uint64_t mask)
{
    const hunch_ticket ticket = hunch_choose_masked(trials->advisor, trials->context, &mask);
    (void)hunch_abandon(trials->advisor, ticket); /* its rewards come by tickets of their own */
    return ticket.arm;
}

void hunch__trials_enter(struct hunch__trials *trials, uint32_t arm, hunch_index *index)
{
    HUNCH_ASSERT(trials->count < HUNCH__TRIALS_MAX);
    trials->trial[trials->count++] = (struct hunch__trial){.arm = arm, .index = index};
}

hunch_index *hunch__trials_winner(struct hunch__trials *trials)
{
    HUNCH_ASSERT(trials->count > 0);
    if (trials->count == 1) {
        return trials->trial[0].index;
    }
    compete(trials);
    return smallest_of_the_fast(trials, fastest_of(trials))->index;
}

/* The smallest of those that are hardly slower than the fastest, if it is clearly smaller. Who
 * takes exactly as long was not told apart from it. */
static const struct hunch__trial *smallest_of_the_fast(const struct hunch__trials *trials,
                                                       const struct hunch__trial *fastest)
{
    const struct hunch__trial *smallest = fastest;
    for (unsigned i = 0; i < trials->count; i++) {
        const struct hunch__trial *trial = &trials->trial[i];
        const double slower = hunch__trial_ns(trial) / hunch__trial_ns(fastest);
        if (slower > 1 && slower <= HARDLY_SLOWER && bytes_of(trial) < bytes_of(smallest)) {
            smallest = trial;
        }
    }
    return bytes_of(smallest) <= CLEARLY_SMALLER * bytes_of(fastest) ? smallest : fastest;
}

void hunch__trials_time(struct hunch__trials *trials)
{
    for (unsigned round = 0; round < ROUNDS_EACH; round++) {
        for (unsigned i = 0; i < trials->count; i++) {
            struct hunch__trial *trial = &trials->trial[i];
            const uint64_t one = (uint64_t)1 << trial->arm;
            if (trial->timed <= round) {
                time_trial(trials, trial,
                           hunch_choose_masked(trials->advisor, trials->context, &one));
            }
        }
    }
}

/* Everyone in turn, then whom the advisor chooses. */
static void compete(struct hunch__trials *trials)
{
    uint64_t all = 0;
    for (unsigned i = 0; i < trials->count; i++) {
        all |= (uint64_t)1 << trials->trial[i].arm;
    }
    hunch__trials_time(trials);
    for (unsigned round = 0; round < ROUNDS_MORE; round++) {
        const hunch_ticket ticket = hunch_choose_masked(trials->advisor, trials->context, &all);
        const unsigned chosen = chosen_of(trials, ticket.arm);
        /* Where choosing is switched off the fallback is always the same, or none of them. */
        const bool in_turn = trials->advisor->disabled || chosen == trials->count;
        time_trial(trials, &trials->trial[in_turn ? round % trials->count : chosen], ticket);
    }
}

/* The trial of an arm; `count` when it has none. */
static unsigned chosen_of(const struct hunch__trials *trials, uint32_t arm)
{
    unsigned i = 0;
    while (i < trials->count && trials->trial[i].arm != arm) {
        i++;
    }
    return i;
}

static void time_trial(struct hunch__trials *trials, struct hunch__trial *trial,
                       hunch_ticket ticket)
{
    const double ns = look_up(trials, trial->index);
    if (trial->timed < HUNCH__TRIAL_TIMES) {
        trial->ns[trial->timed++] = ns;
    }
    if (ticket.arm == trial->arm) {
        const float reward = (float)-log2((ns + 0.1) / trials->expected_ns);
        (void)hunch_reward(trials->advisor, ticket, reward);
    } else {
        (void)hunch_abandon(trials->advisor, ticket);
    }
}

/* ns of a look-up, as the workload has it. */
static double look_up(struct hunch__trials *trials, const hunch_index *index)
{
    const hunch_clock *clock = trials->clock;
    double ns[2] = {0, 0};
    for (unsigned way = 0; way < 2; way++) {
        if (trials->workload == (way == 0 ? HUNCH_INDEX_BATCHED : HUNCH_INDEX_SINGLE)) {
            continue; /* it does not count */
        }
        const uint64_t *queries = trials->queries + trials->asked;
        trials->asked = (trials->asked + SLICE) % trials->drawn;
        const uint64_t begun = clock->now_ns(clock->ctx);
        if (way == 1) {
            hunch_index_lower_bound_batch(index, queries, SLICE, trials->positions);
        } else {
            for (size_t i = 0; i < SLICE; i++) {
                trials->positions[i] = hunch_index_lower_bound(index, queries[i]);
            }
        }
        ns[way] = (double)(clock->now_ns(clock->ctx) - begun) / SLICE;
    }
    const struct hunch__cost measured = {0, ns[0], ns[1]};
    return hunch__cost_ns(&measured, trials->workload);
}

/* Of equals the first, which the advisor or the cost model put there. */
static const struct hunch__trial *fastest_of(const struct hunch__trials *trials)
{
    const struct hunch__trial *fastest = &trials->trial[0];
    for (unsigned i = 1; i < trials->count; i++) {
        fastest = hunch__trial_ns(&trials->trial[i]) < hunch__trial_ns(fastest) ? &trials->trial[i]
                                                                                : fastest;
    }
    return fastest;
}

double hunch__trial_ns(const struct hunch__trial *trial)
{
    double first = HUGE_VAL;
    double second = HUGE_VAL;
    for (unsigned i = 0; i < trial->timed; i++) {
        const double ns = trial->ns[i];
        if (ns < first) {
            second = first;
            first = ns;
        } else if (ns < second) {
            second = ns;
        }
    }
    return second;
}

static double bytes_of(const struct hunch__trial *trial)
{
    return (double)hunch__index_bytes(trial->index);
}

void hunch__trials_end(struct hunch__trials *trials)
{
    const hunch_allocator *memory = trials->allocator;
    for (unsigned i = 0; i < trials->count; i++) {
        hunch_index_free(trials->trial[i].index);
    }
    hunch_chooser_free(trials->own);
    hunch__free(memory, trials->queries, trials->drawn * sizeof(uint64_t), HUNCH__CACHE_LINE);
    hunch__free(memory, trials->positions, SLICE * sizeof(size_t), HUNCH__CACHE_LINE);
}
