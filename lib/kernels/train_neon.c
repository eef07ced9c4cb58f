/* NEON: two doubles or four floats a vector. */
#if defined(__aarch64__)
#    include <stdbool.h>

#    include "kernels.h"
#    include "tables.h"
#    include "vector_neon.h"

#    include "train_vector.h"

double hunch__f64_dot_neon(const double *x, const double *y, size_t n)
{
    float64x2_t part[4] = {D_SET1(0), D_SET1(0), D_SET1(0), D_SET1(0)};
    for (size_t i = 0; i < n; i += 2) {
        const size_t left = n - i;
        const float64x2_t a = left >= 2 ? D_LOAD(x + i) : load_head_f64(x + i, left);
        const float64x2_t b = left >= 2 ? D_LOAD(y + i) : load_head_f64(y + i, left);
        part[i / 2 % 4] = D_ADD(part[i / 2 % 4], D_MUL(a, b));
    }
    const float64x2_t two = D_ADD(D_ADD(part[0], part[2]), D_ADD(part[1], part[3]));
    return vgetq_lane_f64(two, 0) + vgetq_lane_f64(two, 1);
}
#else
typedef int hunch__no_neon_train; /* ISO C has no empty source */
#endif
