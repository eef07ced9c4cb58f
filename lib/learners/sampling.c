/* Sampling by rejection, with logarithms of our own. */
#include "sampling.h"

#include <math.h>

#include "random.h"
#include "real.h"

double hunch__sample_uniform(uint64_t *stream)
{
    return ((double)(hunch__splitmix64(stream) >> 12) + 0.5) * 0x1p-52;
}

double hunch__sample_normal(uint64_t *stream)
{
    for (;;) {
        const double u = 2.0 * hunch__sample_uniform(stream) - 1.0;
        const double v = 2.0 * hunch__sample_uniform(stream) - 1.0;
        const double s = u * u + v * v;
        if (s < 1.0 && s > 0.0) {
            return u * sqrt(-2.0 * hunch__log(s) / s);
        }
    }
}

double hunch__sample_gamma(uint64_t *stream, double shape)
{
    if (shape < 1.0) { /* G(a) = G(a + 1) U^(1/a), their section 6 */
        const double u = hunch__sample_uniform(stream);
        return hunch__sample_gamma(stream, shape + 1.0) * hunch__exp(hunch__log(u) / shape);
    }
    const double d = shape - 1.0 / 3.0;
    const double c = 1.0 / sqrt(9.0 * d);
    for (;;) {
        const double x = hunch__sample_normal(stream);
        const double v = 1.0 + c * x;
        if (v > 0.0) {
            const double cubed = v * v * v;
            const double log_u = hunch__log(hunch__sample_uniform(stream));
            if (log_u < 0.5 * x * x + d - d * cubed + d * hunch__log(cubed)) {
                return d * cubed;
            }
        }
    }
}

double hunch__sample_beta(uint64_t *stream, double a, double b)
{
    const double x = hunch__sample_gamma(stream, a);
    const double y = hunch__sample_gamma(stream, b);
    return x + y > 0.0 ? x / (x + y) : 0.5;
}
