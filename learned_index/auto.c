/* AUTO: which form suits these keys on this machine.
 *
 * The cost model says which forms are worth building; then a chooser plays them against each other,
 * a few thousand look-ups at a time, and the fastest stays, or one that is hardly slower and
 * clearly smaller. One that is handed in remembers what it learned for the next build: its context
 * is what a glance tells of the keys. */
#include <string.h>

#include "beliefs.h"
#include "chooser.h"
#include "diag.h"
#include "trials.h"

#include <hunch/choice.h>

/* Below this everything is in a near cache, and a measurement is longer than what it saves. */
#define MEASURED_MIN 65536u
_Static_assert(MEASURED_MIN >= HUNCH__TRIALS_KEYS_MIN, "enough keys to measure with");
/* Forms that are built without measuring, where the first ones turn out too large. */
#define UNTIMED_MAX    4u
/* Of all that are built as many by optimal lines, which take longest. */
#define DEAR_MAX       4u
/* Fewer keys are built into every form, if need be, to find one that fits. */
#define EACH_TRIED_MAX ((size_t)1 << 20)
/* Fewer keys are built so fast, and are so well served by caches that the model does not know, that
 * more forms are worth a try. */
#define FEW            ((size_t)1 << 22)

/* How much is tried. */
struct effort {
    unsigned kinds_max;  /* trials that are there for being of another kind                     */
    unsigned trials_max; /* <= HUNCH__TRIALS_MAX                                                */
    unsigned built_max;  /* forms that are built to find all trials                             */
    double worth_cheap;  /* how much slower than the best the best of another kind may be       */
    double worth_dear;   /* expected to be; the same of optimal lines                           */
    double alike;        /* the same of any form                                                */
};
static const struct effort of_few = {4, 6, 8, 2.5, 2.5, 1.25};
static const struct effort of_many = {3, 4, 6, 1.6, 1.3, 1.1};

struct contest {
    hunch_index *index; /* that is to become the winner */
    const uint64_t *keys;
    size_t n;
    const hunch_index_options *options;
    const struct effort *effort;
    struct hunch__beliefs beliefs;
    struct hunch__trials trials;
};

static hunch_status build_arm(const struct contest *contest, hunch_index *index, uint32_t arm,
                              hunch_diag *diag);
static hunch_status build_believed(struct contest *contest, hunch_diag *diag);
static hunch_status build_measured(struct contest *contest, hunch_diag *diag);
static hunch_status gather(struct contest *contest, hunch_diag *diag);
static hunch_status enter_advised(struct contest *contest, hunch_diag *diag);
static hunch_status enter_kinds(struct contest *contest, hunch_diag *diag);
static void learn_kinds(struct contest *contest);
static hunch_status enter_alike(struct contest *contest, hunch_diag *diag);
static bool may_build(const struct contest *contest, unsigned trials_max);
static uint64_t barred(const struct contest *contest);
static bool is_worth_a_try(const struct contest *contest, uint32_t arm, double worth);
static hunch_status enter(struct contest *contest, uint32_t arm, hunch_diag *diag);
static void take(hunch_index *to, hunch_index *from);

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

hunch_status hunch__advisor_check(const hunch_chooser *advisor, hunch_diag *diag)
{
    if (advisor != NULL &&
        (advisor->options.arms != HUNCH__ARMS || advisor->features != HUNCH__ADVISOR_FEATURES)) {
        return hunch__fail(diag, HUNCH_EINVAL, advisor->options.arms,
                           "options: the advisor is not of hunch_index_advisor_new()");
    }
    return HUNCH_OK;
}

