/* Work on a range, divided among threads. */
#define _POSIX_C_SOURCE 200809L /* pthread */
#include "parallel.h"

#include <pthread.h>
#include <stdbool.h>

/* Less than this is done sooner than a thread starts. */
#define LEAST_A_PART 4096u

struct part {
    void (*work)(void *ctx, unsigned part, size_t from, size_t to);
    void *ctx;
    unsigned number;
    size_t from, to;
    pthread_t thread;
    bool started;
};

static void *run(void *part);

void hunch__parallel(unsigned threads, size_t count,
                     void (*work)(void *ctx, unsigned part, size_t from, size_t to), void *ctx)
{
    struct part parts[HUNCH__THREADS_MAX];
    const size_t most = count / LEAST_A_PART + 1;
    threads = threads < most ? threads : (unsigned)most;
    threads = threads < HUNCH__THREADS_MAX ? threads : HUNCH__THREADS_MAX;
    for (unsigned i = 0; i < threads; i++) {
        parts[i] = (struct part){.work = work, .ctx = ctx, .number = i};
        parts[i].from = count / threads * i;
        parts[i].to = i + 1 == threads ? count : count / threads * (i + 1);
        parts[i].started = i > 0 && pthread_create(&parts[i].thread, NULL, run, &parts[i]) == 0;
    }
    for (unsigned i = 0; i < threads; i++) {
        if (!parts[i].started) {
            (void)run(&parts[i]);
        }
    }
    for (unsigned i = 0; i < threads; i++) {
        if (parts[i].started) {
            (void)pthread_join(parts[i].thread, NULL);
        }
    }
}

static void *run(void *part)
{
    const struct part *p = part;
    p->work(p->ctx, p->number, p->from, p->to);
    return NULL;
}
