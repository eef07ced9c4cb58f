/* The state of a quadratic model: sums, and which columns have products. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "diag.h"
#include "learners.h"
#include "linear_snapshot.h"
#include "pairs.h"

#define NO_SLOT UINT32_MAX

static float *first_of(void *state, const struct hunch__pairs_plan *plan);
static uint32_t slot_of(const struct hunch__pairs_chosen *chosen, uint32_t column);
static void keep_finite(float *numbers, size_t n);
static void choose_varying(void *state, const struct hunch__pairs_plan *plan, const float *dense);
static void choose_column(void *state, const struct hunch__pairs_plan *plan, uint32_t column);
static bool choose_as(void *state, const struct hunch__pairs_plan *plan, void *other);
static void close_pairs(void *state, const struct hunch__pairs_plan *plan);
static void find_images(void *state, const struct hunch__pairs_plan *plan, void *other,
                        struct hunch__ridge_image *images);
static struct hunch__ridge_image image_of_pair(const struct hunch__pairs_plan *plan, void *other,
                                               uint32_t i, uint32_t j);
static struct hunch__ridge_image image_of_mixed(const struct hunch__pairs_plan *plan, void *other,
                                                uint32_t k, uint32_t i);

bool hunch__pairs_state_plan(const hunch_learner_shape *shape, struct hunch__pairs_plan *plan)
{
    if (!hunch__shape_has_own_arms(shape) || !hunch__pairs_plan(shape, &plan->pairs) ||
        !hunch__ridge_plan_make(&plan->ridge, shape->arms, plan->pairs.dense_all,
                                plan->pairs.features_all)) {
        return false;
    }
    plan->chosen = hunch__ridge_bytes(&plan->ridge);
    plan->first = plan->chosen + sizeof(struct hunch__pairs_chosen);
    plan->bytes = plan->first + plan->pairs.dense * sizeof(float);
    return true;
}

struct hunch__pairs_chosen *hunch__pairs_chosen_of(void *state,
                                                   const struct hunch__pairs_plan *plan)
{
    return (void *)((unsigned char *)state + plan->chosen);
}

void hunch__pairs_add(void *state, const struct hunch__pairs_plan *plan,
                      const hunch_learner_event *event, double growth)
{
    struct hunch__expanded expanded;
    const struct hunch__ridge *head = state;
    const struct hunch__pairs_chosen *chosen = hunch__pairs_chosen_of(state, plan);
    if (head->events == 0 && plan->pairs.dense > 0) {
        memcpy(first_of(state, plan), event->x.dense, plan->pairs.dense * sizeof(float));
    }
    if (chosen->closed == 0) {
        choose_varying(state, plan, event->x.dense);
    }
    hunch__pairs_expand(&plan->pairs, chosen, event->x.dense, &event->x, &expanded);
    keep_finite(expanded.dense, plan->pairs.dense_all);
    keep_finite(expanded.values, expanded.x.count);
    hunch__ridge_add(state, &plan->ridge, &expanded.x, event, growth);
}

hunch_status hunch__pairs_validate(const void *state, const struct hunch__pairs_plan *plan,
                                   hunch_diag *diag)
{
    const unsigned char *bytes = state;
    const struct hunch__pairs_chosen *chosen = (const void *)(bytes + plan->chosen);
    const float *first = (const void *)(bytes + plan->first);
    bool sound = chosen->count <= plan->pairs.slots && chosen->closed <= 1;
    for (uint32_t b = 0; sound && b < chosen->count; b++) {
        sound = chosen->column[b] < plan->pairs.dense && slot_of(chosen, chosen->column[b]) == b;
    }
    for (uint32_t f = 0; sound && f < plan->pairs.dense; f++) {
        sound = isfinite(first[f]);
    }
    if (!sound) {
        return hunch__fail(diag, HUNCH_ECORRUPT, plan->chosen,
                           "the columns with products are none of the context's");
    }
    return hunch__ridge_validate(state, &plan->ridge, diag);
}

void hunch__pairs_merge(void *state, const struct hunch__pairs_plan *plan, const void *other)
{
    struct hunch__ridge_image images[1 + HUNCH__PAIRS_MAX];
    struct hunch__ridge *head = state;
    const struct hunch__ridge *more = other;
    void *from = (void *)(uintptr_t)other; /* read only */
    if (more->events == 0) {
        return;
    }
    if (head->events == 0 && plan->pairs.dense > 0) {
        memcpy(first_of(state, plan), first_of(from, plan), plan->pairs.dense * sizeof(float));
    }
    if (!choose_as(state, plan, from)) {
        close_pairs(state, plan);
    }
    find_images(state, plan, from, images);
    hunch__ridge_merge_images(state, &plan->ridge, other, images);
}

