/* AVX-512, and the choice of the form with VNNI where the processor has it. */
#if defined(__x86_64__)
#    include <stdbool.h>
#    include <string.h>

#    include "kernels.h"
#    include "tables.h"

#    define KERNELS avx512bw
#    include "vector_avx512.h"

TARGET static inline __m256i dot4_256(__m256i sum, __m256i bytes, __m256i weights)
{
    const __m256i pairs = _mm256_maddubs_epi16(bytes, weights);
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

TARGET static inline __m512i dot4_512(__m512i sum, __m512i bytes, __m512i weights)
{
    const __m512i pairs = _mm512_maddubs_epi16(bytes, weights);
    return _mm512_add_epi32(sum, _mm512_madd_epi16(pairs, _mm512_set1_epi16(1)));
}

#    include "mlp8_avx512.h"

/* Here, not as a table of its own, since it is the only function that differs; what is asked is a
 * word that the C runtime filled in. */
void hunch__mlp8_scores_avx512(const struct hunch__mlp8 *model, const hunch_context *x,
                               float *scores)
{
    if (__builtin_cpu_supports("avx512vnni")) {
        hunch__mlp8_scores_avx512vnni(model, x, scores);
    } else {
        hunch__mlp8_scores_avx512bw(model, x, scores);
    }
}
#else
typedef int hunch__no_avx512_mlp8; /* ISO C has no empty source */
#endif
