/* Questions to a chooser, and their outcomes. */
#include "judge.h"

#include "asserts.h"
#include "random.h"

/* Questions that a cell answers by the classic rule, so that the chooser hears of both answers, and
 * those that it puts before it begins to remember. 0 to 32 and 16 to 256 make no difference above
 * .0005 on first halves. */
#define CLASSIC_FIRST 8u
#define ASK_FIRST     16u

/* Then one decision in so many is asked for. */
#define ASK_EVERY 16u

/* Tickets that a chooser keeps, for small caches and for large ones. The outcome that an object did
 * not come back is the last one to be known: were such tickets forgotten, only good news would be
 * learned. So very large caches ask less. */
#define TICKETS_FIRST        4096u
#define TICKETS_MOST         65536u
#define OBJECTS_OF_ASK_EVERY 80000u

enum { LET_GO, KEEP, ARMS };

static struct judgement ask(struct judge *judge, uint32_t cell, bool classic);
static const float *shown(struct judge *judge, uint32_t cell);

hunch_status judge_open(struct judge *out, const struct judge_plan *plan,
                        const hunch_allocator *allocator, hunch_diag *diag)
{
    HUNCH_ASSERT(plan->cells <= JUDGE_CELLS_MAX && plan->features <= JUDGE_FEATURES_MAX);
    const size_t tickets = TICKETS_FIRST + 2 * plan->capacity;
    *out = (struct judge){.plan = *plan, .random = plan->seed};
    out->every = ASK_EVERY * (uint32_t)(1 + plan->capacity / OBJECTS_OF_ASK_EVERY);
    for (uint32_t c = 0; c < plan->cells; c++) {
        plan->describe(c, out->x[c]);
    }
    if (plan->mode == JUDGE_CLASSIC || plan->mode == JUDGE_UNIFORM) {
        return HUNCH_OK;
    }
    const hunch_chooser_options options = {
        .struct_size = sizeof options,
        .arms = ARMS,
        .features = plan->features,
        .pending = tickets < TICKETS_MOST ? (uint32_t)tickets : TICKETS_MOST,
        .threads = 1,
        .learn_every = 256,
        .half_life = 1000, /* each outcome is two rewards; 300 and 4,000 differ by .0003 */
        .learner = hunch_learner_find("linear"),
        .seed = plan->seed,
        .allocator = allocator,
    };
    return hunch_chooser_new(&out->chooser, &options, diag);
}

void judge_close(struct judge *judge)
{
    hunch_chooser_free(judge->chooser);
    judge->chooser = NULL;
}

size_t judge_bytes(const struct judge *judge)
{
    hunch_chooser_stats stats = {.struct_size = sizeof stats};
    if (judge->chooser != NULL) {
        hunch_chooser_read_stats(judge->chooser, &stats);
    }
    return (size_t)stats.chooser_bytes;
}

struct judgement judge_ask(struct judge *judge, uint32_t cell, bool classic)
{
    struct judgement judgement = {0, cell, classic};
    if (judge->plan.mode == JUDGE_UNIFORM) {
        judgement.keep = (hunch__splitmix64(&judge->random) & 1) != 0;
    } else if (judge->plan.mode != JUDGE_CLASSIC && judge->wait[cell] > 0) {
        judge->wait[cell]--;
        judgement.keep = judge->keep[cell];
    } else if (judge->plan.mode != JUDGE_CLASSIC) {
        judgement = ask(judge, cell, classic);
    }
    return judgement;
}

static struct judgement ask(struct judge *judge, uint32_t cell, bool classic)
{
    const uint64_t mask = (uint64_t)1 << (classic ? KEEP : LET_GO);
    const bool begins = judge->asked[cell] < CLASSIC_FIRST;
    const hunch_ticket ticket =
        hunch_choose_masked(judge->chooser, shown(judge, cell), begins ? &mask : NULL);
    judge->keep[cell] = ticket.arm == KEEP;
    judge->wait[cell] = judge->asked[cell] < ASK_FIRST ? 0 : judge->every - 1;
    judge->asked[cell]++;
    return (struct judgement){ticket.id, cell, ticket.arm == KEEP};
}

/* Whether the object comes back does not depend on the answer, so the outcome of the other answer
 * is known as well, and is told as well. With one side only, what is believed of an answer that is
 * no longer given grows old: that cost .003. */
void judge_tell(struct judge *judge, const struct judgement *judgement, float worth)
{
    const uint64_t other = (uint64_t)1 << (judgement->keep ? LET_GO : KEEP);
    if (judge->plan.mode == JUDGE_REWARDS_SHUFFLED) {
        const float mine = worth;
        worth = judge->swapped;
        judge->swapped = mine;
    }
    const float reward = judgement->keep ? worth : -worth;
    const hunch_ticket ticket =
        hunch_choose_masked(judge->chooser, shown(judge, judgement->cell), &other);
    (void)hunch_reward_id(judge->chooser, judgement->ticket, reward);
    (void)hunch_reward(judge->chooser, ticket, -reward);
}

/* The context of the cell, or of any other when contexts are shuffled. */
static const float *shown(struct judge *judge, uint32_t cell)
{
    if (judge->plan.mode == JUDGE_CONTEXTS_SHUFFLED) {
        cell = (uint32_t)hunch__below(hunch__splitmix64(&judge->random), judge->plan.cells);
    }
    return judge->x[cell];
}
