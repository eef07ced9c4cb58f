/* hunch_chooser: tickets tell the truth about probabilities, and the same seed makes the same
 * choices.
 *
 * check_choice_audit trace SEED prints a hash of some thousand choices: a process keeps the
 * instruction set that it chose first, so each is asked in a process of its own. */
#define _GNU_SOURCE /* setenv, fork */
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "choice_sample.h"
#include "chooser.h"
#include "hash.h"
#include "random.h"
#include "sanitizer.h"
#include "suite.h"

enum { ARMS = 6, FEATURES = 3, CONTEXTS = 8, MASKS = 16, LINE = 512 };

enum { DECISIONS = SANITIZER_ADDRESS || SANITIZER_THREAD ? 100000 : 1000000 };

/* What one million decisions came to, by context and mask. */
struct tally {
    float x[CONTEXTS][FEATURES];
    uint64_t mask[MASKS];
    float p[CONTEXTS][MASKS][ARMS];
    uint64_t met[CONTEXTS][MASKS];
    uint64_t taken[CONTEXTS][MASKS][ARMS];
};

static const hunch_learner_ops *learner_at(int i);
static hunch_chooser *trained(const hunch_learner_ops *ops);
static void prepare(struct tally *tally, const hunch_chooser *chooser, uint64_t *random);
static double chi_square(const struct tally *tally, uint64_t *freedom);
static double chi_square_limit(uint64_t freedom);
static uint64_t trace(const hunch_learner_ops *ops, uint64_t seed);
static void hear(const char *isa, const char *seed, char line[LINE]);

/* -- probabilities ----------------------------------------------------------------------------- */

/* Each is right with the probability that it says: a million decisions, chi-square at 1e-6. */
START_TEST(audit__frequencies_are_the_probabilities_that_tickets_say)
{
    const hunch_learner_ops *ops = learner_at(_i);
    hunch_chooser *chooser = ops == NULL ? NULL : trained(ops);
    struct tally *tally = calloc(1, sizeof *tally);
    uint64_t random = 77;
    ck_assert_ptr_nonnull(tally);
    if (chooser == NULL) {
        free(tally);
        return; /* there are fewer learners, or this one is for something else */
    }
    prepare(tally, chooser, &random);
    for (size_t i = 0; i < DECISIONS; i++) {
        const uint64_t dice = hunch__splitmix64(&random);
        const size_t c = dice % CONTEXTS;
        const size_t m = dice / CONTEXTS % MASKS;
        const uint64_t *mask = m == 0 ? NULL : &tally->mask[m];
        const hunch_ticket ticket = m == 0 ? hunch_choose(chooser, tally->x[c])
                                           : hunch_choose_masked(chooser, tally->x[c], mask);
        const bool same = ticket.arm < ARMS && ticket.propensity == tally->p[c][m][ticket.arm];
        SUITE_ASSERT(same && ticket.propensity > 0.0f);
        tally->met[c][m]++;
        tally->taken[c][m][ticket.arm]++;
    }
    uint64_t freedom = 0;
    const double chi = chi_square(tally, &freedom);
    ck_assert_msg(chi < chi_square_limit(freedom), "%s: chi-square %g of %" PRIu64 " degrees",
                  ops->name, chi, freedom);
    ck_assert_uint_eq(choice_stats(chooser).overridden, 0);
    free(tally);
    hunch_chooser_free(chooser);
}
END_TEST

/* While it learns, too: what was taken less what was said is a martingale for every arm. */
START_TEST(audit__holds_while_learning)
{
    const hunch_learner_ops *ops = learner_at(_i);
    hunch_chooser *chooser = ops == NULL ? NULL : trained(ops);
    double excess[ARMS] = {0};
    double variance[ARMS] = {0};
    uint64_t random = 5;
    for (size_t i = 0; chooser != NULL && i < 20000; i++) {
        float x[FEATURES];
        float p[ARMS];
        const uint64_t mask = 1 + hunch__splitmix64(&random) % ((1u << ARMS) - 1);
        choice_context(&random, FEATURES, x);
        hunch_chooser_probabilities(chooser, x, &mask, p);
        const hunch_ticket ticket = hunch_choose_masked(chooser, x, &mask);
        SUITE_ASSERT(ticket.propensity == p[ticket.arm]);
        for (uint32_t a = 0; a < ARMS; a++) {
            const double said = (double)p[a];
            excess[a] += (ticket.arm == a ? 1.0 : 0.0) - said;
            variance[a] += said * (1.0 - said);
        }
        SUITE_ASSERT(hunch_reward(chooser, ticket, x[0] * (float)ticket.arm) == HUNCH_OK);
        if (i % 16 == 0) {
            hunch_chooser_learn(chooser);
        }
    }
    for (uint32_t a = 0; a < ARMS; a++) {
        ck_assert_msg(fabs(excess[a]) <= 5.5 * sqrt(variance[a]) + 1e-3, "arm %u: %g", a,
                      excess[a]);
    }
    hunch_chooser_free(chooser);
}
END_TEST

