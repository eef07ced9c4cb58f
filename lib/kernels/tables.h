/* The tables that this processor family has; kernels.c picks one. */
#ifndef HUNCH_KERNELS_TABLES_H
#define HUNCH_KERNELS_TABLES_H

#include "kernels.h"

extern const struct hunch__kernels hunch__kernels_scalar;
#if defined(__x86_64__)
extern const struct hunch__kernels hunch__kernels_avx2;
extern const struct hunch__kernels hunch__kernels_avx512;
#elif defined(__aarch64__)
extern const struct hunch__kernels hunch__kernels_neon;
#endif

#endif
