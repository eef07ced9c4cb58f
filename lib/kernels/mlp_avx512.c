/* AVX-512: sixteen units a vector, or eight where there are up to eight arms. */
#if defined(__x86_64__)
#    include <stdbool.h>

#    include "kernels.h"
#    include "tables.h"
#    include "vector_avx512.h"

#    define NARROW
#    define LAYER(name) narrow_##name
#    define LANES       8
#    define L_VECTOR    __m256
#    define L_LOAD      _mm256_loadu_ps
#    define L_SET1      _mm256_set1_ps
#    define L_ADD       _mm256_add_ps
#    define L_MUL       _mm256_mul_ps
#    include "mlp_layer.h"
#    undef LAYER
#    undef LANES
#    undef L_VECTOR
#    undef L_LOAD
#    undef L_SET1
#    undef L_ADD
#    undef L_MUL

#    include "mlp_vector.h"
#else
typedef int hunch__no_avx512_mlp; /* ISO C has no empty source */
#endif
