/* The shortest way, with AVX2. */
#if defined(__x86_64__)
#    include "kernels.h"
#    include "linear_avx2.h"

/* Made for those vectors. */
#    define HOT hunch__choose_hot_avx2
#    include "hot.h"
#else
typedef int hunch__no_avx2_hot; /* ISO C has no empty source */
#endif
