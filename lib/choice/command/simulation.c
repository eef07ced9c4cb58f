/* What a simulation says: as text and as JSON. */
#include "simulation.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#define CURVE_LINES 10 /* of the points, for a terminal */

static void print_facts(const struct bandit_plan *plan, const struct bandit_result *result);
static void print_curve(const struct bandit_result *result);
static void print_arms(const struct bandit_plan *plan, const struct bandit_result *result);
static json_t *data_object(const struct bandit_plan *plan);
static json_t *orders_array(const struct bandit_plan *plan, const struct bandit_result *result);
static json_t *curve_array(const struct bandit_result *result);
static json_t *arms_array(const struct bandit_plan *plan, const struct bandit_result *result);

void choice__simulation_print(const struct bandit_plan *plan, const struct bandit_result *result)
{
    print_facts(plan, result);
    print_curve(result);
    print_arms(plan, result);
}

struct json_t *choice__simulation_json(const struct bandit_plan *plan,
                                       const struct bandit_result *result)
{
    hunch_chooser_stats stats = {.struct_size = sizeof stats};
    hunch_chooser_read_stats(result->chooser, &stats);
    const struct bandit_point *end = &result->points[result->points_count - 1];
    return json_pack(
        "{s:s, s:o, s:s, s:s, s:s, s:I, s:I, s:f, s:f, s:f, s:I, s:f, s:o, s:o, s:o}", "command",
        "simulate", "data", data_object(plan), "learner", stats.learner, "model", stats.model,
        "isa", stats.isa, "seed", (json_int_t)plan->seed, "delay", (json_int_t)plan->delay,
        "missing", plan->missing, "loss", result->loss, "fixed_loss", result->fixed_loss,
        "fixed_arm", (json_int_t)result->fixed_arm, "regret", end->regret, "orders",
        orders_array(plan, result), "curve", curve_array(result), "arms", arms_array(plan, result));
}

static void print_facts(const struct bandit_plan *plan, const struct bandit_result *result)
{
    const struct class_set *set = plan->set;
    hunch_chooser_stats stats = {.struct_size = sizeof stats};
    hunch_chooser_read_stats(result->chooser, &stats);
    (void)printf("data        %s: %zu rows, %zu columns, %zu arms%s%s\n", set->name, plan->rows,
                 set->columns, set->classes, *set->note != '\0' ? "; " : "", set->note);
    (void)printf("learner     %s, asks %s (%s)\n", stats.learner, stats.model, stats.isa);
    (void)printf("loss        %.4f", result->loss);
    if (plan->orders > 1) {
        (void)printf(", mean of %zu orders from %.4f to %.4f", plan->orders, result->least,
                     result->most);
    }
    (void)printf("\nbest fixed  %.4f, arm %" PRIu32 "\n", result->fixed_loss, result->fixed_arm);
    (void)printf("regret      %.1f mistakes against it\n",
                 result->points[result->points_count - 1].regret);
}

static void print_curve(const struct bandit_result *result)
{
    size_t step = (result->points_count + CURVE_LINES - 1) / CURVE_LINES;
    (void)printf("\n%12s %9s %11s\n", "rows", "loss", "regret");
    for (size_t i = step - 1; i < result->points_count; i += step) {
        const struct bandit_point *point = &result->points[i];
        (void)printf("%12zu %9.4f %11.1f\n", point->rows, point->loss, point->regret);
    }
}

static void print_arms(const struct bandit_plan *plan, const struct bandit_result *result)
{
    double all = (double)plan->rows * (double)plan->orders;
    (void)printf("\n%12s %9s %9s %11s %9s\n", "arm", "played", "share", "mean reward", "its rows");
    for (size_t i = 0; i < plan->set->classes; i++) {
        const struct bandit_arm *arm = &result->arms[i];
        double played = (double)arm->played;
        (void)printf("%12zu %9" PRIu64 " %9.4f %11.4f %9.4f\n", i, arm->played, played / all,
                     arm->played > 0 ? (double)arm->right / played : 0,
                     (double)arm->rows / (double)plan->rows);
    }
}

static json_t *data_object(const struct bandit_plan *plan)
{
    const struct class_set *set = plan->set;
    char xxh3[20];
    (void)snprintf(xxh3, sizeof xxh3, "%016" PRIx64, set->xxh3);
    return json_pack("{s:s, s:I, s:I, s:I, s:s, s:s}", "name", set->name, "n",
                     (json_int_t)plan->rows, "columns", (json_int_t)set->columns, "arms",
                     (json_int_t)set->classes, "xxh3", xxh3, "note", set->note);
}

/* An array with a hole, for want of memory, is no array: json_pack() refuses NULL. */
static json_t *orders_array(const struct bandit_plan *plan, const struct bandit_result *result)
{
    json_t *array = json_array();
    int failures = 0;
    for (size_t i = 0; i < plan->orders; i++) {
        failures +=
            json_array_append_new(array, json_pack("{s:f, s:s}", "loss", result->orders[i].loss,
                                                   "model", result->orders[i].model));
    }
    if (failures != 0) {
        json_decref(array);
        return NULL;
    }
    return array;
}

static json_t *curve_array(const struct bandit_result *result)
{
    json_t *array = json_array();
    int failures = 0;
    for (size_t i = 0; i < result->points_count; i++) {
        const struct bandit_point *point = &result->points[i];
        failures += json_array_append_new(array, json_pack("{s:I, s:f, s:f}", "rows",
                                                           (json_int_t)point->rows, "loss",
                                                           point->loss, "regret", point->regret));
    }
    if (failures != 0) {
        json_decref(array);
        return NULL;
    }
    return array;
}

static json_t *arms_array(const struct bandit_plan *plan, const struct bandit_result *result)
{
    json_t *array = json_array();
    int failures = 0;
    for (size_t i = 0; i < plan->set->classes; i++) {
        const struct bandit_arm *arm = &result->arms[i];
        double mean = arm->played > 0 ? (double)arm->right / (double)arm->played : 0;
        failures +=
            json_array_append_new(array, json_pack("{s:I, s:I, s:f, s:I}", "arm", (json_int_t)i,
                                                   "played", (json_int_t)arm->played, "mean_reward",
                                                   mean, "rows", (json_int_t)arm->rows));
    }
    if (failures != 0) {
        json_decref(array);
        return NULL;
    }
    return array;
}
