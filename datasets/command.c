/* hunch-dataset: files of keys, examples and requests made, converted and looked at. */
#define _GNU_SOURCE /* argp */
#include "command.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hunch/version.h>

#define PROGRAM "hunch-dataset"

struct command {
    char *name; /* as argp shows it in messages */
    int (*run)(int argc, char **argv);
};

static const struct command *command_find(const char *name);
static void parse_own_options(int argc, char **argv);
static error_t refuse_argument(int key, char *value, struct argp_state *state);

int main(int argc, char **argv)
{
    char version[64];
    (void)snprintf(version, sizeof version, PROGRAM " %d.%d.%d", HUNCH_VERSION_MAJOR,
                   HUNCH_VERSION_MINOR, HUNCH_VERSION_PATCH);
    argp_program_version = version;
    argp_err_exit_status = COMMAND_USAGE;
    const struct command *command = argc > 1 ? command_find(argv[1]) : NULL;
    if (command == NULL) {
        parse_own_options(argc, argv);
        return COMMAND_USAGE;
    }
    argv[1] = command->name;
    int status = command->run(argc - 1, argv + 1);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        (void)fprintf(stderr, PROGRAM ": cannot write the results: %s\n", strerror(errno));
        return COMMAND_ENVIRONMENT;
    }
    return status;
}

int hunch__command_fail(const char *file, hunch_status status, const hunch_diag *diag)
{
    (void)fprintf(stderr, PROGRAM ": %s: %s\n", strcmp(file, "-") == 0 ? "stdin" : file,
                  diag->text);
    return status == HUNCH_EINVAL || status == HUNCH_ECORRUPT ? COMMAND_USAGE : COMMAND_ENVIRONMENT;
}

uint64_t hunch__command_number(const char *name, const char *value, uint64_t low, uint64_t high,
                               struct argp_state *state)
{
    char *end = NULL;
    errno = 0;
    uint64_t number = strtoull(value, &end, 10);
    /* strtoull takes signs and spaces. */
    if (errno != 0 || *value < '0' || *value > '9' || *end != '\0' || number < low ||
        number > high) {
        argp_error(state, "%s: expected a whole number from %" PRIu64 " to %" PRIu64 ", found '%s'",
                   name, low, high, value);
    }
    return number;
}

static const struct command *command_find(const char *name)
{
    static char names[][24] = {PROGRAM " classes", PROGRAM " convert", PROGRAM " generate",
                               PROGRAM " info",    PROGRAM " list",    PROGRAM " trace"};
    static const struct command commands[] = {
        {names[0], hunch__command_classes},  {names[1], hunch__command_convert},
        {names[2], hunch__command_generate}, {names[3], hunch__command_info},
        {names[4], hunch__command_list},     {names[5], hunch__command_trace},
    };
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i].name + sizeof PROGRAM, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

/* --help and --version; anything else is an error. Does not return. */
static void parse_own_options(int argc, char **argv)
{
    static const char doc[] =
        "Make, convert and look at data for the benchmarks: sorted keys (SOSD: u64 count, u64 "
        "keys, little-endian), tables of examples with a class (CSV) and traces of requests (a key "
        "a line)."
        "\v"
        "Commands, each with its own --help:\n"
        "  classes    from ARFF to a table of examples\n"
        "  convert    from text, raw keys, traces, maps, genomes and others to a key file\n"
        "  generate   keys, examples or requests from a generator\n"
        "  info       what is in a key file\n"
        "  list       known sets, generators and formats\n"
        "  trace      from a trace of blkreplay to a trace of blocks\n"
        "\n"
        "Examples:\n"
        "  hunch-dataset generate 'cascade(1.0)' -n 20000000 -o hard.u64\n"
        "  hunch-dataset generate 'clusters(16,0,26,0.3)' -o letters.csv\n"
        "  hunch-dataset convert text ids.txt.gz -o ids.u64\n"
        "  hunch-dataset classes soybean.arff -o soybean.csv\n"
        "  hunch-dataset info ids.u64\n"
        "\n"
        "Exit code: 0 success; 2 wrong use or bad input; 3 environment (missing file, no memory).";
    static const struct argp argp = {NULL, refuse_argument, "COMMAND ...", doc, NULL, NULL, NULL};
    (void)argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, NULL);
}

static error_t refuse_argument(int key, char *value, struct argp_state *state)
{
    switch (key) {
    case ARGP_KEY_ARG:
        argp_error(state, "no command is called '%s'", value);
        return EINVAL;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which command? classes, convert, generate, info, list or trace");
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
