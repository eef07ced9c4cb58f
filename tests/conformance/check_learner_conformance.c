/* Every built-in learner through the conformance suite, and through every instruction set.
 *
 * A process keeps the set that it chose first, so each set answers in a process of its own: this
 * program again, as `check_learner_conformance answers`. HUNCH_SOAK=1 damages states a million
 * times. */
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

#include "learner.h"
#include "suite.h"

enum { SUBJECTS_MAX = 32, LINE = 64 };

/* What the built-in ones claim; one that is not here claims to learn, and no more. */
static const struct {
    const char *name;
    bool learns, order_free, rounds;
    uint32_t exact_dense;
} claims[] = {
    {"fixed", false, true, false, 0},
    {"uniform", false, true, false, 0},
    {"epsilon-greedy", true, true, false, 0},
    {"ucb1", true, true, false, 0},
    {"thompson-beta", true, true, false, 0},
    {"thompson-gauss", true, true, false, 0},
    {"linear", true, true, false, 0},
    {"quadratic", true, true, true, 26}, /* who came first is solved first */
    {"linucb", true, true, false, 0},
    {"linear-thompson", true, true, false, 0},
    {"curve", true, true, true, 0},
    {"candidates", true, true, true, 0},
};

static size_t find_subjects(struct learner_subject *subjects);
static int print_answers(void);
static void hear(const char *isa, char line[LINE]);

START_TEST(learners__have_distinct_names_and_are_found)
{
    for (size_t i = 0; hunch_learner_at(i) != NULL; i++) {
        ck_assert_ptr_eq(hunch_learner_find(hunch_learner_at(i)->name), hunch_learner_at(i));
    }
    ck_assert_ptr_null(hunch_learner_find("no such learner"));
    ck_assert_ptr_null(hunch_learner_at(SIZE_MAX));
}
END_TEST

START_TEST(learners__answer_alike_on_every_instruction_set)
{
    static const char *const sets[] = {NULL, "avx2", "avx512", "neon"};
    char expected[LINE];
    hear("scalar", expected);
    ck_assert_int_eq(strncmp(expected, "scalar ", 7), 0);
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        char found[LINE];
        hear(sets[i], found);
        ck_assert_ptr_nonnull(strchr(found, ' '));
        ck_assert_str_eq(strchr(found, ' '), strchr(expected, ' '));
    }
}
END_TEST

int main(int argc, char **argv)
{
    struct learner_subject subjects[SUBJECTS_MAX];
    if (argc == 2 && strcmp(argv[1], "answers") == 0) {
        return print_answers();
    }
    Suite *suite = suite_create("learners");
    TCase *cases = tcase_create("learners");
    tcase_set_timeout(cases, 240);
    tcase_add_test(cases, learners__have_distinct_names_and_are_found);
    tcase_add_test(cases, learners__answer_alike_on_every_instruction_set);
    suite_add_tcase(suite, cases);
    const int status = suite_run(suite);
    const int conformance = learner_conformance_run(subjects, find_subjects(subjects));
    return status != EXIT_SUCCESS ? status : conformance;
}

static size_t find_subjects(struct learner_subject *subjects)
{
    size_t count = 0;
    for (; hunch_learner_at(count) != NULL && count < SUBJECTS_MAX; count++) {
        struct learner_subject *subject = &subjects[count];
        *subject = (struct learner_subject){.ops = hunch_learner_at(count), .learns = true};
        for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
            if (strcmp(claims[i].name, subject->ops->name) == 0) {
                subject->learns = claims[i].learns;
                subject->order_free = claims[i].order_free;
                subject->rounds = claims[i].rounds;
                subject->exact_dense = claims[i].exact_dense;
            }
        }
    }
    return count;
}

/* "avx2 9f3c0123456789ab": the set in use, and a hash of answers. */
static int print_answers(void)
{
    struct learner_subject subjects[SUBJECTS_MAX];
    const size_t count = find_subjects(subjects);
    printf("%s %016" PRIx64 "\n", hunch_isa(), learner_conformance_hash(subjects, count));
    return EXIT_SUCCESS;
}

/* The line that another process of this program prints when `isa` is forced; NULL: nothing is. */
static void hear(const char *isa, char line[LINE])
{
    int ends[2];
    int status = 0;
    ck_assert_int_eq(pipe(ends), 0);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        const bool ready =
            isa == NULL ? unsetenv("HUNCH_ISA") == 0 : setenv("HUNCH_ISA", isa, 1) == 0;
        if (ready && dup2(ends[1], STDOUT_FILENO) >= 0) {
            (void)execl("/proc/self/exe", "check_learner_conformance", "answers", (char *)NULL);
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
