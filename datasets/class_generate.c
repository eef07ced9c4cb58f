/* Class sets made from nothing. */
#include "class_generate.h"

#include <stdio.h>

#include "alloc.h"
#include "arguments.h"
#include "diag.h"
#include "random.h"
#include "variates.h"

#define CENTRES      3 /* of a class: two would often leave a line that parts it from the others */
#define LEVELS       4 /* of a category */
#define CENTRE_ALIGN 64

/* What is made, and where its classes lie. */
struct clusters {
    size_t numeric, categorical, classes;
    double spread;
    uint64_t state; /* of the random stream                              */
    float *centres; /* [classes][CENTRES][columns]                       */
    size_t columns;
};

static hunch_status parse(struct clusters *c, const char *text, hunch_diag *diag);
static hunch_status make(struct class_set *out, struct clusters *c, size_t rows, hunch_diag *diag);
static void name_columns(struct class_column *columns, const struct clusters *c);
static void place_centres(struct clusters *c);
static void draw_row(struct clusters *c, float *x, uint32_t y);

hunch_status hunch__class_generate(struct class_set *out, const char *text, size_t rows,
                                   uint64_t seed, const hunch_allocator *allocator,
                                   hunch_diag *diag)
{
    struct clusters c = {.state = seed};
    *out = (struct class_set){.n = 0};
    hunch_status status = parse(&c, text, diag);
    if (status == HUNCH_OK) {
        status = hunch__class_set_begin(out, c.columns, allocator, diag);
    }
    if (status != HUNCH_OK) {
        return status;
    }
    name_columns(hunch__class_set_columns(out), &c);
    size_t bytes = c.classes * CENTRES * c.columns * sizeof *c.centres;
    c.centres = hunch__alloc(&out->allocator, bytes, CENTRE_ALIGN);
    status = c.centres != NULL ? make(out, &c, rows > 0 ? rows : HUNCH__GENERATED_ROWS, diag)
                               : hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for the centres");
    if (c.centres != NULL) {
        hunch__free(&out->allocator, c.centres, bytes, CENTRE_ALIGN);
    }
    if (status != HUNCH_OK) {
        hunch__class_set_free(out);
    }
    return status;
}

static hunch_status parse(struct clusters *c, const char *text, hunch_diag *diag)
{
    static const struct argument arguments[] = {{"numeric columns", true, 0, 1000},
                                                {"categorical columns", true, 0, 1000},
                                                {"classes", true, 1, 1000},
                                                {"spread", false, 0, 2}};
    double values[] = {16, 0, 8, 0.3};
    hunch_status status = hunch__arguments_parse(values, arguments, 4, "clusters", text, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    c->numeric = (size_t)values[0];
    c->categorical = (size_t)values[1];
    c->classes = (size_t)values[2];
    c->spread = values[3];
    c->columns = c->numeric + c->categorical;
    return c->columns > 0
               ? HUNCH_OK
               : hunch__fail(diag, HUNCH_EINVAL, 0, "clusters: one column at least expected");
}

static hunch_status make(struct class_set *out, struct clusters *c, size_t rows, hunch_diag *diag)
{
    place_centres(c);
    while (out->n < rows) {
        uint32_t y = (uint32_t)hunch__below(hunch__splitmix64(&c->state), c->classes);
        float *x = hunch__class_set_next(out, diag);
        if (x == NULL) {
            return HUNCH_ENOMEM;
        }
        draw_row(c, x, y);
        hunch__class_set_add(out, y);
    }
    hunch__class_set_end(out);
    return HUNCH_OK;
}

static void name_columns(struct class_column *columns, const struct clusters *c)
{
    for (size_t j = 0; j < c->columns; j++) {
        bool numeric = j < c->numeric;
        (void)snprintf(columns[j].name, sizeof columns[j].name, "%c%zu", numeric ? 'n' : 'c', j);
        columns[j].levels = numeric ? 0 : LEVELS;
    }
}

static void place_centres(struct clusters *c)
{
    float *centre = c->centres;
    for (size_t i = 0; i < c->classes * CENTRES; i++) {
        for (size_t j = 0; j < c->columns; j++) {
            uint64_t random = hunch__splitmix64(&c->state);
            *centre++ =
                j < c->numeric ? (float)hunch__unit(random) : (float)hunch__below(random, LEVELS);
        }
    }
}

static void draw_row(struct clusters *c, float *x, uint32_t y)
{
    size_t which = y * CENTRES + hunch__below(hunch__splitmix64(&c->state), CENTRES);
    const float *centre = c->centres + which * c->columns;
    double astray = c->spread / 2;
    for (size_t j = 0; j < c->columns; j++) {
        if (j < c->numeric) {
            x[j] = (float)((double)centre[j] + c->spread * hunch__normal(&c->state));
        } else if (hunch__unit(hunch__splitmix64(&c->state)) <= astray) {
            x[j] = (float)hunch__below(hunch__splitmix64(&c->state), LEVELS);
        } else {
            x[j] = centre[j];
        }
    }
}
