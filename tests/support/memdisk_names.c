/* The names of the files of a disk in memory. */
#include <stdlib.h>
#include <string.h>

#include "memdisk_parts.h"
#include "random.h"
#include "test_memory.h"

static bool is_in_folder(const char *path, const char *folder, size_t length);
static const char *any_name(const struct name_change *change);
static void apply(struct names *names, const struct name_change *change);
static void forget(struct name_change *change);

size_t names_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

ptrdiff_t names_find(const struct names *names, const char *path)
{
    for (size_t i = 0; i < names->n; i++) {
        if (strcmp(names->at[i].path, path) == 0) {
            return (ptrdiff_t)names->at[i].file;
        }
    }
    return NO_FILE;
}

void names_set(struct names *names, const char *path, size_t file)
{
    names_remove(names, path);
    if (names->n == names->room) {
        names->room = 2 * names->room + 8;
        names->at = memory_resize(names->at, names->room * sizeof *names->at);
    }
    names->at[names->n++] = (struct name){memory_copy_text(path), file};
}

void names_remove(struct names *names, const char *path)
{
    for (size_t i = 0; i < names->n; i++) {
        if (strcmp(names->at[i].path, path) == 0) {
            free(names->at[i].path);
            names->at[i] = names->at[--names->n];
            return;
        }
    }
}

void names_copy(struct names *to, const struct names *from)
{
    for (size_t i = 0; i < from->n; i++) {
        names_set(to, from->at[i].path, from->at[i].file);
    }
}

void names_free(struct names *names)
{
    for (size_t i = 0; i < names->n; i++) {
        free(names->at[i].path);
    }
    free(names->at);
}

void names_change(struct names *names, struct folder_log *log, const char *from, const char *to,
                  size_t file)
{
    if (log->n == log->room) {
        log->room = 2 * log->room + 8;
        log->at = memory_resize(log->at, log->room * sizeof *log->at);
    }
    struct name_change *change = &log->at[log->n++];
    *change = (struct name_change){
        .from = from == NULL ? NULL : memory_copy_text(from),
        .to = to == NULL ? NULL : memory_copy_text(to),
        .file = file,
    };
    apply(names, change);
}

void names_sync(struct names *durable, const struct names *now, struct folder_log *log,
                const char *path)
{
    const size_t length = names_folder(path);
    size_t kept = 0;
    for (size_t i = durable->n; i-- > 0;) {
        if (is_in_folder(durable->at[i].path, path, length)) {
            names_remove(durable, durable->at[i].path);
        }
    }
    for (size_t i = 0; i < now->n; i++) {
        if (is_in_folder(now->at[i].path, path, length)) {
            names_set(durable, now->at[i].path, now->at[i].file);
        }
    }
    for (size_t i = 0; i < log->n; i++) {
        if (is_in_folder(any_name(&log->at[i]), path, length)) {
            forget(&log->at[i]);
        } else {
            log->at[kept++] = log->at[i];
        }
    }
    log->n = kept;
}

void names_crash(struct names *durable, const struct folder_log *log, uint64_t *random)
{
    const bool ordered = hunch__splitmix64(random) % 2 == 0;
    const size_t prefix = (size_t)hunch__below(hunch__splitmix64(random), log->n + 1);
    for (size_t i = 0; i < log->n; i++) {
        const bool kept = ordered ? i < prefix : hunch__splitmix64(random) % 2 == 0;
        if (kept) {
            apply(durable, &log->at[i]);
        }
    }
}

void folder_log_free(struct folder_log *log)
{
    for (size_t i = 0; i < log->n; i++) {
        forget(&log->at[i]);
    }
    free(log->at);
}

static bool is_in_folder(const char *path, const char *folder, size_t length)
{
    return names_folder(path) == length && strncmp(path, folder, length) == 0;
}

static const char *any_name(const struct name_change *change)
{
    return change->from != NULL ? change->from : change->to;
}

/* A rename whose creation was lost still brings the file: the name points to it. */
static void apply(struct names *names, const struct name_change *change)
{
    if (change->from != NULL) {
        names_remove(names, change->from);
    }
    if (change->to != NULL) {
        names_set(names, change->to, change->file);
    }
}

static void forget(struct name_change *change)
{
    free(change->from);
    free(change->to);
}
