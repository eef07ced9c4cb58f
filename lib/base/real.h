/* Functions of real numbers whose every bit is the same on every machine: those of the C library
 * differ in the last place between processors. */
#ifndef HUNCH_BASE_REAL_H
#define HUNCH_BASE_REAL_H

/* e^x, within 4 units in the last place; 0 below -745, infinity above 709. */
double hunch__exp(double x);

/* The natural logarithm of x > 0, within 4 units in the last place; -infinity for 0. */
double hunch__log(double x);

/* e^x in single precision for many at once: within 2 units in the last place for x in [-87, 88],
 * clipped to that range outside of it. */
void hunch__exp_f32(const float *x, unsigned n, float *out);

#endif
