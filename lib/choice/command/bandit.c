/* A table of examples played as a bandit. */
#include "bandit.h"

#include <stdbool.h>
#include <stdlib.h>

#include "diag.h"
#include "random.h"

#define TICK_ROWS 512

/* A choice whose reward is still to come. */
struct waiting {
    hunch_ticket ticket;
    float reward;
    bool lost; /* it never will */
};

/* One order being played. */
struct play {
    const struct bandit_plan *plan;
    struct bandit_result *result;
    hunch_chooser *chooser;
    size_t *rows;            /* [plan->rows]: their order     */
    struct waiting *waiting; /* [plan->delay + 1], a ring     */
    hunch_feature *schema;   /* [set->columns]                */
    size_t order;
    uint64_t dice;     /* which rewards are missing, and how rows are shuffled */
    uint64_t mistakes; /* so far, in this order                                */
    uint64_t right;    /* rows so far that the best fixed arm is right about   */
};

static hunch_status make_room(struct play *play, hunch_diag *diag);
static void free_room(struct play *play);
static void count_classes(struct bandit_result *result, const struct bandit_plan *plan);
static void describe_columns(hunch_feature *schema, const struct class_set *set);
static hunch_status play_order(struct play *play, hunch_diag *diag);
static void shuffle(struct play *play);
static void play_row(struct play *play, size_t t);
static void hand_over(struct play *play, size_t t);
static void mark_point(struct play *play, size_t rows);
static void end_order(struct play *play);
static void sum_up(struct bandit_result *result, const struct bandit_plan *plan);

hunch_status choice__bandit_play(struct bandit_result *out, const struct bandit_plan *plan,
                                 hunch_diag *diag)
{
    struct play play = {.plan = plan, .result = out, .dice = plan->seed};
    *out = (struct bandit_result){.loss = 0};
    hunch_status status = make_room(&play, diag);
    if (status == HUNCH_OK) {
        count_classes(out, plan);
        describe_columns(play.schema, plan->set);
    }
    for (play.order = 0; play.order < plan->orders && status == HUNCH_OK; play.order++) {
        status = play_order(&play, diag);
    }
    free_room(&play);
    if (status == HUNCH_OK) {
        sum_up(out, plan);
    } else {
        choice__bandit_free(out);
    }
    return status;
}

void choice__bandit_free(struct bandit_result *result)
{
    hunch_chooser_free(result->chooser);
    free(result->orders);
    free(result->arms);
    free(result->points);
    *result = (struct bandit_result){.loss = 0};
}

static hunch_status make_room(struct play *play, hunch_diag *diag)
{
    const struct bandit_plan *plan = play->plan;
    struct bandit_result *result = play->result;
    result->points_count = plan->rows < BANDIT_POINTS ? plan->rows : BANDIT_POINTS;
    result->orders = calloc(plan->orders, sizeof *result->orders);
    result->arms = calloc(plan->set->classes, sizeof *result->arms);
    result->points = calloc(result->points_count, sizeof *result->points);
    play->rows = calloc(plan->rows, sizeof *play->rows);
    play->waiting = calloc(plan->delay + 1, sizeof *play->waiting);
    play->schema = calloc(plan->set->columns, sizeof *play->schema);
    bool whole = result->orders != NULL && result->arms != NULL && result->points != NULL &&
                 play->rows != NULL && play->waiting != NULL && play->schema != NULL;
    return whole ? HUNCH_OK : hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory to play it");
}

static void free_room(struct play *play)
{
    free(play->rows);
    free(play->waiting);
    free(play->schema);
}

static void count_classes(struct bandit_result *result, const struct bandit_plan *plan)
{
    for (size_t i = 0; i < plan->rows; i++) {
        result->arms[plan->set->y[i]].rows++;
    }
    for (uint32_t arm = 1; arm < plan->set->classes; arm++) {
        if (result->arms[arm].rows > result->arms[result->fixed_arm].rows) {
            result->fixed_arm = arm;
        }
    }
}

static void describe_columns(hunch_feature *schema, const struct class_set *set)
{
    for (size_t j = 0; j < set->columns; j++) {
        const struct class_column *column = &set->column[j];
        schema[j] = (hunch_feature){
            .name = column->name,
            .kind = column->levels > 0 ? HUNCH_FEATURE_CATEGORICAL : HUNCH_FEATURE_NUMERIC,
            .levels = column->levels,
        };
    }
}