/* -- seeds ------------------------------------------------------------------------------------- */

START_TEST(seed__the_same_makes_the_same_choices)
{
    const hunch_learner_ops *ops = learner_at(_i);
    if (ops != NULL) {
        ck_assert_uint_eq(trace(ops, 3), trace(ops, 3));
    }
}
END_TEST

/* Another one makes others, or the test above could not fail. */
START_TEST(seed__another_makes_others)
{
    const hunch_learner_ops *uniform = hunch_learner_find("uniform");
    ck_assert_uint_ne(trace(uniform, 3), trace(uniform, 4));
    ck_assert_uint_ne(trace(uniform, 0), trace(uniform, 1));
}
END_TEST

START_TEST(seed__choices_are_those_of_scalar_on_every_instruction_set)
{
    static const char *const sets[] = {NULL, "avx2", "avx512", "neon"};
    char expected[LINE];
    hear("scalar", "3", expected);
    ck_assert_int_eq(strncmp(expected, "scalar ", 7), 0);
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        char found[LINE];
        hear(sets[i], "3", found);
        ck_assert_ptr_nonnull(strchr(found, ' '));
        ck_assert_str_eq(strchr(found, ' '), strchr(expected, ' '));
    }
    char other[LINE];
    hear("scalar", "4", other);
    ck_assert_str_ne(other, expected);
}
END_TEST

/* The built-in ones, then the recorder; NULL after it. */
static const hunch_learner_ops *learner_at(int i)
{
    const hunch_learner_ops *ops = hunch_learner_at((size_t)i);
    const bool after = ops == NULL && (i == 0 || hunch_learner_at((size_t)i - 1) != NULL);
    return after ? &recorder_ops : ops;
}

/* After 3000 rewards, it learns no more but when it is told to. NULL: it takes no such shape. */
static hunch_chooser *trained(const hunch_learner_ops *ops)
{
    hunch_chooser_options options = choice_recorded(ARMS, FEATURES);
    hunch_chooser *chooser = NULL;
    uint64_t random = 6;
    options.learner = ops;
    options.pending = 64;
    if (hunch_chooser_new(&chooser, &options, NULL) != HUNCH_OK) {
        return NULL;
    }
    for (size_t i = 0; i < 30; i++) {
        choice_train(chooser, &random, 100);
        hunch_chooser_learn(chooser);
    }
    return chooser;
}

static void prepare(struct tally *tally, const hunch_chooser *chooser, uint64_t *random)
{
    choice_context(random, CONTEXTS * FEATURES, &tally->x[0][0]);
    for (size_t m = 1; m < MASKS; m++) {
        tally->mask[m] = 1 + hunch__splitmix64(random) % ((1u << ARMS) - 1);
    }
    for (size_t c = 0; c < CONTEXTS; c++) {
        for (size_t m = 0; m < MASKS; m++) {
            const uint64_t *mask = m == 0 ? NULL : &tally->mask[m];
            hunch_chooser_probabilities(chooser, tally->x[c], mask, tally->p[c][m]);
        }
    }
}

