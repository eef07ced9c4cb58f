/* AVX-512 with VNNI: four products of bytes and their sum in one instruction. */
#if defined(__x86_64__)
#    include <stdbool.h>
#    include <string.h>

#    include "kernels.h"
#    include "tables.h"

#    define KERNELS     avx512vnni
#    define TARGET_MORE ",avx512vnni"
#    include "vector_avx512.h"

#    define dot4_256 _mm256_dpbusd_epi32
#    define dot4_512 _mm512_dpbusd_epi32
#    include "mlp8_avx512.h"
#else
typedef int hunch__no_avx512vnni_mlp8; /* ISO C has no empty source */
#endif
