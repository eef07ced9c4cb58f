/* hunch_index through the conformance suite: every form, however it came to be, and every width.
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
#include "index_answers.h"
#include "index_forms.h"
#include "test_memory.h"

#define SKIPPED 77

_Static_assert(sizeof(size_t) == sizeof(uint64_t), "positions are handed on as answers");
_Static_assert(sizeof(struct index_wrong) == INDEX_WHY, "a text is handed on");

enum origin { BUILT, OPENED_FILE, OPENED_VERIFIED, OPENED_BYTES, WRITTEN, ORIGINS };

static const char *const origin_names[ORIGINS] = {"built", "opened", "opened and verified",
                                                  "over bytes", "written"};

/* Beside the default. These and the origins come with one form of each kind and router. */
static const uint32_t widths[] = {16, 17, 127};

enum {
    WIDTHS = sizeof widths / sizeof widths[0],
    RECIPES = INDEX_FORMS + INDEX_FORMS_FEW * (ORIGINS - 1 + WIDTHS)
};

/* Deep asserts, which check each built index whole, make everything several times as long. */
#if defined(HUNCH_ASSERT_LEVEL) && HUNCH_ASSERT_LEVEL >= 2
#    define EVERYTHING_BRIEF true
#else
#    define EVERYTHING_BRIEF false
#endif

/* How a subject is made. */
struct recipe {
    const struct index_form *form;
    enum origin origin;
    uint32_t batch_width;
    char name[96];
};

struct subject {
    hunch_index *index;
    void *bytes; /* of the file that index was opened over; or NULL */
    bool built;
};

static struct recipe recipe_of(size_t i);
static struct index_subject subject_of(const struct recipe *recipe);
static bool is_one_of_few(const struct index_form *form);
static hunch_status subject_build(void **out, const void *with, const uint64_t *keys, size_t n,
                                  hunch_diag *diag);
static hunch_index_options options_of(const struct recipe *recipe);
static hunch_status reopen(struct subject *subject, const struct recipe *recipe, hunch_diag *diag);
static hunch_status write_and_open(struct subject *subject, const struct recipe *recipe,
                                   const uint64_t *keys, size_t n, hunch_diag *diag);
static const char *file_path(void);
static void *read_file(const char *path, size_t *n);
static uint64_t subject_ask(const void *self, uint64_t key);
static void subject_ask_batch(const void *self, const uint64_t *keys, size_t n, uint64_t *answers);
static bool subject_ask_more(const void *self, const uint64_t *keys, size_t n,
                             const uint64_t *queries, size_t m, char why[INDEX_WHY]);
static uint64_t *subject_borders(const void *self, size_t *m);
static hunch_status subject_validate(const void *self, hunch_diag *diag);
static void subject_free(void *self);
static const hunch_io *io_without_sync(void);

int main(void)
{
    static struct recipe recipes[RECIPES];
    static struct index_subject subjects[RECIPES + 1];
    const char *forced = getenv("HUNCH_ISA");
    if (forced != NULL && strcmp(forced, hunch_isa()) != 0) {
        printf("skipped: this machine has no %s\n", forced);
        return SKIPPED;
    }
    size_t count = 0;
    for (size_t i = 0; i < RECIPES; i++) {
        recipes[i] = recipe_of(i);
        if (forced == NULL || recipes[i].origin == BUILT) { /* files know no instruction set */
            subjects[count++] = subject_of(&recipes[i]);
        }
    }
    subjects[count++] = index_subject_binary_search;
    return index_conformance_run(subjects, count);
}

static struct recipe recipe_of(size_t i)
{
    struct recipe recipe = {.form = &index_forms[i % INDEX_FORMS]};
    if (i >= INDEX_FORMS) {
        i -= INDEX_FORMS;
        recipe.form = index_forms_few[i % INDEX_FORMS_FEW];
        const size_t turn = i / INDEX_FORMS_FEW + 1;
        recipe.origin = turn < ORIGINS ? (enum origin)turn : BUILT;
        recipe.batch_width = turn < ORIGINS ? 0 : widths[turn - ORIGINS];
    }
    (void)snprintf(recipe.name, sizeof recipe.name, "%s, %s, %u wide", recipe.form->name,
                   origin_names[recipe.origin], recipe.batch_width);
    return recipe;
}

