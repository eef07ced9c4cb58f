/* Order statistics of a few repetitions. */
#include "quartiles.h"

#include <stdlib.h>

#include "asserts.h"

static int compare(const void *a, const void *b);
static double quantile(const double *sorted, size_t n, unsigned quarters);

struct bench_quartiles bench__quartiles(double *values, size_t n)
{
    HUNCH_ASSERT(n > 0);
    qsort(values, n, sizeof *values, compare);
    return (struct bench_quartiles){
        .q1 = quantile(values, n, 1),
        .median = quantile(values, n, 2),
        .q3 = quantile(values, n, 3),
    };
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* In quarters of a position, so that a quartile that falls on a value is that value exactly. */
static double quantile(const double *sorted, size_t n, unsigned quarters)
{
    const size_t at = (n - 1) * quarters;
    const size_t below = at / 4;
    const double part = (double)(at % 4) / 4;
    HUNCH_ASSERT(below < n);
    return at % 4 == 0 ? sorted[below] : sorted[below] + part * (sorted[below + 1] - sorted[below]);
}
