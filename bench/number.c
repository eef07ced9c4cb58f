/* How figures are written for people. */
#include "number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

char *bench__number(char *out, double value)
{
    const double size = fabs(value);
    if (value >= 9999.5 && value < 1e18) {
        return bench__count(out, (uint64_t)(value + 0.5));
    }
    const char *format = size < 0.0995 || size >= 1e18 ? "%.3g"
                         : size < 0.9995               ? "%.3f"
                         : size < 9.995                ? "%.2f"
                         : size < 99.95                ? "%.1f"
                                                       : "%.0f";
    (void)snprintf(out, BENCH_NUMBER_BYTES, format, value);
    return out;
}

char *bench__ratio(char *out, double ratio)
{
    if (ratio >= 0.0995 || ratio <= 0) {
        return bench__number(out, ratio);
    }
    (void)snprintf(out, BENCH_NUMBER_BYTES, "%s%.3f", ratio < 0.0005 ? "<" : "",
                   ratio < 0.0005 ? 0.001 : ratio);
    return out;
}

char *bench__count(char *out, uint64_t value)
{
    char digits[BENCH_NUMBER_BYTES];
    const int n = snprintf(digits, sizeof digits, "%" PRIu64, value);
    size_t at = 0;
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0 && n > 4) {
            out[at++] = ' ';
        }
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}
