/* The default clock. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include <time.h>

#include <hunch/io.h>

static uint64_t monotonic_now_ns(void *ctx)
{
    (void)ctx;
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

const hunch_clock *hunch_clock_monotonic(void)
{
    static const hunch_clock clock = {NULL, monotonic_now_ns};
    return &clock;
}
