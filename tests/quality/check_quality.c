/* The deterministic figures of the library against expected.csv: sizes and contents that must not
 * change by accident. A change is a reviewed difference of that file.
 *
 * check_quality --print writes the file as it would have to be now. */
#define _POSIX_C_SOURCE 200809L /* posix_memalign */
#include <check.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hunch/index.h>

#include "hash.h"
#include "index_forms.h"
#include "index_keys.h"
#include "memdisk.h"
#include "suite.h"

enum { LINE = 128, LINES = 1024, HEADER = 64 };

/* Rows of index_forms: cells of 20 keys, blocks by cells and by lines, segments of 64, blocks of
 * 512 by cells, and what AUTO takes. */
static const size_t forms[] = {3, 5, 7, 14, 26, 29};

enum { FORMS = sizeof forms / sizeof forms[0] };

#define TITLE "component,case,parameter,metric,value"

/* One line a figure, as in the file. */
struct figures {
    char line[LINES][LINE];
    size_t n;
};

static void measure_all(struct figures *figures);
static void measure_index(struct figures *figures, const struct index_keys *keys, size_t n,
                          uint32_t node_keys);
static void measure_form(struct figures *figures, const struct index_keys *keys, size_t n,
                         const struct index_form *form);
static uint64_t tree_bytes(const hunch_index *index);
static void add(struct figures *figures, const char *subject, const char *metric, uint64_t value);
static void read_expected(struct figures *figures);
static bool contains(const struct figures *figures, const char *line);
static size_t print_missing(const struct figures *from, const struct figures *in, char sign);

START_TEST(quality__figures_are_as_expected)
{
    static struct figures found;
    static struct figures expected;
    measure_all(&found);
    read_expected(&expected);
    const size_t differences =
        print_missing(&expected, &found, '-') + print_missing(&found, &expected, '+');
    (void)fflush(stdout);
    ck_assert_msg(differences == 0, "%zu lines of tests/quality/expected.csv differ, see above",
                  differences);
}
END_TEST

/* Of trees the sizes for one family of keys, since they depend on n alone, and contents for every
 * family; of learned forms the sizes for every family. */
static void measure_all(struct figures *figures)
{
    static const size_t sizes[] = {1000, 10000, 1000000};
    for (const struct index_keys *keys = index_keys; keys->name != NULL; keys++) {
        measure_index(figures, keys, 100000, 8);
        measure_index(figures, keys, 100000, 16);
    }
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        measure_index(figures, &index_keys[0], sizes[i], 8);
        measure_index(figures, &index_keys[0], sizes[i], 16);
    }
    for (const struct index_keys *keys = index_keys; keys->name != NULL; keys++) {
        for (size_t i = 0; i < FORMS; i++) {
            measure_form(figures, keys, 100000, &index_forms[forms[i]]);
        }
    }
}

static void measure_index(struct figures *figures, const struct index_keys *keys, size_t n,
                          uint32_t node_keys)
{
    struct memdisk *disk = memdisk_new();
    const hunch_index_options options = {
        .struct_size = sizeof options, .node_keys = node_keys, .io = memdisk_io(disk)};
    hunch_index_stats stats = {.struct_size = sizeof stats};
    hunch_index *index = NULL;
    void *memory = NULL;
    char subject[LINE / 2];
    size_t size = 0;
    /* Aligned, since where the groups of keys begin depends on it. */
    SUITE_ASSERT(posix_memalign(&memory, 128, n * sizeof(uint64_t)) == 0);
    keys->fill(memory, n);
    SUITE_ASSERT(hunch_index_build(&index, memory, n, &options, NULL) == HUNCH_OK);
    SUITE_ASSERT(hunch_index_save(index, "index", NULL) == HUNCH_OK);
    hunch_index_read_stats(index, &stats);
    const unsigned char *file = memdisk_get(disk, "index", &size);
    (void)snprintf(subject, sizeof subject, "index,%s,n=%zu nodes=%u", keys->name, n, node_keys);
    if (keys == index_keys) {
        add(figures, subject, "tree_bytes", tree_bytes(index));
        add(figures, subject, "levels", stats.levels);
        add(figures, subject, "file_bytes", size);
    }
    /* Without the header, which holds the library's version. */
    add(figures, subject, "file_xxh3", hunch__xxh3(file + HEADER, size - HEADER));
    hunch_index_free(index);
    free(memory);
    memdisk_free(disk);
}

