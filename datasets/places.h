/* Where a set's file may lie. */
#ifndef HUNCH_DATASETS_PLACES_H
#define HUNCH_DATASETS_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include <hunch/status.h>

#define HUNCH__PATH_ROOM 4096

/* How the files of one form of set are called; each list ends with NULL. */
struct places {
    const char *const *folders; /* "" and "index/" */
    const char *const *endings; /* ".u64"          */
};

/* The file of the set `name`: looked for in `dir` (may be NULL), in $HUNCH_DATA and in the cache of
 * datasets/get, in each of the folders, with each of the endings, plain or with .zst or .gz. */
bool hunch__places_find(char path[HUNCH__PATH_ROOM], const char *name, const char *dir,
                        const struct places *places);

/* The stem of `path`, cut to `room`: no folder, no compression, no ending. "-" is stdin. */
void hunch__places_stem(char *stem, size_t room, const char *path, const struct places *places);

/* Put the file's name in front of what *diag says: callers know the set by its name and not which
 * file was found. NULL is fine. */
void hunch__places_blame(hunch_diag *diag, const char *path);

#endif
