/* hunch-choice simulate: its command line. */
#define _GNU_SOURCE /* argp */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "choice_command.h"
#include "class_generate.h"
#include "progress.h"
#include "simulation.h"

#define ORDERS_MAX 1000
#define DELAY_MAX  ((size_t)1 << 24)

enum key { KEY_CSV = 256, KEY_HTML, KEY_SAVE, KEY_MISSING };

struct simulate_options {
    const char *csv, *name, *html, *save;
    bool json;
    struct bandit_plan plan;
};

static void parse_options(struct simulate_options *options, int argc, char **argv);
static error_t parse_key(int key, char *value, struct argp_state *state);
static const hunch_learner_ops *parse_learner(const char *value, struct argp_state *state);
static int simulate(struct simulate_options *options, const struct class_set *set);
static int report(const struct simulate_options *options, const struct bandit_result *result);

int choice__simulate(int argc, char **argv)
{
    struct simulate_options options;
    struct class_set set;
    hunch_diag diag;
    parse_options(&options, argc, argv);
    size_t rows = options.plan.rows;
    hunch_status status = options.csv != NULL
                              ? hunch__class_set_load_file(&set, options.csv, rows, NULL, &diag)
                              : hunch__class_set_load(&set, options.name, rows, NULL, NULL, &diag);
    if (status != HUNCH_OK) {
        return choice__fail(NULL, status, &diag);
    }
    choice__clean(set.name);
    int code = simulate(&options, &set);
    hunch__class_set_free(&set);
    return code;
}

static int simulate(struct simulate_options *options, const struct class_set *set)
{
    struct bandit_result result;
    struct progress progress;
    hunch_diag diag;
    choice__progress_begin(&progress, isatty(STDERR_FILENO) == 1);
    options->plan.set = set;
    options->plan.rows = set->n;
    options->plan.tick = choice__progress_draw;
    options->plan.tick_ctx = &progress;
    hunch_status status = choice__bandit_play(&result, &options->plan, &diag);
    choice__progress_end(&progress);
    if (status != HUNCH_OK) {
        return choice__fail(NULL, status, &diag);
    }
    int code = report(options, &result);
    choice__bandit_free(&result);
    return code;
}

static int report(const struct simulate_options *options, const struct bandit_result *result)
{
    hunch_diag diag;
    if (options->save != NULL) {
        hunch_status status = hunch_chooser_save(result->chooser, options->save, &diag);
        if (status != HUNCH_OK) {
            return choice__fail(options->save, status, &diag);
        }
    }
    if (options->html != NULL) {
        hunch_status status = choice__simulation_page(options->html, &options->plan, result, &diag);
        if (status != HUNCH_OK) {
            return choice__fail(options->html, status, &diag);
        }
    }
    if (options->json) {
        return choice__print_json(choice__simulation_json(&options->plan, result));
    }
    choice__simulation_print(&options->plan, result);
    return COMMAND_OK;
}

static void parse_options(struct simulate_options *options, int argc, char **argv)
{
    static const struct argp_option all[] = {
        {"csv", KEY_CSV, "FILE", 0, "Play the table in FILE: columns n*, c*, y", 0},
        {"learner", 'l', "NAME", 0, "Learner (default: the library's choice)", 1},
        {"rows", 'n', "N", 0, "The first N rows (default: all)", 1},
        {"shuffles", 's', "N", 0, "Play N orders: the file's, and N - 1 shuffled (default 1)", 1},
        {"delay", 'd', "N", 0, "Each reward comes N rows late (default 0)", 1},
        {"missing", KEY_MISSING, "P", 0, "This share of the rewards never comes (default 0)", 1},
        {"seed", 'S', "N", 0, "Seed of everything that is drawn (default 1)", 1},
        {"save", KEY_SAVE, "FILE", 0, "Save the chooser of the first order", 2},
        {"json", 'j', NULL, 0, "Print one object of JSON", 2},
        {"html", KEY_HTML, "FILE", 0, "Write a page for the browser", 2},
        {0},
    };
    static const char doc[] =
        "Play a table of examples as a bandit: show a row, choose a class, reveal only whether it "
        "was right. Prints the progressive loss, each row scored before it is learned from, the "
        "regret against the arm that would have been best all along, and what became of each arm. "
        "SET is a data set's name or a generator (default " HUNCH__CLUSTERS ")."
        "\v"
        "Examples:\n"
        "  hunch-choice simulate\n"
        "  hunch-choice simulate --csv my_rows.csv --shuffles 5\n"
        "  hunch-choice simulate letter --learner linear --rows 9000 --html l.html\n"
        "  hunch-choice simulate 'clusters(4,2,3,0.5)' --delay 1000 --missing 0.5 --json\n"
        "  hunch-choice simulate --csv my_rows.csv --save mine.hunch\n"
        "\n"
        "The header of FILE names the columns: n... is numeric, c... a category's code, and the "
        "last is y, the class; an empty field is missing. '-' is stdin, .zst and .gz are unpacked.";
    static const struct argp argp = {all, parse_key, "[SET]", doc, NULL, NULL, NULL};

    *options = (struct simulate_options){.plan = {.orders = 1, .seed = 1}};
    (void)argp_parse(&argp, argc, argv, 0, NULL, options);
}

static error_t parse_key(int key, char *value, struct argp_state *state)
{
    struct simulate_options *options = state->input;
    struct bandit_plan *plan = &options->plan;
    switch (key) {
    case KEY_CSV:
        options->csv = value;
        return 0;
    case KEY_HTML:
        options->html = value;
        return 0;
    case KEY_SAVE:
        options->save = value;
        return 0;
    case KEY_MISSING:
        plan->missing = choice__fraction("--missing", value, state);
        return 0;
    case 'l':
        plan->learner = parse_learner(value, state);
        return 0;
    case 'n':
        plan->rows = choice__number("--rows", value, 1, SIZE_MAX / 2, state);
        return 0;
    case 's':
        plan->orders = choice__number("--shuffles", value, 1, ORDERS_MAX, state);
        return 0;
    case 'd':
        plan->delay = choice__number("--delay", value, 0, DELAY_MAX, state);
        return 0;
    case 'S':
        plan->seed = choice__number("--seed", value, 0, UINT64_MAX, state);
        return 0;
    case 'j':
        options->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (options->name != NULL) {
            argp_error(state, "one set at a time: '%s' is too many", value);
        }
        options->name = value;
        return 0;
    case ARGP_KEY_END:
        if (options->name != NULL && options->csv != NULL) {
            argp_error(state, "'%s' or --csv, not both", options->name);
        }
        options->name = options->name != NULL ? options->name : HUNCH__CLUSTERS;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const hunch_learner_ops *parse_learner(const char *value, struct argp_state *state)
{
    const hunch_learner_ops *learner = hunch_learner_find(value);
    char names[512] = "";
    size_t n = 0;
    const hunch_learner_ops *each;
    for (size_t i = 0; (each = hunch_learner_at(i)) != NULL && n < sizeof names; i++) {
        n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i > 0 ? ", " : "", each->name);
    }
    if (learner == NULL) {
        argp_error(state, "--learner: expected one of %s, found '%s'", names, value);
    }
    return learner;
}
