/* Every instruction set answers as the scalar one does, over millions of look-ups.
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
#include "random.h"
#include "suite.h"

enum { KEYS = 1000000, BATCH = 1000, LINE = 64 };

static uint64_t lookups(void);
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

/* "avx2 9f3c0123456789ab": the set in use, and a hash of `count` answers: of both node sizes in
 * turn, two batches each, of which one is asked one by one. */
static int print_answers(uint64_t count)
{
    static uint64_t keys[KEYS];
    hunch_index *indexes[2] = {NULL, NULL};
    uint64_t state = 1;
    uint64_t hash = 0;
    for (size_t i = 1; i < KEYS; i++) {
        keys[i] = keys[i - 1] + hunch__splitmix64(&state) % (UINT64_MAX / KEYS);
    }
    for (uint32_t i = 0; i < 2; i++) {
        const hunch_index_options options = {.struct_size = sizeof options, .node_keys = 8 + 8 * i};
        if (hunch_index_build(&indexes[i], keys, KEYS, &options, NULL) != HUNCH_OK) {
            return EXIT_FAILURE;
        }
    }
    for (uint64_t done = 0; done < count; done += BATCH) {
        const hunch_index *index = indexes[done / BATCH / 2 % 2];
        uint64_t queries[BATCH];
        size_t positions[BATCH];
        for (size_t i = 0; i < BATCH; i++) {
            queries[i] = hunch__splitmix64(&state) / 2; /* the keys end near the middle */
        }
        if (done / BATCH % 2 == 0) {
            hunch_index_lower_bound_batch(index, queries, BATCH, positions);
        }
        for (size_t i = 0; done / BATCH % 2 != 0 && i < BATCH; i++) {
            positions[i] = hunch_index_lower_bound(index, queries[i]);
        }
        hash = hunch__mix64(hash ^ hunch__xxh3(positions, sizeof positions));
    }
    printf("%s %016" PRIx64 "\n", hunch_isa(), hash);
    hunch_index_free(indexes[0]);
    hunch_index_free(indexes[1]);
    return EXIT_SUCCESS;
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
