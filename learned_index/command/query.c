/* hunch-index query. */
#define _GNU_SOURCE /* argp, getline */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index_command.h"
#include "typed_keys.h"

#define LIMIT_DEFAULT 10u

enum key { KEY_UPPER = 256, KEY_FIND, KEY_RANGE, KEY_LIMIT, KEY_REVERSE, KEY_TYPE, KEY_VERIFY };

enum question { ASK_LOWER, ASK_UPPER, ASK_FIND, ASK_RANGE };

struct query_options {
    const char *path;
    char **keys; /* of argv, from the first key on */
    int count;
    enum question question;
    hunch_index_key_type type;
    bool typed; /* --type was given */
    uint64_t limit;
    bool reverse;
    bool json;
    bool verify;
};

static error_t parse_key(int key, char *value, struct argp_state *state);
static int settle_type(struct query_options *options, const hunch_index *index);
static int ask_all(const struct query_options *options, const hunch_index *index);
static int ask_lines(const struct query_options *options, const hunch_index *index);
static int ask(const struct query_options *options, const hunch_index *index, const char *text);
static void print_answer(const struct query_options *options, const hunch_index *index,
                         uint64_t key, size_t position);
static int ask_range(const struct query_options *options, const hunch_index *index);
static void print_range(const struct query_options *options, hunch_index_cursor range);
static int bad_key(const struct query_options *options, const char *text);

int index__query(int argc, char **argv)
{
    static const struct argp_option all[] = {
        {"upper", KEY_UPPER, NULL, 0, "Positions of the first larger key", 0},
        {"find", KEY_FIND, NULL, 0, "Positions of equal keys; exit code 1 when one is absent", 0},
        {"range", KEY_RANGE, NULL, 0, "The keys from the first to the second, both included", 0},
        {"limit", KEY_LIMIT, "N", 0, "range: keys to print (default 10)", 1},
        {"reverse", KEY_REVERSE, NULL, 0, "range: from the last one back", 1},
        {"type", KEY_TYPE, "TYPE", 0,
         "What the keys are: u64, i64 or f64 (default: what the file says)", 2},
        {"verify", KEY_VERIFY, NULL, 0, "Check the whole file first", 2},
        {"json", 'j', NULL, 0, "Print an object of JSON a line", 2},
        {0},
    };
    static const char doc[] =
        "Say for each KEY the position of the first key that is not smaller, and that key. '-' "
        "reads keys from stdin, one a line."
        "\v"
        "Examples:\n"
        "  hunch-index query ids.hunch 17 42\n"
        "  hunch-index query ids.hunch --find 42 || echo absent\n"
        "  hunch-index query times.hunch --range 1700000000 1700003600 --limit 5 --reverse\n"
        "  hunch-index query reals.hunch -- -1.5\n";
    static const struct argp argp = {all, parse_key, "FILE KEY...", doc, NULL, NULL, NULL};
    struct query_options options = {.limit = LIMIT_DEFAULT};
    hunch_index *index = NULL;
    hunch_diag diag;
    (void)argp_parse(&argp, argc, argv, 0, NULL, &options);
    const hunch_index_options how = {.struct_size = sizeof how, .verify = options.verify};
    const hunch_status status = hunch_index_open(&index, options.path, &how, &diag);
    if (status != HUNCH_OK) {
        return index__fail(options.path, status, &diag);
    }
    int code = settle_type(&options, index);
    if (code == COMMAND_OK) {
        code =
            options.question == ASK_RANGE ? ask_range(&options, index) : ask_all(&options, index);
    }
    hunch_index_free(index);
    return code;
}

/* The file's type, unless another was given and the file does not say: U64 may be no more than what
 * it was told. */
static int settle_type(struct query_options *options, const hunch_index *index)
{
    hunch_index_stats stats = {.struct_size = sizeof stats};
    hunch_index_read_stats(index, &stats);
    if (options->typed && stats.key_type != HUNCH_INDEX_U64 && stats.key_type != options->type) {
        (void)fprintf(stderr, "hunch-index: %s: its keys are of type %s, not %s\n", options->path,
                      index__types[stats.key_type], index__types[options->type]);
        return COMMAND_USAGE;
    }
    options->type = options->typed ? options->type : (hunch_index_key_type)stats.key_type;
    return COMMAND_OK;
}

