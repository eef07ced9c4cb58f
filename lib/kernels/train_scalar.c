/* The kernels of training in plain C: the definitions of train.h. */
#include <math.h>

#include "kernels.h"
#include "tables.h"

enum { PARTS = 8 };

void hunch__f64_rank1_scalar(double *packed, const double *x, size_t n, double weight)
{
    for (size_t i = 0; i < n; i++) {
        hunch__f64_axpy_scalar(packed + hunch__packed_row(i), x, i + 1, weight * x[i]);
    }
}

double hunch__f64_dot_scalar(const double *x, const double *y, size_t n)
{
    double part[PARTS] = {0};
    for (size_t i = 0; i < n; i++) {
        part[i % PARTS] += x[i] * y[i];
    }
    for (size_t half = PARTS / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; i++) {
            part[i] += part[i + half];
        }
    }
    return part[0];
}

void hunch__f64_axpy_scalar(double *y, const double *x, size_t n, double a)
{
    for (size_t i = 0; i < n; i++) {
        y[i] += a * x[i];
    }
}

void hunch__f32_matmul_scalar(const struct hunch__matmul *p)
{
    for (size_t i = 0; i < p->rows; i++) {
        float *c = p->c + i * p->c_step;
        for (size_t k = 0; k < p->inner; k++) {
            const float a = p->a[i * p->a_step + k * p->a_advance];
            const float *b = p->b + k * p->b_step;
            for (size_t j = 0; j < p->columns; j++) {
                c[j] += a * b[j];
            }
        }
    }
}

void hunch__f32_adam_scalar(const struct hunch__adam *adam, const float *g, size_t n, float *m,
                            float *v, float *w)
{
    for (size_t i = 0; i < n; i++) {
        m[i] = adam->beta1 * m[i] + (1.0f - adam->beta1) * g[i];
        v[i] = adam->beta2 * v[i] + ((1.0f - adam->beta2) * g[i]) * g[i];
        w[i] = adam->keep * w[i] - (adam->rate * m[i]) / (sqrtf(v[i]) + adam->epsilon);
    }
}
