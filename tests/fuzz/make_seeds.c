/* Writes the inputs that fuzzing starts from: hunch_fuzz_seeds FOLDER, see README.md. */
#define _POSIX_C_SOURCE 200809L /* mkdir */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <hunch/choice.h>
#include <hunch/index.h>

#include "format.h"
#include "index_forms.h"
#include "memdisk.h"
#include "random.h"

enum { KEYS_MAX = 150 };

static void write_index(const char *folder, size_t n, const struct index_form *form);
static void write_table(const char *folder);
static void write_questions(const char *folder, unsigned flags, size_t n);
static void write_choosers(const char *folder);
static void write_chooser(const char *folder, const char *name, const hunch_chooser_options *given);
static void write_seeds(const char *folder, const char *name, struct memdisk *disk);
static void write_seed(const char *folder, const char *target, const char *name, unsigned first,
                       const unsigned char *bytes, size_t n);
static void must(int holds, const char *what);

int main(int argc, char **argv)
{
    static const size_t sizes[] = {0, 1, 9, 17, 60, KEYS_MAX};
    must(argc == 2, "one argument, the folder to write to");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        write_index(argv[1], sizes[i], &index_forms[0]);
        write_index(argv[1], sizes[i], &index_forms[1]);
        for (unsigned flags = 0; flags < 8; flags++) {
            write_questions(argv[1], flags, sizes[i]);
        }
    }
    for (unsigned form = 2; form < INDEX_FORMS_EXACT; form++) {
        write_index(argv[1], 64, &index_forms[form]);
        write_index(argv[1], 130, &index_forms[form]);
        for (unsigned flags = 0; flags < 4; flags++) {
            write_questions(argv[1], form << 3 | flags, 64);
            write_questions(argv[1], form << 3 | flags, KEYS_MAX);
        }
    }
    write_table(argv[1]);
    write_choosers(argv[1]);
    return EXIT_SUCCESS;
}

/* A saved index. */
static void write_index(const char *folder, size_t n, const struct index_form *form)
{
    struct memdisk *disk = memdisk_new();
    hunch_index_options options = index_form_options(form);
    hunch_index *index = NULL;
    _Alignas(128) uint64_t keys[KEYS_MAX + 3];
    char name[64];
    options.io = memdisk_io(disk);
    for (size_t i = 0; i < n; i++) {
        keys[3 + i] = i * i * i;
    }
    must(hunch_index_build(&index, keys + 3, n, &options, NULL) == HUNCH_OK, "build");
    must(hunch_index_save(index, "index", NULL) == HUNCH_OK, "save");
    (void)snprintf(name, sizeof name, "form-%td-keys-%zu", form - index_forms, n);
    write_seeds(folder, name, disk);
    hunch_index_free(index);
    memdisk_free(disk);
}

/* A file with a table, as only indexes over many keys have one: the right sections, of the right
 * lengths, with other contents. learned_index/README.md has the fields. */
static void write_table(const char *folder)
{
    struct memdisk *disk = memdisk_new();
    const uint64_t shape[] = {1, 100, 0, 16, 4, 3}; /* kind, n, lead, nodes, table bits and shift */
    uint64_t keys[100];
    uint64_t inner[8 + 16 + 17 * 8 + 8] = {0}; /* edge, level, packed nodes, table */
    for (size_t i = 0; i < 100; i++) {
        keys[i] = i;
    }
    const struct hunch__part parts[] = {{1, HUNCH__U64, 0, shape, sizeof shape},
                                        {2, HUNCH__U64, 0, keys, sizeof keys},
                                        {3, HUNCH__U64, 0, inner, sizeof inner}};
    must(hunch__container_write("index", HUNCH__KIND_INDEX, parts, 3, memdisk_io(disk), NULL,
                                NULL) == HUNCH_OK,
         "write");
    write_seeds(folder, "table", disk);
    memdisk_free(disk);
}

/* Keys in steps of two bytes and three, and some questions. */
static void write_questions(const char *folder, unsigned flags, size_t n)
{
    unsigned char bytes[4 + 3 * KEYS_MAX + 80] = {7, (unsigned char)n, 0, 3};
    size_t size = 4;
    char name[64];
    for (size_t i = 0; i < n; i++) {
        bytes[size++] = (unsigned char)(1 + i % 2);
        bytes[size++] = (unsigned char)i;
        size += i % 2;
    }
    for (size_t i = 0; i < 80; i++) {
        bytes[size++] = i % 8 < 2 ? (unsigned char)hunch__mix64(i) : 0;
    }
    (void)snprintf(name, sizeof name, "flags-%u-keys-%zu", flags, n);
    write_seed(folder, "index_ops", name, flags, bytes, size);
}

