/* The bandit protocol over a class set. */
#include "protocol.h"

#include <stdlib.h>

#include <hunch/choice.h>

#include "diag.h"
#include "random.h"

/* Tickets that a chooser remembers by default: a longer delay needs more. */
#define PENDING_DEFAULT 16384u

/* One stream while it is played. */
struct play {
    const struct class_set *set;
    const struct protocol *protocol;
    hunch_chooser *chooser; /* owned                              */
    uint32_t *order;        /* owned, [set->n]: of this pass      */
    struct late *late;      /* owned, [delay]: rewards on the way */
    uint64_t random;
    unsigned char *wrong; /* owned, [rounds] */
};

/* A reward that has not come yet. */
struct late {
    hunch_ticket ticket;
    float reward;
    bool comes;
};

static hunch_status play_open(struct play *play, size_t rounds, hunch_diag *diag);
static hunch_status make_chooser(struct play *play, hunch_diag *diag);
static hunch_feature *schema_of(const struct class_set *set);
static void play_close(struct play *play);
static void play_round(struct play *play, size_t round);
static void reward(struct play *play, size_t round, const struct late *now);
static void hand_in(struct play *play, const struct late *late);

hunch_status protocol_play(struct protocol_result *out, const struct class_set *set,
                           const struct protocol *protocol, hunch_diag *diag)
{
    const size_t rounds = protocol->rounds != 0 ? protocol->rounds : set->n;
    struct play play = {.set = set, .protocol = protocol, .random = protocol->seed};
    *out = (struct protocol_result){.wrong = NULL};
    hunch_status status = play_open(&play, rounds, diag);
    if (status == HUNCH_OK) {
        for (size_t round = 0; round < rounds; round++) {
            play_round(&play, round);
        }
        hunch_chooser_stats stats = {.struct_size = sizeof stats};
        hunch_chooser_read_stats(play.chooser, &stats);
        *out = (struct protocol_result){play.wrong, rounds, stats.model, stats.learned};
        play.wrong = NULL;
    }
    play_close(&play);
    return status;
}

void protocol_free(struct protocol_result *result)
{
    free(result->wrong);
    *result = (struct protocol_result){.wrong = NULL};
}

double protocol_loss(const struct protocol_result *result, size_t from, size_t to)
{
    size_t wrong = 0;
    for (size_t i = from; i < to; i++) {
        wrong += result->wrong[i];
    }
    return (double)wrong / (double)(to - from);
}

void protocol_order(uint32_t *order, size_t n, uint64_t shuffle)
{
    uint64_t state = shuffle;
    for (size_t i = 0; i < n; i++) {
        order[i] = (uint32_t)i;
    }
    for (size_t i = n; i-- > 1 && shuffle != 0;) {
        const size_t other = (size_t)hunch__below(hunch__splitmix64(&state), i + 1);
        const uint32_t kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}

static hunch_status play_open(struct play *play, size_t rounds, hunch_diag *diag)
{
    play->order = malloc(play->set->n * sizeof *play->order);
    play->late = calloc(play->protocol->delay + 1, sizeof *play->late);
    play->wrong = malloc(rounds);
    if (play->order == NULL || play->late == NULL || play->wrong == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, rounds, "no memory for %zu rounds", rounds);
    }
    return make_chooser(play, diag);
}

static hunch_status make_chooser(struct play *play, hunch_diag *diag)
{
    const struct protocol *protocol = play->protocol;
    hunch_chooser_options options = {
        .struct_size = sizeof options,
        .arms = (uint32_t)play->set->classes,
        .features = (uint32_t)play->set->columns,
        .half_life = protocol->half_life,
        .seed = protocol->seed,
        .pending = protocol->delay < PENDING_DEFAULT ? 0 : (uint32_t)(2 * (protocol->delay + 1)),
    };
    if (protocol->learner != NULL) {
        options.learner = hunch_learner_find(protocol->learner);
        if (options.learner == NULL) {
            return hunch__fail(diag, HUNCH_EUNSUPPORTED, 0, "no learner is called %.32s",
                               protocol->learner);
        }
    }
    hunch_feature *schema = schema_of(play->set);
    if (schema == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, play->set->columns, "no memory for a schema");
    }
    options.schema = schema;
    hunch_status status = hunch_chooser_new(&play->chooser, &options, diag);
    free(schema);
    /* A learner may refuse a shape that is not for it: too many columns for all pairs of them. */
    const bool refused = status == HUNCH_EINVAL && protocol->learner != NULL;
    return refused ? HUNCH_EUNSUPPORTED : status;
}

static hunch_feature *schema_of(const struct class_set *set)
{
    hunch_feature *schema = calloc(set->columns, sizeof *schema);
    for (size_t i = 0; schema != NULL && i < set->columns; i++) {
        const struct class_column *column = &set->column[i];
        schema[i].name = column->name;
        schema[i].levels = column->levels;
        schema[i].kind = column->levels == 0 ? HUNCH_FEATURE_NUMERIC : HUNCH_FEATURE_CATEGORICAL;
    }
    return schema;
}

static void play_close(struct play *play)
{
    hunch_chooser_free(play->chooser);
    free(play->order);
    free(play->late);
    free(play->wrong);
}

static void play_round(struct play *play, size_t round)
{
    const struct class_set *set = play->set;
    const size_t pass = round / set->n;
    if (round % set->n == 0) {
        /* Each pass in another order; the first is the one that was asked for. */
        protocol_order(play->order, set->n,
                       pass == 0 ? play->protocol->shuffle
                                 : hunch__mix64(play->protocol->shuffle + ((uint64_t)pass << 32)));
    }
    play->wrong[round] = 0;
    if (round < play->protocol->begin) {
        return;
    }
    const size_t row = play->order[round % set->n];
    const bool changed = play->protocol->change_at != 0 && round >= play->protocol->change_at;
    const uint32_t y = changed ? (set->y[row] + 1) % (uint32_t)set->classes : set->y[row];
    const hunch_ticket ticket = hunch_choose(play->chooser, set->x + row * set->columns);
    play->wrong[round] = ticket.arm != y;
    const double drawn = (double)(hunch__splitmix64(&play->random) >> 11) * 0x1p-53;
    reward(play, round,
           &(struct late){ticket, ticket.arm == y ? 1.0F : 0.0F, drawn >= play->protocol->missing});
}

/* This round's reward goes on its way, and the one that is due arrives. */
static void reward(struct play *play, size_t round, const struct late *now)
{
    const size_t delay = play->protocol->delay;
    if (delay == 0) {
        hand_in(play, now);
        return;
    }
    struct late *slot = &play->late[round % delay];
    if (round >= delay) {
        hand_in(play, slot);
    }
    *slot = *now;
}

static void hand_in(struct play *play, const struct late *late)
{
    if (late->comes) {
        (void)hunch_reward(play->chooser, late->ticket, late->reward);
    }
}
