/* hunch-index build. */
#define _GNU_SOURCE /* argp */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "index_command.h"
#include "typed_keys.h"

/* Bytes of a budget: less than any word overflows with. */
#define BUDGET_LIMIT 1e18

enum key {
    KEY_TYPE = 256,
    KEY_KIND,
    KEY_ROUTER,
    KEY_SEARCH,
    KEY_EPS,
    KEY_CELL_KEYS,
    KEY_NODE_KEYS,
    KEY_BLOCK_KEYS,
    KEY_BUDGET,
    KEY_WORKLOAD,
    KEY_THREADS,
    KEY_NO_MEASURING,
    KEY_STREAM,
    KEY_SEED
};

struct build_options {
    const char *keys;
    const char *output;
    hunch_index_key_type type;
    double budget_per_key; /* 0: none of this kind */
    hunch_index_options index;
    bool stream;
    bool json;
};

static const char *const workloads[] = {"mixed", "single", "batched", NULL};

static error_t parse_key(int key, char *value, struct argp_state *state);
static void parse_budget(struct build_options *options, const char *value,
                         struct argp_state *state);
static int write_stream(const struct build_options *options, const struct sosd *file);
static int write_index(const struct build_options *options, const struct sosd *file);
static int report(const struct build_options *options, const hunch_index *index, double seconds);
static json_t *report_json(const struct build_options *options, const hunch_index_stats *stats,
                           double seconds);

int index__build(int argc, char **argv)
{
    static const struct argp_option all[] = {
        {"output", 'o', "FILE", 0, "Where the index goes", 0},
        {"type", KEY_TYPE, "TYPE", 0, "What the keys are: u64 (default), i64 or f64", 0},
        {"kind", KEY_KIND, "KIND", 0, "auto (default), stree, cells, blocks or segments", 1},
        {"router", KEY_ROUTER, "NAME", 0, "blocks, segments: auto (default), cells, tree or lines",
         1},
        {"search", KEY_SEARCH, "NAME", 0, "segments: auto (default), halve or count", 1},
        {"eps", KEY_EPS, "N", 0, "segments: positions that a line may err by (default 64)", 1},
        {"cell-keys", KEY_CELL_KEYS, "N", 0, "cells: keys a correction (default 20)", 1},
        {"node-keys", KEY_NODE_KEYS, "N", 0, "stree: keys a node, 8 or 16 (default)", 1},
        {"block-keys", KEY_BLOCK_KEYS, "N", 0, "blocks: keys a block, 256 (default) or 512", 1},
        {"budget", KEY_BUDGET, "SIZE", 0,
         "auto: most memory beside the keys: 300000, 300k, 3M, or 0.25/key", 2},
        {"workload", KEY_WORKLOAD, "NAME", 0, "auto: mixed (default), single or batched", 2},
        {"no-measuring", KEY_NO_MEASURING, NULL, 0, "auto: by the cost model alone", 2},
        {"seed", KEY_SEED, "N", 0, "auto: of the keys that are looked up", 2},
        {"threads", KEY_THREADS, "N", 0, "That build (default 1)", 3},
        {"stream", KEY_STREAM, NULL, 0, "Write key by key, as a program does that has no array", 3},
        {"json", 'j', NULL, 0, "Print one object of JSON", 3},
        {0},
    };
    static const char doc[] =
        "Build an index over the ascending keys of KEYS, a file in SOSD format (a count, then that "
        "many words, little-endian; .zst and .gz are unpacked, '-' is stdin), and say what it is."
        "\v"
        "Examples:\n"
        "  hunch-index build ids.u64 -o ids.hunch\n"
        "  hunch-index build times.u64.zst -o times.hunch --budget 0.05/key --workload batched\n"
        "  hunch-index build reals.u64 -o reals.hunch --type f64 --kind segments --eps 128\n";
    static const struct argp argp = {all, parse_key, "KEYS", doc, NULL, NULL, NULL};
    struct build_options options = {.index = {.struct_size = sizeof options.index}};
    struct sosd file;
    hunch_diag diag;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &options);
    /* Mapped, a plain file of u64 is never in memory as a whole. */
    hunch_status status = options.stream && options.type == HUNCH_INDEX_U64
                              ? hunch__sosd_open(&file, options.keys, NULL, &diag)
                              : index__keys_read(&file, options.keys, options.type, &diag);
    if (status == HUNCH_OK) {
        status = index__keys_ascend(&file, options.type, &diag);
    }
    if (status != HUNCH_OK) {
        hunch__sosd_close(&file);
        return index__fail(options.keys, status, &diag);
    }
    if (options.budget_per_key > 0) {
        const double budget = options.budget_per_key * (double)file.n;
        options.index.budget_bytes = budget < 1              ? 1
                                     : budget < BUDGET_LIMIT ? (uint64_t)budget
                                                             : (uint64_t)BUDGET_LIMIT;
    }
    options.index.key_type = options.type;
    const int code = options.stream ? write_stream(&options, &file) : write_index(&options, &file);
    hunch__sosd_close(&file);
    return code;
}

