/* How far it is, on a terminal. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>

#include <hunch/io.h>

#define CELLS       24
#define INTERVAL_NS 100000000u

static uint64_t now(void);

void choice__progress_begin(struct progress *progress, bool on)
{
    *progress = (struct progress){.on = on, .begun_ns = now()};
}

void choice__progress_draw(void *ctx, double fraction)
{
    struct progress *progress = ctx;
    char bar[CELLS + 1];
    uint64_t time = progress->on ? now() : 0;
    if (!progress->on || time - progress->drawn_ns < INTERVAL_NS || fraction < 0.01) {
        return;
    }
    for (int i = 0; i < CELLS; i++) {
        bar[i] = i < (int)(fraction * CELLS) ? '#' : '.';
    }
    bar[CELLS] = '\0';
    double left = (double)(time - progress->begun_ns) * (1 - fraction) / fraction / 1e9;
    (void)fprintf(stderr, "\r\033[K[%s] %3d%%  ETA %" PRIu64 " s", bar, (int)(fraction * 100),
                  (uint64_t)left);
    (void)fflush(stderr);
    progress->shown = true;
    progress->drawn_ns = time;
}

void choice__progress_end(struct progress *progress)
{
    if (progress->shown) {
        (void)fputs("\r\033[K", stderr);
        (void)fflush(stderr);
    }
}

static uint64_t now(void)
{
    const hunch_clock *clock = hunch_clock_monotonic();
    return clock->now_ns(clock->ctx);
}
