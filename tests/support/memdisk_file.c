/* The contents of the files of a disk in memory. */
#include <stdlib.h>
#include <string.h>

#include "bits.h"
#include "memdisk_parts.h"
#include "random.h"
#include "test_memory.h"

static struct file_change *add_change(struct file *file);
static void note_sector(struct file *file, size_t at);
static size_t largest_size(const struct file *file);
static void fill_never_written(struct content *content, uint64_t *random);
static size_t *shuffled(size_t n, uint64_t *random);
static void apply_sector(struct content *content, const struct file_change *change,
                         uint64_t random);

void content_resize(struct content *content, size_t size)
{
    if (size < content->size) {
        memset(content->bytes + size, 0, content->size - size);
    }
    if (size > content->room) {
        const size_t room = (size_t)hunch__align_up(size + size / 2, MEMDISK_SECTOR);
        content->bytes = memory_resize(content->bytes, room);
        memset(content->bytes + content->room, 0, room - content->room);
        content->room = room;
    }
    content->size = size;
}

void content_copy(struct content *to, const struct content *from)
{
    content_resize(to, 0);
    content_resize(to, from->size);
    if (from->size > 0) {
        memcpy(to->bytes, from->bytes, from->size);
    }
}

struct file *file_new(void)
{
    struct file *file = memory_new(sizeof *file);
    memset(file, 0, sizeof *file);
    return file;
}

void file_free(struct file *file)
{
    free(file->now.bytes);
    free(file->durable.bytes);
    free(file->log);
    free(file);
}

void file_write(struct file *file, const void *bytes, size_t n, size_t offset)
{
    if (n == 0) {
        return;
    }
    if (offset + n > file->now.size) {
        file_set_size(file, offset + n);
    }
    memcpy(file->now.bytes + offset, bytes, n);
    for (size_t at = offset & ~((size_t)MEMDISK_SECTOR - 1); at < offset + n;
         at += MEMDISK_SECTOR) {
        note_sector(file, at);
    }
}

void file_set_size(struct file *file, size_t size)
{
    struct file_change *change = add_change(file);
    content_resize(&file->now, size);
    change->is_size = true;
    change->at = size;
}

void file_sync(struct file *file)
{
    content_copy(&file->durable, &file->now);
    file->changes = 0;
}

struct file *file_crash(const struct file *file, uint64_t *random)
{
    struct file *after = file_new();
    struct content *found = &after->durable;
    size_t size = file->durable.size;
    size_t *order = shuffled(file->changes, random);
    const uint64_t kept = hunch__below(hunch__splitmix64(random), 9); /* of 8 changes */

    content_copy(found, &file->durable);
    content_resize(found, largest_size(file));
    if (file->durable.size < found->size) {
        struct content grown = {found->bytes + file->durable.size, found->size - file->durable.size,
                                0};
        fill_never_written(&grown, random);
    }
    for (size_t i = 0; i < file->changes; i++) {
        const struct file_change *change = &file->log[order[i]];
        if (hunch__below(hunch__splitmix64(random), 8) >= kept) {
            continue;
        }
        if (change->is_size) {
            size = change->at;
        } else {
            apply_sector(found, change, hunch__splitmix64(random));
        }
    }
    content_resize(found, size);
    content_copy(&after->now, found);
    free(order);
    return after;
}

static struct file_change *add_change(struct file *file)
{
    if (file->changes == file->room) {
        file->room = 2 * file->room + 16;
        file->log = memory_resize(file->log, file->room * sizeof *file->log);
    }
    struct file_change *change = &file->log[file->changes++];
    memset(change, 0, sizeof *change);
    return change;
}

static void note_sector(struct file *file, size_t at)
{
    struct file_change *change = add_change(file);
    const size_t left = file->now.size - at;
    change->at = at;
    memcpy(change->sector, file->now.bytes + at, left < MEMDISK_SECTOR ? left : MEMDISK_SECTOR);
}

/* Up to the end of the last sector, so that every change of the log is inside. */
static size_t largest_size(const struct file *file)
{
    size_t size = file->durable.size;
    for (size_t i = 0; i < file->changes; i++) {
        const size_t end = file->log[i].at + (file->log[i].is_size ? 0 : MEMDISK_SECTOR);
        size = end > size ? end : size;
    }
    return size;
}

/* A file system may give a file its length before its contents: then there is whatever the medium
 * held, or zeros. */
static void fill_never_written(struct content *content, uint64_t *random)
{
    const bool zeros = hunch__splitmix64(random) % 2 == 0;
    for (size_t i = 0; i < content->size; i++) {
        content->bytes[i] = zeros ? 0 : (unsigned char)(hunch__splitmix64(random) >> 56);
    }
}

static size_t *shuffled(size_t n, uint64_t *random)
{
    size_t *order = memory_new(n * sizeof *order);
    for (size_t i = 0; i < n; i++) {
        const size_t j = (size_t)hunch__below(hunch__splitmix64(random), i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    return order;
}

/* One sector in eight is torn: half of it is new. */
static void apply_sector(struct content *content, const struct file_change *change, uint64_t random)
{
    const size_t half = MEMDISK_SECTOR / 2;
    const size_t from = random % 16 == 0 ? half : 0;
    const size_t end = random % 16 == 1 ? half : MEMDISK_SECTOR;
    memcpy(content->bytes + change->at + from, change->sector + from, end - from);
}
