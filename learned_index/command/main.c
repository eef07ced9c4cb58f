/* hunch-index: indexes over sorted keys, built, asked and looked at. */
#define _GNU_SOURCE /* argp */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <hunch/version.h>

#include "index_command.h"

#define PROGRAM "hunch-index"

const char *const index__kinds[] = {"auto", "stree", "cells", "blocks", "segments", NULL};
const char *const index__routers[] = {"auto", "cells", "tree", "lines", NULL};
const char *const index__searches[] = {"auto", "halve", "count", NULL};

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

int index__fail(const char *file, hunch_status status, const hunch_diag *diag)
{
    hunch_diag shown = *diag;
    for (char *c = shown.text; *c != '\0';
         c++) { /* messages quote files, which may hold anything */
        *c = (unsigned char)*c < 0x20 || *c == 0x7F ? '?' : *c;
    }
    (void)fprintf(stderr, PROGRAM ": %s: %s\n", strcmp(file, "-") == 0 ? "stdin" : file,
                  shown.text);
    return status == HUNCH_ENOENT || status == HUNCH_EIO || status == HUNCH_ENOMEM
               ? COMMAND_ENVIRONMENT
               : COMMAND_USAGE;
}

uint64_t index__number(const char *name, const char *value, uint64_t low, uint64_t high,
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

uint32_t index__choice(const char *name, const char *value, const char *const *names,
                       struct argp_state *state)
{
    for (uint32_t i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], value) == 0) {
            return i;
        }
    }
    argp_error(state, "%s: '%s' is none; see --help", name, value);
    return 0;
}

struct json_t *index__json_text(const char *text)
{
    json_t *json = json_string(text);
    char *copy = json == NULL ? strdup(text) : NULL;
    for (char *c = copy; c != NULL && *c != '\0'; c++) {
        *c = (unsigned char)*c > 0x7F ? '?' : *c;
    }
    json = copy != NULL ? json_string(copy) : json;
    free(copy);
    return json;
}

int index__print_json(struct json_t *object)
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
    static char names[][24] = {PROGRAM " build", PROGRAM " query", PROGRAM " inspect",
                               PROGRAM " verify", PROGRAM " hardness"};
    static const struct command commands[] = {
        {names[0], index__build},  {names[1], index__query},    {names[2], index__inspect},
        {names[3], index__verify}, {names[4], index__hardness},
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
        "Build an index over sorted keys into a file, ask it, look into it, check it; and measure "
        "how hard keys are to learn."
        "\v"
        "Commands, each with its own --help:\n"
        "  build      an index file from a file of keys\n"
        "  query      positions and ranges of keys\n"
        "  inspect    what an index consists of and how far its model errs\n"
        "  verify     is the file sound?\n"
        "  hardness   how many straight lines the keys take\n"
        "\n"
        "Examples:\n"
        "  hunch-index build ids.u64 -o ids.hunch\n"
        "  hunch-index query ids.hunch 17 42\n"
        "  hunch-index inspect ids.hunch --html ids.html\n"
        "  hunch-index hardness ids.u64.zst\n"
        "\n"
        "Exit code: 0 success; 1 a key is absent (query --find) or the file damaged (verify); "
        "2 wrong use or bad input; 3 environment (missing file, no memory).";
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
        argp_error(state, "which command? build, query, inspect, verify or hardness");
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
