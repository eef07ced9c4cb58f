/* hunch-dataset generate. */
#define _GNU_SOURCE /* argp */
#include <errno.h>

#include "command.h"
#include "generate.h"
#include "sosd.h"

struct generate_options {
    const char *generator;
    const char *output;
    size_t n;
    uint64_t seed;
};

static void parse_options(struct generate_options *options, int argc, char **argv);
static error_t parse_key(int key, char *value, struct argp_state *state);

int hunch__command_generate(int argc, char **argv)
{
    struct generate_options options;
    struct key_list keys;
    hunch_diag diag;
    parse_options(&options, argc, argv);

    hunch_status status =
        hunch__generate(&keys, options.generator, options.n, options.seed, NULL, &diag);
    if (status != HUNCH_OK) {
        int code = hunch__command_fail(options.generator, status, &diag);
        return status == HUNCH_ENOENT ? COMMAND_USAGE : code;
    }
    status = hunch__sosd_write(options.output, keys.keys, keys.n, &diag);
    hunch__key_list_free(&keys);
    return status == HUNCH_OK ? COMMAND_OK : hunch__command_fail(options.output, status, &diag);
}

static void parse_options(struct generate_options *options, int argc, char **argv)
{
    static const struct argp_option all[] = {
        {"output", 'o', "FILE", 0, "Where the keys go", 0},
        {"keys", 'n', "N", 0, "How many keys (default 10000000)", 0},
        {"seed", 'S', "N", 0, "Another seed, other keys (default 0)", 0},
        {0},
    };
    static const char doc[] =
        "Make a file of keys. GENERATOR is uniform, lognormal, dense, duplicates(LONGEST), "
        "cascade(SPREAD), pareto(A) or outliers; see 'hunch-dataset list'. The same on every "
        "machine."
        "\v"
        "Examples:\n"
        "  hunch-dataset generate uniform -n 20000000 -o uniform.u64\n"
        "  hunch-dataset generate 'cascade(1.0)' -o coast_like.u64\n"
        "  hunch-dataset generate 'duplicates(100)' --seed 7 -o runs.u64";
    static const struct argp argp = {all, parse_key, "GENERATOR", doc, NULL, NULL, NULL};

    *options = (struct generate_options){.n = HUNCH__GENERATED_KEYS};
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
            argp_error(state, "where do the keys go? -o FILE");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}
