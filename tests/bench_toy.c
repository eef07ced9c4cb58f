/* A suite of toys for the tests of the bench driver. */
#define _POSIX_C_SOURCE 200809L
#include "bench_toy.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "hash.h"

static uint64_t world_now_ns(void *ctx);
static void toy_run(void *self, const void *work, uint64_t *answers);
static hunch_status toy_list(FILE *out, const struct bench *bench, hunch_diag *diag);
static hunch_status toy_suite_run(struct bench *bench, hunch_diag *diag);
static hunch_status toy_lookup(struct bench *bench, const char *name, const struct bench_data *data,
                               hunch_diag *diag);
static hunch_status toy_size(struct bench *bench, const struct bench_data *data, hunch_diag *diag);

const uint64_t toy_work[TOY_OPS] = {3, 1, 4, 1};

static const struct toy_plan *program_plan;
static struct toy_world program_world;

hunch_clock toy_clock(struct toy_world *world)
{
    return (hunch_clock){world, world_now_ns};
}

struct bench_contender toy_contender(const char *impl, struct toy *toy)
{
    return (struct bench_contender){.impl = impl, .self = toy, .run = toy_run};
}

uint64_t toy_expected(void)
{
    uint64_t answers[TOY_OPS];
    for (size_t i = 0; i < TOY_OPS; i++) {
        answers[i] = 2 * toy_work[i];
    }
    return hunch__xxh3(answers, sizeof answers);
}

struct bench_catalogue toy_catalogue(const struct toy_plan *plan)
{
    static const struct bench_suite suite = {
        "toy", "Toys: doubling a number", "classic", NULL, toy_list, toy_suite_run,
    };
    static const struct bench_suite *const suites[] = {&suite, NULL};
    static const char *const later[] = {"bloom", NULL};
    program_plan = plan;
    program_world = (struct toy_world){.now_ns = 0};
    return (struct bench_catalogue){suites, later};
}

const hunch_clock *toy_program_clock(void)
{
    static hunch_clock clock;
    clock = toy_clock(&program_world);
    return &clock;
}

static uint64_t world_now_ns(void *ctx)
{
    const struct toy_world *world = ctx;
    return world->now_ns;
}

static void toy_run(void *self, const void *work, uint64_t *answers)
{
    struct toy *toy = self;
    const uint64_t *numbers = work;
    const size_t ran = strlen(toy->world->order);
    const bool wrong = toy->wrong_at == TOY_ALWAYS || toy->wrong_at == toy->runs;
    for (size_t i = 0; i < TOY_OPS && toy->wrong_at != TOY_SILENT; i++) {
        answers[i] = 2 * numbers[i] + (wrong && i == TOY_OPS - 1);
    }
    if (ran + 1 < sizeof toy->world->order) {
        toy->world->order[ran] = toy->letter;
    }
    toy->world->now_ns +=
        toy->runs == TOY_WARMUP ? 1000000000 : toy->ns + (uint64_t)toy->runs * toy->step;
    toy->runs++;
}

static hunch_status toy_list(FILE *out, const struct bench *bench, hunch_diag *diag)
{
    (void)bench;
    (void)diag;
    (void)fputs("toys/lookup/a\ntoys/lookup/b\ntoys/size\n", out);
    return HUNCH_OK;
}

static hunch_status toy_suite_run(struct bench *bench, hunch_diag *diag)
{
    const struct bench_data data = {program_plan->data_name, TOY_OPS, 0xABCD, program_plan->note};
    hunch_status status = toy_lookup(bench, "toys/lookup/a", &data, diag);
    if (program_plan->kill) {
        (void)raise(SIGKILL);
    }
    if (status == HUNCH_OK) {
        status = toy_lookup(bench, "toys/lookup/b", &data, diag);
    }
    return status == HUNCH_OK ? toy_size(bench, &data, diag) : status;
}

static hunch_status toy_lookup(struct bench *bench, const char *name, const struct bench_data *data,
                               hunch_diag *diag)
{
    struct toy_world *world = &program_world;
    const bool honest = program_plan->honest;
    /* 987.5 and 765.5 ns a look-up: figures that must not be seen anywhere. */
    struct toy ours = {world, 'h', TOY_NEVER, 396, 4, 0};
    struct toy classic = {world, 'c', TOY_NEVER, 796, 4, 0};
    struct toy liar = {world, 'l', honest ? TOY_NEVER : TOY_ALWAYS, 3950, 0, 0};
    struct toy late = {world, 'm', honest ? TOY_NEVER : 3, 3062, 0, 0};
    struct toy floor = {world, 'f', TOY_ALWAYS, 200, 0, 0};
    struct bench_contender contenders[] = {
        toy_contender("hunch", &ours),    toy_contender("classic", &classic),
        toy_contender("liar", &liar),     toy_contender("late-liar", &late),
        toy_contender("floor-x", &floor), {.impl = "absent", .error = "not built"},
    };
    contenders[4].floor = true;
    const struct bench_case c = {
        .name = name,
        .metric = "ns_per_op",
        .unit = "ns",
        .baseline = "classic",
        .data = data,
        .work = toy_work,
        .ops = TOY_OPS,
        .has_expected = true,
        .expected = toy_expected(),
        .contenders = contenders,
        .count = sizeof contenders / sizeof *contenders,
    };
    return bench_measure(bench, &c, diag);
}

static hunch_status toy_size(struct bench *bench, const struct bench_data *data, hunch_diag *diag)
{
    const struct bench_value values[] = {
        {.impl = "hunch", .value = 0.5},
        {.impl = "classic", .value = 0.25},
        {.impl = "absent", .error = "not built"},
    };
    return bench_report_values(bench, "toys/size", "bytes_per_key", "B", false, "classic", data,
                               values, sizeof values / sizeof *values, diag);
}