static float *first_of(void *state, const struct hunch__pairs_plan *plan)
{
    return (void *)((unsigned char *)state + plan->first);
}

static uint32_t slot_of(const struct hunch__pairs_chosen *chosen, uint32_t column)
{
    for (uint32_t b = 0; b < chosen->count; b++) {
        if (chosen->column[b] == column) {
            return b;
        }
    }
    return NO_SLOT;
}

static void keep_finite(float *numbers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        numbers[i] = hunch__to_float((double)numbers[i], FLT_MAX);
    }
}

/* The columns that are now what they never were, while there is room. */
static void choose_varying(void *state, const struct hunch__pairs_plan *plan, const float *dense)
{
    struct hunch__pairs_chosen *chosen = hunch__pairs_chosen_of(state, plan);
    const float *first = first_of(state, plan);
    for (uint32_t f = 0; f < plan->pairs.dense && chosen->count < plan->pairs.slots; f++) {
        if (dense[f] != first[f] && slot_of(chosen, f) == NO_SLOT) {
            choose_column(state, plan, f);
        }
    }
    chosen->closed = chosen->count == plan->pairs.slots;
}

/* Give the column, which was first[column] in all events, the next slot. */
static void choose_column(void *state, const struct hunch__pairs_plan *plan, uint32_t column)
{
    struct hunch__ridge_image images[HUNCH__PAIRS_MAX];
    const struct hunch__pairs *pairs = &plan->pairs;
    struct hunch__pairs_chosen *chosen = hunch__pairs_chosen_of(state, plan);
    const double constant = (double)first_of(state, plan)[column];
    const uint32_t b = chosen->count++;
    chosen->column[b] = column;
    for (uint32_t a = 0; a <= b; a++) {
        images[a] = (struct hunch__ridge_image){constant, 1 + chosen->column[a]};
    }
    hunch__ridge_adopt(state, &plan->ridge, hunch__pairs_column(pairs, 0, b), b + 1, images);
    for (uint32_t k = 0; k < pairs->sparse; k++) {
        images[k] = (struct hunch__ridge_image){constant, 1 + pairs->dense_all + k};
    }
    if (pairs->mixed) {
        const uint32_t first = hunch__pairs_mixed(pairs, 0, b);
        hunch__ridge_adopt(state, &plan->ridge, first, pairs->sparse, images);
    }
}

/* Choose what `other` has chosen, too, and what is another constant there; false when there is no
 * room for it, or when one of them has no sums of products for what varied. */
static bool choose_as(void *state, const struct hunch__pairs_plan *plan, void *other)
{
    struct hunch__pairs_chosen *chosen = hunch__pairs_chosen_of(state, plan);
    const struct hunch__pairs_chosen *others = hunch__pairs_chosen_of(other, plan);
    for (uint32_t f = 0; f < plan->pairs.dense; f++) {
        const bool here = slot_of(chosen, f) != NO_SLOT;
        const bool there = slot_of(others, f) != NO_SLOT;
        const bool open = chosen->closed == 0 && others->closed == 0;
        if ((here && !there && others->closed != 0) || (there && !here && chosen->closed != 0)) {
            return false;
        }
        if (!here && (there || (open && first_of(state, plan)[f] != first_of(other, plan)[f]))) {
            if (chosen->count == plan->pairs.slots) {
                return false;
            }
            choose_column(state, plan, f);
        }
    }
    chosen->closed = others->closed != 0 || chosen->count == plan->pairs.slots;
    return true;
}

