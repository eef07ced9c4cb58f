/* hunch-choice from outside: command lines, exit codes, and what text, JSON and pages say. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>
#include <jansson.h>

#include "format_sample.h"
#include "suite.h"
#include "test_memory.h"

#define ARGUMENTS_MAX 16

/* What a run left. */
struct run {
    int outcome; /* exit code, or 128 + the signal */
    char *out, *err;
};

static struct run run(const char *const *arguments);
static void run_free(struct run *run);
static char *contents(FILE *file);
static void put_text(const char *path, const char *text);
static json_t *run_json(const char *const *arguments);
static double number(const json_t *object, const char *name);
static void save(const char *path, const char *seed);
static void check_page(const char *path, const char *title);

#define RUN(...)      run((const char *const[]){__VA_ARGS__, NULL})
#define RUN_JSON(...) run_json((const char *const[]){__VA_ARGS__, NULL})

static const char *folder;

START_TEST(command__help_is_a_success_and_has_examples)
{
    static const char *const commands[] = {"inspect", "merge", "simulate"};
    struct run all = RUN("--help");
    ck_assert_int_eq(all.outcome, 0);
    for (size_t i = 0; i < 3; i++) {
        struct run one = RUN(commands[i], "--help");
        ck_assert_int_eq(one.outcome, 0);
        ck_assert_ptr_nonnull(strstr(one.out, "Examples:"));
        ck_assert_ptr_nonnull(strstr(all.out, commands[i]));
        run_free(&one);
    }
    run_free(&all);
}
END_TEST

/* Exit code, what stderr says, and the words. */
static const struct misuse {
    int outcome;
    const char *said;
    const char *arguments[6];
} misuses[] = {
    {2, "which command?", {NULL}},
    {2, "no command is called 'guess'", {"guess"}},
    {2, "which file?", {"inspect"}},
    {2, "one file at a time: 'b' is too many", {"inspect", "a", "b"}},
    {2, "which files?", {"merge"}},
    {2, "which files to merge?", {"merge", "out"}},
    {2, "one set at a time", {"simulate", "a", "b"}},
    {2, "'a' or --csv, not both", {"simulate", "a", "--csv", "b"}},
    {2, "--learner: expected one of auto, ", {"simulate", "--learner", "guess"}},
    {2, "--rows: expected a whole number from 1", {"simulate", "--rows", "0"}},
    {2, "--rows: expected a whole number", {"simulate", "--rows", "-1"}},
    {2, "--shuffles: expected a whole number", {"simulate", "--shuffles", "1e3"}},
    {2, "--missing: expected a number from 0 to 1", {"simulate", "--missing", "1.5"}},
    {2, "--missing: expected a number from 0 to 1", {"simulate", "--missing", "nan"}},
    {2, "--delay: expected a whole number", {"simulate", "--delay", ""}},
    {2, "parameter 4, spread", {"simulate", "clusters(4,0,2,9)"}},
    {3, "no file, set or generator is called 'nowhere'", {"simulate", "nowhere"}},
    {3, "nowhere.csv: cannot open it", {"simulate", "--csv", "nowhere.csv"}},
    {3, "nowhere.hunch: cannot open it", {"inspect", "nowhere.hunch"}},
    {3, "nowhere.hunch: cannot open it", {"merge", "out", "nowhere.hunch"}},
};

START_TEST(command__wrong_use_is_told_and_has_its_exit_code)
{
    const struct misuse *m = &misuses[_i];
    struct run one = run(m->arguments);
    ck_assert_msg(one.outcome == m->outcome, "%d: %s", one.outcome, one.err);
    ck_assert_msg(strstr(one.err, m->said) != NULL, "%s", one.err);
    ck_assert_str_eq(one.out, "");
    run_free(&one);
}
END_TEST

START_TEST(simulate__a_bad_table_is_told_by_file_line_and_reason)
{
    const char *path = sample_path(folder, "bad.csv");
    put_text(path, "n0,y\n1,0\nx,1\n");
    struct run one = RUN("simulate", "--csv", path);
    ck_assert_int_eq(one.outcome, 2);
    ck_assert_ptr_nonnull(
        strstr(one.err, "bad.csv: line 3, column 1: a number or nothing expected, found 'x'"));
    run_free(&one);
}
END_TEST

