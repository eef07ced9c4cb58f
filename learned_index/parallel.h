/* Work on a range, divided among threads that live as long as the call. */
#ifndef HUNCH_LEARNED_INDEX_PARALLEL_H
#define HUNCH_LEARNED_INDEX_PARALLEL_H

#include <stddef.h>

#define HUNCH__THREADS_MAX 64u

/* Call work(ctx, part, from, to) for `threads` parts of [0, count), the first of them in this
 * thread; returns when all are done. A thread that cannot be started costs time only: its part is
 * done here. */
void hunch__parallel(unsigned threads, size_t count,
                     void (*work)(void *ctx, unsigned part, size_t from, size_t to), void *ctx);

#endif
