/* The automatic choice against every configuration. */
#include "auto_race.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "asserts.h"
#include "lookups.h"
#include "quartiles.h"
#include "random.h"

/* Bytes a key that an index may take beside the keys. */
static const double budgets[AUTO_BUDGETS] = {0.05, 0.25, 0.7};

/* Configurations that are timed again beside what AUTO has picked, and how often. */
#define FINALISTS   4u
#define RACERS      (CHOSEN + FINALISTS)
#define ROUNDS      9u
#define QUICK_SHARE 8u /* of the queries, for the first timing of all */

/* What has chosen; the finalists of the sweep follow. */
enum chooser {
    BY_MEASURING,     /* AUTO                                                             */
    BY_MODEL,         /* its cost model alone                                             */
    BY_NOISE,         /* AUTO, whose rewards are drawn: a clock that has nothing to do    */
    BY_OTHER_CONTEXT, /* what the cost model took for the set before, of the same budget */
    CHOSEN
};

/* One index on its way through a race. */
struct racer {
    hunch_index *index; /* owned */
    const char *name;   /* of the configuration; of AUTO's, what it picked */
    double build_ns;
    double bytes; /* a key */
    double ns[ROUNDS];
    bool wrong;
};

/* All configurations over one set. */
struct sweep_of_all {
    struct auto_arm arms[AUTO_ARMS];
    double ns[AUTO_ARMS];
    double bytes[AUTO_ARMS];
    bool wrong[AUTO_ARMS];
};

static hunch_status time_all(struct sweep_of_all *all, const struct bench *bench,
                             const struct queries *queries, size_t *positions, hunch_diag *diag);
static hunch_status race(struct bench *bench, const struct bench_data *data,
                         const struct sweep_of_all *all, const struct queries *queries,
                         size_t *positions, unsigned b, struct auto_ledger *ledger,
                         hunch_diag *diag);
static hunch_status enter_chosen(struct racer *racers, const struct bench *bench,
                                 const struct sweep_of_all *all, const struct queries *queries,
                                 unsigned b, struct auto_ledger *ledger, hunch_diag *diag);
static uint64_t any_time(void *state);
static hunch_index_options options_of(const struct racer *racer, const struct sweep_of_all *all);
static size_t pick_finalists(const struct sweep_of_all *all, double budget, size_t *finalists);
static hunch_status enter(struct racer *racer, const struct bench *bench,
                          const struct queries *queries, hunch_index_options options,
                          const char *name, hunch_diag *diag);
static double look_up(const struct bench *bench, const hunch_index *index,
                      const struct queries *queries, size_t count, size_t *positions, bool *wrong);
static hunch_status report(struct bench *bench, const struct bench_data *data, struct racer *racers,
                           size_t count, const struct sweep_of_all *all, unsigned b,
                           struct auto_ledger *ledger, hunch_diag *diag);
static double ratio_of(const struct racer *racer, const struct racer *best);
static struct bench_quartiles quartiles_of(const struct racer *racer);
static void note_case(struct auto_ledger *ledger, const struct racer *racers, size_t best,
                      double mix, double budget);
static void note_set(struct auto_ledger *ledger, const struct sweep_of_all *all);
static double mean_of_fitting(const struct sweep_of_all *all, double budget);
static void case_name(char *out, const char *set, unsigned b);

void auto_race_list(FILE *out, const char *set)
{
    char name[CASE_NAME_MAX];
    for (unsigned b = 0; b < AUTO_BUDGETS; b++) {
        case_name(name, set, b);
        (void)fprintf(out, "%s\n", name);
    }
}

bool auto_race_wanted(const struct bench *bench, const char *set)
{
    char name[CASE_NAME_MAX];
    bool wanted = false;
    for (unsigned b = 0; b < AUTO_BUDGETS; b++) {
        case_name(name, set, b);
        wanted = wanted || bench_wants_case(bench, name);
    }
    return wanted;
}

