/* The bar on a terminal. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>

#define BAR_CELLS   24
#define INTERVAL_NS 100000000u
#define TEXT_BYTES  80 /* a line of the smallest usual terminal */

void bench__progress_draw(struct bench_progress *progress, uint64_t now_ns, const char *what,
                          double fraction)
{
    char text[TEXT_BYTES];
    if (!progress->on || (progress->shown && now_ns - progress->drawn_ns < INTERVAL_NS)) {
        return;
    }
    bench__progress_text(text, sizeof text, now_ns - progress->begun_ns, what, fraction);
    (void)fprintf(stderr, "\r\033[K%s", text);
    (void)fflush(stderr);
    progress->shown = true;
    progress->drawn_ns = now_ns;
}

void bench__progress_clear(struct bench_progress *progress)
{
    if (progress->shown) {
        (void)fputs("\r\033[K", stderr);
        (void)fflush(stderr);
        progress->shown = false;
    }
}

void bench__progress_text(char *out, size_t size, uint64_t elapsed_ns, const char *what,
                          double fraction)
{
    char bar[BAR_CELLS + 1];
    char left[24] = "--:--";
    const double part = fraction >= 0 && fraction <= 1 ? fraction : 0;
    for (int i = 0; i < BAR_CELLS; i++) {
        bar[i] = i < (int)(part * BAR_CELLS) ? '#' : '.';
    }
    bar[BAR_CELLS] = '\0';
    /* Below a hundredth the extrapolation would be a guess. */
    if (part >= 0.01) {
        const uint64_t seconds = (uint64_t)((double)elapsed_ns * (1 - part) / part / 1e9);
        (void)snprintf(left, sizeof left, "%" PRIu64 ":%02" PRIu64, seconds / 60, seconds % 60);
    }
    (void)snprintf(out, size, "[%s] %3d%%  ETA %s  %s", bar, (int)(part * 100), left, what);
}
