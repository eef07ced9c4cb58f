/* The bar on a terminal: what is being done, how far, how long still. */
#ifndef HUNCH_BENCH_PROGRESS_H
#define HUNCH_BENCH_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bench_progress {
    bool on; /* stderr is a terminal          */
    bool shown;
    uint64_t begun_ns;
    uint64_t drawn_ns; /* of the latest drawing         */
};

/* Draw at `now_ns`, but not more than ten times a second. fraction is in [0, 1]. */
void bench__progress_draw(struct bench_progress *progress, uint64_t now_ns, const char *what,
                          double fraction);

/* Take the bar away before anything else is printed. */
void bench__progress_clear(struct bench_progress *progress);

/* The bar's text into out[size], without control characters: for drawing and for the tests. */
void bench__progress_text(char *out, size_t size, uint64_t elapsed_ns, const char *what,
                          double fraction);

#endif
