/* A class set made ready to be a stream. */
#include "class_tidy.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "alloc.h"
#include "diag.h"
#include "random.h"

/* What of the set is taken, and in which order. */
struct selection {
    size_t *columns; /* [kept] */
    size_t *rows;    /* [set->n] */
    size_t kept;
};

static void select_columns(struct selection *s, const struct class_set *set);
static bool is_constant(const struct class_set *set, size_t column);
static bool same(float a, float b);
static void shuffle(size_t *rows, size_t n, uint64_t seed);
static hunch_status copy(struct class_set *out, const struct class_set *set,
                         const struct selection *s, hunch_diag *diag);
static void name_columns(struct class_column *columns, const struct class_set *set,
                         const struct selection *s);

hunch_status hunch__class_tidy(struct class_set *out, const struct class_set *set, uint64_t seed,
                               hunch_diag *diag)
{
    size_t bytes = (set->n + set->columns) * sizeof(size_t);
    struct selection s = {.columns = hunch__alloc(&set->allocator, bytes, sizeof(size_t))};
    *out = (struct class_set){.n = 0};
    if (s.columns == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory to shuffle %zu rows", set->n);
    }
    s.rows = s.columns + set->columns;
    select_columns(&s, set);
    shuffle(s.rows, set->n, seed);
    hunch_status status =
        s.kept > 0 ? hunch__class_set_begin(out, s.kept, &set->allocator, diag)
                   : hunch__fail(diag, HUNCH_ECORRUPT, 0, "every column is the same in all rows");
    if (status == HUNCH_OK) {
        status = copy(out, set, &s, diag);
    }
    hunch__free(&set->allocator, s.columns, bytes, sizeof(size_t));
    if (status != HUNCH_OK) {
        hunch__class_set_free(out);
    }
    return status;
}

static void select_columns(struct selection *s, const struct class_set *set)
{
    for (size_t j = 0; j < set->columns; j++) {
        if (!is_constant(set, j)) {
            s->columns[s->kept++] = j;
        }
    }
}

static bool is_constant(const struct class_set *set, size_t column)
{
    for (size_t i = 1; i < set->n; i++) {
        if (!same(set->x[i * set->columns + column], set->x[column])) {
            return false;
        }
    }
    return true;
}

/* What is missing is a value of its own: a column of "yes" and nothing says something. */
static bool same(float a, float b)
{
    return (isnan(a) && isnan(b)) || (a <= b && a >= b);
}

/* Fisher and Yates. */
static void shuffle(size_t *rows, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        size_t j = hunch__below(hunch__splitmix64(&seed), i + 1);
        rows[i] = rows[j];
        rows[j] = i;
    }
}

static hunch_status copy(struct class_set *out, const struct class_set *set,
                         const struct selection *s, hunch_diag *diag)
{
    name_columns(hunch__class_set_columns(out), set, s);
    for (size_t i = 0; i < set->n; i++) {
        const float *from = set->x + s->rows[i] * set->columns;
        float *x = hunch__class_set_next(out, diag);
        if (x == NULL) {
            return HUNCH_ENOMEM;
        }
        for (size_t j = 0; j < s->kept; j++) {
            x[j] = from[s->columns[j]];
        }
        hunch__class_set_add(out, set->y[s->rows[i]]);
    }
    hunch__class_set_end(out);
    return HUNCH_OK;
}

static void name_columns(struct class_column *columns, const struct class_set *set,
                         const struct selection *s)
{
    for (size_t j = 0; j < s->kept; j++) {
        columns[j].levels = set->column[s->columns[j]].levels;
        (void)snprintf(columns[j].name, sizeof columns[j].name, "%c%zu",
                       columns[j].levels == 0 ? 'n' : 'c', j);
    }
}