hunch_status auto_race_measure(struct bench *bench, const struct bench_data *data,
                               const uint64_t *keys, size_t n, struct auto_ledger *ledger,
                               hunch_diag *diag)
{
    static struct sweep_of_all all; /* suites run one at a time */
    struct queries queries;
    memset(&all, 0, sizeof all);
    auto_arms_list(all.arms);
    hunch_status status =
        queries_draw(&queries, QUERY_PRESENT, keys, n, QUERIES_QUICK / 2, bench_seed(bench), diag);
    const hunch_allocator *memory = hunch_allocator_default();
    const size_t bytes = queries.count * sizeof(size_t);
    size_t *positions = status == HUNCH_OK ? memory->alloc(memory->ctx, bytes, 64) : NULL;
    if (positions == NULL) {
        queries_free(&queries);
        return status != HUNCH_OK ? status : HUNCH_ENOMEM;
    }
    status = time_all(&all, bench, &queries, positions, diag);
    for (unsigned b = 0; b < AUTO_BUDGETS && status == HUNCH_OK; b++) {
        char name[CASE_NAME_MAX];
        case_name(name, data->name, b);
        if (bench_wants_case(bench, name)) {
            status = race(bench, data, &all, &queries, positions, b, ledger, diag);
        }
    }
    memory->free(memory->ctx, positions, bytes, 64);
    queries_free(&queries);
    return status;
}

hunch_status auto_race_summary(struct bench *bench, const struct auto_ledger *ledger,
                               hunch_diag *diag)
{
    if (ledger->sets == 0 || ledger->cases == 0) {
        return HUNCH_OK;
    }
    const double sets = ledger->sets;
    double fixed = HUGE_VAL;
    for (size_t i = 0; i < AUTO_ARMS; i++) {
        fixed = fmin(fixed, ledger->log_fixed[i]);
    }
    struct bench_value values[] = {
        {.impl = "hunch", .value = exp(ledger->log_hunch / ledger->cases)},
        {.impl = "hunch-worst-case", .value = ledger->worst_hunch},
        {.impl = "hunch-cost-model", .value = exp(ledger->log_model / ledger->cases)},
        {.impl = "hunch-reward-shuffled", .value = exp(ledger->log_noise / ledger->cases)},
        {.impl = "hunch-context-shuffled",
         .value = exp(ledger->log_other / fmax(ledger->others, 1))},
        {.impl = "hunch-best-fixed", .value = exp(fixed / sets)},
        {.impl = "hunch-uniform-mix", .value = exp(ledger->log_mix / ledger->cases)},
    };
    const struct bench_data data = {.name = "all sets", .n = ledger->sets};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        values[i].q1 = values[i].q3 = values[i].value;
        values[i].reps = 1;
    }
    hunch_status status =
        bench_report_values(bench, "summary/auto", "times_the_best", "x", false, NULL, &data,
                            values, sizeof values / sizeof values[0], diag);
    if (status == HUNCH_OK) {
        const double within = 100.0 * ledger->within / ledger->cases;
        const struct bench_value share = {
            .impl = "hunch", .value = within, .q1 = within, .q3 = within, .reps = 1};
        status = bench_report_values(bench, "summary/auto", "cases_within_5_percent", "%", true,
                                     NULL, &data, &share, 1, diag);
    }
    return status;
}

/* Each is built, asked an eighth of the queries, and freed: all of them do not fit in memory. */
static hunch_status time_all(struct sweep_of_all *all, const struct bench *bench,
                             const struct queries *queries, size_t *positions, hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < AUTO_ARMS && status == HUNCH_OK; i++) {
        struct racer racer = {.index = NULL};
        hunch_index_stats stats = {.struct_size = sizeof stats};
        status = enter(&racer, bench, queries, all->arms[i].options, NULL, diag);
        if (status != HUNCH_OK) {
            break;
        }
        hunch_index_read_stats(racer.index, &stats);
        all->bytes[i] = (double)stats.index_bytes / (double)queries->n;
        all->ns[i] = HUGE_VAL;
        for (unsigned round = 0; round < 2; round++) {
            const double ns = look_up(bench, racer.index, queries, queries->count / QUICK_SHARE,
                                      positions, &all->wrong[i]);
            all->ns[i] = fmin(all->ns[i], ns);
        }
        hunch_index_free(racer.index);
    }
    return status;
}

