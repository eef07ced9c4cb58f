/* What all lanes have counted together. */
#ifndef HUNCH_CHOICE_STATS_H
#define HUNCH_CHOICE_STATS_H

#include <stdint.h>

#include <hunch/choice.h>

/* Counters as plain numbers; see struct hunch__counters. */
struct hunch__totals {
    uint64_t choices, rewards, expired, abandoned, refused, dropped, overridden, not_finite;
    double reward_sum;
};

/* Those of the file that the chooser was opened from, and of every lane. */
void hunch__totals_read(const hunch_chooser *chooser, struct hunch__totals *totals);

#endif
