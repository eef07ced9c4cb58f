/* The ring of events that `mlp` is trained on, and how their columns and rewards are spread. */
#include <math.h>
#include <string.h>

#include "mlp_state.h"
#include "random.h"

/* Columns and rewards beyond this are taken as this, so that their squares add up to what is
 * finite. */
#define SPREAD_MAX 1e30

/* A column whose variance is less than this part of its squared mean is constant. */
#define CONSTANT 1e-11

/* Arms do not compete when their chances are this together, for certain, in the first events. No
 * event counts for more than so many of uniform play. */
#define TOGETHER      1.0
#define DEVIATIONS    2.5
#define CHANCE_EVENTS 1024u
#define CHANCE_MAX    4.0

/* When the spread of a column changes by more than this at once, the members' weights for it had
 * not been learned from what it is now, and are kept as they are. */
#define RESCALE_MAX 8.0f

static void add_to_spread(double *mean, double *squares, double n, double x);
static void note_reward(struct hunch__mlp_state *head, double reward);
static void note_chance(struct hunch__mlp_state *head, const hunch_learner_event *event,
                        uint32_t arms);
static void swap(double *pair);
static void rescale(void *state, const struct hunch__mlp_plan *plan, uint32_t column, float by,
                    float shift);

uint32_t hunch__mlp_stored(const struct hunch__mlp_state *head, const struct hunch__mlp_plan *plan)
{
    return head->known < plan->events ? (uint32_t)head->known : plan->events;
}

struct hunch__mlp_record *hunch__mlp_record_at(const void *state,
                                               const struct hunch__mlp_plan *plan, uint64_t age)
{
    const struct hunch__mlp_state *head = state;
    const uint64_t at = (head->next + plan->events - 1 - age) % plan->events;
    return hunch__mlp_at(state, plan->ring + at * plan->record_bytes);
}

void hunch__mlp_remember(void *state, const struct hunch__mlp_plan *plan,
                         const hunch_learner_event *event)
{
    struct hunch__mlp_state *head = state;
    double *spread = hunch__mlp_at(state, plan->spread);
    head->next = (head->next + 1) % plan->events;
    head->events++;
    head->known++;
    struct hunch__mlp_record *record = hunch__mlp_record_at(state, plan, 0);
    float *dense = hunch__mlp_record_dense(record);
    uint32_t *entry = (uint32_t *)(void *)(dense + plan->dense);
    record->arm = event->arm;
    record->reward = event->reward;
    record->weight = fminf(event->weight, HUNCH__MLP_WEIGHT_MAX);
    record->count = event->x.count < plan->entries ? event->x.count : plan->entries;
    for (uint32_t f = 0; f < plan->dense; f++) {
        dense[f] = event->x.dense[f];
        add_to_spread(&spread[f], &spread[plan->dense + f], (double)head->known, (double)dense[f]);
    }
    for (uint32_t i = 0; i < record->count; i++) {
        const float value =
            fmaxf(fminf(event->x.values[i], HUNCH__MLP_VALUE_MAX), -HUNCH__MLP_VALUE_MAX);
        uint32_t bits = 0;
        memcpy(&bits, &value, sizeof bits);
        entry[i] = event->x.columns[i] << 16 | bits >> 16;
    }
    note_reward(head, (double)event->reward);
    note_chance(head, event, plan->arms);
}

hunch_context hunch__mlp_recall(const struct hunch__mlp_record *record,
                                const struct hunch__mlp_plan *plan, uint32_t *columns,
                                float *values)
{
    const float *dense = hunch__mlp_record_dense(record);
    const uint32_t *entry = (const uint32_t *)(const void *)(dense + plan->dense);
    for (uint32_t i = 0; i < record->count; i++) {
        const uint32_t bits = entry[i] << 16;
        columns[i] = entry[i] >> 16;
        memcpy(&values[i], &bits, sizeof bits);
    }
    return (hunch_context){
        .dense = dense, .columns = columns, .values = values, .count = record->count};
}

