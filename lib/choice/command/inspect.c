/* hunch-choice inspect. */
#define _GNU_SOURCE /* argp */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "choice_command.h"
#include "inspection.h"
#include "saved.h"

enum key { KEY_HTML = 256 };

struct inspect_options {
    char *path; /* of argv */
    const char *html;
    bool json;
};

static error_t parse_key(int key, char *value, struct argp_state *state);
static int report(const struct inspect_options *options, const hunch_chooser *chooser);

int choice__inspect(int argc, char **argv)
{
    static const struct argp_option all[] = {
        {"json", 'j', NULL, 0, "Print one object of JSON", 0},
        {"html", KEY_HTML, "FILE", 0, "Write a page for the browser", 0},
        {0},
    };
    static const char doc[] =
        "Check a saved chooser and say what it is, what it has seen and what it would choose now. "
        "'-' is stdin; .zst and .gz are unpacked."
        "\v"
        "Examples:\n"
        "  hunch-choice inspect join.hunch\n"
        "  hunch-choice inspect --json join.hunch | jq .mean_reward\n"
        "  hunch-choice inspect --html join.html join.hunch.zst\n"
        "\n"
        "What it would choose is its answer to a context of which nothing is known: every feature "
        "missing.";
    static const struct argp argp = {all, parse_key, "FILE", doc, NULL, NULL, NULL};
    struct inspect_options options = {.path = NULL};
    hunch_chooser *chooser;
    hunch_diag diag;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &options);
    hunch_status status = choice__saved_open(&chooser, options.path, &diag);
    if (status != HUNCH_OK) {
        return choice__fail(options.path, status, &diag);
    }
    choice__clean(options.path); /* from here on it is a name */
    int code = report(&options, chooser);
    hunch_chooser_free(chooser);
    return code;
}

static int report(const struct inspect_options *options, const hunch_chooser *chooser)
{
    struct inspection in;
    hunch_diag diag;
    hunch_status status = choice__inspection_make(&in, options->path, chooser, &diag);
    if (status != HUNCH_OK) {
        return choice__fail(options->path, status, &diag);
    }
    int code = COMMAND_OK;
    if (options->html != NULL) {
        status = choice__inspection_page(options->html, &in, &diag);
        code = status == HUNCH_OK ? COMMAND_OK : choice__fail(options->html, status, &diag);
    }
    if (code == COMMAND_OK && options->json) {
        code = choice__print_json(choice__inspection_json(&in));
    } else if (code == COMMAND_OK) {
        choice__inspection_print(&in);
    }
    choice__inspection_free(&in);
    return code;
}

static error_t parse_key(int key, char *value, struct argp_state *state)
{
    struct inspect_options *options = state->input;
    switch (key) {
    case 'j':
        options->json = true;
        return 0;
    case KEY_HTML:
        options->html = value;
        return 0;
    case ARGP_KEY_ARG:
        if (options->path != NULL) {
            argp_error(state, "one file at a time: '%s' is too many", value);
        }
        options->path = value;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which file?");
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
