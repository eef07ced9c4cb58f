/* Tables of examples with a class. */
#include "class_set.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "asserts.h"
#include "class_csv.h"
#include "class_generate.h"
#include "diag.h"
#include "hash.h"
#include "manifest.h"
#include "places.h"

#define ALIGN     64
#define ROWS_HOPE 1024 /* room at first, doubled when it is full */

static hunch_status load_from(struct class_set *out, const char *path, size_t rows,
                              const hunch_allocator *allocator, hunch_diag *diag);
static hunch_status load_stand_in(struct class_set *out, const struct manifest_row *row,
                                  size_t rows, const hunch_allocator *allocator, hunch_diag *diag);
static hunch_status load_generated(struct class_set *out, const char *name, size_t rows,
                                   const hunch_allocator *allocator, hunch_diag *diag);
static hunch_status reserve(struct class_set *set, size_t rows, hunch_diag *diag);
static void *move(const struct class_set *set, const void *from, size_t row_bytes, size_t rows);
static float *x_of(struct class_set *set);
static uint32_t *y_of(struct class_set *set);

static const char *const folders[] = {"", "choice/", NULL};
static const char *const endings[] = {".csv", NULL};
static const struct places places = {folders, endings};

hunch_status hunch__class_set_load(struct class_set *out, const char *name, size_t rows,
                                   const char *dir, const hunch_allocator *allocator,
                                   hunch_diag *diag)
{
    char path[HUNCH__PATH_ROOM];
    hunch_status status;
    const struct manifest_row *row = hunch__manifest_find(name);
    *out = (struct class_set){.n = 0};
    if (hunch__places_find(path, name, dir, &places)) {
        status = load_from(out, path, rows, allocator, diag);
    } else if (row != NULL && strcmp(row->form, "classes") == 0) {
        status = load_stand_in(out, row, rows, allocator, diag);
    } else {
        status = load_generated(out, name, rows, allocator, diag);
    }
    if (status == HUNCH_OK) {
        (void)snprintf(out->name, sizeof out->name, "%s", name);
    }
    return status;
}

hunch_status hunch__class_set_load_file(struct class_set *out, const char *path, size_t rows,
                                        const hunch_allocator *allocator, hunch_diag *diag)
{
    *out = (struct class_set){.n = 0};
    return load_from(out, path, rows, allocator, diag);
}

void hunch__class_set_free(struct class_set *set)
{
    if (set == NULL) {
        return;
    }
    if (set->column != NULL) {
        hunch__free(&set->allocator, hunch__class_set_columns(set),
                    set->columns * sizeof *set->column, ALIGN);
        hunch__free(&set->allocator, x_of(set), set->capacity * set->columns * sizeof *set->x,
                    ALIGN);
        hunch__free(&set->allocator, y_of(set), set->capacity * sizeof *set->y, ALIGN);
    }
    *set = (struct class_set){.n = 0};
}

hunch_status hunch__class_set_begin(struct class_set *out, size_t columns,
                                    const hunch_allocator *allocator, hunch_diag *diag)
{
    HUNCH_ASSERT(columns > 0);
    *out = (struct class_set){.columns = columns};
    out->allocator = hunch__allocator_or_default(allocator);
    size_t bytes = columns * sizeof *out->column;
    struct class_column *column = hunch__alloc(&out->allocator, bytes, ALIGN);
    if (column == NULL) {
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "no memory for %zu columns", columns);
    }
    memset(column, 0, bytes);
    out->column = column;
    hunch_status status = reserve(out, ROWS_HOPE, diag);
    if (status != HUNCH_OK) {
        hunch__class_set_free(out);
    }
    return status;
}

/* The arrays are const to who reads a set, and this file's to write. */
struct class_column *hunch__class_set_columns(struct class_set *set)
{
    return (struct class_column *)(uintptr_t)set->column;
}

float *hunch__class_set_next(struct class_set *set, hunch_diag *diag)
{
    if (set->n == set->capacity && reserve(set, 2 * set->n, diag) != HUNCH_OK) {
        return NULL;
    }
    return x_of(set) + set->n * set->columns;
}

