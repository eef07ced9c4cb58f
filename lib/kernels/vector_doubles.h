/* Doubles as the templates see them on x86, four a vector with AVX-512 too: rows of packed matrices
 * follow one another without a gap, and a masked store of eight, which the next row's load cannot
 * take over, made rank-1 updates of 17 three times as slow. Included by vector_avx*.h. */
#ifndef HUNCH_KERNELS_VECTOR_DOUBLES_H
#define HUNCH_KERNELS_VECTOR_DOUBLES_H

#define DOUBLES_WIDTH 4
#define DOUBLES       __m256d
#define D_LOAD        _mm256_loadu_pd
#define D_STORE       _mm256_storeu_pd
#define D_SET1        _mm256_set1_pd
#define D_ADD         _mm256_add_pd
#define D_MUL         _mm256_mul_pd

/* The first n < 4 of x, then zeros. */
TARGET static inline DOUBLES load_head_f64(const double *x, size_t n)
{
    const __m256i lane = _mm256_setr_epi64x(0, 1, 2, 3);
    return _mm256_maskload_pd(x, _mm256_cmpgt_epi64(_mm256_set1_epi64x((long long)n), lane));
}

/* One by one, since masked stores are slow on many processors. */
TARGET static inline void store_head_f64(double *x, size_t n, DOUBLES v)
{
    const __m128d low = _mm256_castpd256_pd128(v);
    if (n >= 2) {
        _mm_storeu_pd(x, low);
    }
    if (n % 2 != 0) {
        _mm_store_sd(x + (n & 2), n == 3 ? _mm256_extractf128_pd(v, 1) : low);
    }
}

/* Eight sums as f64_dot() halves them; the second four are in `high`. */
TARGET static inline double sum_of_8(DOUBLES low, DOUBLES high)
{
    const __m256d four = _mm256_add_pd(low, high);
    const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}

#endif
