/* The container that the tests of lib/format look at, and ways to come at its bytes. */
#ifndef HUNCH_TESTS_FORMAT_SAMPLE_H
#define HUNCH_TESTS_FORMAT_SAMPLE_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"

#define SAMPLE_KIND HUNCH__KIND('T', 'S', 'T', ' ')

/* For loops that run a million times: Check makes a system call for each assert that holds. */
#define SAMPLE_CHECK(condition)                                                                    \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            ck_abort_msg("%s", #condition);                                                        \
        }                                                                                          \
    } while (0)

/* Every element type, zeros in front, an empty section, one longer than a line: see README.md of
 * golden/. */
enum { SAMPLE_PARTS = 5, SAMPLE_BYTES = 576 };
extern const struct hunch__part sample_parts[SAMPLE_PARTS];

/* Bytes that end where their memory ends, so that a sanitizer sees one read too many. */
struct sample_bytes {
    unsigned char *p; /* 64-aligned, owned */
    size_t size;
};

/* A copy of p[size], or `size` zero bytes when p is NULL. */
struct sample_bytes sample_copy(const void *p, size_t size);
void sample_free(struct sample_bytes bytes);

/* The sample as the writer writes it. */
struct sample_bytes sample_written(void);

/* A file into memory, and back. The path must be good: they fail the test. */
struct sample_bytes sample_read_file(const char *path);
void sample_write_file(const char *path, struct sample_bytes bytes);

/* Make the checksums right again after an edit: of header and table, and of the sections too when
 * `contents`. What lies outside the file stays as it is. */
void sample_repair(struct sample_bytes bytes, bool contents);

/* Ask for each section by each type and read every byte of every answer; fails the test when an
 * answer is outside the bytes. Returns how many bytes were read. */
uint64_t sample_touch(const struct hunch__container *container);

/* A new empty folder, and its end. Static, one at a time. */
const char *sample_folder(void);
void sample_folder_remove(const char *folder);

/* folder/name. Static, the last four stay good. */
const char *sample_path(const char *folder, const char *name);

/* Files in the folder. */
size_t sample_folder_count(const char *folder);

#endif
