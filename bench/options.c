/* The command line of hunch-bench. */
#define _GNU_SOURCE /* argp */
#include "options.h"

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exit_codes.h"

#define REPS_MAX   10000u
#define REPS_QUICK 5u
#define REPS_FULL  9u

enum key {
    KEY_LIST = 256,
    KEY_CASE,
    KEY_IMPL,
    KEY_PROFILE,
    KEY_SEED,
    KEY_REPS,
    KEY_DATA,
    KEY_KEYS,
    KEY_CSV,
    KEY_TRACE,
    KEY_PEERS,
    KEY_JSON,
    KEY_REPORT
};

static error_t parse_key(int key, char *value, struct argp_state *state);
static enum bench_profile parse_profile(const char *value, struct argp_state *state);
static uint64_t parse_number(const char *name, const char *value, uint64_t low, uint64_t high,
                             struct argp_state *state);

void bench__options_parse(struct bench_options *options, int argc, char **argv)
{
    static const struct argp_option all[] = {
        {"list", KEY_LIST, NULL, 0, "Print the names of the cases and stop", 0},
        {"case", KEY_CASE, "REGEX", 0, "Only cases whose name matches", 0},
        {"impl", KEY_IMPL, "REGEX", 0, "Only implementations whose name matches", 0},
        {"profile", KEY_PROFILE, "NAME", 0, "quick (default) or full, the sizes of record", 0},
        {"seed", KEY_SEED, "N", 0, "Seed of everything that is drawn (default 1)", 0},
        {"reps", KEY_REPS, "N", 0, "Timed repetitions (default 5; full: 9)", 0},
        {"data", KEY_DATA, "DIR", 0, "Folder of data sets, before HUNCH_DATA and the cache", 1},
        {"keys", KEY_KEYS, "FILE", 0, "index: measure on the keys of this SOSD file instead", 1},
        {"csv", KEY_CSV, "FILE", 0, "choice: measure on this class set: n*, c*, y", 1},
        {"trace", KEY_TRACE, "FILE", 0, "choice: measure on this cache trace: key [size]", 1},
        {"peers", KEY_PEERS, "FILE", 0, "choice: figures of live peers, made by bench/run", 1},
        {"json", KEY_JSON, "FILE", 0, "Write JSON Lines; '-' is stdout, the table then stderr", 2},
        {"report", KEY_REPORT, "FILE.html", 0, "Write a report for the browser", 2},
        {0},
    };
    static const char doc[] =
        "Measure SUITE (index, choice, or all) against the contenders that were built: interleaved "
        "repetitions, answers compared, ratios to the baseline of the same run."
        "\v"
        "Examples:\n"
        "  hunch-bench index                          five minutes at most, a table\n"
        "  hunch-bench index --list                   the names of the cases\n"
        "  hunch-bench index --case 'present/batched' --impl 'hunch|absl'\n"
        "  hunch-bench index --keys my_keys.u64       your own keys: u64 count, u64 keys\n"
        "  hunch-bench choice --csv my_rows.csv       your own classes: columns n*, c*, y\n"
        "  hunch-bench choice --trace my_trace.txt    your own cache: a key a line\n"
        "  hunch-bench all --profile full --json run.jsonl --report run.html\n"
        "  hunch-bench index --json - | jq -c 'select(.impl == \"hunch\")'\n"
        "\n"
        "Exit code: 0 success; 1 answers of a contender differ; 2 wrong use or bad input; "
        "3 environment (missing file, no memory).";
    static const struct argp argp = {all, parse_key, "SUITE", doc, NULL, NULL, NULL};

    *options = (struct bench_options){.seed = 1};
    argp_err_exit_status = BENCH_EXIT_USAGE;
    argp_program_version = "hunch-bench " BENCH_VERSION;
    (void)argp_parse(&argp, argc, argv, 0, NULL, options);
    if (options->reps == 0) {
        options->reps = options->profile == BENCH_FULL ? REPS_FULL : REPS_QUICK;
    }
}

static error_t parse_key(int key, char *value, struct argp_state *state)
{
    struct bench_options *options = state->input;
    switch (key) {
    case KEY_LIST:
        options->list = true;
        return 0;
    case KEY_CASE:
        options->case_regex = value;
        return 0;
    case KEY_IMPL:
        options->impl_regex = value;
        return 0;
    case KEY_PROFILE:
        options->profile = parse_profile(value, state);
        return 0;
    case KEY_SEED:
        options->seed = parse_number("--seed", value, 0, INT64_MAX, state);
        return 0;
    case KEY_REPS:
        options->reps = (unsigned)parse_number("--reps", value, 1, REPS_MAX, state);
        return 0;
    case KEY_DATA:
        options->data = value;
        return 0;
    case KEY_KEYS:
        options->keys = value;
        return 0;
    case KEY_CSV:
        options->csv = value;
        return 0;
    case KEY_TRACE:
        options->trace = value;
        return 0;
    case KEY_PEERS:
        options->peers = value;
        return 0;
    case KEY_JSON:
        options->json = value;
        return 0;
    case KEY_REPORT:
        options->report = value;
        return 0;
    case ARGP_KEY_ARG:
        if (options->suite != NULL) {
            argp_error(state, "one suite at a time: '%s' is too many", value);
        }
        options->suite = value;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which suite? index, choice, or all");
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static enum bench_profile parse_profile(const char *value, struct argp_state *state)
{
    if (strcmp(value, "quick") != 0 && strcmp(value, "full") != 0) {
        argp_error(state, "--profile: expected quick or full, found '%s'", value);
    }
    return strcmp(value, "full") == 0 ? BENCH_FULL : BENCH_QUICK;
}

static uint64_t parse_number(const char *name, const char *value, uint64_t low, uint64_t high,
                             struct argp_state *state)
{
    char *end = NULL;
    errno = 0;
    const unsigned long long number = strtoull(value, &end, 10);
    /* strtoull takes signs and spaces. */
    const bool digits = value[strspn(value, "0123456789")] == '\0' && *value != '\0';
    if (errno != 0 || !digits || number < low || number > high) {
        argp_error(state, "%s: expected a whole number from %llu to %llu, found '%s'", name,
                   (unsigned long long)low, (unsigned long long)high, value);
    }
    return number;
}
