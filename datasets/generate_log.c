/* Key sets as logs have them.
 *
 * A Poisson process whose rate is a product: by the hour, by the weekday, and for each power of two
 * of seconds up to 18 hours a random factor of its own, so that there are bursts at every scale, as
 * the traffic of the web has them (Crovella, Bestavros, IEEE/ACM ToN 5, 1997). Times are cut into
 * blocks, a second or 2^20 microseconds; the rate is constant within one. */
#include "generate_log.h"

#include <math.h>
#include <stdbool.h>

#include "cascade.h"
#include "random.h"
#include "real.h"
#include "variates.h"

/* Monday, January 1st 2024, 00:00:00 UTC. */
#define START UINT64_C(1704067200)

#define HOUR 3600u
#define DAY  (24 * HOUR)

/* Chosen so that log_seconds(0.7) is as hard as the log of a web server of 1995. */
#define SCALES       17 /* of bursts: 1, 2, 4, ..., 2^16 blocks          */
#define BURST_SPREAD 0.22
#define BLOCK_MOST   65536 /* records: what a composite key has room for */

/* Holes: one begins in an hour out of a hundred, and lasts 60 s / u^2 but at most two days: half of
 * them less than four minutes, one in forty more than a day. */
#define HOLE_HOURS 100
#define HOLE_LEAST 60.0
#define HOLE_MOST  (2.0 * DAY)

/* Below a block of microseconds bursts go on: a cascade of this spread, see cascade.h. */
#define US_LEVELS 20
#define US_SPREAD BURST_SPREAD

/* The log up to some block. */
struct log {
    uint64_t seed, state;      /* of what depends on a block, and of all else */
    uint64_t block;            /* the next one                                */
    double mean;               /* records a block                             */
    double seconds;            /* of a block                                  */
    double season;             /* factor of this minute                       */
    uint64_t minute;           /* that season is of, from 1                   */
    uint64_t hole_end;         /* seconds since START                         */
    double bursts[SCALES + 1]; /* the product of the factors of this scale and all above */
};

static struct log log_begin(const struct generation *g, double block_seconds);
static uint64_t log_next(struct log *log);
static void enter_minute(struct log *log, uint64_t minute);
static double season_of(uint64_t minute);
static void enter_hour(struct log *log, uint64_t hour);
static void update_bursts(struct log *log);
static uint64_t poisson(double mean, uint64_t *state);

hunch_status hunch__fill_log_seconds(const struct generation *g)
{
    struct log log = log_begin(g, 1);
    for (size_t i = 0; i < g->n;) {
        uint64_t second = START + log.block;
        for (uint64_t count = log_next(&log); count > 0 && i < g->n; count--) {
            g->keys[i++] = second;
        }
    }
    return HUNCH_OK;
}

hunch_status hunch__fill_log_us(const struct generation *g)
{
    struct log log = log_begin(g, (double)(1 << US_LEVELS) / 1e6);
    for (size_t i = 0; i < g->n;) {
        uint64_t from = START * 1000000 + (log.block << US_LEVELS);
        uint64_t seed = hunch__mix64(log.block ^ log.seed);
        size_t count = (size_t)log_next(&log);
        count = count < g->n - i ? count : g->n - i;
        hunch__cascade(g->keys + i, count, US_LEVELS, US_SPREAD, seed);
        for (; count > 0; count--) {
            g->keys[i++] += from;
        }
    }
    return HUNCH_OK;
}

hunch_status hunch__fill_log_composite(const struct generation *g)
{
    struct log log = log_begin(g, 1);
    for (size_t i = 0; i < g->n;) {
        uint64_t second = START + log.block;
        uint64_t count = log_next(&log);
        for (uint64_t j = 0; j < count && i < g->n; j++) {
            g->keys[i++] = second << 16 | j;
        }
    }
    return HUNCH_OK;
}

static struct log log_begin(const struct generation *g, double block_seconds)
{
    struct log log = {.seed = hunch__mix64(g->seed + 1), .state = g->seed};
    log.mean = g->parameter * block_seconds;
    log.seconds = block_seconds;
    log.bursts[SCALES] = 1;
    return log;
}

/* The number of records in the next block. */
static uint64_t log_next(struct log *log)
{
    uint64_t second = (uint64_t)((double)log->block * log->seconds);
    if (second / 60 + 1 != log->minute) {
        enter_minute(log, second / 60);
    }
    update_bursts(log);
    log->block++;
    if (second < log->hole_end) {
        return 0;
    }
    uint64_t count = poisson(log->mean * log->season * log->bursts[0], &log->state);
    return count < BLOCK_MOST ? count : BLOCK_MOST;
}

/* No block is longer than a minute: none is left out. */
static void enter_minute(struct log *log, uint64_t minute)
{
    log->minute = minute + 1;
    log->season = season_of(minute);
    if (minute % 60 == 0) {
        enter_hour(log, minute / 60);
    }
}

/* The mean of each table is 100. Hours are joined by straight lines. */
static double season_of(uint64_t minute)
{
    static const unsigned char hours[24] = {66,  56,  48,  42,  40,  44,  52,  72,
                                            98,  122, 136, 142, 140, 142, 146, 144,
                                            138, 128, 122, 116, 112, 108, 98,  88};
    static const unsigned char days[7] = {112, 116, 116, 114, 108, 66, 68};
    uint64_t hour = minute / 60 % 24;
    double share = (double)(minute % 60) / 60;
    double daily = hours[hour] * (1 - share) + hours[(hour + 1) % 24] * share;
    return daily * days[minute / (60 * 24) % 7] / 1e4;
}

static void enter_hour(struct log *log, uint64_t hour)
{
    if (hunch__below(hunch__splitmix64(&log->state), HOLE_HOURS) != 0) {
        return;
    }
    double u = hunch__unit(hunch__splitmix64(&log->state));
    double length = HOLE_LEAST / (u * u);
    length = length < HOLE_MOST ? length : HOLE_MOST;
    log->hole_end = hour * HOUR + (uint64_t)length;
}

/* Only the scales at whose border the block is: two on average. */
static void update_bursts(struct log *log)
{
    int scale = log->block == 0 ? SCALES - 1 : __builtin_ctzll(log->block);
    for (scale = scale < SCALES ? scale : SCALES - 1; scale >= 0; scale--) {
        uint64_t node = ((uint64_t)(scale + 1) << 56) ^ (log->block >> scale);
        double w = hunch__unit(hunch__mix64(node ^ log->seed));
        log->bursts[scale] = log->bursts[scale + 1] * (1 + BURST_SPREAD * (2 * w - 1));
    }
}

/* By inversion, and from 30 on the normal approximation, as in hunch__binomial(). */
static uint64_t poisson(double mean, uint64_t *state)
{
    if (mean >= 30) {
        double drawn = floor(mean + sqrt(mean) * hunch__normal(state) + 0.5);
        return drawn > 0 ? (uint64_t)drawn : 0;
    }
    double random = hunch__unit(hunch__splitmix64(state));
    /* Below e^-mean by its series: most seconds of a quiet log are told without the function. */
    if (random <= 1 - mean * (1 - mean * (1 - mean / 3) / 2)) {
        return 0;
    }
    double probability = hunch__exp(-mean);
    uint64_t k = 0;
    while (random > probability && probability > 0x1p-60) {
        random -= probability;
        k++;
        probability *= mean / (double)k;
    }
    return k;
}
