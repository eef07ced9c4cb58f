/* Rejection-inversion: W. Hörmann, G. Derflinger, "Rejection-inversion to generate variates from
 * monotone discrete distributions", ACM TOMACS 6(3), 1996. Exact for any n without a table. */
#include "zipf.h"

#include <math.h>

#include "random.h"

static double density(const struct zipf *zipf, double x);
static double integral(const struct zipf *zipf, double x);
static double integral_inverse(const struct zipf *zipf, double y);

void zipf_init(struct zipf *zipf, uint64_t n, double exponent)
{
    *zipf = (struct zipf){.n = n, .exponent = exponent};
    zipf->from = integral(zipf, 1.5) - 1.0;
    zipf->to = integral(zipf, (double)n + 0.5);
    zipf->shortcut = 2.0 - integral_inverse(zipf, integral(zipf, 2.5) - density(zipf, 2.0));
}

uint64_t zipf_draw(const struct zipf *zipf, uint64_t *state)
{
    for (;;) {
        double unit = (double)(hunch__splitmix64(state) >> 11) * 0x1p-53;
        double y = zipf->to + unit * (zipf->from - zipf->to);
        double x = integral_inverse(zipf, y);
        double rank = floor(x + 0.5);
        rank = rank < 1.0 ? 1.0 : rank;
        rank = rank > (double)zipf->n ? (double)zipf->n : rank;
        if (rank - x <= zipf->shortcut || y >= integral(zipf, rank + 0.5) - density(zipf, rank)) {
            uint64_t drawn = (uint64_t)rank;
            return drawn < zipf->n ? drawn : zipf->n; /* (double)n may have been rounded up */
        }
    }
}

static double density(const struct zipf *zipf, double x)
{
    return pow(x, -zipf->exponent);
}

/* The integral of the density from 1 to x. By expm1, since the exponent may be near to 1. */
static double integral(const struct zipf *zipf, double x)
{
    double e = 1.0 - zipf->exponent;
    return expm1(e * log(x)) / e;
}

static double integral_inverse(const struct zipf *zipf, double y)
{
    double e = 1.0 - zipf->exponent;
    return exp(log1p(y * e) / e);
}
