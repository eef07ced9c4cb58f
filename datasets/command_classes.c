/* hunch-dataset classes. */
#define _GNU_SOURCE /* argp, open_memstream */
#include <errno.h>

#include "arff.h"
#include "class_csv.h"
#include "class_tidy.h"
#include "command.h"

#define INPUTS_MAX 16

struct classes_options {
    const char *inputs[INPUTS_MAX];
    size_t count;
    const char *output;
    const char *label;
    uint64_t seed;
};

static void parse_options(struct classes_options *options, int argc, char **argv);
static error_t parse_key(int key, char *value, struct argp_state *state);

int hunch__command_classes(int argc, char **argv)
{
    struct classes_options options;
    struct class_set read, tidy = {.n = 0};
    hunch_diag diag;
    const char *bad;
    parse_options(&options, argc, argv);

    hunch_status status =
        hunch__arff_read(&read, options.inputs, options.count, options.label, &bad, &diag);
    if (status == HUNCH_OK) {
        status = hunch__class_tidy(&tidy, &read, options.seed, &diag);
    }
    hunch__class_set_free(&read);
    if (status == HUNCH_OK) {
        bad = options.output;
        status = hunch__class_csv_save(options.output, &tidy, &diag);
    }
    hunch__class_set_free(&tidy);
    return status == HUNCH_OK ? COMMAND_OK : hunch__command_fail(bad, status, &diag);
}

static void parse_options(struct classes_options *options, int argc, char **argv)
{
    static const struct argp_option all[] = {
        {"output", 'o', "FILE", 0, "Where the table goes", 0},
        {"class", 'c', "NAME", 0, "The attribute that is the class (default: the last one)", 0},
        {"seed", 'S', "N", 0, "Another seed, another order of the rows (default 0)", 0},
        {0},
    };
    static const char doc[] =
        "Make a table of examples, as hunch-bench choice --csv plays it, of attribute-relation "
        "files (ARFF) with numeric and nominal attributes. Columns that are the same in every row "
        "are dropped and the rows are shuffled."
        "\v"
        "Examples:\n"
        "  hunch-dataset classes soybean.arff -o soybean.csv\n"
        "  hunch-dataset classes segment-challenge.arff segment-test.arff -o segment.csv\n"
        "\n"
        "The header names the columns: n0 is numeric, c1 categorical, y the class. Codes are the "
        "places of values in the attribute's declaration; an empty field is missing.";
    static const struct argp argp = {all, parse_key, "FILE...", doc, NULL, NULL, NULL};

    *options = (struct classes_options){.count = 0};
    (void)argp_parse(&argp, argc, argv, 0, NULL, options);
}

static error_t parse_key(int key, char *value, struct argp_state *state)
{
    struct classes_options *options = state->input;
    switch (key) {
    case 'o':
        options->output = value;
        return 0;
    case 'c':
        options->label = value;
        return 0;
    case 'S':
        options->seed = hunch__command_number("--seed", value, 0, UINT64_MAX, state);
        return 0;
    case ARGP_KEY_ARG:
        if (options->count == INPUTS_MAX) {
            argp_error(state, "%d files at most: '%s' is too many", INPUTS_MAX, value);
        }
        options->inputs[options->count++] = value;
        return 0;
    case ARGP_KEY_END:
        if (options->count == 0) {
            argp_error(state, "which file?");
        } else if (options->output == NULL) {
            argp_error(state, "where does the table go? -o FILE");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
