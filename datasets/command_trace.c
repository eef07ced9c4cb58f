/* hunch-dataset trace. */
#define _GNU_SOURCE /* argp */
#include <errno.h>

#include "alloc.h"
#include "command.h"
#include "convert.h"
#include "trace.h"

#define SECTOR 512

struct trace_options {
    const char *input;
    const char *output;
    uint64_t block; /* bytes */
};

static void parse_options(struct trace_options *options, int argc, char **argv);
static error_t parse_key(int key, char *value, struct argp_state *state);

int hunch__command_trace(int argc, char **argv)
{
    struct trace_options options;
    struct key_list keys = {.allocator = hunch__allocator_or_default(NULL)};
    hunch_diag diag;
    parse_options(&options, argc, argv);

    const char *bad = options.input;
    hunch_status status = hunch__convert_blocks(&keys, bad, options.block / SECTOR, &diag);
    if (status == HUNCH_OK) {
        bad = options.output;
        status = hunch__trace_save(bad, keys.keys, NULL, keys.n, &diag);
    }
    hunch__key_list_free(&keys);
    return status == HUNCH_OK ? COMMAND_OK : hunch__command_fail(bad, status, &diag);
}

static void parse_options(struct trace_options *options, int argc, char **argv)
{
    static const struct argp_option all[] = {
        {"output", 'o', "FILE", 0, "Where the trace goes", 0},
        {"block", 'b', "BYTES", 0, "Size of a block (default 4096), a multiple of 512", 0},
        {0},
    };
    static const char doc[] =
        "Make a trace of requests, a block's number a line, as hunch-bench choice --trace plays "
        "it, of a trace of blkreplay. A request for several blocks becomes as many lines."
        "\v"
        "Examples:\n"
        "  hunch-dataset trace linux-mysql.load.gz -o mysql.txt\n"
        "  zcat trace.load.gz | hunch-dataset trace - --block 16384 -o pages.txt";
    static const struct argp argp = {all, parse_key, "FILE", doc, NULL, NULL, NULL};

    *options = (struct trace_options){.block = 4096};
    (void)argp_parse(&argp, argc, argv, 0, NULL, options);
}

static error_t parse_key(int key, char *value, struct argp_state *state)
{
    struct trace_options *options = state->input;
    switch (key) {
    case 'o':
        options->output = value;
        return 0;
    case 'b':
        options->block = hunch__command_number("--block", value, SECTOR, 1 << 30, state);
        if (options->block % SECTOR != 0) {
            argp_error(state, "--block: expected a multiple of %d, found '%s'", SECTOR, value);
        }
        return 0;
    case ARGP_KEY_ARG:
        if (options->input != NULL) {
            argp_error(state, "one trace at a time: '%s' is too many", value);
        }
        options->input = value;
        return 0;
    case ARGP_KEY_END:
        if (options->input == NULL) {
            argp_error(state, "which trace?");
        } else if (options->output == NULL) {
            argp_error(state, "where does the trace go? -o FILE");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
