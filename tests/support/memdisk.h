/* A disk in memory that can lose its power.
 *
 * What a program wrote and did not sync is not on the medium yet: it may get there whole, in part,
 * torn or not at all, in any order. Files are written in sectors of 512 bytes; names (creation,
 * rename, removal) are durable only after sync_folder(). The power can go before any call:
 *
 *     for (uint64_t k = 1;; k++) {
 *         struct memdisk *disk = memdisk_new();
 *         memdisk_put(disk, "dir/x", old, old_bytes);     // durable
 *         memdisk_power_off_at(disk, k);
 *         status = hunch_index_save(index, "dir/x", &diag);  // with .io = memdisk_io(disk)
 *         for (uint64_t seed = 0; seed < 50; seed++) {
 *             struct memdisk *after = memdisk_crash(disk, seed);
 *             ... open "dir/x" with memdisk_io(after): the old one or the new one
 *             memdisk_free(after);
 *         }
 *         bool done = !memdisk_is_off(disk);
 *         memdisk_free(disk);
 *         if (done) break;
 *     }
 *
 * One thread at a time. Paths are compared as they are given; a folder is what is before the last
 * slash, and every folder is there. */
#ifndef HUNCH_TESTS_MEMDISK_H
#define HUNCH_TESTS_MEMDISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hunch/io.h>

#define MEMDISK_SECTOR 512u

struct memdisk;

/* An empty disk; never NULL. Free releases it with all that is still open or mapped. */
struct memdisk *memdisk_new(void);
void memdisk_free(struct memdisk *disk);

/* The disk as a table, for the disk's life. A mapping is a copy: later writes do not show. */
const hunch_io *memdisk_io(struct memdisk *disk);

/* The power goes before the k-th call from now, counted from 1: it and all later ones fail with
 * EIO and do nothing, but for close and unmap, which release. 0 = never. */
void memdisk_power_off_at(struct memdisk *disk, uint64_t k);
bool memdisk_is_off(const struct memdisk *disk);

/* A new disk as it may be found when the power comes back. Half of the seeds keep the order of
 * unsynced operations on names, as journalling file systems do; the others lose any of them. What
 * a file grew by without sync holds what was written, zeros or anything.
 *
 * The seed decides everything; the first two are the extremes. */
enum { MEMDISK_LOSE_ALL = 0, MEMDISK_LOSE_NOTHING = 1 };
struct memdisk *memdisk_crash(const struct memdisk *disk, uint64_t seed);

/* Make `path` a durable file of bytes[n]. */
void memdisk_put(struct memdisk *disk, const char *path, const void *bytes, size_t n);

/* Contents of `path` now, and *n; NULL when there is no such file. Good until the next call. */
const unsigned char *memdisk_get(const struct memdisk *disk, const char *path, size_t *n);

/* Files that have a name, and what is open and mapped. */
size_t memdisk_files(const struct memdisk *disk);
size_t memdisk_open_files(const struct memdisk *disk);
size_t memdisk_live_mappings(const struct memdisk *disk);

#endif