/* A unit's sum w z + b stays what it is when z = (x - center) scale gets another center and scale:
 * z_old = z_new by + shift. */
void hunch__mlp_refresh(void *state, const struct hunch__mlp_plan *plan)
{
    const struct hunch__mlp_state *head = state;
    const double *spread = hunch__mlp_at(state, plan->spread);
    float *center = hunch__mlp_at(state, plan->center);
    float *scale = hunch__mlp_at(state, plan->scale);
    for (uint32_t f = 0; f < plan->dense; f++) {
        const double mean = spread[f];
        const double variance = spread[plan->dense + f] / (double)head->known;
        const bool varies = variance > CONSTANT * mean * mean && variance > 1.0 / SPREAD_MAX;
        const float old_center = center[f];
        const float old_scale = scale[f];
        center[f] = (float)mean;
        scale[f] = varies ? (float)(1.0 / sqrt(variance)) : 0.0f;
        if (head->started != 0 && varies && old_scale > 0.0f) {
            rescale(state, plan, f, old_scale / scale[f], (center[f] - old_center) * old_scale);
        }
    }
}

/* Welford's recurrence. */
static void add_to_spread(double *mean, double *squares, double n, double x)
{
    x = fmax(fmin(x, SPREAD_MAX), -SPREAD_MAX);
    const double difference = x - *mean;
    *mean += difference / n;
    *squares += difference * (x - *mean);
}

/* low < high are the two rewards as long as there are not more. */
static void note_reward(struct hunch__mlp_state *head, double reward)
{
    add_to_spread(&head->reward[0], &head->reward[1], (double)head->known, reward);
    if (head->events == 1) {
        head->low = reward;
        head->high = reward;
    } else if (head->low == head->high) {
        if (reward < head->low) {
            head->low = reward;
            swap(head->chances);
            swap(head->squares);
        }
        head->high = fmax(head->high, reward);
    } else if (reward != head->low && reward != head->high) {
        head->form = HUNCH__MLP_SQUARED;
    }
}

/* Arms compete only if the chances of all of them, of which the mean of 1 / propensity over the
 * successes is an estimate (Horvitz and Thompson 1952), are 1 together. That is seen while much is
 * explored, or never. */
static void note_chance(struct hunch__mlp_state *head, const hunch_learner_event *event,
                        uint32_t arms)
{
    if (head->known > CHANCE_EVENTS || head->form == HUNCH__MLP_SQUARED) {
        return;
    }
    const bool success = head->low < head->high && (double)event->reward == head->high;
    const double chance = fmin(1.0 / (double)event->propensity, CHANCE_MAX * (double)arms);
    head->chances[success] += chance;
    head->squares[success] += chance * chance;
    const double deviation = sqrt(head->squares[1]);
    if (head->chances[1] - DEVIATIONS * deviation > TOGETHER * (double)head->known) {
        head->form = HUNCH__MLP_APART;
    }
}

static void swap(double *pair)
{
    const double first = pair[0];
    pair[0] = pair[1];
    pair[1] = first;
}

static void rescale(void *state, const struct hunch__mlp_plan *plan, uint32_t column, float by,
                    float shift)
{
    if (!(by < RESCALE_MAX) || !(by > 1.0f / RESCALE_MAX) || !(fabsf(shift) < RESCALE_MAX)) {
        return;
    }
    for (uint32_t e = 0; e < plan->members; e++) {
        float *w = hunch__mlp_numbers(state, plan, e, 0);
        float *row = w + (1 + (size_t)column) * HUNCH__MLP_UNITS;
        float *skip = w + plan->skip + (size_t)column * plan->stride;
        for (uint32_t u = 0; u < HUNCH__MLP_UNITS; u++) {
            w[u] += row[u] * shift;
            row[u] *= by;
        }
        for (uint32_t a = 0; a < plan->stride; a++) {
            w[plan->output + a] += skip[a] * shift;
            skip[a] *= by;
        }
    }
}
