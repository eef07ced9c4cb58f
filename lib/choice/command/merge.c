/* hunch-choice merge. */
#define _GNU_SOURCE /* argp */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "choice_command.h"
#include "saved.h"

struct merge_options {
    char *output;  /* of argv */
    char **inputs; /* [count], of argv */
    size_t count;
    bool json;
};

static void parse_options(struct merge_options *options, int argc, char **argv);
static error_t parse_key(int key, char *value, struct argp_state *state);
static int merge_all(hunch_chooser *all, const struct merge_options *options);
static int merge_one(hunch_chooser *all, const char *path);
static int say(const hunch_chooser *all, const struct merge_options *options);

int choice__merge(int argc, char **argv)
{
    struct merge_options options;
    hunch_chooser *all = NULL;
    hunch_diag diag;
    options.inputs = calloc((size_t)argc, sizeof *options.inputs);
    if (options.inputs == NULL) {
        diag = (hunch_diag){.text = "no memory"};
        return choice__fail("merge", HUNCH_ENOMEM, &diag);
    }
    parse_options(&options, argc, argv);
    hunch_status status = choice__saved_open(&all, options.inputs[0], &diag);
    int code = status == HUNCH_OK ? merge_all(all, &options)
                                  : choice__fail(options.inputs[0], status, &diag);
    hunch_chooser_free(all);
    free(options.inputs);
    return code;
}

static int merge_all(hunch_chooser *all, const struct merge_options *options)
{
    hunch_diag diag;
    for (size_t i = 1; i < options->count; i++) {
        int code = merge_one(all, options->inputs[i]);
        if (code != COMMAND_OK) {
            return code;
        }
    }
    hunch_status status = hunch_chooser_save(all, options->output, &diag);
    return status == HUNCH_OK ? say(all, options) : choice__fail(options->output, status, &diag);
}

static int merge_one(hunch_chooser *all, const char *path)
{
    hunch_chooser *other;
    hunch_diag diag;
    hunch_status status = choice__saved_open(&other, path, &diag);
    if (status == HUNCH_OK) {
        status = hunch_chooser_merge(all, other, &diag);
    }
    hunch_chooser_free(other);
    if (status == HUNCH_OK) {
        return COMMAND_OK;
    }
    int code = choice__fail(path, status, &diag);
    return status == HUNCH_EUNSUPPORTED ? COMMAND_NO : code;
}

static int say(const hunch_chooser *all, const struct merge_options *options)
{
    hunch_chooser_stats stats = {.struct_size = sizeof stats};
    hunch_chooser_read_stats(all, &stats);
    choice__clean(options->output); /* from here on it is a name */
    if (options->json) {
        return choice__print_json(
            json_pack("{s:s, s:s, s:I, s:s, s:I, s:I, s:f}", "command", "merge", "file",
                      options->output, "inputs", (json_int_t)options->count, "learner",
                      stats.learner, "rewards", (json_int_t)stats.rewards, "learned",
                      (json_int_t)stats.learned, "mean_reward", stats.mean_reward));
    }
    (void)printf("%s: %zu chooser%s, %" PRIu64 " rewards, mean %.6g\n", options->output,
                 options->count, options->count == 1 ? "" : "s", stats.rewards, stats.mean_reward);
    return COMMAND_OK;
}

static void parse_options(struct merge_options *options, int argc, char **argv)
{
    static const struct argp_option all[] = {
        {"json", 'j', NULL, 0, "Print one object of JSON", 0},
        {0},
    };
    static const char doc[] =
        "Add up what the choosers in the files IN learned, as if one had seen all their rewards, "
        "and save the sum as OUT. They must choose from the same things by the same learner. '-' "
        "is stdin; .zst and .gz are unpacked."
        "\v"
        "Examples:\n"
        "  hunch-choice merge all.hunch shard-*.hunch\n"
        "  hunch-choice merge --json week.hunch week.hunch today.hunch\n"
        "\n"
        "OUT may be one of IN: it is replaced when all is written.";
    static const struct argp argp = {all, parse_key, "OUT IN...", doc, NULL, NULL, NULL};

    options->output = NULL;
    options->count = 0;
    options->json = false;
    (void)argp_parse(&argp, argc, argv, 0, NULL, options);
}

static error_t parse_key(int key, char *value, struct argp_state *state)
{
    struct merge_options *options = state->input;
    switch (key) {
    case 'j':
        options->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (options->output == NULL) {
            options->output = value;
        } else {
            options->inputs[options->count++] = value;
        }
        return 0;
    case ARGP_KEY_END:
        if (options->count == 0) {
            argp_error(state, options->output == NULL ? "which files?" : "which files to merge?");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
