/* AVX2: eight units a vector. */
#if defined(__x86_64__)
#    include <stdbool.h>

#    include "kernels.h"
#    include "tables.h"
#    include "vector_avx2.h"

#    include "mlp_vector.h"
#else
typedef int hunch__no_avx2_mlp; /* ISO C has no empty source */
#endif
