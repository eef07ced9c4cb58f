/* hunch-bench from outside: command lines, exit codes, and what table, JSON Lines and report say.
 *
 * The program runs in a child process on toys whose times are known, so that a figure that must not
 * be shown can be searched for. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>
#include <jansson.h>

#include "bench_toy.h"
#include "program.h"

#define ARGUMENTS_MAX 16
#define PATH_BYTES    128

/* What a run left. */
struct run {
    int outcome; /* exit code, or 128 + the signal */
    char *out, *err;
};

/* A folder of the test's own. */
struct place {
    char folder[PATH_BYTES];
    char json[PATH_BYTES + 16];
    char report[PATH_BYTES + 16];
};

static const struct toy_plan lying = {.data_name = "toys"};
static const struct toy_plan honest = {.data_name = "toys", .honest = true};

static void run_begin(struct run *run, const struct toy_plan *plan, const char *const *arguments);
static void run_end(struct run *run);
static void child(const struct toy_plan *plan, const char *const *arguments, FILE *out, FILE *err);
static char *contents(FILE *file);
static char *file_contents(const char *path);
static void place_begin(struct place *place);
static void place_end(struct place *place);
static size_t check_lines(const char *lines);
static void check_line(json_t *row);

START_TEST(program__wrong_answers_are_nowhere_a_time)
{
    static const char *const lies[] = {"987.5", "765.5", " 988 ", " 766 ", ">988<", ">766<"};
    struct place place;
    struct run run;
    place_begin(&place);
    run_begin(&run, &lying,
              (const char *[]){"toy", "--json", place.json, "--report", place.report, NULL});
    ck_assert_int_eq(run.outcome, 1);
    char *const texts[] = {run.out, file_contents(place.json), file_contents(place.report)};
    for (size_t i = 0; i < 3; i++) {
        ck_assert_ptr_nonnull(strstr(texts[i], "answers differ"));
        ck_assert_ptr_nonnull(strstr(texts[i], "late-liar"));
        ck_assert_ptr_nonnull(strstr(texts[i], "not built"));
        /* 987.5 and 765.5 ns are what the liars took; 102 the honest median, which shows that a
         * time would have been found. */
        for (size_t j = 0; j < sizeof lies / sizeof *lies; j++) {
            ck_assert_msg(strstr(texts[i], lies[j]) == NULL, "output %zu has '%s'", i, lies[j]);
        }
        ck_assert_ptr_nonnull(strstr(texts[i], "102"));
    }
    free(texts[1]);
    free(texts[2]);
    run_end(&run);
    place_end(&place);
}
END_TEST

START_TEST(program__honest_run_is_a_success)
{
    struct place place;
    struct run run;
    place_begin(&place);
    run_begin(&run, &honest, (const char *[]){"all", "--json", place.json, NULL});
    char *lines = file_contents(place.json);
    ck_assert_int_eq(run.outcome, 0);
    ck_assert_ptr_nonnull(strstr(run.out, " 988 ")); /* as the liars' would have looked */
    ck_assert_uint_eq(check_lines(lines), 6 + 6 + 3);
    ck_assert_str_eq(run.err, "");
    free(lines);
    run_end(&run);
    place_end(&place);
}
END_TEST

START_TEST(program__json_to_stdout_moves_the_table)
{
    struct run run;
    run_begin(&run, &honest, (const char *[]){"toy", "--json", "-", NULL});
    ck_assert_int_eq(run.outcome, 0);
    ck_assert_uint_eq(check_lines(run.out), 15);
    ck_assert_ptr_nonnull(strstr(run.err, "x floor"));
    run_end(&run);
}
END_TEST

START_TEST(program__filters)
{
    struct run run;
    run_begin(&run, &honest,
              (const char *[]){"toy", "--case", "lookup/[b-z]$|^toys/size$", "--impl", "^hunch$",
                               "--json", "-", NULL});
    ck_assert_int_eq(run.outcome, 0);
    ck_assert_uint_eq(check_lines(run.out), 2);
    ck_assert_ptr_null(strstr(run.out, "lookup/a"));
    ck_assert_ptr_nonnull(strstr(run.out, "\"ratio\":2"));
    run_end(&run);

    run_begin(&run, &honest, (const char *[]){"toy", "--list", "--case", "lookup", NULL});
    ck_assert_int_eq(run.outcome, 0);
    ck_assert_str_eq(run.out, "toys/lookup/a\ntoys/lookup/b\n");
    run_end(&run);
}
END_TEST

