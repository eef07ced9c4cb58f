/* The shortest way, with AVX-512. */
#if defined(__x86_64__)
#    include "kernels.h"
#    include "linear_avx512.h"

/* Made for those vectors. */
#    define HOT hunch__choose_hot_avx512
#    include "hot.h"
#else
typedef int hunch__no_avx512_hot; /* ISO C has no empty source */
#endif