START_TEST(simulate__figures_agree_with_each_other)
{
    json_t *said = RUN_JSON("simulate", "clusters(3,1,3,0.2)", "--learner", "linear", "--rows",
                            "1000", "--shuffles", "3", "--json");
    json_t *orders = json_object_get(said, "orders");
    json_t *curve = json_object_get(said, "curve");
    json_t *arms = json_object_get(said, "arms");
    double loss = 0;
    double played = 0;
    double rewards = 0;
    double most = 0;
    ck_assert_uint_eq(json_array_size(orders), 3);
    ck_assert_uint_eq(json_array_size(curve), 100);
    ck_assert_uint_eq(json_array_size(arms), 3);
    for (size_t i = 0; i < 3; i++) {
        const json_t *arm = json_array_get(arms, i);
        loss += number(json_array_get(orders, i), "loss") / 3;
        played += number(arm, "played");
        rewards += number(arm, "played") * number(arm, "mean_reward");
        most = fmax(most, number(arm, "rows"));
    }
    const json_t *end = json_array_get(curve, 99);
    ck_assert_double_eq_tol(number(said, "loss"), loss, 1e-8);
    ck_assert_double_eq_tol(number(end, "loss"), loss, 1e-8);
    ck_assert_double_eq_tol(number(end, "rows"), 1000, 0.5);
    ck_assert_double_eq_tol(played, 3000, 0.5);
    ck_assert_double_eq_tol(1 - rewards / 3000, loss, 1e-6);
    ck_assert_double_eq_tol(number(said, "fixed_loss"), 1 - most / 1000, 1e-8);
    ck_assert_double_eq_tol(number(end, "regret"), 1000 * loss - (1000 - most), 1e-4);
    ck_assert(loss < number(said, "fixed_loss"));
    json_decref(said);
}
END_TEST

START_TEST(simulate__is_the_same_for_one_seed_and_another_for_another)
{
    struct run a = RUN("simulate", "--learner", "linear", "--rows", "500", "--seed", "7");
    struct run b = RUN("simulate", "--learner", "linear", "--rows", "500", "--seed", "7");
    struct run c = RUN("simulate", "--learner", "linear", "--rows", "500", "--seed", "8");
    ck_assert_int_eq(a.outcome, 0);
    ck_assert_str_eq(a.out, b.out);
    ck_assert_str_ne(a.out, c.out);
    ck_assert_str_eq(a.err, "");
    run_free(&a);
    run_free(&b);
    run_free(&c);
}
END_TEST

/* All rewards lost: as good as chance. All too late: the same. */
START_TEST(simulate__what_is_not_rewarded_is_not_learned)
{
    json_t *whole = RUN_JSON("simulate", "--learner", "linear", "--rows", "4000", "--json");
    json_t *lost =
        RUN_JSON("simulate", "--learner", "linear", "--rows", "4000", "--missing", "1", "--json");
    json_t *late =
        RUN_JSON("simulate", "--learner", "linear", "--rows", "4000", "--delay", "4000", "--json");
    ck_assert(number(whole, "loss") < 0.6);
    ck_assert(number(lost, "loss") > 0.8);
    ck_assert(number(late, "loss") > 0.8);
    json_decref(whole);
    json_decref(lost);
    json_decref(late);
}
END_TEST