START_TEST(program__a_killed_run_leaves_whole_lines)
{
    const struct toy_plan killed = {.data_name = "toys", .kill = true};
    struct place place;
    struct run run;
    place_begin(&place);
    run_begin(&run, &killed,
              (const char *[]){"toy", "--json", place.json, "--report", place.report, NULL});
    char *lines = file_contents(place.json);
    ck_assert_int_eq(run.outcome, 128 + SIGKILL);
    ck_assert_uint_eq(check_lines(lines), 6);
    ck_assert_int_ne(access(place.report, F_OK), 0);
    free(lines);
    run_end(&run);
    place_end(&place);
}
END_TEST

START_TEST(program__hostile_names_stay_text)
{
    const struct toy_plan hostile = {
        .data_name = "<script>alert(1)</script>'\"`touch x`\033[31m\xff",
        .note = "%s%n & '; set output 'x' #",
        .honest = true,
    };
    struct place place;
    struct run run;
    place_begin(&place);
    run_begin(&run, &hostile,
              (const char *[]){"toy", "--json", place.json, "--report", place.report, "--impl",
                               "<b>|.", NULL});
    char *lines = file_contents(place.json);
    char *page = file_contents(place.report);
    ck_assert_int_eq(run.outcome, 0);
    ck_assert_uint_eq(check_lines(lines), 15);
    ck_assert_ptr_null(strstr(page, "<script"));
    ck_assert_ptr_null(strstr(page, "<b>|."));
    ck_assert_ptr_nonnull(strstr(page, "&lt;script&gt;"));
    ck_assert_ptr_null(strchr(run.out, '\033'));
    free(lines);
    free(page);
    run_end(&run);
    place_end(&place);
}
END_TEST

START_TEST(program__report_stands_alone)
{
    static const char *const absent[] = {"http:", "https:",  "<script",
                                         "src=",  "@import", "rgb( 10"};
    struct place place;
    struct run run;
    place_begin(&place);
    run_begin(&run, &honest, (const char *[]){"toy", "--report", place.report, NULL});
    char *page = file_contents(place.report);
    ck_assert_int_eq(run.outcome, 0);
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        ck_assert_msg(strstr(page, absent[i]) == NULL, "the page has %s", absent[i]);
    }
    ck_assert_ptr_nonnull(strstr(page, "prefers-color-scheme: dark"));
    ck_assert_ptr_nonnull(strstr(page, "--case '^toys/lookup/a$'"));
    ck_assert(strstr(page, "<svg") != NULL || strstr(page, "gnuplot could not be run") != NULL);
    free(page);
    run_end(&run);
    place_end(&place);
}
END_TEST

START_TEST(program__report_without_gnuplot)
{
    struct place place;
    struct run run;
    place_begin(&place);
    ck_assert_int_eq(setenv("PATH", place.folder, 1), 0);
    run_begin(&run, &honest, (const char *[]){"toy", "--report", place.report, NULL});
    char *page = file_contents(place.report);
    ck_assert_int_eq(run.outcome, 0);
    ck_assert_ptr_nonnull(strstr(page, "gnuplot could not be run"));
    ck_assert_ptr_nonnull(strstr(page, "Every figure"));
    ck_assert_ptr_null(strstr(page, "<svg"));
    free(page);
    run_end(&run);
    place_end(&place);
}
END_TEST

START_TEST(program__report_replaces_files_alone)
{
    char link[PATH_BYTES + 16];
    struct place place;
    struct run run;
    struct stat facts;
    place_begin(&place);
    ck_assert_int_eq(mkfifo(place.report, 0600), 0);
    run_begin(&run, &honest, (const char *[]){"toy", "--report", place.report, NULL});
    ck_assert_int_eq(run.outcome, 2);
    ck_assert_str_eq(run.out, "");
    ck_assert(stat(place.report, &facts) == 0 && S_ISFIFO(facts.st_mode));
    ck_assert_int_eq(unlink(place.report), 0);
    run_end(&run);

    (void)snprintf(link, sizeof link, "%s/link", place.folder);
    (void)fclose(fopen(place.report, "we"));
    ck_assert_int_eq(symlink(place.report, link), 0);
    run_begin(&run, &honest, (const char *[]){"toy", "--report", link, NULL});
    ck_assert_int_eq(run.outcome, 0);
    ck_assert(stat(place.report, &facts) == 0 && facts.st_size > 0);
    ck_assert(lstat(link, &facts) == 0 && S_ISLNK(facts.st_mode));
    ck_assert_int_eq(unlink(link), 0);
    run_end(&run);
    place_end(&place);
}
END_TEST

