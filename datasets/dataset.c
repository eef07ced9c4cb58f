/* Sorted key sets by name. */
#include "dataset.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "generate.h"
#include "hash.h"
#include "input.h"
#include "manifest.h"
#include "sosd.h"

#ifndef HUNCH_DATASETS_CACHE
#    define HUNCH_DATASETS_CACHE "datasets/cache" /* as seen from the root of the tree */
#endif

#define PATH_ROOM 4096

static hunch_status load_from(struct dataset *out, const char *path, size_t n,
                              const hunch_allocator *allocator, hunch_diag *diag);
static hunch_status load_stand_in(struct dataset *out, const char *name, size_t n,
                                  const hunch_allocator *allocator, hunch_diag *diag);
static hunch_status load_generated(struct dataset *out, const char *generator, size_t n,
                                   const hunch_allocator *allocator, hunch_diag *diag);
static bool find_file(char path[PATH_ROOM], const char *name, const char *dir);
static bool find_in(char path[PATH_ROOM], const char *name, const char *dir);
static bool is_there(const char *path);
static void take(struct dataset *out, struct key_list *list);
static void name_by_path(struct dataset *out, const char *path);
static void note_release(struct dataset *out);
static void name_the_file(hunch_diag *diag, const char *path);

hunch_status hunch__dataset_load(struct dataset *out, const char *name, size_t n, const char *dir,
                                 const hunch_allocator *allocator, hunch_diag *diag)
{
    char path[PATH_ROOM];
    hunch_status status;
    *out = (struct dataset){.n = 0};
    if (find_file(path, name, dir)) {
        status = load_from(out, path, n, allocator, diag);
        if (status == HUNCH_OK && n == 0) {
            note_release(out);
        }
    } else if (hunch__manifest_find(name) != NULL) {
        status = load_stand_in(out, name, n, allocator, diag);
    } else {
        status = load_generated(out, name, n, allocator, diag);
        if (status == HUNCH_ENOENT) {
            status = hunch__fail(diag, HUNCH_ENOENT, 0,
                                 "no file, set or generator is called '%.50s'", name);
        }
    }
    if (status == HUNCH_OK) {
        (void)snprintf(out->name, sizeof out->name, "%s", name);
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
        name_the_file(diag, path);
        hunch__sosd_close(&file);
        return status;
    }
    take(out, &file.list);
    name_by_path(out, path);
    if (n > 0 && out->n == n) {
        (void)snprintf(out->note, sizeof out->note, "at most its first %zu keys", n);
    }
    return HUNCH_OK;
}

/* A set that is known but not here. */
static hunch_status load_stand_in(struct dataset *out, const char *name, size_t n,
                                  const hunch_allocator *allocator, hunch_diag *diag)
{
    const struct manifest_row *row = hunch__manifest_find(name);
    if (strcmp(row->stand_in, "-") == 0) {
        return hunch__fail(diag, HUNCH_ENOENT, 0,
                           "'%.50s' is not here, and nothing stands in for it", name);
    }
    if (n == 0) {
        n = (size_t)strtoull(row->n, NULL, 10);
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

/* The nearest place first: what the command line says goes before the environment. */
static bool find_file(char path[PATH_ROOM], const char *name, const char *dir)
{
    const char *const places[] = {dir, getenv("HUNCH_DATA"), HUNCH_DATASETS_CACHE};
    if (*name == '\0' || strchr(name, '/') != NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (places[i] != NULL && *places[i] != '\0' && find_in(path, name, places[i])) {
            return true;
        }
    }
    return false;
}

static bool find_in(char path[PATH_ROOM], const char *name, const char *dir)
{
    static const char *const folders[] = {"", "index/"};
    static const char *const forms[] = {".u64", "_uint64", "", ".u32", "_uint32"};
    static const char *const packings[] = {"", ".zst", ".gz"};
    for (size_t i = 0; i < 2 * 5 * 3; i++) {
        int n = snprintf(path, PATH_ROOM, "%s/%s%s%s%s", dir, folders[i / 15], name,
                         forms[i / 3 % 5], packings[i % 3]);
        if (n > 0 && n < PATH_ROOM && is_there(path)) {
            return true;
        }
    }
    return false;
}

/* A folder may be called as a set is; it is none. */
static bool is_there(const char *path)
{
    struct input in;
    hunch_status status = hunch__input_open(&in, path, NULL);
    if (status == HUNCH_OK) {
        hunch__input_close(&in);
    }
    return status == HUNCH_OK || status == HUNCH_EUNSUPPORTED || status == HUNCH_ECORRUPT;
}

static void take(struct dataset *out, struct key_list *list)
{
    out->list = *list;
    out->keys = list->keys;
    out->n = list->n;
    out->xxh3 = hunch__xxh3(out->keys, out->n * sizeof *out->keys);
}

/* The file's stem: no folder, no compression, no _uint64 or .u64. */
static void name_by_path(struct dataset *out, const char *path)
{
    static const char *const forms[] = {"_uint64", "_uint32", ".u64", ".u32"};
    const char *slash = strrchr(path, '/');
    const char *base = strcmp(path, "-") == 0 ? "stdin" : slash != NULL ? slash + 1 : path;
    size_t n = strlen(base) - strlen(hunch__input_suffix(base));
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t m = strlen(forms[i]);
        if (n > m && memcmp(base + n - m, forms[i], m) == 0) {
            n -= m;
            break;
        }
    }
    if (n >= sizeof out->name) {
        n = sizeof out->name - 1;
    }
    memcpy(out->name, base, n);
    out->name[n] = '\0';
}

/* A package of another release may hold other data. Sets without a fixed hash may differ always. */
static void note_release(struct dataset *out)
{
    const struct manifest_row *row = hunch__manifest_find(out->name);
    if (row != NULL && strcmp(row->sha256, "-") != 0 && strtoull(row->n, NULL, 10) != out->n) {
        (void)snprintf(out->note, sizeof out->note,
                       "%zu keys where the manifest has %s: another release?", out->n, row->n);
    }
}

/* Callers know the set by its name and not which file was found. */
static void name_the_file(hunch_diag *diag, const char *path)
{
    char text[sizeof diag->text];
    const char *slash = strrchr(path, '/');
    if (diag != NULL) {
        memcpy(text, diag->text, sizeof text);
        (void)hunch__fail(diag, diag->status, diag->at, "%.40s: %s",
                          slash != NULL ? slash + 1 : path, text);
    }
}