START_TEST(inspect__says_what_was_saved)
{
    char *path = memory_copy_text(sample_path(folder, "one.hunch"));
    save(path, "1");
    json_t *said = RUN_JSON("inspect", "--json", path);
    const json_t *counts = json_object_get(said, "counts");
    const json_t *arms = json_object_get(said, "arms");
    const json_t *schema = json_object_get(said, "schema");
    double p = 0;
    double shares = 0;
    double rewards = 0;
    ck_assert_str_eq(json_string_value(json_object_get(said, "learner")), "linear");
    ck_assert_double_eq_tol(number(counts, "choices"), 600, 0.5);
    ck_assert_double_eq_tol(number(counts, "rewards"), 600, 0.5);
    ck_assert_uint_eq(json_array_size(schema), 4);
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(schema, 3), "kind")),
                     "categorical");
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(schema, 3), "name")), "c3");
    ck_assert_uint_eq(json_array_size(arms), 3);
    for (size_t i = 0; i < 3; i++) {
        const json_t *arm = json_array_get(arms, i);
        p += number(arm, "probability");
        shares += number(arm, "share");
        rewards += number(arm, "share") * number(arm, "mean_reward");
    }
    ck_assert_double_eq_tol(p, 1, 1e-5);
    ck_assert_double_eq_tol(shares, 1, 1e-6);
    ck_assert_double_eq_tol(rewards, number(said, "mean_reward"), 0.05);
    json_decref(said);
    struct run text = RUN("inspect", path);
    ck_assert_int_eq(text.outcome, 0);
    ck_assert_ptr_nonnull(strstr(text.out, "among 3 arms"));
    run_free(&text);
    free(path);
}
END_TEST

START_TEST(inspect__a_damaged_file_is_refused)
{
    char *path = memory_copy_text(sample_path(folder, "one.hunch"));
    save(path, "1");
    struct sample_bytes bytes = sample_read_file(path);
    for (size_t cut = 0; cut < bytes.size; cut += 1 + bytes.size / 20) {
        struct sample_bytes part = sample_copy(bytes.p, bytes.size);
        part.p[cut] ^= 0x10;
        sample_write_file(path, part);
        struct run turned = RUN("inspect", path);
        ck_assert_msg(turned.outcome == 2, "byte %zu: %d", cut, turned.outcome);
        ck_assert_ptr_nonnull(strstr(turned.err, "one.hunch: "));
        run_free(&turned);
        part.size = cut;
        sample_write_file(path, part);
        struct run shorter = RUN("inspect", path);
        ck_assert_msg(shorter.outcome == 2, "%zu bytes: %d", cut, shorter.outcome);
        run_free(&shorter);
        sample_free(part);
    }
    sample_free(bytes);
    free(path);
}
END_TEST

START_TEST(merge__adds_up_and_refuses_what_is_different)
{
    char *one = memory_copy_text(sample_path(folder, "one.hunch"));
    char *two = memory_copy_text(sample_path(folder, "two.hunch"));
    char *sum = memory_copy_text(sample_path(folder, "sum.hunch"));
    save(one, "1");
    save(two, "2");
    json_t *said = RUN_JSON("merge", "--json", sum, one, two);
    ck_assert_double_eq_tol(number(said, "rewards"), 1200, 0.5);
    json_decref(said);
    said = RUN_JSON("inspect", "--json", sum);
    ck_assert_double_eq_tol(number(json_object_get(said, "counts"), "rewards"), 1200, 0.5);
    json_decref(said);
    struct run over = RUN("merge", sum, sum, one);
    ck_assert_int_eq(over.outcome, 0);
    run_free(&over);
    struct run other = RUN("simulate", "clusters(5,0,3,0.2)", "--learner", "linear", "--rows",
                           "100", "--save", two);
    ck_assert_int_eq(other.outcome, 0);
    run_free(&other);
    struct run different = RUN("merge", sum, one, two);
    ck_assert_int_eq(different.outcome, 2);
    ck_assert_ptr_nonnull(strstr(different.err, "two.hunch: "));
    run_free(&different);
    free(one);
    free(two);
    free(sum);
}
END_TEST

START_TEST(page__is_whole_escaped_and_self_contained)
{
    char *table = memory_copy_text(sample_path(folder, "a<b>&c.csv"));
    char *page = memory_copy_text(sample_path(folder, "page.html"));
    char *saved = memory_copy_text(sample_path(folder, "one.hunch"));
    put_text(table, "n0,y\n1,0\n2,1\n1,0\n2,1\n");
    struct run one = RUN("simulate", "--csv", table, "--learner", "linear", "--html", page);
    ck_assert_int_eq(one.outcome, 0);
    check_page(page, "<h1>a&lt;b&gt;&amp;c</h1>");
    run_free(&one);
    save(saved, "1");
    struct run two = RUN("inspect", saved, "--html", page);
    ck_assert_int_eq(two.outcome, 0);
    check_page(page, "<h2>Features</h2>");
    run_free(&two);
    struct run nowhere = RUN("inspect", saved, "--html", "/nowhere/page.html");
    ck_assert_int_eq(nowhere.outcome, 3);
    run_free(&nowhere);
    free(table);
    free(page);
    free(saved);
}
END_TEST

