/* Work that is not timed, on all processors. */
#define _POSIX_C_SOURCE 200809L /* sysconf */
#include "jobs.h"

#include <pthread.h>
#include <unistd.h>

#include "atomics.h"

#define THREADS_MAX 64

/* What the threads share. */
struct pool {
    _Atomic(size_t) next;
    size_t count;
    void (*job)(void *ctx, size_t i);
    void *ctx;
};

static void *help(void *self);
static long processors(void);

void jobs_run(struct bench *bench, size_t count, void (*job)(void *ctx, size_t i), void *ctx,
              const char *what, double begun, double share)
{
    struct pool pool = {.count = count, .job = job, .ctx = ctx};
    pthread_t threads[THREADS_MAX];
    long helpers = 0;
    /* Fewer threads than wanted only make it slower. */
    while (helpers + 1 < processors() && helpers < THREADS_MAX &&
           pthread_create(&threads[helpers], NULL, help, &pool) == 0) {
        helpers++;
    }
    for (size_t i = hunch__add_relaxed(&pool.next, 1); i < count;
         i = hunch__add_relaxed(&pool.next, 1)) {
        bench_progress(bench, what, begun + share * (double)i / (double)count);
        job(ctx, i);
    }
    for (long i = 0; i < helpers; i++) {
        (void)pthread_join(threads[i], NULL);
    }
}

static void *help(void *self)
{
    struct pool *pool = self;
    for (size_t i = hunch__add_relaxed(&pool->next, 1); i < pool->count;
         i = hunch__add_relaxed(&pool->next, 1)) {
        pool->job(pool->ctx, i);
    }
    return NULL;
}

static long processors(void)
{
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : online;
}