hunch_status hunch__index_auto(hunch_index *index, const uint64_t *keys, size_t n,
                               const hunch_index_options *options, hunch_diag *diag)
{
    struct contest contest = {.index = index,
                              .keys = keys,
                              .n = n,
                              .options = options,
                              .effort = n < FEW ? &of_few : &of_many};
    if (n < HUNCH__LEARNED_MIN) {
        return build_arm(&contest, index, HUNCH__ARM_PLAIN, diag);
    }
    hunch_status status =
        hunch__beliefs_form(&contest.beliefs, keys, n, options, &index->allocator, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    return options->no_measuring || n < MEASURED_MIN ? build_believed(&contest, diag)
                                                     : build_measured(&contest, diag);
}

static hunch_status build_arm(const struct contest *contest, hunch_index *index, uint32_t arm,
                              hunch_diag *diag)
{
    hunch_index_options chosen = *contest->options;
    chosen.kind = hunch__arms[arm].kind;
    chosen.node_keys = hunch__arms[arm].node_keys;
    chosen.cell_keys = hunch__arms[arm].cell_keys;
    chosen.block_keys = hunch__arms[arm].block_keys;
    chosen.router = hunch__arms[arm].router;
    chosen.eps = hunch__arms[arm].eps;
    chosen.search = HUNCH_INDEX_SEARCH_AUTO;
    return hunch__index_form(index, contest->keys, contest->n, &chosen, diag);
}

/* Build what is believed to be the fastest that fits; where its bytes were more than believed, the
 * next; and where none fits, the smallest of those that were built: of few keys all forms, of many,
 * whose sizes the model knows better, a few, what it believes to be the smallest of all among them.
 * Forms that are known not to fit are built again only as the smallest of all. */
static hunch_status build_believed(struct contest *contest, hunch_diag *diag)
{
    struct hunch__beliefs *beliefs = &contest->beliefs;
    const unsigned most = contest->n < EACH_TRIED_MAX ? HUNCH__ARMS : UNTIMED_MAX;
    for (unsigned i = 0; i < most; i++) {
        const uint32_t arm = i + 1 < most ? hunch__believed_fastest(beliefs, beliefs->built)
                                          : hunch__believed_smallest(beliefs, beliefs->built);
        if (arm == HUNCH__ARMS) {
            break;
        }
        hunch_status status = build_arm(contest, contest->index, arm, diag);
        const size_t bytes = hunch__index_bytes(contest->index);
        if (status != HUNCH_OK || (double)bytes <= beliefs->budget) {
            return status;
        }
        hunch__beliefs_learn(beliefs, arm, bytes);
    }
    return build_arm(contest, contest->index, hunch__believed_smallest(beliefs, ~beliefs->built),
                     diag);
}

/* Build several, and keep what is fastest here. */
static hunch_status build_measured(struct contest *contest, hunch_diag *diag)
{
    const struct hunch__beliefs *beliefs = &contest->beliefs;
    struct hunch__trials *trials = &contest->trials;
    hunch_status status = hunch__trials_begin(trials, contest->keys, contest->n, beliefs,
                                              contest->options, &contest->index->allocator, diag);
    if (status == HUNCH_OK) {
        status = gather(contest, diag);
    }
    if (status == HUNCH_OK && trials->count == 0) {
        status = build_believed(contest, diag);
    } else if (status == HUNCH_OK) {
        take(contest->index, hunch__trials_winner(trials));
        contest->index->tried = trials->count;
    }
    hunch__trials_end(trials);
    return status;
}

/* Build what an advisor that has seen other keys proposes, the fastest of each kind by the model,
 * as long as it is not hopeless, and whatever is nearly as good as the very best. A form that turns
 * out larger than the budget makes room for the next. Where none should fit, the smallest may be
 * smaller than believed, and tell of others. */
static hunch_status gather(struct contest *contest, hunch_diag *diag)
{
    const struct hunch__beliefs *beliefs = &contest->beliefs;
    hunch_status status = HUNCH_OK;
    if (!hunch__believed_to_fit(beliefs, hunch__believed_fastest(beliefs, 0))) {
        status = enter(contest, hunch__believed_smallest(beliefs, 0), diag);
    } else if (contest->options->advisor != NULL) {
        status = enter_advised(contest, diag);
    }
    if (status == HUNCH_OK) {
        status = enter_kinds(contest, diag);
    }
    if (status == HUNCH_OK) {
        learn_kinds(contest);
        status = enter_alike(contest, diag);
    }
    return status;
}

static hunch_status enter_advised(struct contest *contest, hunch_diag *diag)
{
    uint64_t mask = 0;
    for (uint32_t i = 0; i < HUNCH__ARMS; i++) {
        mask |= (uint64_t)hunch__believed_to_fit(&contest->beliefs, i) << i;
    }
    return enter(contest, hunch__trials_advised(&contest->trials, mask), diag);
}

/* The best of each kind: what the model knows least is how kinds compare. */
static hunch_status enter_kinds(struct contest *contest, hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    uint64_t seen = 0;
    for (unsigned i = 0; i < contest->trials.count; i++) {
        seen |= hunch__arms_of(hunch__arms[contest->trials.trial[i].arm].kind);
    }
    while (status == HUNCH_OK && may_build(contest, contest->effort->kinds_max)) {
        const uint32_t next = hunch__believed_fastest(
            &contest->beliefs, seen | contest->beliefs.built | barred(contest));
        if (next == HUNCH__ARMS) {
            break;
        }
        const uint32_t kind = hunch__arms[next].kind;
        const unsigned count = contest->trials.count;
        seen |= (uint64_t)1 << next;
        if (is_worth_a_try(contest, next,
                           kind == HUNCH_INDEX_SEGMENTS ? contest->effort->worth_dear
                                                        : contest->effort->worth_cheap)) {
            status = enter(contest, next, diag);
            seen |= contest->trials.count > count ? hunch__arms_of(kind) : 0;
        }
    }
    return status;
}

/* How kinds compare here, from now on measured. One tells nothing of the others. */
static void learn_kinds(struct contest *contest)
{
    struct hunch__trials *trials = &contest->trials;
    uint32_t arms[HUNCH__TRIALS_MAX];
    double ns[HUNCH__TRIALS_MAX];
    if (trials->count < 2) {
        return;
    }
    hunch__trials_time(trials);
    for (unsigned i = 0; i < trials->count; i++) {
        arms[i] = trials->trial[i].arm;
        ns[i] = hunch__trial_ns(&trials->trial[i]);
    }
    hunch__beliefs_learn_ns(&contest->beliefs, arms, ns, trials->count);
}

static hunch_status enter_alike(struct contest *contest, hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    while (status == HUNCH_OK && may_build(contest, contest->effort->trials_max)) {
        const uint32_t next =
            hunch__believed_fastest(&contest->beliefs, contest->beliefs.built | barred(contest));
        if (next == HUNCH__ARMS || !is_worth_a_try(contest, next, contest->effort->alike)) {
            break;
        }
        status = enter(contest, next, diag);
    }
    return status;
}

static bool may_build(const struct contest *contest, unsigned trials_max)
{
    return contest->trials.count < trials_max &&
           __builtin_popcountll(contest->beliefs.built) < (int)contest->effort->built_max;
}

/* Arms that are too dear to be built after those that were. */
static uint64_t barred(const struct contest *contest)
{
    const uint64_t segments = hunch__arms_of(HUNCH_INDEX_SEGMENTS);
    const uint64_t built = contest->beliefs.built;
    return __builtin_popcountll(built & segments) >= (int)DEAR_MAX ? segments & ~built : 0;
}

/* Whether an arm should fit, and take at most `worth` times as long as the best of those that
 * should and that are not barred. */
static bool is_worth_a_try(const struct contest *contest, uint32_t arm, double worth)
{
    const struct hunch__beliefs *beliefs = &contest->beliefs;
    const uint32_t best = hunch__believed_fastest(beliefs, barred(contest));
    return hunch__believed_to_fit(beliefs, arm) &&
           hunch__believed_ns(beliefs, arm) <= worth * hunch__believed_ns(beliefs, best);
}

/* Build an arm and let it compete if it keeps to the budget; now its bytes are known. */
static hunch_status enter(struct contest *contest, uint32_t arm, hunch_diag *diag)
{
    const hunch_index *index = contest->index;
    const hunch_index_options plain = {.struct_size = sizeof plain,
                                       .batch_width = index->batch_width,
                                       .allocator = &index->allocator,
                                       .io = index->io};
    hunch_index_options unused;
    hunch_index *entrant = NULL;
    hunch_status status = hunch__index_new(&entrant, &unused, &plain, diag);
    if (status == HUNCH_OK) {
        status = build_arm(contest, entrant, arm, diag);
    }
    if (status == HUNCH_OK) {
        const size_t bytes = hunch__index_bytes(entrant);
        hunch__beliefs_learn(&contest->beliefs, arm, bytes);
        if ((double)bytes <= contest->beliefs.budget) {
            hunch__trials_enter(&contest->trials, arm, entrant);
            return HUNCH_OK;
        }
    }
    hunch_index_free(entrant);
    return status;
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