/* Command lines that must not measure anything. */
static const struct {
    const char *arguments[ARGUMENTS_MAX];
    int outcome;
    const char *message;
} refused[] = {
    {{NULL}, 2, "which suite"},
    {{"bloom", NULL}, 2, "suite bloom: not in this version"},
    {{"nonsense", NULL}, 2, "no suite is called 'nonsense'"},
    {{"toy", "toy", NULL}, 2, "one suite at a time"},
    {{"toy", "--reps", "0", NULL}, 2, "--reps: expected a whole number from 1 to 10000"},
    {{"toy", "--reps", "5x", NULL}, 2, "found '5x'"},
    {{"toy", "--reps", "-5", NULL}, 2, "found '-5'"},
    {{"toy", "--seed", "", NULL}, 2, "--seed: expected a whole number"},
    {{"toy", "--seed", "99999999999999999999", NULL}, 2, "--seed: expected a whole number"},
    {{"toy", "--profile", "slow", NULL}, 2, "--profile: expected quick or full, found 'slow'"},
    {{"toy", "--case", "(", NULL}, 2, "--case '('"},
    {{"toy", "--impl", "[", NULL}, 2, "--impl '['"},
    {{"toy", "--case", "nothing-like-it", NULL}, 2, "nothing to measure"},
    {{"toy", "--unknown", NULL}, 2, "unrecognized option '--unknown'"},
    {{"toy", "--data", "/nonexistent/folder", NULL}, 3, "--data /nonexistent/folder: No such"},
    {{"toy", "--data", "/dev/null", NULL}, 2, "--data /dev/null: not a folder"},
    {{"toy", "--json", "/nonexistent/x", NULL}, 3, "--json /nonexistent/x: No such"},
    {{"toy", "--json", "/dev/full", NULL}, 3, "JSON Lines: No space left"},
    {{"toy", "--keys", "/nonexistent/x.u64", NULL}, 3, "--keys /nonexistent/x.u64: No such"},
    {{"toy", "--keys", "/", NULL}, 2, "--keys /: is a folder"},
    {{"toy", "--json", "/", NULL}, 2, "--json /: is a folder"},
    {{"toy", "--report", "/", NULL}, 2, "--report /: not a regular file"},
    {{"toy", "--report", "/dev/null", NULL}, 2, "--report /dev/null: not a regular file"},
    {{"toy", "--report", "", NULL}, 2, "not a regular file"},
    {{"toy", "--report", "/nonexistent/x.html", NULL}, 3, "--report /nonexistent/x.html: No such"},
};

START_TEST(program__refuses_with_a_reason)
{
    struct run run;
    run_begin(&run, &honest, refused[_i].arguments);
    ck_assert_msg(run.outcome == refused[_i].outcome, "exit code %d, expected %d: %s", run.outcome,
                  refused[_i].outcome, run.err);
    ck_assert_msg(strstr(run.err, refused[_i].message) != NULL, "'%s' is not in: %s",
                  refused[_i].message, run.err);
    ck_assert_str_eq(run.out, "");
    run_end(&run);
}
END_TEST

START_TEST(program__help_has_examples)
{
    struct run run;
    run_begin(&run, &honest, (const char *[]){"--help", NULL});
    ck_assert_int_eq(run.outcome, 0);
    ck_assert_ptr_nonnull(strstr(run.out, "Examples:"));
    ck_assert_ptr_nonnull(strstr(run.out, "--report=FILE.html"));
    run_end(&run);
    run_begin(&run, &honest, (const char *[]){"--version", NULL});
    ck_assert_int_eq(run.outcome, 0);
    ck_assert_ptr_eq(strstr(run.out, "hunch-bench "), run.out);
    run_end(&run);
}
END_TEST

static void run_begin(struct run *run, const struct toy_plan *plan, const char *const *arguments)
{
    FILE *out = tmpfile();
    FILE *err = tmpfile();
    int outcome = 0;
    ck_assert(out != NULL && err != NULL);
    (void)fflush(NULL); /* or the child would flush our buffers a second time */
    const pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        child(plan, arguments, out, err);
    }
    ck_assert_int_eq(waitpid(pid, &outcome, 0), pid);
    run->outcome = WIFEXITED(outcome) ? WEXITSTATUS(outcome) : 128 + WTERMSIG(outcome);
    run->out = contents(out);
    run->err = contents(err);
    (void)fclose(out);
    (void)fclose(err);
}

static void run_end(struct run *run)
{
    free(run->out);
    free(run->err);
}

static void child(const struct toy_plan *plan, const char *const *arguments, FILE *out, FILE *err)
{
    char *argv[ARGUMENTS_MAX + 1] = {strdup("hunch-bench")};
    int argc = 1;
    for (; argc < ARGUMENTS_MAX && arguments[argc - 1] != NULL; argc++) {
        argv[argc] = strdup(arguments[argc - 1]);
    }
    (void)dup2(fileno(out), STDOUT_FILENO);
    (void)dup2(fileno(err), STDERR_FILENO);
    const struct bench_catalogue catalogue = toy_catalogue(plan);
    const int code = bench__program(argc, argv, &catalogue, toy_program_clock());
    for (int i = 0; i < argc; i++) {
        free(argv[i]);
    }
    exit(code);
}