static hunch_status race(struct bench *bench, const struct bench_data *data,
                         const struct sweep_of_all *all, const struct queries *queries,
                         size_t *positions, unsigned b, struct auto_ledger *ledger,
                         hunch_diag *diag)
{
    struct racer racers[RACERS] = {{0}};
    size_t finalists[FINALISTS];
    size_t count = CHOSEN;
    hunch_status status = enter_chosen(racers, bench, all, queries, b, ledger, diag);
    const size_t chosen = pick_finalists(all, budgets[b], finalists);
    for (size_t i = 0; i < chosen && status == HUNCH_OK; i++) {
        const struct auto_arm *arm = &all->arms[finalists[i]];
        status = enter(&racers[count], bench, queries, arm->options, arm->name, diag);
        count += status == HUNCH_OK;
    }
    for (unsigned round = 0; round < ROUNDS && status == HUNCH_OK; round++) {
        for (size_t i = 0; i < count; i++) {
            if (racers[i].index == NULL) {
                continue;
            }
            racers[i].ns[round] = look_up(bench, racers[i].index, queries, queries->count,
                                          positions, &racers[i].wrong);
        }
    }
    if (status == HUNCH_OK) {
        status = report(bench, data, racers, count, all, b, ledger, diag);
    }
    for (size_t i = 0; i < RACERS; i++) {
        hunch_index_free(racers[i].index);
    }
    return status;
}

/* AUTO, and what is left of it without its parts. */
static hunch_status enter_chosen(struct racer *racers, const struct bench *bench,
                                 const struct sweep_of_all *all, const struct queries *queries,
                                 unsigned b, struct auto_ledger *ledger, hunch_diag *diag)
{
    uint64_t state = bench_seed(bench);
    const hunch_clock noise = {.ctx = &state, .now_ns = any_time};
    hunch_index_options options = {.struct_size = sizeof options};
    options.budget_bytes = (uint64_t)(budgets[b] * (double)queries->n) | 1;
    hunch_status status = enter(&racers[BY_MEASURING], bench, queries, options, NULL, diag);
    if (status == HUNCH_OK) {
        options.clock = &noise;
        status = enter(&racers[BY_NOISE], bench, queries, options, NULL, diag);
    }
    if (status == HUNCH_OK) {
        options.clock = NULL;
        options.no_measuring = 1;
        status = enter(&racers[BY_MODEL], bench, queries, options, NULL, diag);
    }
    if (status == HUNCH_OK) {
        const hunch_index_options other = ledger->taken[b];
        ledger->taken[b] = options_of(&racers[BY_MODEL], all);
        if (other.struct_size != 0) {
            status = enter(&racers[BY_OTHER_CONTEXT], bench, queries, other, NULL, diag);
        }
    }
    return status;
}

/* A clock that says nothing: up to a millisecond between two questions. */
static uint64_t any_time(void *state)
{
    uint64_t *random = state;
    return (*random += 1 + (hunch__mix64(*random) & 0xFFFFF));
}

/* The configuration of the sweep that is the same: of its kind, the nearest in bytes. */
static hunch_index_options options_of(const struct racer *racer, const struct sweep_of_all *all)
{
    hunch_index_stats stats = {.struct_size = sizeof stats};
    hunch_index_read_stats(racer->index, &stats);
    size_t best = AUTO_ARMS;
    for (size_t i = 0; i < AUTO_ARMS; i++) {
        const hunch_index_options *arm = &all->arms[i].options;
        const bool same = arm->kind == stats.kind && arm->router == stats.router;
        if (same && (best == AUTO_ARMS ||
                     fabs(all->bytes[i] - racer->bytes) < fabs(all->bytes[best] - racer->bytes))) {
            best = i;
        }
    }
    HUNCH_ASSERT(best < AUTO_ARMS);
    return all->arms[best].options;
}

