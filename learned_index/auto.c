/* AUTO: which form suits these keys on this machine.
 *
 * The cost model says which forms are worth building; then a chooser plays them against each other,
 * a few thousand look-ups at a time, and the fastest stays. One that is handed in remembers what it
 * learned for the next build: its context is what a glance tells of the keys. */
#include <string.h>

#include "alloc.h"
#include "arms.h"
#include "asserts.h"
#include "bits.h"
#include "chooser.h"
#include "diag.h"
#include "random.h"

#include <hunch/choice.h>

/* Below this everything is in a near cache, and a measurement is longer than what it saves. */
#define MEASURED_MIN   65536u
/* Forms that are built and timed, the advisor's own proposal among them. */
#define TRIED_MAX      4u
/* How many of these at most are there for being of another kind. */
#define KINDS_MAX      2u
/* Forms that are built to find all, and how many of them by optimal lines, which take longest. */
#define BUILT_MAX      6u
#define DEAR_MAX       4u
/* Fewer keys are built into every form, if need be, to find one that fits. */
#define EACH_TRIED_MAX ((size_t)1 << 20)
/* How much slower than the best a form may be expected to be: the best of a kind and router whose
 * build is cheap, of another, and any. */
#define WORTH_CHEAP    1.6
#define WORTH_DEAR     1.3
#define ALIKE          1.1
/* Times that each is timed before choosing begins, and times that are chosen. */
#define ROUNDS_EACH    4u
#define ROUNDS_MORE    16u
#define SLICES_MAX     (ROUNDS_EACH + ROUNDS_MORE)
/* Look-ups a time. The keys that are asked for, up to 2^18, are more lines than a near cache holds,
 * and no time asks for those of the time before. */
#define SLICE          4096u
#define QUERIES_MAX    ((size_t)1 << 18)

/* A form that was built, and how it did. */
struct trial {
    uint32_t arm;
    hunch_index *index; /* owned */
    double ns[SLICES_MAX];
    unsigned timed;
};

struct contest {
    hunch_index *index; /* that is to become the winner */
    const hunch_index_options *options;
    const hunch_clock *clock;
    struct hunch__glance glance;
    struct hunch__cost cost[HUNCH__ARMS];
    hunch_chooser *advisor;
    hunch_chooser *own; /* NULL when one was handed in */
    uint64_t *queries;  /* [drawn] */
    size_t drawn;       /* a multiple of SLICE */
    size_t *positions;  /* [SLICE] */
    size_t asked;       /* queries used so far */
    struct trial trial[TRIED_MAX];
    unsigned trials;
    uint64_t built; /* a bit for each arm that was built, whether it fitted or not */
};

static hunch_status build_arm(hunch_index *index, const uint64_t *keys, size_t n,
                              const hunch_index_options *options, uint32_t arm, hunch_diag *diag);
static hunch_status build_believed(struct contest *contest, hunch_diag *diag);
static uint32_t cheapest(const struct contest *contest, uint64_t without);
static uint32_t smallest(const struct contest *contest, uint64_t without);
static double cost_of(const struct contest *contest, uint32_t arm);
static size_t budget_of(const struct contest *contest);
static hunch_status prepare(struct contest *contest, const uint64_t *keys, size_t n,
                            hunch_diag *diag);
static hunch_status gather(struct contest *contest, hunch_diag *diag);
static bool is_worth_a_try(const struct contest *contest, uint32_t arm, bool of_its_own,
                           uint64_t barred);
static uint64_t alike(uint32_t arm);
static uint64_t alike_of(uint32_t kind, uint32_t router);
static uint32_t advised(const struct contest *contest, uint32_t otherwise);
static hunch_status enter(struct contest *contest, uint32_t arm, hunch_diag *diag);
static void learn_bytes(struct contest *contest, uint32_t arm, double believed);
static void compete(struct contest *contest);
static void time_trial(struct contest *contest, struct trial *trial, hunch_ticket ticket);
static double look_up(struct contest *contest, const hunch_index *index);
static struct trial *winner(struct contest *contest);
static double score(const struct trial *trial);
static void take(hunch_index *to, hunch_index *from);
static void finish(struct contest *contest);

