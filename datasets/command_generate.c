/* hunch-dataset generate. */
#define _GNU_SOURCE /* argp */
#include <errno.h>

#include "class_csv.h"
#include "class_generate.h"
#include "command.h"
#include "generate.h"
#include "sosd.h"
#include "trace.h"
#include "trace_generate.h"

struct generate_options {
    const char *generator;
    const char *output;
    size_t n;
    uint64_t seed;
};

/* Make what the generator makes, of one form; *bad is what an error is about. ENOENT: it is of
 * another form. */
typedef hunch_status making(const struct generate_options *options, const char **bad,
                            hunch_diag *diag);

static making make_keys, make_classes, make_trace;
static void parse_options(struct generate_options *options, int argc, char **argv);
static error_t parse_key(int key, char *value, struct argp_state *state);

int hunch__command_generate(int argc, char **argv)
{
    static making *const kinds[] = {make_keys, make_classes, make_trace};
    struct generate_options options;
    hunch_diag diag;
    parse_options(&options, argc, argv);

    hunch_status status = HUNCH_ENOENT;
    const char *bad = options.generator;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && status == HUNCH_ENOENT; i++) {
        status = kinds[i](&options, &bad, &diag);
        if (bad == options.output) {
            break;
        }
    }
    if (status == HUNCH_OK) {
        return COMMAND_OK;
    }
    int code = hunch__command_fail(bad, status, &diag);
    return bad == options.generator && status == HUNCH_ENOENT ? COMMAND_USAGE : code;
}

static hunch_status make_keys(const struct generate_options *options, const char **bad,
                              hunch_diag *diag)
{
    struct key_list keys;
    size_t n = options->n == SIZE_MAX ? HUNCH__GENERATED_KEYS : options->n;
    hunch_status status = hunch__generate(&keys, options->generator, n, options->seed, NULL, diag);
    if (status == HUNCH_OK) {
        *bad = options->output;
        status = hunch__sosd_write(options->output, keys.keys, keys.n, diag);
    }
    hunch__key_list_free(&keys);
    return status;
}

static hunch_status make_classes(const struct generate_options *options, const char **bad,
                                 hunch_diag *diag)
{
    struct class_set set;
    size_t n = options->n == SIZE_MAX ? HUNCH__GENERATED_ROWS : options->n;
    hunch_status status =
        hunch__class_generate(&set, options->generator, n, options->seed, NULL, diag);
    if (status == HUNCH_OK) {
        *bad = options->output;
        status = hunch__class_csv_save(options->output, &set, diag);
    }
    hunch__class_set_free(&set);
    return status;
}

static hunch_status make_trace(const struct generate_options *options, const char **bad,
                               hunch_diag *diag)
{
    struct key_list keys;
    size_t n = options->n == SIZE_MAX ? HUNCH__GENERATED_REQUESTS : options->n;
    hunch_status status =
        hunch__trace_generate(&keys, options->generator, n, options->seed, NULL, diag);
    if (status == HUNCH_OK) {
        *bad = options->output;
        status = hunch__trace_save(options->output, keys.keys, NULL, keys.n, diag);
    }
    hunch__key_list_free(&keys);
    return status;
}

static void parse_options(struct generate_options *options, int argc, char **argv)
{
    static const struct argp_option all[] = {
        {"output", 'o', "FILE", 0, "Where they go", 0},
        {"keys", 'n', "N", 0, "How many keys (default 10000000), rows (20000) or requests (500000)",
         0},
        {"seed", 'S', "N", 0, "Another seed, other keys (default 0)", 0},
        {0},
    };
    static const char doc[] =
        "Make a file of keys (GENERATOR is uniform, lognormal, dense, duplicates(LONGEST), "
        "cascade(SPREAD), pareto(A) or outliers), a table of examples "
        "(clusters(NUMERIC,CATEGORICAL,CLASSES,SPREAD)) or a trace "
        "(requests(KEYS,SKEW,SCANS)); see 'hunch-dataset list'. The same on every machine."
        "\v"
        "Examples:\n"
        "  hunch-dataset generate uniform -n 20000000 -o uniform.u64\n"
        "  hunch-dataset generate 'cascade(1.0)' -o coast_like.u64\n"
        "  hunch-dataset generate 'duplicates(100)' --seed 7 -o runs.u64\n"
        "  hunch-dataset generate 'clusters(16,0,26,0.3)' -o letters.csv\n"
        "  hunch-dataset generate 'requests(50000,0.8,0.2)' -n 1000000 -o mixed.txt";
    static const struct argp argp = {all, parse_key, "GENERATOR", doc, NULL, NULL, NULL};

    *options = (struct generate_options){.n = SIZE_MAX};
    (void)argp_parse(&argp, argc, argv, 0, NULL, options);
}

static error_t parse_key(int key, char *value, struct argp_state *state)
{
    struct generate_options *options = state->input;
    switch (key) {
    case 'o':
        options->output = value;
        return 0;
    case 'n':
        options->n = hunch__command_number("-n", value, 0, SIZE_MAX / 16, state);
        return 0;
    case 'S':
        options->seed = hunch__command_number("--seed", value, 0, UINT64_MAX, state);
        return 0;
    case ARGP_KEY_ARG:
        if (options->generator != NULL) {
            argp_error(state, "one generator at a time: '%s' is too many", value);
        }
        options->generator = value;
        return 0;
    case ARGP_KEY_END:
        if (options->generator == NULL) {
            argp_error(state, "which generator?");
        } else if (options->output == NULL) {
            argp_error(state, "where does it go? -o FILE");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