static error_t parse_key(int key, char *value, struct argp_state *state)
{
    struct query_options *options = state->input;
    switch (key) {
    case KEY_UPPER:
        options->question = ASK_UPPER;
        return 0;
    case KEY_FIND:
        options->question = ASK_FIND;
        return 0;
    case KEY_RANGE:
        options->question = ASK_RANGE;
        return 0;
    case KEY_LIMIT:
        options->limit = index__number("--limit", value, 0, UINT64_MAX, state);
        return 0;
    case KEY_REVERSE:
        options->reverse = true;
        return 0;
    case KEY_TYPE:
        options->type = (hunch_index_key_type)index__choice("--type", value, index__types, state);
        options->typed = true;
        return 0;
    case KEY_VERIFY:
        options->verify = true;
        return 0;
    case 'j':
        options->json = true;
        return 0;
    case ARGP_KEY_ARGS: /* all that are no options, together */
        options->path = state->argv[state->next];
        options->keys = state->argv + state->next + 1;
        options->count = state->argc - state->next - 1;
        return 0;
    case ARGP_KEY_END:
        if (options->path == NULL || options->count == 0) {
            argp_error(state, "which file and which keys?");
        }
        if (options->question == ASK_RANGE && options->count != 2) {
            argp_error(state, "--range: two keys expected, %d found", options->count);
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int ask_all(const struct query_options *options, const hunch_index *index)
{
    int code = COMMAND_OK;
    for (int i = 0; i < options->count && code < COMMAND_USAGE; i++) {
        const int one = strcmp(options->keys[i], "-") == 0 ? ask_lines(options, index)
                                                           : ask(options, index, options->keys[i]);
        code = one > code ? one : code;
    }
    return code;
}

static int ask_lines(const struct query_options *options, const hunch_index *index)
{
    int code = COMMAND_OK;
    char *line = NULL;
    size_t room = 0;
    uint64_t number = 0;
    ssize_t length;
    while (code < COMMAND_USAGE && (length = getline(&line, &room, stdin)) >= 0) {
        number++;
        const bool text = strlen(line) == (size_t)length;
        line[strcspn(line, "\r\n")] = '\0';
        const int one = text ? ask(options, index, line) : bad_key(options, line);
        if (one == COMMAND_USAGE) {
            (void)fprintf(stderr, "hunch-index: stdin: that was line %" PRIu64 "\n", number);
        }
        code = one > code ? one : code;
    }
    free(line);
    if (code < COMMAND_USAGE && !feof(stdin)) {
        (void)fprintf(stderr, "hunch-index: stdin: cannot be read after line %" PRIu64 ": %s\n",
                      number, strerror(errno));
        return COMMAND_ENVIRONMENT;
    }
    return code;
}

static int ask(const struct query_options *options, const hunch_index *index, const char *text)
{
    uint64_t key;
    if (!index__key_parse(text, options->type, &key)) {
        return bad_key(options, text);
    }
    size_t position;
    switch (options->question) {
    case ASK_UPPER:
        position = hunch_index_upper_bound(index, key);
        break;
    case ASK_FIND:
        position = hunch_index_find(index, key);
        break;
    default:
        position = hunch_index_lower_bound(index, key);
        break;
    }
    print_answer(options, index, key, position);
    return options->question == ASK_FIND && position == HUNCH_INDEX_NONE ? COMMAND_NO : COMMAND_OK;
}

/* "key position key-there"; a dash for what there is not. */
static void print_answer(const struct query_options *options, const hunch_index *index,
                         uint64_t key, size_t position)
{
    const bool there = position < hunch_index_count(index);
    const bool none = position == HUNCH_INDEX_NONE;
    void (*print)(FILE *, uint64_t, hunch_index_key_type) =
        options->json ? index__key_print_json : index__key_print;
    printf(options->json ? "{\"key\":" : "");
    print(stdout, key, options->type);
    printf(options->json ? ",\"position\":" : " ");
    if (none) {
        printf(options->json ? "null" : "-");
    } else {
        printf("%zu", position);
    }
    printf(options->json ? ",\"there\":" : " ");
    if (there) {
        print(stdout, hunch_index_keys(index)[position], options->type);
    } else {
        printf(options->json ? "null" : "-");
    }
    printf(options->json ? "}\n" : "\n");
}

static int ask_range(const struct query_options *options, const hunch_index *index)
{
    uint64_t key[2];
    for (int i = 0; i < 2; i++) {
        if (!index__key_parse(options->keys[i], options->type, &key[i])) {
            return bad_key(options, options->keys[i]);
        }
    }
    print_range(options, hunch_index_range(index, key[0], key[1]));
    return COMMAND_OK;
}

static void print_range(const struct query_options *options, hunch_index_cursor range)
{
    uint64_t key = 0;
    const char *between = "";
    const size_t count = range.end - range.begin;
    printf(options->json ? "{\"count\":%zu,\"first\":%zu,\"keys\":["
                         : "%zu keys from position %zu\n",
           count, range.begin);
    range.pos = options->reverse ? range.end : range.begin;
    for (uint64_t i = 0; i < options->limit; i++) {
        const int more =
            options->reverse ? hunch_index_previous(&range, &key) : hunch_index_next(&range, &key);
        if (!more) {
            break;
        }
        if (options->json) {
            printf("%s", between);
            index__key_print_json(stdout, key, options->type);
        } else {
            index__key_print(stdout, key, options->type);
            printf("\n");
        }
        between = ",";
    }
    printf(options->json ? "]}\n" : "");
}

static int bad_key(const struct query_options *options, const char *text)
{
    (void)fprintf(stderr, "hunch-index: a key of type %s expected, found '%.60s'\n",
                  index__types[options->type], text);
    return COMMAND_USAGE;
}