static error_t parse_key(int key, char *value, struct argp_state *state)
{
    struct build_options *options = state->input;
    switch (key) {
    case 'o':
        options->output = value;
        return 0;
    case 'j':
        options->json = true;
        return 0;
    case KEY_TYPE:
        options->type = (hunch_index_key_type)index__choice("--type", value, index__types, state);
        return 0;
    case KEY_KIND:
        options->index.kind = index__choice("--kind", value, index__kinds, state);
        return 0;
    case KEY_ROUTER:
        options->index.router = index__choice("--router", value, index__routers, state);
        return 0;
    case KEY_SEARCH:
        options->index.search = index__choice("--search", value, index__searches, state);
        return 0;
    case KEY_EPS:
        options->index.eps = (uint32_t)index__number("--eps", value, 4, 65536, state);
        return 0;
    case KEY_CELL_KEYS:
        options->index.cell_keys = (uint32_t)index__number("--cell-keys", value, 4, 256, state);
        return 0;
    case KEY_NODE_KEYS:
        options->index.node_keys = (uint32_t)index__number("--node-keys", value, 8, 16, state);
        if (options->index.node_keys != 8 && options->index.node_keys != 16) {
            argp_error(state, "--node-keys: 8 or 16 expected, found '%s'", value);
        }
        return 0;
    case KEY_BLOCK_KEYS:
        options->index.block_keys = (uint32_t)index__number("--block-keys", value, 256, 512, state);
        if (options->index.block_keys != 256 && options->index.block_keys != 512) {
            argp_error(state, "--block-keys: 256 or 512 expected, found '%s'", value);
        }
        return 0;
    case KEY_BUDGET:
        parse_budget(options, value, state);
        return 0;
    case KEY_WORKLOAD:
        options->index.workload = index__choice("--workload", value, workloads, state);
        return 0;
    case KEY_THREADS:
        options->index.threads = (uint32_t)index__number("--threads", value, 1, 64, state);
        return 0;
    case KEY_NO_MEASURING:
        options->index.no_measuring = 1;
        return 0;
    case KEY_STREAM:
        options->stream = true;
        return 0;
    case KEY_SEED:
        options->index.seed = index__number("--seed", value, 0, UINT64_MAX, state);
        return 0;
    case ARGP_KEY_ARG:
        if (options->keys != NULL) {
            argp_error(state, "one file of keys, not also '%s'", value);
        }
        options->keys = value;
        return 0;
    case ARGP_KEY_END:
        if (options->keys == NULL || options->output == NULL) {
            argp_error(state, "KEYS and --output are needed");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Bytes, with k, M or G; or bytes a key, with /key. */
static void parse_budget(struct build_options *options, const char *value, struct argp_state *state)
{
    char *end = NULL;
    const double number = strtod(value, &end);
    const bool digits = *value >= '0' && *value <= '9';
    if (digits && number > 0 && number < BUDGET_LIMIT && strcmp(end, "/key") == 0) {
        options->budget_per_key = number;
        return;
    }
    options->budget_per_key = 0; /* the last one counts */
    const double unit = strcmp(end, "") == 0    ? 1
                        : strcmp(end, "k") == 0 ? 1e3
                        : strcmp(end, "M") == 0 ? 1e6
                        : strcmp(end, "G") == 0 ? 1e9
                                                : 0;
    if (!digits || unit == 0 || !(number * unit >= 1 && number * unit < BUDGET_LIMIT)) {
        argp_error(state,
                   "--budget: expected bytes (300000, 300k, 3M) or bytes a key (0.25/key), "
                   "found '%s'",
                   value);
    }
    options->index.budget_bytes = (uint64_t)(number * unit);
}

/* As a program does whose keys come one after the other. */
static int write_stream(const struct build_options *options, const struct sosd *file)
{
    hunch_index_writer *writer = NULL;
    hunch_index *index = NULL;
    hunch_diag diag;
    const hunch_clock *clock = hunch_clock_monotonic();
    const uint64_t begun = clock->now_ns(clock->ctx);
    hunch_status status = hunch_index_writer_new(&writer, options->output, &options->index, &diag);
    if (status == HUNCH_OK) {
        status = hunch_index_writer_add(writer, file->keys, file->n, &diag);
    }
    if (status == HUNCH_OK) {
        status = hunch_index_writer_finish(writer, &diag);
    }
    hunch_index_writer_free(writer);
    if (status == HUNCH_OK) {
        status = hunch_index_open(&index, options->output, NULL, &diag);
    }
    if (status != HUNCH_OK) {
        return index__fail(options->output, status, &diag);
    }
    const int code = report(options, index, (double)(clock->now_ns(clock->ctx) - begun) / 1e9);
    hunch_index_free(index);
    return code;
}

static int write_index(const struct build_options *options, const struct sosd *file)
{
    hunch_index *index = NULL;
    hunch_diag diag;
    const hunch_clock *clock = hunch_clock_monotonic();
    const uint64_t begun = clock->now_ns(clock->ctx);
    hunch_status status = hunch_index_build(&index, file->keys, file->n, &options->index, &diag);
    const double seconds = (double)(clock->now_ns(clock->ctx) - begun) / 1e9;
    if (status != HUNCH_OK) {
        return index__fail(options->keys, status, &diag);
    }
    status = hunch_index_save(index, options->output, &diag);
    const int code = status == HUNCH_OK ? report(options, index, seconds)
                                        : index__fail(options->output, status, &diag);
    hunch_index_free(index);
    return code;
}

static int report(const struct build_options *options, const hunch_index *index, double seconds)
{
    hunch_index_stats stats = {.struct_size = sizeof stats};
    hunch_index_read_stats(index, &stats);
    if (options->json) {
        return index__print_json(report_json(options, &stats, seconds));
    }
    const double n = stats.n > 0 ? (double)stats.n : 1;
    printf("%s: %s", options->output, stats.model);
    if (stats.router != 0) {
        printf(", found by %s", index__routers[stats.router]);
    }
    if (stats.eps != 0) {
        printf(", windows of up to %" PRIu64 " keys", 2 * stats.eps);
    }
    printf("\n%" PRIu64 " keys, %" PRIu64 " bytes beside them (%.3f a key), %.2f s, %.1f ns a key",
           stats.n, stats.index_bytes, (double)stats.index_bytes / n, seconds, seconds * 1e9 / n);
    if (stats.tried > 1) {
        printf("; %u forms were tried", stats.tried);
    }
    printf("\n");
    return COMMAND_OK;
}

static json_t *report_json(const struct build_options *options, const hunch_index_stats *stats,
                           double seconds)
{
    return json_pack("{s:o, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:f, s:i}", "file",
                     index__json_text(options->output), "type", index__types[stats->key_type],
                     "kind", stats->model, "router", index__routers[stats->router], "n",
                     (json_int_t)stats->n, "index_bytes", (json_int_t)stats->index_bytes, "pieces",
                     (json_int_t)stats->pieces, "eps", (json_int_t)stats->eps, "seconds", seconds,
                     "tried", (int)stats->tried);
}
