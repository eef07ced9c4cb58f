/* hunch-index verify. */
#define _GNU_SOURCE /* argp */
#include <stdio.h>

#include "index_command.h"

static error_t parse_key(int key, char *value, struct argp_state *state);

int index__verify(int argc, char **argv)
{
    static const char doc[] =
        "Check an index file: every checksum, the order of the keys, every part of the model "
        "against the keys."
        "\v"
        "Examples:\n"
        "  hunch-index verify ids.hunch && echo sound\n"
        "\n"
        "Exit code: 0 sound; 1 damaged, or no index file at all; 2 an index file that this version "
        "does not know; 3 cannot be read.";
    static const struct argp argp = {NULL, parse_key, "FILE", doc, NULL, NULL, NULL};
    const hunch_index_options options = {.struct_size = sizeof options, .verify = 1};
    const char *path = NULL;
    hunch_index *index = NULL;
    hunch_diag diag;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &path);
    const hunch_status status = hunch_index_open(&index, path, &options, &diag);
    if (status == HUNCH_ECORRUPT || status == HUNCH_EINVAL) { /* damaged, or something else */
        (void)index__fail(path, status, &diag);
        return COMMAND_NO;
    }
    if (status != HUNCH_OK) {
        return index__fail(path, status, &diag);
    }
    printf("%s: sound, %zu keys\n", path, hunch_index_count(index));
    hunch_index_free(index);
    return COMMAND_OK;
}

static error_t parse_key(int key, char *value, struct argp_state *state)
{
    const char **path = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (*path != NULL) {
            argp_error(state, "one file, not also '%s'", value);
        }
        *path = value;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which file?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
