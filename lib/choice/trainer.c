#define _GNU_SOURCE
#include "trainer.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#include "chooser.h"
#include "diag.h"
#include "learn.h"

/* Between looks at the rings, in nanoseconds: short while rewards come, doubled while none do. */
static const long nap_shortest = 100000;
static const long nap_longest = 10000000;

enum { PAGE = 4096 };

static void *train(void *chooser);
static void nap(long ns);
static int start_thread(hunch_chooser *chooser, pthread_t *thread);

struct hunch__process *hunch__process_new(void)
{
    void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) {
        return NULL;
    }
    (void)madvise(page, PAGE, MADV_WIPEONFORK); /* Linux 4.14; before, children may not learn */
    return page;
}

void hunch__process_free(struct hunch__process *process)
{
    if (process != NULL) {
        (void)munmap(process, PAGE);
    }
}

hunch_status hunch_chooser_start_trainer(hunch_chooser *chooser, hunch_diag *diag)
{
    struct hunch__process *process = chooser->process;
    if (hunch__load_relaxed(&process->trainer) != 0) {
        return hunch__fail(diag, HUNCH_ELIMIT, 0, "the chooser has a trainer already");
    }
    pthread_t thread;
    hunch__store_relaxed(&process->stop, 0);
    hunch__store_relaxed(&process->trainer, 1);
    if (start_thread(chooser, &thread) != 0) {
        hunch__store_relaxed(&process->trainer, 0);
        return hunch__fail(diag, HUNCH_ENOMEM, 0, "cannot start a thread");
    }
    process->thread = (unsigned long)thread;
    return HUNCH_OK;
}

void hunch_chooser_stop_trainer(hunch_chooser *chooser)
{
    struct hunch__process *process = chooser->process;
    if (hunch__load_relaxed(&process->trainer) != 0) {
        hunch__store_relaxed(&process->stop, 1); /* the join orders the rest */
        (void)pthread_join((pthread_t)process->thread, NULL);
        hunch__store_relaxed(&process->trainer, 0);
    }
}

static void *train(void *argument)
{
    hunch_chooser *chooser = argument;
    long pause = nap_shortest;
    while (hunch__load_relaxed(&chooser->process->stop) == 0) {
        const uint64_t before = hunch__load_relaxed(&chooser->learned);
        hunch__learn_try(chooser);
        const bool idle = hunch__load_relaxed(&chooser->learned) == before;
        pause = idle ? pause * 2 : nap_shortest;
        pause = pause < nap_longest ? pause : nap_longest;
        nap(pause);
    }
    return NULL;
}

static void nap(long ns)
{
    const struct timespec time = {0, ns};
    (void)nanosleep(&time, NULL);
}

/* All signals stay with the program's own threads. */
static int start_thread(hunch_chooser *chooser, pthread_t *thread)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    const int error = pthread_create(thread, NULL, train, chooser);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}
