/* NEON: what the compiler makes of plain C, which has four arms a vector. */
#if defined(__aarch64__)
#    include "kernels.h"
#    include "tables.h"

void hunch__linear_scores_neon(const struct hunch__linear *model, const hunch_context *x,
                               float *scores)
{
    hunch__linear_scores_scalar(model, x, scores);
}

uint32_t hunch__linear_choose_neon(const struct hunch__linear *model, const hunch_context *x,
                                   const uint64_t *mask, uint64_t dice, float *propensity)
{
    return hunch__linear_choose_scalar(model, x, mask, dice, propensity);
}

void hunch__explore_neon(const struct hunch__explore *explore, const float *scores, uint32_t arms,
                         const uint64_t *mask, float *p)
{
    hunch__explore_scalar(explore, scores, arms, mask, p);
}

uint32_t hunch__explore_choose_neon(const struct hunch__explore *explore, const float *scores,
                                    uint32_t arms, const uint64_t *mask, uint64_t dice,
                                    float *propensity)
{
    return hunch__explore_choose_scalar(explore, scores, arms, mask, dice, propensity);
}
#else
typedef int hunch__no_neon_linear; /* ISO C has no empty source */
#endif
