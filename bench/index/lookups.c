/* Timing of look-ups over one set. */
#include "lookups.h"

#include <stdio.h>

#include "floors.h"
#include "hash.h"

/* The panel and both floors. */
#define RACERS_MAX (PANEL_MAX + 2)

static hunch_status measure_loop(struct bench *bench, const struct bench_data *data,
                                 const char *name, enum loop loop, struct panel *panel,
                                 struct floor_chase *chase, const struct queries *queries,
                                 hunch_diag *diag);
static size_t add_floors(struct bench_contender *out, enum loop loop, struct floor_chase *chase,
                         struct floor_loads *loads);

void lookup_case_name(char *out, const char *set, enum query_kind kind, enum loop loop)
{
    (void)snprintf(out, CASE_NAME_MAX, "%s/lookup-%s/%s", set, query_kind_name(kind),
                   loop_name(loop));
}

bool lookups_wanted(const struct bench *bench, const char *set, enum query_kind kind)
{
    char name[CASE_NAME_MAX];
    bool wanted = false;
    for (enum loop loop = 0; loop < LOOPS; loop++) {
        lookup_case_name(name, set, kind, loop);
        wanted = wanted || bench_wants_case(bench, name);
    }
    return wanted;
}

hunch_status lookups_measure(struct bench *bench, struct panel *panel,
                             const struct bench_data *data, enum query_kind kind,
                             const uint64_t *keys, size_t n, hunch_diag *diag)
{
    struct queries queries = {.count = 0};
    struct floor_chase chase = {.line = NULL};
    const uint64_t seed = bench_seed(bench);
    hunch_status status =
        queries_draw(&queries, kind, keys, n, queries_of(bench, LOOP_BATCHED), seed, diag);
    if (status == HUNCH_OK) {
        status = floor_chase_build(&chase, n, seed, diag);
    }
    for (enum loop loop = 0; loop < LOOPS && status == HUNCH_OK; loop++) {
        char name[CASE_NAME_MAX];
        lookup_case_name(name, data->name, kind, loop);
        status = measure_loop(bench, data, name, loop, panel, &chase, &queries, diag);
    }
    floor_chase_free(&chase);
    queries_free(&queries);
    return status;
}

static hunch_status measure_loop(struct bench *bench, const struct bench_data *data,
                                 const char *name, enum loop loop, struct panel *panel,
                                 struct floor_chase *chase, const struct queries *queries,
                                 hunch_diag *diag)
{
    struct floor_loads loads = {.distance = FLOOR_DISTANCE};
    struct queries asked = *queries;
    struct bench_contender contenders[RACERS_MAX];
    asked.count = queries_of(bench, loop);
    panel_contenders(panel, loop, contenders);
    size_t floors = add_floors(contenders + panel->count, loop, chase, &loads);
    const struct bench_case c = {
        .name = name,
        .metric = "ns_per_op",
        .unit = "ns",
        .baseline = panel_baseline(),
        .data = data,
        .work = &asked,
        .ops = asked.count,
        .has_expected = true,
        .expected = hunch__xxh3(asked.answer, asked.count * sizeof *asked.answer),
        .contenders = contenders,
        .count = panel->count + floors,
    };
    return bench_measure(bench, &c, diag);
}

/* The bound that applies comes first: the driver takes multiples of it. No look-up that waits for
 * the one before can come near to prefetched loads, and no batch waits for dependent misses. */
static size_t add_floors(struct bench_contender *out, enum loop loop, struct floor_chase *chase,
                         struct floor_loads *loads)
{
    const struct bench_contender miss = {
        .impl = "floor-dependent-miss", .floor = true, .self = chase, .run = floor_chase_run};
    const struct bench_contender load = {
        .impl = "floor-prefetched-load", .floor = true, .self = loads, .run = floor_loads_run};
    if (loop == LOOP_BATCHED) {
        out[0] = load;
        return 1;
    }
    out[0] = loop == LOOP_FENCED ? miss : load;
    out[1] = loop == LOOP_FENCED ? load : miss;
    return 2;
}
