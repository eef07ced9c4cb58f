/* The public ways of asking that choose.c does not answer by itself. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "choose.h"
#include "chooser.h"
#include "explore.h"
#include "options.h"
#include "range.h"

static bool read_question(hunch_question *out, const hunch_question *given);
static void gather(const hunch_chooser *chooser, const hunch_question *question,
                   struct hunch__raw_context *raw, struct hunch__room *room);
static void set_mask(const hunch_chooser *chooser, const hunch_question *question,
                     struct hunch__choice *choice, struct hunch__room *room);
static void set_step(const hunch_chooser *chooser, const hunch_episode *episode,
                     struct hunch__choice *choice);

hunch_ticket hunch_choose_masked(hunch_chooser *chooser, const float *x, const uint64_t *mask)
{
    const hunch_question question = {.struct_size = sizeof question, .x = x, .mask = mask};
    return hunch_choose_with(chooser, &question, NULL);
}

void hunch_choose_batch(hunch_chooser *chooser, const float *x, size_t n, hunch_ticket *tickets)
{
    for (size_t i = 0; i < n; i++) {
        tickets[i] = hunch_choose(chooser, x == NULL ? NULL : x + i * chooser->features);
    }
}

hunch_ticket hunch_choose_value(hunch_chooser *chooser, const float *x, double *value)
{
    struct hunch__room room;
    struct hunch__choice choice = {0};
    const hunch_question question = {.struct_size = sizeof question, .x = x};
    uint64_t spare = 0;
    hunch__set_context(chooser, &question, &choice.raw, &room);
    const hunch_ticket ticket = hunch__choose(chooser, &choice, &spare);
    *value = hunch__range_value(&chooser->options, chooser->shape.arms, ticket.arm,
                                hunch__uniform(spare));
    return ticket;
}

hunch_ticket hunch_choose_with(hunch_chooser *chooser, const hunch_question *question,
                               uint32_t *arms)
{
    struct hunch__room room;
    struct hunch__choice choice = {0};
    hunch_question known;
    uint64_t spare = 0;
    const bool understood = read_question(&known, question);
    hunch__set_context(chooser, &known, &choice.raw, &room);
    set_mask(chooser, &known, &choice, &room);
    if (!understood) {
        memset(room.mask, 0, sizeof room.mask);
        choice.mask = room.mask;
    }
    if (arms != NULL) {
        choice.ranked = arms;
        choice.ranks = known.ranks > 0 ? known.ranks : 1;
    }
    hunch_episode episode;
    const bool step =
        known.episode != NULL && hunch__episode_read(&episode, known.episode) == HUNCH_OK;
    if (step) {
        set_step(chooser, &episode, &choice);
    }
    const hunch_ticket ticket = hunch__choose(chooser, &choice, &spare);
    if (step && ticket.id != 0) {
        known.episode->last = ticket.id;
        known.episode->arm = ticket.arm;
        known.episode->steps++;
    }
    return ticket;
}

hunch_status hunch__episode_read(hunch_episode *out, const hunch_episode *given)
{
    const size_t first_layout = offsetof(hunch_episode, reserved) + sizeof given->reserved;
    return hunch__options_copy(out, sizeof *out, first_layout, given, NULL);
}

/* False when it asks for what this version does not know: then the heuristic answers. */
static bool read_question(hunch_question *out, const hunch_question *given)
{
    const size_t first_layout = offsetof(hunch_question, episode) + sizeof given->episode;
    return hunch__options_copy(out, sizeof *out, first_layout, given, NULL) == HUNCH_OK;
}

void hunch__set_context(const hunch_chooser *chooser, const hunch_question *question,
                        struct hunch__raw_context *raw, struct hunch__room *room)
{
    if (chooser->encoder.nonzeros > 0) {
        gather(chooser, question, raw, room);
        return;
    }
    raw->x = question->x;
    if (question->columns != NULL || question->x == NULL) {
        memset(room->x, 0, chooser->features * sizeof(float));
        const bool given = question->columns != NULL && question->x != NULL;
        for (uint32_t i = 0; given && i < question->x_count; i++) {
            if (question->columns[i] < chooser->features) {
                room->x[question->columns[i]] = question->x[i];
            }
        }
        raw->x = room->x;
    }
}

/* The entries of a sparse context, given as such or among zeros. What is out of range, out of order
 * or too much is left out. */
static void gather(const hunch_chooser *chooser, const hunch_question *question,
                   struct hunch__raw_context *raw, struct hunch__room *room)
{
    const uint32_t n = question->columns != NULL ? question->x_count : chooser->features;
    raw->x = room->x;
    raw->columns = room->columns;
    for (uint32_t i = 0; question->x != NULL && i < n; i++) {
        const uint32_t column = question->columns != NULL ? question->columns[i] : i;
        const bool ascends = raw->entries == 0 || column > room->columns[raw->entries - 1];
        if (question->x[i] != 0.0f && ascends && column < chooser->features &&
            raw->entries < chooser->encoder.nonzeros) {
            room->x[raw->entries] = question->x[i];
            room->columns[raw->entries] = column;
            raw->entries++;
        }
    }
}

/* With candidates, those that are there, as far as the caller's mask allows them. */
static void set_mask(const hunch_chooser *chooser, const hunch_question *question,
                     struct hunch__choice *choice, struct hunch__room *room)
{
    choice->mask = question->mask;
    if (chooser->shape.arms_kind != HUNCH_ARMS_CANDIDATES) {
        return;
    }
    const uint32_t arms = chooser->shape.arms;
    const uint32_t given = question->candidates == NULL ? 0 : question->candidates_count;
    const uint32_t n = given < arms ? given : arms;
    memset(room->mask, 0, sizeof room->mask);
    for (uint32_t i = 0; i < n; i++) {
        if (hunch__arm_allowed(question->mask, i)) {
            room->mask[i / 64] |= (uint64_t)1 << (i % 64);
        }
    }
    choice->mask = room->mask;
    choice->candidates = question->candidates;
}

static void set_step(const hunch_chooser *chooser, const hunch_episode *episode,
                     struct hunch__choice *choice)
{
    const uint32_t arms = chooser->shape.arms;
    choice->episode = episode->last;
    choice->raw.step = episode->steps < UINT16_MAX ? episode->steps : UINT16_MAX;
    choice->raw.previous = episode->steps > 0 && episode->arm < arms ? episode->arm + 1 : 0;
}
