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
    const char *key;
    bool keep_dup;
    struct conversion conversion;
};

static void parse_options(struct convert_options *options, int argc, char **argv);
static error_t parse_key(int key, char *value, struct argp_state *state);
static void parse_argument(struct convert_options *options, const char *value,
                           struct argp_state *state);
static void check_options(const struct convert_options *options, struct argp_state *state);
static char parse_separator(const char *value, struct argp_state *state);
static void parse_kind(struct convert_options *options, struct argp_state *state);
static void parse_start(struct epochs *epoch, const char *value, struct argp_state *state);
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
        {"key", 'K', "KIND", 0,
         "What becomes a key, the default first. text: number, ipv6 (upper half of an address); "
         "coast: hilbert, morton, lon, longlat (doubles, in their order); astrometry: codes, "
         "quads, stars; per-second: seconds, composite (second << 16 | number within it)",
         1},
        {"step", 't', "N", 0, "kmers: bases from one to the next (default 31)", 1},
        {"start", 'T', "SECOND[,I:SECOND]", 0,
         "per-second: the second of the first count (default 0) and, after a hole, of the I-th", 1},
        {0},
    };
    static const char doc[] =
        "Convert FILE, '-' for stdin, to a file of sorted keys. A .gz or .zst file is "
        "decompressed. "
        "FORMAT is text, u64, sosd, blkreplay, coast, kmers, ranges, pairs, astrometry or "
        "per-second; see 'hunch-dataset list'."
        "\v"
        "Examples:\n"
        "  hunch-dataset convert text ids.txt -o ids.u64\n"
        "  hunch-dataset convert text table.csv --separator , --column 3 --keep-dup -o dup.u64\n"
        "  zcat trace.load.gz | hunch-dataset convert blkreplay - --column 2 -o sectors.u64\n"
        "  hunch-dataset convert sosd books_200M_uint32 -o books.u64\n"
        "  hunch-dataset convert coast bins.raw segments.raw lon.raw lat.raw -o coast.u64\n"
        "  hunch-dataset convert kmers markers.fasta --step 7 -o kmers.u64\n"
        "  hunch-dataset convert per-second log_u16.zst --start 804571201 --keep-dup -o log.u64\n"
        "\n"
        "The output takes its name when it is whole. Numbers are decimal and below 2^64.";
    static const struct argp argp = {all, parse_key, "FORMAT FILE...", doc, NULL, NULL, NULL};

    *options = (struct convert_options){.conversion = {.column = 1, .separator = ' ', .step = 31}};
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
    case 'K':
        options->key = value;
        return 0;
    case 't':
        options->conversion.step = hunch__command_number("--step", value, 1, UINT32_MAX, state);
        return 0;
    case 'T':
        parse_start(&options->conversion.epoch, value, state);
        return 0;
    case ARGP_KEY_ARG:
        parse_argument(options, value, state);
        return 0;
    case ARGP_KEY_END:
        check_options(options, state);
        parse_kind(options, state);
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

/* Once the format is known, which may come after it. */
static void parse_kind(struct convert_options *options, struct argp_state *state)
{
    if (options->key == NULL) {
        return;
    }
    int key = hunch__format_key(options->format, options->key);
    if (options->format->keys == NULL) {
        argp_error(state, "--key: %s makes one kind of key only", options->format->name);
    } else if (key < 0) {
        argp_error(state, "--key: %s makes %s, found '%s'", options->format->name,
                   options->format->keys, options->key);
    }
    options->conversion.key = (unsigned)key;
}

static void parse_start(struct epochs *epoch, const char *value, struct argp_state *state)
{
    if (!hunch__epochs_parse(epoch, value)) {
        argp_error(state, "--start: expected SECOND or SECOND,INDEX:SECOND, found '%s'", value);
    }
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