static struct index_subject subject_of(const struct recipe *recipe)
{
    return (struct index_subject){
        .name = recipe->name,
        .with = recipe,
        .brief = EVERYTHING_BRIEF || getenv("HUNCH_ISA") != NULL || recipe->origin != BUILT ||
                 recipe->batch_width != 0 || !is_one_of_few(recipe->form),
        .build = subject_build,
        .ask = subject_ask,
        .ask_batch = subject_ask_batch,
        .ask_more = subject_ask_more,
        .borders = subject_borders,
        .validate = subject_validate,
        .free = subject_free,
    };
}

static bool is_one_of_few(const struct index_form *form)
{
    bool found = false;
    for (size_t i = 0; i < INDEX_FORMS_FEW; i++) {
        found = found || index_forms_few[i] == form;
    }
    return found;
}

static hunch_status subject_build(void **out, const void *with, const uint64_t *keys, size_t n,
                                  hunch_diag *diag)
{
    const struct recipe *recipe = with;
    const hunch_index_options options = options_of(recipe);
    struct subject *subject = memory_new(sizeof *subject);
    *subject = (struct subject){.built = recipe->origin == BUILT};
    *out = subject;
    if (recipe->origin == WRITTEN) {
        return write_and_open(subject, recipe, keys, n, diag);
    }
    hunch_status status = hunch_index_build(&subject->index, keys, n, &options, diag);
    if (status == HUNCH_OK && recipe->origin != BUILT) {
        status = hunch_index_save(subject->index, file_path(), diag);
        hunch_index_free(subject->index);
        subject->index = NULL;
        status = status == HUNCH_OK ? reopen(subject, recipe, diag) : status;
    }
    return status;
}

static hunch_index_options options_of(const struct recipe *recipe)
{
    hunch_index_options options = index_form_options(recipe->form);
    options.batch_width = recipe->batch_width;
    options.io = io_without_sync();
    return options;
}

/* The index of the file that was made last. */
static hunch_status reopen(struct subject *subject, const struct recipe *recipe, hunch_diag *diag)
{
    const hunch_index_options options = {.struct_size = sizeof options,
                                         .batch_width = recipe->batch_width,
                                         .io = io_without_sync(),
                                         .verify = recipe->origin == OPENED_VERIFIED};
    hunch_status status = HUNCH_OK;
    size_t n = 0;
    if (recipe->origin != OPENED_BYTES) {
        status = hunch_index_open(&subject->index, file_path(), &options, diag);
    } else {
        subject->bytes = read_file(file_path(), &n);
        status = hunch_index_open_bytes(&subject->index, subject->bytes, n, &options, diag);
    }
    (void)remove(file_path());
    return status;
}

/* The same file from keys that come in three parts. */
static hunch_status write_and_open(struct subject *subject, const struct recipe *recipe,
                                   const uint64_t *keys, size_t n, hunch_diag *diag)
{
    const hunch_index_options options = options_of(recipe);
    hunch_index_writer *writer = NULL;
    const size_t ends[] = {0, n / 3, n / 2, n};
    hunch_status status = hunch_index_writer_new(&writer, file_path(), &options, diag);
    for (size_t i = 0; status == HUNCH_OK && i < 3; i++) {
        status = hunch_index_writer_add(writer, keys + ends[i], ends[i + 1] - ends[i], diag);
    }
    status = status == HUNCH_OK ? hunch_index_writer_finish(writer, diag) : status;
    hunch_index_writer_free(writer);
    return status == HUNCH_OK ? reopen(subject, recipe, diag) : status;
}

static const char *file_path(void)
{
    static char path[64];
    (void)snprintf(path, sizeof path, "index_conformance-%ld.hunch", (long)getpid());
    return path;
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

static bool subject_ask_more(const void *self, const uint64_t *keys, size_t n,
                             const uint64_t *queries, size_t m, char why[INDEX_WHY])
{
    const struct subject *subject = self;
    struct index_wrong wrong = {.text = ""};
    const bool right =
        index_answers_agree(subject->index, keys, n, queries, m, &wrong) &&
        (!subject->built || index_windows_hold(subject->index, queries, m, &wrong)) &&
        index_pieces_ascend(subject->index, &wrong);
    memcpy(why, wrong.text, sizeof wrong.text);
    return right;
}

/* 300 of each sort. */
static uint64_t *subject_borders(const void *self, size_t *m)
{
    return index_border_queries(((const struct subject *)self)->index, 300, m);
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
