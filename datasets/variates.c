/* Random variates, the same everywhere. */
#include "variates.h"

#include <math.h>
#include <stdbool.h>

#include "asserts.h"
#include "random.h"
#include "real.h"

static uint64_t binomial_inverted(uint64_t n, double p, double random);
static double power(double x, uint64_t n);

double hunch__unit(uint64_t random)
{
    return (double)((random >> 11) + 1) * 0x1p-53;
}

double hunch__normal(uint64_t *state)
{
    for (;;) {
        double u = 2 * hunch__unit(hunch__splitmix64(state)) - 1;
        double v = 2 * hunch__unit(hunch__splitmix64(state)) - 1;
        double s = u * u + v * v;
        if (s > 0 && s < 1) {
            return u * sqrt(-2 * hunch__log(s) / s);
        }
    }
}

uint64_t hunch__binomial(uint64_t n, uint64_t p, uint64_t *state)
{
    HUNCH_ASSERT(p <= (uint64_t)1 << 32);
    bool swapped = p > (uint64_t)1 << 31;
    double rare = (double)(swapped ? ((uint64_t)1 << 32) - p : p) * 0x1p-32; /* <= 1/2 */
    double mean = (double)n * rare;
    uint64_t k;
    if (n == 0 || rare <= 0) {
        k = 0;
    } else if (mean < 30) {
        k = binomial_inverted(n, rare, hunch__unit(hunch__splitmix64(state)));
    } else {
        double drawn = floor(mean + sqrt(mean * (1 - rare)) * hunch__normal(state) + 0.5);
        k = drawn <= 0 ? 0 : drawn >= (double)n ? n : (uint64_t)drawn;
    }
    return swapped ? n - k : k;
}

/* The smallest k with P(X <= k) >= random. (1-p)^n is at least e^-42 here: no underflow. */
static uint64_t binomial_inverted(uint64_t n, double p, double random)
{
    double odds = p / (1 - p);
    double probability = power(1 - p, n);
    uint64_t k = 0;
    while (random > probability && k < n) {
        random -= probability;
        probability *= odds * (double)(n - k) / (double)(k + 1);
        k++;
        if (probability < 0x1p-60) {
            break; /* the rest of the tail is below what a random of 53 bits can tell */
        }
    }
    return k;
}

static double power(double x, uint64_t n)
{
    double result = 1;
    for (; n > 0; n /= 2) {
        if (n % 2 != 0) {
            result *= x;
        }
        x *= x;
    }
    return result;
}