/* The fastest of those that fit, fastest first. */
static size_t pick_finalists(const struct sweep_of_all *all, double budget, size_t *finalists)
{
    size_t count = 0;
    bool taken[AUTO_ARMS] = {false};
    while (count < FINALISTS) {
        size_t best = AUTO_ARMS;
        for (size_t i = 0; i < AUTO_ARMS; i++) {
            const bool fits = !taken[i] && !all->wrong[i] && all->bytes[i] <= budget;
            if (fits && (best == AUTO_ARMS || all->ns[i] < all->ns[best])) {
                best = i;
            }
        }
        if (best == AUTO_ARMS) {
            break;
        }
        taken[best] = true;
        finalists[count++] = best;
    }
    return count;
}

static hunch_status enter(struct racer *racer, const struct bench *bench,
                          const struct queries *queries, hunch_index_options options,
                          const char *name, hunch_diag *diag)
{
    hunch_index_stats stats = {.struct_size = sizeof stats};
    const uint64_t begun = bench_now_ns(bench);
    hunch_status status =
        hunch_index_build(&racer->index, queries->keys, queries->n, &options, diag);
    racer->build_ns = (double)(bench_now_ns(bench) - begun) / (double)queries->n;
    if (status == HUNCH_OK) {
        hunch_index_read_stats(racer->index, &stats);
        racer->name = name != NULL ? name : stats.model;
        racer->bytes = (double)stats.index_bytes / (double)queries->n;
    }
    return status;
}

/* The geometric mean of a look-up of a plain loop and of one of a batch, and whether all were
 * right. */
static double look_up(const struct bench *bench, const hunch_index *index,
                      const struct queries *queries, size_t count, size_t *positions, bool *wrong)
{
    const uint64_t begun = bench_now_ns(bench);
    for (size_t i = 0; i < count; i++) {
        positions[i] = hunch_index_lower_bound(index, queries->query[i]);
    }
    const uint64_t between = bench_now_ns(bench);
    *wrong = *wrong || memcmp(positions, queries->answer, count * sizeof *positions) != 0;
    const uint64_t again = bench_now_ns(bench);
    hunch_index_lower_bound_batch(index, queries->query, count, positions);
    const uint64_t end = bench_now_ns(bench);
    *wrong = *wrong || memcmp(positions, queries->answer, count * sizeof *positions) != 0;
    return sqrt((double)(between - begun) * (double)(end - again)) / (double)count;
}

static hunch_status report(struct bench *bench, const struct bench_data *data, struct racer *racers,
                           size_t count, const struct sweep_of_all *all, unsigned b,
                           struct auto_ledger *ledger, hunch_diag *diag)
{
    struct bench_value values[CHOSEN + 2] = {
        [BY_MEASURING] = {.impl = "hunch"},
        [BY_MODEL] = {.impl = "hunch-cost-model"},
        [BY_NOISE] = {.impl = "hunch-reward-shuffled"},
        [BY_OTHER_CONTEXT] = {.impl = "hunch-context-shuffled"},
        [CHOSEN] = {.impl = "hunch-best-of-sweep"},
        {.impl = "hunch-uniform-mix"}};
    char name[CASE_NAME_MAX];
    size_t best = CHOSEN;
    for (size_t i = CHOSEN; i < count; i++) {
        best = quartiles_of(&racers[i]).median < quartiles_of(&racers[best]).median ? i : best;
    }
    for (size_t i = 0; i <= CHOSEN; i++) {
        const struct racer *racer = &racers[i < CHOSEN ? i : count > CHOSEN ? best : 0];
        const struct bench_quartiles q = quartiles_of(racer);
        values[i].value = q.median;
        values[i].q1 = q.q1;
        values[i].q3 = q.q3;
        values[i].reps = ROUNDS;
        values[i].model = racer->name;
        values[i].error = racer->wrong                                  ? BENCH_ANSWERS_DIFFER
                          : racer->index == NULL                        ? "no set before"
                          : racer->bytes > budgets[b] && count > CHOSEN ? "over the budget"
                                                                        : NULL;
    }
    struct bench_value *mix = &values[CHOSEN + 1];
    mix->value = mix->q1 = mix->q3 = mean_of_fitting(all, budgets[b]);
    mix->reps = 1;
    /* Where nothing fits there is no best to be compared with. */
    if (count > CHOSEN) {
        note_case(ledger, racers, best, mix->value / values[CHOSEN].value, budgets[b]);
    }
    if (b + 1 == AUTO_BUDGETS) {
        note_set(ledger, all);
    }
    case_name(name, data->name, b);
    hunch_status status =
        bench_report_values(bench, name, "ns_per_op", "ns", false, "hunch-best-of-sweep", data,
                            values, CHOSEN + 2, diag);
    struct bench_value built = {.impl = "hunch", .value = racers[BY_MEASURING].build_ns, .reps = 1};
    built.q1 = built.q3 = built.value;
    if (status == HUNCH_OK) {
        status = bench_report_values(bench, name, "build_ns_per_key", "ns", false, NULL, data,
                                     &built, 1, diag);
    }
    return status;
}

