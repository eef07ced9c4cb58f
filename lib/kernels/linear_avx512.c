/* AVX-512: sixteen arms a vector where there are more than eight. */
#if defined(__x86_64__)
#    include "kernels.h"
#    include "tables.h"

#    define KERNELS avx512
#    include "linear_avx512.h"

/* Made for those vectors. */
#    include "linear_any.h"
#else
typedef int hunch__no_avx512_linear; /* ISO C has no empty source */
#endif
