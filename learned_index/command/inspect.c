/* hunch-index inspect. */
#define _GNU_SOURCE /* argp */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "index_command.h"
#include "inspect_page.h"
#include "survey.h"
#include "typed_keys.h"

enum key { KEY_HTML = 256 };

struct inspect_options {
    const char *path;
    const char *html;
    bool json;
};

static error_t parse_key(int key, char *value, struct argp_state *state);
static int report(const struct inspect_options *options, const hunch_index *index);
static void print_facts(const struct survey *survey);
static json_t *facts_json(const struct survey *survey);

int index__inspect(int argc, char **argv)
{
    static const struct argp_option all[] = {
        {"json", 'j', NULL, 0, "Print one object of JSON", 0},
        {"html", KEY_HTML, "PAGE", 0, "Write a page for the browser", 0},
        {0},
    };
    static const char doc[] =
        "Say what an index consists of and how far its model errs on up to 100,000 of its keys."
        "\v"
        "Examples:\n"
        "  hunch-index inspect ids.hunch\n"
        "  hunch-index inspect ids.hunch --html ids.html\n"
        "  hunch-index inspect --json ids.hunch | jq .bytes_per_key\n";
    static const struct argp argp = {all, parse_key, "FILE", doc, NULL, NULL, NULL};
    struct inspect_options options = {.path = NULL};
    hunch_index *index = NULL;
    hunch_diag diag;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &options);
    const hunch_status status = hunch_index_open(&index, options.path, NULL, &diag);
    if (status != HUNCH_OK) {
        return index__fail(options.path, status, &diag);
    }
    const int code = report(&options, index);
    hunch_index_free(index);
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
            argp_error(state, "one file, not also '%s'", value);
        }
        options->path = value;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which file?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int report(const struct inspect_options *options, const hunch_index *index)
{
    static struct survey survey; /* too large for a stack */
    hunch_diag diag;
    index__survey(&survey, index);
    if (options->html != NULL) {
        const hunch_status status =
            index__page_write(options->html, options->path, &survey, index, &diag);
        if (status != HUNCH_OK) {
            return index__fail(options->html, status, &diag);
        }
    }
    if (options->json) {
        return index__print_json(facts_json(&survey));
    }
    print_facts(&survey);
    return COMMAND_OK;
}

static void print_facts(const struct survey *survey)
{
    const hunch_index_stats *stats = &survey->stats;
    const double n = stats->n > 0 ? (double)stats->n : 1;
    printf("%-22s %s\n", "form", stats->model);
    printf("%-22s %s\n", "found by", stats->router != 0 ? index__routers[stats->router] : "-");
    printf("%-22s %" PRIu64 " of type %s\n", "keys", stats->n, index__types[stats->key_type]);
    printf("%-22s %" PRIu64 "\n", "pieces", stats->pieces);
    if (stats->block_keys != 0) {
        printf("%-22s %u\n", "keys a piece", stats->block_keys);
    }
    printf("%-22s %" PRIu64 " (%.4f a key)\n", "bytes beside the keys", stats->index_bytes,
           (double)stats->index_bytes / n);
    printf("%-22s %" PRIu64 "\n%-22s %" PRIu64 "\n", "  router", stats->router_bytes, "  model",
           stats->model_bytes);
    if (stats->eps != 0) {
        printf("%-22s up to %" PRIu64 " keys\n", "window", 2 * stats->eps);
    }
    printf("%-22s mean %.2f, largest %" PRIu64 " of %" PRIu64 " sampled\n", "error",
           survey->mean_error, survey->worst, survey->sampled);
    printf("%-22s %s\n\n", "instruction set", stats->isa);
    printf("%12s %12s\n", "error from", "keys");
    for (size_t i = 0; i < SURVEY_BINS; i++) {
        if (survey->bins[i] > 0) {
            printf("%12" PRId64 " %12" PRIu64 "\n", index__survey_bin(i), survey->bins[i]);
        }
    }
}

static json_t *facts_json(const struct survey *survey)
{
    const hunch_index_stats *stats = &survey->stats;
    const double n = stats->n > 0 ? (double)stats->n : 1;
    json_t *errors = json_array();
    for (size_t i = 0; i < SURVEY_BINS; i++) {
        if (survey->bins[i] > 0 &&
            json_array_append_new(errors,
                                  json_pack("{s:I, s:I}", "from", (json_int_t)index__survey_bin(i),
                                            "keys", (json_int_t)survey->bins[i])) != 0) {
            json_decref(errors);
            return NULL;
        }
    }
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:f, s:I, s:I, s:I, s:f, s:I, s:o}", "type",
                     index__types[stats->key_type], "kind", stats->model, "router",
                     index__routers[stats->router], "n", (json_int_t)stats->n, "pieces",
                     (json_int_t)stats->pieces, "index_bytes", (json_int_t)stats->index_bytes,
                     "bytes_per_key", (double)stats->index_bytes / n, "router_bytes",
                     (json_int_t)stats->router_bytes, "model_bytes", (json_int_t)stats->model_bytes,
                     "eps", (json_int_t)stats->eps, "mean_error", survey->mean_error, "worst_error",
                     (json_int_t)survey->worst, "errors", errors);
}
