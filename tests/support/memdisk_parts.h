/* What a disk in memory is made of: contents and names, each as it is now, as it is on the medium,
 * and what lies between. */
#ifndef HUNCH_TESTS_MEMDISK_PARTS_H
#define HUNCH_TESTS_MEMDISK_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memdisk.h"

/* Bytes of a file. What lies between `size` and `room` is zero. */
struct content {
    unsigned char *bytes; /* [room], owned */
    size_t size;
    size_t room; /* whole sectors */
};

void content_resize(struct content *content, size_t size);
void content_copy(struct content *to, const struct content *from);

/* A change that was not synced: a sector was written, or, when it is none, the size was set. */
struct file_change {
    bool is_size;
    size_t at; /* offset of the sector, or the size */
    unsigned char sector[MEMDISK_SECTOR];
};

struct file {
    struct content now;
    struct content durable;
    struct file_change *log; /* [changes], owned */
    size_t changes;
    size_t room;
};

struct file *file_new(void);
void file_free(struct file *file);
void file_write(struct file *file, const void *bytes, size_t n, size_t offset);
void file_set_size(struct file *file, size_t size);
void file_sync(struct file *file);

/* What may be found of the file after a power cut: any of the changes, in any order, some sectors
 * half. */
struct file *file_crash(const struct file *file, uint64_t *random);

/* Paths and the files they name. */
struct names {
    struct name {
        char *path; /* owned */
        size_t file;
    } * at; /* [n], owned */
    size_t n;
    size_t room;
};

enum { NO_FILE = -1 };

/* A change of the names that was not synced. A removal has no `to`, a creation no `from`. */
struct name_change {
    char *from; /* owned, or NULL */
    char *to;   /* owned, or NULL */
    size_t file;
};

struct folder_log {
    struct name_change *at; /* [n], owned */
    size_t n;
    size_t room;
};

/* Length of the folder's part of a path, slash included. */
size_t names_folder(const char *path);

/* The file at `path`, or NO_FILE. */
ptrdiff_t names_find(const struct names *names, const char *path);
void names_set(struct names *names, const char *path, size_t file);
void names_remove(struct names *names, const char *path);
void names_copy(struct names *to, const struct names *from);
void names_free(struct names *names);

/* Do it to `names` and note it in the log. `from` or `to` may be NULL. */
void names_change(struct names *names, struct folder_log *log, const char *from, const char *to,
                  size_t file);

/* Bring one folder of `durable` to what it is `now`, and forget its part of the log. */
void names_sync(struct names *durable, const struct names *now, struct folder_log *log,
                const char *path);

/* Apply to `durable` what a power cut may leave of the log. */
void names_crash(struct names *durable, const struct folder_log *log, uint64_t *random);
void folder_log_free(struct folder_log *log);

#endif