static char *contents(FILE *file)
{
    const off_t size = lseek(fileno(file), 0, SEEK_END);
    ck_assert_int_ge(size, 0);
    char *text = calloc((size_t)size + 1, 1);
    ck_assert_ptr_nonnull(text);
    ck_assert_int_eq(pread(fileno(file), text, (size_t)size, 0), size);
    return text;
}

static char *file_contents(const char *path)
{
    FILE *file = fopen(path, "re");
    ck_assert_msg(file != NULL, "%s is not there", path);
    char *text = contents(file);
    (void)fclose(file);
    return text;
}

static void place_begin(struct place *place)
{
    const char *parent = getenv("TMPDIR");
    (void)snprintf(place->folder, sizeof place->folder, "%.90s/check-bench-XXXXXX",
                   parent == NULL ? "/tmp" : parent);
    ck_assert_ptr_nonnull(mkdtemp(place->folder));
    (void)snprintf(place->json, sizeof place->json, "%s/run.jsonl", place->folder);
    (void)snprintf(place->report, sizeof place->report, "%s/run.html", place->folder);
}

/* That the folder can be removed shows that nothing else was left in it. */
static void place_end(struct place *place)
{
    (void)unlink(place->json);
    (void)unlink(place->report);
    ck_assert_int_eq(rmdir(place->folder), 0);
}

/* How many lines there are; each is an object with all its fields, the last one ends. */
static size_t check_lines(const char *lines)
{
    size_t count = 0;
    while (*lines != '\0') {
        json_error_t error;
        const char *end = strchr(lines, '\n');
        ck_assert_ptr_nonnull(end);
        json_t *row = json_loadb(lines, (size_t)(end - lines), JSON_REJECT_DUPLICATES, &error);
        ck_assert_msg(row != NULL, "line %zu: %s", count + 1, error.text);
        check_line(row);
        json_decref(row);
        lines = end + 1;
        count++;
    }
    return count;
}

static void check_line(json_t *row)
{
    const char *suite, *name, *impl, *metric, *unit, *better, *baseline, *hash;
    json_int_t seed, n;
    json_t *data, *environment;
    ck_assert_int_eq(json_unpack(row, "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:o}", "suite",
                                 &suite, "case", &name, "impl", &impl, "metric", &metric, "unit",
                                 &unit, "better", &better, "baseline", &baseline, "seed", &seed,
                                 "data", &data, "env", &environment),
                     0);
    ck_assert_int_eq(json_unpack(data, "{s:s, s:I, s:s}", "name", &name, "n", &n, "xxh3", &hash),
                     0);
    ck_assert_uint_eq(strlen(hash), 16);
    static const char *const of_environment[] = {"cpu",   "isa",   "commit",  "compiler",
                                                 "flags", "pages", "governor"};
    for (size_t i = 0; i < sizeof of_environment / sizeof *of_environment; i++) {
        ck_assert(json_is_string(json_object_get(environment, of_environment[i])));
    }
    static const char *const of_value[] = {"value", "q1", "q3", "reps"};
    const bool failed = json_object_get(row, "error") != NULL;
    for (size_t i = 0; i < sizeof of_value / sizeof *of_value; i++) {
        ck_assert(json_is_number(json_object_get(row, of_value[i])) == !failed);
    }
    ck_assert(!failed || json_object_get(row, "ratio") == NULL);
    ck_assert_str_eq(better, "lower");
}

int main(void)
{
    Suite *suite = suite_create("bench_program");
    TCase *all = tcase_create("program");
    tcase_set_timeout(all, 30);
    tcase_add_test(all, program__wrong_answers_are_nowhere_a_time);
    tcase_add_test(all, program__honest_run_is_a_success);
    tcase_add_test(all, program__json_to_stdout_moves_the_table);
    tcase_add_test(all, program__filters);
    tcase_add_test(all, program__a_killed_run_leaves_whole_lines);
    tcase_add_test(all, program__hostile_names_stay_text);
    tcase_add_test(all, program__report_stands_alone);
    tcase_add_loop_test(all, program__refuses_with_a_reason, 0,
                        (int)(sizeof refused / sizeof *refused));
    tcase_add_test(all, program__help_has_examples);
    tcase_add_test(all, program__report_without_gnuplot);
    tcase_add_test(all, program__report_replaces_files_alone);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
