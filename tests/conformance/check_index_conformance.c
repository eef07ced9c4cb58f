/* hunch_index through the conformance suite: every option, built and opened.
 *
 * CMakeLists.txt runs it once for each instruction set, forced by HUNCH_ISA. Where the processor
 * lacks that one the answer is 77, skipped: never a pass. */
#define _POSIX_C_SOURCE 200809L /* getpid */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hunch/index.h>

#include "index.h"
#include "test_memory.h"

#define SKIPPED 77

_Static_assert(sizeof(size_t) == sizeof(uint64_t), "positions are handed on as answers");

enum origin { BUILT, OPENED_FILE, OPENED_BYTES };

/* How a subject is made. */
struct recipe {
    const char *name;
    enum origin origin;
    uint32_t node_keys;
    uint32_t batch_width;
};

static const struct recipe recipes[] = {
    {"hunch", BUILT, 0, 0},
    {"hunch of 8-key nodes", BUILT, 8, 0},
    {"hunch of 16-key nodes", BUILT, 16, 0},
    {"hunch 16 wide", BUILT, 16, 16},
    {"hunch 17 wide", BUILT, 8, 17},
    {"hunch 32 wide", BUILT, 16, 32},
    {"hunch 127 wide", BUILT, 16, 127},
    {"hunch 128 wide", BUILT, 8, 128},
    {"hunch of 8-key nodes, opened", OPENED_FILE, 8, 0},
    {"hunch of 16-key nodes, opened", OPENED_FILE, 16, 0},
    {"hunch over bytes", OPENED_BYTES, 0, 0},
};

struct subject {
    hunch_index *index;
    void *bytes; /* of the file that index was opened over; or NULL */
};

static hunch_status subject_build(void **out, const void *with, const uint64_t *keys, size_t n,
                                  hunch_diag *diag);
static hunch_status reopen(struct subject *subject, enum origin origin, hunch_diag *diag);
static void *read_file(const char *path, size_t *n);
static uint64_t subject_ask(const void *self, uint64_t key);
static void subject_ask_batch(const void *self, const uint64_t *keys, size_t n, uint64_t *answers);
static hunch_status subject_validate(const void *self, hunch_diag *diag);
static void subject_free(void *self);
static const hunch_io *io_without_sync(void);

int main(void)
{
    enum { COUNT = sizeof recipes / sizeof recipes[0] };
    struct index_subject subjects[COUNT + 1];
    const char *forced = getenv("HUNCH_ISA");
    if (forced != NULL && strcmp(forced, hunch_isa()) != 0) {
        printf("skipped: this machine has no %s\n", forced);
        return SKIPPED;
    }
    for (size_t i = 0; i < COUNT; i++) {
        subjects[i] = (struct index_subject){
            .name = recipes[i].name,
            .with = &recipes[i],
            .build = subject_build,
            .ask = subject_ask,
            .ask_batch = subject_ask_batch,
            .validate = subject_validate,
            .free = subject_free,
        };
    }
    subjects[COUNT] = index_subject_binary_search;
    return index_conformance_run(subjects, COUNT + 1);
}

static hunch_status subject_build(void **out, const void *with, const uint64_t *keys, size_t n,
                                  hunch_diag *diag)
{
    const struct recipe *recipe = with;
    const hunch_index_options options = {
        .struct_size = sizeof options,
        .node_keys = recipe->node_keys,
        .batch_width = recipe->batch_width,
        .io = io_without_sync(),
    };
    struct subject *subject = memory_new(sizeof *subject);
    *subject = (struct subject){0};
    *out = subject;
    hunch_status status = hunch_index_build(&subject->index, keys, n, &options, diag);
    if (status == HUNCH_OK && recipe->origin != BUILT) {
        status = reopen(subject, recipe->origin, diag);
    }
    return status;
}

/* Replace the index that was built by the one that its file gives. */
static hunch_status reopen(struct subject *subject, enum origin origin, hunch_diag *diag)
{
    const hunch_index_options options = {.struct_size = sizeof options, .io = io_without_sync()};
    size_t n = 0;
    char path[64];
    (void)snprintf(path, sizeof path, "index_conformance-%ld.hunch", (long)getpid());
    hunch_status status = hunch_index_save(subject->index, path, diag);
    hunch_index_free(subject->index);
    subject->index = NULL;
    if (status != HUNCH_OK) {
        return status;
    }
    if (origin == OPENED_FILE) {
        status = hunch_index_open(&subject->index, path, &options, diag);
    } else {
        subject->bytes = read_file(path, &n);
        status = hunch_index_open_bytes(&subject->index, subject->bytes, n, &options, diag);
    }
    (void)remove(path);
    return status;
}

static void *read_file(const char *path, size_t *n)
{
    void *bytes = NULL;
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    *n = (size_t)ftell(file);
    rewind(file);
    ck_assert_int_eq(posix_memalign(&bytes, 64, *n), 0);
    ck_assert_uint_eq(fread(bytes, 1, *n, file), *n);
    (void)fclose(file);
    return bytes;
}

static uint64_t subject_ask(const void *self, uint64_t key)
{
    return hunch_index_lower_bound(((const struct subject *)self)->index, key);
}

static void subject_ask_batch(const void *self, const uint64_t *keys, size_t n, uint64_t *answers)
{
    hunch_index_lower_bound_batch(((const struct subject *)self)->index, keys, n,
                                  (size_t *)answers);
}

static hunch_status subject_validate(const void *self, hunch_diag *diag)
{
    return hunch_index_validate(((const struct subject *)self)->index, diag);
}

static void subject_free(void *self)
{
    struct subject *subject = self;
    if (subject != NULL) {
        hunch_index_free(subject->index);
        free(subject->bytes);
        free(subject);
    }
}

static int no_sync(void *ctx, void *file)
{
    (void)ctx;
    (void)file;
    return 0;
}

static int no_sync_folder(void *ctx, const char *path)
{
    (void)ctx;
    (void)path;
    return 0;
}

/* POSIX files without waiting for the medium: thousands are written here, and none must last. */
static const hunch_io *io_without_sync(void)
{
    static hunch_io io;
    if (io.struct_size == 0) {
        io = *hunch_io_posix();
        io.sync = no_sync;
        io.sync_folder = no_sync_folder;
    }
    return &io;
}
