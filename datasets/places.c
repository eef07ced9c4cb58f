/* Where a set's file may lie. */
#include "places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "input.h"

#ifndef HUNCH_DATASETS_CACHE
#    define HUNCH_DATASETS_CACHE "datasets/cache" /* as seen from the root of the tree */
#endif

static bool find_in(char path[HUNCH__PATH_ROOM], const char *name, const char *dir,
                    const struct places *places);
static bool find_packed(char path[HUNCH__PATH_ROOM], const char *dir, const char *folder,
                        const char *name, const char *ending);
static bool is_there(const char *path);

/* The nearest place first: what the command line says goes before the environment. */
bool hunch__places_find(char path[HUNCH__PATH_ROOM], const char *name, const char *dir,
                        const struct places *places)
{
    const char *const roots[] = {dir, getenv("HUNCH_DATA"), HUNCH_DATASETS_CACHE};
    if (*name == '\0' || strchr(name, '/') != NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        if (roots[i] != NULL && *roots[i] != '\0' && find_in(path, name, roots[i], places)) {
            return true;
        }
    }
    return false;
}

void hunch__places_stem(char *stem, size_t room, const char *path, const struct places *places)
{
    const char *slash = strrchr(path, '/');
    const char *base = strcmp(path, "-") == 0 ? "stdin" : slash != NULL ? slash + 1 : path;
    size_t n = strlen(base) - strlen(hunch__input_suffix(base));
    for (const char *const *ending = places->endings; *ending != NULL; ending++) {
        size_t m = strlen(*ending);
        if (m > 0 && n > m && memcmp(base + n - m, *ending, m) == 0) {
            n -= m;
            break;
        }
    }
    n = n < room ? n : room - 1;
    memcpy(stem, base, n);
    stem[n] = '\0';
}

void hunch__places_blame(hunch_diag *diag, const char *path)
{
    char text[sizeof diag->text];
    const char *slash = strrchr(path, '/');
    if (diag != NULL) {
        memcpy(text, diag->text, sizeof text);
        (void)hunch__fail(diag, diag->status, diag->at, "%.40s: %s",
                          slash != NULL ? slash + 1 : path, text);
    }
}

static bool find_in(char path[HUNCH__PATH_ROOM], const char *name, const char *dir,
                    const struct places *places)
{
    for (const char *const *folder = places->folders; *folder != NULL; folder++) {
        for (const char *const *ending = places->endings; *ending != NULL; ending++) {
            if (find_packed(path, dir, *folder, name, *ending)) {
                return true;
            }
        }
    }
    return false;
}

static bool find_packed(char path[HUNCH__PATH_ROOM], const char *dir, const char *folder,
                        const char *name, const char *ending)
{
    static const char *const packings[] = {"", ".zst", ".gz"};
    for (size_t i = 0; i < sizeof packings / sizeof packings[0]; i++) {
        int n =
            snprintf(path, HUNCH__PATH_ROOM, "%s/%s%s%s%s", dir, folder, name, ending, packings[i]);
        if (n > 0 && n < HUNCH__PATH_ROOM && is_there(path)) {
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
