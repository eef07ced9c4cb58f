/* The tuning of every contender. */
#include "sweep.h"

#include "contenders.h"
#include "floors.h"
#include "hash.h"
#include "lookups.h"

#define VALUES_MAX 8u

/* One number of one contender, turned. */
struct sweep {
    const struct index_contender *contender; /* NULL: the prefetched-load floor */
    const char *label;                       /* of the contender                */
    const char *number;                      /* "width", "bits", ...            */
    enum loop loop;
    unsigned parameter;          /* of all variants; 0: the number is the parameter itself, else
                                    the number is the width */
    unsigned values[VALUES_MAX]; /* 0 ends them */
};

#define WIDTHS                                                                                     \
    {                                                                                              \
        16, 32, 48, 64, 96, 128, 192, 256                                                          \
    }
/* No more than hunch_index takes. */
#define OUR_WIDTHS                                                                                 \
    {                                                                                              \
        16, 32, 48, 64, 96, 128                                                                    \
    }
#define BITS                                                                                       \
    {                                                                                              \
        12, 14, 16, 18, 20, 22, 24, 26                                                             \
    }

static const struct sweep sweeps[] = {
    {&index_hunch_stree8, "hunch-stree8", "width", LOOP_BATCHED, 8, OUR_WIDTHS},
    {&index_hunch_stree16, "hunch-stree16", "width", LOOP_BATCHED, 16, OUR_WIDTHS},
    {&index_branchless, "branchless", "levels", LOOP_FENCED, 0, {1, 2}},
    {&index_branchless, "branchless", "levels", LOOP_INDEPENDENT, 0, {1, 2}},
    {&index_branchless, "branchless", "width", LOOP_BATCHED, 1, WIDTHS},
    {&index_eytzinger, "eytzinger", "levels", LOOP_INDEPENDENT, 0, {1, 2, 3, 4}},
    {&index_eytzinger, "eytzinger", "width", LOOP_BATCHED, 4, WIDTHS},
    {&index_interpolation, "interpolation", "steps", LOOP_INDEPENDENT, 0, {1, 2, 3, 4, 6}},
    {&index_interpolation, "interpolation", "steps", LOOP_BATCHED, 0, {1, 2, 3, 4, 5, 6}},
    {&index_interpolation, "interpolation", "width", LOOP_BATCHED, 4, WIDTHS},
    {&index_radix_binary, "radix-binary", "bits", LOOP_INDEPENDENT, 0, BITS},
    {&index_radix_binary, "radix-binary", "bits", LOOP_BATCHED, 0, BITS},
    {&index_radix_binary, "radix-binary", "width", LOOP_BATCHED, 26, WIDTHS},
    {NULL, "floor", "distance", LOOP_BATCHED, 0, {4, 8, 16, 32, 64, 128}},
};

#define SWEEPS (sizeof sweeps / sizeof sweeps[0])

static void case_name(char *out, const char *set, const struct sweep *sweep);
static hunch_status measure_contender(struct bench *bench, const struct bench_data *data,
                                      const struct sweep *sweep, const struct queries *queries,
                                      hunch_diag *diag);
static hunch_status measure_floor(struct bench *bench, const struct bench_data *data,
                                  const struct sweep *sweep, const struct queries *queries,
                                  hunch_diag *diag);
static hunch_status measure(struct bench *bench, const struct bench_data *data,
                            const struct sweep *sweep, const struct queries *queries,
                            const struct bench_contender *contenders, size_t count,
                            hunch_diag *diag);

void sweep_list(FILE *out, const char *set)
{
    char name[CASE_NAME_MAX];
    for (size_t i = 0; i < SWEEPS; i++) {
        case_name(name, set, &sweeps[i]);
        (void)fprintf(out, "%s\n", name);
    }
}

bool sweep_wanted(const struct bench *bench, const char *set)
{
    char name[CASE_NAME_MAX];
    bool wanted = false;
    for (size_t i = 0; i < SWEEPS; i++) {
        case_name(name, set, &sweeps[i]);
        wanted = wanted || bench_wants_case(bench, name);
    }
    return wanted;
}

