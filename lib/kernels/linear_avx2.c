/* AVX2: eight arms a vector. */
#if defined(__x86_64__)
#    include "kernels.h"
#    include "tables.h"

#    define KERNELS avx2
#    include "linear_avx2.h"

/* Made for those vectors. */
#    include "linear_any.h"
#else
typedef int hunch__no_avx2_linear; /* ISO C has no empty source */
#endif
