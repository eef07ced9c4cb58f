/* hunch-dataset convert. */
#define _GNU_SOURCE /* argp */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "command.h"
#include "convert.h"
#include "sort.h"
#include "sosd.h"

#define INPUTS_MAX 4

struct convert_options {
    const struct format *format;
    const char *inputs[INPUTS_MAX];
    size_t count;
    const char *output;
    bool keep_dup;
    struct conversion conversion;
};

static void parse_options(struct convert_options *options, int argc, char **argv);
static error_t parse_key(int key, char *value, struct argp_state *state);
static void parse_argument(struct convert_options *options, const char *value,
                           struct argp_state *state);
static void check_options(const struct convert_options *options, struct argp_state *state);
static char parse_separator(const char *value, struct argp_state *state);
static bool parse_curve(const char *value, struct argp_state *state);
static hunch_status write_keys(struct key_list *keys, const struct convert_options *options,
                               hunch_diag *diag);

int hunch__command_convert(int argc, char **argv)
{
    struct convert_options options;
    struct key_list keys = {.allocator = hunch__allocator_or_default(NULL)};
    hunch_diag diag;
    parse_options(&options, argc, argv);

    const char *bad = options.inputs[0];
    hunch_status status =
        options.format->read(&keys, options.inputs, &options.conversion, &bad, &diag);
    if (status == HUNCH_OK) {
        bad = options.output;
        status = write_keys(&keys, &options, &diag);
    }
    hunch__key_list_free(&keys);
    return status == HUNCH_OK ? COMMAND_OK : hunch__command_fail(bad, status, &diag);
}

static void parse_options(struct convert_options *options, int argc, char **argv)
{
    static const struct argp_option all[] = {
        {"output", 'o', "FILE", 0, "Where the keys go", 0},
        {"keep-dup", 'k', NULL, 0, "Keep equal keys; else each key is kept once", 0},
        {"column", 'c', "N", 0,
         "text: column of the number, from 1; blkreplay: 1 the time, 2 the "
         "sector (default 1)",
         1},
        {"separator", 's', "CHAR", 0,
         "text: between columns, 'tab' for a tab (default white space)", 1},
        {"curve", 'C', "NAME", 0, "coast: hilbert (default) or morton", 1},
        {0},
    };
    static const char doc[] =
        "Convert FILE, '-' for stdin, to a file of sorted keys. A .gz or .zst file is "
        "decompressed. "
        "FORMAT is text, u64, sosd, blkreplay or coast; see 'hunch-dataset list'."
        "\v"
        "Examples:\n"
        "  hunch-dataset convert text ids.txt -o ids.u64\n"
        "  hunch-dataset convert text table.csv --separator , --column 3 --keep-dup -o dup.u64\n"
        "  zcat trace.load.gz | hunch-dataset convert blkreplay - --column 2 -o sectors.u64\n"
        "  hunch-dataset convert sosd books_200M_uint32 -o books.u64\n"
        "  hunch-dataset convert coast bins.raw segments.raw lon.raw lat.raw -o coast.u64\n"
        "\n"
        "The output takes its name when it is whole. Numbers are decimal and below 2^64.";
    static const struct argp argp = {all, parse_key, "FORMAT FILE...", doc, NULL, NULL, NULL};

    *options =
        (struct convert_options){.conversion = {.column = 1, .separator = ' ', .hilbert = true}};
    (void)argp_parse(&argp, argc, argv, 0, NULL, options);
}

static error_t parse_key(int key, char *value, struct argp_state *state)
{
    struct convert_options *options = state->input;
    switch (key) {
    case 'o':
        options->output = value;
        return 0;
    case 'k':
        options->keep_dup = true;
        return 0;
    case 'c':
        options->conversion.column =
            (unsigned)hunch__command_number("--column", value, 1, 1000000, state);
        return 0;
    case 's':
        options->conversion.separator = parse_separator(value, state);
        return 0;
    case 'C':
        options->conversion.hilbert = parse_curve(value, state);
        return 0;
    case ARGP_KEY_ARG:
        parse_argument(options, value, state);
        return 0;
    case ARGP_KEY_END:
        check_options(options, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void parse_argument(struct convert_options *options, const char *value,
                           struct argp_state *state)
{
    if (options->format == NULL) {
        options->format = hunch__format_find(value);
        if (options->format == NULL) {
            argp_error(state, "no format is called '%s'", value);
        }
    } else if (options->count == options->format->inputs) {
        argp_error(state, "%s takes %zu file(s): '%s' is too many", options->format->name,
                   options->format->inputs, value);
    } else {
        options->inputs[options->count++] = value;
    }
}

static void check_options(const struct convert_options *options, struct argp_state *state)
{
    if (options->format == NULL) {
        argp_error(state, "which format?");
    } else if (options->count < options->format->inputs) {
        argp_error(state, "%s takes %zu file(s), found %zu", options->format->name,
                   options->format->inputs, options->count);
    } else if (options->output == NULL) {
        argp_error(state, "where do the keys go? -o FILE");
    } else if (strcmp(options->format->name, "blkreplay") == 0 && options->conversion.column > 2) {
        argp_error(state, "--column: blkreplay has 1, the time, and 2, the sector");
    }
}

static char parse_separator(const char *value, struct argp_state *state)
{
    if (strcmp(value, "tab") == 0) {
        return '\t';
    }
    if (strlen(value) != 1 || (*value >= '0' && *value <= '9')) {
        argp_error(state, "--separator: expected one character, no digit, found '%s'", value);
    }
    return *value;
}

static bool parse_curve(const char *value, struct argp_state *state)
{
    if (strcmp(value, "hilbert") != 0 && strcmp(value, "morton") != 0) {
        argp_error(state, "--curve: expected hilbert or morton, found '%s'", value);
    }
    return strcmp(value, "hilbert") == 0;
}

static hunch_status write_keys(struct key_list *keys, const struct convert_options *options,
                               hunch_diag *diag)
{
    hunch_status status = hunch__sort_keys(keys->keys, keys->n, &keys->allocator, diag);
    if (status != HUNCH_OK) {
        return status;
    }
    if (!options->keep_dup) {
        keys->n = hunch__drop_duplicates(keys->keys, keys->n);
    }
    return hunch__sosd_write(options->output, keys->keys, keys->n, diag);
}
