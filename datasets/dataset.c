/* Sorted key sets by name. */
#include "dataset.h"

#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"
#include "generate.h"
#include "hash.h"
#include "manifest.h"
#include "per_second.h"
#include "places.h"
#include "sosd.h"

static hunch_status load_from(struct dataset *out, const char *path, size_t n,
                              const hunch_allocator *allocator, hunch_diag *diag);
static hunch_status load_counted(struct dataset *out, const char *path,
                                 const struct counted_set *counted, size_t n,
                                 const hunch_allocator *allocator, hunch_diag *diag);
static hunch_status load_stand_in(struct dataset *out, const struct manifest_row *row, size_t n,
                                  const hunch_allocator *allocator, hunch_diag *diag);
static hunch_status load_generated(struct dataset *out, const char *generator, size_t n,
                                   const hunch_allocator *allocator, hunch_diag *diag);
static void take(struct dataset *out, struct key_list *list);
static void note_slice(struct dataset *out, size_t n);
static void note_release(struct dataset *out);

static const char *const folders[] = {"", "index/", NULL};
static const char *const endings[] = {".u64", "_uint64", "", ".u32", "_uint32", NULL};
static const struct places places = {folders, endings};
static const char *const as_named[] = {"", NULL};
static const struct places counts = {folders, as_named};

hunch_status hunch__dataset_load(struct dataset *out, const char *name, size_t n, const char *dir,
                                 const hunch_allocator *allocator, hunch_diag *diag)
{
    char path[HUNCH__PATH_ROOM];
    hunch_status status;
    const struct manifest_row *row = hunch__manifest_find(name);
    const struct counted_set *counted = hunch__counted_set_find(name);
    *out = (struct dataset){.n = 0};
    if (hunch__places_find(path, name, dir, &places)) {
        status = load_from(out, path, n, allocator, diag);
    } else if (counted != NULL && hunch__places_find(path, counted->file, dir, &counts)) {
        status = load_counted(out, path, counted, n, allocator, diag);
    } else if (row != NULL && strcmp(row->form, "keys") == 0) {
        status = load_stand_in(out, row, n, allocator, diag);
    } else {
        status = load_generated(out, name, n, allocator, diag);
        if (status == HUNCH_ENOENT) {
            status = hunch__fail(diag, HUNCH_ENOENT, 0,
                                 "no file, set or generator is called '%.50s'", name);
        }
    }
    if (status == HUNCH_OK) {
        (void)snprintf(out->name, sizeof out->name, "%s", name);
        if (n == 0 && *out->note == '\0') {
            note_release(out);
        }
    }
    return status;
}

hunch_status hunch__dataset_load_file(struct dataset *out, const char *path, size_t n,
                                      const hunch_allocator *allocator, hunch_diag *diag)
{
    *out = (struct dataset){.n = 0};
    return load_from(out, path, n, allocator, diag);
}

void hunch__dataset_free(struct dataset *set)
{
    if (set != NULL) {
        hunch__key_list_free(&set->list);
        set->keys = NULL;
        set->n = 0;
    }
}

static hunch_status load_from(struct dataset *out, const char *path, size_t n,
                              const hunch_allocator *allocator, hunch_diag *diag)
{
    struct sosd file;
    hunch_status status = hunch__sosd_read(&file, path, n, allocator, diag);
    if (status == HUNCH_OK) {
        status = hunch__sosd_check_order(file.keys, file.n, diag);
    }
    if (status != HUNCH_OK) {
        hunch__places_blame(diag, path);
        hunch__sosd_close(&file);
        return status;
    }
    take(out, &file.list);
    hunch__places_stem(out->name, sizeof out->name, path, &places);
    note_slice(out, n);
    return HUNCH_OK;
}

/* Expanded from a log's counts. Room is made for what the manifest knows of, so that 120 million
 * keys are not copied while the list grows. */
static hunch_status load_counted(struct dataset *out, const char *path,
                                 const struct counted_set *counted, size_t n,
                                 const hunch_allocator *allocator, hunch_diag *diag)
{
    struct key_list list = {.allocator = hunch__allocator_or_default(allocator)};
    const struct manifest_row *row = hunch__manifest_find(counted->name);
    size_t known = row != NULL ? hunch__manifest_n(row) : 1;
    hunch_status status = hunch__key_list_reserve(&list, n > 0 && n < known ? n : known, diag);
    if (status == HUNCH_OK) {
        status = hunch__per_second_read(&list, path, counted->epoch, counted->composite, n, diag);
        if (status != HUNCH_OK) {
            hunch__places_blame(diag, path);
        }
    }
    if (status != HUNCH_OK) {
        hunch__key_list_free(&list);
        return status;
    }
    take(out, &list);
    note_slice(out, n);
    return HUNCH_OK;
}

/* A set that is known but not here. */
static hunch_status load_stand_in(struct dataset *out, const struct manifest_row *row, size_t n,
                                  const hunch_allocator *allocator, hunch_diag *diag)
{
    if (strcmp(row->stand_in, "-") == 0) {
        return hunch__fail(diag, HUNCH_ENOENT, 0,
                           "'%.50s' is not here, and nothing stands in for it", row->name);
    }
    if (n == 0) {
        n = hunch__manifest_n(row);
    }
    hunch_status status = load_generated(out, row->stand_in, n, allocator, diag);
    if (status == HUNCH_OK) {
        (void)snprintf(out->note, sizeof out->note, "generated stand-in: %s, n %zu", row->stand_in,
                       out->n);
    }
    return status;
}

static hunch_status load_generated(struct dataset *out, const char *generator, size_t n,
                                   const hunch_allocator *allocator, hunch_diag *diag)
{
    struct key_list list;
    hunch_status status =
        hunch__generate(&list, generator, n > 0 ? n : HUNCH__GENERATED_KEYS, 0, allocator, diag);
    if (status == HUNCH_OK) {
        take(out, &list);
        (void)snprintf(out->note, sizeof out->note, "generated");
    }
    return status;
}

static void take(struct dataset *out, struct key_list *list)
{
    out->list = *list;
    out->keys = list->keys;
    out->n = list->n;
    out->xxh3 = hunch__xxh3(out->keys, out->n * sizeof *out->keys);
}

/* n is what was asked for; 0 is all. */
static void note_slice(struct dataset *out, size_t n)
{
    if (n > 0 && out->n == n) {
        (void)snprintf(out->note, sizeof out->note, "at most its first %zu keys", n);
    }
}

/* A package of another release may hold other data. Sets without a fixed hash may differ always. */
static void note_release(struct dataset *out)
{
    const struct manifest_row *row = hunch__manifest_find(out->name);
    if (row != NULL && strcmp(row->sha256, "-") != 0 && hunch__manifest_n(row) != out->n) {
        (void)snprintf(out->note, sizeof out->note,
                       "%zu keys where the manifest has %s: another release?", out->n, row->n);
    }
}
