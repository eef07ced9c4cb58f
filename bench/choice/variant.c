/* The same class set with columns that a good learner takes no notice of. */
#include "variant.h"

#include <stdio.h>
#include <string.h>

#define CONSTANTS 30u
#define CONSTANT  7.0F
#define SCALE     1e6F

static size_t more_columns(enum variant variant);
static void fill_columns(struct class_set *out, const struct class_set *set);
static void fill_row(float *x, const struct class_set *set, size_t row, enum variant variant);

const char *variant_name(enum variant variant)
{
    static const char *const names[VARIANTS] = {"scaled", "duplicated", "constant"};
    return names[variant];
}

hunch_status variant_make(struct class_set *out, const struct class_set *set, enum variant variant,
                          hunch_diag *diag)
{
    hunch_status status =
        hunch__class_set_begin(out, set->columns + more_columns(variant), NULL, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    fill_columns(out, set);
    for (size_t row = 0; row < set->n; row++) {
        float *x = hunch__class_set_next(out, diag);
        if (x == NULL) {
            hunch__class_set_free(out);
            return HUNCH_ENOMEM;
        }
        fill_row(x, set, row, variant);
        hunch__class_set_add(out, set->y[row]);
    }
    hunch__class_set_end(out);
    return HUNCH_OK;
}

static size_t more_columns(enum variant variant)
{
    return variant == VARIANT_DUPLICATED ? 1 : variant == VARIANT_CONSTANT ? CONSTANTS : 0;
}

/* What is more than the set has is like its first, or numeric. */
static void fill_columns(struct class_set *out, const struct class_set *set)
{
    struct class_column *columns = hunch__class_set_columns(out);
    for (size_t i = 0; i < out->columns; i++) {
        if (i < set->columns) {
            columns[i] = set->column[i];
        } else if (out->columns == set->columns + 1) {
            columns[i] = set->column[0];
        } else {
            (void)snprintf(columns[i].name, sizeof columns[i].name, "constant %zu", i);
        }
    }
}

static void fill_row(float *x, const struct class_set *set, size_t row, enum variant variant)
{
    const float *from = set->x + row * set->columns;
    memcpy(x, from, set->columns * sizeof *x);
    for (size_t i = 0; variant == VARIANT_SCALED && i < set->columns; i += 2) {
        x[i] *= set->column[i].levels == 0 ? SCALE : 1;
    }
    for (size_t i = 0; i < more_columns(variant); i++) {
        x[set->columns + i] = variant == VARIANT_DUPLICATED ? from[0] : CONSTANT;
    }
}
