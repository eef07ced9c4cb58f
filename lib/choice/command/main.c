/* hunch-choice: saved choosers looked at and merged, choosing tried out. */
#define _GNU_SOURCE /* argp */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <hunch/version.h>

#include "choice_command.h"

#define PROGRAM "hunch-choice"

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

int choice__fail(const char *file, hunch_status status, const hunch_diag *diag)
{
    hunch_diag shown = *diag;
    choice__clean(shown.text);
    if (file == NULL) {
        (void)fprintf(stderr, PROGRAM ": %s\n", shown.text);
    } else {
        (void)fprintf(stderr, PROGRAM ": %s: %s\n", strcmp(file, "-") == 0 ? "stdin" : file,
                      shown.text);
    }
    return status == HUNCH_ENOENT || status == HUNCH_EIO || status == HUNCH_ENOMEM
               ? COMMAND_ENVIRONMENT
               : COMMAND_USAGE;
}

void choice__clean(char *text)
{
    json_t *as_utf8 = json_string(text);
    for (char *c = text; *c != '\0'; c++) {
        const unsigned char byte = (unsigned char)*c;
        if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && as_utf8 == NULL)) {
            *c = '?';
        }
    }
    json_decref(as_utf8);
}

const char *choice__name(const char *name, char out[CHOICE_NAME_BYTES])
{
    (void)snprintf(out, CHOICE_NAME_BYTES, "%s", name != NULL ? name : "");
    choice__clean(out);
    return out;
}

uint64_t choice__number(const char *name, const char *value, uint64_t low, uint64_t high,
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

double choice__fraction(const char *name, const char *value, struct argp_state *state)
{
    char *end = NULL;
    double number = strtod(value, &end);
    if (end == value || *end != '\0' || !(number >= 0 && number <= 1)) {
        argp_error(state, "%s: expected a number from 0 to 1, found '%s'", name, value);
    }
    return number;
}

int choice__print_json(struct json_t *object)
{
    char *text = object != NULL ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(object);
    if (text == NULL) {
        (void)fprintf(stderr, PROGRAM ": no memory for the results\n");
        return COMMAND_ENVIRONMENT;
    }
    (void)puts(text);
    free(text);
    return COMMAND_OK;
}

static const struct command *command_find(const char *name)
{
    static char names[][24] = {PROGRAM " inspect", PROGRAM " merge", PROGRAM " simulate"};
    static const struct command commands[] = {
        {names[0], choice__inspect},
        {names[1], choice__merge},
        {names[2], choice__simulate},
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
        "Look at what a program's choosers have learned, add it up, and try out how well choosing "
        "works on your own data."
        "\v"
        "Commands, each with its own --help:\n"
        "  inspect    what a saved chooser is and what it learned\n"
        "  simulate   play a table of examples as a bandit, and see what choosing loses\n"
        "  merge      add up what several choosers learned\n"
        "\n"
        "Examples:\n"
        "  hunch-choice inspect join.hunch\n"
        "  hunch-choice simulate --csv my_rows.csv --shuffles 5\n"
        "  hunch-choice merge all.hunch monday.hunch tuesday.hunch\n"
        "\n"
        "Exit code: 0 success; 1 these choosers cannot be merged; 2 wrong use or bad input; "
        "3 environment (missing file, no memory).";
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
        argp_error(state, "which command? inspect, merge or simulate");
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