static struct run run(const char *const *arguments)
{
    char *words[ARGUMENTS_MAX] = {memory_copy_text(HUNCH_CHOICE)};
    size_t count = 1;
    for (; arguments[count - 1] != NULL; count++) {
        ck_assert_uint_lt(count + 1, ARGUMENTS_MAX);
        words[count] = memory_copy_text(arguments[count - 1]);
    }
    FILE *out = tmpfile();
    FILE *err = tmpfile();
    ck_assert(out != NULL && err != NULL);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        (void)dup2(fileno(out), STDOUT_FILENO);
        (void)dup2(fileno(err), STDERR_FILENO);
        (void)execv(HUNCH_CHOICE, words);
        _exit(127);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    for (size_t i = 0; i < count; i++) {
        free(words[i]);
    }
    return (struct run){
        .outcome = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
        .out = contents(out),
        .err = contents(err),
    };
}

static void run_free(struct run *run)
{
    free(run->out);
    free(run->err);
}

/* What is in the file, which is closed. */
static char *contents(FILE *file)
{
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    long n = ftell(file);
    ck_assert_int_ge(n, 0);
    char *text = memory_new((size_t)n + 1);
    rewind(file);
    ck_assert_uint_eq(fread(text, 1, (size_t)n, file), (size_t)n);
    text[n] = '\0';
    ck_assert_int_eq(fclose(file), 0);
    return text;
}

static void put_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

/* The one object that the run printed. */
static json_t *run_json(const char *const *arguments)
{
    struct run one = run(arguments);
    json_error_t error;
    ck_assert_msg(one.outcome == 0, "%d: %s", one.outcome, one.err);
    json_t *object = json_loads(one.out, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(object != NULL, "%s: %s", error.text, one.out);
    run_free(&one);
    return object;
}

static double number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    ck_assert_msg(json_is_number(value), "%s", name);
    return json_number_value(value);
}

static void save(const char *path, const char *seed)
{
    struct run one = RUN("simulate", "clusters(3,1,3,0.2)", "--learner", "linear", "--rows", "600",
                         "--seed", seed, "--save", path);
    ck_assert_msg(one.outcome == 0, "%s", one.err);
    run_free(&one);
}

static void check_page(const char *path, const char *holds)
{
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    char *page = contents(file);
    ck_assert_msg(strstr(page, holds) != NULL, "no %s", holds);
    ck_assert_ptr_nonnull(strstr(page, "</html>"));
    ck_assert_ptr_null(strstr(page, "http"));
    ck_assert_ptr_null(strstr(page, "<script"));
    ck_assert_ptr_null(strstr(page, "nan"));
    free(page);
}

static void folder_begin(void)
{
    folder = memory_copy_text(sample_folder());
}

static void folder_end(void)
{
    sample_folder_remove(folder);
    free((void *)(uintptr_t)folder);
}

int main(void)
{
    Suite *suite = suite_create("choice_command");
    TCase *cases = tcase_create("choice_command");
    int count = (int)(sizeof misuses / sizeof misuses[0]);
    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, folder_begin, folder_end);
    tcase_add_test(cases, command__help_is_a_success_and_has_examples);
    tcase_add_loop_test(cases, command__wrong_use_is_told_and_has_its_exit_code, 0, count);
    tcase_add_test(cases, simulate__a_bad_table_is_told_by_file_line_and_reason);
    tcase_add_test(cases, simulate__figures_agree_with_each_other);
    tcase_add_test(cases, simulate__is_the_same_for_one_seed_and_another_for_another);
    tcase_add_test(cases, simulate__what_is_not_rewarded_is_not_learned);
    tcase_add_test(cases, inspect__says_what_was_saved);
    tcase_add_test(cases, inspect__a_damaged_file_is_refused);
    tcase_add_test(cases, merge__adds_up_and_refuses_what_is_different);
    tcase_add_test(cases, page__is_whole_escaped_and_self_contained);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