/* A saved chooser of every kind. */
static void write_choosers(const char *folder)
{
    static const float cuts[] = {1.0f, 2.0f};
    static const hunch_feature schema[] = {
        {.name = "n", .missing = 1.0f},
        {.name = "c", .kind = HUNCH_FEATURE_CATEGORICAL, .levels = 3},
    };
    static const hunch_feature cut = {.kind = HUNCH_FEATURE_BUCKETED, .levels = 3, .cuts = cuts};
    static const hunch_metric metrics[] = {{.name = "gain", .weight = 1.0},
                                           {.limit = 1.0, .limit_kind = HUNCH_LIMIT_AT_MOST}};
    const hunch_chooser_options options[] = {
        {.arms = 3, .features = 2},
        {.arms = 2},
        {.arms = 3, .features = 2, .schema = schema},
        {.arms = 2, .features = 1, .schema = &cut},
        {.arms = 2, .features = 1000, .nonzeros = 4},
        {.arms = 3, .candidate_features = 2},
        {.arms = 4, .value_min = 1.0, .value_max = 9.0, .value_scale = HUNCH_SCALE_LOG},
        {.arms = 2, .features = 1, .episode_steps = 3},
        {.arms = 2, .metrics_count = 2, .metrics = metrics},
    };
    const hunch_learner_ops *ops = NULL;
    for (size_t i = 0; (ops = hunch_learner_at(i)) != NULL; i++) {
        for (size_t k = 0; k < sizeof options / sizeof options[0]; k++) {
            hunch_chooser_options given = options[k];
            char name[64];
            given.struct_size = sizeof given;
            given.learner = ops;
            given.pending = 4;
            (void)snprintf(name, sizeof name, "chooser-%zu-%s", k, ops->name);
            write_chooser(folder, name, &given);
        }
    }
}

/* Nothing when the learner does not take the shape, or the file is long. */
static void write_chooser(const char *folder, const char *name, const hunch_chooser_options *given)
{
    enum { LONGEST = 4000 };
    static const float zeros[1000];
    struct memdisk *disk = memdisk_new();
    hunch_chooser_options options = *given;
    hunch_chooser *chooser = NULL;
    size_t size = 0;
    options.io = memdisk_io(disk);
    if (hunch_chooser_new(&chooser, &options, NULL) == HUNCH_OK) {
        for (unsigned i = 0; i < 20; i++) {
            const hunch_question question = {.struct_size = sizeof question,
                                             .x = zeros,
                                             .candidates = zeros,
                                             .candidates_count = options.arms};
            const hunch_ticket ticket = hunch_choose_with(chooser, &question, NULL);
            must(hunch_reward(chooser, ticket, (float)i) == HUNCH_OK, "reward");
        }
        must(hunch_chooser_save(chooser, "chooser", NULL) == HUNCH_OK, "save");
        const unsigned char *bytes = memdisk_get(disk, "chooser", &size);
        for (unsigned flags = 0; flags < 8 && size <= LONGEST; flags += 3) {
            char full[80];
            (void)snprintf(full, sizeof full, "%s-flags-%u", name, flags);
            write_seed(folder, "choice_open", full, flags, bytes, size);
        }
    }
    hunch_chooser_free(chooser);
    memdisk_free(disk);
}

/* The disk's file, for the targets that read files: as it is, repaired, opened by its path,
 * verified. */
static void write_seeds(const char *folder, const char *name, struct memdisk *disk)
{
    size_t size = 0;
    const unsigned char *bytes = memdisk_get(disk, "index", &size);
    for (unsigned flags = 0; flags < 16; flags++) {
        char full[80];
        (void)snprintf(full, sizeof full, "%s-flags-%u", name, flags);
        write_seed(folder, "container", full, flags, bytes, size);
        write_seed(folder, "index_open", full, flags, bytes, size);
    }
}

/* folder/target/name: the byte `first`, then bytes[n]. */
static void write_seed(const char *folder, const char *target, const char *name, unsigned first,
                       const unsigned char *bytes, size_t n)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, target);
    (void)mkdir(path, 0777);
    (void)snprintf(path, sizeof path, "%s/%s/%s", folder, target, name);
    FILE *file = fopen(path, "wb");
    must(file != NULL, path);
    must(fputc((int)first, file) != EOF, path);
    must(fwrite(bytes, 1, n, file) == n, path);
    must(fclose(file) == 0, path);
}

static void must(int holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "hunch_fuzz_seeds: %s: failed\n", what);
        exit(2);
    }
}
