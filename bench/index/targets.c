/* What the index is meant to reach, set by set, beside what it reached in this run. */
#include "targets.h"

#include <string.h>

#include "lookups.h"

/* Smaller sets are not compared with the floors of memory: caches hold too much of them. */
#define MANY     10000000u
#define SETS_MAX 24u

/* Whether an impl is of those that are meant. */
typedef bool choice(const char *impl);

static choice is_ours;
static choice is_smallest;
static choice is_miss;
static choice is_load;
static choice is_stree;
static choice is_btree;
static choice is_other;

/* Ours as a multiple of the best of the others; or as it is, where there are none. */
static const struct target {
    const char *name;
    const char *figure; /* of a set: the case is SET/figure */
    const char *metric;
    choice *ours;
    choice *others; /* NULL: none */
    unsigned classes;
    size_t n_min;
    double limit;
} targets[] = {
#define BATCHED     "lookup-present/batched", "ns_per_op", is_ours
#define FENCED      "lookup-present/fenced", "ns_per_op", is_ours
#define INDEPENDENT "lookup-present/independent", "ns_per_op", is_ours
#define SMOOTH      CLASS_BIT(SET_SMOOTH)
#define HARD        CLASS_BIT(SET_HARD)
    {"batched-floor-smooth", BATCHED, is_load, SMOOTH, MANY, 2.6},
    {"batched-floor-hard", BATCHED, is_load, HARD, MANY, 3.4},
    {"batched-stree-smooth", BATCHED, is_stree, SMOOTH, MANY, 0.85},
    {"batched-stree", BATCHED, is_stree, CLASSES_ALL, 0, 1.05},
    {"fenced-floor-smooth", FENCED, is_miss, SMOOTH, MANY, 1.6},
    {"fenced-floor-hard", FENCED, is_miss, HARD, MANY, 2.2},
    {"fenced-btree-smooth", FENCED, is_btree, SMOOTH, MANY, 1 / 2.0},
    {"fenced-btree-hard", FENCED, is_btree, HARD, MANY, 1 / 1.5},
    {"fenced-others", FENCED, is_other, CLASSES_ALL, 0, 1.05},
    {"independent-btree", INDEPENDENT, is_btree, CLASSES_ALL, MANY, 1 / 4.0},
    {"independent-others-smooth", INDEPENDENT, is_other, SMOOTH, MANY, 1 / 1.5},
    {"independent-others", INDEPENDENT, is_other, CLASSES_ALL, 0, 1.05},
    {"bytes-smooth", "size", "bytes_per_key", is_ours, NULL, SMOOTH, MANY, 0.25},
    {"bytes-hard", "size", "bytes_per_key", is_ours, NULL, HARD, MANY, 0.6},
    {"build", "build", "build_ns_per_key", is_ours, NULL, CLASSES_ALL, MANY, 15},
    {"build-smallest", "build", "build_ns_per_key", is_smallest, NULL, CLASSES_ALL, MANY, 25},
};
#define TARGETS (sizeof targets / sizeof targets[0])

static void case_name(char *out, const struct target *target);
static hunch_status report(struct bench *bench, const struct target *target,
                           const struct key_set *sets, hunch_diag *diag);
static bool reached(const struct bench *bench, const struct target *target,
                    const struct key_set *set, double *value);

void targets_list(FILE *out, unsigned classes)
{
    char name[CASE_NAME_MAX];
    for (size_t i = 0; i < TARGETS; i++) {
        case_name(name, &targets[i]);
        if ((targets[i].classes & classes) != 0) {
            (void)fprintf(out, "%s\n", name);
        }
    }
}

hunch_status targets_report(struct bench *bench, const struct key_set *sets, hunch_diag *diag)
{
    hunch_status status = HUNCH_OK;
    for (size_t i = 0; i < TARGETS && status == HUNCH_OK; i++) {
        status = report(bench, &targets[i], sets, diag);
    }
    return status;
}

static void case_name(char *out, const struct target *target)
{
    (void)snprintf(out, CASE_NAME_MAX, "targets/%s", target->name);
}

static hunch_status report(struct bench *bench, const struct target *target,
                           const struct key_set *sets, hunch_diag *diag)
{
    char name[CASE_NAME_MAX];
    struct bench_value values[SETS_MAX] = {{.impl = "limit", .value = target->limit, .reps = 1}};
    size_t count = 1;
    for (const struct key_set *set = sets; set->name != NULL && count < SETS_MAX; set++) {
        double value;
        if ((target->classes & CLASS_BIT(set->class)) != 0 && reached(bench, target, set, &value)) {
            values[count++] = (struct bench_value){.impl = set->name, .value = value, .reps = 1};
        }
    }
    for (size_t i = 0; i < count; i++) {
        values[i].q1 = values[i].q3 = values[i].value;
    }
    const struct bench_data data = {.name = "all sets", .n = count - 1};
    case_name(name, target);
    return count == 1
               ? HUNCH_OK
               : bench_report_values(bench, name, target->others != NULL ? "times" : target->metric,
                                     target->others != NULL ? "x" : "", false, "limit", &data,
                                     values, count, diag);
}

static bool reached(const struct bench *bench, const struct target *target,
                    const struct key_set *set, double *value)
{
    char name[CASE_NAME_MAX];
    size_t n = 0;
    double other = 1;
    (void)snprintf(name, sizeof name, "%s/%s", set->name, target->figure);
    bool is =
        bench_least(bench, name, target->metric, target->ours, value, &n) && n >= target->n_min;
    if (is && target->others != NULL) {
        is = bench_least(bench, name, target->metric, target->others, &other, &n) && other > 0;
    }
    *value = is ? *value / other : 0;
    return is;
}

static bool is_ours(const char *impl)
{
    return strcmp(impl, "hunch") == 0;
}

static bool is_smallest(const char *impl)
{
    return strcmp(impl, "hunch-segments") == 0;
}

static bool is_miss(const char *impl)
{
    return strcmp(impl, "floor-dependent-miss") == 0;
}

static bool is_load(const char *impl)
{
    return strcmp(impl, "floor-prefetched-load") == 0;
}

static bool is_stree(const char *impl)
{
    return strncmp(impl, "hunch-stree", strlen("hunch-stree")) == 0;
}

static bool is_btree(const char *impl)
{
    return strcmp(impl, "absl-btree") == 0;
}

/* Nothing that learns, and no floor. */
static bool is_other(const char *impl)
{
    return is_stree(impl) || (strncmp(impl, "hunch", 5) != 0 && strncmp(impl, "floor-", 6) != 0);
}
