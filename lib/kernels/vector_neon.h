/* NEON as the templates see it: four floats, or two doubles, a vector. */
#ifndef HUNCH_KERNELS_VECTOR_NEON_H
#define HUNCH_KERNELS_VECTOR_NEON_H

#include <arm_neon.h>
#include <stddef.h>
#include <string.h>

#define TARGET
#define KERNELS       neon
#define WIDTH         4
#define VECTOR        float32x4_t
#define V_LOAD        vld1q_f32
#define V_STORE       vst1q_f32
#define V_SET1        vdupq_n_f32
#define V_ADD         vaddq_f32
#define V_SUB         vsubq_f32
#define V_MUL         vmulq_f32
#define V_DIV         vdivq_f32
#define V_SQRT        vsqrtq_f32
#define DOUBLES_WIDTH 2
#define DOUBLES       float64x2_t
#define D_LOAD        vld1q_f64
#define D_STORE       vst1q_f64
#define D_SET1        vdupq_n_f64
#define D_ADD         vaddq_f64
#define D_MUL         vmulq_f64

/* As x86 has them: b unless a is strictly larger, or smaller. */
static inline VECTOR V_MAX(VECTOR a, VECTOR b)
{
    return vbslq_f32(vcgtq_f32(a, b), a, b);
}

static inline VECTOR V_MIN(VECTOR a, VECTOR b)
{
    return vbslq_f32(vcltq_f32(a, b), a, b);
}

/* The first n < WIDTH of x, then zeros. */
static inline VECTOR load_head(const float *x, size_t n)
{
    float lanes[WIDTH] = {0};
    memcpy(lanes, x, n * sizeof(float));
    return V_LOAD(lanes);
}

static inline void store_head(float *x, size_t n, VECTOR v)
{
    float lanes[WIDTH];
    V_STORE(lanes, v);
    memcpy(x, lanes, n * sizeof(float));
}

static inline DOUBLES load_head_f64(const double *x, size_t n)
{
    return n == 0 ? vdupq_n_f64(0) : vsetq_lane_f64(*x, vdupq_n_f64(0), 0);
}

static inline void store_head_f64(double *x, size_t n, DOUBLES v)
{
    if (n != 0) {
        *x = vgetq_lane_f64(v, 0);
    }
}

#endif
