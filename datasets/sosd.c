/* Reading key files. */
#define _POSIX_C_SOURCE   200809L
#define _FILE_OFFSET_BITS 64
#include "sosd.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "alloc.h"
#include "bits.h"
#include "diag.h"
#include "input.h"

#define HEADER_BYTES 8u

static bool can_be_mapped(const char *path);
static hunch_status mapped_open(struct sosd *out, const char *path, hunch_diag *diag);
static hunch_status count_check(uint64_t count, size_t key_bytes, uint64_t file_bytes,
                                hunch_diag *diag);
static hunch_status header_read(struct input *in, size_t key_bytes, uint64_t *count, bool *believed,
                                hunch_diag *diag);
static hunch_status keys_read(struct sosd *out, struct input *in, size_t key_bytes, size_t limit,
                              hunch_diag *diag);
static hunch_status chunk_read(struct key_list *list, struct input *in, size_t key_bytes,
                               size_t want, hunch_diag *diag);
static void widen(uint64_t *keys, size_t n);

hunch_status hunch__sosd_open(struct sosd *out, const char *path, const hunch_allocator *allocator,
                              hunch_diag *diag)
{
    if (!can_be_mapped(path)) {
        return hunch__sosd_read(out, path, 0, allocator, diag);
    }
    *out = (struct sosd){.list.allocator = hunch__allocator_or_default(allocator)};
    if (!hunch__little_endian()) {
        return hunch__fail(diag, HUNCH_EUNSUPPORTED, 0, "the file is little-endian, this host not");
    }
    hunch_status status = mapped_open(out, path, diag);
    if (status != HUNCH_OK) {
        hunch__sosd_close(out);
    }
    return status;
}

hunch_status hunch__sosd_read(struct sosd *out, const char *path, size_t limit,
                              const hunch_allocator *allocator, hunch_diag *diag)
{
    struct input in;
    *out = (struct sosd){.list.allocator = hunch__allocator_or_default(allocator)};
    if (!hunch__little_endian()) {
        return hunch__fail(diag, HUNCH_EUNSUPPORTED, 0, "the file is little-endian, this host not");
    }
    hunch_status status = hunch__input_open(&in, path, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    status = keys_read(out, &in, hunch__sosd_key_bytes(path), limit, diag);
    hunch__input_close(&in);
    if (status != HUNCH_OK) {
        hunch__sosd_close(out);
    }
    return status;
}

void hunch__sosd_close(struct sosd *file)
{
    hunch__mapping_close(&file->mapping, NULL);
    hunch__key_list_free(&file->list);
    file->mapping = (struct hunch__mapping){NULL, 0};
    file->keys = NULL;
    file->n = 0;
}

size_t hunch__sosd_unsorted(const uint64_t *keys, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (keys[i] < keys[i - 1]) {
            return i;
        }
    }
    return n;
}

hunch_status hunch__sosd_check_order(const uint64_t *keys, size_t n, hunch_diag *diag)
{
    size_t i = hunch__sosd_unsorted(keys, n);
    if (i == n) {
        return HUNCH_OK;
    }
    return hunch__fail(diag, HUNCH_ECORRUPT, HEADER_BYTES + i * sizeof *keys,
                       "key %zu is %" PRIu64 ", after %" PRIu64 ": ascending keys expected", i,
                       keys[i], keys[i - 1]);
}

size_t hunch__sosd_key_bytes(const char *path)
{
    size_t n = strlen(path) - strlen(hunch__input_suffix(path));
    bool narrow = (n >= 7 && memcmp(path + n - 7, "_uint32", 7) == 0) ||
                  (n >= 4 && memcmp(path + n - 4, ".u32", 4) == 0);
    return narrow ? sizeof(uint32_t) : sizeof(uint64_t);
}

/* A file that is not there is said to be mappable: the attempt says best why not. Of a folder it is
 * the reading that says it. */
static bool can_be_mapped(const char *path)
{
    struct stat facts;
    return strcmp(path, "-") != 0 && *hunch__input_suffix(path) == '\0' &&
           hunch__sosd_key_bytes(path) == sizeof(uint64_t) &&
           (stat(path, &facts) != 0 || !(S_ISFIFO(facts.st_mode) || S_ISDIR(facts.st_mode)));
}