/* Arms that cannot be expected five times are put together with their neighbours. */
static double chi_square(const struct tally *tally, uint64_t *freedom)
{
    double chi = 0;
    for (size_t cell = 0; cell < CONTEXTS * MASKS; cell++) {
        const size_t c = cell / MASKS;
        const size_t m = cell % MASKS;
        double expected = 0;
        double taken = 0;
        double sum = 0;
        for (size_t a = 0; a < ARMS; a++) {
            sum += (double)tally->p[c][m][a];
            expected += (double)tally->p[c][m][a] * (double)tally->met[c][m];
            taken += (double)tally->taken[c][m][a];
            SUITE_ASSERT(tally->p[c][m][a] > 0.0f || tally->taken[c][m][a] == 0);
            if (expected >= 5.0) {
                chi += (taken - expected) * (taken - expected) / expected;
                (*freedom)++;
                expected = 0;
                taken = 0;
            }
        }
        SUITE_ASSERT(fabs(sum - 1.0) < 1e-5);
        (*freedom)--;
    }
    return chi;
}

/* The quantile at 1 - 1e-6 (Wilson and Hilferty 1931). */
static double chi_square_limit(uint64_t freedom)
{
    const double n = freedom > 0 ? (double)freedom : 1.0;
    const double root = 1.0 - 2.0 / (9.0 * n) + 4.7534 * sqrt(2.0 / (9.0 * n));
    return n * root * root * root;
}

/* A hash of choices of every kind while learning; 0 when the learner takes no such shape. */
static uint64_t trace(const hunch_learner_ops *ops, uint64_t seed)
{
    hunch_chooser_options options = choice_recorded(ARMS, FEATURES);
    hunch_chooser *chooser = NULL;
    uint64_t random = 12;
    uint64_t hash = 0;
    options.learner = ops;
    options.learn_every = 64;
    options.seed = seed;
    if (hunch_chooser_new(&chooser, &options, NULL) != HUNCH_OK) {
        return 0;
    }
    for (size_t i = 0; i < 3000; i++) {
        float x[FEATURES];
        choice_context(&random, FEATURES, x);
        const uint64_t mask = hunch__splitmix64(&random);
        const hunch_ticket ticket =
            i % 3 == 0 ? hunch_choose_masked(chooser, x, &mask) : hunch_choose(chooser, x);
        const uint64_t words[3] = {hash, ticket.id, ticket.arm};
        hash = hunch__xxh3(words, sizeof words) + hunch__xxh3(&ticket.propensity, sizeof(float));
        if (i % 5 != 0) {
            SUITE_ASSERT(hunch_reward(chooser, ticket, x[1] * (float)ticket.arm) == HUNCH_OK);
        }
    }
    hunch_chooser_free(chooser);
    return hash;
}

/* "avx2 0123456789abcdef ...": the set in use, and the trace of every learner. */
static int print_traces(uint64_t seed)
{
    const hunch_learner_ops *ops = NULL;
    printf("%s", hunch_isa());
    for (int i = 0; (ops = learner_at(i)) != NULL; i++) {
        printf(" %016" PRIx64, trace(ops, seed));
    }
    printf("\n");
    return EXIT_SUCCESS;
}

/* What this program says when it is told the instruction set. */
static void hear(const char *isa, const char *seed, char line[LINE])
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        const bool set =
            isa == NULL ? unsetenv("HUNCH_ISA") == 0 : setenv("HUNCH_ISA", isa, 1) == 0;
        if (set && dup2(ends[1], STDOUT_FILENO) >= 0) {
            (void)close(ends[0]);
            (void)execl("/proc/self/exe", "check_choice_audit", "trace", seed, (char *)NULL);
        }
        _exit(127);
    }
    (void)close(ends[1]);
    FILE *said = fdopen(ends[0], "r");
    ck_assert_ptr_nonnull(said);
    ck_assert_ptr_nonnull(fgets(line, LINE, said));
    (void)fclose(said);
    int status = 1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

static Suite *audit_suite(void)
{
    enum { LEARNERS = 24 };
    Suite *suite = suite_create("choice_audit");
    TCase *cases = tcase_create("choice_audit");
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, audit__frequencies_are_the_probabilities_that_tickets_say, 0,
                        LEARNERS);
    tcase_add_loop_test(cases, audit__holds_while_learning, 0, LEARNERS);
    tcase_add_loop_test(cases, seed__the_same_makes_the_same_choices, 0, LEARNERS);
    tcase_add_test(cases, seed__another_makes_others);
    tcase_add_test(cases, seed__choices_are_those_of_scalar_on_every_instruction_set);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "trace") == 0) {
        return print_traces(strtoull(argv[2], NULL, 10));
    }
    return suite_run(audit_suite());
}
