/* Angles. */
#include "angle.h"

#include <math.h>

#define TWO_PI 6.283185307179586

static double arc_tangent(double t);

/* Both coordinates positive and y <= x, by reflection; then back. */
double hunch__turn(double x, double y)
{
    double a = fabs(x);
    double b = fabs(y);
    double turn =
        a >= b ? a > 0 ? arc_tangent(b / a) / TWO_PI : 0 : 0.25 - arc_tangent(a / b) / TWO_PI;
    if (x < 0) {
        turn = 0.5 - turn;
    }
    if (y < 0) {
        turn = 1 - turn;
    }
    return turn < 1 ? turn : 0;
}

/* Of t in [0, 1]. Three times the half angle, tan(a/2) = t / (1 + sqrt(1 + t^2)), brings t below a
 * tenth; then eight terms of the series, the next being below 10^-17. */
static double arc_tangent(double t)
{
    for (int i = 0; i < 3; i++) {
        t = t / (1 + sqrt(1 + t * t));
    }
    double sum = 0;
    for (int k = 15; k > 0; k -= 2) {
        sum = 1.0 / k - t * t * sum;
    }
    return 8 * t * sum;
}
