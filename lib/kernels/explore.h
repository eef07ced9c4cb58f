/* From estimated rewards to a choice: who is played how often, and the draw. */
#ifndef HUNCH_KERNELS_EXPLORE_H
#define HUNCH_KERNELS_EXPLORE_H

#include <stdint.h>

/* Rows of arms are padded to this many floats at least, so that one vector holds one. */
#define HUNCH__ARMS_LANES 8u

/* How a snapshot explores among n allowed arms, whose best (the first of equals) is estimated at
 * s_max. With gamma > 0 by inverse gap weighting (Abe and Long 1999; Foster and Rakhlin 2020):
 * p_a = 1 / (n + gamma (s_max - s_a)) for the others and the rest for the best. With gamma = 0 by
 * epsilon-greedy: p_a = epsilon / n for the others.
 *
 * To the bit: with q_a the float above, 0 for the best and for arms that are not allowed, lane i of
 * 16 sums q_a over a = i modulo 16, ascending; the lanes are halved four times, lane i adding lane
 * i + half; the best gets max(1 - that sum, 1 / n). */
struct hunch__explore {
    float gamma;   /* >= 0, finite  */
    float epsilon; /* in [0, 1]     */
};

/* A draw is below its best arm's probability more often than not: then that arm is the most
 * probable one, and no other need be looked at. */
#define HUNCH__CLEAR_BEST 0.5f

/* u of hunch_draw(): uniform in [0, 1). */
static inline double hunch__uniform(uint64_t dice)
{
    return (double)(dice >> 11) * 0x1p-53;
}

/* hunch_draw() of learner.h. */
uint32_t hunch__draw(const float *p, uint32_t arms, uint64_t dice);

/* Most arms, or candidates of one question: what asks keeps their scores on the stack. */
#define HUNCH__ARMS_MAX 1024u

/* Floats of a row of `arms` arms: 8, or a multiple of 16. */
static inline uint32_t hunch__arms_stride(uint32_t arms)
{
    return arms <= HUNCH__ARMS_LANES ? HUNCH__ARMS_LANES : (arms + 15u) & ~15u;
}

#endif
