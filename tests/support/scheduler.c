/* A scheduler that decides every interleaving: tasks on stacks of their own, one at a time. */
#define _XOPEN_SOURCE 700 /* ucontext_t */
#include "scheduler.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "fiber.h"
#include "random.h"
#include "test_memory.h"

enum { STACK_BYTES = 256 << 10 }; /* sanitizers make frames large */

/* The choices of a schedule: at step i, task number choice[i] of the width[i] that could go on. */
struct sched_path {
    unsigned char *choice; /* [room], owned, as is width */
    unsigned char *width;
    size_t length;
    size_t room;
};

struct coroutine {
    struct sched_task task;
    ucontext_t context;
    struct fiber fiber;
    uint64_t priority; /* of PCT: the largest goes on */
    bool done;
};

/* A run in progress. */
struct run {
    struct sched *s;
    struct coroutine tasks[SCHED_TASKS_MAX];
    size_t count;
    size_t current;
    ucontext_t home;
    struct fiber home_fiber;
    uint64_t random;
};

/* hunch__yield() takes no argument, so this is where it finds out who asks. */
static _Thread_local struct run *running;

void hunch__yield(void); /* as in yield.h, which declares it only for sources under test */

static struct sched start(enum sched_policy policy, uint64_t limit);
static bool advance_path(struct sched_path *path);
static void prepare(struct coroutine *t, struct sched_task task, unsigned char *stack);
static void entry(void);
static void go_home(bool for_ever);
static bool choose(struct run *run);
static size_t choose_any(struct run *run, const size_t *ready, size_t n);
static size_t choose_by_priority(struct run *run, const size_t *ready, size_t n);
static size_t choose_by_path(struct sched *s, size_t n);

bool sched_is_supported(void)
{
    return !SANITIZER_MEMORY; /* which cannot be told of another stack */
}

struct sched sched_random(uint64_t schedules)
{
    return start(SCHED_RANDOM, schedules);
}

struct sched sched_pct(uint64_t schedules, unsigned depth)
{
    struct sched s = start(SCHED_PCT, schedules);
    s.depth = depth;
    return s;
}

struct sched sched_exhaustive(uint64_t limit)
{
    struct sched s = start(SCHED_EXHAUSTIVE, limit);
    s.path = memory_new(sizeof *s.path);
    *s.path = (struct sched_path){NULL, NULL, 0, 0};
    return s;
}

bool sched_next(struct sched *s)
{
    const char *wanted = s->policy == SCHED_EXHAUSTIVE ? NULL : getenv("HUNCH_SEED");
    if (s->number == s->limit) {
        return false;
    }
    if (s->path != NULL && s->number > 0 && !advance_path(s->path)) {
        s->complete = true;
        return false;
    }
    s->number++;
    s->seed = hunch__mix64(s->number);
    s->horizon = s->most_steps;
    if (wanted != NULL && *wanted != '\0') {
        char *end = NULL;
        s->number = s->limit; /* the last one */
        s->seed = strtoull(wanted, &end, 10);
        s->horizon = *end == ':' ? strtoull(end + 1, NULL, 10) : 0;
    }
    return true;
}

void sched_run(struct sched *s, const struct sched_task *tasks, size_t count)
{
    struct run run = {.s = s, .count = count, .random = s->seed};
    fiber_enter_home(&run.home_fiber);
    for (size_t i = 0; i < count; i++) {
        prepare(&run.tasks[i], tasks[i], s->stacks + i * STACK_BYTES);
        run.tasks[i].priority = s->depth + (hunch__splitmix64(&run.random) >> 16);
    }
    running = &run;
    s->steps = 0;
    while (choose(&run)) {
        struct coroutine *next = &run.tasks[run.current];
        fiber_leave(&run.home_fiber, &next->fiber, false);
        (void)swapcontext(&run.home, &next->context);
        fiber_arrive(&run.home_fiber, &next->fiber);
    }
    running = NULL;
    for (size_t i = 0; i < count; i++) {
        fiber_end(&run.tasks[i].fiber);
    }
    s->most_steps = s->steps > s->most_steps ? s->steps : s->most_steps;
}

size_t sched_current(void)
{
    return running == NULL ? (size_t)SCHED_TASKS_MAX : running->current;
}

const char *sched_describe(struct sched *s)
{
    int n = snprintf(s->text, sizeof s->text, "schedule %" PRIu64, s->number);
    if (s->path == NULL) {
        (void)snprintf(s->text + n, sizeof s->text - (size_t)n,
                       "; replay: HUNCH_SEED=%" PRIu64 ":%" PRIu64, s->seed, s->horizon);
        return s->text;
    }
    for (size_t i = 0; i < s->path->length && (size_t)n + 4 < sizeof s->text; i++) {
        n += snprintf(s->text + n, sizeof s->text - (size_t)n, "%s%u", i == 0 ? ": " : " ",
                      s->path->choice[i]);
    }
    return s->text;
}

