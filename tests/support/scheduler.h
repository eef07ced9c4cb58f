/* A scheduler that decides every interleaving.
 *
 * Tasks run one at a time, each on a stack of its own, and change over only in hunch__yield(): in a
 * source that was compiled with HUNCH_SCHEDULED, at every atomic operation. Which task goes on is
 * drawn from a seed, so that a schedule that fails can be run again, or all schedules are tried:
 *
 *     struct sched s = sched_random(100000);
 *     while (sched_next(&s)) {
 *         struct counter c = {0};
 *         struct sched_task tasks[] = {{add_one, &c}, {add_one, &c}};
 *         sched_run(&s, tasks, 2);
 *         ck_assert_msg(c.value == 2, "lost an update in %s", sched_describe(&s));
 *     }
 *     sched_end(&s);
 *
 * What it explores is sequentially consistent; weaker orders are ThreadSanitizer's matter. The
 * tasks must end, whoever runs. One scheduler runs in a thread at a time. */
#ifndef HUNCH_TESTS_SCHEDULER_H
#define HUNCH_TESTS_SCHEDULER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCHED_TASKS_MAX = 8 };

struct sched_task {
    void (*run)(void *arg);
    void *arg;
};

enum sched_policy {
    SCHED_RANDOM,    /* each step: any task that is not done                                     */
    SCHED_PCT,       /* priorities that change at `depth` - 1 points (Burckhardt et al., ASPLOS
                      * 2010): finds a bug of that depth with probability >= 1/(n k^(depth-1))   */
    SCHED_EXHAUSTIVE /* each schedule once, depth first                                          */
};

/* A search through schedules. The first four fields may be read. */
struct sched {
    uint64_t seed;   /* of the present schedule                                       */
    uint64_t number; /* of the present schedule, from 1                               */
    uint64_t steps;  /* choices of the last run                                       */
    bool complete;   /* exhaustive, and all schedules were run                        */
    enum sched_policy policy;
    uint64_t limit;   /* schedules at most                                             */
    unsigned depth;   /* of PCT                                                        */
    uint64_t horizon; /* PCT changes priorities below this step: the most of any run   */
    uint64_t most_steps;
    struct sched_path *path; /* owned: the choices of the present exhaustive schedule         */
    unsigned char *stacks;   /* owned                                                         */
    char text[160];
};

/* Whether tasks can be run in this build; where not, a test says so and exits with 77. Not so
 * under a sanitizer that cannot be told of a change of stacks. */
bool sched_is_supported(void);

/* HUNCH_SEED in the environment replaces all schedules of these two by one. */
struct sched sched_random(uint64_t schedules);
struct sched sched_pct(uint64_t schedules, unsigned depth);

/* All schedules, or the first `limit` of them. */
struct sched sched_exhaustive(uint64_t limit);

/* Go to the next schedule; false when there is none left. */
bool sched_next(struct sched *s);

/* Run tasks[count], count <= SCHED_TASKS_MAX, to their ends by the present schedule. */
void sched_run(struct sched *s, const struct sched_task *tasks, size_t count);

/* The task that runs now, by its place in tasks[]; SCHED_TASKS_MAX outside of sched_run(). */
size_t sched_current(void);

/* "schedule 17; replay: HUNCH_SEED=..." of the present schedule; good until the next call. */
const char *sched_describe(struct sched *s);

/* Release what it owns. */
void sched_end(struct sched *s);

#endif
