/* AVX2: four doubles or eight floats a vector. */
#if defined(__x86_64__)
#    include <stdbool.h>

#    include "kernels.h"
#    include "tables.h"
#    include "vector_avx2.h"

#    include "train_vector.h"
#else
typedef int hunch__no_avx2_train; /* ISO C has no empty source */
#endif