void sched_end(struct sched *s)
{
    if (s->path != NULL) {
        free(s->path->choice);
        free(s->path->width);
        free(s->path);
    }
    free(s->stacks);
    s->path = NULL;
    s->stacks = NULL;
}

/* Nothing happens where no task runs: the source under test is used before and after, too. */
void hunch__yield(void)
{
    if (running != NULL) {
        go_home(false);
    }
}

static struct sched start(enum sched_policy policy, uint64_t limit)
{
    struct sched s;
    memset(&s, 0, sizeof s);
    s.policy = policy;
    s.limit = limit;
    s.stacks = memory_new((size_t)SCHED_TASKS_MAX * STACK_BYTES);
    return s;
}

/* The next path, depth first: the last choice that has another one left takes it. */
static bool advance_path(struct sched_path *path)
{
    while (path->length > 0) {
        const size_t last = path->length - 1;
        if (path->choice[last] + 1 < path->width[last]) {
            path->choice[last]++;
            return true;
        }
        path->length = last;
    }
    return false;
}

/* A function of its own: getcontext() may return twice, as far as a compiler knows. */
static void prepare(struct coroutine *t, struct sched_task task, unsigned char *stack)
{
    t->task = task;
    (void)getcontext(&t->context);
    t->context.uc_stack.ss_sp = stack;
    t->context.uc_stack.ss_size = STACK_BYTES;
    t->context.uc_link = NULL;
    makecontext(&t->context, entry, 0);
    fiber_begin(&t->fiber, stack, STACK_BYTES);
}

static void entry(void)
{
    struct coroutine *self = &running->tasks[running->current];
    fiber_arrive(&self->fiber, &running->home_fiber);
    self->task.run(self->task.arg);
    self->done = true;
    go_home(true);
}

static void go_home(bool for_ever)
{
    struct coroutine *self = &running->tasks[running->current];
    fiber_leave(&self->fiber, &running->home_fiber, for_ever);
    (void)swapcontext(&self->context, &running->home);
    fiber_arrive(&self->fiber, &running->home_fiber);
}

/* Who goes on; false when all are done. */
static bool choose(struct run *run)
{
    size_t ready[SCHED_TASKS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < run->count; i++) {
        if (!run->tasks[i].done) {
            ready[n++] = i;
        }
    }
    if (n == 0) {
        return false;
    }
    switch (run->s->policy) {
    case SCHED_RANDOM:
        run->current = choose_any(run, ready, n);
        break;
    case SCHED_PCT:
        run->current = choose_by_priority(run, ready, n);
        break;
    case SCHED_EXHAUSTIVE:
        run->current = ready[choose_by_path(run->s, n)];
        break;
    }
    run->s->steps++;
    return true;
}

static size_t choose_any(struct run *run, const size_t *ready, size_t n)
{
    return ready[hunch__below(hunch__splitmix64(&run->random), n)];
}

/* At each of the depth - 1 change points, whose steps follow from the seed, the task that was to go
 * on falls behind all others. */
static size_t choose_by_priority(struct run *run, const size_t *ready, size_t n)
{
    const struct sched *s = run->s;
    for (unsigned change = 1; change < s->depth; change++) {
        const uint64_t step = hunch__below(hunch__mix64(s->seed + change), s->horizon + 1);
        if (step == s->steps && s->steps > 0) {
            run->tasks[run->current].priority = s->depth - change;
        }
    }
    size_t first = ready[0];
    for (size_t i = 1; i < n; i++) {
        if (run->tasks[ready[i]].priority > run->tasks[first].priority) {
            first = ready[i];
        }
    }
    return first;
}

/* Along the path, and beyond its end by the first task each time. */
static size_t choose_by_path(struct sched *s, size_t n)
{
    struct sched_path *path = s->path;
    if (s->steps < path->length) {
        if (path->width[s->steps] != n) { /* the tasks depend on what earlier schedules left */
            (void)fputs("scheduler: equal choices did not lead to equal runs\n", stderr);
            abort();
        }
        return path->choice[s->steps];
    }
    if (path->length == path->room) {
        path->room = 2 * path->room + 64;
        path->choice = memory_resize(path->choice, path->room);
        path->width = memory_resize(path->width, path->room);
    }
    path->choice[path->length] = 0;
    path->width[path->length++] = (unsigned char)n;
    return 0;
}