hunch_status hunch_index_advisor_new(hunch_chooser **out, const hunch_allocator *allocator,
                                     hunch_diag *diag)
{
    const hunch_chooser_options options = {
        .struct_size = sizeof options,
        .arms = HUNCH__ARMS,
        .features = HUNCH__ADVISOR_FEATURES,
        .pending = 64,
        .learn_every = 8,
        .learner = hunch_learner_find("linear"),
        .allocator = allocator,
    };
    return hunch_chooser_new(out, &options, diag);
}

hunch_status hunch__index_auto(hunch_index *index, const uint64_t *keys, size_t n,
                               const hunch_index_options *options, hunch_diag *diag)
{
    struct contest contest = {.index = index, .options = options};
    const hunch_chooser *advisor = options->advisor;
    if (advisor != NULL &&
        (advisor->options.arms != HUNCH__ARMS || advisor->features != HUNCH__ADVISOR_FEATURES)) {
        return hunch__fail(diag, HUNCH_EINVAL, advisor->options.arms,
                           "options: the advisor is not of hunch_index_advisor_new()");
    }
    if (n < HUNCH__LEARNED_MIN) {
        return build_arm(index, keys, n, options, 0, diag);
    }
    hunch_status status = hunch__glance(&contest.glance, keys, n, &index->allocator, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        contest.cost[i] = hunch__arm_cost(&hunch__arms[i], &contest.glance);
    }
    index->tree.keys = keys;
    index->tree.n = n;
    const uint32_t first = cheapest(&contest, 0);
    const bool fits = contest.cost[first].bytes <= (double)budget_of(&contest);
    if (options->no_measuring || n < MEASURED_MIN || !fits) {
        return build_believed(&contest, diag);
    }
    status = prepare(&contest, keys, n, diag);
    if (status == HUNCH_OK) {
        status = gather(&contest, diag);
    }
    if (status == HUNCH_OK && contest.trials == 0) {
        status = build_believed(&contest, diag); /* the model thought that some would fit */
    } else if (status == HUNCH_OK) {
        if (contest.trials > 1) {
            compete(&contest);
        }
        take(index, winner(&contest)->index);
        index->tried = contest.trials;
    }
    finish(&contest);
    return status;
}

static hunch_status build_arm(hunch_index *index, const uint64_t *keys, size_t n,
                              const hunch_index_options *options, uint32_t arm, hunch_diag *diag)
{
    hunch_index_options chosen = *options;
    chosen.kind = hunch__arms[arm].kind;
    chosen.node_keys = hunch__arms[arm].node_keys;
    chosen.cell_keys = hunch__arms[arm].cell_keys;
    chosen.block_keys = hunch__arms[arm].block_keys;
    chosen.router = hunch__arms[arm].router;
    chosen.eps = hunch__arms[arm].eps;
    chosen.search = HUNCH_INDEX_SEARCH_AUTO;
    return hunch__index_form(index, keys, n, &chosen, diag);
}

/* Build what the model believes to be the fastest that fits; where its bytes were more than it
 * thought, the next; and where none fits, the smallest of those that were built: of few keys all
 * forms, of many, whose sizes the model knows better, a few, what it believes to be the smallest
 * of all among them. */
static hunch_status build_believed(struct contest *contest, hunch_diag *diag)
{
    hunch_index *index = contest->index;
    const size_t n = index->tree.n;
    const unsigned most = n < EACH_TRIED_MAX ? HUNCH__ARMS : TRIED_MAX;
    uint64_t tried = 0;
    uint32_t least = 0;
    size_t least_bytes = SIZE_MAX;
    for (unsigned i = 0; i < most; i++) {
        const uint32_t arm = i + 1 < most ? cheapest(contest, tried) : smallest(contest, tried);
        const double believed = contest->cost[arm].bytes;
        hunch_status status = build_arm(index, index->tree.keys, n, contest->options, arm, diag);
        const size_t bytes = hunch__index_bytes(index);
        if (status != HUNCH_OK || bytes <= budget_of(contest)) {
            return status;
        }
        tried |= (uint64_t)1 << arm;
        contest->cost[arm].bytes = (double)bytes;
        learn_bytes(contest, arm, believed);
        least = bytes < least_bytes ? arm : least;
        least_bytes = bytes < least_bytes ? bytes : least_bytes;
    }
    return build_arm(index, index->tree.keys, n, contest->options, least, diag);
}