/* Every order has a chooser of its own. What waits in the end is never learned from, as in life. */
static hunch_status play_order(struct play *play, hunch_diag *diag)
{
    const struct bandit_plan *plan = play->plan;
    const hunch_chooser_options options = {
        .struct_size = sizeof options,
        .arms = (uint32_t)plan->set->classes,
        .features = (uint32_t)plan->set->columns,
        .pending = plan->delay >= 8192 ? (uint32_t)(2 * plan->delay) : 0,
        .schema = play->schema,
        .seed = plan->seed + play->order,
        .learner = plan->learner,
    };
    hunch_status status = hunch_chooser_new(&play->chooser, &options, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    play->mistakes = 0;
    play->right = 0;
    shuffle(play);
    for (size_t t = 0; t < plan->rows; t++) {
        play_row(play, t);
        if (plan->tick != NULL && t % TICK_ROWS == 0) {
            double done = (double)play->order + (double)t / (double)plan->rows;
            plan->tick(plan->tick_ctx, done / (double)plan->orders);
        }
    }
    end_order(play);
    return HUNCH_OK;
}

/* Fisher and Yates, but for the first order, which is the file's. */
static void shuffle(struct play *play)
{
    for (size_t i = 0; i < play->plan->rows; i++) {
        size_t j = play->order > 0 ? hunch__below(hunch__splitmix64(&play->dice), i + 1) : i;
        play->rows[i] = play->rows[j];
        play->rows[j] = i;
    }
}

static void play_row(struct play *play, size_t t)
{
    const struct class_set *set = play->plan->set;
    size_t row = play->rows[t];
    hunch_ticket ticket = hunch_choose(play->chooser, set->x + row * set->columns);
    bool right = ticket.arm == set->y[row];
    struct bandit_arm *arm = &play->result->arms[ticket.arm];
    arm->played++;
    arm->right += right;
    play->mistakes += !right;
    play->right += set->y[row] == play->result->fixed_arm;
    double dice = (double)(hunch__splitmix64(&play->dice) >> 11) * 0x1p-53;
    play->waiting[t % (play->plan->delay + 1)] = (struct waiting){
        .ticket = ticket,
        .reward = right ? 1.0f : 0.0f,
        .lost = dice < play->plan->missing,
    };
    hand_over(play, t);
    mark_point(play, t + 1);
}

/* The reward of the row that was chosen for `delay` rows ago. A ticket that is no longer known is
 * counted by the chooser. */
static void hand_over(struct play *play, size_t t)
{
    size_t delay = play->plan->delay;
    if (t >= delay) {
        const struct waiting *due = &play->waiting[(t - delay) % (delay + 1)];
        if (!due->lost) {
            (void)hunch_reward(play->chooser, due->ticket, due->reward);
        }
    }
}

/* Points end at equal distances. */
static void mark_point(struct play *play, size_t rows)
{
    struct bandit_result *result = play->result;
    size_t all = play->plan->rows;
    size_t ended = rows * result->points_count / all;
    if (ended == (rows - 1) * result->points_count / all) {
        return;
    }
    struct bandit_point *point = &result->points[ended - 1];
    double orders = (double)play->plan->orders;
    double fixed = (double)(rows - play->right);
    point->rows = rows;
    point->loss += (double)play->mistakes / (double)rows / orders;
    point->regret += ((double)play->mistakes - fixed) / orders;
}

static void end_order(struct play *play)
{
    struct bandit_order *order = &play->result->orders[play->order];
    hunch_chooser_stats stats = {.struct_size = sizeof stats};
    hunch_chooser_read_stats(play->chooser, &stats);
    order->loss = (double)play->mistakes / (double)play->plan->rows;
    order->model = stats.model;
    if (play->order == 0) {
        play->result->chooser = play->chooser;
    } else {
        hunch_chooser_free(play->chooser);
    }
}

static void sum_up(struct bandit_result *result, const struct bandit_plan *plan)
{
    result->least = result->orders[0].loss;
    result->most = result->orders[0].loss;
    for (size_t i = 0; i < plan->orders; i++) {
        double loss = result->orders[i].loss;
        result->loss += loss / (double)plan->orders;
        result->least = loss < result->least ? loss : result->least;
        result->most = loss > result->most ? loss : result->most;
    }
    result->fixed_loss = 1 - (double)result->arms[result->fixed_arm].rows / (double)plan->rows;
}
