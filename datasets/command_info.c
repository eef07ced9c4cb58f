/* hunch-dataset info and hunch-dataset list. */
#define _GNU_SOURCE /* argp */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "class_generate.h"
#include "command.h"
#include "convert.h"
#include "generate.h"
#include "hash.h"
#include "manifest.h"
#include "sosd.h"
#include "trace_generate.h"

struct info_options {
    const char *path;
    bool json;
};

/* What is said of a set. */
struct facts {
    uint64_t n, least, most, distinct, longest_run, xxh3;
};

static error_t parse_info_key(int key, char *value, struct argp_state *state);
static error_t parse_list_key(int key, char *value, struct argp_state *state);
static struct facts facts_of(const uint64_t *keys, size_t n);
static void print_facts(const char *path, const struct facts *f);
static void print_json(const struct facts *f);
static void print_sets(void);
static const char *unit_of(const struct manifest_row *row);
static void print_generators(void);
static void print_formats(void);

int hunch__command_info(int argc, char **argv)
{
    static const struct argp_option all[] = {
        {"json", 'j', NULL, 0, "Print one object of JSON", 0},
        {0},
    };
    static const char doc[] = "Check a file of keys, '-' for stdin, and say what is in it.\v"
                              "Examples:\n"
                              "  hunch-dataset info coast_hilbert.u64\n"
                              "  hunch-dataset info --json books_200M_uint32.zst";
    static const struct argp argp = {all, parse_info_key, "FILE", doc, NULL, NULL, NULL};
    struct info_options options = {NULL, false};
    struct sosd file;
    hunch_diag diag;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &options);

    hunch_status status = hunch__sosd_open(&file, options.path, NULL, &diag);
    if (status == HUNCH_OK) {
        status = hunch__sosd_check_order(file.keys, file.n, &diag);
    }
    if (status == HUNCH_OK) {
        struct facts facts = facts_of(file.keys, file.n);
        if (options.json) {
            print_json(&facts);
        } else {
            print_facts(options.path, &facts);
        }
    }
    hunch__sosd_close(&file);
    return status == HUNCH_OK ? COMMAND_OK : hunch__command_fail(options.path, status, &diag);
}

int hunch__command_list(int argc, char **argv)
{
    static const char doc[] = "List the known sets, the generators and the formats of convert.";
    static const struct argp argp = {NULL, parse_list_key, NULL, doc, NULL, NULL, NULL};
    (void)argp_parse(&argp, argc, argv, 0, NULL, NULL);
    print_sets();
    print_generators();
    print_formats();
    return COMMAND_OK;
}

static error_t parse_info_key(int key, char *value, struct argp_state *state)
{
    struct info_options *options = state->input;
    switch (key) {
    case 'j':
        options->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (options->path != NULL) {
            argp_error(state, "one file at a time: '%s' is too many", value);
        }
        options->path = value;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which file?");
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_list_key(int key, char *value, struct argp_state *state)
{
    if (key == ARGP_KEY_ARG) {
        argp_error(state, "list takes no argument: '%s' is too many", value);
    }
    return ARGP_ERR_UNKNOWN;
}

/* keys[n] ascend. */
static struct facts facts_of(const uint64_t *keys, size_t n)
{
    struct facts f = {.n = n, .xxh3 = hunch__xxh3(keys, n * sizeof *keys)};
    size_t run = 0;
    for (size_t i = 0; i < n; i++) {
        bool again = i > 0 && keys[i] == keys[i - 1];
        run = again ? run + 1 : 1;
        f.distinct += !again;
        f.longest_run = run > f.longest_run ? run : f.longest_run;
    }
    if (n > 0) {
        f.least = keys[0];
        f.most = keys[n - 1];
    }
    return f;
}

static void print_facts(const char *path, const struct facts *f)
{
    (void)printf("file         %s\n"
                 "keys         %" PRIu64 "\n"
                 "least        %" PRIu64 "\n"
                 "most         %" PRIu64 "\n"
                 "distinct     %" PRIu64 "\n"
                 "longest run  %" PRIu64 "\n"
                 "xxh3         %016" PRIx64 "  (of the keys)\n",
                 path, f->n, f->least, f->most, f->distinct, f->longest_run, f->xxh3);
}

static void print_json(const struct facts *f)
{
    (void)printf("{\"n\":%" PRIu64 ",\"least\":%" PRIu64 ",\"most\":%" PRIu64
                 ",\"distinct\":%" PRIu64 ",\"longest_run\":%" PRIu64 ",\"xxh3\":\"%016" PRIx64
                 "\"}\n",
                 f->n, f->least, f->most, f->distinct, f->longest_run, f->xxh3);
}

static void print_sets(void)
{
    size_t count;
    const struct manifest_row *rows = hunch__manifest(&count);
    (void)printf("Sets (recipe: datasets/get makes it; shared: put the file into HUNCH_DATA)\n");
    for (size_t i = 0; i < count; i++) {
        (void)printf("  %-24s %-7s %9s %-8s %s\n", rows[i].name, rows[i].kind, rows[i].n,
                     unit_of(&rows[i]), rows[i].recipe);
    }
}

/* What n counts. */
static const char *unit_of(const struct manifest_row *row)
{
    return strcmp(row->form, "classes") == 0 ? "rows"
           : strcmp(row->form, "trace") == 0 ? "requests"
                                             : "keys";
}

static void print_generators(void)
{
    size_t count;
    const struct generator *generators = hunch__generators(&count);
    (void)printf("\nGenerators (hunch-dataset generate)\n");
    for (size_t i = 0; i < count; i++) {
        char text[40];
        const struct generator *g = &generators[i];
        if (g->has_parameter) {
            (void)snprintf(text, sizeof text, "%s(%g)", g->name, g->parameter);
        } else {
            (void)snprintf(text, sizeof text, "%s", g->name);
        }
        (void)printf("  %-24s %s\n", text, g->what);
    }
    (void)printf("  %-24s %s\n", HUNCH__CLUSTERS,
                 "examples: numeric and categorical columns, classes, spread");
    (void)printf("  %-24s %s\n", HUNCH__REQUESTS,
                 "requests: keys, skew of their popularity, share of scans and loops");
}

static void print_formats(void)
{
    size_t count;
    const struct format *formats = hunch__formats(&count);
    (void)printf("\nFormats (hunch-dataset convert)\n");
    for (size_t i = 0; i < count; i++) {
        (void)printf("  %-24s %s\n", formats[i].name, formats[i].what);
    }
}