hunch_status sweep_measure(struct bench *bench, const struct bench_data *data, const uint64_t *keys,
                           size_t n, hunch_diag *diag)
{
    struct queries queries;
    hunch_status status = queries_draw(&queries, QUERY_PRESENT, keys, n,
                                       queries_of(bench, LOOP_BATCHED), bench_seed(bench), diag);
    for (size_t i = 0; i < SWEEPS && status == HUNCH_OK; i++) {
        char name[CASE_NAME_MAX];
        case_name(name, data->name, &sweeps[i]);
        if (bench_wants_case(bench, name)) {
            status = sweeps[i].contender != NULL
                         ? measure_contender(bench, data, &sweeps[i], &queries, diag)
                         : measure_floor(bench, data, &sweeps[i], &queries, diag);
        }
    }
    queries_free(&queries);
    return status;
}

/* SET/sweep-LABEL-NUMBER/LOOP */
static void case_name(char *out, const char *set, const struct sweep *sweep)
{
    (void)snprintf(out, CASE_NAME_MAX, "%s/sweep-%s-%s/%s", set, sweep->label, sweep->number,
                   loop_name(sweep->loop));
}

static hunch_status measure_contender(struct bench *bench, const struct bench_data *data,
                                      const struct sweep *sweep, const struct queries *queries,
                                      hunch_diag *diag)
{
    struct panel panel = {.count = 0};
    struct bench_contender contenders[PANEL_MAX];
    for (size_t i = 0; i < VALUES_MAX && sweep->values[i] != 0; i++) {
        struct index_tuning tuning = sweep->contender->tuning;
        char name[64];
        if (sweep->parameter == 0) {
            tuning.parameter = sweep->values[i];
        } else {
            tuning.parameter = sweep->parameter;
            tuning.batch_width = sweep->values[i];
        }
        (void)snprintf(name, sizeof name, "%s-%s-%u", sweep->label, sweep->number,
                       sweep->values[i]);
        panel_add(&panel, sweep->contender, name, tuning);
    }
    panel_build(&panel, bench, queries->keys, queries->n, 1);
    panel_contenders(&panel, sweep->loop, contenders);
    hunch_status status = measure(bench, data, sweep, queries, contenders, panel.count, diag);
    panel_free(&panel);
    return status;
}

static hunch_status measure_floor(struct bench *bench, const struct bench_data *data,
                                  const struct sweep *sweep, const struct queries *queries,
                                  hunch_diag *diag)
{
    struct floor_loads loads[VALUES_MAX];
    struct bench_contender contenders[VALUES_MAX];
    char names[VALUES_MAX][64];
    size_t count = 0;
    for (; count < VALUES_MAX && sweep->values[count] != 0; count++) {
        loads[count].distance = sweep->values[count];
        (void)snprintf(names[count], sizeof names[count], "floor-prefetched-load-%u",
                       sweep->values[count]);
        contenders[count] = (struct bench_contender){
            .impl = names[count], .floor = true, .self = &loads[count], .run = floor_loads_run};
    }
    return measure(bench, data, sweep, queries, contenders, count, diag);
}

/* Ratios are taken of the first variant. */
static hunch_status measure(struct bench *bench, const struct bench_data *data,
                            const struct sweep *sweep, const struct queries *queries,
                            const struct bench_contender *contenders, size_t count,
                            hunch_diag *diag)
{
    char name[CASE_NAME_MAX];
    case_name(name, data->name, sweep);
    const struct bench_case c = {
        .name = name,
        .metric = "ns_per_op",
        .unit = "ns",
        .baseline = contenders[0].impl,
        .data = data,
        .work = queries,
        .ops = queries->count,
        .has_expected = true,
        .expected = hunch__xxh3(queries->answer, queries->count * sizeof *queries->answer),
        .contenders = contenders,
        .count = count,
    };
    return bench_measure(bench, &c, diag);
}
