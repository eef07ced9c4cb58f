/* The forms that AUTO has built, played against each other by look-ups that are timed. */
#include "trials.h"

#include "alloc.h"
#include "asserts.h"
#include "diag.h"
#include "random.h"

#include <hunch/choice.h>

/* Look-ups a time. The keys that are asked for, up to 2^18, are more lines than a near cache holds,
 * and no time asks for those of the time before. */
#define SLICE       4096u
#define QUERIES_MAX ((size_t)1 << 18)
/* Times that differ by less are noise: of such forms the smallest wins. */
#define TIE         1.03

static void compete(struct hunch__trials *trials);
static void time_trial(struct hunch__trials *trials, struct hunch__trial *trial,
                       hunch_ticket ticket);
static double look_up(struct hunch__trials *trials, const hunch_index *index);
static double score(const struct hunch__trial *trial);

hunch_status hunch__trials_begin(struct hunch__trials *out, const uint64_t *keys, size_t n,
                                 const struct hunch__glance *glance, double expected_ns,
                                 const hunch_index_options *options,
                                 const hunch_allocator *allocator, hunch_diag *diag)
{
    *out = (struct hunch__trials){
        .options = options,
        .allocator = allocator,
        .clock = options->clock != NULL ? options->clock : hunch_clock_monotonic(),
        .advisor = options->advisor,
        .expected_ns = expected_ns,
        .drawn = n / 4 < QUERIES_MAX ? n / 4 / SLICE * SLICE : QUERIES_MAX,
    };
    if (out->advisor == NULL) {
        hunch_status status = hunch_index_advisor_new(&out->own, allocator, diag);
        if (status != HUNCH_OK) {
            return status;
        }
        out->advisor = out->own;
    }
    hunch__advisor_context(out->context, glance, options);
    out->queries = hunch__alloc(allocator, out->drawn * sizeof(uint64_t), HUNCH__CACHE_LINE);
    out->positions = hunch__alloc(allocator, SLICE * sizeof(size_t), HUNCH__CACHE_LINE);
    if (out->queries == NULL || out->positions == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for keys to measure with");
    }
    /* Drawn, so that an order of the keys' own does not help. */
    uint64_t state = options->seed;
    for (size_t i = 0; i < out->drawn; i++) {
        out->queries[i] = keys[hunch__below(hunch__splitmix64(&state), n)];
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
    if (trials->count > 1) {
        compete(trials);
    }
    double fastest = HUGE_VAL;
    for (unsigned i = 0; i < trials->count; i++) {
        fastest = fmin(fastest, score(&trials->trial[i]));
    }
    hunch_index *winner = NULL;
    for (unsigned i = 0; i < trials->count; i++) {
        hunch_index *index = trials->trial[i].index;
        if (score(&trials->trial[i]) <= TIE * fastest &&
            (winner == NULL || hunch__index_bytes(index) < hunch__index_bytes(winner))) {
            winner = index;
        }
    }
    return winner;
}

/* Everyone in turn, then whom the advisor chooses. */
static void compete(struct hunch__trials *trials)
{
    const unsigned in_turn = HUNCH__ROUNDS_EACH * trials->count;
    uint64_t mask = 0;
    for (unsigned i = 0; i < trials->count; i++) {
        mask |= (uint64_t)1 << trials->trial[i].arm;
    }
    for (unsigned round = 0; round < in_turn + HUNCH__ROUNDS_MORE; round++) {
        const uint64_t one = (uint64_t)1 << trials->trial[round % trials->count].arm;
        const hunch_ticket ticket =
            hunch_choose_masked(trials->advisor, trials->context, round < in_turn ? &one : &mask);
        /* Where choosing is switched off, each is still timed in its turn. */
        unsigned timed = round < in_turn ? round % trials->count : 0;
        while (round >= in_turn && timed + 1 < trials->count &&
               trials->trial[timed].arm != ticket.arm) {
            timed++;
        }
        time_trial(trials, &trials->trial[timed], ticket);
    }
}

/* The reward is relative to what the model expects of the first tree, so that sets of any size
 * teach the same. */
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
    }
}

/* ns of a look-up, as the workload has it. */
static double look_up(struct hunch__trials *trials, const hunch_index *index)
{
    const hunch_clock *clock = trials->clock;
    double ns[2] = {0, 0};
    for (unsigned way = 0; way < 2; way++) {
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
    return hunch__cost_ns(&measured, trials->options->workload);
}

/* The second fastest time: what disturbs a machine only ever adds. */
static double score(const struct hunch__trial *trial)
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