/* Go on without products of dense columns. */
static void close_pairs(void *state, const struct hunch__pairs_plan *plan)
{
    struct hunch__pairs_chosen *chosen = hunch__pairs_chosen_of(state, plan);
    const struct hunch__pairs *pairs = &plan->pairs;
    memset(chosen, 0, sizeof *chosen);
    chosen->closed = 1;
    hunch__ridge_drop(state, &plan->ridge, hunch__pairs_column(pairs, 0, 0), 1 + pairs->dense_all);
    if (pairs->mixed) {
        hunch__ridge_drop(state, &plan->ridge, hunch__pairs_mixed(pairs, 0, 0),
                          hunch__pairs_mixed(pairs, 0, pairs->slots));
    }
}

/* What the columns of `state` are in `other`; nothing where they are no products that are kept. */
static void find_images(void *state, const struct hunch__pairs_plan *plan, void *other,
                        struct hunch__ridge_image *images)
{
    const struct hunch__pairs *pairs = &plan->pairs;
    const struct hunch__pairs_chosen *chosen = hunch__pairs_chosen_of(state, plan);
    for (uint32_t p = 0; p < plan->ridge.columns; p++) {
        const bool dense = p > pairs->dense && p <= pairs->dense_all;
        const bool mixed = pairs->mixed && p >= hunch__pairs_mixed(pairs, 0, 0) &&
                           p < hunch__pairs_mixed(pairs, 0, pairs->slots);
        images[p] = dense || mixed ? (struct hunch__ridge_image){0.0, 0}
                                   : (struct hunch__ridge_image){1.0, p};
    }
    for (uint32_t b = 0; b < chosen->count; b++) {
        for (uint32_t a = 0; a <= b; a++) {
            images[hunch__pairs_column(pairs, a, b)] =
                image_of_pair(plan, other, chosen->column[a], chosen->column[b]);
        }
        for (uint32_t k = 0; k < pairs->sparse && pairs->mixed; k++) {
            images[hunch__pairs_mixed(pairs, k, b)] =
                image_of_mixed(plan, other, k, chosen->column[b]);
        }
    }
}

/* What x_i x_j is in `other`, where a column without a slot is constant. */
static struct hunch__ridge_image image_of_pair(const struct hunch__pairs_plan *plan, void *other,
                                               uint32_t i, uint32_t j)
{
    const struct hunch__pairs_chosen *others = hunch__pairs_chosen_of(other, plan);
    const float *first = first_of(other, plan);
    const uint32_t a = slot_of(others, i);
    const uint32_t b = slot_of(others, j);
    if (a == NO_SLOT) {
        return (struct hunch__ridge_image){(double)first[i], 1 + j};
    }
    if (b == NO_SLOT) {
        return (struct hunch__ridge_image){(double)first[j], 1 + i};
    }
    return (struct hunch__ridge_image){
        1.0, hunch__pairs_column(&plan->pairs, a < b ? a : b, a < b ? b : a)};
}

/* The same of v_k x_i. */
static struct hunch__ridge_image image_of_mixed(const struct hunch__pairs_plan *plan, void *other,
                                                uint32_t k, uint32_t i)
{
    const uint32_t b = slot_of(hunch__pairs_chosen_of(other, plan), i);
    if (b == NO_SLOT) {
        return (struct hunch__ridge_image){(double)first_of(other, plan)[i],
                                           1 + plan->pairs.dense_all + k};
    }
    return (struct hunch__ridge_image){1.0, hunch__pairs_mixed(&plan->pairs, k, b)};
}