/* Times as slow as the best of the sweep: by rounds, since a machine's moods last longer than one.
 */
static double ratio_of(const struct racer *racer, const struct racer *best)
{
    double ratios[ROUNDS];
    for (unsigned i = 0; i < ROUNDS; i++) {
        ratios[i] = racer->ns[i] / best->ns[i];
    }
    return bench__quartiles(ratios, ROUNDS).median;
}

/* Of a copy, since they are sorted: rounds stay side by side. */
static struct bench_quartiles quartiles_of(const struct racer *racer)
{
    double ns[ROUNDS];
    memcpy(ns, racer->ns, sizeof ns);
    return bench__quartiles(ns, ROUNDS);
}

/* Of one case. What is over the budget counts as the mean of what fits. */
static void note_case(struct auto_ledger *ledger, const struct racer *racers, size_t best,
                      double mix, double budget)
{
    double ratio[CHOSEN];
    for (size_t i = 0; i < CHOSEN; i++) {
        const bool fits = racers[i].index != NULL && racers[i].bytes <= budget;
        ratio[i] = fits ? ratio_of(&racers[i], &racers[best]) : mix;
    }
    /* What AUTO has built may be faster than any of the sweep. */
    const double least = fmin(ratio[BY_MEASURING], 1);
    ledger->cases++;
    ledger->log_hunch += log(ratio[BY_MEASURING] / least);
    ledger->log_model += log(ratio[BY_MODEL] / least);
    ledger->log_noise += log(ratio[BY_NOISE] / least);
    ledger->log_mix += log(mix / least);
    ledger->within += ratio[BY_MEASURING] <= 1.05 * least;
    ledger->worst_hunch = fmax(ledger->worst_hunch, ratio[BY_MEASURING] / least);
    if (racers[BY_OTHER_CONTEXT].index != NULL) {
        ledger->others++;
        ledger->log_other += log(ratio[BY_OTHER_CONTEXT] / least);
    }
}

static void note_set(struct auto_ledger *ledger, const struct sweep_of_all *all)
{
    const double budget = budgets[AUTO_BUDGETS - 1];
    double fastest = HUGE_VAL;
    for (size_t i = 0; i < AUTO_ARMS; i++) {
        fastest = fmin(fastest, all->ns[i]);
    }
    ledger->sets++;
    for (size_t i = 0; i < AUTO_ARMS; i++) {
        ledger->log_fixed[i] += all->bytes[i] <= budget ? log(all->ns[i] / fastest) : 1e3;
    }
}

/* What a user gets who draws one of them. */
static double mean_of_fitting(const struct sweep_of_all *all, double budget)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < AUTO_ARMS; i++) {
        if (all->bytes[i] <= budget) {
            sum += all->ns[i];
            count++;
        }
    }
    return count > 0 ? sum / (double)count : 0;
}

static void case_name(char *out, const char *set, unsigned b)
{
    (void)snprintf(out, CASE_NAME_MAX, "%s/auto-%.2f", set, budgets[b]);
}
