/* hunch-index from outside: command lines, exit codes, and what text, JSON and pages say. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <check.h>
#include <jansson.h>

#include "format_sample.h"
#include "sosd.h"
#include "suite.h"
#include "test_memory.h"

#define ARGUMENTS_MAX 16

enum { KEYS = 5000, STEP = 10 };

/* What a run left. */
struct run {
    int outcome; /* exit code, or 128 + the signal */
    char *out, *err;
};

static struct run run(const char *const *arguments);
static struct run run_from(const char *input, const char *const *arguments);
static pid_t begin(const char *const *arguments, FILE *in, FILE *out, FILE *err);
static void run_free(struct run *run);
static char *contents(FILE *file);
static json_t *run_json(const char *const *arguments);
static void write_keys(const char *path, uint64_t first, uint64_t step, size_t n);
static void write_text(const char *path, const char *text, size_t n);
static void flip(const char *path, long at);

#define RUN(...)      run((const char *const[]){__VA_ARGS__, NULL})
#define RUN_JSON(...) run_json((const char *const[]){__VA_ARGS__, NULL})

static const char *folder;

START_TEST(command__help_is_a_success_and_has_examples)
{
    static const char *const commands[] = {"build", "query", "inspect", "verify", "hardness"};
    struct run all = RUN("--help");
    ck_assert_int_eq(all.outcome, 0);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
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
    const char *arguments[7];
} misuses[] = {
    {2, "which command?", {NULL}},
    {2, "no command is called 'guess'", {"guess"}},
    {2, "KEYS and --output are needed", {"build", "a"}},
    {2, "one file of keys, not also 'b'", {"build", "a", "b"}},
    {2, "--kind: 'guess' is none", {"build", "a", "--kind", "guess"}},
    {2, "--router: 'guess' is none", {"build", "a", "--router", "guess"}},
    {2, "--eps: expected a whole number from 4", {"build", "a", "--eps", "3"}},
    {2, "--threads: expected a whole number from 1", {"build", "a", "--threads", "-1"}},
    {2, "--budget: expected bytes", {"build", "a", "--budget", "0"}},
    {2, "--budget: expected bytes", {"build", "a", "--budget", "nan/key"}},
    {2, "--budget: expected bytes", {"build", "a", "--budget", "5x"}},
    {2, "--node-keys: 8 or 16 expected", {"build", "a", "--node-keys", "9"}},
    {3, "nowhere.u64: ", {"build", "nowhere.u64", "-o", "out"}},
    {2, "which file and which keys?", {"query", "a"}},
    {2, "--range: two keys expected, 1 found", {"query", "a", "--range", "1"}},
    {3, "nowhere.hunch: cannot open", {"query", "nowhere.hunch", "1"}},
    {2, "which file?", {"inspect"}},
    {3, "nowhere.hunch: cannot open", {"inspect", "nowhere.hunch"}},
    {2, "which file?", {"verify"}},
    {3, "nowhere.hunch: cannot open", {"verify", "nowhere.hunch"}},
    {2, "which file of keys?", {"hardness"}},
    {2, "--eps: expected a whole number from 1", {"hardness", "a", "--eps", "8,,9"}},
    {3, "nowhere.u64: ", {"hardness", "nowhere.u64"}},
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

/* Every form, and the writer, make files that answer the same. */
START_TEST(build__what_is_built_answers)
{
    static const char *const kinds[] = {"auto", "stree", "cells", "blocks", "segments"};
    const char *keys = sample_path(folder, "keys.u64");
    const char *file = sample_path(folder, "keys.hunch");
    write_keys(keys, 1000, STEP, KEYS);
    struct run built = RUN("build", keys, "-o", file, "--kind", kinds[_i], "--no-measuring",
                           _i % 2 == 0 ? "--stream" : "--threads=2");
    ck_assert_msg(built.outcome == 0, "%s", built.err);
    struct run asked = RUN("query", file, "0", "1000", "1001", "99999999");
    ck_assert_int_eq(asked.outcome, 0);
    ck_assert_str_eq(asked.out, "0 0 1000\n1000 0 1000\n1001 1 1010\n99999999 5000 -\n");
    struct run upper = RUN("query", file, "--upper", "1000");
    ck_assert_str_eq(upper.out, "1000 1 1010\n");
    struct run found = RUN("query", file, "--find", "1010", "1011");
    ck_assert_int_eq(found.outcome, 1);
    ck_assert_str_eq(found.out, "1010 1 1010\n1011 - -\n");
    struct run range = RUN("query", file, "--range", "1005", "1030", "--limit", "2", "--reverse");
    ck_assert_str_eq(range.out, "3 keys from position 1\n1030\n1020\n");
    struct run sound = RUN("verify", file);
    ck_assert_int_eq(sound.outcome, 0);
    run_free(&built);
    run_free(&asked);
    run_free(&upper);
    run_free(&found);
    run_free(&range);
    run_free(&sound);
}
END_TEST

START_TEST(query__a_bad_key_is_told)
{
    const char *keys = sample_path(folder, "bad_key.u64");
    const char *file = sample_path(folder, "bad_key.hunch");
    static const char *const bad[] = {"", "x", "1x", "-1", "18446744073709551616", " 1"};
    write_keys(keys, 0, 1, 10);
    struct run built = RUN("build", keys, "-o", file);
    ck_assert_int_eq(built.outcome, 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct run asked = RUN("query", file, "--", bad[i]);
        ck_assert_int_eq(asked.outcome, 2);
        ck_assert_ptr_nonnull(strstr(asked.err, "a key of type u64 expected"));
        run_free(&asked);
    }
    run_free(&built);
}
END_TEST

/* A key a line; a byte 0 does not end one. */
START_TEST(query__keys_come_from_stdin)
{
    const char *keys = sample_path(folder, "stdin.u64");
    const char *file = sample_path(folder, "stdin.hunch");
    const char *lines = sample_path(folder, "lines.txt");
    write_keys(keys, 0, 1, 100);
    struct run built = RUN("build", keys, "-o", file);
    ck_assert_int_eq(built.outcome, 0);
    write_text(lines, "7\n99\r\n100", 9);
    struct run asked = run_from(lines, (const char *const[]){"query", file, "-", NULL});
    ck_assert_int_eq(asked.outcome, 0);
    ck_assert_str_eq(asked.out, "7 7 7\n99 99 99\n100 100 -\n");
    write_text(lines, "7\n5\0005\n", 6);
    struct run zero = run_from(lines, (const char *const[]){"query", file, "-", NULL});
    ck_assert_int_eq(zero.outcome, 2);
    ck_assert_ptr_nonnull(strstr(zero.err, "that was line 2"));
    struct run unreadable = run_from(folder, (const char *const[]){"query", file, "-", NULL});
    ck_assert_int_eq(unreadable.outcome, 3);
    ck_assert_ptr_nonnull(strstr(unreadable.err, "stdin: cannot be read after line 0"));
    run_free(&built);
    run_free(&asked);
    run_free(&zero);
    run_free(&unreadable);
}
END_TEST

/* An index knows what its keys were. */
START_TEST(query__keys_are_of_the_type_that_the_file_says)
{
    const char *keys = sample_path(folder, "typed.u64");
    const char *file = sample_path(folder, "typed.hunch");
    static const double reals[] = {-1.5, 0.25, 17};
    uint64_t words[3];
    memcpy(words, reals, sizeof words);
    ck_assert_int_eq(hunch__sosd_write(keys, words, 3, NULL), HUNCH_OK);
    struct run built =
        RUN("build", keys, "-o", file, "--type", "f64", _i == 0 ? "--json" : "--stream");
    ck_assert_msg(built.outcome == 0, "%s", built.err);
    struct run asked = RUN("query", file, "--", "-1.5", "16.5");
    ck_assert_str_eq(asked.out, "-1.5 0 -1.5\n16.5 2 17\n");
    struct run other = RUN("query", file, "--type", "i64", "17");
    ck_assert_int_eq(other.outcome, 2);
    ck_assert_ptr_nonnull(strstr(other.err, "its keys are of type f64, not i64"));
    struct run facts = RUN("inspect", file);
    ck_assert_ptr_nonnull(strstr(facts.out, "3 of type f64"));
    run_free(&built);
    run_free(&asked);
    run_free(&other);
    run_free(&facts);
}
END_TEST

/* JSON has no infinity. */
START_TEST(query__json_of_any_double)
{
    const char *keys = sample_path(folder, "reals.u64");
    const char *file = sample_path(folder, "reals.hunch");
    static const double reals[] = {-HUGE_VAL, -1.5, 0.25, HUGE_VAL};
    uint64_t words[4];
    memcpy(words, reals, sizeof words);
    ck_assert_int_eq(hunch__sosd_write(keys, words, 4, NULL), HUNCH_OK);
    struct run built = RUN("build", keys, "-o", file, "--type", "f64");
    ck_assert_msg(built.outcome == 0, "%s", built.err);
    static const char *const asked[] = {"-inf", "-1.5", "0.2", "1", "nan"};
    static const char *const there[] = {"-inf", NULL, NULL, "inf", NULL};
    for (size_t i = 0; i < 5; i++) {
        json_t *said = RUN_JSON("query", file, "--type", "f64", "--json", "--", asked[i]);
        const json_t *key = json_object_get(said, "there");
        ck_assert_int_eq(json_integer_value(json_object_get(said, "position")), (int)i);
        if (there[i] != NULL) {
            ck_assert_str_eq(json_string_value(key), there[i]);
        } else {
            ck_assert(i == 4 ? json_is_null(key) : json_is_real(key));
        }
        json_decref(said);
    }
    json_decref(RUN_JSON("query", file, "--type", "f64", "--json", "--range", "--", "-inf", "inf"));
    run_free(&built);
}
END_TEST

/* Names of files are bytes, JSON is Unicode. */
START_TEST(build__json_of_any_name)
{
    const char *keys = sample_path(folder, "named.u64");
    const char *file = sample_path(folder, "\xff.hunch");
    write_keys(keys, 0, 1, 100);
    json_t *built = RUN_JSON("build", keys, "-o", file, "--json");
    const char *name = json_string_value(json_object_get(built, "file"));
    ck_assert_ptr_nonnull(strstr(name, "?.hunch"));
    ck_assert_int_eq(access(file, F_OK), 0);
    json_decref(built);
}
END_TEST

START_TEST(build__the_last_budget_counts)
{
    const char *keys = sample_path(folder, "budget.u64");
    const char *file = sample_path(folder, "budget.hunch");
    write_keys(keys, 0, 1000, KEYS);
    json_t *wide = RUN_JSON("build", keys, "-o", file, "--json", "--no-measuring", "--budget=1",
                            "--budget", "1e17/key");
    json_t *free_choice = RUN_JSON("build", keys, "-o", file, "--json", "--no-measuring");
    ck_assert(json_equal(json_object_get(wide, "kind"), json_object_get(free_choice, "kind")));
    json_t *narrow = RUN_JSON("build", keys, "-o", file, "--json", "--no-measuring",
                              "--budget=9/key", "--budget", "1");
    ck_assert_int_lt(json_integer_value(json_object_get(narrow, "index_bytes")),
                     json_integer_value(json_object_get(free_choice, "index_bytes")));
    json_decref(wide);
    json_decref(free_choice);
    json_decref(narrow);
}
END_TEST

/* Whenever it is killed there is the old index or the new one, whole. */
START_TEST(build__killed_at_any_moment)
{
    const char *keys = sample_path(folder, "killed.u64");
    const char *file = sample_path(folder, "killed.hunch");
    const size_t many = 200000;
    write_keys(keys, 0, 3, KEYS);
    struct run old = RUN("build", keys, "-o", file);
    ck_assert_int_eq(old.outcome, 0);
    write_keys(keys, 0, 3, many);
    FILE *nothing = tmpfile();
    for (unsigned i = 0; i < 30; i++) {
        const struct timespec delay = {.tv_nsec = (long)i * 500000};
        const pid_t child =
            begin((const char *const[]){"build", keys, "-o", file,
                                        i % 2 == 0 ? "--stream" : "--threads=2", NULL},
                  nothing, nothing, nothing);
        (void)nanosleep(&delay, NULL);
        ck_assert_int_eq(kill(child, SIGKILL), 0);
        ck_assert_int_eq(waitpid(child, NULL, 0), child);
        struct run sound = RUN("verify", file);
        ck_assert_msg(sound.outcome == 0, "%s", sound.err);
        ck_assert(strstr(sound.out, "5000 keys") != NULL ||
                  strstr(sound.out, "200000 keys") != NULL);
        run_free(&sound);
    }
    (void)fclose(nothing);
    run_free(&old);
}
END_TEST

START_TEST(build__keys_that_do_not_ascend_are_told_by_place)
{
    const char *keys = sample_path(folder, "falling.u64");
    const char *file = sample_path(folder, "falling.hunch");
    write_keys(keys, 100, (uint64_t)-1, 10);
    struct run built = RUN("build", keys, "-o", file);
    ck_assert_int_eq(built.outcome, 2);
    ck_assert_ptr_nonnull(strstr(built.err, "falling.u64: key 1 is 99, after 100"));
    ck_assert_int_ne(access(file, F_OK), 0);
    write_keys(keys, (uint64_t)-1, (uint64_t)-4, 2);
    struct run typed = RUN("build", keys, "-o", file, "--type", "i64");
    ck_assert_ptr_nonnull(strstr(typed.err, "key 1 is -5, after -1"));
    run_free(&built);
    run_free(&typed);
}
END_TEST

START_TEST(verify__damage_is_a_no_with_its_place)
{
    const char *keys = sample_path(folder, "damaged.u64");
    const char *file = sample_path(folder, "damaged.hunch");
    write_keys(keys, 0, STEP, KEYS);
    struct run built = RUN("build", keys, "-o", file, "--kind", "segments");
    flip(file, 2000);
    struct run said = RUN("verify", file);
    ck_assert_int_eq(said.outcome, 1);
    ck_assert_ptr_nonnull(strstr(said.err, "page 0"));
    ck_assert_int_eq(truncate(file, 1000), 0);
    struct run cut = RUN("verify", file);
    ck_assert_int_eq(cut.outcome, 1);
    run_free(&built);
    run_free(&said);
    run_free(&cut);
}
END_TEST

START_TEST(inspect__text_json_and_page_agree)
{
    const char *keys = sample_path(folder, "seen.u64");
    const char *file = sample_path(folder, "seen.hunch");
    const char *page = sample_path(folder, "seen.html");
    write_keys(keys, 0, STEP, KEYS);
    json_t *built = RUN_JSON("build", keys, "-o", file, "--kind", "segments", "--json");
    json_t *seen = RUN_JSON("inspect", file, "--json", "--html", page);
    ck_assert_str_eq(json_string_value(json_object_get(seen, "kind")), "segments");
    ck_assert_int_eq(json_integer_value(json_object_get(seen, "n")), KEYS);
    ck_assert(json_equal(json_object_get(built, "pieces"), json_object_get(seen, "pieces")));
    char *html = contents(fopen(page, "r"));
    ck_assert_ptr_nonnull(strstr(html, "<svg"));
    ck_assert_ptr_nonnull(strstr(html, "</html>"));
    ck_assert_ptr_null(strstr(html, "<script"));
    free(html);
    json_decref(built);
    json_decref(seen);
}
END_TEST

START_TEST(hardness__of_a_line_is_one)
{
    const char *keys = sample_path(folder, "line.u64");
    write_keys(keys, 7, STEP, KEYS);
    json_t *said = RUN_JSON("hardness", keys, "--eps", "32,128", "--json");
    json_t *bounds = json_object_get(said, "segments");
    ck_assert_uint_eq(json_array_size(bounds), 2);
    for (size_t i = 0; i < 2; i++) {
        const json_t *bound = json_array_get(bounds, i);
        ck_assert_int_eq(json_integer_value(json_object_get(bound, "segments")), 1);
    }
    json_decref(said);
}
END_TEST

static struct run run(const char *const *arguments)
{
    return run_from("/dev/null", arguments);
}

/* With the file `input` as stdin. */
static struct run run_from(const char *input, const char *const *arguments)
{
    FILE *in = fopen(input, "r");
    FILE *out = tmpfile();
    FILE *err = tmpfile();
    int status;
    ck_assert(in != NULL && out != NULL && err != NULL);
    const pid_t child = begin(arguments, in, out, err);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    (void)fclose(in);
    return (struct run){
        .outcome = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
        .out = contents(out),
        .err = contents(err),
    };
}

static pid_t begin(const char *const *arguments, FILE *in, FILE *out, FILE *err)
{
    char *words[ARGUMENTS_MAX] = {memory_copy_text(HUNCH_INDEX)};
    size_t count = 1;
    for (; arguments[count - 1] != NULL; count++) {
        ck_assert_uint_lt(count + 1, ARGUMENTS_MAX);
        words[count] = memory_copy_text(arguments[count - 1]);
    }
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        (void)dup2(fileno(in), STDIN_FILENO);
        (void)dup2(fileno(out), STDOUT_FILENO);
        (void)dup2(fileno(err), STDERR_FILENO);
        (void)execv(HUNCH_INDEX, words);
        _exit(127);
    }
    for (size_t i = 0; i < count; i++) {
        free(words[i]);
    }
    return child;
}