/* Of the arms that are not in `without`: the one that should be fastest of those that should fit;
 * if none should, the one that should be smallest; if there is none, HUNCH__ARMS. */
static uint32_t cheapest(const struct contest *contest, uint64_t without)
{
    const double budget = (double)budget_of(contest);
    uint32_t best = HUNCH__ARMS;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        if ((without >> i & 1) == 0 && contest->cost[i].bytes <= budget &&
            (best == HUNCH__ARMS || cost_of(contest, i) < cost_of(contest, best))) {
            best = i;
        }
    }
    return best < HUNCH__ARMS ? best : smallest(contest, without);
}

static uint32_t smallest(const struct contest *contest, uint64_t without)
{
    uint32_t best = HUNCH__ARMS;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        if ((without >> i & 1) == 0 &&
            (best == HUNCH__ARMS || contest->cost[i].bytes < contest->cost[best].bytes)) {
            best = i;
        }
    }
    return best;
}

static double cost_of(const struct contest *contest, uint32_t arm)
{
    return hunch__cost_ns(&contest->cost[arm], contest->options->workload);
}

static size_t budget_of(const struct contest *contest)
{
    const uint64_t budget = contest->options->budget_bytes;
    return budget != 0 ? (size_t)budget : SIZE_MAX;
}

/* The advisor, and keys to ask for: drawn, so that an order of the keys' own does not help. */
static hunch_status prepare(struct contest *contest, const uint64_t *keys, size_t n,
                            hunch_diag *diag)
{
    const hunch_allocator *memory = &contest->index->allocator;
    contest->clock =
        contest->options->clock != NULL ? contest->options->clock : hunch_clock_monotonic();
    contest->advisor = contest->options->advisor;
    if (contest->advisor == NULL) {
        hunch_status status = hunch_index_advisor_new(&contest->own, memory, diag);
        if (status != HUNCH_OK) {
            return status;
        }
        contest->advisor = contest->own;
    }
    contest->drawn = n / 4 < QUERIES_MAX ? n / 4 / SLICE * SLICE : QUERIES_MAX;
    contest->queries = hunch__alloc(memory, contest->drawn * sizeof(uint64_t), HUNCH__CACHE_LINE);
    contest->positions = hunch__alloc(memory, SLICE * sizeof(size_t), HUNCH__CACHE_LINE);
    if (contest->queries == NULL || contest->positions == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for keys to measure with");
    }
    uint64_t state = contest->options->seed;
    for (size_t i = 0; i < contest->drawn; i++) {
        contest->queries[i] = keys[hunch__below(hunch__splitmix64(&state), n)];
    }
    return HUNCH_OK;
}

/* Build the fastest of each kind by the model, as long as it is not hopeless, and what an advisor
 * that has seen other keys proposes. A form that turns out larger than the budget makes room for
 * the next. */
static hunch_status gather(struct contest *contest, hunch_diag *diag)
{
    const uint64_t segments = alike_of(HUNCH_INDEX_SEGMENTS, 0);
    hunch_status status = HUNCH_OK;
    if (contest->own == NULL) {
        status = enter(contest, advised(contest, cheapest(contest, 0)), diag);
    }
    /* First the best of each kind and router, then whatever is nearly as good as the very best. */
    for (unsigned pass = 0; pass < 2; pass++) {
        uint64_t seen = contest->built;
        for (unsigned i = 0; pass == 0 && i < contest->trials; i++) {
            seen |= alike(contest->trial[i].arm);
        }
        while (status == HUNCH_OK && contest->trials < (pass == 0 ? KINDS_MAX : TRIED_MAX) &&
               __builtin_popcountll(contest->built) < (int)BUILT_MAX) {
            const bool enough = __builtin_popcountll(contest->built & segments) >= (int)DEAR_MAX;
            const uint64_t barred = enough ? segments & ~contest->built : 0;
            const uint32_t next = cheapest(contest, seen | barred);
            if (next == HUNCH__ARMS) {
                break;
            }
            seen |= (uint64_t)1 << next;
            if (!is_worth_a_try(contest, next, pass == 0, barred)) {
                continue;
            }
            const unsigned trials = contest->trials;
            status = enter(contest, next, diag);
            seen |= pass == 0 && contest->trials > trials ? alike(next) : 0;
        }
    }
    return status;
}

