/* Every instruction set makes the files that the scalar one makes, and answers as it does, over
 * millions of look-ups of every form.
 *
 * A process keeps the set that it chose first, so each is asked in a process of its own, this
 * program again: check_index_isa answers COUNT. HUNCH_SOAK=1 asks 10^8 times. */
#define _GNU_SOURCE /* setenv, fork */
#include <check.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <hunch/index.h>

#include "hash.h"
#include "index_forms.h"
#include "memdisk.h"
#include "random.h"
#include "suite.h"

enum { KEYS = 300000, BATCH = 1000, LINE = 64 };

static uint64_t lookups(void);
static uint64_t *made_keys(void);
static bool build_all(hunch_index *indexes[], const uint64_t *keys, uint64_t *hash);
static void ask(const hunch_index *index, uint64_t turn, const uint64_t *queries,
                size_t *positions);
static int print_answers(uint64_t count);
static void hear(const char *isa, uint64_t count, char line[LINE]);

START_TEST(isa__answers_are_those_of_scalar)
{
    static const char *const sets[] = {NULL, "avx2", "avx512", "neon"};
    char expected[LINE];
    hear("scalar", lookups(), expected);
    ck_assert_int_eq(strncmp(expected, "scalar ", 7), 0);
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        char found[LINE];
        hear(sets[i], lookups(), found);
        ck_assert_ptr_nonnull(strchr(found, ' '));
        ck_assert_str_eq(strchr(found, ' '), strchr(expected, ' '));
        printf("%s", found);
    }
    (void)fflush(stdout);
}
END_TEST

/* Different questions have different answers, or the test above could not fail. */
START_TEST(isa__the_hash_depends_on_the_answers)
{
    char some[LINE];
    char more[LINE];
    hear("scalar", BATCH, some);
    hear("scalar", 2 * BATCH, more);
    ck_assert_str_ne(some, more);
}
END_TEST

static uint64_t lookups(void)
{
    return getenv("HUNCH_SOAK") != NULL ? 100000000 : 10000000;
}

/* "avx2 9f3c0123456789ab": the set in use, and a hash of every form's file and of `count` answers
 * of them in turn. */
static int print_answers(uint64_t count)
{
    static hunch_index *indexes[INDEX_FORMS_EXACT];
    uint64_t *keys = made_keys();
    uint64_t state = 1;
    uint64_t hash = 0;
    if (keys == NULL || !build_all(indexes, keys, &hash)) {
        return EXIT_FAILURE;
    }
    for (uint64_t turn = 0; turn < count / BATCH; turn++) {
        uint64_t queries[BATCH];
        size_t positions[BATCH];
        for (size_t i = 0; i < BATCH; i++) {
            const uint64_t any = hunch__splitmix64(&state);
            queries[i] = any % 4 == 0 ? any / 2 : keys[any % KEYS] + any % 3 - 1;
        }
        ask(indexes[turn % INDEX_FORMS_EXACT], turn / INDEX_FORMS_EXACT, queries, positions);
        hash = hunch__mix64(hash ^ hunch__xxh3(positions, sizeof positions));
    }
    printf("%s %016" PRIx64 "\n", hunch_isa(), hash);
    for (size_t i = 0; i < INDEX_FORMS_EXACT; i++) {
        hunch_index_free(indexes[i]);
    }
    free(keys);
    return EXIT_SUCCESS;
}

/* A third each evenly spread, with gaps of every size, and a run in each hundred. On a line of its
 * own, since a file depends on where its keys began. */
static uint64_t *made_keys(void)
{
    void *memory = NULL;
    uint64_t state = 1;
    if (posix_memalign(&memory, 128, KEYS * sizeof(uint64_t)) != 0) {
        return NULL;
    }
    uint64_t *keys = memory;
    keys[0] = 0;
    for (size_t i = 1; i < KEYS; i++) {
        const uint64_t any = hunch__splitmix64(&state);
        uint64_t gap = any % 1000;
        if (i > KEYS / 3) {
            gap = i < KEYS / 3 * 2 ? any % (UINT64_MAX / KEYS) >> any % 40 : i % 100 / 60;
        }
        keys[i] = keys[i - 1] + gap;
    }
    return keys;
}

/* An index of each form, and a hash of their files. */
static bool build_all(hunch_index *indexes[], const uint64_t *keys, uint64_t *hash)
{
    bool good = true;
    for (size_t i = 0; good && i < INDEX_FORMS_EXACT; i++) {
        struct memdisk *disk = memdisk_new();
        hunch_index_options options = index_form_options(&index_forms[i]);
        hunch_index *saved = NULL;
        size_t size = 0;
        options.io = memdisk_io(disk);
        good = hunch_index_build(&saved, keys, KEYS, &options, NULL) == HUNCH_OK &&
               hunch_index_save(saved, "index", NULL) == HUNCH_OK;
        const unsigned char *file = memdisk_get(disk, "index", &size);
        *hash = hunch__mix64(*hash ^ (good ? hunch__xxh3(file, size) : 0));
        hunch_index_free(saved);
        memdisk_free(disk);
        options.io = NULL;
        good = good && hunch_index_build(&indexes[i], keys, KEYS, &options, NULL) == HUNCH_OK;
    }
    return good;
}

/* In turn by each function that an instruction set has a version of. */
static void ask(const hunch_index *index, uint64_t turn, const uint64_t *queries, size_t *positions)
{
    switch (turn % 4) {
    case 0:
        hunch_index_lower_bound_batch(index, queries, BATCH, positions);
        break;
    case 1:
        hunch_index_upper_bound_batch(index, queries, BATCH, positions);
        break;
    case 2:
        hunch_index_find_batch(index, queries, BATCH, positions);
        break;
    default:
        for (size_t i = 0; i < BATCH; i++) {
            positions[i] = hunch_index_lower_bound(index, queries[i]);
        }
    }
}

/* The line that another process of this program prints when `isa` is forced; NULL: nothing is. */
static void hear(const char *isa, uint64_t count, char line[LINE])
{
    int ends[2];
    int status = 0;
    char text[32];
    (void)snprintf(text, sizeof text, "%" PRIu64, count);
    ck_assert_int_eq(pipe(ends), 0);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        const bool ready =
            isa == NULL ? unsetenv("HUNCH_ISA") == 0 : setenv("HUNCH_ISA", isa, 1) == 0;
        if (ready && dup2(ends[1], STDOUT_FILENO) >= 0) {
            (void)execl("/proc/self/exe", "check_index_isa", "answers", text, (char *)NULL);
        }
        _exit(EXIT_FAILURE);
    }
    (void)close(ends[1]);
    FILE *heard = fdopen(ends[0], "r");
    ck_assert_ptr_nonnull(heard);
    ck_assert_ptr_nonnull(fgets(line, LINE, heard));
    (void)fclose(heard);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "answers") == 0) {
        return print_answers(strtoull(argv[2], NULL, 10));
    }
    Suite *suite = suite_create("index_isa");
    TCase *cases = tcase_create("isa");
    tcase_set_timeout(cases, 300);
    tcase_add_test(cases, isa__the_hash_depends_on_the_answers);
    tcase_add_test(cases, isa__answers_are_those_of_scalar);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
