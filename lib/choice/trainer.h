/* What belongs to this process alone: who learns, and the trainer when the caller starts one.
 *
 * It lies on a page of its own that a child of fork() finds zeroed (MADV_WIPEONFORK): a trainer,
 * and whoever was learning or in the shared lane in the middle of the fork, stay with the parent.
 */
#ifndef HUNCH_CHOICE_TRAINER_H
#define HUNCH_CHOICE_TRAINER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "atomics.h"
#include "lane.h"

#include <hunch/status.h>

struct hunch__process {
    _Atomic uint32_t learning;                  /* 1 while somebody learns, saves or merges */
    _Atomic uint32_t trainer;                   /* 1 while there is one                     */
    _Atomic uint32_t stop;                      /* 1: it shall end                          */
    _Atomic uint32_t busy[HUNCH__LANES_SHARED]; /* 1 while a thread is in that shared lane */
    unsigned long thread;                       /* its pthread_t                            */
};

/* A page of it; NULL when there is no memory. */
struct hunch__process *hunch__process_new(void);

/* NULL is fine. */
void hunch__process_free(struct hunch__process *process);

#endif