static void run_free(struct run *run)
{
    free(run->out);
    free(run->err);
}

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

static void write_keys(const char *path, uint64_t first, uint64_t step, size_t n)
{
    uint64_t *keys = memory_new(n * sizeof *keys);
    for (size_t i = 0; i < n; i++) {
        keys[i] = first + step * i;
    }
    ck_assert_int_eq(hunch__sosd_write(path, keys, n, NULL), HUNCH_OK);
    free(keys);
}

static void write_text(const char *path, const char *text, size_t n)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, n, file), n);
    ck_assert_int_eq(fclose(file), 0);
}

static void flip(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, at, SEEK_SET), 0);
    const int byte = fgetc(file);
    ck_assert_int_eq(fseek(file, at, SEEK_SET), 0);
    ck_assert_int_ne(fputc(byte ^ 1, file), EOF);
    ck_assert_int_eq(fclose(file), 0);
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
    Suite *suite = suite_create("index_command");
    TCase *cases = tcase_create("command");
    tcase_set_timeout(cases, 60);
    tcase_add_unchecked_fixture(cases, folder_begin, folder_end);
    tcase_add_test(cases, command__help_is_a_success_and_has_examples);
    tcase_add_loop_test(cases, command__wrong_use_is_told_and_has_its_exit_code, 0,
                        sizeof misuses / sizeof misuses[0]);
    tcase_add_loop_test(cases, build__what_is_built_answers, 0, 5);
    tcase_add_test(cases, query__a_bad_key_is_told);
    tcase_add_test(cases, query__keys_come_from_stdin);
    tcase_add_loop_test(cases, query__keys_are_of_the_type_that_the_file_says, 0, 2);
    tcase_add_test(cases, query__json_of_any_double);
    tcase_add_test(cases, build__json_of_any_name);
    tcase_add_test(cases, build__the_last_budget_counts);
    tcase_add_test(cases, build__killed_at_any_moment);
    tcase_add_test(cases, build__keys_that_do_not_ascend_are_told_by_place);
    tcase_add_test(cases, verify__damage_is_a_no_with_its_place);
    tcase_add_test(cases, inspect__text_json_and_page_agree);
    tcase_add_test(cases, hardness__of_a_line_is_one);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