static hunch_status mapped_open(struct sosd *out, const char *path, hunch_diag *diag)
{
    uint64_t count;
    hunch_status status = hunch__mapping_open(&out->mapping, path, NULL, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    if (out->mapping.size < HEADER_BYTES) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0,
                           "%" PRIu64 " bytes: a count of 8 bytes expected at the front",
                           out->mapping.size);
    }
    memcpy(&count, out->mapping.bytes, sizeof count);
    status = count_check(count, sizeof(uint64_t), out->mapping.size, diag);
    if (status == HUNCH_OK) {
        out->keys = (const uint64_t *)out->mapping.bytes + 1;
        out->n = (size_t)count;
    }
    return status;
}

/* The count comes from outside: nothing is allocated or mapped by it before this was asked. */
static hunch_status count_check(uint64_t count, size_t key_bytes, uint64_t file_bytes,
                                hunch_diag *diag)
{
    uint64_t room = (file_bytes - HEADER_BYTES) / key_bytes;
    if (count != room || (file_bytes - HEADER_BYTES) % key_bytes != 0) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0,
                           "the count is %" PRIu64 ", but %" PRIu64
                           " bytes of %zu-byte keys follow",
                           count, file_bytes - HEADER_BYTES, key_bytes);
    }
    return HUNCH_OK;
}

/* *believed: the input's size was known and agrees. */
static hunch_status header_read(struct input *in, size_t key_bytes, uint64_t *count, bool *believed,
                                hunch_diag *diag)
{
    size_t got;
    uint64_t bytes;
    hunch_status status = hunch__input_read(in, count, HEADER_BYTES, &got, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    if (got < HEADER_BYTES) {
        return hunch__fail(diag, HUNCH_ECORRUPT, 0,
                           "%zu bytes: a count of 8 bytes expected at the front", got);
    }
    *believed = hunch__input_size(in, &bytes);
    return *believed ? count_check(*count, key_bytes, bytes, diag) : HUNCH_OK;
}

/* Memory grows with the keys that came, so that a count that lies takes no more than it gives. */
static hunch_status keys_read(struct sosd *out, struct input *in, size_t key_bytes, size_t limit,
                              hunch_diag *diag)
{
    uint64_t count;
    bool believed;
    hunch_status status = header_read(in, key_bytes, &count, &believed, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    size_t want = count < SIZE_MAX ? (size_t)count : SIZE_MAX;
    bool whole = limit == 0 || limit >= want;
    want = whole ? want : limit;
    status = hunch__key_list_reserve(&out->list, believed ? want + (want == 0) : 1, diag);
    while (status == HUNCH_OK && out->list.n < want) {
        status = chunk_read(&out->list, in, key_bytes, want, diag);
    }
    if (status == HUNCH_OK && whole) {
        char excess;
        size_t got;
        status = hunch__input_read(in, &excess, 1, &got, diag);
        if (status == HUNCH_OK && got > 0) {
            status = hunch__fail(diag, HUNCH_ECORRUPT, in->at - 1,
                                 "bytes after the %" PRIu64 " keys that it counts", count);
        }
    }
    out->keys = out->list.keys;
    out->n = out->list.n;
    return status;
}

/* As many keys as there is room for, or twice the room. */
static hunch_status chunk_read(struct key_list *list, struct input *in, size_t key_bytes,
                               size_t want, hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    if (list->n == list->capacity) {
        status = hunch__key_list_reserve(list, list->n + 1, diag);
    }
    if (status != HUNCH_OK) {
        return status;
    }
    size_t got;
    size_t n = want < list->capacity ? want - list->n : list->capacity - list->n;
    status = hunch__input_read(in, list->keys + list->n, n * key_bytes, &got, diag);
    if (status == HUNCH_OK && got < n * key_bytes) {
        status = hunch__fail(diag, HUNCH_ECORRUPT, in->at, "ends after %zu of %zu keys",
                             list->n + got / key_bytes, want);
    }
    if (status == HUNCH_OK) {
        if (key_bytes == sizeof(uint32_t)) {
            widen(list->keys + list->n, n);
        }
        list->n += n;
    }
    return status;
}

/* n u32 at the front of keys[n] become n u64, in place: from the back, where nothing is overrun. */
static void widen(uint64_t *keys, size_t n)
{
    const unsigned char *from = (const unsigned char *)keys;
    for (size_t i = n; i-- > 0;) {
        uint32_t narrow;
        memcpy(&narrow, from + i * sizeof narrow, sizeof narrow);
        keys[i] = narrow;
    }
}