/* Whether an arm should fit, and be hardly slower than the best of those that should and that are
 * not barred. */
static bool is_worth_a_try(const struct contest *contest, uint32_t arm, bool of_its_own,
                           uint64_t barred)
{
    const double best = cost_of(contest, cheapest(contest, barred));
    const bool dear = hunch__arms[arm].kind == HUNCH_INDEX_SEGMENTS;
    const double worth = !of_its_own ? ALIKE : dear ? WORTH_DEAR : WORTH_CHEAP;
    return contest->cost[arm].bytes <= (double)budget_of(contest) &&
           cost_of(contest, arm) <= worth * best;
}

/* All arms of the same kind and router. */
static uint64_t alike(uint32_t arm)
{
    return alike_of(hunch__arms[arm].kind, hunch__arms[arm].router);
}

/* All arms of a kind and router, 0 being any. */
static uint64_t alike_of(uint32_t kind, uint32_t router)
{
    uint64_t set = 0;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        const bool same =
            hunch__arms[i].kind == kind && (router == 0 || hunch__arms[i].router == router);
        set |= (uint64_t)same << i;
    }
    return set;
}

/* What the advisor proposes among the arms that should fit; `otherwise` when none should. */
static uint32_t advised(const struct contest *contest, uint32_t otherwise)
{
    float x[HUNCH__ADVISOR_FEATURES];
    uint64_t mask = 0;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        mask |= (uint64_t)(contest->cost[i].bytes <= (double)budget_of(contest)) << i;
    }
    hunch__advisor_context(x, &contest->glance, contest->options);
    const hunch_ticket ticket = hunch_choose_masked(contest->advisor, x, &mask);
    (void)hunch_abandon(contest->advisor, ticket); /* its rewards come by tickets of their own */
    return mask != 0 ? ticket.arm : otherwise;
}

/* Build an arm and let it compete if it keeps to the budget; now its bytes are known. */
static hunch_status enter(struct contest *contest, uint32_t arm, hunch_diag *diag)
{
    HUNCH_ASSERT(contest->trials < TRIED_MAX);
    struct trial *trial = &contest->trial[contest->trials];
    const hunch_index *index = contest->index;
    hunch_index_options plain = {.struct_size = sizeof plain,
                                 .batch_width = index->batch_width,
                                 .allocator = &index->allocator,
                                 .io = index->io};
    hunch_index_options unused;
    *trial = (struct trial){.arm = arm};
    hunch_status status = hunch__index_new(&trial->index, &unused, &plain, diag);
    if (status == HUNCH_OK) {
        status =
            build_arm(trial->index, index->tree.keys, index->tree.n, contest->options, arm, diag);
    }
    const double believed = contest->cost[arm].bytes;
    contest->built |= (uint64_t)1 << arm;
    if (status == HUNCH_OK) {
        contest->cost[arm].bytes = (double)hunch__index_bytes(trial->index);
        learn_bytes(contest, arm, believed);
    }
    if (status == HUNCH_OK && hunch__index_bytes(trial->index) <= budget_of(contest)) {
        contest->trials++;
        return HUNCH_OK;
    }
    hunch_index_free(trial->index);
    trial->index = NULL;
    return status;
}

/* By as much as an arm is larger or smaller than was believed, so are the others of its kind that
 * were not built: the slices that were glanced at are harder than the whole, or easier. */
static void learn_bytes(struct contest *contest, uint32_t arm, double believed)
{
    const double ratio = contest->cost[arm].bytes / believed;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        const bool same = hunch__arms[i].kind == hunch__arms[arm].kind && i != arm;
        if (same && (contest->built >> i & 1) == 0) {
            contest->cost[i].bytes *= ratio;
        }
    }
}

