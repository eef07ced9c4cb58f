/* The scheduler: it runs every interleaving it says it runs, finds planted races, and finds none in
 * the library's own first use of the kernel table. */
#define _POSIX_C_SOURCE 200809L /* setenv */
#define HUNCH_SCHEDULED
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomics.h"
#include "kernels_scheduled.h"
#include "sanitizer.h"
#include "scheduler.h"
#include "suite.h"

/* A change of stacks costs ThreadSanitizer a hundred times what it costs otherwise. */
enum { MANY = SANITIZER_THREAD ? 2000 : 100000 };

struct counter {
    _Atomic(uint64_t) value;
};

static void add_in_two_steps(void *arg);
static void add_in_one_step(void *arg);
static uint64_t count_twice(struct sched *s, void (*add)(void *));
static uint64_t schedules_until_lost(struct sched s);

/* -- planted races ----------------------------------------------------------------------------- */

START_TEST(sched__finds_a_lost_update_in_fewer_than_100_schedules)
{
    ck_assert_uint_lt(schedules_until_lost(sched_random(100)), 100);
    ck_assert_uint_lt(schedules_until_lost(sched_pct(100, 2)), 100);
    ck_assert_uint_lt(schedules_until_lost(sched_exhaustive(100)), 100);
}
END_TEST

START_TEST(sched__finds_nothing_where_nothing_is)
{
    struct sched searches[] = {sched_random(1000), sched_pct(1000, 3), sched_exhaustive(1000)};
    for (size_t i = 0; i < 3; i++) {
        while (sched_next(&searches[i])) {
            const uint64_t value = count_twice(&searches[i], add_in_one_step);
            ck_assert_msg(value == 2, "%s", sched_describe(&searches[i]));
        }
        sched_end(&searches[i]);
    }
}
END_TEST

/* Two tasks of three parts each, cut at their load and their store: 6! / (3! 3!) orders. */
START_TEST(sched__exhaustive_is_each_schedule_once)
{
    struct sched s = sched_exhaustive(1000);
    unsigned lost = 0;
    while (sched_next(&s)) {
        lost += count_twice(&s, add_in_two_steps) != 2;
    }
    ck_assert(s.complete);
    ck_assert_uint_eq(s.number, 20);
    /* Right only when one task's store, part 3, comes before the other's load, part 2. */
    ck_assert_uint_eq(lost, 20 - 8);
    sched_end(&s);
}
END_TEST

START_TEST(sched__a_printed_schedule_can_be_replayed)
{
    struct sched s = _i == 0 ? sched_random(100) : sched_pct(100, 2);
    uint64_t value = 2;
    while (value == 2 && sched_next(&s)) {
        value = count_twice(&s, add_in_two_steps);
    }
    const char *seed = strstr(sched_describe(&s), "HUNCH_SEED=");
    ck_assert_ptr_nonnull(seed);
    ck_assert_int_eq(setenv("HUNCH_SEED", seed + strlen("HUNCH_SEED="), 1), 0);
    struct sched again = _i == 0 ? sched_random(100) : sched_pct(100, 2);
    const bool found = sched_next(&again) && count_twice(&again, add_in_two_steps) == value;
    const bool only_once = !sched_next(&again);
    ck_assert_int_eq(unsetenv("HUNCH_SEED"), 0);
    ck_assert(found && only_once);
    sched_end(&s);
    sched_end(&again);
}
END_TEST

/* A depth of 3: the flag is set too early, and two others must come between at the right time. */
struct lazy {
    _Atomic(uint64_t) is_made;
    _Atomic(uint64_t) value;
    unsigned wrong;
};

static void use_lazy(void *arg)
{
    struct lazy *lazy = arg;
    if (hunch__load_relaxed(&lazy->is_made) == 0) {
        hunch__store_relaxed(&lazy->is_made, 1);
        hunch__store_relaxed(&lazy->value, 7);
    }
    lazy->wrong += hunch__load_relaxed(&lazy->value) != 7;
}