void hunch__class_set_add(struct class_set *set, uint32_t y)
{
    HUNCH_ASSERT(set->n < set->capacity && y < HUNCH__LEVELS_MAX);
    y_of(set)[set->n++] = y;
    if (y >= set->classes) {
        set->classes = (size_t)y + 1;
    }
}

/* A file's NaN may have any bits; those of NAN are always the same, and so is the hash. */
void hunch__class_set_end(struct class_set *set)
{
    const uint64_t parts[2] = {hunch__xxh3(set->x, set->n * set->columns * sizeof *set->x),
                               hunch__xxh3(set->y, set->n * sizeof *set->y)};
    set->xxh3 = hunch__xxh3(parts, sizeof parts);
    set->numeric = 0;
    for (size_t i = 0; i < set->columns; i++) {
        set->numeric += set->column[i].levels == 0;
    }
}

static hunch_status load_from(struct class_set *out, const char *path, size_t rows,
                              const hunch_allocator *allocator, hunch_diag *diag)
{
    hunch_status status = hunch__class_csv_read(out, path, rows, allocator, diag);
    if (status != HUNCH_OK) {
        hunch__places_blame(diag, path);
        return status;
    }
    hunch__places_stem(out->name, sizeof out->name, path, &places);
    if (rows > 0 && out->n == rows) {
        (void)snprintf(out->note, sizeof out->note, "at most its first %zu rows", rows);
    }
    return HUNCH_OK;
}

/* A set that is known but not here. */
static hunch_status load_stand_in(struct class_set *out, const struct manifest_row *row,
                                  size_t rows, const hunch_allocator *allocator, hunch_diag *diag)
{
    size_t all = hunch__manifest_n(row);
    if (strcmp(row->stand_in, "-") == 0) {
        return hunch__fail(diag, HUNCH_ENOENT, 0,
                           "'%.50s' is not here, and nothing stands in for it", row->name);
    }
    hunch_status status =
        load_generated(out, row->stand_in, rows > 0 && rows < all ? rows : all, allocator, diag);
    if (status == HUNCH_OK) {
        (void)snprintf(out->note, sizeof out->note, "generated stand-in: %s, n %zu", row->stand_in,
                       out->n);
    }
    return status;
}

static hunch_status load_generated(struct class_set *out, const char *name, size_t rows,
                                   const hunch_allocator *allocator, hunch_diag *diag)
{
    hunch_status status = hunch__class_generate(out, name, rows, 0, allocator, diag);
    if (status == HUNCH_ENOENT) {
        return hunch__fail(diag, HUNCH_ENOENT, 0, "no file, set or generator is called '%.50s'",
                           name);
    }
    if (status == HUNCH_OK) {
        (void)snprintf(out->note, sizeof out->note, "generated");
    }
    return status;
}

static hunch_status reserve(struct class_set *set, size_t rows, hunch_diag *diag)
{
    size_t row_bytes = set->columns * sizeof *set->x;
    float *x = rows <= SIZE_MAX / row_bytes ? move(set, set->x, row_bytes, rows) : NULL;
    uint32_t *y = x != NULL ? move(set, set->y, sizeof *y, rows) : NULL;
    if (y == NULL) {
        if (x != NULL) {
            hunch__free(&set->allocator, x, rows * row_bytes, ALIGN);
        }
        return hunch__fail(diag, HUNCH_ENOMEM, rows, "no memory for %zu rows of %zu columns", rows,
                           set->columns);
    }
    hunch__free(&set->allocator, x_of(set), set->capacity * row_bytes, ALIGN);
    hunch__free(&set->allocator, y_of(set), set->capacity * sizeof *y, ALIGN);
    set->x = x;
    set->y = y;
    set->capacity = rows;
    return HUNCH_OK;
}

/* Room for `rows`, with those that there are. */
static void *move(const struct class_set *set, const void *from, size_t row_bytes, size_t rows)
{
    void *to = hunch__alloc(&set->allocator, rows * row_bytes, ALIGN);
    if (to != NULL && set->n > 0) {
        memcpy(to, from, set->n * row_bytes);
    }
    return to;
}

static float *x_of(struct class_set *set)
{
    return (float *)(uintptr_t)set->x;
}

static uint32_t *y_of(struct class_set *set)
{
    return (uint32_t *)(uintptr_t)set->y;
}
