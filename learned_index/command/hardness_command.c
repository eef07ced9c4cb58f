/* hunch-index hardness. */
#define _GNU_SOURCE /* argp */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "index_command.h"
#include "typed_keys.h"

#define BOUNDS_MAX 16u

struct hardness_options {
    const char *keys;
    hunch_index_key_type type;
    uint32_t eps[BOUNDS_MAX];
    size_t count;
    bool json;
};

enum key { KEY_EPS = 256, KEY_TYPE };

static error_t parse_key(int key, char *value, struct argp_state *state);
static void parse_bounds(struct hardness_options *options, const char *value,
                         struct argp_state *state);
static void print_table(const struct hardness_options *options,
                        const hunch_index_hardness *hardness);
static json_t *table_json(const struct hardness_options *options,
                          const hunch_index_hardness *hardness);
static double per_million(const hunch_index_hardness *hardness, size_t i);

int index__hardness(int argc, char **argv)
{
    static const struct argp_option all[] = {
        {"eps", KEY_EPS, "LIST", 0, "Error bounds (default 8,32,64,128,4096)", 0},
        {"type", KEY_TYPE, "TYPE", 0, "What the keys are: u64 (default), i64 or f64", 0},
        {"json", 'j', NULL, 0, "Print one object of JSON", 0},
        {0},
    };
    static const char doc[] =
        "Count the straight lines that it takes at least to predict the position of every distinct "
        "key of KEYS, a file in SOSD format, within each error bound."
        "\v"
        "The exponent, log2(S32 / S128) / 2, tells kinds of keys apart: 2 drawn evenly, 1 clusters "
        "within clusters, near 0 breaks that no bound bridges.\n"
        "\n"
        "Examples:\n"
        "  hunch-index hardness ids.u64\n"
        "  hunch-index hardness --eps 16,64,256 --json ids.u64.zst | jq .segments\n";
    static const struct argp argp = {all, parse_key, "KEYS", doc, NULL, NULL, NULL};
    struct hardness_options options = {.eps = {8, 32, 64, 128, 4096}, .count = 5};
    hunch_index_hardness hardness = {.struct_size = sizeof hardness};
    struct sosd file;
    hunch_diag diag;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &options);
    hunch_status status = index__keys_read(&file, options.keys, options.type, &diag);
    if (status == HUNCH_OK) {
        status = index__keys_ascend(&file, options.type, &diag);
    }
    if (status == HUNCH_OK) {
        status = hunch_index_measure(&hardness, file.list.keys, file.list.n, options.eps,
                                     options.count, &diag);
    }
    hunch__sosd_close(&file);
    if (status != HUNCH_OK) {
        return index__fail(options.keys, status, &diag);
    }
    if (options.json) {
        return index__print_json(table_json(&options, &hardness));
    }
    print_table(&options, &hardness);
    return COMMAND_OK;
}

static error_t parse_key(int key, char *value, struct argp_state *state)
{
    struct hardness_options *options = state->input;
    switch (key) {
    case 'j':
        options->json = true;
        return 0;
    case KEY_TYPE:
        options->type = (hunch_index_key_type)index__choice("--type", value, index__types, state);
        return 0;
    case KEY_EPS:
        parse_bounds(options, value, state);
        return 0;
    case ARGP_KEY_ARG:
        if (options->keys != NULL) {
            argp_error(state, "one file of keys, not also '%s'", value);
        }
        options->keys = value;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which file of keys?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void parse_bounds(struct hardness_options *options, const char *value,
                         struct argp_state *state)
{
    char number[16];
    options->count = 0;
    for (const char *at = value;; at++) {
        const size_t length = strcspn(at, ",");
        if (length >= sizeof number || options->count == BOUNDS_MAX) {
            argp_error(state, "--eps: at most %u numbers, found '%s'", BOUNDS_MAX, value);
            return;
        }
        memcpy(number, at, length);
        number[length] = '\0';
        options->eps[options->count++] =
            (uint32_t)index__number("--eps", number, 1, 1u << 20, state);
        at += length;
        if (*at == '\0') {
            return;
        }
    }
}

static void print_table(const struct hardness_options *options,
                        const hunch_index_hardness *hardness)
{
    printf("%" PRIu64 " keys of %u bits, %" PRIu64 " distinct, longest run %" PRIu64 "\n\n",
           hardness->n, hardness->bits, hardness->distinct, hardness->longest_run);
    printf("%8s %12s %14s %16s\n", "eps", "segments", "per million", "keys a segment");
    for (size_t i = 0; i < options->count; i++) {
        const double segments = (double)hardness->segments[i];
        printf("%8u %12" PRIu64 " %14.1f %16.1f\n", options->eps[i], hardness->segments[i],
               per_million(hardness, i),
               segments > 0 ? (double)hardness->distinct / segments : 0.0);
    }
    if (!isnan(hardness->exponent)) {
        printf("\nexponent %.2f\n", hardness->exponent);
    }
}

static json_t *table_json(const struct hardness_options *options,
                          const hunch_index_hardness *hardness)
{
    json_t *segments = json_array();
    for (size_t i = 0; i < options->count; i++) {
        json_t *bound =
            json_pack("{s:i, s:I, s:f}", "eps", (int)options->eps[i], "segments",
                      (json_int_t)hardness->segments[i], "per_million", per_million(hardness, i));
        if (json_array_append_new(segments, bound) != 0) {
            json_decref(segments);
            return NULL;
        }
    }
    json_t *exponent = isnan(hardness->exponent) ? json_null() : json_real(hardness->exponent);
    return json_pack("{s:I, s:i, s:I, s:I, s:o, s:o}", "n", (json_int_t)hardness->n, "bits",
                     (int)hardness->bits, "distinct", (json_int_t)hardness->distinct, "longest_run",
                     (json_int_t)hardness->longest_run, "segments", segments, "exponent", exponent);
}

static double per_million(const hunch_index_hardness *hardness, size_t i)
{
    return hardness->distinct > 0 ? (double)hardness->segments[i] * 1e6 / (double)hardness->distinct
                                  : 0;
}
