/* AVX-512: four doubles or sixteen floats a vector. */
#if defined(__x86_64__)
#    include <stdbool.h>

#    include "kernels.h"
#    include "tables.h"
#    include "vector_avx512.h"

#    include "train_vector.h"
#else
typedef int hunch__no_avx512_train; /* ISO C has no empty source */
#endif
