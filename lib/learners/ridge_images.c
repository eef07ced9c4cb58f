/* Sums whose columns are those of others in another order, or were constants there. */
#include "ridge.h"
#include "train.h"

static double *cell(double *packed, size_t i, size_t j);
static double read_cell(const double *packed, size_t i, size_t j);

void hunch__ridge_adopt(void *state, const struct hunch__ridge_plan *plan, uint32_t from,
                        uint32_t count, const struct hunch__ridge_image *images)
{
    double *at = state;
    for (uint32_t i = 0; i < count; i++) {
        const struct hunch__ridge_image image = images[i];
        const size_t p = (size_t)from + i;
        at[plan->first + p] = image.factor * at[plan->first + image.of];
        at[plan->second + p] = image.factor * image.factor * at[plan->second + image.of];
        at[plan->present + p] = at[plan->present + image.of];
    }
    for (uint32_t a = 0; a < plan->arms; a++) {
        double *packed = at + plan->arm + a * (plan->packed + plan->columns);
        double *rewards = packed + plan->packed;
        for (uint32_t i = 0; i < count; i++) {
            const struct hunch__ridge_image image = images[i];
            const size_t p = (size_t)from + i;
            for (size_t q = 0; q < plan->columns; q++) {
                const bool old = q < from || q >= (size_t)from + count;
                const double factor = old ? 1.0 : images[q - from].factor;
                const size_t of = old ? q : images[q - from].of;
                *cell(packed, p, q) = image.factor * factor * read_cell(packed, image.of, of);
            }
            rewards[p] = image.factor * rewards[image.of];
        }
        at[plan->fresh + a] = packed[0] > 0.0 ? HUNCH__RIDGE_ALL_FRESH : 0.0;
    }
}

void hunch__ridge_merge_images(void *state, const struct hunch__ridge_plan *plan, const void *other,
                               const struct hunch__ridge_image *images)
{
    double *at = state;
    const double *add = other;
    const size_t d = plan->columns;
    const double by = hunch__ridge_merge_heads(state, plan, other);
    for (size_t p = 0; p < d; p++) {
        const double factor = by * images[p].factor;
        const size_t of = images[p].of;
        at[plan->first + p] += factor * add[plan->first + of];
        at[plan->second + p] += factor * images[p].factor * add[plan->second + of];
        at[plan->present + p] += by * add[plan->present + of];
    }
    for (uint32_t a = 0; a < plan->arms; a++) {
        const size_t arm = plan->arm + a * (plan->packed + d);
        double *to = at + arm;
        for (size_t p = 0; p < d; p++) {
            const double factor = by * images[p].factor;
            for (size_t q = 0; q <= p; q++) {
                *to++ +=
                    factor * images[q].factor * read_cell(add + arm, images[p].of, images[q].of);
            }
        }
        for (size_t p = 0; p < d; p++) {
            *to++ += by * images[p].factor * add[arm + plan->packed + images[p].of];
        }
    }
}

void hunch__ridge_drop(void *state, const struct hunch__ridge_plan *plan, uint32_t from,
                       uint32_t to)
{
    const struct hunch__ridge_image nothing = {0.0, 0};
    for (uint32_t p = from; p < to; p++) {
        hunch__ridge_adopt(state, plan, p, 1, &nothing);
    }
}

static double *cell(double *packed, size_t i, size_t j)
{
    return packed + (i >= j ? hunch__packed_row(i) + j : hunch__packed_row(j) + i);
}

static double read_cell(const double *packed, size_t i, size_t j)
{
    return packed[i >= j ? hunch__packed_row(i) + j : hunch__packed_row(j) + i];
}