static void measure_form(struct figures *figures, const struct index_keys *keys, size_t n,
                         const struct index_form *form)
{
    const hunch_index_options options = index_form_options(form);
    hunch_index_stats stats = {.struct_size = sizeof stats};
    hunch_index *index = NULL;
    void *memory = NULL;
    char subject[LINE / 2 + 32];
    SUITE_ASSERT(posix_memalign(&memory, 128, n * sizeof(uint64_t)) == 0);
    keys->fill(memory, n);
    SUITE_ASSERT(hunch_index_build(&index, memory, n, &options, NULL) == HUNCH_OK);
    hunch_index_read_stats(index, &stats);
    (void)snprintf(subject, sizeof subject, "index,%s,n=%zu %s", keys->name, n, form->name);
    for (char *c = subject; (c = strstr(c, ", ")) != NULL;) {
        c[0] = ';'; /* a comma ends a field */
    }
    if (form->kind == HUNCH_INDEX_AUTO) {
        add(figures, subject, "kind", stats.kind);
    }
    add(figures, subject, "pieces", stats.pieces);
    add(figures, subject, "bytes", stats.router_bytes + stats.model_bytes);
    hunch_index_free(index);
    free(memory);
}

/* What the index needs beside the keys and the object, whose size depends on the compiler. */
static uint64_t tree_bytes(const hunch_index *index)
{
    hunch_index_stats stats = {.struct_size = sizeof stats};
    hunch_index_stats of_none = {.struct_size = sizeof of_none};
    hunch_index *none = NULL;
    SUITE_ASSERT(hunch_index_build(&none, NULL, 0, NULL, NULL) == HUNCH_OK);
    hunch_index_read_stats(none, &of_none);
    hunch_index_read_stats(index, &stats);
    hunch_index_free(none);
    return stats.index_bytes - of_none.index_bytes;
}

static void add(struct figures *figures, const char *subject, const char *metric, uint64_t value)
{
    SUITE_ASSERT(figures->n < LINES);
    char *line = figures->line[figures->n++];
    (void)snprintf(line, LINE, "%s,%s,%" PRIu64, subject, metric, value);
}

static void read_expected(struct figures *figures)
{
    FILE *file = fopen(HUNCH_QUALITY "/expected.csv", "r");
    char title[LINE];
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(title, LINE, file));
    ck_assert_str_eq(title, TITLE "\n");
    while (figures->n < LINES && fgets(figures->line[figures->n], LINE, file) != NULL) {
        char *line = figures->line[figures->n++];
        line[strcspn(line, "\n")] = '\0';
    }
    (void)fclose(file);
}

static bool contains(const struct figures *figures, const char *line)
{
    for (size_t i = 0; i < figures->n; i++) {
        if (strcmp(figures->line[i], line) == 0) {
            return true;
        }
    }
    return false;
}

/* The lines to be taken out of the file, or to be pasted into it. */
static size_t print_missing(const struct figures *from, const struct figures *in, char sign)
{
    size_t missing = 0;
    for (size_t i = 0; i < from->n; i++) {
        if (!contains(in, from->line[i])) {
            printf("%c%s\n", sign, from->line[i]);
            missing++;
        }
    }
    return missing;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--print") == 0) {
        static struct figures found;
        measure_all(&found);
        printf("%s\n", TITLE);
        for (size_t i = 0; i < found.n; i++) {
            printf("%s\n", found.line[i]);
        }
        return EXIT_SUCCESS;
    }
    Suite *suite = suite_create("quality");
    TCase *cases = tcase_create("quality");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, quality__figures_are_as_expected);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