/* Everyone in turn, then whom the advisor chooses. */
static void compete(struct contest *contest)
{
    float x[HUNCH__ADVISOR_FEATURES];
    uint64_t mask = 0;
    hunch__advisor_context(x, &contest->glance, contest->options);
    for (unsigned i = 0; i < contest->trials; i++) {
        mask |= (uint64_t)1 << contest->trial[i].arm;
    }
    for (unsigned round = 0; round < ROUNDS_EACH * contest->trials + ROUNDS_MORE; round++) {
        const bool in_turn = round < ROUNDS_EACH * contest->trials;
        const uint64_t one = (uint64_t)1 << contest->trial[round % contest->trials].arm;
        const hunch_ticket ticket =
            hunch_choose_masked(contest->advisor, x, in_turn ? &one : &mask);
        /* Where choosing is switched off, each is still timed in its turn. */
        unsigned timed = in_turn ? round % contest->trials : 0;
        while (!in_turn && timed + 1 < contest->trials && contest->trial[timed].arm != ticket.arm) {
            timed++;
        }
        time_trial(contest, &contest->trial[timed], ticket);
    }
}

/* The reward is relative to what the model expects of the first tree, so that sets of any size
 * teach the same. */
static void time_trial(struct contest *contest, struct trial *trial, hunch_ticket ticket)
{
    const double ns = look_up(contest, trial->index);
    const double expected = hunch__cost_ns(&contest->cost[0], contest->options->workload);
    if (trial->timed < SLICES_MAX) {
        trial->ns[trial->timed++] = ns;
    }
    if (ticket.arm == trial->arm) {
        (void)hunch_reward(contest->advisor, ticket, (float)-log2((ns + 0.1) / expected));
    }
}

/* ns of a look-up, as the workload has it. */
static double look_up(struct contest *contest, const hunch_index *index)
{
    double ns[2] = {0, 0};
    for (unsigned way = 0; way < 2; way++) {
        const uint64_t *queries = contest->queries + contest->asked;
        contest->asked = (contest->asked + SLICE) % contest->drawn;
        const uint64_t begun = contest->clock->now_ns(contest->clock->ctx);
        if (way == 1) {
            hunch_index_lower_bound_batch(index, queries, SLICE, contest->positions);
        } else {
            for (size_t i = 0; i < SLICE; i++) {
                contest->positions[i] = hunch_index_lower_bound(index, queries[i]);
            }
        }
        ns[way] = (double)(contest->clock->now_ns(contest->clock->ctx) - begun) / SLICE;
    }
    const struct hunch__cost measured = {0, ns[0], ns[1]};
    return hunch__cost_ns(&measured, contest->options->workload);
}

static struct trial *winner(struct contest *contest)
{
    struct trial *best = &contest->trial[0];
    for (unsigned i = 1; i < contest->trials; i++) {
        best = score(&contest->trial[i]) < score(best) ? &contest->trial[i] : best;
    }
    return best;
}

/* The second fastest time: what disturbs a machine only ever adds. */
static double score(const struct trial *trial)
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

/* Move the form of `from`; both have the same allocator. */
static void take(hunch_index *to, hunch_index *from)
{
    hunch__index_drop(to);
    memcpy(to->part, from->part, sizeof to->part);
    to->parts = from->parts;
    memcpy(to->shape, from->shape, sizeof to->shape);
    memcpy(to->level_words, from->level_words, sizeof to->level_words);
    to->learned = from->learned;
    to->learned.fallbacks = &to->fallbacks;
    to->tree = from->tree;
    to->tree_bound = from->tree_bound;
    to->kind = from->kind;
    to->trusted = from->trusted;
    to->table_bits = from->table_bits;
    to->packed_nodes = from->packed_nodes;
    to->inner = from->inner;
    to->inner_bytes = from->inner_bytes;
    to->owned = from->owned;
    from->parts = 0;
    from->owned = NULL;
    from->inner_bytes = 0;
    hunch__index_aim(to);
}

static void finish(struct contest *contest)
{
    const hunch_allocator *memory = &contest->index->allocator;
    for (unsigned i = 0; i < contest->trials; i++) {
        hunch_index_free(contest->trial[i].index);
    }
    hunch_chooser_free(contest->own);
    hunch__free(memory, contest->queries, contest->drawn * sizeof(uint64_t), HUNCH__CACHE_LINE);
    hunch__free(memory, contest->positions, SLICE * sizeof(size_t), HUNCH__CACHE_LINE);
}
