/* Range reduction by powers of two and a Taylor polynomial; every product and sum rounded. */
#include "real.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ln 2 in two parts: the first has 32 bits, so that its multiples up to 2^11 are exact. */
static const double ln2_high = 0x1.62e42fee00000p-1;
static const double ln2_low = 0x1.a39ef35793c76p-33;

double hunch__exp(double x)
{
    if (!(x > -745.0)) {
        return 0.0;
    }
    if (x > 709.0) {
        return (double)INFINITY;
    }
    const double k = floor(x * 0x1.71547652b82fep+0 + 0.5);
    const double r = (x - k * ln2_high) - k * ln2_low;
    double sum = 1.0;
    for (int i = 14; i >= 1; i--) { /* |r| <= 0.35: the 15th term is below 2^-60 */
        sum = 1.0 + sum * r / i;
    }
    return ldexp(sum, (int)k);
}

double hunch__log(double x)
{
    if (x <= 0.0) {
        return -(double)INFINITY;
    }
    int e = 0;
    double m = frexp(x, &e);
    if (m < 0.70710678118654752) {
        m *= 2.0;
        e--;
    }
    const double z = (m - 1.0) / (m + 1.0); /* |z| <= 0.172: log m = 2 atanh z */
    const double zz = z * z;
    double sum = 0.0;
    for (int i = 23; i >= 1; i -= 2) {
        sum = sum * zz + 1.0 / i;
    }
    return e * ln2_low + (2.0 * z * sum + e * ln2_high);
}

void hunch__exp_f32(const float *x, unsigned n, float *out)
{
    for (unsigned i = 0; i < n; i++) {
        float v = x[i];
        v = v > -87.0f ? v : -87.0f;
        v = v < 88.0f ? v : 88.0f;
        const float t = v * 1.44269504f + 12582912.0f; /* 1.5 * 2^23: rounds to an integer */
        const float k = t - 12582912.0f;
        const float r = (v - k * 0.693359375f) - k * -2.12194440e-4f;
        float p = 1.0f / 5040.0f;
        p = p * r + 1.0f / 720.0f;
        p = p * r + 1.0f / 120.0f;
        p = p * r + 1.0f / 24.0f;
        p = p * r + 1.0f / 6.0f;
        p = p * r + 0.5f;
        p = p * r + 1.0f;
        p = p * r + 1.0f;
        const int32_t exponent = ((int32_t)k + 127) * (1 << 23);
        float scale = 0.0f;
        memcpy(&scale, &exponent, sizeof scale);
        out[i] = p * scale;
    }
}