START_TEST(sched__finds_a_value_that_is_published_before_it_is_made)
{
    struct sched s = _i == 0 ? sched_random(100) : sched_pct(100, 3);
    unsigned wrong = 0;
    while (wrong == 0 && sched_next(&s)) {
        struct lazy lazy = {0, 0, 0};
        const struct sched_task tasks[] = {{use_lazy, &lazy}, {use_lazy, &lazy}};
        sched_run(&s, tasks, 2);
        wrong = lazy.wrong;
    }
    ck_assert_uint_gt(wrong, 0);
    sched_end(&s);
}
END_TEST

/* -- the library ------------------------------------------------------------------------------- */

static void first_use(void *arg)
{
    const struct hunch__kernels **got = arg;
    *got = scheduled_kernels_get();
}

/* Returns how many schedules were run. */
static uint64_t use_first(struct sched *s, size_t count)
{
    while (sched_next(s)) {
        const struct hunch__kernels *got[SCHED_TASKS_MAX] = {NULL};
        struct sched_task tasks[SCHED_TASKS_MAX];
        for (size_t i = 0; i < count; i++) {
            tasks[i] = (struct sched_task){first_use, &got[i]};
        }
        scheduled_kernels_forget();
        sched_run(s, tasks, count);
        for (size_t i = 0; i < count; i++) {
            if (got[i] == NULL || got[i] != hunch__kernels_get()) {
                ck_abort_msg("task %zu got another table in %s", i, sched_describe(s));
            }
        }
    }
    sched_end(s);
    return s->number;
}

START_TEST(kernels__first_use_by_several_tasks_gives_one_table)
{
    struct sched random = sched_random(MANY);
    struct sched pct = sched_pct(MANY / 10, 3);
    struct sched all = sched_exhaustive(MANY);
    ck_assert_uint_eq(use_first(&random, 4), MANY);
    ck_assert_uint_eq(use_first(&pct, 4), MANY / 10);
    ck_assert_uint_gt(use_first(&all, 3), 0);
    ck_assert(all.complete);
}
END_TEST

static void add_in_two_steps(void *arg)
{
    struct counter *counter = arg;
    const uint64_t value = hunch__load_relaxed(&counter->value);
    hunch__store_relaxed(&counter->value, value + 1);
}

static void add_in_one_step(void *arg)
{
    struct counter *counter = arg;
    hunch__add_relaxed(&counter->value, 1);
}

static uint64_t count_twice(struct sched *s, void (*add)(void *))
{
    struct counter counter = {0};
    const struct sched_task tasks[] = {{add, &counter}, {add, &counter}};
    sched_run(s, tasks, 2);
    return counter.value;
}

static uint64_t schedules_until_lost(struct sched s)
{
    while (sched_next(&s) && count_twice(&s, add_in_two_steps) == 2) {
    }
    const uint64_t number = s.number;
    sched_end(&s);
    return number;
}

static Suite *scheduler_suite(void)
{
    Suite *suite = suite_create("scheduler");
    TCase *planted = tcase_create("planted");
    TCase *library = tcase_create("library");
    tcase_set_timeout(planted, 60);
    tcase_set_timeout(library, 120);
    tcase_add_test(planted, sched__finds_a_lost_update_in_fewer_than_100_schedules);
    tcase_add_test(planted, sched__finds_nothing_where_nothing_is);
    tcase_add_test(planted, sched__exhaustive_is_each_schedule_once);
    tcase_add_loop_test(planted, sched__a_printed_schedule_can_be_replayed, 0, 2);
    tcase_add_loop_test(planted, sched__finds_a_value_that_is_published_before_it_is_made, 0, 2);
    tcase_add_test(library, kernels__first_use_by_several_tasks_gives_one_table);
    suite_add_tcase(suite, planted);
    suite_add_tcase(suite, library);
    return suite;
}

int main(void)
{
    if (!sched_is_supported()) {
        (void)fprintf(stderr, "this sanitizer cannot follow a change of stacks: skipped\n");
        return 77;
    }
    return suite_run(scheduler_suite());
}
